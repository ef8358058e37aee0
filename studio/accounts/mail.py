"""Letters to one person. Without a mail server they are printed where the studio runs."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.core.mail import send_mail

log = logging.getLogger(__name__)


def post(*, to: str, subject: str, body: str) -> None:
    """Send, without making the asker wait for a mail server: how long an answer takes must not tell who has an account."""
    if settings.EMAIL_HOST:
        threading.Thread(target=_send, args=(to, subject, body), daemon=True).start()
    else:
        _send(to, subject, body)


def _send(to: str, subject: str, body: str) -> None:
    try:
        send_mail(subject, body, None, [to])
    except OSError as error:
        log.error("The letter %r could not be sent: %s", subject, type(error).__name__)
