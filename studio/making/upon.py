"""Pictures drawn upon other ones, as an engine would draw them: the next pass of a panel, and picks in another style. Nothing is
written here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from studio.board.models import Panel, Take
from studio.generation import cost
from studio.generation.cost import Ready
from studio.generation.errors import Refused
from studio.generation.tiers import Choice
from studio.library.models import Kind, Subject
from studio.prompting import brief as briefs
from studio.prompting import freeze, upon
from studio.prompting.types import Brief, Member, Pic
from studio.providers.base import Limits

MOST_NEW = 3  # more at once is what passes are there to avoid


@dataclass(frozen=True, slots=True)
class Element:
    """One of the panel's cast, as the form of the next pass shows it: in the picture already, or still to come."""

    member: Member
    there: bool


def elements(panel: Panel, base: Take | None) -> list[Element]:
    """The cast in its order."""
    (brief,) = briefs.for_panels([panel])
    there = shown_in(base, brief) if base else set()
    return [Element(member, member.key in there) for member in brief.cast]


def shown_in(take: Take, brief: Brief) -> set[str]:
    """Keys of those of the cast that a take shows: what its pass says, else everybody it was drawn from."""
    made = take.parameters.get("pass")
    if made:
        return set(made["cast"])
    return {member.key for member in brief.cast if member.code in take.versions}


def pass_ready(panel: Panel, base: Take | None, added: Collection[str], choice: Choice) -> Ready:
    """The next pass planned, worded and priced. Raises Refused where nobody comes in, or too many at once."""
    (brief,) = briefs.for_panels([panel])
    there = shown_in(base, brief) if base else set()
    coming = [member.key for member in brief.cast if member.key in added and member.key not in there]
    if not coming:
        raise Refused("Choose who or what comes into the picture with this pass.")
    if len(coming) > MOST_NEW:
        raise Refused(f"Up to {MOST_NEW} at once hold best: leave the others for the next pass.")
    cast = tuple(_holding(member, there | set(coming)) for member in brief.cast if member.key in there | set(coming))
    now = replace(brief, cast=cast)
    limits = cost.limits_of(choice)
    if base is None:
        prepared = freeze.prepared(now, limits)
    else:
        _sees(limits, choice)
        prepared = freeze.Prepared(now, *upon.next_pass(now, picture(base), str(base), coming, limits))
    request = freeze.request_for(prepared, limits, size=choice.size)
    names = {member.key: member.name for member in cast}
    request["pass"] = {"cast": [member.key for member in cast], "added": coming, "names": names}
    if base is not None:
        request["base"] = base.code
    (row,) = cost.as_quoted([priced(Ready(panel, choice, limits, prepared, request))])
    return row


def restyle_ready(takes: Sequence[Take], style: Subject, choice: Choice) -> list[Ready]:
    """Each take repainted in the style, its identity markers kept: a constant number of queries. Raises Refused."""
    if style.kind != Kind.STYLE:
        raise Refused(f"{style.name} is no style.")
    limits = cost.limits_of(choice)
    _sees(limits, choice)
    look = briefs.look_of(style)
    rows = []
    for take, brief in zip(takes, briefs.for_panels([take.panel for take in takes]), strict=True):
        now = replace(brief, cast=_cast_of(take, brief), style=look)
        prepared = freeze.Prepared(
            now, *upon.restyle(now, picture(take), f"{take.panel.label}, take {take.number}", limits)
        )
        request = freeze.request_for(prepared, limits, size=choice.size) | {"restyled_from": take.code}
        rows.append(priced(Ready(take.panel, choice, limits, prepared, request)))
    return cost.as_quoted(rows)


def priced(row: Ready) -> Ready:
    """With its price, or with why the engine cannot draw it."""
    request: dict[str, Any] = dict(row.request)
    try:
        cost.approved(row.panel, row.prepared.brief)
        cost.checked(request, row.choice.engine, row.choice.model)
    except Refused as refused:
        return replace(row, wrong=str(refused))
    return replace(row, request=request, price=cost.of(row.choice.engine, row.choice.model, request))


def picture(take: Take) -> Pic:
    """A take's picture, as a plan names it."""
    return Pic(code=take.code, image_key=take.image.key, sha256=take.image.sha256, view="")


def _cast_of(take: Take, brief: Brief) -> tuple[Member, ...]:
    there = shown_in(take, brief)
    return tuple(_holding(member, there) for member in brief.cast if member.key in there)


def _holding(member: Member, there: Collection[str]) -> Member:
    return replace(member, holding=tuple(key for key in member.holding if key in there))


def _sees(limits: Limits, choice: Choice) -> None:
    """Raises Refused for an engine that sees no pictures: it would keep nothing."""
    if not limits.references:
        raise Refused(
            f"{choice.name} sees no pictures, so it would keep nothing of the one before. Choose another quality."
        )
