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
from studio.generation import links
from studio.notices import stopping
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


def hook_of(world):
    """One for all rows: a team has room for twenty."""
    if not hasattr(world, "hook"):
        world.hook = makers.hook(world.team, world.owner)
    return world.hook


def hook(world):
    return {"code": hook_of(world).code}


def form(**values):
    return lambda world: values


def token(world):
    return {"token": world.share_token}


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
    Row("sign_in_passkey", get=SEE, post=SEE, door=OPEN, data=form(credential="{}")),
    Row("security", get=SEE, door=OWN),
    Row("prove", get=SEE, post=SEE, door=OWN, data=form(proof="x")),
    Row("passkey_add", get=SEE, post=SEE, door=OWN, data=form(name="Laptop", credential="{}")),
    Row("passkey_name", post=SEE, door=OWN, kwargs=lambda world: {"pk": 1}, data=form(name="Phone")),
    Row("passkey_remove", post=SEE, door=OWN, kwargs=lambda world: {"pk": 1}),
    Row("codes_on", get=SEE, post=SEE, door=OWN, data=form(code="123456")),
    Row("codes_off", post=SEE, door=OWN),
    Row("recovery_codes", post=SEE, door=OWN),
    Row("sessions_end", post=SEE, door=OWN),
    Row("session_end", post=SEE, door=OWN, kwargs=lambda world: {"pk": world.session}),
    Row("everyone_second_step", get=ADMIN, post=ADMIN, door=TEAM, data=form(on="yes")),
    Row("team_owner", get=ADMIN, post=ADMIN, door=TEAM, data=lambda world: {"to": world.member.pk}),
    Row("team_log", get=ADMIN, door=TEAM),
    Row("team_log_csv", get=ADMIN, door=TEAM),
    Row("team", get=SEE, post=ADMIN, door=TEAM, data=form(name="Another name")),
    Row("member_role", post=ADMIN, kwargs=pk("member"), data=form(role="artist")),
    Row("member_remove", get=ADMIN, post=ADMIN, kwargs=pk("member")),
    Row("invitation_new", get=ADMIN, post=ADMIN, door=TEAM, data=form(role="artist", uses=1)),
    Row("invitation_again", post=ADMIN, kwargs=code("invitation")),
    Row("invitation_withdraw", post=ADMIN, kwargs=code("invitation")),
]
ENGINES = [
    Row("engines", get=DRAW, door=TEAM),
    Row("engine_models", get=DRAW, door=TEAM),
    Row("account_new", get=ADMIN, post=ADMIN, door=TEAM, data=form(engine="hiapi", label="Second", key="a-key-that-is-long-enough")),
    Row("accounts_check", post=ADMIN, door=TEAM),
    Row("account", get=ADMIN, post=ADMIN, kwargs=code("account"),
        data=lambda w: {"label": "Renamed", "base_url": w.account.base_url, "concurrency": 4}),
    Row("account_key", get=ADMIN, post=ADMIN, kwargs=code("account"), data=form(key="another-key-0123456789")),
    Row("account_limit", get=DELETE, post=DELETE, kwargs=code("account"), data=form(cap="25")),
    Row("account_callbacks", get=ADMIN, post=ADMIN, kwargs=code("account")),
    Row("account_switch", post=ADMIN, kwargs=code("account")),
    Row("account_check", post=ADMIN, kwargs=code("account")),
    Row("account_remove", get=ADMIN, post=ADMIN, kwargs=code("account")),
    Row("tier_add", post=ADMIN, door=TEAM, data=form(tier="hero", account="sketch")),
    Row("tier_entry", post=ADMIN, kwargs=pk("entry"), data=form(model="google:4@1", size="1K")),
    Row("tier_move", post=ADMIN, kwargs=pk("entry"), data=form(to="down")),
    Row("tier_remove", post=ADMIN, kwargs=pk("entry")),
    Row("fail_over", post=ADMIN, door=TEAM, data=form(on="1")),
]  # fmt: skip
MONEY = [
    Row("spend", get=PRODUCE, door=TEAM),
    Row("spend_csv", get=PRODUCE, door=TEAM),
    Row("spend_summary_csv", get=PRODUCE, door=TEAM),
    Row("team_usable", get=PRODUCE, door=TEAM),
    Row("team_usable_csv", get=PRODUCE, door=TEAM),
    Row("spend_limits", get=DELETE, post=DELETE, door=TEAM, data=form(team="150")),
    Row("job_check", post=DRAW, kwargs=code("handed")),
    Row("job_settle", get=PRODUCE, post=PRODUCE, kwargs=code("handed"), data=form(paid="no", why="Not on the bill")),
]
LIBRARY = [
    Row("subjects", get=SEE, door=TEAM, kwargs=form(kind="characters")),
    Row("subject_new", get=DRAW, post=DRAW, door=TEAM, kwargs=form(kind="characters"), data=form(name="Juno")),
    Row("subject", get=SEE, kwargs=code("subject")),
    Row("subject_field", post=DRAW, kwargs=code("subject"), data=form(name="Nora", revision=1)),
    Row("subject_delete", post=DRAW, kwargs=code("subject")),
    Row("subject_restore", post=DRAW, kwargs=code("lost_subject")),
    Row("subject_lock", get=PRODUCE, post=PRODUCE, kwargs=code("subject")),
    Row("subject_lint", post=DRAW, kwargs=code("subject"), data=form(bible="A short bible.")),
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
    Row("set_making", get=SEE, kwargs=code("reference_set")),
    Row("set_draw", post=DRAW, kwargs=code("reference_set"), data=lambda w: {"key": uuid.uuid4(), "view": "back"}),
    Row("set_sides", get=DRAW, post=DRAW, kwargs=code("reference_set"), data=lambda w: {"key": uuid.uuid4()}),
    Row("proposal_accept", post=DRAW, kwargs=code("proposal")),
    Row("proposal_discard", post=DRAW, kwargs=code("proposal")),
    Row("set_approve", post=PRODUCE, kwargs=code("reference_set"), data=form(seen="x")),
    Row("project_approval", post=PRODUCE, kwargs=code("project"), data=form(on="1")),
    Row("references_upload", post=DRAW, kwargs=code("reference_set"), data=upload),
    Row("reference_restore", post=DRAW, kwargs=code("reference_set"), data=undone),
    Row("reference_field", post=DRAW, kwargs=code("reference"), data=form(view="back", revision=1)),
    Row("reference_move", post=DRAW, kwargs=code("reference"), data=form(after="")),
    Row("reference_delete", post=DRAW, kwargs=code("reference")),
    Row(
        "reference_cut",
        get=DRAW,
        post=DRAW,
        kwargs=code("reference"),
        data=lambda w: {"way": "crop", "key": uuid.uuid4(), "left": 10, "top": 10, "width": 50, "height": 50},
    ),
    Row("cut", get=DRAW, post=DRAW, kwargs=code("cut"), data=form(do="take", view="detail", detail="scar")),
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
    Row("scene_continuity", get=SEE, post=DRAW, kwargs=code("scene"), data=form(key="x")),
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
    Row("estimate_price", post=DRAW, kwargs=code("project"), data=lambda w: {"panels": w.panel.code, "takes": 1}),
    Row("batch_start", post=DRAW, kwargs=code("project"), data=lambda w: {"panels": w.panel.code, "takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    Row("project_takes", get=SEE, kwargs=code("project")),
    Row("panel_draw", post=DRAW, kwargs=code("panel"), data=lambda w: {"takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    Row("panel_use", post=DRAW, kwargs=code("panel"), data=lambda w: {"take": w.take.code}),
    Row("panel_pictures", get=SEE, kwargs=code("panel")),
    Row("compare", get=SEE, kwargs=code("panel")),
    Row("prompt_strategy", post=DRAW, kwargs=code("panel"), data=form(strategy="bible_first")),
    Row("prompt_words", post=DRAW, kwargs=code("panel"), data=form(text="The lamp is white.")),
    Row("prompt_marker", post=DRAW, kwargs=code("panel"), data=form(marker="x", do="leave_out")),
    Row("prompt_plan", post=DRAW, kwargs=code("panel"), data=form(do="anew")),
    Row("project_template", get=SEE, post=PRODUCE, kwargs=code("project"), data=form(version="v2")),
    Row("prompt", get=SEE, kwargs=code("panel")),
    Row("take", get=SEE, kwargs=code("take")),
    Row("take_pick", post=DRAW, kwargs=code("second")),
    Row("take_reference", get=DRAW, post=DRAW, kwargs=code("take"), data=lambda w: {"to": w.reference_set.code, "view": "front"}),
    Row("passes", get=SEE, post=DRAW, kwargs=code("panel"), data=lambda w: {"key": uuid.uuid4()}),
    Row("restyle", get=DRAW, post=DRAW, kwargs=code("project"), data=lambda w: {"key": uuid.uuid4()}),
    Row("campaign", get=SEE, post=DRAW, kwargs=code("project"), data=lambda w: {"key": uuid.uuid4(), "places": w.location.code, "columns": w.subject.code}),
    Row("take_promote", get=DRAW, post=DRAW, kwargs=code("take"), data=lambda w: {"key": uuid.uuid4()}),
    Row("promote", get=DRAW, post=DRAW, kwargs=code("project"), data=lambda w: {"key": uuid.uuid4()}),
    Row("consistency", get=SEE, kwargs=code("project")),
    Row("verdict", get=SEE, post=DRAW, kwargs=lambda w: {"code": w.take.code, "pk": w.held.pk}, data=form(result="same", revision=0)),
    Row("colours", get=SEE, kwargs=code("project")),
    Row("colour", get=SEE, post=DRAW, kwargs=lambda w: {"code": w.take.code, "pk": w.held.pk}, data=form(on="take", left=40, top=40, width=20, height=20, revision=0)),
    Row("take_reject", post=DRAW, kwargs=code("take"), data=form(reason="light")),
    Row("project_impact", get=SEE, post=DRAW, kwargs=code("project")),
    Row("project_usable", get=SEE, kwargs=code("project")),
    Row("project_usable_csv", get=SEE, kwargs=code("project")),
    Row("take_fine", post=DRAW, kwargs=code("take"), data=form(fine="x")),
    Row("subject_impact", get=PRODUCE, post=DRAW, kwargs=code("subject")),
    Row("subject_redraw", post=PRODUCE, kwargs=code("subject"), data=lambda w: {"key": uuid.uuid4()}),
    Row("take_unreject", post=DRAW, kwargs=code("take")),
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
ROOM = [
    Row("queue", get=DRAW, door=TEAM),
    Row("queue_act", post=DRAW, kwargs=lambda w: {"code": w.queued.code, "act": "front"}),
]
SERVICES = [
    Row(
        "handed", get=SEE, door=OPEN,
        kwargs=lambda w: {
            "key": w.handed.key, "sha256": w.image.sha256,
            "mark": links.reference_mark(str(w.handed.key), w.image.sha256),
        },
    ),
    Row(
        "callback", post=SEE, door=OPEN,
        kwargs=lambda w: {"code": w.account.code, "secret": links.callback_secret(w.account.code)},
    ),
]  # fmt: skip
PRESENT = [
    Row("present", get=SEE, kwargs=code("project")),
    Row("round_present", get=SEE, kwargs=code("round")),
    Row("round_now", get=SEE, kwargs=code("round")),
    Row("round_lead", post=NOTE, kwargs=code("round"), data=lambda w: {"panel": w.sent.code}),
    Row("shared_present", get=SEE, door=OPEN, kwargs=token),
    Row("shared_now", get=SEE, door=OPEN, kwargs=token),
]
TOLD = [
    Row("activity", get=SEE, door=TEAM),
    Row("project_activity", get=SEE, kwargs=code("project")),
    Row("notices", get=SEE, door=TEAM),
    Row("notices_read", post=SEE, door=TEAM),
    Row("notice_ways", post=SEE, door=OWN, data=form(**{"mail-round": "daily"})),
    Row("notice", get=SEE, kwargs=lambda w: {"code": makers.notice(w.team, w.owner).code}, only="owner"),
    Row("stop", get=SEE, post=SEE, door=OPEN, kwargs=lambda w: {"token": stopping.address(user=w.owner.pk, kinds=["due"]).split("/")[-2]}),
    Row("hooks", get=ADMIN, door=TEAM),
    Row("hook_new", get=ADMIN, post=ADMIN, door=TEAM, data=form(address="https://hooks.example.test/", shape="slack", kinds="decided")),
    Row("hook", get=ADMIN, post=ADMIN, kwargs=hook, data=form(name="x", shape="slack", kinds="decided", revision=1)),
    Row("hook_secret", post=ADMIN, kwargs=hook),
    Row("hook_switch", post=ADMIN, kwargs=hook),
    Row("hook_try", post=ADMIN, kwargs=hook),
    Row("hook_remove", get=ADMIN, post=ADMIN, kwargs=hook),
    Row("delivery_again", post=ADMIN, kwargs=lambda w: {"code": makers.delivery(hook_of(w)).code}),
]  # fmt: skip
ROUNDS = [
    Row("rounds", get=SEE, kwargs=code("project")),
    Row("round_send", get=PRODUCE, post=PRODUCE, kwargs=code("project"), data=form(rule="anyone", message="Look.")),
    Row("review_rules", get=PRODUCE, post=PRODUCE, kwargs=code("project"), data=form(rule="all", revision=1)),
    Row("round", get=SEE, kwargs=code("round")),
    Row("round_close", get=PRODUCE, post=PRODUCE, kwargs=code("round")),
    Row("round_withdraw", get=PRODUCE, post=PRODUCE, kwargs=code("round")),
    Row("round_signed", get=SEE, kwargs=code("signed")),
    Row("round_decide", post=NOTE, kwargs=code("round"), data=lambda w: {"panel": w.sent.code, "verdict": "approve"}),
    Row("round_again", post=NOTE, kwargs=code("signed"), data=form(text="One more look.")),
    Row("round_news", get=SEE, kwargs=code("round")),
    Row("round_panel", get=SEE, kwargs=lambda w: {"code": w.round.code, "panel": w.sent.code}),
    Row("round_compare", get=SEE, kwargs=lambda w: {"code": w.round.code, "panel": w.sent.code}),
    Row(
        "round_note_new",
        post=NOTE,
        kwargs=lambda w: {"code": w.round.code, "panel": w.sent.code},
        data=form(text="White."),
    ),
    Row("round_note_act", post=NOTE, kwargs=lambda w: {"code": w.round.code, "note": w.note.code, "act": "resolve"}),
    Row("link_new", get=PRODUCE, post=PRODUCE, kwargs=code("round"), data=form(name="Ines")),
    Row("link_again", post=PRODUCE, kwargs=code("link")),
    Row("link_revoke", post=PRODUCE, kwargs=code("link")),
]
# Without the visit's cookie all of these lead to the door; who may what inside is told in test_links.py.
SHARED = [
    Row("door", get=SEE, post=SEE, door=OPEN, kwargs=token),
    Row("guest_name", get=SEE, post=SEE, door=OPEN, kwargs=token, data=form(name="Dana")),
    Row(
        "shared_decide", post=SEE, door=OPEN, kwargs=token, data=lambda w: {"panel": w.sent.code, "verdict": "approve"}
    ),
    Row("shared_again", post=SEE, door=OPEN, kwargs=token, data=form(text="One more look.")),
    Row("shared_news", get=SEE, door=OPEN, kwargs=token),
    Row("shared_panel", get=SEE, door=OPEN, kwargs=lambda w: {**token(w), "panel": w.sent.code}),
    Row("shared_compare", get=SEE, door=OPEN, kwargs=lambda w: {**token(w), "panel": w.sent.code}),
    Row(
        "shared_note_new",
        post=SEE,
        door=OPEN,
        kwargs=lambda w: {**token(w), "panel": w.sent.code},
        data=form(text="White."),
    ),
    Row(
        "shared_note_act",
        post=SEE,
        door=OPEN,
        kwargs=lambda w: {**token(w), "note": w.note.code, "act": "reply"},
        data=form(text="White."),
    ),
    Row("shared_original", get=SEE, door=OPEN, kwargs=lambda w: {**token(w), "panel": w.sent.code}),
    Row("shared_picture", get=SEE, door=OPEN, kwargs=lambda w: {**token(w), "panel": w.sent.code, "spec": "320"}),
]
ROWS = [
    *HOME,
    *PEOPLE,
    *ENGINES,
    *MONEY,
    *LIBRARY,
    *BOARD,
    *PICTURES,
    *OUT,
    *MEDIA,
    *ROOM,
    *SERVICES,
    *PRESENT,
    *TOLD,
    *ROUNDS,
    *SHARED,
]
