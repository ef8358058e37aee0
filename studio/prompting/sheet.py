"""A side that no reference shows, planned and worded: from the locked bible and the pictures there are. Pure.

The words keep the medium that the pictures have. They never speak of sheets, turnarounds or models: such words drag photographs toward
drawings, and one picture toward several. Clothes are said as a change, so that they do not loosen the face.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.prompting import shown
from studio.prompting.references import SAID
from studio.prompting.types import Brief, LeftOut, MarkerLine, Member, Pic, Plan, Prompt, Slot, Span, StayedOut, Warning
from studio.prompting.versions.v1 import ANIMAL, PRONOUN, SEPARATOR, _sentence
from studio.prompting.versions.v2 import _images
from studio.providers.base import Limits

VERSION = "side1"
MOST_IDENTITY, MOST_WORN = 5, 3  # more pictures of the same thing pull apart
PLACE = "photo studio, plain paper backdrop"  # what a layout artist draws behind
TURNS = {
    "front": 0, "three_quarter_right": 45, "profile_right": 90, "back": 180, "profile_left": 270, "three_quarter_left": 315,
    "full_body": 0, "detail": 0, "": 0, "top": 90, "base": 90,
}  # fmt: skip
SEEN = {
    "front": "seen straight from the front, looking into the camera",
    "three_quarter_left": "turned three-quarters away from the front, the left side nearer to the camera",
    "three_quarter_right": "turned three-quarters away from the front, the right side nearer to the camera",
    "profile_left": "in exact profile, the left side to the camera",
    "profile_right": "in exact profile, the right side to the camera",
    "back": "seen straight from behind, nothing of the face showing",
    "full_body": "standing upright, seen whole from the crown of the head to the soles, the arms relaxed",
    "top": "seen straight from above",
    "base": "tipped so that its base faces the camera",
}
THING = {
    "front": "seen straight from the front",
    "three_quarter_left": "turned three-quarters, its left side nearer to the camera",
    "three_quarter_right": "turned three-quarters, its right side nearer to the camera",
    "profile_left": "seen straight from its left side",
    "profile_right": "seen straight from its right side",
    "back": "seen straight from behind",
    "full_body": "seen whole",
}
SIDES = {"left", "right", "upper", "lower", "with", "from"}  # two things on the same side are not the same thing
PERSON = re.compile(r"\b(woman|man|girl|boy|teenager|child|person)\b", re.I)
SHOTS = {"full_body": "FS", "detail": "CU", "back": "MS"}
WORN_SHOTS = {"full_body": "FS", "detail": "MS"}


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked for: a view, and of a detail its name."""

    view: str
    detail: str = ""

    @property
    def label(self) -> str:
        return self.detail if self.view == "detail" and self.detail else SAID[self.view].capitalize()


def brief(member: Member, side: Side) -> Brief:
    """The side as a brief. `member` carries the outfit where the set is an outfit's, and its `view` is the side's."""
    worn = member.outfit is not None
    shots = WORN_SHOTS if worn else SHOTS
    shot = shots.get(side.view, "MLS" if worn else "MCU")
    return Brief(
        panel="", label=side.label[:12], aspect="3:4" if member.kind == "character" else "1:1",
        shot_size=shot if member.kind == "character" else "MS",
        angle={"top": "top", "base": "low"}.get(side.view, "eye"),
        framing={"back": "back", "profile_left": "profile", "profile_right": "profile"}.get(side.view, ""),
        lens="85 mm", movement="", action="", int_ext="INT", place=PLACE, time_of_day="", light="soft and even",
        cast=(member,), template_version=VERSION,
    )  # fmt: skip


def plan(found: Brief, limits: Limits) -> Plan:
    """The identity pictures nearest to the side that is wanted, then what is worn; never more than the model takes."""
    member = found.cast[0]
    role = "product" if member.kind == "product" else "identity"
    slots: list[Slot] = []
    out: list[StayedOut] = []
    cap = limits.people if member.kind == "character" else limits.objects
    most = limits.references if cap is None else min(limits.references, cap)
    worn = member.outfit
    for_worn = min(MOST_WORN, len(worn.pics), max(0, most - 1)) if worn else 0  # who it is goes before what is worn

    def offer(pics: Iterable[Pic], role: str, name: str, room: int, usual: int) -> None:
        for at, pic in enumerate(pics):
            if at < room:
                why = f"{'what it is' if role == 'product' else 'who it is' if role == 'identity' else name}: {SAID[pic.view]}"
                slots.append(Slot(len(slots) + 1, role, member.key, name, pic, ". ".join([why, *pic.weak])))
            else:
                few = "this engine sees no pictures" if not most else f"this engine takes {most} pictures"
                out.append(
                    StayedOut(role, member.key, name, pic, few if room < usual else f"{usual} pictures are enough")
                )

    room = min(MOST_IDENTITY, max(0, most - for_worn))
    offer(sorted(member.pics, key=lambda p: _nearness(p, member.view)), role, member.name, room, MOST_IDENTITY)
    if worn:
        offer(sorted(worn.pics, key=lambda p: _nearness(p, member.view)), "outfit", worn.name, for_worn, MOST_WORN)
    return Plan(tuple(slots), tuple(out), tuple(_warnings(member, limits)), limits.references)


def compile(side: Side, found: Brief, planned: Plan) -> Prompt:
    """The words, each piece with what produced it."""
    member = found.cast[0]
    own = [slot for slot in planned.slots if slot.role != "outfit"]
    visible: list[MarkerLine] = []
    left_out: list[LeftOut] = []
    for line in member.markers:
        why = shown.hidden(line, member, shot_size=found.shot_size) or _outside(line, side, member)
        if why:
            left_out.append(LeftOut(line.key, member.name, line.phrase, why))
        elif line.category != "camera":
            visible.append(line)
    rows: list[tuple[str, list[Any]]] = []
    if not own and member.bible.strip():
        rows.append(("Bible", [(_sentence(member.bible), "bible", member.code), (SEPARATOR, "plain", "")]))
    rows.append(("Side", _side(side, member, own)))
    if member.outfit:
        rows.append(("Wardrobe", _wardrobe(member, planned, bool(own))))
    rows.append(("Ground", [(_ground(member), "scene", "")]))
    if own:
        still = (
            "no clothes are carried over from them that this outfit replaces" if member.outfit else "nothing is added"
        )
        rows.append(("Made as", [
            ("Made in the same medium and with the same finish as ", "plain", ""), *_images(own[:1]),
            (f": a photograph stays a photograph, a drawing keeps its line and colour. What the pictures do not show follows from what they show; {still}. ", "plain", ""),
        ]))  # fmt: skip
    if visible:
        rows.append(("Keep", _keep(member, visible, own)))
    shape = "square" if found.aspect == "1:1" else "upright"
    last = f"One single picture with one single view, {shape}, {found.aspect}, no borders, no captions, no text, no second figure."
    rows.append(("Frame", [(last, "plain", "")]))
    spans = tuple((label, tuple(Span(*span) for span in row)) for label, row in rows)
    text = "".join(span.text for _, row in spans for span in row).strip()
    plain = tuple((label, "".join(span.text for span in row).strip()) for label, row in spans)
    return Prompt(VERSION, "reference_first" if own else "bible_first", spans, tuple(left_out), text, (), plain)


def noun(member: Member) -> str:
    """What somebody is called: "woman", "dog"; of a product its name. An age is no word for it: "28-year-old woman" is a woman."""
    if member.kind == "product":
        return member.name
    pattern = ANIMAL if member.species == "animal" else PERSON
    found = pattern.search(member.bible)
    if found or member.species == "animal":
        return found[1].lower() if found else "animal"
    said = PRONOUN.search(member.bible)
    return "person" if not said else "woman" if said[1].lower() in {"she", "her", "hers"} else "man"


def _outside(line: MarkerLine, side: Side, member: Member) -> str:
    """Why a marker is not spoken of: naming what a detail does not show would drag it in."""
    if member.outfit and line.category == "wardrobe":
        return "the outfit replaces it"
    if side.view != "detail":
        return ""
    named = set(re.findall(r"\w{4,}", side.detail.casefold())) - SIDES
    face = not member.outfit and member.kind == "character" and (not named or "face" in named)
    if named & {line.category, *re.findall(r"\w{4,}", line.phrase.casefold())} or (
        face and line.category in {"face", "hair", "mark"}
    ):
        return ""
    return "outside this detail" if named or face or member.outfit else ""


def _side(side: Side, member: Member, own: list[Slot]) -> list[Any]:
    product = member.kind == "product"
    if side.view == "detail":
        usual = "the cloth and its fastenings" if member.outfit else "its surface" if product else "the face"
        named = (
            f"the {re.sub(r'^(the|a|an) ', '', side.detail.strip(), flags=re.I).lower()}"
            if side.detail.strip()
            else usual
        )
        seen, changes = f"only {named}, close, filling most of the picture", "Only the camera comes closer. "
    else:
        seen = (THING if product else SEEN).get(side.view, SEEN.get(side.view, "seen from the front"))
        changes = "Only the side that is seen changes. "
    if not own:
        start = f"{'The ' if product else ''}{member.name}"
        return [(f"{start}, {seen}. ", "shot", member.code)]
    spans: list[Any] = [(f"The same {noun(member)} as in ", "plain", member.code), *_images(own)]
    name = "" if product else f" ({member.name})"
    return [*spans, (f"{name}, {seen}. ", "shot", member.code), (changes, "plain", "")]


def _wardrobe(member: Member, planned: Plan, seen: bool) -> list[Any]:
    outfit = member.outfit
    assert outfit is not None
    said = outfit.description.strip().rstrip(".") or outfit.name
    colours = f" ({', '.join(outfit.colours)})" if outfit.colours else ""
    spans: list[Any] = [
        (f"{member.name} {'now ' if seen else ''}wears ", "plain", member.code),
        (f"{said}{colours}", "outfit", outfit.code),
    ]
    worn = [slot for slot in planned.slots if slot.role == "outfit"]
    if worn:
        spans += [
            (", as in ", "plain", ""),
            *_images(worn),
            (": the clothes only, nobody who wears them there", "plain", ""),
        ]
    ending = f"; {member.name} stays the same, even though the clothes are different. " if seen else ". "
    return [*spans, (ending, "plain", "")]


def _ground(member: Member) -> str:
    who = "nobody and nothing else" if member.kind == "character" else "nothing else"
    whole = member.kind == "character" and member.view != "detail"
    stance = "Standing calmly, the arms relaxed, the expression at rest. " if whole else ""
    return f"{stance}Before a plain, even, light grey ground in soft, even light; {who} in the picture. "


def _keep(member: Member, visible: list[MarkerLine], own: list[Slot]) -> list[Any]:
    owner = member.name if member.kind == "character" else f"the {member.name}"
    spans: list[Any] = [(f"Keep {owner}’s ", "plain", member.code)]
    for at, marker in enumerate(visible):
        if at:
            spans.append((" and " if at == len(visible) - 1 else ", ", "plain", ""))
        phrase = re.sub(r"^(an?|the) ", "", marker.phrase.strip(), flags=re.I)
        spans.append((phrase + (f" ({marker.colour})" if marker.colour else ""), "marker", marker.key))
    if own:
        return [*spans, (" identical to ", "plain", ""), *_images(own), (". ", "plain", "")]
    return [*spans, (" exactly so. ", "plain", "")]


def _nearness(pic: Pic, view: str) -> tuple[bool, bool, int, int]:
    """The best first: strong ones, the front as what says who it is, then by how little it is turned from the side wanted."""
    away = abs(TURNS.get(pic.view, 0) - TURNS.get(view, 0)) % 360
    return bool(pic.weak), pic.view != "front", min(away, 360 - away), pic.position


def _warnings(member: Member, limits: Limits) -> list[Warning]:
    if limits.references == 0:
        return [
            Warning(
                "This engine sees no pictures",
                f"It has only the words, so it will not be the same {member.kind}.",
                member.code,
                "front",
            )
        ]
    if not member.pics:
        what = "a face" if member.kind == "character" else "one"
        return [
            Warning(
                f"{member.name} has no picture",
                f"The engine has only the words, so it will invent {what}.",
                member.code,
                "front",
            )
        ]
    if all(pic.weak for pic in member.pics):
        said = ". ".join(member.pics[0].weak)
        return [
            Warning(
                f"{member.name}: every picture is weak",
                f"{said}. What is drawn from them may not hold.",
                member.code,
                kind="weak",
            )
        ]
    return []
