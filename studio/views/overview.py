"""What the house shows of many projects at once, in a constant number of queries: cards, what waits, the side's figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from studio.accounts.models import Membership, Team
from studio.board.models import Panel, Project, Take
from studio.board.queries import STATE_ORDER, STATE_WORDS
from studio.generation import ledger
from studio.generation.models import ACTIVE, LOST, Job
from studio.generation.queries import PanelWork, states_for
from studio.library import kinds
from studio.library.models import Subject
from studio.media.models import Image

COVERS = 4  # pictures on a card: the newest picked ones; of a lookbook the first of each look, fronts before details
ATTENTION = 3
RECENT = dt.timedelta(days=7)
BAR_ORDER = ("approved", "review", "changes", "working", "queued", "failed", "draft")


@dataclass
class ProjectCard:
    project: Project
    changed: dt.datetime
    covers: list[Image] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # panels by state
    drawn: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def segments(self) -> list[tuple[str, int]]:
        return [(state, self.counts[state]) for state in BAR_ORDER if self.counts[state]]

    @property
    def figures(self) -> str:
        if not self.total:
            return "No panels yet"
        if self.counts["approved"]:
            return f"{self.counts['approved']} of {self.total} approved"
        return f"{self.drawn} of {self.total} drawn"

    @property
    def state(self) -> str:
        """What needs somebody first; approved only when every panel is."""
        return next((state for state in STATE_ORDER if self.counts[state]), "draft")

    @property
    def sign(self) -> str:
        words = STATE_WORDS[self.state]
        return f"{words} {self.counts[self.state]}" if self.state in ("failed", "working", "queued") else words


@dataclass(frozen=True)
class Attention:
    """Something that waits for a person: lost pictures of one project."""

    panel: Panel
    title: str
    sign: str
    note: str


@dataclass(frozen=True)
class Overview:
    cards: list[ProjectCard]
    attention: list[Attention]


def overview(team: Team) -> Overview:
    """Every project of the team, last changed first."""
    cards = {row.pk: ProjectCard(row, row.updated) for row in Project.objects.for_team(team)}
    panels = Panel.objects.filter(scene__project__in=list(cards), deleted=None, scene__deleted=None)
    rows = panels.order_by().values("scene__project", "state")
    for row in rows.annotate(number=Count("pk"), drawn=Count("picked"), changed=Max("updated")):
        card = cards[row["scene__project"]]
        card.counts[row["state"]] += row["number"]
        card.drawn += row["drawn"]
        card.changed = max(card.changed, row["changed"])
    pictured = panels.exclude(picked=None).annotate(rank=_cover_rank()).filter(rank__lte=COVERS)
    covers = list(pictured.order_by("rank").values_list("scene__project", "picked__image"))
    images = Image.objects.in_bulk([image for _, image in covers])
    for project, image in covers:
        cards[project].covers.append(images[image])
    lost = Exists(Job.objects.filter(panel=OuterRef("pk"), state__in=ACTIVE | LOST))
    telling = list(panels.filter(lost).select_related("scene__project", "picked__image"))
    works = states_for(telling)
    for panel in telling:
        if work := works.get(panel.pk):
            counts = cards[panel.scene.project_id].counts
            counts[panel.state] -= 1
            counts[work.state] += 1
    ordered = sorted(cards.values(), key=lambda card: card.changed, reverse=True)
    return Overview(ordered, _attention(telling, works))


def _cover_rank() -> Window:
    """A lookbook by place in the look, then by look; the rest by the newest."""

    def in_lookbook(place: str) -> Case:
        return Case(When(scene__project__kind=Project.Kind.LOOKBOOK, then=F(place)), default=Value(0))

    order: list[Any] = [
        in_lookbook("position"),
        in_lookbook("scene__position"),
        F("picked__created").desc(),
        F("pk"),
    ]
    return Window(RowNumber(), partition_by=F("scene__project"), order_by=order)


def _attention(panels: list[Panel], works: dict[int, PanelWork]) -> list[Attention]:
    """Pictures lost in the last days, by project, the newest first."""
    lost = {panel: works[panel.pk] for panel in panels if panel.pk in works and works[panel.pk].state == "failed"}
    recent = Job.objects.filter(code__in=[work.job_code for work in lost.values()], changed__gt=timezone.now() - RECENT)
    order = {code: at for at, code in enumerate(recent.order_by("-changed").values_list("code", flat=True))}
    groups: dict[int, list[Panel]] = defaultdict(list)
    for panel in sorted((p for p in lost if lost[p].job_code in order), key=lambda p: order[lost[p].job_code]):
        groups[panel.scene.project_id].append(panel)
    return [_waiting(group, lost[group[0]]) for group in list(groups.values())[:ATTENTION]]


def _waiting(panels: list[Panel], work: PanelWork) -> Attention:
    labels = ", ".join(panel.label for panel in panels[:3]) + (" …" if len(panels) > 3 else "")
    charged = {False: " Not charged.", None: " Possibly charged.", True: ""}[work.charged]
    return Attention(
        panels[0],
        f"{panels[0].scene.project}, panel{'s' if len(panels) > 1 else ''} {labels}",
        "Sent, never answered" if work.unknown else f"{len(panels)} failed",
        f"{work.error}{charged}".strip(),
    )


def side(memberships: list[Membership], member: Membership | None, may: dict[str, bool]) -> dict[str, Any]:
    """The navigation at the side: true counts, and the month's money for those who may see it."""
    if member is None:
        return {"library": [], "teams": []}
    team = member.team
    kept = dict(Subject.objects.for_team(team).order_by().values_list("kind").annotate(number=Count("pk")))
    return {
        "projects": Project.objects.for_team(team).count(),
        "library": [(words, kept.get(words.kind, 0)) for words in kinds.ALL],
        "teams": memberships if len(memberships) > 1 else [],
        "meter": _meter(team) if may.get("produce") else None,
    }


def _meter(team: Team) -> dict[str, Any] | None:
    """What this month cost so far, in US dollars, uncertain charges included; None while nothing has happened."""
    now = timezone.localtime()
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    spent, possibly = ledger.this_month(team)
    pictures = Take.objects.filter(panel__scene__project__team=team, created__gte=start).count()
    if not (spent or pictures or team.monthly_cap):
        return None
    cap = team.monthly_cap
    return {
        "month": now,
        "spent": spent,
        "possibly": possibly,
        "pictures": pictures,
        "cap": cap,
        "rest": max(cap - spent, 0) if cap else None,
    }
