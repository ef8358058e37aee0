"""The continuity of a scene on its page, what is meant so, and how much it asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.board import actions, continuity
from studio.board.errors import Refused
from studio.library.models import Kind
from studio.models import Appearance, Event, MeantSo
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(team):
    return makers.subject(team, "Noor")


@pytest.fixture
def scene(team, noor):
    """1A in a coat with an umbrella on the left; 1B in a jacket, without it, on the right."""
    scene = makers.scene(makers.project(team), time_of_day="night")
    umbrella = makers.subject(team, "Umbrella", Kind.PRODUCT)
    first, second = makers.panel(scene), makers.panel(scene, action="Daylight on the deck.")
    her = makers.appearance(first, noor, outfit=makers.outfit(noor, "Coat"), where="left")
    makers.appearance(first, umbrella, held_by=her)
    makers.appearance(second, noor, outfit=makers.outfit(noor, "Jacket"), where="right")
    return scene


def test_it_tells_every_break_and_where(signed_in, viktor, scene, outsider):
    page = signed_in(viktor).get(f"/scenes/{scene.code}/continuity/").content.decode()
    assert "4 breaks" in page
    for words in ("Noor: Coat in 1A, Jacket in 1B", "Umbrella in 1A, none in 1B", "Noor: left in 1A, right in 1B", "The scene is night, 1B says day"):  # fmt: skip
        assert words in page
    assert "Umbrella, with Noor" in page
    assert "Meant so" not in page  # a viewer changes nothing
    assert signed_in(outsider).get(f"/scenes/{scene.code}/continuity/").status_code == 404


def test_the_scene_leads_there(signed_in, viktor, scene):
    page = signed_in(viktor).get(f"/projects/{scene.project.code}/").content.decode()
    assert f'href="/scenes/{scene.code}/continuity/"' in page


def test_what_is_meant_so_is_quiet_until_it_changes(signed_in, mei, scene, noor):
    client, address = signed_in(mei), f"/scenes/{scene.code}/continuity/"
    key = continuity.of(scene).open[0].key
    for _ in range(2):
        client.post(address, {"key": key})
    row = MeantSo.objects.get()
    assert (row.said, row.by) == ("Noor: Coat in 1A, Jacket in 1B", mei)
    page = client.get(address).content.decode()
    assert "3 breaks" in page
    assert "Mei Tan, now" in page
    Appearance.objects.filter(panel__label="1B").update(outfit=makers.outfit(noor, "Shirt"))
    assert next(one.said for one in continuity.of(scene).open) == "Noor: Coat in 1A, Shirt in 1B"


def test_it_is_taken_back_and_the_row_kept(mei, pavel, scene):
    key = continuity.of(scene).open[0].key
    assert actions.mean_so(scene=scene, key=key, by=mei)
    assert actions.not_meant(scene=scene, key=key, by=pavel)
    assert not actions.not_meant(scene=scene, key=key, by=pavel)
    assert actions.mean_so(scene=scene, key=key, by=mei)
    assert [row.withdrawn_by for row in MeantSo.objects.order_by("pk")] == [pavel, None]
    assert Event.objects.filter(verb__in=("scene.meant", "scene.unmeant")).count() == 3


def test_it_refuses_what_is_no_break(signed_in, mei, scene):
    with pytest.raises(Refused):
        actions.mean_so(scene=scene, key="x", by=mei)
    for bad in ("", "x", "\0", "a" * 10_000):
        assert signed_in(mei).post(f"/scenes/{scene.code}/continuity/", {"key": bad}).status_code == 302
    assert not MeantSo.objects.exists()


def test_it_asks_no_more_for_many_panels_than_for_two(signed_in, mei, scene, noor, team):
    client, address = signed_in(mei), f"/scenes/{scene.code}/continuity/"

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    asked()  # the first request of a session notes when somebody was seen
    few = asked()
    for _ in range(8):
        panel = makers.panel(scene)
        makers.appearance(panel, noor, where="left")
        makers.take(panel, picked=True)
    assert asked() == few
