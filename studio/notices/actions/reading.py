"""What people do with what they are told: read it, and say how they want to be told."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from studio.accounts.models import Team, User
from studio.notices import wishes
from studio.notices.feed import PER_PAGE, told_together
from studio.notices.kinds import Kind, Mail
from studio.notices.models import Looked, NoLetters, Notice, Wish
from studio.notices.stopping import Stop


def read_notice(*, notice: Notice) -> None:
    """Together with those that the page says in one line with it."""
    rows = Notice.objects.filter(user=notice.user_id, team=notice.team_id, here=True, read=None, pk__lte=notice.pk)
    group = next(iter(told_together(rows.order_by("-pk")[:PER_PAGE])), [])
    mine = [row.pk for row in group] if notice.pk in {row.pk for row in group} else [notice.pk]
    Notice.objects.filter(pk__in=mine, read=None).update(read=timezone.now())


def read_all(*, user: User, team: Team) -> int:
    """Everything told so far, and the team's activity with it. How many notices that were."""
    now = timezone.now()
    Looked.objects.update_or_create(user=user, team=team, defaults={"at": now})
    return Notice.objects.filter(user=user, team=team, read=None, created__lte=now).update(read=now)


def set_wishes(*, user: User, wanted: dict[str, tuple[bool, str]]) -> None:
    """`wanted`: kind → (here, mail). Kinds that are left out stay as they are."""
    for kind, (here, mail) in wanted.items():
        Wish.objects.update_or_create(user=user, kind=Kind(kind), defaults={"here": here, "mail": Mail(mail)})


def stop_letters(*, stop: Stop) -> None:
    """End letters: of some kinds to a user, who still sees them here; or all to an address without an account."""
    if stop.email:
        NoLetters.objects.get_or_create(email=stop.email.lower())
        return
    user: Any = User.objects.filter(pk=stop.user).first()
    if user is not None:
        now = wishes.of(user)
        set_wishes(user=user, wanted={kind: (now[kind].here, Mail.OFF) for kind in stop.kinds})


def write_again(*, email: str) -> None:
    """Somebody who had stopped letters to their address wants them again."""
    NoLetters.objects.filter(email=email.lower()).delete()
