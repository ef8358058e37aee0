"""Names with an @ in a note: who may be called, whom a text calls, and the text in pieces to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q

from studio.accounts.models import Membership, User
from studio.review.models import Note, Round


class Piece(NamedTuple):
    """A part of a text: plain, or a call of somebody (`who`)."""

    text: str
    who: User | None = None


def reach(round: Round, *, guest: bool) -> list[User]:
    """Who can be called in a round. One query.

    Of the team everybody; by a guest only those whose names the link shows: who sent it, and who of the team wrote a note
    that guests read.
    """
    rows = Membership.objects.with_people(round.project.team).filter(user__is_active=True)
    if guest:
        told = (
            Note.objects.filter(round=round, internal=False, deleted=None)
            .exclude(parent__internal=True)
            .exclude(user=None)
        )
        rows = rows.filter(Q(user=round.sent_by_id) | Q(user__in=told.values("user")))
    return [row.user for row in rows]


def callable_names(round: Round, who: Any) -> list[str]:
    """What to propose behind an @: full names that only one person has, without one's own, in the order of the alphabet."""
    people = reach(round, guest=who.user is None)
    names = _names(people)
    own = who.user.pk if who.user else None
    return sorted((str(one) for one in people if one.pk != own and names.get(_flat(str(one))) == one), key=str.casefold)


def named(people: Iterable[User], text: str) -> list[User]:
    """Those of `people` whom the text calls, once each: by full name, or by a first name that only one has."""
    return list(dict.fromkeys(piece.who for piece in pieces(people, text) if piece.who))


def pieces(people: Iterable[User], text: str) -> list[Piece]:
    """The text cut at its calls; joined together it is the text."""
    names = _names(people)
    if not names or "@" not in text:
        return [Piece(text)]
    known = sorted(names, key=len, reverse=True)
    # Flat names, as spaces of any kind and number may stand between their words.
    words = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in known)
    found, at = [], 0
    for match in re.finditer(rf"(?<!\w)@({words})(?!\w)", text, re.IGNORECASE):
        person = names.get(_flat(match[1]))
        if person is None:
            continue
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        found.append(Piece(match[0], person))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def _names(people: Iterable[User]) -> dict[str, User]:
    """Flat name -> who alone has it. A full name goes before somebody else's first name."""
    full: dict[str, set[User]] = {}
    first: dict[str, set[User]] = {}
    for person in people:
        name = _flat(str(person))
        if name:
            full.setdefault(name, set()).add(person)
            first.setdefault(name.split(" ")[0], set()).add(person)
    both = first | full
    return {name: next(iter(those)) for name, those in both.items() if len(those) == 1}


def _flat(name: str) -> str:
    return " ".join(name.split()).lower()
