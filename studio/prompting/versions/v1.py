"""Template v1, frozen. It imports nothing of ours, so that what it wrote once it writes again.

Reference first: say what changes, name everybody by position and description, then what must stay identical.
Bible first: the bible as a prefix, the mark " | Scene: ", then the scene; for whoever has no picture to be seen by.
"""

from __future__ import annotations

import re
from typing import Any

VERSION = "v1"
SEPARATOR = " | Scene: "
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
SIZES = {
    "EST": "establishing shot", "EWS": "extreme wide shot", "ELS": "extreme long shot", "WS": "wide shot", "LS": "long shot",
    "FS": "full shot, head to foot", "MLS": "medium long shot, from the knees up", "MS": "medium shot, from the waist up",
    "MCU": "medium close-up, from the chest up", "CU": "close-up of the face", "BCU": "big close-up", "VCU": "very close-up",
    "ECU": "extreme close-up", "INS": "insert shot of a detail", "OTS": "over-the-shoulder shot", "POV": "point-of-view shot",
}  # fmt: skip
ANGLES = {
    "eye": "eye level", "high": "high angle, looking down", "low": "low angle, looking up", "top": "seen from directly above",
    "worm": "worm's-eye view from the ground", "dutch": "tilted horizon", "ground": "camera on the ground", "shoulder": "shoulder level",
}  # fmt: skip
FRAMINGS = {
    "single": "one person in frame", "two_shot": "two-shot", "three_shot": "three-shot", "group": "group shot", "ots": "over the shoulder",
    "pov": "point of view", "insert": "insert", "profile": "in profile", "back": "seen from behind",
}  # fmt: skip
VIEWS = {
    "three_quarter_left": "turned three-quarters, left side nearer", "three_quarter_right": "turned three-quarters, right side nearer",
    "profile_left": "in profile, left side to camera", "profile_right": "in profile, right side to camera",
    "back": "seen from behind", "top": "seen from above", "base": "its base shown",
}  # fmt: skip
PERSON = re.compile(r"\b(woman|man|girl|boy|teenager|child|old man|old woman|person)\b", re.I)
PRONOUN = re.compile(r"\b(she|hers?|he|his|him)\b", re.I)
ANIMAL = re.compile(r"\b(dog|cat|horse|bird|fox|wolf|bear|rabbit|corgi|terrier|parrot|goat|cow)\b", re.I)

Span = tuple[str, str, str]  # text, kind, source
Row = tuple[str, list[Span]]


def compile(brief: Any, slots: Any, visible: dict[str, Any], strategy: str) -> list[Row]:
    """Rows of spans for a brief and the slots that go. `visible` maps a member's key to the markers this shot can show."""
    by_subject: dict[str, list[Any]] = {}
    for slot in slots:
        by_subject.setdefault(slot.subject, []).append(slot)
    rows: list[Row] = []
    unseen = [m for m in brief.cast if strategy == "bible_first" or m.key not in by_subject]
    if unseen:
        bibles: list[Span] = [(_sentence(m.bible) + " ", "bible", m.code) for m in unseen if m.bible.strip()]
        if bibles:
            bibles[-1] = (bibles[-1][0].strip(), "bible", bibles[-1][2])
            rows.append(("Bible", [*bibles, (SEPARATOR, "plain", "")]))
    rows.append(("Shot", _shot(brief)))
    if brief.cast:
        rows.append(("Who", _who(brief, by_subject, strategy)))
    if brief.action.strip():
        rows.append(("Action", [(_sentence(brief.action) + " ", "action", "")]))
    place = _place(brief, by_subject)
    if place:
        rows.append(("Place", place))
    wardrobe = _wardrobe(brief, by_subject)
    if wardrobe:
        rows.append(("Wardrobe", wardrobe))
    keep = _keep(brief, by_subject, visible, strategy)
    if keep:
        rows.append(("Keep", keep))
    if brief.style:
        rows.append(("Style", _style(brief, by_subject)))
    rows.append(
        (
            "Frame",
            [
                (
                    f"One single picture, {brief.aspect}, no borders, no captions, no text that the scene does not ask for.",
                    "plain",
                    "",
                )
            ],
        )
    )
    return rows


def _shot(brief: Any) -> list[Span]:
    words = [SIZES.get(brief.shot_size, brief.shot_size.lower() or "medium shot")]
    for table, code in ((ANGLES, brief.angle), (FRAMINGS, brief.framing)):
        if code:
            words.append(table.get(code, code.lower()))
    if brief.lens:
        words.append(f"{brief.lens} lens")
    return [(_sentence(", ".join(words)) + " ", "shot", "")]


def _noun(member: Any) -> str:
    if member.kind == "product":
        return member.name
    pattern = ANIMAL if member.species == "animal" else PERSON
    found = pattern.search(member.bible)
    if found or member.species == "animal":
        return found[1].lower() if found else "animal"
    said = PRONOUN.search(member.bible)
    return "person" if not said else "woman" if said[1].lower() in ("she", "her", "hers") else "man"


def _images(slots: list[Any]) -> list[Span]:
    """ "the first and second images", each number a span of its own."""
    spans: list[Span] = [("the ", "plain", "")]
    for at, slot in enumerate(slots):
        if at:
            spans.append((" and " if at == len(slots) - 1 else ", ", "plain", ""))
        spans.append((ORDINALS[slot.n - 1], "ref", str(slot.n)))
    spans.append((" image" if len(slots) == 1 else " images", "plain", ""))
    return spans


def _named(member: Any, by_subject: dict[str, list[Any]], strategy: str) -> list[Span]:
    slots = [s for s in by_subject.get(member.key, []) if s.role in ("identity", "product")]
    if not slots or strategy == "bible_first":
        return [(member.name, "plain", member.code)]
    noun = _noun(member)
    start = f"{member.name}, the {noun} in " if member.kind == "character" else f"the {noun} from "
    return [(start, "plain", member.code), *_images(slots)]


def _who(brief: Any, by_subject: dict[str, list[Any]], strategy: str) -> list[Span]:
    spans: list[Span] = []
    names = {m.key: m.name for m in brief.cast}
    held = {key for m in brief.cast for key in m.holding}
    for member in brief.cast:
        named = _named(member, by_subject, strategy)
        spans.append((named[0][0][:1].upper() + named[0][0][1:], *named[0][1:]))
        spans += named[1:]
        details = [d for d in (member.where, VIEWS.get(member.view, ""), member.doing) if d.strip()]
        if member.holding:
            details.append(
                "holding "
                + " and ".join(names[key] for key in member.holding if key in names)
                + ", fingers closed around it"
            )
        if member.key in held:
            details.append("in the hand, true to its size")
        elif member.kind == "product" and not member.where and not member.doing:
            details.append("resting on a surface, true to its size, with a soft contact shadow")
        text = ", ".join(d.strip().rstrip(".") for d in details)
        spans.append((f"{': ' if text else ''}{text}. ", "scene", member.code))
    return spans


def _place(brief: Any, by_subject: dict[str, list[Any]]) -> list[Span]:
    spans: list[Span] = []
    inside = {"INT": "Interior", "EXT": "Exterior"}.get(brief.int_ext, "")
    words = ", ".join(w for w in (inside, brief.place.strip(), brief.time_of_day.replace("_", " ").lower()) if w)
    if words:
        spans.append((_sentence(words) + " ", "scene", ""))
    slots = by_subject.get(brief.location.key, []) if brief.location else []
    if slots:
        spans += [
            ("The place is the one in ", "plain", ""),
            *_images(slots),
            (f" ({brief.location.name}). ", "scene", brief.location.code),
        ]
    elif brief.location and brief.location.bible.strip():
        spans.append((_sentence(brief.location.bible) + " ", "bible", brief.location.code))
    if brief.light.strip():
        spans.append((f"Light: {_sentence(brief.light)} ", "scene", ""))
    if len([m for m in brief.cast if m.key in by_subject]) + bool(slots) > 1:
        spans.append(("Everything is lit by this one light and stands on the same ground. ", "plain", ""))
    return spans


def _wardrobe(brief: Any, by_subject: dict[str, list[Any]]) -> list[Span]:
    spans: list[Span] = []
    for member in brief.cast:
        if not member.outfit:
            continue
        said = member.outfit.description.strip().rstrip(".") or member.outfit.name
        spans.append((f"{member.name} wears {said}", "outfit", member.outfit.code))
        worn = [s for s in by_subject.get(member.key, []) if s.role == "outfit"]
        if worn:
            spans += [(", as in ", "plain", ""), *_images(worn)]
        seen = any(s.role == "identity" for s in by_subject.get(member.key, []))
        spans.append(
            (
                f"; {member.name} stays the same person even though the clothes are different. " if seen else ". ",
                "plain",
                "",
            )
        )
    return spans


def _keep(brief: Any, by_subject: dict[str, list[Any]], visible: dict[str, Any], strategy: str) -> list[Span]:
    spans: list[Span] = []
    for member in brief.cast:
        markers = [m for m in visible.get(member.key, ()) if not (member.outfit and m.category == "wardrobe")]
        if not markers:
            continue
        owner = f"Keep {member.name}’s " if member.kind == "character" else f"Keep the {member.name}’s "
        spans.append((owner, "plain", member.code))
        for at, marker in enumerate(markers):
            if at:
                spans.append((" and " if at == len(markers) - 1 else ", ", "plain", ""))
            phrase = re.sub(r"^(an?|the) ", "", marker.phrase.strip(), flags=re.I)
            spans.append((phrase + (f" ({marker.colour})" if marker.colour else ""), "marker", marker.key))
        seen = strategy == "reference_first" and member.key in by_subject
        spans.append((" identical to the reference. " if seen else " exactly so. ", "plain", ""))
    return spans


def _style(brief: Any, by_subject: dict[str, list[Any]]) -> list[Span]:
    slots = by_subject.get(brief.style.key, [])
    if slots:
        return [
            ("Draw it in the manner and palette of ", "plain", ""),
            *_images(slots),
            (f" ({brief.style.name}), nobody’s features changed by it. ", "style", brief.style.code),
        ]
    return [(f"Drawn as {brief.style.name}: {_sentence(brief.style.bible)} ", "style", brief.style.code)]


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    text = text[:1].upper() + text[1:]
    return text if text[-1] in ".!?…。" else text + "."
