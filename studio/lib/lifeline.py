"""`python -m studio.lib.lifeline PROGRAM …` runs a program that ends when its parent does, even one killed without warning.

The supervisor holds the writing end of this process's stdin and never writes: end of file means that it is gone.
Works wherever pipes do; Linux' parent-death signal would not reach macOS.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE = 3.0


def hold() -> None:
    """Watch the pipe from a thread."""
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgrp(), signal.SIGKILL) if os.getpgrp() == os.getpid() else os._exit(1)


if __name__ == "__main__":
    hold()
    program = sys.argv[1]
    sys.argv = sys.argv[1:]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
