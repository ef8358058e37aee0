"""Telling a disk that is full, or that may not be written, from every other fault."""

from __future__ import annotations

import errno

CANNOT = "The studio's disk is full or cannot be written."
_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO, errno.ENOTDIR}


def cannot_write(error: BaseException) -> bool:
    """Whether this fault is the disk's: somebody has to make room, and nothing else will help."""
    return isinstance(error, OSError) and error.errno in _NUMBERS
