"""The seam: one worker a data folder, a bell that may be lost, a name that stays."""

from __future__ import annotations

import os
import socket

import pytest

from studio.lib import engine


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    engine.machine.cache_clear()
    yield tmp_path
    engine.machine.cache_clear()


def test_it_submits_where_nobody_listens(folder):
    engine.submit("job", 1, 2, 3)
    engine.cancel("job", 1)
    assert engine.running_worker() is None
    assert not (folder / "worker.sock").exists()


def test_it_rings(folder):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.bind(str(folder / "worker.sock"))
        bell.settimeout(2)
        engine.submit("job", 1)
        assert bell.recv(8) == b"!"


def test_it_does_not_wait_for_a_worker_that_sleeps(folder):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.bind(str(folder / "worker.sock"))
        for _ in range(2000):  # more than any socket keeps
            engine.submit("job", 1)
        assert bell.recv(8) == b"!"


def test_it_lets_one_worker_in(folder):
    assert engine.running_worker() is None
    with engine._exclusive():
        assert engine.running_worker() == os.getpid()
        with pytest.raises(engine.AlreadyRunning) as refusal, engine._exclusive():
            pass
        assert str(os.getpid()) in str(refusal.value)
    assert engine.running_worker() is None


def test_it_keeps_its_name(folder):
    name = engine.machine()
    engine.machine.cache_clear()
    assert engine.machine() == name
    assert engine.me().startswith(f"{name}-{os.getpid()}-")
    assert len(engine.me()) <= 40
