"""Presenting a round to the room: begin, move on, stop. One presenter at a time."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.models import User
from studio.presenting.models import Showing
from studio.review.models import Round, RoundPanel

AWAY = dt.timedelta(minutes=2)  # unheard for so long, the presenter has left: a hidden window is heard once a minute


class Taken(Exception):
    """Somebody else presents this round at the moment; the text says who."""


def now_showing(round_: Round) -> Showing | None:
    """Who presents the round at this moment, None where nobody does."""
    rows = Showing.objects.filter(round=round_, ended=None, heard__gt=timezone.now() - AWAY)
    return rows.select_related("user", "on").first()


def lead(*, round_: Round, on: RoundPanel, by: User, take_over: bool = False) -> Showing:
    """Present this panel to whoever follows, from now on or as the next one. Raises Taken while another presents.

    Of several who begin at the same moment one does.
    """
    moment = timezone.now()
    try:
        with transaction.atomic():
            return Showing.objects.create(round=round_, user=by, on=on, began=moment, heard=moment)
    except IntegrityError:
        pass
    with transaction.atomic():
        row = Showing.objects.select_for_update().select_related("user").get(round=round_)
        live = row.ended is None and row.heard > moment - AWAY
        if live and row.user_id != by.pk and not take_over:
            raise Taken(f"{row.user} presents {round_} at the moment.")
        if not live or row.user_id != by.pk:
            row.user, row.began = by, moment
        row.revision += 1 if not live or row.on_id != on.pk else 0
        row.on, row.heard, row.ended = on, moment, None
        row.save()
    return row


def stop(*, round_: Round, by: User) -> bool:
    """The presenter's own word. False where somebody else presents meanwhile."""
    mine = Showing.objects.filter(round=round_, user=by, ended=None)
    return bool(mine.update(ended=timezone.now(), revision=F("revision") + 1))
