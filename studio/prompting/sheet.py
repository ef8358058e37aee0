"""A side that no reference shows, planned and worded: from the locked bible and the pictures there are. Pure.

The words themselves are frozen in `versions.side1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from studio.prompting import shown
from studio.prompting.references import SAID
from studio.prompting.types import Brief, LeftOut, MarkerLine, Member, Pic, Plan, Prompt, Slot, Span, StayedOut, Warning
from studio.prompting.versions import side1 as template
from studio.providers.base import Limits

MOST_IDENTITY, MOST_WORN = 5, 3  # more pictures of the same thing pull apart
PLACE = "photo studio, plain paper backdrop"  # what a layout artist draws behind
TURNS = {
    "front": 0, "three_quarter_right": 45, "profile_right": 90, "back": 180, "profile_left": 270, "three_quarter_left": 315,
    "full_body": 0, "detail": 0, "": 0, "top": 90, "base": 90,
}  # fmt: skip
SIDES = {"left", "right", "upper", "lower", "with", "from"}  # two things on the same side are not the same thing
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
        cast=(member,), template_version=template.VERSION,
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
    visible: list[MarkerLine] = []
    left_out: list[LeftOut] = []
    for line in member.markers:
        why = shown.hidden(line, member, shot_size=found.shot_size) or _outside(line, side, member)
        if why:
            left_out.append(LeftOut(line.key, member.name, line.phrase, why))
        elif line.category != "camera":
            visible.append(line)
    rows = template.compile(side, found, planned.slots, visible)
    strategy = "reference_first" if any(slot.role != "outfit" for slot in planned.slots) else "bible_first"
    return prompt(template.VERSION, strategy, rows, left_out)


def prompt(version: str, strategy: str, rows: Sequence[tuple[str, list[Any]]], left_out: Sequence[LeftOut]) -> Prompt:
    """Rows of a frozen wording as the prompt that is sent."""
    spans = tuple((label, tuple(Span(*span) for span in row)) for label, row in rows)
    text = "".join(span.text for _, row in spans for span in row).strip()
    plain = tuple((label, "".join(span.text for span in row).strip()) for label, row in spans)
    return Prompt(version, strategy, spans, tuple(left_out), text, (), plain)


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
