"""Files that a killed process left behind: pictures whose rows were never written, uploads that were never read to their end.

Nothing young is touched: whoever writes files first and their rows afterwards has had a day for it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from studio.media.models import Image

DAY = dt.timedelta(days=1)
FIRST, KEY = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{32}")


def never() -> bool:
    return False


def listed(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in a folder of the storage; nothing where it is not there."""
    try:
        return storages["default"].listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []


def is_old(path: str, older: dt.timedelta) -> bool:
    """Whether the file has lain there that long. False for one that is gone."""
    try:
        return storages["default"].get_modified_time(path) < timezone.now() - older
    except (FileNotFoundError, NotImplementedError):
        return False


def pictures(*, older: dt.timedelta = DAY, stop: Callable[[], bool] = never) -> int:
    """Remove the files of pictures that have no row, and say how many. `stop` is asked between two folders."""
    gone = 0
    for folder in _without_row(stop):
        files = [f"{folder}/{name}" for name in listed(folder)[1]]
        if not all(is_old(path, older) for path in files) or Image.objects.filter(key=folder[3:]).exists():
            continue
        for path in files:
            storages["default"].delete(path)
        with contextlib.suppress(NotImplementedError, OSError):
            os.rmdir(storages["default"].path(folder))
        gone += len(files)
    return gone


def _without_row(stop: Callable[[], bool]) -> Iterator[str]:
    """Folders of the form ab/abcdef… that no row names: nothing else in the storage is ours to judge."""
    for first in sorted(name for name in listed("")[0] if FIRST.fullmatch(name)):
        if stop():
            return
        keys = {name for name in listed(first)[0] if KEY.fullmatch(name) and name.startswith(first)}
        known = set(Image.objects.filter(key__startswith=first).values_list("key", flat=True))
        yield from (f"{first}/{key}" for key in sorted(keys - known))


def uploads(*, older: dt.timedelta = DAY) -> int:
    """Remove what was left of uploads whose web server was killed, on this machine."""
    gone, before = 0, (timezone.now() - older).timestamp()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        with contextlib.suppress(OSError):
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                gone += 1
    return gone
