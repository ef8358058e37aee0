"""The pictures of a subject's sets as a version is locked with them, and what is another one since.

A lock freezes words and markers. The sets live on, and panels are drawn from them as they are: so the version keeps a list of what
they held, for whoever wants to know what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.library import sets
from studio.library.models import ReferenceSet, Subject

Row = dict[str, Any]  # {code, image: key, view, detail, note, label}
ADDED, GONE, MOVED, CHANGED, SAME = "Added", "Gone", "Moved", "Changed", "Same"
TONES = {ADDED: "good", GONE: "bad", MOVED: "", CHANGED: "warn", SAME: ""}


@dataclass(frozen=True, slots=True)
class Change:
    """A picture in both lists. `was` and `now` are rows, None where it is not there; places count from 1."""

    word: str
    was: Row | None
    now: Row | None
    place_was: int = 0
    place: int = 0

    @property
    def tone(self) -> str:
        return TONES[self.word]

    @property
    def notes(self) -> tuple[str, str] | None:
        """Its note before and now, where that is another one."""
        if self.was is None or self.now is None or self.was["note"] == self.now["note"]:
            return None
        return self.was["note"], self.now["note"]


@dataclass(frozen=True, slots=True)
class SetChange:
    """A set and its pictures, in the order of now, then what is gone. `name`: of its outfit, empty for the subject's own."""

    name: str
    changes: tuple[Change, ...]

    @property
    def different(self) -> list[Change]:
        return [one for one in self.changes if one.word != SAME]

    @property
    def same(self) -> int:
        return len(self.changes) - len(self.different)


def frozen(subject: Subject) -> list[dict[str, Any]]:
    """Its sets now, as JSON: [{set, name, pictures: [row]}], its own first. Two queries."""
    rows = ReferenceSet.objects.filter(subject=subject).select_related("outfit").prefetch_related("references__image")
    live = [one for one in rows if one.outfit is None or one.outfit.deleted is None]
    live.sort(key=lambda one: (one.outfit is not None, one.outfit.position if one.outfit else 0, one.pk))
    return [
        {
            "set": one.code,
            "name": one.outfit.name if one.outfit else "",
            "pictures": [
                {
                    "code": row.code, "image": row.image.key, "view": row.view, "detail": row.detail, "note": row.note,
                    "label": sets.label(row),
                }
                for row in one.references.all()
            ],
        }
        for one in live
    ]  # fmt: skip


def keys(*lists: Sequence[Mapping[str, Any]] | None) -> set[str]:
    """Of all pictures in them."""
    return {row["image"] for one in lists for held in one or () for row in held["pictures"]}


def difference(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[SetChange]:
    """Set by set, those without a picture on either side left out; a set that is gone comes last."""
    before = {held["set"]: held for held in old}
    found = [
        SetChange(held["name"], _changes(before.pop(held["set"], {}).get("pictures", []), held["pictures"]))
        for held in new
    ]
    found += [SetChange(held["name"], _changes(held["pictures"], [])) for held in before.values()]
    return [one for one in found if one.changes]


def said(found: Iterable[SetChange]) -> str:
    """2 pictures added, 1 moved; empty where all is the same."""
    words = [change.word for one in found for change in one.changes]
    counts = [(words.count(word), word.lower()) for word in (ADDED, GONE, CHANGED, MOVED) if word in words]
    if not counts:
        return ""
    (count, word), *others = counts
    first = f"{count} picture{'' if count == 1 else 's'} {word}"
    return ", ".join([first, *(f"{count} {word}" for count, word in others)])


def _changes(old: Sequence[Row], new: Sequence[Row]) -> tuple[Change, ...]:
    """Matched by reference, else by picture: one that was removed and put back is the same one."""
    left = {row["code"]: (at, row) for at, row in enumerate(old, 1)}
    pairs: list[tuple[int, Row, int, Row | None]] = []
    for at, now in enumerate(new, 1):
        code = (
            now["code"]
            if now["code"] in left
            else next((c for c, (_, r) in left.items() if r["image"] == now["image"]), "")
        )
        place, was = left.pop(code, (0, None))
        pairs.append((at, now, place, was))
    stayed = _rising([place for _, _, place, was in pairs if was is not None])
    found = []
    for at, now, place, was in pairs:
        if was is None:
            word = ADDED
        elif any(was[name] != now[name] for name in ("view", "detail", "note")):
            word = CHANGED
        else:
            word = SAME if place in stayed else MOVED
        found.append(Change(word, was, now, place, at))
    return (*found, *(Change(GONE, was, None, place) for place, was in left.values()))


def _rising(places: Sequence[int]) -> set[int]:
    """The most of them that stand in their old order: the others are what was moved."""
    best: list[list[int]] = [[]]
    for place in places:
        before = max((one for one in best if not one or one[-1] < place), key=len)
        best.append([*before, place])
    longest: list[int] = max(best, key=len)
    return set(longest)
