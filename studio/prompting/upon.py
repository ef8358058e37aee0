"""A picture drawn upon another one: the next pass of a composition, and the same picture in another style. Planned and worded. Pure.

The picture that is drawn upon goes first, so the words can speak of "the first image". What is in it already is not sent again: two or
three elements hold where many at once pull apart. The words themselves are frozen in `versions.upon1`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.prompting import references, sheet, shown
from studio.prompting.types import Brief, LeftOut, MarkerLine, Member, Pic, Plan, Prompt, Slot, StayedOut, Warning
from studio.prompting.versions import upon1 as template
from studio.providers.base import Limits

STRATEGY = "reference_first"
BASE = "base"
SHOWN = "the first image shows it; one picture says who it is"


def next_pass(brief: Brief, base: Pic, name: str, added: Collection[str], limits: Limits) -> tuple[Plan, Prompt]:
    """The base and the pictures of those that come in (`added`: keys); the words that keep the one and add the others."""
    newcomers = tuple(member for member in brief.cast if member.key in added)
    rest = references.plan(
        replace(brief, cast=newcomers, location=None, style=None, hand=replace(brief.hand, order=())),
        _without_base(limits),
    )
    plan = _with_base(base, name, rest, limits)
    visible, left_out = _visible(newcomers, brief)
    rows = template.next_pass(brief, added, plan.slots, visible)
    return plan, sheet.prompt(template.VERSION, STRATEGY, rows, left_out)


def restyle(brief: Brief, base: Pic, name: str, limits: Limits) -> tuple[Plan, Prompt]:
    """The base, the style's picture, and one picture of who each of the cast is; the words that change the hand and nothing else.

    `brief.style` is the style that is wanted.
    """
    style = brief.style
    assert style is not None
    rest = references.plan(
        replace(brief, location=None, hand=replace(brief.hand, order=(), pinned=())), _without_base(limits)
    )
    anchors: list[Slot] = []
    out: list[StayedOut] = []
    seen: set[str] = set()
    for slot in rest.slots:
        if slot.role == "style" or (slot.subject not in seen and slot.role in {"identity", "product"}):
            anchors.append(slot)
            seen.add(slot.subject)
        else:
            out.append(StayedOut(slot.role, slot.subject, slot.name, slot.pic, SHOWN))
    out += [replace(one, why=SHOWN) if one.subject in seen and one.role != "style" else one for one in rest.out]
    ordered = sorted(anchors, key=lambda slot: slot.role != "style")
    plan = _with_base(base, name, replace(rest, slots=tuple(ordered), out=tuple(out)), limits)
    visible, left_out = _visible(brief.cast, brief)
    rows = template.restyle(brief, plan.slots, visible)
    return plan, sheet.prompt(template.VERSION, STRATEGY, rows, left_out)


def _visible(cast: Sequence[Member], brief: Brief) -> tuple[dict[str, list[MarkerLine]], list[LeftOut]]:
    """By member, the markers that this shot can show; and those it cannot."""
    visible: dict[str, list[MarkerLine]] = {}
    left_out: list[LeftOut] = []
    for member in cast:
        visible[member.key] = []
        for line in member.markers:
            why = shown.hidden(line, member, shot_size=brief.shot_size)
            if why:
                left_out.append(LeftOut(line.key, member.name, line.phrase, why))
            elif line.category != "camera" and not (member.outfit and line.category == "wardrobe"):
                visible[member.key].append(line)
    return visible, left_out


def _without_base(limits: Limits) -> Limits:
    """What the engine takes beside the base, which counts as one of its objects where those are counted."""
    objects = None if limits.objects is None else max(0, limits.objects - 1)
    return replace(limits, references=max(0, limits.references - 1), objects=objects)


def _with_base(base: Pic, name: str, rest: Plan, limits: Limits) -> Plan:
    if not limits.references or limits.objects == 0:
        none = StayedOut(BASE, BASE, name, base, "this engine sees no pictures")
        said = Warning("This engine sees no pictures", "It cannot keep what the picture shows. Choose another quality.")
        return Plan((), (none, *rest.out), (said, *rest.warnings), limits.references)
    first = Slot(1, BASE, BASE, name, base, "what is kept")
    return Plan(
        (first, *(replace(slot, n=n) for n, slot in enumerate(rest.slots, 2))),
        rest.out,
        rest.warnings,
        limits.references,
    )
