"""The reference planner: which pictures go, in which order, and why the others stay out. Pure: a Brief in, a Plan out.

Order is identity, outfit, product, place, style: an engine keeps best what it is shown first, and a style may go before a face never.
A request takes at most `Limits.references` pictures, and where the model states them, so many of people, objects and styles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studio.prompting.shown import CLOSE, TIGHT, WIDE
from studio.prompting.types import Brief, Member, Pic, Plan, Setting, Slot, StayedOut, Warning
from studio.providers.base import Limits

KINDS = ("missing", "draft", "weak")
ROLES = ("identity", "outfit", "product", "location", "style")
SAID = {
    "front": "front",
    "three_quarter_left": "three-quarter left",
    "three_quarter_right": "three-quarter right",
    "profile_left": "left profile",
    "profile_right": "right profile",
    "back": "back",
    "full_body": "full body",
    "top": "top",
    "base": "base",
    "detail": "detail",
    "": "view not said",
}
# Views that carry the wanted side well enough, best first.
STANDS_FOR: dict[str, tuple[str, ...]] = {
    "front": ("front", "full_body", "three_quarter_left", "three_quarter_right", ""),
    "three_quarter_left": ("three_quarter_left", "front", "profile_left"),
    "three_quarter_right": ("three_quarter_right", "front", "profile_right"),
    "profile_left": ("profile_left",),
    "profile_right": ("profile_right",),
    "back": ("back",),
    "full_body": ("full_body", "front"),
    "top": ("top",),
    "base": ("base",),
    "detail": ("detail", "front"),
}


@dataclass(frozen=True, slots=True, order=True)
class _Rank:
    """Readable order of choice: role first, then how much it is needed, then cast order, then the set's own order."""

    role: int
    need: int  # 0 who it is, 1 the side shown, 2 helps
    cast: int
    position: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: _Rank
    role: str
    subject: str
    name: str
    pic: Pic
    why: str
    person: bool


def plan(brief: Brief, limits: Limits) -> Plan:
    """Choose and order the pictures for one panel.

    Never more than `limits` allows in all, of people, objects and styles; every picture that stays out says why.
    """
    wanted: list[_Candidate] = []
    out: list[StayedOut] = []
    for at, member in enumerate(brief.cast):
        _offer(member, at, brief, wanted, out)
    for role, setting in (("location", brief.location), ("style", brief.style)):
        if setting:
            _offer_setting(setting, role, wanted, out)

    slots: list[Slot] = []
    used = {"people": 0, "objects": 0, "styles": 0}
    for candidate in sorted(wanted, key=lambda c: c.rank):
        pool = "styles" if candidate.role == "style" else "people" if candidate.person else "objects"
        cap = getattr(limits, pool)
        if len(slots) >= limits.references:
            why = (
                "this engine sees no pictures"
                if limits.references == 0
                else f"this engine takes {limits.references} pictures"
            )
            out.append(StayedOut(candidate.role, candidate.subject, candidate.name, candidate.pic, why))
        elif cap is not None and used[pool] >= cap:
            out.append(
                StayedOut(
                    candidate.role, candidate.subject, candidate.name, candidate.pic, f"this engine holds {cap} {pool}"
                )
            )
        else:
            used[pool] += 1
            slots.append(
                Slot(len(slots) + 1, candidate.role, candidate.subject, candidate.name, candidate.pic, candidate.why)
            )
    return Plan(tuple(slots), tuple(out), tuple(warnings(brief, limits)), limits.references)


def _offer(member: Member, at: int, brief: Brief, wanted: list[_Candidate], out: list[StayedOut]) -> None:
    """A member's identity (or product) pictures, then those of what they wear."""
    role = "product" if member.kind == "product" else "identity"
    person = member.kind == "character"
    chosen = _useful(member, member.pics, brief.shot_size)
    for need, pic, why in chosen:
        rank = _Rank(ROLES.index(role), need, at, pic.position)
        wanted.append(_Candidate(rank, role, member.key, member.name, pic, _with_weakness(why, pic), person))
    taken = {pic.code for _, pic, _ in chosen}
    out.extend(
        StayedOut(role, member.key, member.name, pic, f"{SAID[pic.view]}: this shot shows the {SAID[member.view]}")
        for pic in member.pics
        if pic.code not in taken
    )
    if not member.outfit:
        return
    worn = _useful(member, member.outfit.pics, brief.shot_size)
    for need, pic, _ in worn:
        why = f"{member.outfit.name}, {SAID[pic.view]}"
        rank = _Rank(ROLES.index("outfit"), need, at, pic.position)
        wanted.append(_Candidate(rank, "outfit", member.key, member.outfit.name, pic, _with_weakness(why, pic), person))
    taken = {pic.code for _, pic, _ in worn}
    out.extend(
        StayedOut("outfit", member.key, member.outfit.name, pic, f"{SAID[pic.view]}: not the side this shot shows")
        for pic in member.outfit.pics
        if pic.code not in taken
    )


def _useful(member: Member, pics: tuple[Pic, ...], shot_size: str) -> list[tuple[int, Pic, str]]:
    """(need, picture, why) for those that help this shot: who it is, the side shown, and one that fits the distance."""
    found: list[tuple[int, Pic, str]] = []
    left = list(pics)

    def take(need: int, views: Iterable[str], why: str) -> bool:
        for wanted in views:
            fitting = sorted((p for p in left if p.view == wanted), key=lambda p: (bool(p.weak), p.position))
            if fitting:
                left.remove(fitting[0])
                found.append((need, fitting[0], f"{why}: {SAID[wanted]}"))
                return True
        return False

    anchor = "what it is" if member.kind == "product" else "who it is"
    if not take(0, STANDS_FOR["front"], anchor) and left:
        first = min(left, key=lambda p: p.position)
        left.remove(first)
        found.append((0, first, f"{anchor}: {SAID[first.view]}, the best there is"))
    if found and found[0][1].view != member.view:
        take(1, STANDS_FOR.get(member.view, (member.view,)), "the side this shot shows")
    if shot_size in CLOSE and member.view not in {"back"}:
        take(2, ("detail",), "close enough to see it")
    elif shot_size in WIDE and member.kind == "character":
        take(2, ("full_body",), "seen from head to foot")
    elif member.kind == "character" and member.view == "front" and shot_size not in TIGHT:
        take(2, ("three_quarter_right", "three_quarter_left"), "a second angle holds the face")
    return found


def _offer_setting(setting: Setting, role: str, wanted: list[_Candidate], out: list[StayedOut]) -> None:
    limit = 2 if role == "location" else 1
    ordered = sorted(setting.pics, key=lambda p: (bool(p.weak), p.position))
    for at, pic in enumerate(ordered):
        if at < limit:
            why = "the place" if role == "location" else "the look: palette and hand"
            rank = _Rank(ROLES.index(role), at, 0, pic.position)
            wanted.append(_Candidate(rank, role, setting.key, setting.name, pic, _with_weakness(why, pic), False))
        else:
            more = "places" if role == "location" else "styles"
            out.append(StayedOut(role, setting.key, setting.name, pic, f"{limit} of {more} is enough; more pull apart"))


def _with_weakness(why: str, pic: Pic) -> str:
    return f"{why}. {'. '.join(pic.weak)}" if pic.weak else why


def warnings(brief: Brief, limits: Limits) -> list[Warning]:
    """What this panel will show that no reference shows, who is not locked, what is weak: gravest first."""
    found: list[Warning] = []
    for member in brief.cast:
        if member.version == 0:
            text = "This will be a test shot: what it is drawn from can still change."
            found.append(Warning(f"{member.name} is not locked", text, member.code, kind="draft"))
        if limits.references == 0:
            continue
        if not member.pics:
            what = "a face" if member.kind == "character" else "one"
            text = f"The engine has only the words, so it will invent {what}."
            found.append(Warning(f"{member.name} has no picture", text, member.code, "front"))
            continue
        covering = [p for p in member.pics if p.view in STANDS_FOR.get(member.view, (member.view,))]
        if not covering:
            shown = SAID[member.view]
            text = f"No reference shows the {shown}, so the engine will guess."
            found.append(Warning(f"{member.name}: the {shown} will show", text, member.code, member.view))
        elif all(p.weak for p in covering):
            pic = covering[0]
            title = f"{member.name}: the {SAID[pic.view] if pic.view else 'only'} picture is weak"
            found.append(Warning(title, f"{'. '.join(pic.weak)}. It may not hold.", member.code, pic.view, kind="weak"))
    for setting in (brief.location, brief.style):
        if setting and setting.version == 0:
            text = "This will be a test shot: what it is drawn from can still change."
            found.append(Warning(f"{setting.name} is not locked", text, setting.code, kind="draft"))
    return sorted(found, key=lambda warning: KINDS.index(warning.kind))


def renumbered(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """The same slots numbered anew from 1, after a person dropped or moved one."""
    return tuple(replace(slot, n=at) for at, slot in enumerate(slots, 1))
