"""Rounds for tests of notes and pages, made row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.utils import timezone

from studio import models
from studio.lib.codes import token
from studio.lib.signing import digest
from tests import makers


class By(NamedTuple):
    """Whoever looks at a round: somebody of the team or a guest."""

    user: Any = None
    guest: Any = None

    @property
    def name(self):
        return str(self.user or self.guest)


def a_round(project, number=1, *, pictures=True, **fields):
    """The board as it stands, sent. Panels without a take stay without a picture."""
    row = models.Round.objects.create(project=project, number=number, sent_by=fields.pop("sent_by", None), **fields)
    panels = models.Panel.objects.on_board().filter(scene__project=project).select_related("scene", "picked__image")
    for position, panel in enumerate(panels):
        take = panel.picked if pictures else None
        models.RoundPanel.objects.create(
            round=row, panel=panel, take=take, image=take.image if take else None,
            sha256=take.image.sha256 if take else "", drawn_by=take.drawn_by if take else None, position=position,
            scene_code=panel.scene.code, scene_number=panel.scene.number, scene_heading=f"Int. {panel.scene.place}",
            label=panel.label, shot="Medium shot", action=panel.action, dialogue=panel.dialogue, seconds=panel.seconds,
            alt=f"Medium shot: {panel.action}",
        )  # fmt: skip
    return row


def a_board(team, panels=3, title="Night ferry"):
    """A project of one scene whose panels each have a picked take."""
    project = makers.project(team, title, client="Norte Lines")
    scene = makers.scene(project)
    for n in range(panels):
        makers.take(makers.panel(scene, action=f"Action {n + 1}."), picked=True)
    return project


def a_link(round, **fields):
    """(link, token)."""
    secret = token()
    fields.setdefault("expires", timezone.now() + dt.timedelta(days=30))
    return models.ShareLink.objects.create(round=round, token_hash=digest(secret), **fields), secret


def a_guest(link, name="Dana Okafor"):
    secret = token()
    return models.Guest.objects.create(link=link, key_hash=digest(secret), name=name), secret


def a_note(on, by, text="The lamp reads as a warning light.", **fields):
    number = fields.pop("number", None)
    if number is None:
        number = 0 if fields.get("parent") else on.notes.filter(parent=None).count() + 1
    return models.Note.objects.create(
        round=on.round, on=on, user=by.user, guest=by.guest, name=by.name, text=text, number=number, **fields
    )
