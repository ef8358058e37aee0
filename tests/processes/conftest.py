"""A studio of its own on disk: its data folder, its database (SQLite, or a copy on the server of DATABASE_URL), its workers."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")


class Studio:
    """Everything happens in child processes, as it does outside; `do` runs a piece of Python there and gives its JSON."""

    def __init__(self, data: Path, database: str) -> None:
        self.data = data
        self.database = database
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
            },
            "STUDIO_DATA": str(data),
            "PYTHONPATH": str(ROOT),
        }
        if database:
            self.environment["DATABASE_URL"] = _address(database)
        self.workers: list[subprocess.Popen] = []

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False
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

    def states(self) -> dict[str, int]:
        """How many jobs are in which state: read beside the studio, so that looking is quick."""
        query = "SELECT state, count(*) FROM studio_job GROUP BY state"
        if self.database:
            return dict(_server(self.database, query))
        with closing(sqlite3.connect(f"file:{self.data / 'studio.sqlite3'}?mode=ro", uri=True, timeout=10)) as rows:
            return dict(rows.execute(query))

    def is_over(self) -> bool:
        return not set(self.states()) & {"queued", "starting", "waiting", "saving"}

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


def _address(database: str) -> str:
    return urlsplit(SERVER)._replace(path=f"/{database}").geturl()


def _server(database: str, query: str) -> list:
    import psycopg

    with psycopg.connect(_address(database), autocommit=True) as line:
        cursor = line.execute(query)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A migrated studio, to be copied."""
    name = f"studio_empty_{secrets.token_hex(4)}" if SERVER else ""
    if name:
        _server("postgres", f"CREATE DATABASE {name}")
    made = Studio(tmp_path_factory.mktemp("empty") / "data", name)
    done = made.manage("migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr
    yield made
    if name:
        _server("postgres", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def studio(empty, tmp_path):
    shutil.copytree(empty.data, tmp_path / "data")
    name = f"studio_{secrets.token_hex(4)}" if SERVER else ""
    if name:
        _server("postgres", f"CREATE DATABASE {name} TEMPLATE {empty.database}")
    made = Studio(tmp_path / "data", name)
    yield made
    made.close()
    if name:
        _server("postgres", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def until():
    """Wait for something to become true; fail after some seconds."""

    def waited(true, seconds=90.0, pause=0.05):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := true():
                return found
            time.sleep(pause)
        raise AssertionError("It did not come true in time")

    return waited
