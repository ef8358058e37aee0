"""One parent, its children: starts them, prefixes their lines, starts the fallen again, stops all of them cleanly.

No child outlives the parent, however it ends: each holds the parent's end of a pipe as its stdin (`lib.lifeline`), and each
leads a process group of its own, so that what a child has forked goes with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GRACE = 10.0  # seconds between asking a child to stop and killing it
STEADY = 60.0  # seconds up after which a child's earlier falls are forgotten
LONGEST = 30.0


def delay(falls: int) -> float:
    """Seconds before the next start after so many falls in a row: 1, 2, 4 … 30."""
    return min(2.0 ** (falls - 1), LONGEST)


@dataclass
class Child:
    """A program to keep running. `arguments` follow the interpreter."""

    name: str
    arguments: Sequence[str]
    falls: int = 0
    due: float = 0.0  # monotonic moment of the next start
    started: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Supervisor:
    """`run()` blocks until SIGTERM, SIGINT or SIGHUP, and returns once every child is gone."""

    def __init__(
        self, children: Sequence[Child], *, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.children = children
        self.folder = folder
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.stopping = threading.Event()
        self.impatient = False
        self._writing = threading.Lock()
        self._width = max(len(child.name) for child in children)

    def run(self, *, ready: Callable[[], bool] = lambda: True, on_ready: Callable[[], None] = lambda: None) -> None:
        """`ready` is asked until it is true; then `on_ready` is called, once."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._asked_to_stop)
        greeted = False
        try:
            while not self.stopping.wait(0.1):
                self._tend()
                if not greeted and ready():
                    greeted = True
                    on_ready()
        finally:
            self._stop_all()

    def _asked_to_stop(self, *_: Any) -> None:
        self.impatient = self.stopping.is_set()
        self.stopping.set()

    def _tend(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due:
                    self._start(child)
            elif child.process.poll() is not None:
                self._mourn(child, now)

    def _start(self, child: Child) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "studio.lib.lifeline", *child.arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        child.process, child.started = process, time.monotonic()
        threading.Thread(target=self._relay, args=(child.name, process), daemon=True).start()

    def _mourn(self, child: Child, now: float) -> None:
        """It fell: sweep what it forked, say so, set the moment of the next start."""
        assert child.process
        _signal_group(child.process, signal.SIGKILL)
        code, child.process = child.process.returncode, None
        child.falls = 1 if now - child.started > STEADY else child.falls + 1
        child.due = now + delay(child.falls)
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        self.say("run", f"{child.name} ended ({how}); starting it again in {delay(child.falls):.0f} s")

    def _stop_all(self) -> None:
        alive = [child for child in self.children if child.process and child.process.poll() is None]
        for child in alive:
            assert child.process
            child.process.terminate()
        deadline = time.monotonic() + GRACE
        while any(c.process and c.process.poll() is None for c in alive):
            if time.monotonic() > deadline or self.impatient:
                break
            time.sleep(0.05)
        for child in self.children:
            if child.process:
                _signal_group(child.process, signal.SIGKILL)
                child.process.wait()

    def _relay(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.say(name, line.decode(errors="replace").rstrip("\n"))

    def say(self, name: str, line: str) -> None:
        """A line for whoever watches; nobody watching any more is no reason to fall."""
        with self._writing, contextlib.suppress(OSError):
            print(f"{name:<{self._width}} | {line}", flush=True)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(process.pid, number)
