"""A tenth of `make soak`: workers killed at named points, at random times, and together with the web server."""

from __future__ import annotations

import os
import random

import pytest

from tests.soak import rounds, together
from tests.soak.__main__ import swept
from tests.soak.world import World

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with World(tmp_path_factory.mktemp("soak"), server=os.environ.get("DATABASE_URL", "")) as made:
        yield made


@pytest.mark.parametrize("point", rounds.POINTS)
def test_it_pays_once_and_loses_nothing_when_killed_at(world, point):
    found = rounds.at_point(world, point, 2, random.Random(point))
    assert not found.wrong
    assert found.verdict.takes + len(found.verdict.listed) == found.verdict.jobs
    assert {one["engine"] for one in found.verdict.listed} <= {"gemini"}, "who bills a key once is asked again"


def test_it_pays_once_and_loses_nothing_when_killed_at_random(world):
    found = rounds.at_random(world, "at random", 20, random.Random(7), longest=0.8)
    assert not found.wrong
    assert found.verdict.takes + len(found.verdict.listed) == found.verdict.jobs


def test_it_loses_no_click_when_the_web_server_dies_with_the_worker(world):
    found = together.kills(world, "with the web server", 2, random.Random(7))
    assert not found.wrong
    assert found.clicks >= 3


def test_what_was_left_behind_is_swept_up(world):
    assert world.inside.do("left_over")["rows"] == 0, "a picture is never without its take"
    assert swept(world)["files"] == 0
