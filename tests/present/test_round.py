"""A round played by the team and by guests, and a room that follows whoever presents it."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.models import Showing
from studio.presenting import actions
from studio.review import actions as review
from tests import makers


@pytest.fixture
def sent(team, pavel):
    scene = makers.scene(makers.project(team, "Night ferry"))
    for label in ("1A", "1B", "1C"):
        panel = makers.panel(scene, label, action=f"What happens in {label}.")
        makers.take(panel, makers.bare_image(team), picked=True, prompt="Canary prompt")
    return review.send_round(project=scene.project, by=pavel, message="Look.")


@pytest.fixture
def codes(sent):
    return [row.code for row in sent.panels.order_by("position")]


@pytest.fixture
def address(sent):
    return f"/rounds/{sent.code}/present/"


@pytest.fixture
def guest(sent, pavel):
    """A client who came in by a link, and the address of their page."""
    _, token = review.make_link(round=sent, by=pavel, name="Dana", email="")
    client = Client()
    assert client.get(f"/r/{token}/").status_code == 302
    return client, f"/r/{token}/present/"


def slides(answer):
    found = re.search(r'<script id="slides" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found[1])


def test_it_plays_what_was_sent_not_what_is_now(signed_in, viktor, sent, address):
    sent.project.scenes.get().panels.update(action="Changed since.")
    assert [one["action"] for one in slides(signed_in(viktor).get(address))] == [
        f"What happens in {label}." for label in ("1A", "1B", "1C")
    ]


def test_a_guest_gets_pictures_through_the_link_alone(guest, sent):
    client, where = guest
    answer = client.get(where)
    content = answer.content.decode()
    told = slides(answer)
    assert told[0]["picture"]["src"].startswith(where.replace("present/", "pictures/"))
    assert "/media/" not in content
    assert "Canary" not in content
    assert sent.project.code not in content
    assert not re.search(r'href="/(rounds|projects|notices)/', content)
    assert "no-store" in answer["Cache-Control"]


def test_a_guest_without_the_link_gets_nothing(address, guest):
    assert Client().get("/r/no-such-link/present/").status_code == 404
    assert Client().get(address).status_code == 302  # to the sign-in
    assert Client().get(guest[1]).status_code == 302  # to the door of the link
    assert guest[0].post(address.replace("present/", "present/lead/")).status_code in {302, 403}


def test_it_leads_and_is_followed(signed_in, pavel, guest, address, codes):
    client, where = guest
    assert client.get(f"{where}now/").json() == {"live": False}
    lead = signed_in(pavel)
    assert lead.post(f"{address}lead/", {"panel": codes[1]}).status_code == 302
    page = lead.get(address).content.decode()
    assert 'data-lead="' in page
    assert "Stop<span" in page
    assert 'Follow <span dir="auto">Pavel Novak' in client.get(where).content.decode()
    page = client.get(f"{where}?follow").content.decode()
    assert f'data-follow="{where}now/"' in page
    assert "What happens in 1B." in page
    told = client.get(f"{where}now/").json()
    assert (told["live"], told["panel"]) == (True, codes[1])
    assert client.get(f"{where}now/?since={told['revision']}").status_code == 204
    assert lead.post(f"{address}lead/", {"panel": codes[2]}, headers={"HX-Request": "true"}).status_code == 204
    assert client.get(f"{where}now/?since={told['revision']}").json()["panel"] == codes[2]
    lead.post(f"{address}lead/", {"stop": "1"})
    assert client.get(f"{where}now/").json() == {"live": False}
    assert "Nobody presents now" in client.get(f"{where}?follow").content.decode()


def test_a_sign_of_life_is_no_news(signed_in, pavel, sent, address, codes):
    lead = signed_in(pavel)
    for _ in range(3):
        lead.post(f"{address}lead/", {"panel": codes[0]}, headers={"HX-Request": "true"})
    assert Showing.objects.get().revision == 1


def test_a_presenter_who_leaves_is_over_after_a_while(signed_in, pavel, sent, address, codes):
    signed_in(pavel).post(f"{address}lead/", {"panel": codes[0]})
    Showing.objects.update(heard=timezone.now() - actions.AWAY - dt.timedelta(seconds=1))
    assert actions.now_showing(sent) is None
    assert signed_in(pavel).get(f"{address}now/").json() == {"live": False}


def test_one_presents_until_another_takes_over(signed_in, pavel, rosa, address, codes):
    signed_in(pavel).post(f"{address}lead/", {"panel": codes[0]})
    other = signed_in(rosa)
    answer = other.post(f"{address}lead/", {"panel": codes[1]}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Pavel Novak presents v1" in answer.content.decode()
    other.post(f"{address}lead/", {"panel": codes[1], "over": "1"})
    assert Showing.objects.get().user == rosa
    assert signed_in(pavel).post(f"{address}lead/", {"stop": "1"}).status_code == 302
    assert actions.now_showing(Showing.objects.get().round).user == rosa  # not his to stop any more


def test_it_takes_only_panels_of_the_round(signed_in, pavel, address):
    for wrong in ("", "nobody", "a\0b", "x" * 10_000):
        assert signed_in(pavel).post(f"{address}lead/", {"panel": wrong}).status_code == 404


def test_it_is_hidden_from_outsiders(signed_in, outsider, address, viktor, codes):
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(outsider).get(f"{address}now/").status_code == 404
    assert signed_in(outsider).post(f"{address}lead/", {"panel": codes[0]}).status_code == 404
    assert signed_in(viktor).post(f"{address}lead/", {"panel": codes[0]}).status_code == 403


def test_it_offers_the_next_version_at_the_end(signed_in, pavel, sent, address):
    newer = review.send_round(project=sent.project, by=pavel)
    assert f'href="/rounds/{newer.code}/present/"' in signed_in(pavel).get(address).content.decode()


def test_a_poll_costs_few_questions(guest):
    client, where = guest
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{where}now/")
    assert len(asked) <= 4


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_one_presents(sent, pavel, mei, rosa, ada):
    panel, gate, taken = sent.panels.first(), threading.Barrier(4), []

    def begin(user):
        gate.wait()
        try:
            actions.lead(round_=sent, on=panel, by=user)
        except actions.Taken:
            taken.append(user)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(user,)) for user in (pavel, mei, rosa, ada)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(taken) == 3
    assert Showing.objects.count() == 1


def test_the_review_page_says_that_somebody_presents(guest, signed_in, pavel, address, codes):
    client, where = guest
    page = where.replace("present/", f"panels/{codes[0]}/")
    assert "present/?follow" not in client.get(page).content.decode()
    signed_in(pavel).post(f"{address}lead/", {"panel": codes[0]})
    assert f'href="{where}?follow"' in client.get(page).content.decode()
