"""Deaths at named points, for the tests that prove what survives them. Off unless STUDIO_TEST_CRASH names a point."""

from __future__ import annotations

import os
import signal
from pathlib import Path

# "waiting:/path/of/a/marker", or "waiting:/path/of/a/marker:3" for the third time that it is reached
POINT, _, _said = os.environ.get("STUDIO_TEST_CRASH", "").partition(":")
_ONCE, _, _count = _said.rpartition(":") if _said.rpartition(":")[2].isdigit() else (_said, "", "1")
_left = int(_count)
_SIGNAL = signal.SIGSTOP if os.environ.get("STUDIO_TEST_STOP") else signal.SIGKILL  # or stand still


def here(point: str) -> None:
    """Die as by kill -9 if this is the point, once: the marker file says that it has happened."""
    global _left
    if not POINT or point != POINT:
        return
    _left -= 1
    if _left > 0:
        return
    try:
        Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), _SIGNAL)
