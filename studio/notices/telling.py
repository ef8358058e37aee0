"""An event becomes notices for people and messages for webhooks, in one transaction. Nothing is sent here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from studio.accounts.models import Membership, Team
from studio.accounts.rights import Right
from studio.lib.codes import code
from studio.notices import facts, messages, wishes
from studio.notices.facts import Facts
from studio.notices.kinds import TELLING, Kind, Mail
from studio.notices.models import Delivery, Hook, Letter, Notice
from studio.review.models import Asked, Decision, RoundPanel

GATHER = dt.timedelta(seconds=60)  # letters "at once" wait so long, so that ten notes in a minute are one letter
DIGEST_HOUR = 8  # o'clock, in the studio's time zone


def tell(event: Any) -> int:
    """Write what follows from this event; in the caller's transaction. How many people were told."""
    telling = TELLING.get(event.verb)
    if telling is None or event.team is None:
        return 0
    found = facts.of(event)
    if telling.hook:
        queue(event.team, found, telling.hook)
    if telling.notice is None:
        return 0
    members = {m.user_id: m for m in Membership.objects.filter(team=event.team, user__is_active=True)}
    people = (_people(found, telling.notice, members) & set(members)) - {event.actor_id}
    return notify(
        team=event.team, kind=telling.notice, users=people, key=_key(found, telling.notice), actor=event.actor,
        who=found.who if event.actor_id or found.get("name") else "", did=_did(found), what=found.what, quote=_quote(found),
        path=found.path, image=found.image,
    )  # fmt: skip


def notify(*, team: Team, kind: str, users: set[int], key: str, **words: Any) -> int:
    """One notice for each of `users`, as each wishes; whoever has been told this key hears nothing more."""
    told = 0
    for pk, way in wishes.of_all(sorted(users), kind).items():
        if way.silent:
            continue
        row, new = Notice.objects.get_or_create(
            user_id=pk, key=key, defaults={"team": team, "kind": kind, "here": way.here, "mail": way.mail, **words}
        )
        if new:
            told += 1
            if way.mail != Mail.OFF:
                Notice.objects.filter(pk=row.pk).update(letter=_letter(pk, way.mail))
    return told


def queue(team: Team, found: Facts, kind: str) -> None:
    """A message for each webhook of the team that asked for this kind. Notes for the team alone go nowhere."""
    if found.internal or (kind == "decided" and not found.get("verdict")):
        return
    for hook in Hook.objects.filter(team=team, deleted=None, on=True):
        if kind in hook.kinds:
            Delivery.objects.get_or_create(
                hook=hook, key=f"event:{found.event.pk}",
                defaults={"kind": kind, "body": messages.body(found, kind, hook.shape)},
            )  # fmt: skip


def _people(found: Facts, kind: str, members: dict[int, Membership]) -> set[int]:
    if kind == Kind.MENTION:
        return {int(found.get("user") or 0)}
    if kind in {Kind.ENGINE, Kind.HOOK}:
        return {pk for pk, member in members.items() if member.may(Right.ADMIN)}
    if found.round is None:
        return set()
    if kind == Kind.DECISION and not found.get("verdict"):
        return set()  # taken back: the page shows it
    sender = {found.round.sent_by_id or 0}
    if found.event.verb == "reopen_asked":
        producers = {pk for pk, member in members.items() if member.may(Right.PRODUCE)}
        return (sender | {found.round.closed_by_id or 0}) & producers or producers
    if kind == Kind.ROUND:
        asked = Asked.objects.filter(round=found.round).exclude(user=None).values_list("user_id", flat=True)
        return sender | set(asked) | _drew(found)
    people = sender | _drew(found)
    if found.note is not None:
        if found.note.parent_id:
            people.add(found.note.parent.user_id or 0)  # type: ignore[union-attr]
        people -= set(found.note.mentions.values_list("pk", flat=True))  # they are told that they are mentioned
    return people


def _drew(found: Facts) -> set[int]:
    """Who drew the panel, or anything of the round."""
    rows = RoundPanel.objects.filter(round=found.round).exclude(drawn_by=None)
    if found.on is not None:
        rows = rows.filter(pk=found.on.pk)
    return set(rows.order_by().values_list("drawn_by_id", flat=True).distinct())


def _key(found: Facts, kind: str) -> str:
    """A mention of somebody in a note is told once, however often the note is edited."""
    return f"mention:{found.note.code}" if kind == Kind.MENTION and found.note else f"event:{found.event.pk}"


def _did(found: Facts) -> str:
    return {
        "mentioned": "mentioned you on",
        "round_sent": "sent",
        "round_closed": "closed the review of",
        "round_withdrawn": "withdrew",
        "reopen_asked": "asks to go on with",
        "decided": "approved" if found.get("verdict") == Decision.Verdict.APPROVE else "asked for changes on",
        "note_written": "answered on" if found.get("reply") else "wrote on",
        "account.paused": "An engine paused:",
        "hook.stopped": "A webhook was switched off:",
    }.get(found.event.verb, "changed")


def _quote(found: Facts) -> str:
    return found.quote or str(found.get("said") or "")[:200]


def _letter(user: int, mail: str) -> Letter:
    """The letter that this notice goes into: one that still waits, else a new one."""
    now = timezone.now()
    if mail == Mail.DAILY:
        due = next_digest(now)
        key = f"digest:{user}:{due:%Y-%m-%d}"
        return Letter.objects.get_or_create(
            key=key, defaults={"sort": Letter.Sort.DIGEST, "user_id": user, "due": due}
        )[0]
    rows = Letter.objects.filter(user=user, sort=Letter.Sort.NOTICES, state=Letter.State.WAITING, due__gt=now, tries=0)
    found = rows.first()
    if found and rows.filter(pk=found.pk).update(state=Letter.State.WAITING):  # held: nobody sends it meanwhile
        return found
    due = now + GATHER
    return Letter.objects.create(key=f"now:{user}:{code()}", sort=Letter.Sort.NOTICES, user_id=user, due=due)


def next_digest(now: dt.datetime) -> dt.datetime:
    """The next eight o'clock in the studio's time zone."""
    here = timezone.localtime(now)
    today = here.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if here < today else today + dt.timedelta(days=1)
