"""The words of a picture drawn upon another one, frozen: the next pass of a composition, and the same picture in another style. It
imports nothing of ours but v1, v2 and side1, which are frozen too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from studio.prompting.versions.side1 import noun
from studio.prompting.versions.v1 import VIEWS, Row, Span, _sentence
from studio.prompting.versions.v2 import _images, _own, _wardrobe

VERSION = "upon1"


def next_pass(brief: Any, added: Collection[str], slots: Any, visible: dict[str, list[Any]]) -> list[Row]:
    """Rows of spans that keep the first image and bring in `added` (keys). `visible`: by key, the markers this shot can show."""
    newcomers = tuple(member for member in brief.cast if member.key in added)
    here = tuple(member for member in brief.cast if member.key not in added)
    rows: list[Row] = [
        ("Keep", [
            ("Keep everything of ", "plain", ""), ("the first image", "ref", "1"),
            (f" exactly as it is: composition, framing, background, light, and {_listed([_the(m) for m in here]) or 'everything in it'}. ", "plain", ""),
        ]),
        ("Add", [span for member in newcomers for span in _added(member, slots)]),
    ]  # fmt: skip
    worn = _wardrobe(
        replace(brief, cast=newcomers),
        _by_subject(slots),
        {m.key: bool(_own(m, _by_subject(slots))) for m in newcomers},
    )
    if worn:
        rows.append(("Wardrobe", worn))
    held = _held(brief, added)
    if held:
        rows.append(("Held", held))
    names = _listed([_the(member) for member in newcomers])
    stands = "stands" if len(newcomers) == 1 else "stand"
    rows.append(("Together", [
        (f"{names[:1].upper()}{names[1:]} {stands} in the same light and on the same ground, true to size beside what is there, with real contact shadows. ", "scene", ""),
    ]))  # fmt: skip
    kept = _kept(newcomers, slots, visible)
    if kept:
        rows.append(("Identical", kept))
    rows.append(("Frame", [(_frame(brief), "plain", "")]))
    return rows


def restyle(brief: Any, slots: Any, visible: dict[str, list[Any]]) -> list[Row]:
    """Rows of spans that change the hand of the first image to that of `brief.style`, and nothing else."""
    style = brief.style
    looks = [slot for slot in slots if slot.role == "style"]
    how: list[Span] = [("Repaint ", "plain", ""), ("the first image", "ref", "1")]
    if looks:
        how += [
            (" in the manner of ", "plain", ""),
            *_images(looks),
            (f" ({style.name}): its line, palette, light and texture, not what it shows. ", "style", style.code),
        ]
    else:
        how += [(f" as {style.name}: ", "plain", ""), (_sentence(style.bible or style.name) + " ", "style", style.code)]
    rows: list[Row] = [
        ("Style", how),
        ("Keep", [("Keep the composition, the framing and everybody and everything in it where it is; what happens stays the same. ", "plain", "")]),
    ]  # fmt: skip
    kept = _kept(brief.cast, slots, visible)
    if kept:
        rows.append(("Identical", [*kept, ("Nobody’s features are changed by the style. ", "plain", "")]))
    rows.append(("Frame", [(_frame(brief), "plain", "")]))
    return rows


def _by_subject(slots: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for slot in slots:
        found.setdefault(slot.subject, []).append(slot)
    return found


def _added(member: Any, slots: Any) -> list[Any]:
    own = _own(member, _by_subject(slots))
    what = f"the {noun(member)}" if member.kind == "character" else _the(member)
    details = ", ".join(
        d.strip().rstrip(".") for d in (member.where, VIEWS.get(member.view, ""), member.doing) if d.strip()
    )
    spans: list[Any] = [(f"Add {what} ", "plain", member.code)]
    if own:
        spans += [("in " if member.kind == "character" else "from ", "plain", ""), *_images(own)]
        spans.append((f" ({member.name})" if member.kind == "character" else "", "plain", member.code))
    else:
        bible = f": {_sentence(member.bible).rstrip('.')}" if member.bible.strip() else ""
        spans.append(
            (
                f"called {member.name}{bible}" if member.kind == "character" else f"{bible.removeprefix(': ')}",
                "bible",
                member.code,
            )
        )
    return [span for span in [*spans, (f": {details}. " if details else ". ", "scene", member.code)] if span[0]]


def _held(brief: Any, added: Collection[str]) -> list[Any]:
    """Who holds what, where one of the two comes in."""
    things = {member.key: member for member in brief.cast}
    spans: list[Any] = []
    for holder in brief.cast:
        for key in holder.holding:
            if key in things and (key in added or holder.key in added):
                grip = "holds it fast" if holder.species == "animal" else "the fingers close around it and touch it"
                said = f"{_the(holder)} holds {_the(things[key])}: {grip}. "
                spans.append((said[:1].upper() + said[1:], "scene", things[key].code))
    return spans


def _kept(cast: Sequence[Any], slots: Any, visible: dict[str, list[Any]]) -> list[Any]:
    """The markers that this shot can show, each of them identical to the picture that says who it is."""
    spans: list[Any] = []
    for member in cast:
        lines = visible[member.key]
        if not lines:
            continue
        spans.append((f"Keep {_the(member)}’s ", "plain", member.code))
        for at, marker in enumerate(lines):
            if at:
                spans.append((" and " if at == len(lines) - 1 else ", ", "plain", ""))
            phrase = re.sub(r"^(an?|the) ", "", marker.phrase.strip(), flags=re.I)
            spans.append((phrase + (f" ({marker.colour})" if marker.colour else ""), "marker", marker.key))
        own = _own(member, _by_subject(slots))
        spans += (
            [(" identical to ", "plain", ""), *_images(own), (". ", "plain", "")]
            if own
            else [(" exactly so. ", "plain", "")]
        )
    return spans


def _the(member: Any) -> str:
    return member.name if member.kind == "character" else f"the {member.name}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _frame(brief: Any) -> str:
    return f"One single picture, {brief.aspect}, no borders, no captions, no text that is not there already."
