"""Pictures with the viewer's name across them: made once for each link, name and size, in the limited child, and kept."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import unicodedata
import uuid
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from studio.lib.signing import digest
from studio.media import errands
from studio.media.lettering import drawable
from studio.media.models import Rendition
from studio.review.models import ShareLink

FOLDER = "marked"


def words(name: str, link: ShareLink) -> str:
    """What is drawn: the name, where a font here has its letters; else the link's address or code, so that a copy can be told."""
    plain = unicodedata.normalize("NFC", name).strip()
    kept = "".join(letter for letter in plain if drawable(letter)).strip()
    if len(kept) * 2 >= len(plain) > 0 and kept:
        return kept
    return link.email or f"Viewer {link.code}"


def marked(rendition: Rendition, *, name: str, link: ShareLink) -> bytes:
    """The rendition with `name` across it. Raises `media.intake.Refused`, and OSError where the picture's file is gone."""
    storage, path = storages["default"], _path(rendition, name, link)
    with contextlib.suppress(FileNotFoundError), storage.open(path) as file:
        return bytes(file.read())
    with storage.open(rendition.path) as file:
        made = errands.watermark(file.read(), words(name, link))
    _keep(path, made)
    return made


def forget(link: ShareLink) -> int:
    """Remove what was made for a link, and say how many files."""
    return _remove(link.code)


def _remove(code: str) -> int:
    storage, folder = storages["default"], f"{FOLDER}/{code}"
    try:
        names = storage.listdir(folder)[1]
    except (FileNotFoundError, NotADirectoryError):
        return 0
    for name in names:
        with contextlib.suppress(OSError):
            storage.delete(f"{folder}/{name}")
    with contextlib.suppress(NotImplementedError, OSError):
        os.rmdir(storage.path(folder))
    return len(names)


def sweep(*, older: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove what was made for links that have run out, and say how many files."""
    try:
        folders = storages["default"].listdir(FOLDER)[0]
    except (FileNotFoundError, NotADirectoryError):
        return 0
    living = ShareLink.objects.filter(code__in=folders, revoked=None, expires__gt=timezone.now() - older)
    codes = set(living.values_list("code", flat=True))
    return sum(_remove(name) for name in folders if name not in codes)


def _path(rendition: Rendition, name: str, link: ShareLink) -> str:
    whose = digest(name)[:12]
    return f"{FOLDER}/{link.code}/{whose}-{rendition.image.key}-{rendition.spec}"


def _keep(path: str, data: bytes) -> None:
    """Whole or not at all: somebody else may be reading it. A disk that takes nothing only costs the time again."""
    storage = storages["default"]
    with contextlib.suppress(OSError):
        try:
            final = Path(storage.path(path))
        except NotImplementedError:
            storage.save(path, ContentFile(data))
            return
        final.parent.mkdir(parents=True, exist_ok=True)
        draft = final.with_name(f".{uuid.uuid4().hex}")
        draft.write_bytes(data)
        os.replace(draft, final)
