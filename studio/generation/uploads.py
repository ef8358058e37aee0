"""Which references lie at a service already, in rows: over restarts and all workers."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from studio.generation.models import Upload
from studio.lib.threads import rows

# Runware deletes an upload 30 days after its last use (https://runware.ai/docs/utilities/image-upload).
LIVES = dt.timedelta(days=28)
NOTED = dt.timedelta(days=1)  # how exactly the last use is written down


class Uploads:
    """Of one account; see providers.base.Uploads."""

    def __init__(self, account_id: int) -> None:
        self._account = account_id
        self._known: dict[str, tuple[str, dt.datetime]] = {}  # and when its last use was written down

    async def get(self, sha256: str) -> str | None:
        now = timezone.now()
        known = self._known.get(sha256)
        if known and now - known[1] < NOTED:
            return known[0]
        return await rows(self._read, sha256, now)

    async def put(self, sha256: str, name: str) -> None:
        await rows(self._write, sha256, name)

    async def forget(self, sha256: str) -> None:
        self._known.pop(sha256, None)
        await rows(Upload.objects.filter(account=self._account, sha256=sha256).delete)

    def _read(self, sha256: str, now: dt.datetime) -> str | None:
        alive = Upload.objects.filter(account=self._account, sha256=sha256, used__gt=now - LIVES)
        name = alive.values_list("name", flat=True).first()
        if name:
            alive.update(used=now)
            self._known[sha256] = name, now
        return name

    def _write(self, sha256: str, name: str) -> None:
        now = timezone.now()
        Upload.objects.update_or_create(account_id=self._account, sha256=sha256, defaults={"name": name, "used": now})
        self._known[sha256] = name, now
