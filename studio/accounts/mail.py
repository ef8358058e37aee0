"""Letters to one person. Without a mail server they are printed where the studio runs."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from studio.lib import postal

log = logging.getLogger(__name__)
PAUSES = (5, 30, 120)  # seconds before the next try; a one-time link is good for half an hour


def post(*, to: str, subject: str, body: str) -> None:
    """Send, without making the asker wait for a mail server: how long an answer takes must not tell who has an account."""
    if settings.EMAIL_HOST:
        threading.Thread(target=_send, args=(to, subject, body), daemon=True).start()
    else:
        _send(to, subject, body)


def warn(*, to: str, said: str) -> None:
    """Once the change is committed, tell whom it concerns that how they sign in has changed: it may have been somebody else."""
    if not to or to.endswith("@localhost"):  # the first owner, who has not said yet where letters reach them
        return
    body = (
        f"{said}. If it was you, all is well.\n\n"
        "If not: sign in, end all other sessions, change your password, and tell an owner of your team.\n"
    )
    transaction.on_commit(lambda: post(to=to, subject=f"{said}: how you sign in to a studio", body=body))


def _send(to: str, subject: str, body: str) -> None:
    """Tried again where the server is away for a moment. Never raises for what a mail server does."""
    for pause in (*PAUSES, None):
        try:
            send_mail(subject, body, None, [to])
            return
        except OSError as trouble:  # smtplib's own are of this kind too
            last = pause is None or postal.is_final(trouble)
            words = "It is given up." if last else f"It is tried again in {pause} s."
            log.error("The letter %r was not sent. %s (%s) %s", subject, postal.said(trouble), type(trouble).__name__, words)  # fmt: skip
            if last or pause is None:
                return
            time.sleep(pause)
