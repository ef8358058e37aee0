"""A picture drawn upon another one: the next pass of a composition, and the same picture in another style. Planned and worded. Pure.

The picture that is drawn upon goes first, so the words can speak of "the first image". What is in it already is not sent again: two or
three elements hold where many at once pull apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from studio.prompting import references, shown
from studio.prompting.sheet import noun
from studio.prompting.types import Brief, LeftOut, MarkerLine, Member, Pic, Plan, Prompt, Slot, Span, StayedOut, Warning
from studio.prompting.versions.v1 import VIEWS, _sentence
from studio.prompting.versions.v2 import _images, _own, _wardrobe
from studio.providers.base import Limits

VERSION = "upon1"
BASE = "base"
SHOWN = "the first image shows it; one picture says who it is"


def next_pass(brief: Brief, base: Pic, name: str, added: Collection[str], limits: Limits) -> tuple[Plan, Prompt]:
    """The base and the pictures of those that come in (`added`: keys); the words that keep the one and add the others."""
    newcomers = tuple(member for member in brief.cast if member.key in added)
    here = tuple(member for member in brief.cast if member.key not in added)
    rest = references.plan(
        replace(brief, cast=newcomers, location=None, style=None, hand=replace(brief.hand, order=())),
        _without_base(limits),
    )
    plan = _with_base(base, name, rest, limits)
    rows = [
        ("Keep", [
            ("Keep everything of ", "plain", ""), ("the first image", "ref", "1"),
            (f" exactly as it is: composition, framing, background, light, and {_listed([_the(m) for m in here]) or 'everything in it'}. ", "plain", ""),
        ]),
        ("Add", [span for member in newcomers for span in _added(member, plan)]),
    ]  # fmt: skip
    worn = _wardrobe(
        replace(brief, cast=newcomers), _by_subject(plan), {m.key: bool(_own(m, _by_subject(plan))) for m in newcomers}
    )
    if worn:
        rows.append(("Wardrobe", worn))
    held = _held(brief, added)
    if held:
        rows.append(("Held", held))
    names = _listed([_the(member) for member in newcomers])
    stands = "stands" if len(newcomers) == 1 else "stand"
    rows.append(("Together", [
        (f"{names[:1].upper()}{names[1:]} {stands} in the same light and on the same ground, true to size beside what is there, with real contact shadows. ", "scene", ""),
    ]))  # fmt: skip
    kept, left_out = _kept(newcomers, brief, plan)
    if kept:
        rows.append(("Identical", kept))
    rows.append(("Frame", [(_frame(brief), "plain", "")]))
    return plan, _prompt(rows, left_out)


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
    looks = [slot for slot in plan.slots if slot.role == "style"]
    how: list[Any] = [("Repaint ", "plain", ""), ("the first image", "ref", "1")]
    if looks:
        how += [
            (" in the manner of ", "plain", ""),
            *_images(looks),
            (f" ({style.name}): its line, palette, light and texture, not what it shows. ", "style", style.code),
        ]
    else:
        how += [(f" as {style.name}: ", "plain", ""), (_sentence(style.bible or style.name) + " ", "style", style.code)]
    rows = [
        ("Style", how),
        ("Keep", [("Keep the composition, the framing and everybody and everything in it where it is; what happens stays the same. ", "plain", "")]),
    ]  # fmt: skip
    kept, left_out = _kept(brief.cast, brief, plan)
    if kept:
        rows.append(("Identical", [*kept, ("Nobody’s features are changed by the style. ", "plain", "")]))
    rows.append(("Frame", [(_frame(brief), "plain", "")]))
    return plan, _prompt(rows, left_out)


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


def _by_subject(plan: Plan) -> dict[str, list[Slot]]:
    found: dict[str, list[Slot]] = {}
    for slot in plan.slots:
        found.setdefault(slot.subject, []).append(slot)
    return found


def _added(member: Member, plan: Plan) -> list[Any]:
    own = _own(member, _by_subject(plan))
    what = f"the {noun(member)}" if member.kind == "character" else _the(member)
    details = ", ".join(
        d.strip().rstrip(".") for d in (member.where, VIEWS.get(member.view, ""), member.doing) if d.strip()
    )
    spans: list[Any] = [(f"Add {what} ", "plain", member.code)]
    if own:
        spans += [("in " if member.kind == "character" else "from ", "plain", ""), *_images(own)]
        spans.append((f" ({member.name})" if member.kind == "character" else "", "plain", member.code))
    else:
        bible = f": {_sentence(member.bible).rstrip('.')}" if member.bible.strip() else ""
        spans.append(
            (
                f"called {member.name}{bible}" if member.kind == "character" else f"{bible.removeprefix(': ')}",
                "bible",
                member.code,
            )
        )
    return [span for span in [*spans, (f": {details}. " if details else ". ", "scene", member.code)] if span[0]]


def _held(brief: Brief, added: Collection[str]) -> list[Any]:
    """Who holds what, where one of the two comes in."""
    things = {member.key: member for member in brief.cast}
    spans: list[Any] = []
    for holder in brief.cast:
        for key in holder.holding:
            if key in things and (key in added or holder.key in added):
                grip = "holds it fast" if holder.species == "animal" else "the fingers close around it and touch it"
                said = f"{_the(holder)} holds {_the(things[key])}: {grip}. "
                spans.append((said[:1].upper() + said[1:], "scene", things[key].code))
    return spans


def _kept(cast: Sequence[Member], brief: Brief, plan: Plan) -> tuple[list[Any], list[LeftOut]]:
    """The markers that this shot can show, each of them identical to the picture that says who it is."""
    spans: list[Any] = []
    left_out: list[LeftOut] = []
    for member in cast:
        visible: list[MarkerLine] = []
        for line in member.markers:
            why = shown.hidden(line, member, shot_size=brief.shot_size)
            if why:
                left_out.append(LeftOut(line.key, member.name, line.phrase, why))
            elif line.category != "camera" and not (member.outfit and line.category == "wardrobe"):
                visible.append(line)
        if not visible:
            continue
        spans.append((f"Keep {_the(member)}’s ", "plain", member.code))
        for at, marker in enumerate(visible):
            if at:
                spans.append((" and " if at == len(visible) - 1 else ", ", "plain", ""))
            phrase = re.sub(r"^(an?|the) ", "", marker.phrase.strip(), flags=re.I)
            spans.append((phrase + (f" ({marker.colour})" if marker.colour else ""), "marker", marker.key))
        own = _own(member, _by_subject(plan))
        spans += (
            [(" identical to ", "plain", ""), *_images(own), (". ", "plain", "")]
            if own
            else [(" exactly so. ", "plain", "")]
        )
    return spans, left_out


def _the(member: Member) -> str:
    return member.name if member.kind == "character" else f"the {member.name}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _frame(brief: Brief) -> str:
    return f"One single picture, {brief.aspect}, no borders, no captions, no text that is not there already."


def _prompt(rows: Sequence[tuple[str, list[Any]]], left_out: list[LeftOut]) -> Prompt:
    spans = tuple((label, tuple(Span(*span) for span in row)) for label, row in rows)
    text = "".join(span.text for _, row in spans for span in row).strip()
    plain = tuple((label, "".join(span.text for span in row).strip()) for label, row in spans)
    return Prompt(VERSION, "reference_first", spans, tuple(left_out), text, (), plain)
