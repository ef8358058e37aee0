"""The way into a round, sent to the client it was made for."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.lib import engine
from studio.lib.signing import digest, seal
from studio.lib.text import plain
from studio.notices.models import Letter, LetterEvent, NoLetters
from studio.review.models import ShareLink


def tell_client(*, link: ShareLink, token: str, by: Any) -> Letter | None:
    """A letter with the link to the address it is for; None without an address or without a token.

    The token is known only now: it lies sealed in the letter until that is sent. The same token twice is one letter. To an
    address that wants no letters nothing is sent; the letter says so (DROPPED). A picture goes along only where the link
    itself shows pictures to anybody: without password, watermark or count of openings.
    """
    email = link.email.strip().lower()
    if not email or not token:
        return None
    round_, project = link.round, link.round.project
    until, due = timezone.localtime(link.expires), round_.due
    said = {
        "name": link.name, "by": str(by), "team": project.team.name, "what": f"{project.title} {round_}",
        "message": plain(round_.message), "due": f"{due.day} {due:%B %Y}" if due else "", "password": bool(link.password),
        "until": f"{until.day} {until:%B %Y}", "url": f"{settings.PUBLIC_URL}/r/{token}/",
    }  # fmt: skip
    guarded = link.password or link.watermark or link.views_allowed is not None
    first = None if guarded else round_.panels.exclude(image=None).order_by("position").select_related("image").first()
    key = f"link:{link.code}:{digest(token)[:24]}"
    unwanted = NoLetters.objects.filter(email=email).exists()
    state = Letter.State.DROPPED if unwanted else Letter.State.WAITING
    try:
        with transaction.atomic():
            letter = Letter.objects.create(
                key=key, sort=Letter.Sort.CLIENT, team=project.team, email=email, about=round_.code, state=state,
                content_sealed="" if unwanted else seal(json.dumps(said)), image=first.image if first else None,
            )  # fmt: skip
            words = f"{email} asked not to be written to." if unwanted else ""
            LetterEvent.objects.create(letter=letter, state=state, said=words)
    except IntegrityError:
        return Letter.objects.get(key=key)
    transaction.on_commit(engine.ring)
    return letter
