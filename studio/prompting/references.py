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

BY_HAND = "taken out by hand"
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

    Never more than `limits` allows in all, of people, objects and styles; every picture that stays out says why. What a person
    dropped stays out, what a person pinned goes before all others as far as the limits allow, and their order is kept.
    """
    wanted: list[_Candidate] = []
    brief, out = _without_dropped(brief)
    for at, member in enumerate(brief.cast):
        _offer(member, at, brief, wanted, out)
    for role, setting in (("location", brief.location), ("style", brief.style)):
        if setting:
            _offer_setting(setting, role, wanted, out)

    wanted, out = _pinned(brief, wanted, out)
    pinned = set(brief.hand.pinned)
    chosen: list[_Candidate] = []
    used = {"people": 0, "objects": 0, "styles": 0}
    for candidate in sorted(wanted, key=lambda c: (c.pic.code not in pinned, c.rank)):
        pool = "styles" if candidate.role == "style" else "people" if candidate.person else "objects"
        cap = getattr(limits, pool)
        if len(chosen) >= limits.references:
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
            chosen.append(candidate)
    slots = [
        Slot(n, c.role, c.subject, c.name, c.pic, c.why, c.pic.code in pinned)
        for n, c in enumerate(_by_hand(sorted(chosen, key=lambda c: c.rank), brief.hand.order), 1)
    ]
    return Plan(tuple(slots), tuple(out), tuple(warnings(brief, limits)), limits.references)


def _without_dropped(brief: Brief) -> tuple[Brief, list[StayedOut]]:
    """The brief as if it had not the pictures that a person dropped, and those."""
    dropped = set(brief.hand.dropped)
    if not dropped:
        return brief, []
    out: list[StayedOut] = []

    def kept(pics: tuple[Pic, ...], role: str, subject: str, name: str) -> tuple[Pic, ...]:
        out.extend(StayedOut(role, subject, name, pic, BY_HAND) for pic in pics if pic.code in dropped)
        return tuple(pic for pic in pics if pic.code not in dropped)

    cast = []
    for m in brief.cast:
        role = "product" if m.kind == "product" else "identity"
        outfit = m.outfit and replace(m.outfit, pics=kept(m.outfit.pics, "outfit", m.key, m.outfit.name))
        cast.append(replace(m, pics=kept(m.pics, role, m.key, m.name), outfit=outfit))
    place, style = brief.location, brief.style
    place = place and replace(place, pics=kept(place.pics, "location", place.key, place.name))
    style = style and replace(style, pics=kept(style.pics, "style", style.key, style.name))
    return replace(brief, cast=tuple(cast), location=place, style=style), out


def _pinned(brief: Brief, wanted: list[_Candidate], out: list[StayedOut]) -> tuple[list[_Candidate], list[StayedOut]]:
    """What a person pinned is wanted, whatever the shot shows."""
    pins = set(brief.hand.pinned) - set(brief.hand.dropped)
    if not pins:
        return wanted, out
    cast = {m.key: (at, m.kind == "character") for at, m in enumerate(brief.cast)}
    found = [replace(c, why=f"Pinned; {c.why}") if c.pic.code in pins else c for c in wanted]
    for one in out:
        if one.pic.code in pins:
            at, person = cast.get(one.subject, (0, False))
            rank = _Rank(ROLES.index(one.role), 2, at, one.pic.position)
            why = _with_weakness(f"Pinned: {SAID[one.pic.view]}", one.pic)
            found.append(_Candidate(rank, one.role, one.subject, one.name, one.pic, why, person))
    return found, [one for one in out if one.pic.code not in pins]


def _by_hand(chosen: list[_Candidate], order: tuple[str, ...]) -> list[_Candidate]:
    """In the order a person put them; one they have not seen yet follows its neighbour."""
    place = {code: at for at, code in enumerate(order)}
    known = sorted((c for c in chosen if c.pic.code in place), key=lambda c: place[c.pic.code])
    for at, candidate in enumerate(chosen):
        if candidate.pic.code not in place:
            before = known.index(chosen[at - 1]) + 1 if at else 0
            known.insert(before, candidate)
    return known


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
