"""A whole studio, started for real on a folder and a port of its own."""

from __future__ import annotations

import http.cookiejar
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

SKIPPED = {"STUDIO_SKIP_PACKAGES": "1", "STUDIO_SAMPLE": "no"}
ROOT = Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(truth, seconds=10.0, what="it"):
    """Wait for something to become true; its value is given back."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := truth():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def children_of(pid):
    """Every descendant, by walking /proc."""
    below = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != "Z":
                below.setdefault(int(fields[1]), []).append(int(entry.name))
    found, ahead = [], [pid]
    while ahead:
        ahead = [kid for one in ahead for kid in below.get(one, [])]
        found += ahead
    return found


def alive(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid):
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().decode().replace("\0", " ")
    except OSError:
        return ""


class Studio:
    """`manage.py run` in a process (or another `program`), what it said so far, and a browser's memory of cookies."""

    def __init__(self, data, port=None, program=("manage.py", "run"), **environment):
        self.data, self.port = data, port or free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("STUDIO_", "DATABASE_URL", "DJANGO_"))}
        self.began = time.monotonic()
        if (
            signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        ):  # a shell's background job, whose children would inherit it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [sys.executable, *program],
            cwd=ROOT,
            env={**kept, "STUDIO_DATA": str(data), "PORT": str(self.port), **SKIPPED, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said, self._lines = [], queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def _listen(self):
        for line in self.process.stdout:
            self.said.append(line)

    @property
    def output(self):
        return "".join(self.said)

    def get(self, path, data=None):
        """Status and text; a refused connection is status 0."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(f"http://localhost:{self.port}{path}", body, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def up(self, seconds=30):
        until(lambda: self.process.poll() is not None or self.get("/sign-in/")[0] == 200, seconds, "the first page")
        assert self.process.poll() is None, self.output
        return time.monotonic() - self.began

    def link(self):
        """The path of the printed sign-in link."""
        found = until(lambda: re.search(r"http://localhost:\d+(/enter/\S+/)", self.output), 10, "a sign-in link")
        return found[1]

    def child(self, name):
        """The process that runs this part, or None while it is down."""
        for pid in children_of(self.process.pid):
            if f"studio.lib.lifeline {name}" in command_of(pid) and int(_parent(pid)) == self.process.pid:
                return pid
        return None

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(12)


def _parent(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1]
    except OSError:
        return 0


@pytest.fixture
def start(tmp_path):
    """`start()` gives a running studio; whatever is left of it is ended afterwards."""
    if sys.platform != "linux":
        pytest.skip("walks /proc")
    begun = []

    def run(data=None, **environment):
        begun.append(Studio(data or tmp_path / "var", **environment))
        return begun[-1]

    yield run
    for studio in begun:
        left = [studio.process.pid, *children_of(studio.process.pid)]
        if studio.process.poll() is None:
            studio.stop()
        for pid in left:
            if alive(pid) and "studio" in command_of(pid):
                os.kill(pid, signal.SIGKILL)
