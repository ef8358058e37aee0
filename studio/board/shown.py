"""Which side of somebody a panel shows, and which markers can be seen from there. Pure rules over words.

The rules follow what a storyboard artist reads off a shot line; a view set by hand always wins. The prompt leaves out what
they hide, and the consistency matrix fills it in: both ask here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from studio.board.models import Appearance, Panel, Take
from studio.library.models import Kind

BEHIND = re.compile(
    r"\b(from behind|seen from the back|(?:his|her|their|its) back to (?:us|camera|the camera)|walk\w* (?:away|off)|"
    r"turn\w* away|back view|from the rear|rear view|look\w* (?:out|away) over|faces? away)\b",
    re.I,
)
LEFT_SIDE = re.compile(r"\b(from (?:his|her|their|its) left|left profile|left side of (?:his|her|their) face)\b", re.I)
RIGHT_SIDE = re.compile(
    r"\b(from (?:his|her|their|its) right|right profile|right side of (?:his|her|their) face)\b", re.I
)
PROFILE = re.compile(r"\b(in profile|side[- ]on|from the side|profile)\b", re.I)
QUARTER = re.compile(r"\bthree[- ]quarters?\b", re.I)
TOP = re.compile(r"\b(from above|top[- ]down|flat[- ]?lay|overhead)\b", re.I)
BASE = re.compile(r"\b(from below|underside|the base|bottom of)\b", re.I)

EXTREME_WIDE = {"EWS", "EST", "ELS"}
WIDE = EXTREME_WIDE | {"WS", "LS", "FS"}
CLOSE = {"MCU", "CU", "BCU", "VCU", "ECU"}
TIGHT = {"CU", "BCU", "VCU", "ECU"}
LOW_CLOTHES = re.compile(
    r"\b(trousers?|jeans|skirt|boots?|shoes?|sneakers?|belt|toolbelt|socks?|hem|legs?|knees?)\b", re.I
)
ON_THE_BACK = re.compile(r"\b(back|nape|behind|shoulder blades?|spine)\b", re.I)
ACROSS_THE_BACK = re.compile(r"\b(on|across|over) (?:the|his|her|their) back\b", re.I)


def view_of(row: Appearance, panel: Panel, cast: Sequence[Appearance]) -> str:
    """The view (library View codes) that a panel shows of one of its cast; each row needs its `subject`."""
    if row.view:
        return row.view
    person = row.subject.kind == Kind.CHARACTER
    people = sum(other.subject.kind == Kind.CHARACTER for other in cast)
    return view(
        kind="character" if person else "product",
        shot_size=panel.shot_size,
        angle=panel.angle,
        framing=panel.framing,
        action=panel.action,
        doing=row.doing,
        where=row.where,
        others=people - 1 if person else people,
    )


def view(
    *, kind: str, shot_size: str, angle: str, framing: str, action: str, doing: str, where: str, others: int
) -> str:
    """The view (library View codes) that this panel shows of one member. `others`: how many more people are in it.

    `doing` speaks of this member and is read before the panel's action, which may speak of somebody else.
    """
    words = f"{doing}. {where}" if others and doing else f"{doing}. {where}. {action}"
    if kind == "product":
        if angle == "top" or TOP.search(words):
            return "top"
        if BASE.search(words):
            return "base"
        if shot_size in TIGHT:
            return "detail"
        return "back" if BEHIND.search(words) else "front"
    if framing == "back" or BEHIND.search(words):
        return "back"
    if LEFT_SIDE.search(words):
        return "profile_left"
    if RIGHT_SIDE.search(words):
        return "profile_right"
    side = "left" if "right" in where.lower() else "right"  # at the right edge one faces into frame
    if framing == "profile" or PROFILE.search(words):
        return f"profile_{side}"
    if QUARTER.search(words):
        return f"three_quarter_{side}"
    if framing == "ots" and ("foreground" in where.lower() or "over" in where.lower()):
        return "back"
    if shot_size in WIDE:
        return "full_body"
    return "front"


class Drawn(NamedTuple):
    """The shot that a take was drawn as, whatever became of its panel since. `views`: by subject code, the view and whether that
    is a character or a product; `said`: keys of markers that were asked for though the rules hide them."""

    shot_size: str
    views: dict[str, tuple[str, str]]
    said: frozenset[str]


def as_drawn(take: Take) -> Drawn | None:
    """From what was frozen with the take; None for takes from before shots were kept: their panel has to do."""
    shot: dict[str, Any] | None = take.parameters.get("shot")
    if not shot:
        return None
    views = {one["code"]: (one["view"], one["kind"]) for one in shot["cast"]}
    return Drawn(shot["shot_size"], views, frozenset(shot.get("sent", ())))


@lru_cache(maxsize=20_000)
def hidden(*, phrase: str, category: str, kind: str, view: str, shot_size: str) -> str:
    """Why a marker of a character or product seen from `view` cannot be seen in this shot, in words; empty where it can."""
    seen_from_behind = view == "back"
    if shot_size in {"INS", "INSERT"} and kind == "character":
        return "an insert shows no face" if category in {"face", "hair", "mark", "posture"} else ""
    if seen_from_behind and not ON_THE_BACK.search(phrase):
        if category in {"face", "posture"}:
            return "the face is turned away"
        if category == "mark":
            return "it is on the side turned away"
    if not seen_from_behind and ACROSS_THE_BACK.search(phrase):
        return "the back is not shown"
    if shot_size in EXTREME_WIDE and category in {"face", "mark", "logo", "material", "posture"}:
        return "too small in an extreme wide shot"
    if shot_size in CLOSE and kind == "character":
        if category == "body":
            return "outside a close frame"
        if category in {"wardrobe", "item"} and LOW_CLOTHES.search(phrase):
            return "below a close frame"
    for side, other in (("left", "right"), ("right", "left")):
        if view == f"profile_{side}" and re.search(rf"\b{other}\b", phrase, re.I):
            return f"on the {other} side, which is turned away"
    return ""
