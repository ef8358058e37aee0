"""A studio of its own on disk: its data folder, its database, its worker processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Studio:
    """Everything happens in child processes, as it does outside; `do` runs a piece of Python there and gives its JSON."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "STUDIO_DATA": str(data),
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self.workers: list[subprocess.Popen] = []

    def manage(self, *arguments: str, **given) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False, **given
        )

    def do(self, code: str):
        done = self.manage("shell", "--no-imports", "-c", f"import json\n{code}\nprint('=>' + json.dumps(answer))")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rsplit("=>", 1)[1])

    def worker(self, **environment: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.workers.append(process)
        return process

    def close(self) -> None:
        for process in self.workers:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


BOARD = """
import uuid
from studio.models import Project
from studio.generation import actions
from tests import makers
team = makers.team()
by = makers.member(team, "Mei Tan", "artist")
project = makers.project(team, "Night ferry")
scene = makers.scene(project)
panels = [makers.panel(scene) for _ in range({panels})]
answer = project.code
"""


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A migrated data folder, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    assert Studio(folder).manage("migrate", "--verbosity=0").returncode == 0
    return folder


@pytest.fixture
def studio(empty, tmp_path):
    shutil.copytree(empty, tmp_path / "data")
    made = Studio(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def until():
    """Wait for something to become true; fail after some seconds."""

    def waited(true, seconds=20.0, pause=0.05):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := true():
                return found
            time.sleep(pause)
        raise AssertionError("It did not come true in time")

    return waited
