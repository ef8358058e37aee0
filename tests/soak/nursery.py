"""`python -m tests.soak.nursery`: a process that has loaded what a worker loads, and becomes a new worker each time it is asked.

`manage.py worker` spends two seconds of its start on imports; killed hundreds of times, they are what a soak would measure.
A line of JSON with an environment forks a child that leads a session of its own and runs the command; its pid is answered.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup()

import dbos  # noqa: E402, F401
from django.core.management import execute_from_command_line  # noqa: E402

import studio.management.commands.worker  # noqa: E402
import studio.providers.gemini  # noqa: E402
import studio.providers.hiapi  # noqa: E402
import studio.providers.runware  # noqa: E402, F401
from studio.lib import crash  # noqa: E402
from tests.soak.world import die_with_parent  # noqa: E402


def _become_a_worker(environment: dict[str, str]) -> None:
    os.setsid()
    die_with_parent()
    log = os.open(os.environ["SOAK_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, to in ((0, nothing), (1, log), (2, log)):
        os.dup2(to, number)
    os.environ.update(environment)
    importlib.reload(crash)
    code = 1
    try:
        execute_from_command_line(["manage.py", "worker"])
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    finally:
        os._exit(code)


def main() -> None:
    alive: set[int] = set()
    waiting = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.02)
        if ready:
            more = os.read(0, 65536)
            if not more:
                return
            waiting += more
        while b"\n" in waiting:
            line, _, waiting = waiting.partition(b"\n")
            pid = os.fork()
            if pid == 0:
                _become_a_worker(json.loads(line))
            alive.add(pid)
            _say({"born": pid})
        for pid in list(alive):
            over, status = os.waitpid(pid, os.WNOHANG)
            if over:
                alive.remove(pid)
                _say({"dead": pid, "code": os.waitstatus_to_exitcode(status)})


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
