"""What changed between two versions, for reading. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True)
class MarkerChange:
    """One marker in both versions: `word` is Added, Removed, Changed or Same; `pieces` its phrase as a difference."""

    word: str
    tone: str
    category: str
    phrase: str
    pieces: tuple[Piece, ...]
    colour_was: str = ""
    colour: str = ""


def words(old: str, new: str) -> list[Piece]:
    """Word by word. A run of changes with a single space between them is one piece."""
    a, b = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    pieces: list[Piece] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece(SAME, "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece(GONE, "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(Piece(NEW, "".join(b[b1:b2])))
    return pieces


def markers(old: Iterable[Any], new: Iterable[Any]) -> list[MarkerChange]:
    """Markers matched by key: changes first, then what is gone, then what stayed the same."""
    before = {marker.key: marker for marker in old}
    rows = []
    for now in new:
        was = before.pop(now.key, None)
        if was is None:
            rows.append(_change("Added", "good", now, "", now.phrase))
        elif (was.phrase, was.colour, was.category) == (now.phrase, now.colour, now.category):
            rows.append(_change("Same", "", now, now.phrase, now.phrase, was.colour))
        else:
            rows.append(_change("Changed", "warn", now, was.phrase, now.phrase, was.colour))
    rows += [_change("Removed", "bad", was, was.phrase, "", was.colour) for was in before.values()]
    return sorted(rows, key=lambda row: ("Changed", "Added", "Removed", "Same").index(row.word))


def _change(word: str, tone: str, marker: Any, old: str, new: str, colour_was: str = "") -> MarkerChange:
    colour = "" if word == "Removed" else marker.colour
    return MarkerChange(word, tone, marker.category, marker.phrase, tuple(words(old, new)), colour_was, colour)


def marked(bible: str, phrases: Iterable[str]) -> list[tuple[bool, str]]:
    """The bible in stretches, True where a marker's phrase stands; case does not matter, the longest phrase wins."""
    known = sorted({phrase.strip() for phrase in phrases if phrase.strip()}, key=len, reverse=True)
    if not known:
        return [(False, bible)] if bible else []
    found = re.compile("|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in known), re.I)
    out, at = [], 0
    for hit in found.finditer(bible):
        if hit.start() > at:
            out.append((False, bible[at : hit.start()]))
        out.append((True, hit[0]))
        at = hit.end()
    if at < len(bible):
        out.append((False, bible[at:]))
    return out
