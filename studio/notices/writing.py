"""A letter's words: subject, plain text and simple HTML, with one small picture inside. No address in it fetches anything."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from PIL import Image as Pixels

from studio.lib.signing import unseal
from studio.lib.text import line
from studio.media import renditions
from studio.media.models import Image, Rendition
from studio.notices import stopping
from studio.notices.kinds import Kind
from studio.notices.models import Letter, Notice
from studio.review.models import Round, ShareLink

LONGEST = 150  # characters of a subject
MOST = 60  # notices in one letter; the rest is counted
SPEC = "320"
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Written:
    """Ready to be sent. `stop` ends letters like it; `picture` is a JPEG."""

    to: str
    subject: str
    text: str
    html: str
    stop: str
    picture: bytes = field(default=b"", repr=False)


def write(letter: Letter) -> Written | None:
    """None where there is nothing to say any more: all of it was read on the page, or whom it is for has gone."""
    return _to_client(letter) if letter.sort == Letter.Sort.CLIENT else _to_member(letter)


def _to_member(letter: Letter) -> Written | None:
    user = letter.user
    rows = Notice.objects.filter(
        letter=letter, read=None, team__memberships__user=user
    )  # who left a team hears nothing of it
    found = list(rows.select_related("team", "image").order_by("pk"))
    if user is None or not user.is_active or not found:
        return None
    first, kinds = found[0], sorted({row.kind for row in found})
    if letter.sort == Letter.Sort.DIGEST:
        subject = f"{len(found)} thing{'' if len(found) == 1 else 's'} since yesterday"
    else:
        subject = _line(first) + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    context = {
        "name": str(user), "rows": [_row(row) for row in found[:MOST]], "more": max(0, len(found) - MOST),
        "site": settings.PUBLIC_URL, "stops": [(Kind(k).label, stopping.address(user=user.pk, kinds=[k])) for k in kinds],
    }  # fmt: skip
    image = next((row.image for row in found if row.image), None)
    return _written(user.email, subject, "notices", context, stopping.address(user=user.pk, kinds=kinds), image)


def _to_client(letter: Letter) -> Written | None:
    link = ShareLink.objects.filter(code=letter.key.split(":")[1], revoked=None).exclude(
        round__state=Round.State.WITHDRAWN
    )
    if not letter.content_sealed or not link.exists():  # a way in that is closed meanwhile
        return None
    said: dict[str, Any] = json.loads(unseal(letter.content_sealed))
    stop = stopping.address(email=letter.email)
    subject = f"{said['by']} asks you to look at {said['what']}"
    return _written(letter.email, subject, "client", {**said, "stop": stop}, stop, letter.image)


def _written(to: str, subject: str, template: str, context: dict[str, Any], stop: str, image: Image | None) -> Written:
    picture = small(image) if image and _by_mail() else b""
    context = {**context, "picture": bool(picture)}
    text = render_to_string(f"notices/letters/{template}.txt", context)
    html = render_to_string(f"notices/letters/{template}.html", context)
    return Written(to, line(subject)[:LONGEST], text, html, stop, picture)


def small(image: Image) -> bytes:
    """The smallest rendition as a JPEG, which every mail program shows; empty where its file is gone."""
    try:
        with Pixels.open(io.BytesIO(renditions.data(image, SPEC)), formats=("WEBP",)) as picture:
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
            return out.getvalue()
    except (OSError, Rendition.DoesNotExist):
        return b""


def _by_mail() -> bool:
    """A console shows no pictures."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def _line(row: Notice) -> str:
    return " ".join(part for part in (row.who, row.did, row.what) if part)


def _row(row: Notice) -> dict[str, str]:
    url = f"{settings.PUBLIC_URL}{row.path}" if row.path else ""
    return {"who": row.who, "did": row.did, "what": row.what, "quote": row.quote, "url": url, "team": row.team.name}
