"""Panels that no longer match: drawn again from what was locked just now, or called fine as they are."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.models import Panel, Project, StillFine, Take
from studio.generation import impact
from studio.generation.actions.asking import request_takes
from studio.generation.errors import Refused
from studio.generation.impact import Affected
from studio.generation.models import Batch
from studio.library import actions as library
from studio.library.models import Subject, SubjectVersion

PRINT = re.compile(r"[0-9a-f]{64}")
MOST_CAUSES = 40
REDRAWN = uuid.UUID("c1b7d7a0-93f2-4f3c-8f0f-35a4b2a0d1c7")


def lock_and_redraw(
    *, version: SubjectVersion, panels: Sequence[Panel], prices: Mapping[str, Decimal], by: User | None, key: uuid.UUID,
    quality: str = "",
) -> list[Batch]:  # fmt: skip
    """Lock a version and draw these panels from it, all or nothing: one batch for each project. The same key again: its batches.

    `prices`: by panel code, what was shown; one that costs more now is refused with the new price. Raises Refused, OverCap, and
    library.Refused for a version that cannot be locked.
    """
    if done := redrawn(subject=version.subject, key=key):
        return done
    with transaction.atomic():
        if not library.lock_version(version=version, by=by):
            if done := redrawn(subject=version.subject, key=key):  # the same click, a moment ago
                return done
            raise Refused("Somebody locked it a moment ago. Nothing was drawn: look again, then redraw.")
        return redraw(subject=version.subject, panels=panels, prices=prices, by=by, key=key, quality=quality)


def redraw(
    *, subject: Subject, panels: Sequence[Panel], prices: Mapping[str, Decimal], by: User | None, key: uuid.UUID,
    quality: str = "",
) -> list[Batch]:  # fmt: skip
    """Draw the panels again, in one `quality` or each in its own, a batch for each project. As `lock_and_redraw`, without the lock."""
    title = f"{subject.name}, v{subject.locked.number}" if subject.locked else subject.name
    by_project: dict[int, list[Panel]] = defaultdict(list)
    for panel in panels:
        by_project[panel.scene.project_id].append(panel)
    made = []
    with transaction.atomic():
        for pk, rows in by_project.items():
            team = rows[0].scene.project.team
            choices = impact.choices(team, rows, quality)
            for row in impact.ready(team, rows, quality):
                if row.price > prices.get(row.panel.code, Decimal(0)):
                    raise Refused(
                        "The price has changed since this page was opened. Nothing was locked or drawn: look again."
                    )
            made.append(request_takes(panels=rows, by=by, key=_key(key, pk), choices=choices, title=title))
    return made


def redrawn(*, subject: Subject, key: uuid.UUID) -> list[Batch]:
    """The batches that this key made already."""
    projects = Project.objects.for_team(subject.team).values_list("pk", flat=True)
    keys = [_key(key, pk) for pk in projects]
    return list(Batch.objects.filter(key__in=keys).select_related("project"))


def _key(key: uuid.UUID, project: int) -> uuid.UUID:
    return uuid.uuid5(REDRAWN, f"{key} {project}")


def call_fine(*, take: Take, against: Sequence[str], by: User | None) -> bool:
    """Let a take stay though this changed; `against` are the fingerprints of what was seen. False where it was said already.

    Raises Refused for what is no fingerprint.
    """
    if not against or len(against) > MOST_CAUSES or not all(PRINT.fullmatch(one) for one in against):
        raise Refused("The page was not the newest. Load it again.")
    with transaction.atomic():
        made = 0
        for one in against:
            made += StillFine.objects.get_or_create(take=take, against=one, defaults={"by": by})[1]
        if made:
            _record("take.fine", take, by)
    return bool(made)


def call_all_fine(*, rows: Sequence[Affected], by: User | None) -> int:
    """Let all of these stay as they are, for what they say changed. How many were not called fine before; all or nothing."""
    with transaction.atomic():
        return sum(call_fine(take=row.take, against=row.against, by=by) for row in rows if row.against)


def ask_again(*, take: Take, by: User | None) -> bool:
    """Whatever was called fine about a take counts as not seen: it is listed again. False where nothing was."""
    with transaction.atomic():
        gone, _ = StillFine.objects.filter(take=take).delete()
        if gone:
            _record("take.not_fine", take, by)
    return bool(gone)


def _record(verb: str, take: Take, by: User | None) -> None:
    panel, project = take.panel, take.panel.scene.project
    record(
        verb=verb, team=project.team, actor=by, about="panel", code=panel.code, project=project.code, label=panel.label,
        take=take.number,
    )  # fmt: skip
