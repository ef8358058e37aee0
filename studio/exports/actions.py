"""Asking for a file, making it, stopping it, and clearing away what has run out.

An export is a row first: QUEUED by a person, RUNNING under a lease, then over. A file exists in the storage before its row says DONE.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.models import Project
from studio.exports.models import Export

LEASE = dt.timedelta(seconds=60)


def request_export(
    *, project: Project, by: User | None, key: uuid.UUID, format: str, options: dict[str, Any] | None = None
) -> Export:
    """The export of this form, made once: the same key answers with the row that is already there.

    Raises ValueError for a format that does not exist.
    """
    if format not in Export.Format.values:
        raise ValueError(f"no such format: {format}")
    with transaction.atomic():
        export, made = Export.objects.get_or_create(
            key=key,
            defaults={
                "team": project.team,
                "project": project,
                "format": format,
                "options": options or {},
                "created_by": by,
                "expires": timezone.now() + dt.timedelta(days=settings.EXPORT_DAYS),
            },
        )
        if made:
            record(
                verb="export.asked",
                team=project.team,
                actor=by,
                about="export",
                code=export.code,
                project=project.code,
                format=format,
            )
    return export


def cancel(*, export: Export, by: User | None) -> bool:
    """Stop it between two pages or pictures. False where it was over already."""
    changed = Export.objects.filter(pk=export.pk, state__in=Export.ACTIVE).update(
        state=Export.State.CANCELLED, finished=timezone.now(), lease_until=None
    )
    if changed:
        record(
            verb="export.cancelled",
            team=export.team,
            actor=by,
            about="export",
            code=export.code,
            project=export.project.code,
        )
    return bool(changed)


def unfinished() -> list[int]:
    """Ids that nobody is making: waiting, or running under a lease that ran out. For the worker's reconcile."""
    now = timezone.now()
    rows = Export.objects.filter(Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=now))
    return list(rows.order_by("pk").values_list("pk", flat=True))
