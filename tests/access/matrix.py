"""Every address, one row each: which right each method asks for, and how to reach it with what the world holds.

`door` says whose it is. OBJECT: a team's object, strangers get 404. TEAM: the team at hand, so a stranger works on their own.
OWN: whoever is signed in, on themselves. OPEN: no account is needed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from studio.accounts.rights import Right
from studio.views import undo
from tests import makers

SEE, NOTE, DRAW, PRODUCE, DELETE, ADMIN = Right
OBJECT, TEAM, OWN, OPEN = "object", "team", "own", "open"


@dataclass(frozen=True)
class Row:
    """`get` and `post`: the right asked for, or None where the method is not answered. `data(world)` is a small valid form."""

    name: str
    get: Right | None = None
    post: Right | None = None
    door: str = OBJECT
    kwargs: Callable[[Any], dict[str, Any]] = lambda world: {}
    data: Callable[[Any], dict[str, Any]] = lambda world: {}
    query: Callable[[Any], dict[str, Any]] = lambda world: {}
    only: str = ""  # the one role of the cast that may, because the thing is theirs


def code(thing):
    return lambda world: {"code": getattr(world, thing).code}


def pk(thing):
    return lambda world: {"pk": getattr(world, thing).pk}


def form(**values):
    return lambda world: values


def undone(world):
    """What the Undo of a removed reference sends."""
    gone = world.reference
    kept = {name: getattr(gone, name) for name in ("code", "view", "detail", "note", "position", "sha256")}
    post = reverse("reference_restore", args=[world.reference_set.code])
    return {"token": undo.make("Front is removed.", post, image=gone.image_id, **kept).token}


def upload(world):
    return {"file": SimpleUploadedFile("front.png", makers.picture(mark="#aa3311"), "image/png")}


HOME = [
    Row("home", get=SEE, door=TEAM),
    Row("start_with_pictures", post=DRAW, door=TEAM, data=upload),
    Row("sample_load", post=PRODUCE, door=TEAM),
    Row("sample_remove", post=DELETE, door=TEAM),
    Row("projects", get=SEE, door=TEAM),
    Row("project_new", get=DRAW, post=DRAW, door=TEAM, data=form(title="New", kind="storyboard", aspect="16:9")),
    Row("project_settings", get=DRAW, post=DRAW, kwargs=code("project"), data=form(title="Renamed", aspect="16:9")),
    Row("project_field", post=DRAW, kwargs=code("project"), data=form(field="title", title="Renamed", revision=1)),
    Row("project_duplicate", post=DRAW, kwargs=code("project")),
    Row("project_delete", post=DELETE, kwargs=code("project")),
    Row("project_restore", post=DELETE, kwargs=code("lost_project")),
    Row("profile", get=SEE, post=SEE, door=OWN, data=form(name="Somebody", theme="dark")),
    Row("theme", post=SEE, door=OPEN, data=form(theme="dark")),
    Row("team_switch", post=SEE, door=OBJECT, data=lambda world: {"team": world.team.pk}),
    Row("letter_keys", post=SEE, door=OWN),
    Row("keys", get=SEE, door=OWN),
]
PEOPLE = [
    Row("sign_in", get=SEE, post=SEE, door=OPEN, data=form(login="nobody@example.test", password="x")),
    Row("account_login", get=SEE, post=SEE, door=OPEN, data=form(login="nobody@example.test", password="x")),
    Row("mfa_authenticate", get=SEE, post=SEE, door=OPEN),
    Row("sign_in_link", post=SEE, door=OPEN, data=form(login="nobody@example.test")),
    Row("enter", get=SEE, post=SEE, door=OPEN, kwargs=lambda world: {"token": world.enter_token}),
    Row("sign_out", post=SEE, door=OPEN),
    Row("join", get=SEE, post=SEE, door=OPEN, kwargs=lambda world: {"token": world.join_token}),
    Row("password", get=SEE, post=SEE, door=OWN, data=form(current="x", password="y")),
    Row("sessions_end", post=SEE, door=OWN),
    Row("session_end", post=SEE, door=OWN, kwargs=lambda world: {"pk": world.session}),
    Row("team", get=SEE, post=ADMIN, door=TEAM, data=form(name="Another name")),
    Row("member_role", post=ADMIN, kwargs=pk("member"), data=form(role="artist")),
    Row("member_remove", get=ADMIN, post=ADMIN, kwargs=pk("member")),
    Row("invitation_new", get=ADMIN, post=ADMIN, door=TEAM, data=form(role="artist", uses=1)),
    Row("invitation_again", post=ADMIN, kwargs=code("invitation")),
    Row("invitation_withdraw", post=ADMIN, kwargs=code("invitation")),
]
LIBRARY = [
    Row("subjects", get=SEE, door=TEAM, kwargs=form(kind="characters")),
    Row("subject_new", get=DRAW, post=DRAW, door=TEAM, kwargs=form(kind="characters"), data=form(name="Juno")),
    Row("subject", get=SEE, kwargs=code("subject")),
    Row("subject_field", post=DRAW, kwargs=code("subject"), data=form(name="Nora", revision=1)),
    Row("subject_delete", post=DRAW, kwargs=code("subject")),
    Row("subject_restore", post=DRAW, kwargs=code("lost_subject")),
    Row("subject_lock", get=PRODUCE, post=PRODUCE, kwargs=code("subject")),
    Row("subject_next_version", post=DRAW, kwargs=code("locked")),
    Row("subject_history", get=SEE, kwargs=code("subject")),
    Row("marker_add", post=DRAW, kwargs=code("subject"), data=form(phrase="grey coat", category="wardrobe")),
    Row("marker_edit", post=DRAW, kwargs=pk("marker"), data=form(phrase="thin scar", revision=1)),
    Row("marker_delete", post=DRAW, kwargs=pk("marker")),
    Row("marker_move", post=DRAW, kwargs=pk("marker"), data=form(after="")),
    Row("outfit_new", get=DRAW, post=DRAW, kwargs=code("subject"), data=form(name="Rain coat")),
    Row("outfit", get=SEE, kwargs=code("outfit")),
    Row("outfit_field", post=DRAW, kwargs=code("outfit"), data=form(name="Blue jacket", revision=1)),
    Row("outfit_delete", post=DRAW, kwargs=code("outfit")),
    Row("outfit_restore", post=DRAW, kwargs=code("lost_outfit")),
    Row("references_upload", post=DRAW, kwargs=code("reference_set"), data=upload),
    Row("reference_restore", post=DRAW, kwargs=code("reference_set"), data=undone),
    Row("reference_field", post=DRAW, kwargs=code("reference"), data=form(view="back", revision=1)),
    Row("reference_move", post=DRAW, kwargs=code("reference"), data=form(after="")),
    Row("reference_delete", post=DRAW, kwargs=code("reference")),
    Row("reference_transfer", post=DRAW, kwargs=code("reference"), data=lambda w: {"to": w.outfit.reference_set.code}),
]
BOARD = [
    Row("board", get=SEE, kwargs=code("project")),
    Row("panels_bulk", get=DRAW, post=DRAW, kwargs=code("project"),
        data=lambda w: {"panels": w.panel.code, "panel": w.panel.code, "act": "delete"}, query=lambda w: {"panels": w.panel.code}),
    Row("project_words", post=DRAW, kwargs=code("project"), data=form(kind="shot_size", word="Hip shot")),
    Row("project_cast", get=SEE, kwargs=code("project")),
    Row("scene_add", get=DRAW, post=DRAW, kwargs=code("project"), data=form(number="3", int_ext="INT", place="attic")),
    Row("scene_edit", get=DRAW, post=DRAW, kwargs=code("scene"), data=form(place="loft", revision=1)),
    Row("scene_field", post=DRAW, kwargs=code("scene"), data=form(field="light", light="fog", revision=1)),
    Row("scene_move", post=DRAW, kwargs=code("scene"), data=form(after="")),
    Row("scene_duplicate", post=DRAW, kwargs=code("scene")),
    Row("scene_delete", post=DRAW, kwargs=code("scene")),
    Row("scene_restore", post=DRAW, kwargs=code("lost_scene")),
    Row("panel_add", post=DRAW, kwargs=code("scene")),
    Row("panel", get=SEE, post=DRAW, kwargs=code("panel"), data=form(action="She waits.", revision=1)),
    Row("inspector", get=SEE, kwargs=code("panel")),
    Row("card", get=SEE, kwargs=code("panel")),
    Row("panel_look", get=SEE, kwargs=code("panel")),
    Row("panel_menu", get=DRAW, kwargs=code("panel")),
    Row("panel_field", post=DRAW, kwargs=code("panel"), data=form(field="action", action="She waits.", revision=1)),
    Row("panel_move", post=DRAW, kwargs=code("panel"), data=form(after="")),
    Row("panel_duplicate", post=DRAW, kwargs=code("panel")),
    Row("panel_delete", post=DRAW, kwargs=code("panel")),
    Row("panel_restore", post=DRAW, kwargs=code("lost_panel")),
    Row("cast_add", post=DRAW, kwargs=code("panel"), data=lambda world: {"subject": world.locked.code}),
    Row("cast_edit", post=DRAW, kwargs=pk("appearance"), data=form(where="left")),
    Row("cast_remove", post=DRAW, kwargs=pk("appearance")),
]  # fmt: skip
PICTURES = [
    Row("estimate", get=DRAW, kwargs=code("project"), query=form(missing="1")),
    Row("batch_start", post=DRAW, kwargs=code("project"), data=lambda w: {"panels": w.panel.code, "takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    Row("project_takes", get=SEE, kwargs=code("project")),
    Row("panel_draw", post=DRAW, kwargs=code("panel"), data=lambda w: {"takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    Row("panel_pictures", get=SEE, kwargs=code("panel")),
    Row("compare", get=SEE, kwargs=code("panel")),
    Row("prompt", get=SEE, kwargs=code("panel")),
    Row("take", get=SEE, kwargs=code("take")),
    Row("take_pick", post=DRAW, kwargs=code("second")),
    Row("batch", get=SEE, kwargs=code("batch")),
    Row("batch_cancel", post=DRAW, kwargs=code("batch")),
    Row("job_retry", post=DRAW, kwargs=code("failed")),
    Row("job_cancel", post=DRAW, kwargs=code("queued")),
]  # fmt: skip
OUT = [
    Row(
        "export_new", get=DRAW, post=DRAW, kwargs=code("project"), data=lambda w: {"format": "zip", "key": uuid.uuid4()}
    ),
    Row("exports", get=SEE, kwargs=code("project")),
    Row("export", get=SEE, kwargs=code("export")),
    Row("export_download", get=SEE, kwargs=code("export")),
    Row("export_cancel", post=DRAW, kwargs=code("making")),
]
MEDIA = [
    Row("original", get=SEE, kwargs=lambda world: {"key": world.image.key}, only="owner"),
    Row("rendition", get=SEE, kwargs=lambda world: {"key": world.image.key, "spec": "320"}),
]
ROWS = [*HOME, *PEOPLE, *LIBRARY, *BOARD, *PICTURES, *OUT, *MEDIA]
