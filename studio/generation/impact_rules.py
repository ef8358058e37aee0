"""What changed under a picture since it was drawn. Pure: what was frozen with the take against the panel's brief as it is now.

Only what the picture can show counts as `shows`: a marker that this shot hides may change without the picture being wrong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.board import shown, vocabulary
from studio.prompting.references import SAID
from studio.prompting.types import Brief, MarkerLine, Member, Pic, Setting, Slot

LIBRARY = {"marker", "bible", "reference", "outfit", "place", "style"}  # changes of a subject, wherever it is seen
SHOT = ("shot_size", "angle", "framing", "lens", "movement")
NAMED = {"shot_size": "Shot", "angle": "Angle", "framing": "Framing", "lens": "Lens", "movement": "Movement"}
SCENE = {"int_ext": "Inside or out", "place": "Place", "time_of_day": "Time of day", "light": "Light"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `about`: the code of the subject it belongs to, empty for the panel's own.

    `kind`: marker, bible, reference, outfit, place, style, words, shot, cast, scene.
    """

    kind: str
    said: str
    about: str = ""
    shows: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """A locked version as a take was drawn from it."""

    number: int
    bible: str
    markers: tuple[MarkerLine, ...]


@dataclass(frozen=True, slots=True)
class Then:
    """What was frozen with a take. `shot` is None for takes from before it was kept: then only versions and pictures are compared."""

    versions: Mapping[str, int]
    plan: Mapping[str, Any]
    shot: Mapping[str, Any] | None
    known: Mapping[tuple[str, int], Version]  # by subject code and number


def changes(then: Then, now: Brief, slots: Sequence[Slot]) -> tuple[Change, ...]:
    """Everything that is different, what shows first. `slots`: the pictures that would go now."""
    found = [*_cast(then, now), *_versions(then, now), *_outfits(then, now), *_pictures(then, now, slots), *_words(then, now)]  # fmt: skip
    return tuple(sorted(found, key=lambda one: not one.shows))


def by_cause(found: Iterable[Change]) -> dict[str, tuple[Change, ...]]:
    """The changes of each subject by its code, and those of the panel itself under the empty one."""
    groups: dict[str, tuple[Change, ...]] = {}
    for one in found:
        cause = one.about if one.kind in LIBRARY else ""
        groups[cause] = (*groups.get(cause, ()), one)
    return groups


def fingerprint(found: Iterable[Change]) -> str:
    """Of a list of changes: a person who called them fine is asked again when there are others."""
    lines = sorted([one.kind, one.about, one.said] for one in found)
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def _cast(then: Then, now: Brief) -> list[Change]:
    if then.shot is None:
        return []
    was = {one["code"]: one for one in then.shot["cast"]}
    here = {member.code: member for member in now.cast}
    found = [Change("cast", f"{one.name} is in it now", one.code) for code, one in here.items() if code not in was]
    found += [Change("cast", f"{one['name']} is not in it any more", code) for code, one in was.items() if code not in here]  # fmt: skip
    for code, member in here.items():
        before = was.get(code)
        if before is None:
            continue
        for field, words in (("where", "stands"), ("doing", "does")):
            if before[field] != getattr(member, field):
                found.append(Change("words", _turned(f"{member.name} {words}", before[field], getattr(member, field)), code))  # fmt: skip
        if before["view"] != member.view and member.view_by_hand:
            found.append(Change("shot", f"{member.name}: {SAID[member.view]}, was {SAID.get(before['view'], before['view'])}", code))  # fmt: skip
    return found


def _versions(then: Then, now: Brief) -> list[Change]:
    found: list[Change] = []
    for member in now.cast:
        if member.code in then.versions and then.versions[member.code] != member.version:
            found += _of_member(then, now, member)
    for setting, kind in ((now.location, "place"), (now.style, "style")):
        if setting and then.versions.get(setting.code, setting.version) != setting.version:
            found.append(_of_setting(then, setting, kind))
    return found


def _of_member(then: Then, now: Brief, member: Member) -> list[Change]:
    number = then.versions[member.code]
    before = then.known.get((member.code, number))
    if before is None:
        what = "a draft that was not locked" if number == 0 else f"v{number}"
        return [Change("bible", f"{member.name} was drawn from {what}", member.code)]
    was, here = ({line.key: line for line in side} for side in (before.markers, member.markers))
    found = []
    for key in dict.fromkeys([*was, *here]):
        old, new = was.get(key), here.get(key)
        if old is not None and new is not None and (old.phrase, old.colour) == (new.phrase, new.colour):
            continue
        seen = any(line is not None and not _hidden(line, member, now) for line in (old, new))
        found.append(Change("marker", _marker(old, new), member.code, seen))
    if not found and before.bible.strip() != member.bible.strip():
        found.append(Change("bible", f"The bible of {member.name} is not the one of v{number}", member.code))
    return found or [Change("bible", f"Only drawn from v{number}; nothing changed", member.code, False)]


def _of_setting(then: Then, setting: Setting, kind: str) -> Change:
    number = then.versions[setting.code]
    before = then.known.get((setting.code, number))
    same = before is not None and before.bible.strip() == setting.bible.strip()
    what = "a draft that was not locked" if number == 0 else f"v{number}"
    return Change(kind, f"{setting.name} was drawn from {what}{'; its words are the same' if same else ''}", setting.code, not same)  # fmt: skip


def _marker(old: MarkerLine | None, new: MarkerLine | None) -> str:
    if old is None:
        assert new is not None
        return f"“{new.phrase}” is new"
    if new is None:
        return f"“{old.phrase}” is no marker any more"
    if old.phrase == new.phrase:
        return f"“{new.phrase}” is {new.colour or 'without a colour'}, was {old.colour or 'without one'}"
    return f"“{new.phrase}”, was “{old.phrase}”"


def _hidden(line: MarkerLine, member: Member, now: Brief) -> bool:
    return bool(shown.hidden(phrase=line.phrase, category=line.category, kind=member.kind, view=member.view, shot_size=now.shot_size))  # fmt: skip


def _outfits(then: Then, now: Brief) -> list[Change]:
    if then.shot is None:
        return []
    was = {one["code"]: one for one in then.shot["cast"]}
    found = []
    for member in now.cast:
        before, worn = was.get(member.code), member.outfit
        if before is None:
            continue
        if before["outfit"] != (worn.code if worn else ""):
            now_worn, then_worn = (name or "as in the references" for name in (worn.name if worn else "", before["outfit_name"]))  # fmt: skip
            found.append(Change("outfit", f"{member.name} wears {now_worn}, was {then_worn}", member.code))
        elif worn and (before["wears"], before["colours"]) != (worn.description, list(worn.colours)):
            found.append(Change("outfit", f"{worn.name} is described anew", member.code))
    return found


def _pictures(then: Then, now: Brief, slots: Sequence[Slot]) -> list[Change]:
    """Pictures that it was drawn from and that are gone, and those that would go now and were not there, or not as this, then."""
    if "slots" not in then.plan:
        return []
    sent = then.plan["slots"]
    known = {(one["subject"], one["sha256"], one["view"]) for one in (*sent, *then.plan.get("out", ()))}
    there = {(key, pic.sha256) for key, pics in _sets(now) for pic in pics}
    here = {key for key, _ in _sets(now)}
    found = []
    for one in sent:
        if one["subject"] in here and (one["subject"], one["sha256"]) not in there:
            said = f"A picture of {one['name']} is gone: {SAID.get(one['view'], one['view'])}"
            found.append(Change("reference", said, one["subject"].partition("-")[2]))
    for slot in slots:
        if (slot.subject, slot.pic.sha256, slot.pic.view) not in known:
            said = f"A picture of {slot.name} is new: {SAID.get(slot.pic.view, slot.pic.view)}"
            found.append(Change("reference", said, slot.subject.partition("-")[2]))
    return list(dict.fromkeys(found))


def _sets(now: Brief) -> list[tuple[str, tuple[Pic, ...]]]:
    found = [(member.key, (*member.pics, *(member.outfit.pics if member.outfit else ()))) for member in now.cast]
    return found + [(one.key, one.pics) for one in (now.location, now.style) if one]


def _words(then: Then, now: Brief) -> list[Change]:
    shot = then.shot
    if shot is None:
        return []
    found = []
    if shot["action"].split() != now.action.split():
        found.append(Change("words", "The action was rewritten"))
    for field in SHOT:
        if shot[field] != getattr(now, field):
            old, new = (vocabulary.label(field, value) for value in (shot[field], getattr(now, field)))
            found.append(Change("shot", _turned(NAMED[field], old, new)))
    for field, name in SCENE.items():
        if shot[field] != getattr(now, field):
            found.append(Change("scene", _turned(name, shot[field], getattr(now, field))))
    for kind, name in (("location", "place"), ("style", "style")):
        setting: Setting | None = getattr(now, kind)
        if shot[kind] != (setting.code if setting else ""):
            said = f"The {name} is {setting.name} now" if setting else f"It has no {name} any more"
            found.append(Change("place" if kind == "location" else "style", said, setting.code if setting else shot[kind]))  # fmt: skip
    return found


def _turned(name: str, old: str, new: str) -> str:
    return f"{name}: {new or 'nothing'}, was {old or 'nothing'}"
