"""What of a reference set can be drawn, and each such side as an engine would draw it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.accounts.models import Team
from studio.board.models import Panel, Project, Scene
from studio.generation import cost, tiers
from studio.generation.cost import Ready
from studio.generation.errors import Refused
from studio.generation.models import Tier
from studio.generation.tiers import Choice
from studio.library import coverage
from studio.library.models import Kind, Outfit, ReferenceSet, View
from studio.making.models import Bench
from studio.prompting import brief as briefs
from studio.prompting import frame, freeze, sheet
from studio.prompting.sheet import Side
from studio.prompting.types import Member

DRAWN_KINDS = {Kind.CHARACTER, Kind.PRODUCT}
SHORT = {
    View.THREE_QUARTER_LEFT: "3/4 left",
    View.THREE_QUARTER_RIGHT: "3/4 right",
    View.PROFILE_LEFT: "Left side",
    View.PROFILE_RIGHT: "Right side",
}
NOT_LOCKED = "Lock the bible first: a side is drawn from what is locked."
NOTHING_SAID = "Write the bible, or add a picture, first: there is nothing to draw from."


def wanted(reference_set: ReferenceSet) -> list[Side]:
    """Every side that a set of this kind wants, in the order in which they help."""
    kind = coverage.OUTFIT if reference_set.outfit_id else reference_set.subject.kind
    return [Side(one.view, one.detail) for one in coverage.WANTED[kind]]


def named(view: str, detail: str = "") -> Side:
    """The side of that name. Raises Refused for a view that does not exist."""
    if view not in View.values:
        raise Refused("That is no view that can be drawn.")
    return Side(view, " ".join(detail.split())[:60] if view == View.DETAIL else "")


def label(side: Side) -> str:
    """ "Left profile"; of a detail its name."""
    return side.label if side.view == View.DETAIL and side.detail else View(side.view).label


def short(side: Side) -> str:
    """At most twelve characters, for a panel's label."""
    return (SHORT.get(View(side.view)) or label(side))[:12]


def usual(team: Team) -> Choice:
    """What references are drawn with unless somebody says otherwise: production quality, for all panels rest on them; draft where
    that is not set up, the sketch where nothing is."""
    by_quality = tiers.all_choices(team)
    for quality in (Tier.PRODUCTION, Tier.DRAFT, Tier.HERO):
        choice = by_quality[quality]
        if choice.account is not None and not choice.why_not:
            return choice
    return by_quality[tiers.SKETCH]


def why_not(reference_set: ReferenceSet, member: Member | None) -> str:
    """Why no side of the set can be drawn, in a sentence; empty where one can."""
    if reference_set.subject.kind not in DRAWN_KINDS:
        return "Places and styles are not drawn from their sides."
    if member is None or not member.version:
        return NOT_LOCKED
    return "" if member.bible.strip() or member.pics else NOTHING_SAID


def ready(reference_set: ReferenceSet, sides: Sequence[Side], choice: Choice) -> list[Ready]:
    """Each side planned, worded and priced: a constant number of queries. A side that was never drawn has a panel that is not
    saved, with a negative id that no row has. Raises Refused where the set cannot be drawn, or the model is gone."""
    if not sides:
        return []
    members = briefs.seen_from(reference_set.subject, [side.view for side in sides], _outfit(reference_set))
    if wrong := why_not(reference_set, members[0]):
        raise Refused(wrong)
    limits = cost.limits_of(choice)
    rows = []
    for side, member, panel in zip(sides, members, _panels(reference_set, sides), strict=True):
        found = sheet.brief(member, side)
        found = replace(
            found, aspect=frame.drawn_aspect(found.aspect, limits.aspects)
        )  # kept whole: nothing is cut off
        planned = sheet.plan(found, limits)
        prepared = freeze.Prepared(found, planned, sheet.compile(side, found, planned))
        request = freeze.request_for(prepared, limits, size=choice.size)
        request["side"] = {"set": reference_set.code, "view": side.view, "detail": side.detail}
        row = Ready(panel, choice, limits, prepared, request)
        try:
            cost.checked(request, choice.engine, choice.model)
        except Refused as refused:
            rows.append(replace(row, wrong=str(refused)))
        else:
            rows.append(replace(row, price=cost.of(choice.engine, choice.model, request)))
    return cost.as_quoted(rows)


def _outfit(reference_set: ReferenceSet) -> Outfit | None:
    return reference_set.outfit if reference_set.outfit_id else None


def _panels(reference_set: ReferenceSet, sides: Sequence[Side]) -> list[Panel]:
    """The benches' panels; where there is none yet, one that is not saved."""
    rows = Bench.objects.filter(reference_set=reference_set).select_related("panel__scene__project__team")
    there = {(row.view, row.detail): row.panel for row in rows}
    scene = Scene(project=Project(team=reference_set.subject.team, workshop=True), number="")
    return [
        there.get((side.view, side.detail)) or Panel(pk=-at, scene=scene, label=short(side))
        for at, side in enumerate(sides, 1)
    ]
