"""The board played: slide by slide, as a page that needs no script."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers


@pytest.fixture
def panels(team):
    scene = makers.scene(makers.project(team, "Night ferry"), place="harbour", time_of_day="night")
    first = makers.panel(scene, "1A", action="She waits <at> the rail.", dialogue="Not yet.", seconds="3.5")
    second = makers.panel(scene, "1B", action="The lamp goes out.", seconds="0.0")
    makers.take(first, makers.bare_image(team), picked=True)
    return [first, second]


@pytest.fixture
def address(panels):
    return f"/projects/{panels[0].scene.project.code}/present/"


def told(answer):
    found = re.search(r'<script id="slides" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found[1])


def test_it_plays_the_picked_takes_in_board_order(signed_in, viktor, address):
    answer = signed_in(viktor).get(address)
    assert answer.status_code == 200
    slides = told(answer)
    assert [slide["label"] for slide in slides] == ["1A", "1B"]
    assert slides[0]["picture"]["src"].startswith("/media/")
    assert slides[1]["picture"] is None
    assert [slide["seconds"] for slide in slides] == [3.5, 0.5]  # a panel without seconds is still seen
    page = answer.content.decode()
    assert "She waits &lt;at&gt; the rail." in page
    assert "00:00.0 / 00:04.0" in page


def test_it_is_a_page_a_panel_without_scripts(signed_in, viktor, address, panels):
    page = signed_in(viktor).get(f"{address}?panel={panels[1].code}").content.decode()
    assert f'href="?panel={panels[0].code}"' in page
    assert '<p class="words" data-words dir="auto">The lamp goes out.</p>' in page
    assert "00:03.5 / 00:04.0" in page


def test_it_starts_at_the_first_where_the_panel_is_unknown(signed_in, viktor, address):
    assert "00:00.0 /" in signed_in(viktor).get(f"{address}?panel=%00nobody").content.decode()


def test_it_says_that_an_empty_board_has_nothing_to_play(signed_in, viktor, team):
    answer = signed_in(viktor).get(f"/projects/{makers.project(team).code}/present/")
    assert answer.status_code == 200
    assert b"Nothing to play" in answer.content


def test_it_leaves_deleted_panels_out(signed_in, viktor, address, panels):
    panels[0].deleted = panels[0].created
    panels[0].save()
    assert [slide["label"] for slide in told(signed_in(viktor).get(address))] == ["1B"]


def test_it_is_hidden_from_outsiders(signed_in, outsider, address):
    assert signed_in(outsider).get(address).status_code == 404


def test_it_asks_the_database_no_more_for_many_panels(signed_in, viktor, address, panels, team):
    client = signed_in(viktor)
    client.get(address)  # says that he was seen
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(12):
        makers.take(makers.panel(panels[0].scene, f"2{n}"), makers.bare_image(team), picked=True)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
