"""The web server's cap on bodies, and the supervisor's arithmetic."""

from __future__ import annotations

import io

import pytest

from studio.lib.supervisor import delay
from studio.lib.web import DRAINED, capped


def call(length, most=1000):
    said, body = {}, io.BytesIO(b"x" * min(length, 5000))

    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"kept"]

    def start_response(status, headers):
        said.update(status=status, headers=dict(headers))

    answer = b"".join(capped(app, most)({"CONTENT_LENGTH": str(length), "wsgi.input": body}, start_response))
    return said, answer, body.tell()


def test_it_lets_what_is_small_enough_through():
    assert call(1000)[0]["status"] == "200 OK"


def test_it_refuses_what_is_too_large_in_a_sentence_and_reads_it_away():
    said, answer, read = call(1001, most=1000)
    assert said["status"].startswith("413")
    assert b"the most that one request may bring" in answer
    assert read == 1001
    assert "Connection" not in said["headers"]


def test_it_hangs_up_on_the_enormous():
    assert call(DRAINED + 1)[0]["headers"]["Connection"] == "close"


def test_it_takes_no_length_for_nothing():
    environ = {"CONTENT_LENGTH": "", "wsgi.input": io.BytesIO()}
    assert capped(lambda environ, start: [b"kept"], 10)(environ, None) == [b"kept"]


@pytest.mark.parametrize(("falls", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (50, 30)])
def test_it_waits_longer_after_each_fall(falls, seconds):
    assert delay(falls) == seconds
