"""Rounds are sent, closed, withdrawn and looked at."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from studio.accounts.events import record
from studio.board import ordering
from studio.board.models import Panel, Project
from studio.lib.text import plain
from studio.review import frozen, signing
from studio.review.errors import Closed, Refused
from studio.review.models import Asked, ReviewRules, Round, RoundPanel, Rule, Seen


def rules_of(project: Project) -> ReviewRules:
    """The project's rules, unsaved with the defaults where nobody set any."""
    return ReviewRules.objects.filter(project=project).first() or ReviewRules(project=project)


def send_round(
    *, project: Project, by: Any, key: uuid.UUID | None = None, message: str = "", due: dt.date | None = None,
    rule: str = "", needed: int = 0, apart: bool | None = None, people: Sequence[Any] = (),
) -> Round:  # fmt: skip
    """Freeze the board as the project's next version and ask `people` (of the team) about it.

    What is not said comes from the project's rules. A panel whose picture and words were approved before, and did not
    change since, stays approved; all others are in review. A round that was open is replaced. The same key again gives
    the round it made. Raises Refused where no panel has a picture, or more approvals are needed than people are asked.
    """
    key = key or uuid.uuid4()
    with transaction.atomic():
        ordering.hold(project)
        made = Round.objects.filter(key=key, project=project).first()
        if made is not None:
            return made
        panels = [panel for panel in frozen.board(project) if panel.picked_id]
        if not panels:
            raise Refused("No panel has a picture yet. Draw and pick at least one, then send.")
        rules = rules_of(project)
        rule = rule if rule in Rule.values else rules.rule
        needed = max(1, needed or rules.needed)
        last = Round.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
        _replace_open(project)
        sent = Round.objects.create(
            project=project, key=key, number=last + 1, message=plain(message)[:2000], due=due, rule=rule, needed=needed,
            apart=rules.apart if apart is None else apart, sent_by=by,
        )  # fmt: skip
        rows = _freeze(sent, panels)
        Asked.objects.bulk_create([Asked(round=sent, user=person) for person in dict.fromkeys(people)])
        record(
            verb="round_sent", team=project.team, actor=by, about="round", code=sent.code, project=project.code,
            number=sent.number, panels=len(rows), carried=sum(row.carried_id is not None for row in rows),
        )  # fmt: skip
    return sent


def _replace_open(project: Project) -> None:
    Round.objects.filter(project=project, state=Round.State.OPEN).update(
        state=Round.State.REPLACED, closed=timezone.now(), changed=timezone.now(), revision=F("revision") + 1
    )


def _freeze(sent: Round, panels: list[Panel]) -> list[RoundPanel]:
    before = frozen.approvals(panels)
    rows = []
    for position, panel in enumerate(panels):
        row = frozen.freeze(panel, position)
        row.round = sent
        last = before.get(panel.pk)
        if last and last.state == Panel.State.APPROVED and not frozen.changed(row, last):
            row.state, row.carried = Panel.State.APPROVED, last.carried or last
        rows.append(row)
    RoundPanel.objects.bulk_create(rows)
    for state in (Panel.State.APPROVED, Panel.State.REVIEW):
        ids = [row.panel_id for row in rows if row.state == state]
        Panel.objects.filter(pk__in=ids).exclude(state=state).update(state=state, updated=timezone.now())
    left_out = Panel.objects.filter(scene__project=sent.project, state__in=[Panel.State.REVIEW, Panel.State.CHANGES])
    left_out.exclude(sent__round=sent).update(state=Panel.State.DRAFT, updated=timezone.now())  # no picture any more
    return rows


def touch(round_: Round) -> Round:
    """Hold the open round for this transaction and count its change. Raises Closed where it is over."""
    rows = Round.objects.filter(pk=round_.pk, state=Round.State.OPEN)
    if not rows.update(changed=timezone.now(), revision=F("revision") + 1):
        raise Closed(over(Round.objects.get(pk=round_.pk)))
    return Round.objects.select_related("project__team").get(pk=round_.pk)


def over(round_: Round) -> str:
    """Why nothing can be written any more."""
    when = timezone.localtime(round_.closed) if round_.closed else None
    day = f" on {when.day} {when:%b}" if when else ""
    if round_.state == Round.State.REPLACED:
        return f"A newer version was sent{day}. Notes and decisions of this one can be read, not added."
    if round_.state == Round.State.WITHDRAWN:
        return f"This review was withdrawn{day}."
    return f"This review closed{day}. Notes can be read, not added."


def close_round(*, round: Round, by: Any) -> Round:
    """Freeze what was decided and sign it off: names, times and the hash of every picture. Raises Closed if it is over.

    Panels nobody decided about go back to being drafts; asked changes stay asked.
    """
    with transaction.atomic():
        held = touch(round)
        now = timezone.now()
        signed = signing.sheet(held, by=by, at=now)
        Round.objects.filter(pk=held.pk).update(state=Round.State.CLOSED, closed=now, closed_by=by, signed=signed)
        undecided = held.panels.filter(state=Panel.State.REVIEW).values("panel")
        Panel.objects.filter(pk__in=undecided, state=Panel.State.REVIEW).update(state=Panel.State.DRAFT, updated=now)
        _record("round_closed", held, by, approved=signed["approved"])
    return Round.objects.select_related("project__team", "closed_by", "sent_by").get(pk=held.pk)


def withdraw_round(*, round: Round, by: Any) -> Round:
    """Take the round back: its links stop working, and its panels stand as they did before it. Raises Closed."""
    with transaction.atomic():
        held = touch(round)
        now = timezone.now()
        Round.objects.filter(pk=held.pk).update(state=Round.State.WITHDRAWN, closed=now, closed_by=by)
        sent = held.panels.all()
        asked = Panel.objects.filter(pk__in=sent.filter(carried=None).values("panel"))
        asked.exclude(state=Panel.State.DRAFT).update(state=Panel.State.DRAFT, updated=now)
        _record("round_withdrawn", held, by)
    return Round.objects.select_related("project__team", "closed_by", "sent_by").get(pk=held.pk)


def seen(*, round: Round, by: Any) -> dt.datetime | None:
    """Note that somebody of the team looks at the round now; when they last did, None for the first time."""
    now = timezone.now()
    found = Seen.objects.filter(round=round, user=by).first()
    if found is None:
        Seen.objects.bulk_create([Seen(round=round, user=by, at=now)], ignore_conflicts=True)
        return None
    if found.at < round.changed or now - found.at > dt.timedelta(minutes=5):
        Seen.objects.filter(pk=found.pk).update(at=now)
    return found.at


def _record(verb: str, round_: Round, by: Any, **data: Any) -> None:
    project = round_.project
    record(
        verb=verb, team=project.team, actor=by, about="round", code=round_.code, project=project.code,
        number=round_.number, **data,
    )  # fmt: skip
