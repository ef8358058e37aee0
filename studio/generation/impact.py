"""Panels whose picture no longer matches what it would be drawn from now, with what a new one costs. Constant numbers of queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from studio.accounts.models import Team
from studio.board.models import Panel, Project, StillFine, Take
from studio.board.queries import Picture, card_picture, where_used
from studio.generation import cost, tiers
from studio.generation.errors import Refused
from studio.generation.impact_rules import Change, Then, Version, by_cause, changes, fingerprint
from studio.library.models import Subject, SubjectVersion
from studio.prompting.types import Brief, MarkerLine, Member, Setting


@dataclass(frozen=True, slots=True)
class Affected:
    """A panel, the take that stands for it, and what is not as it was. `against` are the fingerprints of these changes by cause;
    `wrong` says why it cannot be drawn again, else `price` is what one picture costs in US dollars."""

    panel: Panel
    take: Take
    picture: Picture
    changes: tuple[Change, ...]
    against: tuple[str, ...]
    price: Decimal
    wrong: str = ""
    fine: bool = False  # somebody said that it may stay

    @property
    def shows(self) -> bool:
        """Whether something changed that this picture can show: what is ticked first."""
        return any(one.shows for one in self.changes)

    @property
    def versions(self) -> str:
        """What of its cast it was drawn from: v3; empty where no version of it changed."""
        return ", ".join(f"v{number}" for number in sorted({n for n in self.take.versions.values() if n}))


@dataclass(frozen=True, slots=True)
class Impact:
    """`open`: those that nobody has called fine; `fine`: those that somebody has."""

    open: tuple[Affected, ...]
    fine: tuple[Affected, ...]

    @property
    def said(self) -> str:
        """6 panels no longer match."""
        count = len(self.open)
        return f"{count} panel{' no longer matches' if count == 1 else 's no longer match'}"

    @property
    def seen(self) -> str:
        """One mark of all that is open: another one as soon as a panel, its take or what changed about it is another."""
        rows = sorted((one.take.pk, *sorted(one.against)) for one in self.open)
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def others(self, codes: Iterable[str]) -> list[Affected]:
        """Those that are open and not among these panels."""
        chosen = set(codes)
        return [one for one in self.open if one.panel.code not in chosen]

    def chosen(self, codes: Iterable[str]) -> list[Affected]:
        wanted = set(codes)
        return [one for one in (*self.open, *self.fine) if one.panel.code in wanted and not one.wrong]


def of_project(project: Project) -> Impact:
    """Over a whole board, in its order."""
    rows = Panel.objects.on_board().filter(scene__project=project, picked__isnull=False)
    return _found(project.team, list(rows.select_related("scene__project__team", "picked__image")))


def of_subject(subject: Subject, *, draft: SubjectVersion | None = None, quality: str = "") -> Impact:
    """Over all boards that show the subject, only what changed about it. With `draft`, as if that were locked already; priced in
    one `quality` for all, or in each panel's own."""
    used = [panel.pk for panel in where_used(subject) if panel.picked_id]
    rows = Panel.objects.on_board().filter(pk__in=used, scene__project__workshop=False)
    rows = rows.order_by("scene__project__title", "scene__project_id", "scene__position", "scene_id", "position", "pk")
    found = list(rows.select_related("scene__project__team", "picked__image"))
    return _found(subject.team, found, about=subject.code, draft=draft, quality=quality)


def _found(
    team: Team, panels: Sequence[Panel], *, about: str = "", draft: SubjectVersion | None = None, quality: str = ""
) -> Impact:
    if not panels:
        return Impact((), ())
    takes = [panel.picked for panel in panels if panel.picked]
    known = _known(team, takes)
    rows = ready(team, panels, quality)
    fine = set(StillFine.objects.filter(take__in=takes).values_list("take_id", "against"))
    lines = [MarkerLine(m.key, m.phrase, m.category, m.colour) for m in draft.markers.all()] if draft else []
    found = []
    for row, take in zip(rows, takes, strict=True):
        brief = _as_if(row.prepared.brief, about, draft, tuple(lines)) if draft else row.prepared.brief
        then = Then(take.versions, take.plan, take.parameters.get("shot"), known)
        groups = by_cause(changes(then, brief, row.prepared.plan.slots))
        if about:
            groups = {about: groups[about]} if about in groups else {}
        prints = {cause: fingerprint(said) for cause, said in groups.items()}
        left = [cause for cause in groups if (take.pk, prints[cause]) not in fine]
        if groups:
            said = tuple(one for cause in (left or groups) for one in groups[cause])
            found.append(Affected(
                row.panel, take, card_picture(take.image.key, take.image.width, take.image.height), said,
                tuple(prints[cause] for cause in left), row.price, row.wrong or row.choice.why_not, not left,
            ))  # fmt: skip
    return Impact(tuple(one for one in found if not one.fine), tuple(one for one in found if one.fine))


def choices(team: Team, panels: Sequence[Panel], quality: str = "") -> list[tiers.Choice]:
    """What draws each panel: the team's `quality`, or where none is named the panel's own. Raises Refused for one that is none."""
    by_quality = tiers.all_choices(team)
    if quality and quality not in by_quality:
        raise Refused("There is no such quality. Choose another one.")
    return [by_quality[quality]] * len(panels) if quality else tiers.for_panels(panels, by_quality)


def ready(team: Team, panels: Sequence[Panel], quality: str = "") -> list[cost.Ready]:
    """Each panel as it would be drawn now; where its quality names a model that is gone, as the sketch would have it, with why."""
    drawn_by = choices(team, panels, quality)
    try:
        return cost.ready(panels, drawn_by)
    except Refused as refused:
        rows = cost.ready(panels, [tiers.sketch()] * len(panels))
        return [replace(row, wrong=row.wrong or str(refused)) for row in rows]


def _known(team: Team, takes: Sequence[Take]) -> dict[tuple[str, int], Version]:
    """The locked versions that takes were drawn from. Two queries."""
    pairs = {(code, number) for take in takes for code, number in take.versions.items() if number}
    rows = SubjectVersion.objects.filter(subject__team=team, subject__code__in={code for code, _ in pairs})
    found = rows.exclude(locked_at=None).select_related("subject").prefetch_related("markers")
    return {
        (row.subject.code, row.number): Version(
            row.number, row.bible, tuple(MarkerLine(m.key, m.phrase, m.category, m.colour) for m in row.markers.all())
        )
        for row in found if (row.subject.code, row.number) in pairs
    }  # fmt: skip


def _as_if(brief: Brief, code: str, draft: SubjectVersion, lines: tuple[MarkerLine, ...]) -> Brief:
    """The brief as if the draft were the subject's newest locked version."""

    def member(one: Member) -> Member:
        return replace(one, version=draft.number, bible=draft.bible, markers=lines) if one.code == code else one

    def setting(one: Setting | None) -> Setting | None:
        return replace(one, version=draft.number, bible=draft.bible) if one and one.code == code else one

    cast = tuple(member(one) for one in brief.cast)
    return replace(brief, cast=cast, location=setting(brief.location), style=setting(brief.style))
