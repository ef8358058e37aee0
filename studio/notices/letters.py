"""Letters are sent by the worker. Whoever turns WAITING into SENDING sends it, so nobody is written to twice.

A mail server that does not answer is asked again, a little later each time. What a worker left in SENDING when it died may
have gone out: it becomes UNKNOWN, and is not repeated.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from email.mime.image import MIMEImage
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from studio.lib import engine, postal
from studio.notices import writing
from studio.notices.models import Letter, LetterEvent
from studio.notices.writing import Written

LEASE = dt.timedelta(minutes=5)  # longer than a mail server is waited for
PAUSES = (60, 300, 1200, 3600, 4 * 3600, 12 * 3600)  # seconds before the next try
State = Letter.State
log = logging.getLogger("studio.letters")


def due(limit: int) -> list[tuple[int, int]]:
    """For the worker: letters whose time has come."""
    rows = Letter.objects.filter(state=State.WAITING, due__lte=timezone.now())
    return [(pk, 0) for pk in rows.order_by("due", "pk").values_list("pk", flat=True)[:limit]]


def forsake(machine: str, me: str) -> int:
    """What this machine's earlier workers were at when they died."""
    mine = Letter.objects.filter(state=State.SENDING, worker__startswith=f"{machine}-").exclude(worker=me)
    return _unknown(list(mine))


def lost() -> int:
    """What any worker was at when its time ran out."""
    return _unknown(list(Letter.objects.filter(state=State.SENDING, lease_until__lt=timezone.now())))


def run(letter_id: int) -> None:
    """Send one letter, if it still waits and nobody else does. Never raises for what a mail server does."""
    letter = claim(letter_id)
    if letter is None:
        return
    try:
        written = writing.write(letter)
        if written is None:
            _end(letter, State.DROPPED, "Nothing to say any more.")
            return
        post(written, letter)
    except (OSError, smtplib.SMTPException) as trouble:
        _later(letter, trouble)
    except BadHeaderError:
        _end(letter, State.FAILED, "Its address or subject holds what no header may hold.")
    except Exception:
        log.exception("Letter %s could not be written", letter.code)
        _end(letter, State.FAILED, "It could not be written; the studio’s log says why.")
    else:
        _end(letter, State.SENT, f"To {written.to}")


def claim(letter_id: int) -> Letter | None:
    """The letter, if it waits and is due: of any number of callers one gets it."""
    now = timezone.now()
    with transaction.atomic():
        rows = Letter.objects.filter(pk=letter_id, state=State.WAITING, due__lte=now)
        if rows.update(state=State.SENDING, worker=engine.me(), lease_until=now + LEASE) != 1:
            return None
        letter = Letter.objects.select_related("user", "image").get(pk=letter_id)
        LetterEvent.objects.create(letter=letter, state=State.SENDING)
    return letter


def post(written: Written, letter: Letter) -> None:
    """Hand it to the mail server. Its Message-ID is the letter's own, so that a server knows it again."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        written.subject, written.text, None, [written.to],
        headers={
            "Message-ID": f"<{letter.code}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{written.stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )  # fmt: skip
    message.attach_alternative(written.html, "text/html")
    if written.picture:
        inline = MIMEImage(written.picture, "jpeg")
        inline.add_header("Content-ID", "<picture>")
        inline.add_header("Content-Disposition", "inline", filename="picture.jpg")
        message.attach(inline)
        message.mixed_subtype = "related"  # type: ignore[attr-defined]
    message.send()


def _later(letter: Letter, trouble: Exception) -> None:
    tries = letter.tries + 1
    said = postal.said(trouble)
    log.warning("Letter %s was not sent at try %s: %s (%s)", letter.code, tries, said, type(trouble).__name__)
    if tries > len(PAUSES) or postal.is_final(trouble):
        _end(letter, State.FAILED, said, tries=tries)
        return
    pause = dt.timedelta(seconds=PAUSES[tries - 1])
    _end(letter, State.WAITING, said, tries=tries, due=timezone.now() + pause)


def _end(letter: Letter, state: str, said: str, **fields: object) -> None:
    """Only while it is this worker's own; the way into a round is forgotten as soon as it is not needed."""
    with transaction.atomic():
        mine = Letter.objects.filter(pk=letter.pk, state=State.SENDING, worker=letter.worker)
        if state != State.WAITING:
            fields["content_sealed"] = ""
        if mine.update(state=state, lease_until=None, **fields):
            LetterEvent.objects.create(letter=letter, state=state, said=said[:300])


def _unknown(left: list[Letter]) -> int:
    count = 0
    for letter in left:
        with transaction.atomic():
            mine = Letter.objects.filter(pk=letter.pk, state=State.SENDING, worker=letter.worker)
            if mine.update(state=State.UNKNOWN, lease_until=None, content_sealed=""):
                LetterEvent.objects.create(
                    letter=letter, state=State.UNKNOWN, said="The worker stopped while it was being sent."
                )
                count += 1
    return count
