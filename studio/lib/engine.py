"""The seam to the job engine. The rows are the only truth: the engine decides when a runner is called, and calls it again."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from django.conf import settings


def submit(kind: str, *ids: int, priority: int = 0) -> None:
    """Say that rows of this kind wait to be worked on. Cheap, and may be lost: the worker looks by itself as well."""
    wake()


def cancel(kind: str, *ids: int) -> None:
    """Say that rows were stopped. The worker reads that from the rows."""
    wake()


def wake() -> None:
    """One datagram to this machine's worker, if there is one."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(b"!", str(bell()))


def bell() -> Path:
    return settings.DATA / "worker.sock"
