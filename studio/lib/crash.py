"""Deaths at named points, for the tests that prove what survives them. Off unless STUDIO_TEST_CRASH names a point."""

from __future__ import annotations

import os
import signal
from pathlib import Path

POINT, _, _ONCE = os.environ.get("STUDIO_TEST_CRASH", "").partition(":")  # "starting:/path/of/a/marker"


def here(point: str) -> None:
    """Die as by kill -9 if this is the point, once: the marker file says that it has happened."""
    if not POINT or point != POINT:
        return
    try:
        Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
