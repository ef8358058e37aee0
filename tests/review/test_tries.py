"""Wrong tokens, passwords and names: 429 from the 20th at the latest. A thousand at every door: `tests/accounts/test_doors.py`."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.models import Guest, Tally
from studio.review import actions

SEEN = 19  # answered before the pause begins
ENDPOINTS = ["", "name/", "news/", "panels/x/", "pictures/x/320/", "pictures/x/original/"]


@pytest.mark.parametrize("endpoint", [*ENDPOINTS[1:], "decide/", "panels/x/notes/", "notes/x/edit/"])
def test_each_endpoint_counts(db, endpoint):
    client = Client()
    ask = client.post if endpoint in {"decide/", "panels/x/notes/", "notes/x/edit/", "name/"} else client.get
    answers = [ask(f"/r/{n:043d}/{endpoint}").status_code for n in range(25)]
    assert answers == [404] * SEEN + [429] * 6


def test_wrong_passwords(round, pavel):
    _, token = actions.make_link(round=round, by=pavel, name="Dana", password="open sesame")
    client = Client()
    answers = [client.post(f"/r/{token}/", {"password": f"{n}"}).status_code for n in range(22)]
    assert answers == [422] * SEEN + [429] * 3
    right = client.post(f"/r/{token}/", {"password": "open sesame"})
    assert right.status_code == 429  # guessing on is of no use


def test_wrong_passwords_from_everywhere(round, pavel):
    """Many machines together stop at the link's own count."""
    _, token = actions.make_link(round=round, by=pavel, name="Dana", password="open sesame")
    client = Client()
    answers = [
        client.post(f"/r/{token}/", {"password": f"{n}"}, REMOTE_ADDR=f"10.0.{n // 250}.{n % 250}").status_code
        for n in range(120)
    ]
    assert answers == [422] * 100 + [429] * 20


def test_names(round, pavel):
    """A link can't be filled with guests."""
    _, token = actions.make_link(round=round, by=pavel)
    answers = []
    for n in range(30):
        client = Client()
        client.get(f"/r/{token}/")
        answers.append(client.post(f"/r/{token}/name/", {"name": f"Guest {n}"}).status_code)
    assert answers == [302] * SEEN + [429] * 11
    assert Guest.objects.count() == SEEN


def test_a_good_link_is_not_held_up_by_bad_ones(round, linked):
    """256 bits need no pause: a neighbour's mistakes keep nobody out."""
    client = Client()
    for n in range(30):
        client.get(f"/r/{n:043d}/")
    assert client.get(f"/r/{linked[1]}/").status_code == 302


def test_looking_counts_nothing(round, linked, guest):
    client = guest(linked[1])
    client.get(f"/r/{linked[1]}/news/")
    assert not Tally.objects.exists()


def test_a_count_that_is_off_shows(db, settings):
    """The control: without the rate the same thousand go through, so it is the rate that stops them."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_review_link": "5000/m/ip"}
    client = Client()
    assert {client.get(f"/r/{n:043d}/").status_code for n in range(60)} == {404}
