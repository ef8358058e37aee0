"""What the pages about rounds read, each in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from studio.board.models import Panel, Project
from studio.library.models import Marker
from studio.review import frozen, standing
from studio.review.models import Asked, Decision, Note, Round, RoundPanel, Rule, Seen, ShareLink

APPROVE, CHANGES = Decision.Verdict.APPROVE, Decision.Verdict.CHANGES


@dataclass(slots=True)
class Line:
    """A round in a list: how far it is, and what of it concerns this person."""

    round: Round
    panels: int = 0
    approved: int = 0
    changes: int = 0
    open_notes: int = 0
    mine: bool = False  # I am asked by name
    waiting: int = 0  # panels that wait for me
    new: int = 0  # notes and decisions of others since I looked
    seen: bool = False  # I looked at least once
    first: int = 0  # the first of those that wait for me

    @property
    def overdue(self) -> int:
        """Days since it was due, while it is open and something is not decided."""
        done = self.approved == self.panels
        if self.round.state != Round.State.OPEN or not self.round.due or done:
            return 0
        return max(0, (timezone.localdate() - self.round.due).days)

    @property
    def segments(self) -> list[tuple[str, int]]:
        left = self.panels - self.approved - self.changes
        return [(s, n) for s, n in (("approved", self.approved), ("changes", self.changes), ("review", left)) if n]


def rounds(project: Project, user: Any) -> list[Line]:
    """All rounds of the project, newest first: seven queries, however many."""
    lines = {row.pk: Line(row) for row in Round.objects.of(project)}
    _count(lines, user)
    return list(lines.values())


def _count(lines: dict[int, Line], user: Any) -> None:
    _states(lines)
    notes = Note.objects.filter(round__in=list(lines), parent=None, deleted=None, resolved=None)
    for pk, many in notes.order_by().values_list("round").annotate(Count("pk")):
        lines[pk].open_notes = many
    seen = dict(Seen.objects.filter(round__in=list(lines), user=user).values_list("round", "at"))
    for pk, at in seen.items():
        lines[pk].seen = True
        lines[pk].new = 0 if lines[pk].round.changed <= at else lines[pk].new
    _news(lines, seen, user)
    waiting(lines, user)


def _states(lines: dict[int, Line]) -> None:
    states = RoundPanel.objects.filter(round__in=list(lines)).values("round").annotate(
        all=Count("pk"), yes=Count("pk", filter=Q(state=Panel.State.APPROVED)), no=Count("pk", filter=Q(state=Panel.State.CHANGES))
    )  # fmt: skip
    for row in states.order_by():
        line = lines[row["round"]]
        line.panels, line.approved, line.changes = row["all"], row["yes"], row["no"]


def _news(lines: dict[int, Line], seen: dict[int, dt.datetime], user: Any) -> None:
    """Notes and decisions of others since each look."""
    recent = [pk for pk, at in seen.items() if lines[pk].round.changed > at]
    if not recent:
        return
    newer = Q()
    for pk in recent:
        newer |= Q(round=pk, created__gt=seen[pk])
    for pk in Note.objects.filter(newer, deleted=None).exclude(user=user).values_list("round", flat=True):
        lines[pk].new += 1
    newer = Q()
    for pk in recent:
        newer |= Q(round=pk, decided__gt=seen[pk])
    said = Decision.objects.filter(newer, replaced=None).exclude(user=user).exclude(verdict=Decision.Verdict.NONE)
    for pk in said.values_list("round", flat=True):
        lines[pk].new += 1


def standing_of(found: Iterable[Round], user: Any) -> list[Line]:
    """Rounds of any projects, with how far they are and what of them waits for this person: four queries."""
    lines = {row.pk: Line(row) for row in found}
    if lines:
        _states(lines)
        waiting(lines, user)
    return list(lines.values())


def waiting(lines: dict[int, Line], user: Any) -> None:
    """Panels in review that I am asked about and said nothing of."""
    for pk in Asked.objects.filter(round__in=list(lines), user=user).values_list("round", flat=True):
        lines[pk].mine = True
    asked = [pk for pk, line in lines.items() if line.mine and line.round.state == Round.State.OPEN]
    if not asked:
        return
    mine = Decision.objects.filter(round__in=asked, user=user, replaced=None).exclude(verdict=Decision.Verdict.NONE)
    said = set(mine.values_list("round", "on"))
    rows = RoundPanel.objects.filter(round__in=asked, state=Panel.State.REVIEW).order_by("position")
    for round_id, pk in rows.values_list("round", "pk"):
        if (round_id, None) not in said and (round_id, pk) not in said:
            lines[round_id].waiting += 1
            lines[round_id].first = lines[round_id].first or pk


@dataclass(slots=True)
class Person:
    """Somebody who is asked, or who decided without being asked, and how far they are."""

    name: str
    who: str  # "team" or "client"
    asked: bool
    approved: int = 0
    changes: int = 0
    of: int = 0
    whole: str = ""
    last: dt.datetime | None = None
    whose: frozenset[str] = frozenset()

    @property
    def left(self) -> int:
        return max(0, self.of - self.approved - self.changes)


@dataclass(slots=True)
class Sent:
    """A panel of the round as its senders see it: what was said, and what changed on the board since."""

    row: RoundPanel
    said: list[Decision] = field(default_factory=list)
    open_notes: int = 0
    waived: int = 0
    since: list[str] = field(default_factory=list)  # "picture", "words", "gone"
    take_now: int = 0  # number of the pick now, where it is another


@dataclass(slots=True)
class Overview:
    panels: list[Sent]
    people: list[Person]
    added: list[str]  # labels of panels with a picture that are on the board and not in the round
    whole: list[Decision]

    @property
    def moved(self) -> list[Sent]:
        return [one for one in self.panels if one.since]

    @property
    def approved(self) -> int:
        return sum(one.row.state == Panel.State.APPROVED for one in self.panels)

    @property
    def changes(self) -> int:
        return sum(one.row.state == Panel.State.CHANGES for one in self.panels)


def overview(round_: Round) -> Overview:
    """Everything the round's page shows to its team, in about ten queries."""
    rows = list(round_.panels.select_related("take", "image", "carried__round", "panel"))
    sent = {row.pk: Sent(row) for row in rows}
    decisions = (
        Decision.objects.filter(round=round_, replaced=None).exclude(verdict=Decision.Verdict.NONE).order_by("decided")
    )
    whole: list[Decision] = []
    for one in decisions.select_related("marker"):
        (sent[one.on_id].said if one.on_id else whole).append(one)
    for one in whole:  # who approved the whole approved each panel that they said nothing else of
        if one.verdict == APPROVE:
            for panel in sent.values():
                if one.by not in {said.by for said in panel.said}:
                    panel.said.append(one)
    for on, waived in Note.objects.filter(round=round_, parent=None, deleted=None, resolved=None).values_list(
        "on", "waived"
    ):
        if on:
            sent[on].open_notes += waived is None
            sent[on].waived += waived is not None
    added = _since(round_, sent) if round_.state == Round.State.OPEN else []
    return Overview(list(sent.values()), people(round_, rows), added, whole)


def _since(round_: Round, sent: dict[int, Sent]) -> list[str]:
    """Compare with the board as it is now."""
    now = {panel.pk: panel for panel in frozen.board(round_.project)}
    for one in sent.values():
        panel = now.pop(one.row.panel_id, None)
        if panel is None or panel.picked is None:
            one.since = ["gone"]
            continue
        one.since = frozen.changed(frozen.freeze(panel, 0), one.row)
        if panel.picked_id != one.row.take_id and "picture" in one.since:
            one.take_now = panel.picked.number
    return [panel.label for panel in now.values() if panel.picked_id]


def people(round_: Round, rows: list[RoundPanel]) -> list[Person]:
    """Who is asked, then who spoke without being asked."""
    called = standing.called(round_)
    found = [Person(one.name, "team" if one.user_id else "client", True, whose=one.whose) for one in called]
    by_maker = {maker: person for person in found for maker in person.whose}
    asking = {row.pk for row in rows if not row.carried_id}
    said = Decision.objects.filter(round=round_, replaced=None).exclude(verdict=Decision.Verdict.NONE)
    per_person: dict[int, dict[int, str]] = defaultdict(dict)
    for one in said.order_by("decided"):
        person = by_maker.get(one.by)
        if person is None:
            person = by_maker[one.by] = Person(one.name, "team" if one.by.startswith("user:") else "client", False)
            found.append(person)
        person.last = max(person.last or one.decided, one.decided)
        if one.on_id:
            per_person[id(person)][one.on_id] = one.verdict
        else:
            person.whole = one.verdict
    for person in found:
        verdicts = per_person[id(person)]
        if person.whole == APPROVE:
            verdicts = dict.fromkeys(asking, APPROVE) | verdicts
        person.approved = sum(verdict == APPROVE for verdict in verdicts.values())
        person.changes = sum(verdict == CHANGES for verdict in verdicts.values())
        person.of = len(asking | set(verdicts))
    return found


def markers_of(row: RoundPanel) -> list[Marker]:
    """The locked markers that the panel's picture was drawn from: what the team may name as the reason. One query."""
    versions = row.take.versions if row.take else {}
    rows = Marker.objects.filter(version__subject__code__in=list(versions)).exclude(version__locked_at=None)
    rows = rows.select_related("version__subject").order_by("version__subject__name", "position", "pk")
    return [marker for marker in rows if versions.get(marker.version.subject.code) == marker.version.number]


def links(round_: Round) -> list[ShareLink]:
    """Every link of the round, the living first."""
    rows = list(
        round_.links.select_related("created_by", "revoked_by")
        .annotate(people=Count("guests"))
        .order_by("-created", "-pk")
    )
    now = timezone.now()
    return sorted(rows, key=lambda link: bool(link.revoked or link.expires <= now))


def rule_words(round_: Any) -> str:
    """The rule in one sentence."""
    words = {
        Rule.ANYONE: "One approval is enough.",
        Rule.ALL: "Everyone who is asked has to approve.",
        Rule.COUNT: f"{round_.needed} of those who are asked have to approve.",
        Rule.ORDER: "The team approves first, then the client.",
    }[Rule(round_.rule)]
    return f"{words} Who drew a picture may not be its only approver." if round_.apart else words
