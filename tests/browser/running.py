"""`manage.py run`, as somebody starts it after cloning, for the journeys that go through web and worker."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
LINK = re.compile(r"http://localhost:\d+/enter/\S+")
PATIENCE = 180  # seconds; the database is made first


@contextmanager
def database():
    """One of its own on the server of DATABASE_URL, given as an address; without a server nothing: SQLite in the folder."""
    if not SERVER:
        yield {}
        return
    import psycopg

    name = f"studio_{secrets.token_hex(4)}"
    at = lambda database: urlsplit(SERVER)._replace(path=f"/{database}").geturl()  # noqa: E731
    with psycopg.connect(at("postgres"), autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": at(name)}
        finally:
            line.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def started(folder: Path, **environment: str):
    """A folder of its own, a free port, no sample project. Gives the sign-in link that it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    ours = {"STUDIO_DATA": str(folder / "var"), "PORT": str(port), "STUDIO_SKIP_PACKAGES": "1", "STUDIO_SAMPLE": "no"}
    said = folder / "log"
    with database() as there, said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env={**kept, **ours, **there, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            link, until = None, time.monotonic() + PATIENCE
            while not link and time.monotonic() < until and process.poll() is None:
                time.sleep(0.2)
                link = LINK.search(said.read_text())
            assert link, f"No sign-in link; it said:\n{said.read_text()}"
            yield link[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
