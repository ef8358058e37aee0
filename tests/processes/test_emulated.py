"""`make run ENGINES=emulated`: the studio with the three services beside it, on a folder of its own, and nothing that could cost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing

import pytest

from tests.emulators.beside import environment, first_port, free_ports
from tests.emulators.control import Remote
from tests.processes.running import alive, children_of, command_of, until
from tests.processes.running import start as start  # a fixture

BASES = {"RUNWARE_API_KEY": "/v1", "HIAPI_API_KEY": "", "WISDOM_GATE_KEY": ""}


def accounts(studio):
    with closing(sqlite3.connect(studio.data / "emulated" / "studio.sqlite3")) as rows:
        return dict(rows.execute("SELECT from_environment, base_url FROM studio_engineaccount"))


@pytest.mark.processes
def test_it_starts_with_emulated_engines_and_stops_with_all_of_them(start):
    studio = start(
        program=("-m", "tests.emulators.beside"),
        RUNWARE_API_KEY="a-real-key", RUNWARE_BASE_URL="https://api.runware.ai/v1", GEMINI_API_KEY="another-real-key",
    )  # fmt: skip
    studio.up(60)
    assert studio.output.count("nothing is charged") == 1
    found = accounts(studio)
    assert found.keys() == BASES.keys()
    bases = [found[name] for name in BASES]
    assert all(
        re.fullmatch(rf"http://127\.0\.0\.1:\d+{tail}", base) for base, tail in zip(bases, BASES.values(), strict=True)
    )
    for base in bases:
        assert until(lambda base=base: Remote(base).ledger() == [], 20, f"the emulator at {base}")
    body = json.dumps({"contents": [{"parts": [{"text": "a roof"}]}]}).encode()
    drawing = urllib.request.Request(
        f"{bases[2]}/v1beta/models/gemini-3-pro-image-preview:generateContent", body,
        {"x-goog-api-key": "key-for-the-emulator", "content-type": "application/json"},
    )  # fmt: skip
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(drawing, timeout=30) as answer:
        parts = json.load(answer)["candidates"][0]["content"]["parts"]
    assert parts[-1]["inlineData"]["mimeType"] == "image/png"
    assert [row["words"] for row in Remote(bases[2]).charged()] == ["a roof"]

    engines = studio.child("tests.emulators")
    os.kill(engines, signal.SIGKILL)
    until(lambda: studio.child("tests.emulators") not in (None, engines), what="the emulators again")
    inside = children_of(studio.process.pid)
    assert any("tests.emulators" in command_of(pid) for pid in inside)
    assert studio.stop() == 0
    assert not [pid for pid in inside if alive(pid)]


def test_it_passes_on_no_real_key_and_no_database(tmp_path):
    given = {"GEMINI_API_KEY": "real", "RUNWARE_API_KEY": "real", "DATABASE_URL": "postgres://x/y", "STUDIO_PUBLIC_URL": "https://studio.example", "HOME": "/h"}  # fmt: skip
    made = environment(given, 8000, tmp_path, {"runware": 1, "hiapi": 2, "gemini": 3})
    assert "real" not in made.values()
    assert not {"GEMINI_API_KEY", "DATABASE_URL"} & made.keys()
    assert made["HOME"] == "/h"
    assert made["STUDIO_DATA"] == str(tmp_path)
    assert made["STUDIO_PUBLIC_URL"] == "http://localhost:8000"
    assert [made[f"{name}_BASE_URL"] for name in ("RUNWARE", "HIAPI", "WISDOM_GATE")] == [
        "http://127.0.0.1:1/v1", "http://127.0.0.1:2", "http://127.0.0.1:3",
    ]  # fmt: skip


def test_two_that_start_in_the_same_minute_look_for_other_ports():
    looked = [first_port(port) + n for port in (8000, 8001, 8464) for n in range(3)]
    assert len(set(looked)) == 9
    assert max(looked) < 32768, "those the system gives out by itself begin there, on Linux"


def test_it_passes_over_ports_that_are_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        found = free_ports(taken, 3)
    assert len(set(found)) == 3
    assert min(found) > taken
