"""`manage.py run`: the first start, the second, and everything that may fall in between."""

from __future__ import annotations

import os
import re
import signal
import socket

import pytest

from tests.processes.running import alive, children_of, until
from tests.processes.running import start as start  # a fixture

pytestmark = pytest.mark.processes


def sign_in_by(studio, path):
    """Press the button of the link's page; the status of where that leads."""
    status, page = studio.get(path)
    if status != 200:
        return status, page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return studio.get(path, {"csrfmiddlewaretoken": token})


def test_it_starts_lets_the_owner_in_once_and_starts_again_quickly(start):
    studio = start()
    studio.up()
    link = studio.link()
    assert studio.get(link)[0] == 200, "looking at the link does not use it up"
    assert sign_in_by(studio, link)[0] == 200
    status, page = studio.get("/team/")
    assert status == 200
    assert "My studio" in page
    assert studio.get(link)[0] == 404, "it works once"

    keys = sorted((studio.data / "keys").iterdir())
    assert [key.name for key in keys] == ["django.key", "encryption.key"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}

    second = start(studio.data)
    assert second.process.wait(15) == 1
    assert "already running" in second.output
    assert "Traceback" not in second.output

    inside = children_of(studio.process.pid)
    assert len(inside) >= 3  # web, its process, worker
    assert studio.stop() == 0
    assert not [pid for pid in inside if alive(pid)]

    again = start(studio.data)
    assert again.up() < 5 * max(1.0, os.getloadavg()[0] / os.cpu_count())  # seconds, on a machine with a free core
    assert again.link() != link
    assert sign_in_by(again, again.link())[0] == 200


def test_it_says_when_the_port_is_taken(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        studio = start(port=port)
        assert studio.process.wait(20) == 1
    assert f"Port {port} is taken" in studio.output
    assert f"PORT={port + 1}" in studio.output
    assert "Traceback" not in studio.output


def test_it_brings_back_what_is_killed_and_leaves_no_orphans(start):
    studio = start()
    studio.up()
    for name in ("studio.lib.web", "manage.py worker"):
        before = until(lambda name=name: studio.child(name), what=name)
        os.kill(before, signal.SIGKILL)
        until(lambda name=name, before=before: studio.child(name) not in (None, before), what=f"{name} again")
    studio.up()
    assert "web ended (signal 9); starting it again in 1 s" in studio.output
    assert "worker ended (signal 9); starting it again in 1 s" in studio.output

    inside = children_of(studio.process.pid)
    studio.process.kill()
    studio.process.wait()
    until(lambda: not [pid for pid in inside if alive(pid)], 8, "the end of the children")

    again = start(studio.data)
    again.up()
    assert again.stop(signal.SIGINT) == 0
