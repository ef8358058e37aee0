"""What others wrote and decided in a round since somebody last looked: two queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from studio.review.models import Decision, Note, Round

DID = {Decision.Verdict.APPROVE: "approved", Decision.Verdict.CHANGES: "asked for changes on"}


@dataclass(frozen=True, slots=True)
class Fresh:
    """Dana Okafor (`name`) asked for changes on (`did`) 2B (`label`, empty for the whole); `path` leads there."""

    name: str
    did: str
    label: str
    text: str
    path: str
    at: dt.datetime


def since(round_: Round, *, user: Any, at: dt.datetime | None) -> list[Fresh]:
    """Newest first; nothing for somebody who looks for the first time, to whom all of it is new."""
    if at is None or round_.changed <= at:
        return []
    base = f"/rounds/{round_.code}/"
    notes = Note.objects.filter(round=round_, created__gt=at, deleted=None).exclude(user=user).select_related("on")
    said = Decision.objects.filter(round=round_, decided__gt=at, replaced=None).exclude(user=user)
    found = [
        Fresh(
            one.name, "answered on" if one.parent_id else "wrote on", one.on.label if one.on else "", one.text,
            f"{base}panels/{one.on.code}/#note-{one.code}" if one.on else base, one.created,
        )
        for one in notes
    ]  # fmt: skip
    for one in said.exclude(verdict=Decision.Verdict.NONE).select_related("on"):
        did = DID[Decision.Verdict(one.verdict)]
        path = f"{base}panels/{one.on.code}/" if one.on else base
        found.append(Fresh(one.name, did, one.on.label if one.on else "", "", path, one.decided))
    return sorted(found, key=lambda one: one.at, reverse=True)
