"""How much text fits, estimated before anything is laid out, so that the preview and the PDF break at the same words.

Widths are in em and on the generous side: a line holds a little more than is assumed, never less. Pure; no font is read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NARROW = set("iljtfrI.,:;'!|()[]-·’‘ ")
WIDE = set("mwMW@%—…ÆŒæœЖШЩЮжшщюМ")  # up to 1.05 em
MORE = " …"


@lru_cache(maxsize=4096)
def advance(char: str) -> float:
    """One character's width in em."""
    if char in NARROW:
        return 0.36
    if char in WIDE:
        return 1.06
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.3 if char >= "\U0001f000" else 1.0
    if char >= "\U00012000" or char in "﷽":
        return 4.0
    if char.isascii():
        return 0.72 if char.isupper() else 0.64 if char.isdigit() else 0.59
    return 0.76


def measure(text: str) -> float:
    return sum(map(advance, text))


@lru_cache(maxsize=1024)
def direction(text: str) -> str:
    """ "rtl" where the first strong character reads from the right, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            break
    return "ltr"


def _pieces(paragraph: str) -> list[str]:
    """Where a line may break: after spaces, and between any two wide characters."""
    pieces: list[str] = []
    for word in re.findall(r"\s+|\S+", paragraph):
        start = 0
        for place, char in enumerate(word):
            if place > start and unicodedata.east_asian_width(char) in "WF":
                pieces.append(word[start:place])
                start = place
        pieces.append(word[start:])
    return pieces


def lines(text: str, width: float) -> list[str]:
    """The text as lines of at most `width` em. Joined they are the text again: nothing is dropped."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _pieces(paragraph):
            wide = measure(piece)
            if used + wide > width and line and not piece.isspace():
                found.append(line)
                line, used = "", 0.0
            while wide > width and not piece.isspace():
                cut = _cut(piece, width)
                found.append(piece[:cut])
                piece = piece[cut:]
                wide = measure(piece)
            line, used = line + piece, used + wide
        found.append(line + "\n")
    found[-1] = found[-1][:-1]
    return found


def _cut(word: str, width: float) -> int:
    used = 0.0
    for place, char in enumerate(word):
        used += advance(char)
        if used > width:
            return max(1, place)
    return len(word)


def split(text: str, width: float, room: int, *, tail: float = 0.0) -> tuple[str, str]:
    """What fits into `room` lines, and the rest; ("", text) where nothing does.

    `tail` em are kept free in the last line of a text that is cut, for the words that say where it goes on.
    """
    wrapped = lines(text, width)
    if len(wrapped) <= room:
        return text, ""
    if room < 1:
        return "", text
    last = lines(wrapped[room - 1], max(width - tail, 1))[0] if tail else wrapped[room - 1]
    head = "".join(wrapped[: room - 1]) + last
    return head.rstrip(), text[len(head) :].lstrip("\n ")
