"""Letters of any script: our own Latin font, and the Noto fonts that are on the machine for PDF. Pillow only."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, features

from studio.lib.packages import FONT_FOLDERS

OURS = Path(__file__).resolve().parents[2] / "static" / "fonts" / "inter-latin-wght-normal.woff2"
CJK, EMOJI, PLAIN = "NotoSansCJK-Regular.ttc", "NotoColorEmoji.ttf", "NotoSans-Regular.ttf"
HAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH"}
FACES = {"HANGUL": 1, "CJK": 2}  # of the CJK collection: Korean, simplified Chinese; else Japanese
SIMPLE = {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN"} | HAN  # right without text shaping too
EMOJI_SIZE = 109  # px: the one size that the font has
JOINERS = {"\u200c", "\u200d"}
NO_GLYPH = "\uffff"


class Face(NamedTuple):
    """A font file, and which of its faces."""

    path: str
    number: int = 0

    @property
    def is_emoji(self) -> bool:
        return self.path.endswith(EMOJI)


def drawable(letter: str) -> bool:
    """Whether a font here has it; what is lacking would be drawn as an empty box."""
    return letter.isspace() or _joins(letter) or _face(letter) is not None


def written(text: str, height: int) -> Image.Image:
    """The text in one line as a mask, cut to what is seen. `height` is the letters' size in px."""
    pieces = [_piece(run, face, height) for face, run in _runs(text)]
    wide = sum(right for _, right in pieces)
    line = Image.new("L", (max(1, wide), 3 * height), 0)
    at = 0
    for mask, right in pieces:
        line.paste(255, (at, 0), mask)
        at += right
    return line.crop(line.getbbox() or (0, 0, 1, 1))


def _runs(text: str) -> list[tuple[Face, str]]:
    """The text in pieces of one font each, from left to right as they are seen."""
    runs: list[tuple[Face, str]] = []
    for letter in text:
        face = runs[-1][0] if runs and (_joins(letter) or letter.isspace()) else _face(letter)
        if face is None or letter.isspace():
            face = face or (runs[-1][0] if runs else Face(str(OURS)))
        if runs and runs[-1][0] == face:
            runs[-1] = (face, runs[-1][1] + letter)
        else:
            runs.append((face, letter))
    sides = (unicodedata.bidirectional(letter) for letter in text)
    first = next((side for side in sides if side in {"L", "R", "AL"}), "L")
    return runs if first == "L" else runs[::-1]


def _piece(run: str, face: Face, height: int) -> tuple[Image.Image, int]:
    """A run as a mask on a common base line, and how far it reaches."""
    font = _font(face, EMOJI_SIZE if face.is_emoji else height)
    wide = max(1, round(font.getlength(run)))
    if not face.is_emoji:
        mask = Image.new("L", (wide + height, 3 * height), 0)
        ImageDraw.Draw(mask).text((0, 2 * height), run, fill=255, font=font, anchor="ls")
        return mask, wide
    drawn = Image.new("RGBA", (wide, 3 * EMOJI_SIZE // 2), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).text((0, EMOJI_SIZE), run, font=font, anchor="ls", embedded_color=True)
    share = height / EMOJI_SIZE
    light = drawn.convert("L").point(lambda level: 90 + level * 165 // 255)  # its darkest parts are still seen
    light.putalpha(drawn.getchannel("A"))
    small = light.resize((max(1, round(wide * share)), max(1, round(drawn.height * share))))
    mask = Image.new("L", (small.width, 3 * height), 0)
    mask.paste(small.getchannel("L"), (0, 2 * height - round(EMOJI_SIZE * share)), small.getchannel("A"))
    return mask, small.width


def _joins(letter: str) -> bool:
    """Accents, vowel signs and joiners: drawn by the font of the letter before them."""
    return letter in JOINERS or unicodedata.combining(letter) > 0 or unicodedata.category(letter) in {"Mn", "Mc", "Me"}


@cache
def _face(letter: str) -> Face | None:
    script = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    if unicodedata.category(letter)[0] == "C":
        return None
    faces = [Face(str(OURS)), *_named(PLAIN)]
    if script in HAN:
        faces += [Face(face.path, FACES.get(script, 0)) for face in _named(CJK)]
    elif script in SIMPLE or features.check("raqm"):
        faces += _named(f"NotoSans{script.title()}-Regular.ttf")
    if unicodedata.category(letter) in {"So", "Sk"}:
        faces += _named(EMOJI)
    return next((face for face in faces if _has(face, letter)), None)


def _has(face: Face, letter: str) -> bool:
    if face.is_emoji:
        return _piece(letter, face, 32)[0].getbbox() is not None
    font = _font(face, 32)
    mask = bytes(font.getmask(letter))
    return any(mask) and mask != bytes(font.getmask(NO_GLYPH))


@cache
def _named(name: str) -> list[Face]:
    """A font by its file's name, where the machine has it."""
    places = ("truetype/noto", "opentype/noto", "noto", "")  # where Debian and others put it, before all is searched
    folders = [folder for one in FONT_FOLDERS if (folder := Path(one).expanduser()).is_dir()]
    for folder in folders:
        for place in places:
            if (folder / place / name).is_file():
                return [Face(str(folder / place / name))]
    found = next((path for folder in folders for path in folder.rglob(name)), None) if _is_plain(name) else None
    return [Face(str(found))] if found else []


def _is_plain(name: str) -> bool:
    """A script's name goes into a search: letters only, no pattern."""
    return name.replace("-", "").replace(".", "").isalnum()


@cache
def _font(face: Face, height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, height, index=face.number)
