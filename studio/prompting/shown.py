"""Which side of somebody a panel shows, and which markers can be seen from there. Pure rules over words.

The rules follow what a storyboard artist reads off a shot line; a view set by hand always wins.
"""

from __future__ import annotations

import re

from studio.prompting.types import MarkerLine, Member

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


def hidden(marker: MarkerLine, member: Member, *, shot_size: str) -> str:
    """Why this marker cannot be seen in this shot, in words; empty where it can."""
    seen_from_behind = member.view == "back"
    if shot_size in {"INS", "INSERT"} and member.kind == "character":
        return "an insert shows no face" if marker.category in {"face", "hair", "mark", "posture"} else ""
    if seen_from_behind and not ON_THE_BACK.search(marker.phrase):
        if marker.category in {"face", "posture"}:
            return "the face is turned away"
        if marker.category == "mark":
            return "it is on the side turned away"
    if not seen_from_behind and re.search(r"\b(on|across|over) (?:the|his|her|their) back\b", marker.phrase, re.I):
        return "the back is not shown"
    if shot_size in EXTREME_WIDE and marker.category in {"face", "mark", "logo", "material", "posture"}:
        return "too small in an extreme wide shot"
    if shot_size in CLOSE and member.kind == "character":
        if marker.category == "body":
            return "outside a close frame"
        if marker.category in {"wardrobe", "item"} and LOW_CLOTHES.search(marker.phrase):
            return "below a close frame"
    for side, other in (("left", "right"), ("right", "left")):
        if member.view == f"profile_{side}" and re.search(rf"\b{other}\b", marker.phrase, re.I):
            return f"on the {other} side, which is turned away"
    return ""
