"""A storage on a disk that is full: it takes the first bytes of a file and then no more, as a real one does."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class FullDisk(FileSystemStorage):
    """`room` files fit; of the next one half is written."""

    room = 0

    def _save(self, name, content):
        if type(self).room > 0:
            type(self).room -= 1
            return super()._save(name, content)
        half = Path(self.path(name))
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content.read(100))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(half))
