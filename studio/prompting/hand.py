"""Edits by hand over compiled words. Pure.

An edit keeps the row as it was and as a person made it. When the row is compiled anew, the difference is carried over to the new
text; where the words around it changed too, it is a conflict: it stays out, and a person looks.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from studio.prompting.types import Edit, Span

OWN = "By hand"  # the row of sentences that belong to no other
GONE, HAND = "gone", "hand"
CONTEXT = 2  # tokens on each side that have to be the same still
Row = tuple[str, tuple[Span, ...]]
Change = tuple[int, int, str]  # from, to (characters), what stands there instead


def apply(rows: Sequence[Row], edits: Sequence[Edit]) -> tuple[tuple[Row, ...], tuple[Edit, ...]]:
    """The rows with the edits in them, and the edits that no longer fit. What was taken out stays as spans of kind "gone"."""
    found = dict(rows)
    conflicts: list[Edit] = []
    for edit in edits:
        if not edit.section:
            continue
        spans = found.get(edit.section, ())
        changes = carried(edit.was, text_of(spans).strip(), edit.text) if spans else None
        if changes is None:
            conflicts.append(edit)
        else:
            found[edit.section] = tuple(_spliced(spans, changes, edit.id))
    out: list[Row] = list(found.items())
    own = [Span(edit.text.strip() + " ", HAND, edit.id) for edit in edits if not edit.section and edit.text.strip()]
    if own:
        last = next((at for at, (label, _) in enumerate(out) if label == "Frame"), len(out))
        if last == len(out):
            own.insert(0, Span(" "))
        out.insert(last, (OWN, tuple(own)))
    return tuple(out), tuple(conflicts)


def text_of(spans: Sequence[Span]) -> str:
    """What is sent of them."""
    return "".join(span.text for span in spans if span.kind != GONE)


def carried(was: str, now: str, text: str) -> list[Change] | None:
    """The changes from `was` to `text`, as places in `now`; None where the words around one of them are not the same any more."""
    a, b, c = (_tokens(one) for one in (was, text, now))
    same = [block for block in SequenceMatcher(None, a, c, autojunk=False).get_opcodes() if block[0] == "equal"]
    starts = [0]
    for token in c:
        starts.append(starts[-1] + len(token))
    changes: list[Change] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        low, high = max(0, a1 - CONTEXT), min(len(a), a2 + CONTEXT)
        shift = next((j1 - i1 for _, i1, i2, j1, _ in same if i1 <= low and high <= i2), None)
        if shift is None:
            return None
        changes.append((starts[a1 + shift], starts[a2 + shift], "".join(b[b1:b2])))
    return changes


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _spliced(spans: Sequence[Span], changes: Sequence[Change], source: str) -> list[Span]:
    lead = len(text_of(spans)) - len(text_of(spans).lstrip())
    places = [(start + lead, end + lead, new) for start, end, new in changes]
    cuts = {edge for start, end, _ in places for edge in (start, end)}
    out: list[Span] = []
    at = 0

    def put(position: int) -> None:
        """What was written in place of what ends here."""
        out.extend(Span(new, HAND, source) for _, end, new in places if end == position and new)

    for span in spans:
        edges = sorted({0, len(span.text), *(cut - at for cut in cuts if 0 < cut - at < len(span.text))})
        for low, high in itertools.pairwise(edges):
            put(at + low)
            places = [one for one in places if one[1] != at + low]
            taken = any(start <= at + low and at + high <= end for start, end, _ in places)
            out.append(Span(span.text[low:high], GONE if taken else span.kind, span.source))
        at += len(span.text)
    put(at)
    return out
