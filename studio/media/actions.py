"""Keeping and discarding pictures. Files are written and flushed before their rows, and removed after them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from studio.accounts.models import Team, User
from studio.lib import disk
from studio.media import intake
from studio.media.decode import PROVIDER
from studio.media.models import Image, Rendition, storage_key

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def find_duplicate(team: Team, sha256: str) -> Image | None:
    """The team's picture of the same bytes, if it has one. What that means is the caller's matter."""
    return Image.objects.for_team(team).filter(sha256=sha256).order_by("pk").first()


def store_upload(
    *, team: Team, by: User | None, name: str, data: bytes | UploadedFile, source: str = Image.Source.UPLOAD
) -> Image:
    """Opens and keeps in one go. Raises `intake.Refused`. Not for use inside a transaction: opening takes time."""
    given = data if isinstance(data, bytes) else data.read(intake.MAX_BYTES + 1)
    return keep(team=team, by=by, name=name, data=given, intaken=intake.read(given, name), source=source)


def store_drawn(*, team: Team, data: bytes, by: User | None = None, name: str = "") -> Image:
    """A picture from an engine, trusted no more than an upload. Raises `intake.Refused`."""
    return store_upload(team=team, by=by, name=name, data=data, source=Image.Source.DRAWN)


def keep(*, team: Team, by: User | None, name: str, data: bytes, intaken: intake.Intaken, source: str) -> Image:
    """Writes what `intake.read` made of `data`. After a failure nothing is left behind, neither rows nor files.

    Raises `intake.Refused` with the code "disk" where the disk takes nothing.
    """
    key = storage_key()
    folder = f"{key[:2]}/{key}"
    storage = storages["default"]
    files = {f"{folder}/original.{ENDINGS[intaken.mime]}": data}
    files |= {f"{folder}/{row.path}": blob for row, blob in _renditions(intaken)}
    try:
        original, *_ = [_write(storage, path, blob) for path, blob in files.items()]
        with transaction.atomic():
            image = Image.objects.create(
                team=team,
                key=key,
                sha256=intaken.sha256,
                original=original,
                original_name=intake.display_name(name) if name else "",
                original_mime=intaken.mime,
                original_size=len(data),
                width=intaken.width,
                height=intaken.height,
                colour_mean=intaken.colour_mean,
                sharpness=intaken.measures.sharpness,
                exposure=intaken.measures.exposure,
                busyness=intaken.measures.busyness,
                quality_version=intaken.measures.version,
                source=source,
                uploaded_by=by,
            )
            rows = [row for row, _ in _renditions(intaken)]
            for row in rows:
                row.image, row.path = image, f"{folder}/{row.path}"
            Rendition.objects.bulk_create(rows)
    except BaseException as error:
        _remove(storage, files)
        if disk.cannot_write(error):
            raise intake.Refused("disk", f"{intake.display_name(name)} was not kept. {disk.CANNOT}") from error
        raise
    return image


def discard(*, image: Image) -> None:
    """Deletes the rows and, once that is committed, the files. Raises ProtectedError while something still shows it."""
    discard_all(images=[image])


def discard_all(*, images: Iterable[Image]) -> None:
    """As `discard`, for several in one transaction: all or none."""
    going = list(images)
    with transaction.atomic():
        renditions = Rendition.objects.filter(image__in=going).values_list("path", flat=True)
        paths = {image.original for image in going} | set(renditions)
        Image.objects.filter(pk__in=[image.pk for image in going]).delete()
        transaction.on_commit(lambda: _remove(storages["default"], paths))


def _renditions(intaken: intake.Intaken) -> list[tuple[Rendition, bytes]]:
    """Unsaved rows, their paths within the picture's folder. Sizes that came out the same share a file."""
    rows = [(PROVIDER, f"{PROVIDER}.jpg", "image/jpeg", intaken.provider)]
    names: dict[tuple[int, int], str] = {}
    for side, webp in sorted(intaken.webps.items()):
        rows.append((str(side), names.setdefault((webp.width, webp.height), f"{side}.webp"), "image/webp", webp))
    return [
        (
            Rendition(spec=spec, path=path, mime=mime, width=file.width, height=file.height, size=len(file.data)),
            file.data,
        )
        for spec, path, mime, file in rows
    ]


def _write(storage: Storage, path: str, data: bytes) -> str:
    """Saved and, on a local disk, flushed with its folder: a committed row never points at an empty file."""
    saved = storage.save(path, ContentFile(data))
    with contextlib.suppress(NotImplementedError):
        local = Path(storage.path(saved))
        for place in (local, local.parent):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    return saved


def _remove(storage: Storage, paths: Iterable[str]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            storage.delete(path)
        with contextlib.suppress(NotImplementedError, OSError):
            os.rmdir(Path(storage.path(path)).parent)
