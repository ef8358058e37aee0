"""Asking to go on with a round that is closed: once a person, and whoever sent it hears."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.events import record
from studio.lib.text import plain
from studio.review.actions.rounds import over
from studio.review.errors import Refused
from studio.review.models import Plea, Round
from studio.review.reviewers import Reviewer

LONGEST = 1000


def ask_again(*, by: Reviewer, text: str = "") -> Plea:
    """Ask for the round of `by` to be taken up again, with a reason if they like. A second time gives the first.

    Nothing that was signed changes; the team answers by sending the next version. Raises Refused where the round is not
    closed, or this person may only look.
    """
    round_, said = by.round, plain(text)
    if not (by.may_comment or by.may_decide):
        raise Refused("This link lets you look, not ask." if by.link else "Your role lets you look, not ask.")
    if by.needs_name:
        raise Refused("Only who said their name before it closed can ask here. Write to whoever sent you the link.")
    if round_.state == Round.State.OPEN:
        raise Refused(f"{round_} is open: write a note or decide.")
    if round_.state != Round.State.CLOSED:
        raise Refused(over(round_))
    if len(said) > LONGEST:
        raise Refused(f"A reason holds {LONGEST:,} characters; this one has {len(said):,}. Shorten it.")
    with transaction.atomic():
        plea, new = Plea.objects.get_or_create(
            round=round_, by=by.by, defaults={"user": by.user, "guest": by.guest, "name": by.name[:80], "text": said}
        )
        if new:
            Round.objects.filter(pk=round_.pk).update(changed=timezone.now(), revision=F("revision") + 1)
            project = round_.project
            record(
                verb="reopen_asked", team=project.team, actor=by.user, about="round", code=round_.code,
                project=project.code, number=round_.number, name=plea.name, guest=by.user is None, excerpt=said[:200],
            )  # fmt: skip
    return plea
