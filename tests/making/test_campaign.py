"""A grid of panels: places and styles down, subjects in their outfits across."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.generation.errors import Refused
from studio.making import actions
from studio.making.actions import Column, Row
from studio.models import Appearance, Batch, Campaign, Panel, Scene
from tests import makers


@pytest.fixture
def project(team):
    return makers.project(team, "Spring")


@pytest.fixture
def library(mira, team):
    places = [makers.subject(team, name, "location", locked=True) for name in ("Quay", "Roof")]
    ink = makers.subject(team, "Ink", "style", locked=True)
    flask = makers.subject(team, "Flask", "product", locked=True)
    return places, ink, makers.outfit(mira, "Camel coat"), flask


def test_it_makes_a_panel_for_every_combination_and_draws_none(project, library, mira, mei, signed_in):
    (quay, roof), ink, coat, flask = library
    form = {
        "key": uuid.uuid4(), "places": [quay.code, roof.code], "styles": [ink.code], "title": "Spring coats", "shot_size": "FS",
        "columns": [f"{mira.code}:{coat.code}", flask.code], "action": "Stands still.",
    }  # fmt: skip
    client, here = signed_in(mei), reverse("campaign", args=[project.code])
    for _ in range(2):
        answer = client.post(here, form)
        assert answer["Location"] == f"{here}#grid-{Campaign.objects.get().code}"
    assert [(s.location, s.style) for s in Scene.objects.filter(project=project)] == [(quay, ink), (roof, ink)]
    assert Panel.objects.filter(scene__project=project, shot_size="FS", action="Stands still.").count() == 4
    assert Appearance.objects.filter(subject=mira, outfit=coat).count() == 2
    assert not Batch.objects.exists()
    page = client.get(here)
    (grid,) = page.context["grids"]
    assert [row["name"] for row in grid["rows"]] == ["Quay, Ink", "Roof, Ink"]
    assert len(grid["missing"]) == 4
    words = page.content.decode()
    assert "Mira, Camel coat" in words
    assert "Draw the missing 4" in words
    estimate = client.get(reverse("estimate", args=[project.code]), {"panels": ",".join(grid["missing"])})
    assert estimate.context["estimate"].pictures == 4
    assert f"{reverse('consistency', args=[project.code])}?grid={grid['grid'].code}" in words


@pytest.fixture
def drawn(project, library, mira, mei, team):
    """Two grids of Mira, one panel drawn in each, and a panel of no grid."""
    (quay, roof), *_ = library
    marker = mira.locked.markers.first()
    grids = []
    for place in (quay, roof):
        grid = actions.make_campaign(
            project=project, rows=[Row(place)], columns=[Column(mira)], by=mei, key=uuid.uuid4()
        )
        makers.take(Panel.objects.get(code=grid.panels[0]), picked=True, versions={mira.code: 1})
        grids.append(grid)
    makers.take(makers.panel(makers.scene(project)), picked=True, versions={mira.code: 1})
    return grids, marker


def test_its_matrix_has_its_own_panels_and_totals_alone(project, drawn, mei, signed_in):
    (grid, other), marker = drawn
    client, here = signed_in(mei), reverse("consistency", args=[project.code])
    assert len(client.get(here).context["matrix"].columns) == 3
    page = client.get(here, {"grid": grid.code})
    assert [column.panel.code for column in page.context["matrix"].columns] == grid.panels
    take, elsewhere = (Panel.objects.get(code=one.panels[0]).picked for one in (grid, other))
    judge = reverse("verdict", args=[take.code, marker.pk])
    assert f'href="{judge}?grid={grid.code}"' in page.content.decode()
    client.post(reverse("verdict", args=[elsewhere.code, marker.pk]), {"result": "same", "revision": 0})
    for address, held in ((judge, "1 of 2"), (f"{judge}?grid={grid.code}", "0 of 1")):
        answer = client.post(address, {"result": "missing", "revision": 0}, headers={"HX-Request": "true"})
        assert f">{held} same</a>" in answer.content.decode()
    assert f"marker={marker.key}&amp;grid={grid.code}&amp;state=failed" in answer.content.decode()


def test_judging_without_scripts_stays_in_the_grid(project, drawn, mira, mei, signed_in):
    (grid, _), marker = drawn
    take = Panel.objects.get(code=grid.panels[0]).picked
    address = f"{reverse('verdict', args=[take.code, marker.pk])}?grid={grid.code}"
    answer = signed_in(mei).post(address, {"result": "same", "revision": 0, "then": "next"})
    assert answer["Location"].startswith("/takes/" + take.code) or answer["Location"].startswith(
        f"{reverse('consistency', args=[project.code])}?grid={grid.code}#cell-"
    )
    assert f"grid={grid.code}" in answer["Location"]


def test_a_grid_of_another_project_is_none(project, drawn, team, mei, outsider, signed_in):
    (grid, _), _ = drawn
    other = makers.project(team, "Autumn")
    assert signed_in(mei).get(reverse("consistency", args=[other.code]), {"grid": grid.code}).status_code == 404
    here = reverse("consistency", args=[project.code])
    assert signed_in(outsider).get(here, {"grid": grid.code}).status_code == 404
    assert signed_in(mei).get(here, {"grid": "nosuch\0"}).status_code == 404


def test_it_keeps_the_hole_where_a_panel_was_deleted(project, library, mira, mei, signed_in):
    (quay, _), _, _, _ = library
    made = actions.make_campaign(project=project, rows=[Row(quay)], columns=[Column(mira)], by=mei, key=uuid.uuid4())
    Panel.objects.filter(code=made.rows[0]["panels"][0]).update(deleted="2026-01-01T00:00Z")
    assert b"Deleted" in signed_in(mei).get(reverse("campaign", args=[project.code])).content


def test_it_refuses_nothing_and_too_much(project, library, mira, mei):
    (quay, _), _, _, _ = library
    given = {"project": project, "by": mei}
    with pytest.raises(Refused, match="at least one"):
        actions.make_campaign(rows=[], columns=[Column(mira)], key=uuid.uuid4(), **given)
    with pytest.raises(Refused, match="in parts"):
        actions.make_campaign(rows=[Row(quay)] * 21, columns=[Column(mira)] * 10, key=uuid.uuid4(), **given)
    assert not Panel.objects.exists()
    assert not Campaign.objects.exists()


def test_it_stays_in_the_team(project, library, outsider, viktor, mei, mira, signed_in):
    here = reverse("campaign", args=[project.code])
    theirs = makers.subject(outsider.teams.get(), "Theirs", "location")
    form = {"key": uuid.uuid4(), "places": theirs.code, "columns": mira.code}
    assert signed_in(outsider).post(here, form).status_code == 404
    assert signed_in(viktor).post(here, form).status_code == 403
    assert signed_in(viktor).get(here).status_code == 200
    assert signed_in(mei).post(here, form).status_code == 422
    assert not Scene.objects.exists()


@pytest.mark.parametrize("text", ["\0", "x" * 10_000, "‮<b>{{ 7 }}</b>"])
def test_it_takes_hostile_words_calmly(project, library, mira, mei, signed_in, text):
    (quay, _), _, _, _ = library
    form = {
        "key": uuid.uuid4(),
        "places": [quay.code, text],
        "columns": [mira.code, text],
        "title": text,
        "action": text,
        "styles": text,
    }
    assert signed_in(mei).post(reverse("campaign", args=[project.code]), form).status_code in {302, 422}


def test_it_asks_the_database_the_same_for_many_grids(project, library, mira, mei, signed_in):
    (quay, roof), ink, coat, flask = library
    client, here = signed_in(mei), reverse("campaign", args=[project.code])

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(here).status_code == 200
        return len(found)

    def make(rows, columns):
        actions.make_campaign(project=project, rows=rows, columns=columns, by=mei, key=uuid.uuid4())

    make([Row(quay)], [Column(mira)])
    client.get(here)
    few = asked()
    make([Row(quay, ink), Row(roof, ink)], [Column(mira, coat), Column(mira), Column(flask)])
    make([Row(None, ink)], [Column(flask)])
    assert asked() == few
