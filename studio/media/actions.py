"""Keeping and discarding pictures. Files are written and flushed before their rows, and removed after them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, transaction

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
    written = write(name=name, data=data, intaken=intaken)
    with taken_back_on_failure(written), transaction.atomic():
        return add(team=team, by=by, written=written, source=source)


@dataclass(frozen=True)
class Written:
    """A picture whose files lie in the storage, and whose rows do not exist yet. Paths as the storage has them."""

    key: str
    original: str
    size: int
    files: tuple[str, ...]
    name: str
    intaken: intake.Intaken


def write(*, name: str, data: bytes, intaken: intake.Intaken) -> Written:
    """The files alone, outside of any transaction. Raises `intake.Refused` with the code "disk"."""
    key = storage_key()
    folder = f"{key[:2]}/{key}"
    files = {f"{folder}/original.{ENDINGS[intaken.mime]}": data}
    files |= {f"{folder}/{row.path}": blob for row, blob in _renditions(intaken)}
    storage = storages["default"]
    try:
        original, *_ = _saved(storage, files)
    except BaseException as error:
        _remove(storage, files)
        if disk.cannot_write(error):
            raise intake.Refused("disk", f"{intake.display_name(name)} was not kept. {disk.CANNOT}") from error
        raise
    return Written(key, original, len(data), tuple(files), name, intaken)


def add(*, team: Team, by: User | None, written: Written, source: str) -> Image:
    """The rows of what was written, in the caller's transaction: what shows the picture may be written together with it."""
    intaken = written.intaken
    image = Image.objects.create(
        team=team,
        key=written.key,
        sha256=intaken.sha256,
        original=written.original,
        original_name=intake.display_name(written.name) if written.name else "",
        original_mime=intaken.mime,
        original_size=written.size,
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
        row.image, row.path = image, f"{written.key[:2]}/{written.key}/{row.path}"
    Rendition.objects.bulk_create(rows)
    return image


@contextlib.contextmanager
def taken_back_on_failure(written: Written) -> Iterator[None]:
    """Remove the files where their rows could not be written. A database that broke off may have written them all the same: then
    the files stay, and the sweep finds them."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        _remove(storages["default"], written.files)
        raise


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
    largest = intaken.provider
    rows = [(PROVIDER, f"{PROVIDER}.jpg", "image/jpeg", largest)]
    names = {(largest.width, largest.height): (f"{PROVIDER}.jpg", "image/jpeg")}
    for side, file in sorted(intaken.steps.items()):
        name, mime = names.setdefault((file.width, file.height), (f"{side}.webp", "image/webp"))
        rows.append((str(side), name, mime, file))
    return [
        (
            Rendition(spec=spec, path=path, mime=mime, width=file.width, height=file.height, size=len(file.data)),
            file.data,
        )
        for spec, path, mime, file in rows
    ]


def _saved(storage: Storage, files: dict[str, bytes]) -> list[str]:
    """In one folder and, on a local disk, flushed with it: a committed row never points at a missing or empty file."""
    paths = [storage.save(path, ContentFile(data)) for path, data in files.items()]
    with contextlib.suppress(NotImplementedError):
        places = [Path(storage.path(path)) for path in paths]
        folder = places[0].parent
        for place in (*places, folder, folder.parent, folder.parent.parent):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    return paths


def _remove(storage: Storage, paths: Iterable[str]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            storage.delete(path)
        with contextlib.suppress(NotImplementedError, OSError):
            os.rmdir(Path(storage.path(path)).parent)
