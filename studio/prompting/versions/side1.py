"""The words of a side that no reference shows, frozen. It imports nothing of ours but v1 and v2, which are frozen too.

They keep the medium that the pictures have. They never speak of sheets, turnarounds or models: such words drag photographs toward
drawings, and one picture toward several. Clothes are said as a change, so that they do not loosen the face.
"""

from __future__ import annotations

import re
from typing import Any

from studio.prompting.versions.v1 import ANIMAL, PRONOUN, SEPARATOR, Row, _sentence
from studio.prompting.versions.v2 import _images

VERSION = "side1"
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
PERSON = re.compile(r"\b(woman|man|girl|boy|teenager|child|person)\b", re.I)


def compile(side: Any, found: Any, slots: Any, visible: list[Any]) -> list[Row]:
    """Rows of spans for a side of the one member of `found`, the slots that go and the markers that this side can show."""
    member = found.cast[0]
    own = [slot for slot in slots if slot.role != "outfit"]
    rows: list[Row] = []
    if not own and member.bible.strip():
        rows.append(("Bible", [(_sentence(member.bible), "bible", member.code), (SEPARATOR, "plain", "")]))
    rows.append(("Side", _side(side, member, own)))
    if member.outfit:
        rows.append(("Wardrobe", _wardrobe(member, slots, bool(own))))
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
    return rows


def noun(member: Any) -> str:
    """What somebody is called: "woman", "dog"; of a product its name. An age is no word for it: "28-year-old woman" is a woman."""
    if member.kind == "product":
        return member.name
    pattern = ANIMAL if member.species == "animal" else PERSON
    found = pattern.search(member.bible)
    if found or member.species == "animal":
        return found[1].lower() if found else "animal"
    said = PRONOUN.search(member.bible)
    return "person" if not said else "woman" if said[1].lower() in {"she", "her", "hers"} else "man"


def _side(side: Any, member: Any, own: list[Any]) -> list[Any]:
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


def _wardrobe(member: Any, slots: Any, seen: bool) -> list[Any]:
    outfit = member.outfit
    assert outfit is not None
    said = outfit.description.strip().rstrip(".") or outfit.name
    colours = f" ({', '.join(outfit.colours)})" if outfit.colours else ""
    spans: list[Any] = [
        (f"{member.name} {'now ' if seen else ''}wears ", "plain", member.code),
        (f"{said}{colours}", "outfit", outfit.code),
    ]
    worn = [slot for slot in slots if slot.role == "outfit"]
    if worn:
        spans += [
            (", as in ", "plain", ""),
            *_images(worn),
            (": the clothes only, nobody who wears them there", "plain", ""),
        ]
    ending = f"; {member.name} stays the same, even though the clothes are different. " if seen else ". "
    return [*spans, (ending, "plain", "")]


def _ground(member: Any) -> str:
    who = "nobody and nothing else" if member.kind == "character" else "nothing else"
    whole = member.kind == "character" and member.view != "detail"
    stance = "Standing calmly, the arms relaxed, the expression at rest. " if whole else ""
    return f"{stance}Before a plain, even, light grey ground in soft, even light; {who} in the picture. "


def _keep(member: Any, visible: list[Any], own: list[Any]) -> list[Any]:
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
