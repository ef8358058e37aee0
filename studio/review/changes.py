"""What changed from one version of the board to the next: pictures, words, order, what came and what went. Pure."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from studio.review.models import RoundPanel

ICONS = {"picture": "image", "text": "file-text", "order": "arrow-up-down", "added": "plus", "gone": "minus"}
TONES = {"picture": "warn", "text": "warn", "order": "", "added": "good", "gone": "bad"}
LABELS = {"picture": "Picture", "text": "Text", "order": "Order", "added": "Added", "gone": "Gone"}
FIELDS = (
    ("action", "What happens"),
    ("dialogue", "Dialogue"),
    ("sound", "Sound"),
    ("shot", "Shot"),
    ("seconds", "Seconds"),
)
MOST_WORDS = 1500  # of one field, compared word by word; longer ones are shown whole


class Word(NamedTuple):
    """A run of words: `kind` is "same", "ins" or "del"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the list. `now` is None for what is gone, `before` for what was added."""

    kind: str
    now: RoundPanel | None
    before: RoundPanel | None
    text: str

    @property
    def row(self) -> RoundPanel:
        row = self.now or self.before
        assert row is not None
        return row

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def tone(self) -> str:
        return TONES[self.kind]

    @property
    def label(self) -> str:
        return LABELS[self.kind]


def changes(before: Iterable[RoundPanel], now: Iterable[RoundPanel]) -> list[Change]:
    """Everything that differs, in the order of the newer board; what is gone comes last."""
    old = {row.panel_id: row for row in before}
    new = sorted(now, key=lambda row: row.position)
    moved = _moved(old, new)
    found: list[Change] = []
    last = None
    for row in new:
        was = old.get(row.panel_id)
        if was is None:
            found.append(Change("added", row, None, _short(row.action)))
        else:
            if was.sha256 != row.sha256:
                found.append(Change("picture", row, was, _picture(row, was)))
            if said := _said(was, row):
                found.append(Change("text", row, was, said))
            if row.panel_id in moved:
                found.append(Change("order", row, was, f"Moved after {last.label}" if last else "Moved to the start"))
        last = row
    kept = {row.panel_id for row in new}
    gone = sorted((row for row in old.values() if row.panel_id not in kept), key=lambda row: row.position)
    return found + [Change("gone", None, row, _short(row.action)) for row in gone]


def _picture(row: RoundPanel, was: RoundPanel) -> str:
    if not was.sha256:
        return "Drawn now"
    return "A new picture" if row.sha256 else "Without a picture now"


def _moved(old: dict[int, RoundPanel], new: list[RoundPanel]) -> set[int]:
    """The fewest panels that must have been moved: all but the longest run that kept its order."""
    common = [row.panel_id for row in new if row.panel_id in old]
    places = [old[panel].position for panel in common]
    tails: list[int] = []
    at: list[int] = []
    back: list[int] = [-1] * len(places)
    for n, place in enumerate(places):
        k = bisect_left(tails, place)
        if k == len(tails):
            tails.append(place)
            at.append(n)
        else:
            tails[k], at[k] = place, n
        back[n] = at[k - 1] if k else -1
    stayed, n = set(), at[-1] if at else -1
    while n >= 0:
        stayed.add(common[n])
        n = back[n]
    return set(common) - stayed


def _said(was: RoundPanel, now: RoundPanel) -> str:
    """The first words that differ: "“holds” became “steadies”"; the field's name where that would be too long."""
    for name, label in FIELDS:
        old, new = str(getattr(was, name)), str(getattr(now, name))
        if old == new:
            continue
        gone = " ".join(word.text.strip() for word in words(old, new) if word.kind == "del")
        come = " ".join(word.text.strip() for word in words(old, new) if word.kind == "ins")
        if gone and come and len(gone) + len(come) < 80:
            return f"“{gone}” became “{come}”"
        if come and not gone and len(come) < 80:
            return f"“{come}” is new"
        if gone and not come and len(gone) < 80:
            return f"“{gone}” is gone"
        return f"{label} changed"
    return ""


def words(old: str, new: str) -> list[Word]:
    """The newer text with what came and what went, word by word."""
    a, b = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    if old == new:
        return [Word("same", new)] if new else []
    if len(a) + len(b) > MOST_WORDS:
        return [word for word in (Word("del", old), Word("ins", new)) if word.text]
    found: list[Word] = []
    bare_a, bare_b = [one.strip() for one in a], [one.strip() for one in b]
    for kind, i, j, k, m in difflib.SequenceMatcher(None, bare_a, bare_b, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Word("same", "".join(b[k:m])))
            continue
        if i < j:
            found.append(Word("del", "".join(a[i:j])))
        if k < m:
            found.append(Word("ins", "".join(b[k:m])))
    return found


def spaced(found: list[Word]) -> list[Word]:
    """The same, each run but the last ending in a space, so that struck words do not stick to new ones."""
    return [Word(one.kind, f"{one.text.rstrip()} ") for one in found]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
