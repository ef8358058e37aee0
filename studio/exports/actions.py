"""Asking for a file, making it, stopping it, and clearing away what has run out.

An export is a row first: QUEUED by a person, RUNNING under a lease, then over. A file lies in the storage before its row
says DONE, so a link that is shown always leads to a whole file. Making it again after a crash costs nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.models import Project
from studio.exports import bundle, names, pdf, sheet
from studio.exports.models import Export
from studio.exports.types import Failed, Options, Stopped
from studio.lib import disk, engine
from studio.media.sweep import is_old, listed

log = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=2)
WRITE_EVERY = 0.4  # seconds between two progress writes


def request_export(
    *, project: Project, by: User | None, key: uuid.UUID, format: str, options: dict[str, Any] | None = None
) -> Export:
    """The export of this form, made once: the same key answers with the row that is already there.

    The work starts when the transaction is committed. Raises ValueError for a format that does not exist.
    """
    if format not in Export.Format.values:
        raise ValueError(f"no such format: {format}")
    fields = {
        "team": project.team,
        "project": project,
        "format": format,
        "options": Options.read(options or {}).stored(),
        "created_by": by,
    }
    with transaction.atomic():
        export, made = Export.objects.get_or_create(key=key, defaults=fields)
        if made:
            _record("export.asked", export, by)
            transaction.on_commit(lambda: engine.submit("export", export.pk))
    return export


def cancel(*, export: Export, by: User | None) -> bool:
    """Stop it between two pages or pictures. False where it was over already."""
    with transaction.atomic():
        changed = Export.objects.filter(pk=export.pk, state__in=Export.ACTIVE).update(
            state=Export.State.CANCELLED, finished=timezone.now(), lease_until=None
        )
        if changed:
            _record("export.cancelled", export, by)
    return bool(changed)


def run(export_id: int, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Export | None:
    """Make the file of a waiting export, or of one whose worker was lost. None where somebody else has it or it is over.

    `progress(done, total)` is told besides the row. An error ends in the row, in words; it is never raised.
    """
    worker = f"{engine.me()}-{secrets.token_hex(3)}"
    export = _claim(export_id, worker)
    if export is None:
        return None
    try:
        with tempfile.TemporaryFile(prefix="studio-export-") as out:
            filename = _make(export, out, _Progress(export, worker, progress))
            _keep(export, worker, filename, out)
    except Stopped:
        log.info("export %s was stopped", export.code)
    except Failed as error:
        _fail(export, worker, str(error), error.remedy)
    except Exception as error:
        log.exception("export %s failed", export.code)
        words, remedy = "The file could not be made.", "Try again. If it fails twice, tell whoever runs this studio."
        if disk.cannot_write(error):
            words, remedy = disk.CANNOT, "Make room on it, then export again."
        _fail(export, worker, words, remedy)
    prune()
    export.refresh_from_db()
    return export


def unfinished() -> list[int]:
    """Ids that nobody is making: waiting, or running under a lease that ran out. For the worker's reconcile."""
    rows = Export.objects.filter(
        Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=timezone.now())
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def prune() -> int:
    """Remove the files that have run out, and answer how many. Their rows stay: they say what left, and when.

    Called after each export, and when a worker starts.
    """
    gone = 0
    for export in Export.objects.filter(expires__lt=timezone.now()).exclude(path=""):
        storages["default"].delete(export.path)
        gone += Export.objects.filter(pk=export.pk).update(path="")
    return gone


def sweep(*, older: dt.timedelta) -> int:
    """Remove files that no row names: their worker was killed after it had stored them. Says how many."""
    gone = 0
    for code in listed("exports")[0]:
        for name in listed(f"exports/{code}")[1]:
            path = f"exports/{code}/{name}"
            if is_old(path, older) and not Export.objects.filter(path=path).exists():
                storages["default"].delete(path)
                gone += 1
    return gone


def _claim(export_id: int, worker: str) -> Export | None:
    now = timezone.now()
    free = Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=now)
    claimed = Export.objects.filter(free, pk=export_id).update(
        state=Export.State.RUNNING, worker=worker, lease_until=now + LEASE, done=0
    )
    return Export.objects.select_related("project__team", "team").get(pk=export_id) if claimed else None


class _Progress:
    """Writes how far it is, renews the lease, and raises Stopped once the row is no longer this worker's."""

    def __init__(self, export: Export, worker: str, tell: Callable[[int, int], None]) -> None:
        self.rows = Export.objects.filter(pk=export.pk, worker=worker, state=Export.State.RUNNING)
        self.tell = tell
        self.written = 0.0

    def __call__(self, done: int, total: int) -> None:
        self.tell(done, total)
        if 0 < done < total and time.monotonic() - self.written < WRITE_EVERY:
            return
        self.written = time.monotonic()
        if not self.rows.update(done=done, total=total, lease_until=timezone.now() + LEASE):
            raise Stopped


def _make(export: Export, out: IO[bytes], progress: _Progress) -> str:
    """Write the file to `out`, answer what it is called."""
    options = Options.read(export.options)
    read = sheet.of(export.project, options, export=export)
    if export.format == Export.Format.PDF:
        pdf.write(read, options, out, progress=progress)
    else:
        bundle.write(read, out, progress=progress)
    return names.of_file(read, export.format)


def _keep(export: Export, worker: str, filename: str, out: IO[bytes]) -> None:
    size = out.tell()
    out.seek(0)
    path = storages["default"].save(f"exports/{export.code}/{secrets.token_hex(8)}.{export.format}", File(out))
    now = timezone.now()
    with transaction.atomic():
        kept = Export.objects.filter(pk=export.pk, worker=worker, state=Export.State.RUNNING).update(
            state=Export.State.DONE,
            path=path,
            filename=filename,
            size=size,
            finished=now,
            expires=now + dt.timedelta(days=settings.EXPORT_DAYS),
            lease_until=None,
        )
        if kept:
            _record("export.made", export, export.created_by, size=size)
    if not kept:
        storages["default"].delete(path)


def _fail(export: Export, worker: str, words: str, remedy: str) -> None:
    Export.objects.filter(pk=export.pk, worker=worker, state=Export.State.RUNNING).update(
        state=Export.State.FAILED, error=words[:300], remedy=remedy[:300], finished=timezone.now(), lease_until=None
    )


def note_download(*, export: Export, by: User) -> None:
    """Write down that somebody took the file away."""
    _record("export.downloaded", export, by, filename=export.filename)


def _record(verb: str, export: Export, by: User | None, **data: Any) -> None:
    record(
        verb=verb,
        team=export.team,
        actor=by,
        about="export",
        code=export.code,
        project=export.project.code,
        format=export.format,
        **data,
    )
