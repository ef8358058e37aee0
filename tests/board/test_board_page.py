"""The board's page: what it shows, to whom, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


def filled(project, scenes, panels):
    for number in range(1, scenes + 1):
        scene = makers.scene(project, str(number))
        for _ in range(panels):
            makers.take(makers.panel(scene), picked=True)


def test_it_shows_scenes_and_cards(signed_in, mei, project):
    scene = makers.scene(project, "1", place="boat shed", int_ext="INT", time_of_day="night")
    makers.panel(scene, "1A", shot_size="MCU", angle="low", lens="50 mm", action="She lifts the flask.")
    page = signed_in(mei).get(f"/projects/{project.code}/").content.decode()
    assert "Int. boat shed, night" in page
    assert '<abbr title="Medium close-up">MCU</abbr>' in page
    assert "She lifts the flask." in page
    assert "Draw missing" in page


def test_it_opens_a_panel_in_the_inspector(signed_in, mei, project):
    row = makers.panel(makers.scene(project))
    page = signed_in(mei).get(f"/panels/{row.code}/").content.decode()
    assert "data-chosen" in page
    assert 'aria-current="true"' in page
    assert 'name="action"' in page


def test_it_offers_nothing_to_change_to_a_viewer(signed_in, viktor, project):
    row = makers.panel(makers.scene(project))
    page = signed_in(viktor).get(f"/panels/{row.code}/").content.decode()
    for control in ("Draw missing", "Add scene", "New take", "panel_menu", 'class="tools"', "Add your own"):
        assert control not in page
    assert '<fieldset class="stack" disabled>' in page


def test_it_offers_one_button_in_an_empty_scene(signed_in, mei, project):
    makers.scene(project)
    page = signed_in(mei).get(f"/projects/{project.code}/").content.decode()
    assert page.count("add-panel") == 1


def test_it_hides_the_board_from_an_outsider(signed_in, outsider, project):
    row = makers.panel(makers.scene(project))
    client = signed_in(outsider)
    for url in (
        f"/projects/{project.code}/", f"/panels/{row.code}/", f"/panels/{row.code}/inspector/",
        f"/panels/{row.code}/card/", f"/panels/{row.code}/look/", f"/panels/{row.code}/menu/",
        f"/projects/{project.code}/cast/", f"/projects/{project.code}/bulk/", f"/scenes/{row.scene.code}/",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url


def test_it_asks_a_visitor_to_sign_in(client, project):
    assert client.get(f"/projects/{project.code}/").status_code == 302


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("kind", ["board", "panel", "cast"])
def test_it_asks_the_database_as_often_for_5_panels_as_for_50(signed_in, mei, team, kind):
    counts = []
    for panels in (5, 50):
        project = makers.project(team)
        filled(project, 1 if panels == 5 else 5, 5 if panels == 5 else 10)
        noor = makers.subject(team, f"Noor {panels}", locked=True)
        for scene in project.scenes.all():
            for row in scene.panels.all():
                makers.appearance(row, noor)
        row = project.scenes.first().panels.first()
        url = {
            "board": f"/projects/{project.code}/",
            "panel": f"/panels/{row.code}/",
            "cast": f"/projects/{project.code}/cast/",
        }
        counts.append(queries_of(signed_in(mei), url[kind]))
    assert counts[0] == counts[1]
    assert counts[0] <= (15 if kind != "panel" else 40)
    print(kind, counts)


def test_it_says_one_thing_of_each_scene(signed_in, mei, project):
    from studio.board import queries

    scene = makers.scene(project)
    for state in ("approved", "changes", "draft"):
        makers.panel(scene, state=state)
    found = queries.board(project).scenes[0]
    assert found.note == "1 change asked"
    assert found.progress == [("approved", 1), ("draft", 1), ("changes", 1)]
