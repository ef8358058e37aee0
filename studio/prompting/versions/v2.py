"""Template v2, frozen. It imports nothing of ours but v1, which is frozen too.

Beside v1: it begins with who and what changes, and says the shot afterwards; it says which side each picture shows, and tells two
alike apart by a marker; contact, scale and the one light have rows of their own; what is kept is kept "identical to the first image"
by number; a wardrobe is said as a change; markers of camera and grade go to the style, once.
"""

from __future__ import annotations

import re
from typing import Any

from studio.prompting.versions.v1 import ORDINALS, SEPARATOR, VIEWS, Row, Span, _sentence, _shot
from studio.prompting.versions.v1 import _noun as _said

VERSION = "v2"
SIDES = {
    "back": "from the back in", "profile_left": "from the left in", "profile_right": "from the right in", "top": "from above in",
    "base": "from below in", "detail": "up close in", "full_body": "head to foot in",
}  # fmt: skip
TELLS_APART = ("hair", "item", "mark", "face", "body", "logo", "material", "wardrobe")
GARMENT = re.compile(
    r"\b(trench coat|trench|raincoat|overcoat|coat|jacket|blazer|hoodie|cardigan|parka|windbreaker|dress|gown|suit|shirt|blouse|sweater|jumper|"
    r"turtleneck|apron|uniform|overalls|dungarees|skirt|trousers|jeans)\b",
    re.I,
)


def _noun(member: Any) -> str:
    """v1's word, but an age is no word for somebody: "a 28-year-old woman" is a woman."""
    return _said(member).removeprefix("old ")


def compile(brief: Any, slots: Any, visible: dict[str, Any], strategy: str) -> list[Row]:
    """Rows of spans for a brief and the slots that go. `visible` maps a member's key to the markers this shot can show."""
    by_subject: dict[str, list[Any]] = {}
    for slot in slots:
        by_subject.setdefault(slot.subject, []).append(slot)
    seen = {m.key: strategy == "reference_first" and bool(_own(m, by_subject)) for m in brief.cast}
    rows: list[Row] = []
    bibles: list[Span] = [
        (_sentence(m.bible), "bible", m.code) for m in brief.cast if not seen[m.key] and m.bible.strip()
    ]
    if bibles:
        spaced = [span for bible in bibles for span in (bible, (" ", "plain", ""))]
        rows.append(("Bible", [*spaced[:-1], (SEPARATOR, "plain", "")]))
    if brief.cast:
        opening: list[Span] = [("New scene. ", "plain", "")] if any(seen.values()) and not bibles else []
        rows.append(("Who", [*opening, *_who(brief, by_subject, visible, seen)]))
    if brief.action.strip():
        rows.append(("Action", [(_sentence(brief.action) + " ", "action", "")]))
    for label, spans in (
        ("Together", _together(brief)),
        ("Place", _place(brief, by_subject)),
        ("Light", _light(brief, by_subject)),
        ("Shot", _shot(brief)),
        ("Wardrobe", _wardrobe(brief, by_subject, seen)),
        ("Keep", _keep(brief, by_subject, visible, seen)),
        ("Style", _style(brief, by_subject, visible)),
    ):
        if spans:
            rows.append((label, spans))
    last = f"One single picture, {brief.aspect}, no borders, no captions, no text that the scene does not ask for."
    rows.append(("Frame", [(last, "plain", "")]))
    return rows


def _own(member: Any, by_subject: dict[str, list[Any]]) -> list[Any]:
    """The slots that show who or what it is, without what is worn."""
    return [slot for slot in by_subject.get(member.key, []) if slot.role in ("identity", "product")]


def _images(slots: list[Any]) -> list[Span]:
    """ "the first and second images", each number a span of its own."""
    spans: list[Span] = [("the ", "plain", "")]
    for at, slot in enumerate(slots):
        if at:
            spans.append((" and " if at == len(slots) - 1 else ", ", "plain", ""))
        spans.append((ORDINALS[slot.n - 1], "ref", str(slot.n)))
    spans.append((" image" if len(slots) == 1 else " images", "plain", ""))
    return spans


def _by_sides(slots: list[Any]) -> list[Span]:
    """ "the first image, from the back in the second image": the picture that says who, and what the others show."""
    whole = [slot for slot in slots if slot is slots[0] or slot.pic.view not in SIDES]
    spans = _images(whole)
    for slot in slots:
        if slot not in whole:
            spans += [(f", {SIDES[slot.pic.view]} ", "plain", ""), *_images([slot])]
    return spans


def _the(member: Any) -> str:
    return member.name if member.kind == "character" else f"the {member.name}"


def _capital(spans: list[Span]) -> list[Span]:
    text, kind, source = spans[0]
    return [(text[:1].upper() + text[1:], kind, source), *spans[1:]]


def _markers(member: Any, visible: dict[str, Any]) -> list[Any]:
    """Those of the body that this shot shows: no camera, and no wardrobe where an outfit replaces it."""
    out = {"camera", "wardrobe"} if member.outfit else {"camera"}
    return [marker for marker in visible.get(member.key, ()) if marker.category not in out]


def _apart(member: Any, brief: Any, visible: dict[str, Any], seen: dict[str, bool]) -> list[Span]:
    """ " with the teal cap" where another one in the picture would be called the same."""
    alike = [
        m for m in brief.cast if m.kind == member.kind == "character" and seen[m.key] and _noun(m) == _noun(member)
    ]
    if len(alike) < 2:
        return []
    taken = {marker.phrase.lower() for m in alike if m is not member for marker in m.markers}
    own = [
        marker
        for marker in _markers(member, visible)
        if marker.phrase.lower() not in taken and marker.category in TELLS_APART
    ]
    if not own:
        return []
    marker = min(own, key=lambda m: TELLS_APART.index(m.category))
    return [(" with ", "plain", ""), (marker.phrase.strip(), "marker", marker.key)]


def _who(brief: Any, by_subject: dict[str, list[Any]], visible: dict[str, Any], seen: dict[str, bool]) -> list[Span]:
    spans: list[Span] = []
    holders = {key: m.name for m in brief.cast for key in m.holding}
    for member in _in_order(brief, by_subject, seen):
        if not seen[member.key]:
            spans += _capital([(_the(member), "plain", member.code)])
        elif member.kind == "character":
            named: list[Span] = [
                (f"the {_noun(member)}", "plain", member.code),
                *_apart(member, brief, visible, seen),
                (" in ", "plain", ""),
            ]
            spans += [
                *_capital(named),
                *_by_sides(_own(member, by_subject)),
                (f" ({member.name})", "plain", member.code),
            ]
        else:
            spans += [
                *_capital([(f"{_the(member)} from ", "plain", member.code)]),
                *_by_sides(_own(member, by_subject)),
            ]
        hand = f"in {holders[member.key]}’s hand" if member.key in holders else ""
        details = (member.where, hand, VIEWS.get(member.view, ""), member.doing)
        text = ", ".join(d.strip().rstrip(".") for d in details if d.strip()) or "in the picture"
        spans.append((f": {text}. ", "scene", member.code))
    return spans


def _in_order(brief: Any, by_subject: dict[str, list[Any]], seen: dict[str, bool]) -> list[Any]:
    """Whoever the first image shows is named first, the unseen last."""
    return sorted(brief.cast, key=lambda m: _own(m, by_subject)[0].n if seen[m.key] else len(ORDINALS) + 1)


def _together(brief: Any) -> list[Span]:
    """Contact and scale: the pictures cannot say how the pieces relate."""
    spans: list[Span] = []
    by_key = {m.key: m for m in brief.cast}
    held: set[str] = set()
    people = [m for m in brief.cast if m.kind == "character"]
    for holder in brief.cast:
        for key in holder.holding:
            if key in by_key:
                thing = by_key[key]
                held.add(key)
                grip = "holds it fast" if holder.species == "animal" else "the fingers close around it and touch it"
                text = f"{_the(holder)} holds {_the(thing)}: {grip}, and it is true to its size there. "
                spans.append((text[:1].upper() + text[1:], "scene", thing.code))
    for member in brief.cast:
        if member.kind == "product" and member.key not in held:
            beside = f" beside {people[0].name}" if people else ""
            rests = "" if member.where or member.doing else " rests on a surface,"
            text = f"{_the(member)}{rests or ' is'} true to its size{beside}, with a soft contact shadow. "
            spans.append((text[:1].upper() + text[1:], "scene", member.code))
    if len(people) > 1:
        names = f"{', '.join(m.name for m in people[:-1])} and {people[-1].name}"
        spans.append((f"{names} stand on the same ground, their sizes true to each other. ", "scene", people[0].code))
    return spans


def _place(brief: Any, by_subject: dict[str, list[Any]]) -> list[Span]:
    spans: list[Span] = []
    inside = {"INT": "Interior", "EXT": "Exterior"}.get(brief.int_ext, "")
    words = ", ".join(w for w in (inside, brief.place.strip(), brief.time_of_day.replace("_", " ").lower()) if w)
    if words:
        spans.append((_sentence(words) + " ", "scene", ""))
    slots = by_subject.get(brief.location.key, []) if brief.location else []
    if slots:
        shown = (f" ({brief.location.name}). ", "scene", brief.location.code)
        spans += [("The place is the one in ", "plain", ""), *_images(slots), shown]
    elif brief.location and brief.location.bible.strip():
        spans.append((_sentence(brief.location.bible) + " ", "bible", brief.location.code))
    return spans


def _light(brief: Any, by_subject: dict[str, list[Any]]) -> list[Span]:
    """The target light, once; the pictures bring their own, and need not match."""
    place = bool(brief.location and by_subject.get(brief.location.key))
    several = len(brief.cast) + place > 1
    if brief.light.strip():
        ending = ", the same for everybody and everything" if several else ""
        return [(f"Light: {brief.light.strip().rstrip('.')}{ending}. ", "scene", "")]
    return [("One light falls on everybody and everything. ", "plain", "")] if several else []


def _wardrobe(brief: Any, by_subject: dict[str, list[Any]], seen: dict[str, bool]) -> list[Span]:
    spans: list[Span] = []
    for member in brief.cast:
        if not member.outfit:
            continue
        said = member.outfit.description.strip().rstrip(".") or member.outfit.name
        garments = {found.lower() for found in GARMENT.findall(said)}
        garment = garments.pop() if len(garments) == 1 else "clothes"
        what = f"the {garment} {'are' if garment.endswith('s') and garment != 'dress' else 'is'}"
        start = f"{member.name} now wears " if seen[member.key] else f"Whatever is said above, {member.name} wears "
        spans += [(start, "plain", member.code), (said, "outfit", member.outfit.code)]
        worn = [slot for slot in by_subject.get(member.key, []) if slot.role == "outfit"]
        if worn:
            spans += [(", as in ", "plain", ""), *_images(worn)]
        ending = f"; {member.name} stays the same, even though {what} different. " if seen[member.key] else ". "
        spans.append((ending, "plain", ""))
    return spans


def _keep(brief: Any, by_subject: dict[str, list[Any]], visible: dict[str, Any], seen: dict[str, bool]) -> list[Span]:
    spans: list[Span] = []
    for member in _in_order(brief, by_subject, seen):
        markers = _markers(member, visible)
        if not markers:
            continue
        spans.append((f"Keep {_the(member)}’s ", "plain", member.code))
        for at, marker in enumerate(markers):
            if at:
                spans.append((" and " if at == len(markers) - 1 else ", ", "plain", ""))
            phrase = re.sub(r"^(an?|the) ", "", marker.phrase.strip(), flags=re.I)
            spans.append((phrase + (f" ({marker.colour})" if marker.colour else ""), "marker", marker.key))
        if seen[member.key]:
            spans += [(" identical to ", "plain", ""), *_images(_own(member, by_subject)), (". ", "plain", "")]
        else:
            spans.append((" exactly so. ", "plain", ""))
    return spans


def _style(brief: Any, by_subject: dict[str, list[Any]], visible: dict[str, Any]) -> list[Span]:
    spans: list[Span] = []
    if brief.style:
        slots = by_subject.get(brief.style.key, [])
        end = f" ({brief.style.name}): its hand, not what it shows; nobody’s features change. "
        said = (
            f"Drawn as {brief.style.name}{': ' + _sentence(brief.style.bible) if brief.style.bible.strip() else '.'} "
        )
        if slots:
            spans += [
                ("Draw it in the manner and palette of ", "plain", ""),
                *_images(slots),
                (end, "style", brief.style.code),
            ]
        else:
            spans.append((said, "style", brief.style.code))
    camera = {
        m.phrase.lower(): m for member in brief.cast for m in visible.get(member.key, ()) if m.category == "camera"
    }
    for marker in camera.values():
        spans.append((_sentence(marker.phrase) + " ", "marker", marker.key))
    return spans
