"""What identifies a figure and what it wears, read from the phrases and swatches of its markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import ImageColor

from studio.providers.sketch.pen import luminance, mix, shade

NAMED = {
    "black": "#1f1c1f", "white": "#ecebe6", "grey": "#8b8d90", "gray": "#8b8d90", "silver": "#b9bcc0",
    "charcoal": "#3a3c40", "red": "#b4342c", "scarlet": "#c23a2a", "crimson": "#9c2433", "burgundy": "#6b2233",
    "maroon": "#642a2c", "rust": "#b4542b", "orange": "#d2762c", "amber": "#d99a35", "ochre": "#c08a30",
    "mustard": "#cf9e31", "yellow": "#e6b93a", "gold": "#d0a347", "cream": "#efe5cf", "beige": "#d3c1a2",
    "oat": "#d8c7a6", "sand": "#cdb48b", "tan": "#b98d5c", "camel": "#b98d5c", "brown": "#6b4930",
    "chestnut": "#6e3b22", "auburn": "#7c3a21", "copper": "#b5622f", "ginger": "#b9632e", "blond": "#d6b26c",
    "blonde": "#d6b26c", "olive": "#6b6d3c", "khaki": "#8d8458", "moss": "#6c7648", "green": "#4c7a4e",
    "emerald": "#217a58", "mint": "#a6d3bd", "teal": "#1f7a7c", "turquoise": "#3aa7a3", "cyan": "#4bb3c8",
    "blue": "#3e6796", "navy": "#25324f", "ink": "#232a3d", "denim": "#4e6277", "indigo": "#37406f",
    "violet": "#6b4f94", "purple": "#68407c", "lilac": "#b7a2cf", "lavender": "#b3a5d2", "pink": "#d98fa0",
    "rose": "#c8707c", "coral": "#e0735a", "peach": "#eab08d", "copper-red": "#b5522f",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Colours are "#rrggbb"; None means not worn. `top` and `bottom` are cuts, `hair` is a style."""

    skin: str = "#c08a66"
    hair_colour: str = "#2b2220"
    hair: str = "short"  # short, cropped, bald, bob, long, tied, ponytail, curly, bun, afro
    part: int = 0  # side the hair is parted on: -1, 0, 1
    brow: float = 1.0
    eyes: str = "#3a2a20"
    lips: str = "#9a5148"
    beard: str | None = None
    beard_full: bool = False
    hat: str | None = None  # beanie, cap, brim, helmet, souwester, hood
    hat_colour: str = "#b4542b"
    patch: str | None = None  # a sign on the hat: bolt, antenna, anchor, plain
    patch_colour: str = "#ece6d6"
    glasses: str | None = None
    mole: tuple[float, float] | None = None  # degrees from the middle of the face, units above the chin
    freckles: bool = False
    scar: bool = False
    earring: str | None = None
    cuff: str | None = None
    scarf: str | None = None
    top: str = "jacket"  # jacket, coat, raincoat, trench, suit, sweater, shirt, tee, vest, dress
    top_colour: str = "#4e6277"
    inner: str = "#5f6266"
    stripe: str | None = None  # reflective band
    emblem: str | None = None  # on the back: turbine, anchor, ring
    emblem_colour: str = "#e8dcc0"
    bottom: str = "trousers"  # trousers, shorts, skirt, kilt, leggings
    bottom_colour: str = "#33363b"
    shoes: str = "#3e2c20"
    boots: bool = False
    belt: str | None = None
    tools: bool = False
    bag: str | None = None
    gloves: str | None = None
    bulk: float = 1.0
    old: bool = False
    smile: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)


SKINS = ("#e3b998", "#d6a27e", "#c08a66", "#a26d4a", "#85573a", "#66412c")
HAIRS = ("#211b1b", "#3a2a22", "#5b3a26", "#86562f", "#b98d52", "#7d7f83")
TOPS = ("#4e6277", "#7a5a3d", "#5d6b52", "#8a4a3c", "#3f5a66", "#6a5570", "#a2803f", "#46506b")
BOTTOMS = ("#33363b", "#2c3446", "#4a4038", "#3c4438", "#5a5347")

HAIR_WORDS = (
    ("bald", r"bald|shav(?:ed|en) head|no hair"),
    ("afro", r"afro|frizz"),
    ("bun", r"\bbun\b|topknot|chignon|updo"),
    ("ponytail", r"pony ?tail|tied|braid|plait"),
    ("cropped", r"crop|buzz|crew cut|stubbl"),
    ("curly", r"curl|coil|ringlet"),
    ("bob", r"\bbob\b|chin[- ]length|shoulder[- ]length"),
    ("long", r"\blong\b|waist|flowing|straight"),
    ("short", r"short|pixie|quiff|side part"),
)
HATS = (
    ("beanie", r"beanie|knit(?:ted)? cap|wool(?:len)? cap|watch cap|toque|bobble hat|woolly hat"),
    ("souwester", r"sou'?wester|rain hat"),
    ("helmet", r"helmet|hard hat"),
    ("hood", r"\bhood(?: up)?\b"),
    ("cap", r"\bcap\b|baseball|peaked"),
    ("brim", r"\bhat\b|fedora|stetson|panama|beret|bowler"),
)
TOPS_WORDS = (
    ("trench", r"trench"),
    ("raincoat", r"raincoat|oilskin|slicker|anorak|waterproof|poncho|parka"),
    ("suit", r"\bsuit\b|blazer|tuxedo|dinner jacket"),
    ("coat", r"\bcoat\b|overcoat|lab coat|robe|cloak"),
    ("vest", r"\bvest\b|waistcoat|gilet|tank top"),
    ("jacket", r"jacket|parka|bomber|cardigan|hoodie|overall|coverall|dungaree|uniform|spacesuit|flight suit"),
    ("dress", r"\bdress\b|gown|frock|kimono|sari"),
    ("sweater", r"sweater|jumper|pullover|knit(?!ted cap|ted hat)|turtleneck|roll[- ]?neck|fleece"),
    ("shirt", r"shirt|blouse|polo"),
    ("tee", r"\btee\b|t-shirt|top\b"),
)
BOTTOM_WORDS = (
    ("kilt", r"\bkilt\b"),
    ("skirt", r"\bskirt\b"),
    ("shorts", r"\bshorts\b"),
    ("leggings", r"legging|tights"),
    ("trousers", r"trouser|jeans|pants|chinos|slacks|cargo"),
)


def hexed(value: object) -> str | None:
    """A colour as "#rrggbb", or None where it is none."""
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{3,8}", value.strip()):
        return None
    try:
        return "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(value.strip())[:3])
    except ValueError:
        return None


def named(phrase: str, near: str = "") -> str | None:
    """The colour word in a phrase; where `near` is given, the nearest one before it."""
    said = phrase.lower()
    end = re.search(near, said).start() if near and re.search(near, said) else len(said)  # type: ignore[union-attr]
    best, where = None, -1
    for word, colour in NAMED.items():
        for hit in re.finditer(rf"\b{word}\b", said):
            if where < hit.start() <= end:
                best, where = colour, hit.start()
    return best


def first(table: Iterable[tuple[str, str]], said: str) -> str | None:
    return next((name for name, pattern in table if re.search(pattern, said)), None)


def look_of(member: Mapping[str, Any], sampled: Mapping[str, str] | None = None) -> Look:
    """The look of a cast member. `sampled` are colours measured on its reference: skin, hair, top, bottom."""
    name = str(member.get("name") or member.get("key") or "")
    own = sum(ord(letter) * (place + 3) for place, letter in enumerate(name[:40]))
    look = Look(
        skin=SKINS[own % 4], hair_colour=HAIRS[own // 3 % len(HAIRS)], top_colour=TOPS[own // 5 % len(TOPS)],
        bottom_colour=BOTTOMS[own // 7 % len(BOTTOMS)], hair=("short", "bob", "ponytail", "curly")[own // 11 % 4],
        top=("jacket", "sweater", "shirt", "coat")[own // 13 % 4],
    )  # fmt: skip
    if sampled:
        names = {"skin": "skin", "hair": "hair_colour", "top": "top_colour", "bottom": "bottom_colour"}
        seen: dict[str, Any] = {names[k]: v for k, v in sampled.items() if k in names}
        look = replace(look, **seen)
    worn: dict[str, Any] = {}
    outfit = str(member.get("outfit") or "")
    colours = [c for c in (hexed(v) for v in _listed(member.get("outfit_colours"))) if c]
    for marker in _listed(member.get("markers")):
        if isinstance(marker, Mapping):
            _mark(
                str(marker.get("category") or ""),
                str(marker.get("phrase") or "")[:300],
                hexed(marker.get("colour")),
                worn,
            )
    if outfit:
        _dress(outfit[:300], None, worn)
    if colours:
        worn["top_colour"] = colours[0]
        if len(colours) > 1:
            worn["bottom_colour"] = colours[1]
        if len(colours) > 2:
            worn["inner"] = colours[2]
    said = f"{name} {member.get('bible') or ''} " + " ".join(
        str(m.get("phrase") or "") for m in _listed(member.get("markers")) if isinstance(m, Mapping)
    )
    said = said.lower()[:4000]
    if re.search(r"\b(old|elder\w*|6\ds|7\ds|sixt\w+|sevent\w+|weathered|wrinkl\w*|grand(?:father|mother))\b", said):
        worn["old"] = True
    if re.search(r"\b(stout|heavy|burly|broad|stocky|large)\b", said):
        worn.setdefault("bulk", 1.14)
    if re.search(r"\b(slim|slender|thin|lanky|petite)\b", said):
        worn.setdefault("bulk", 0.93)
    look = replace(look, **worn)
    return replace(look, lips=mix(look.skin, "#8e3a3a", 0.5))


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _mark(category: str, phrase: str, swatch: str | None, worn: dict[str, Any]) -> None:
    said, kind = phrase.lower(), category.lower()
    colour = swatch or named(phrase)
    hat = first(HATS, said)
    if "hair" in kind:
        worn["hair"] = first(HAIR_WORDS, said) or worn.get("hair", "short")
        worn["hair_colour"] = colour or worn.get("hair_colour", "#2b2220")
        if "part" in said:
            worn["part"] = -1 if "left" in said else 1
        if re.search(r"curl|coil", said) and worn["hair"] == "ponytail":
            worn["marks"] = {**worn.get("marks", {}), "curl": "yes"}
    if re.search(r"beard|moustache|mustache|goatee", said):
        worn["beard"] = colour or "#8b8d90"
        worn["beard_full"] = "beard" in said
        if "hair" not in kind and colour:
            worn.setdefault("hair_colour", colour)
    elif (kind == "face" and re.search(r"skin|complexion|face", said) and swatch) or (
        kind == "body" and "skin" in said and swatch
    ):
        worn["skin"] = swatch
    if re.search(r"\bmole\b|beauty spot|birthmark", said):
        worn["mole"] = ((22 if "right" in said else -22), 10 if "chin" in said else 34)
    if "freckl" in said:
        worn["freckles"] = True
    if re.search(r"\bscar\b", said):
        worn["scar"] = True
    if re.search(r"glasses|spectacles|goggles", said):
        worn["glasses"] = colour or "#2a2a2c"
    if hat:
        worn["hat"], worn["hat_colour"] = hat, swatch or named(phrase, hat if hat != "brim" else "hat") or "#5d6b52"
        worn["patch"] = first(
            (
                ("bolt", "lightning|bolt|flash"),
                ("antenna", "antenna|mast"),
                ("anchor", "anchor"),
                ("plain", "patch|badge|logo"),
            ),
            said,
        )
        worn["patch_colour"] = "#f2efe6" if "white" in said or not worn["patch"] else named(said, "patch") or "#f2efe6"
        if "white" in said:
            worn["patch_colour"] = "#f2efe6"
    if re.search(r"scarf|bandana|shawl", said):
        worn["scarf"] = colour or "#8a4a3c"
    if re.search(r"ear ?cuff", said):
        worn["cuff"] = colour or "#c9ccd2"
    elif re.search(r"earring|stud|hoop", said):
        worn["earring"] = colour or "#d9b45a"
    if re.search(r"tool ?belt", said):
        worn["belt"], worn["tools"] = colour or "#8a6a2a", True
    elif re.search(r"\bbelt\b", said) and not first(TOPS_WORDS, said):
        worn["belt"] = colour or "#5a3b26"
    if re.search(r"\bbag\b|satchel|backpack|rucksack|tote", said):
        worn["bag"] = colour or "#6b4930"
    if "glove" in said:
        worn["gloves"] = colour or "#4a4038"
    if re.search(r"emblem|back patch|on the back", said):
        worn["emblem"] = first((("turbine", "turbine|wind|rotor|blade"), ("anchor", "anchor")), said) or "ring"
        worn["emblem_colour"] = colour or "#e8dcc0"
    elif not hat and (kind in {"wardrobe", "item", "signature", "material", ""} or first(TOPS_WORDS, said)):
        _dress(phrase, swatch, worn)


def _dress(phrase: str, swatch: str | None, worn: dict[str, Any]) -> None:
    said = phrase.lower()
    top, bottom = first(TOPS_WORDS, said), first(BOTTOM_WORDS, said)
    if top:
        worn["top"] = top
        colour = swatch or named(phrase, dict(TOPS_WORDS)[top]) or named(phrase)
        if colour:
            worn["top_colour"] = colour
            worn["inner"] = shade(colour, -0.45) if luminance(colour) > 0.45 else shade(colour, 0.55)
        if top == "suit" and colour:
            worn["bottom_colour"] = colour
    if bottom:
        worn["bottom"] = bottom
        colour = (None if top else swatch) or named(phrase, dict(BOTTOM_WORDS)[bottom])
        if colour:
            worn["bottom_colour"] = colour
    if re.search(r"reflective|hi-?vis", said):
        worn["stripe"] = "#dfe3dc"
    if re.search(r"\bboots?\b|wellington|wader", said):
        worn["boots"] = True
        worn["shoes"] = (None if top or bottom else swatch) or named(phrase, "boot") or "#4a3423"
    elif re.search(r"shoes?|trainer|sneaker|loafer", said):
        worn["shoes"] = (None if top or bottom else swatch) or named(phrase, "shoe|trainer|sneaker") or "#4a3423"
