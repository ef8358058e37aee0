"""Threads that write to SQLite stand in line, those who let something else begin ahead of the others."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from studio.lib.writers import writing

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join(20)


@pytest.fixture
def one_at_a_time():
    if connection.vendor != "sqlite":
        pytest.skip("a server lets many write at once")


def test_one_writes_and_who_lets_others_begin_is_next(one_at_a_time):
    order, inside, most = [], 0, 0

    def work(name, behind, seconds=0.0):
        def called():
            nonlocal inside, most
            with writing(behind=behind):
                inside += 1
                most = max(most, inside)
                time.sleep(seconds)
                order.append(name)
                inside -= 1

        return called

    together(
        work("keeps", True, 0.4), work("keeps too", True), work("keeps as well", True), work("begins", False), work("begins too", False)
    )  # fmt: skip
    assert most == 1
    assert order[0] == "keeps", "nobody is interrupted"
    assert set(order[1:3]) == {"begins", "begins too"}
    assert set(order[3:]) == {"keeps too", "keeps as well"}


def test_one_that_breaks_lets_the_next_write(one_at_a_time):
    order = []

    def broken():
        try:
            with writing():
                time.sleep(0.1)
                raise OSError("the disk is full")
        except OSError:
            order.append("broken")

    def next_one():
        with writing(behind=True):
            order.append("next")

    together(broken, next_one)
    assert order == ["broken", "next"]


def test_who_has_the_database_already_waits_for_nobody():
    """Else it and whoever is first in line would wait for each other."""
    held, over, done = threading.Event(), threading.Event(), []

    def holds():
        with writing():
            held.set()
            over.wait(10)

    def inside():
        held.wait(10)
        with transaction.atomic(), writing():
            done.append(True)
        over.set()
        connection.close()

    together(holds, inside)
    assert done == [True]
    assert over.is_set()


def test_on_a_server_nobody_stands_in_line(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with writing(), writing(behind=True):
        pass
