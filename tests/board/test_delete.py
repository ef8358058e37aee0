"""Deleting is undone for ten seconds, and everything comes back where it was."""

import re

import pytest

from studio import models
from studio.board import actions
from tests import makers

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def undo_of(page):
    """Where the toast's Undo posts to."""
    return re.search(r'class="toast".*?<form method="post" action="([^"]+)"', page, re.S)[1].replace("&amp;", "&")


def test_it_deletes_a_panel_and_undoes_it(signed_in, mei, shed, labels):
    panel = shed.panels.get(label="1B")
    makers.take(panel, picked=True)
    client = signed_in(mei)
    answer = client.post(f"/panels/{panel.code}/delete/", headers=HTMX)
    page = answer.content.decode()
    assert labels(shed) == ["1A", "1C"]
    assert "Panel 1B deleted." in page
    assert f'id="panel-{panel.code}"' not in page
    assert client.get(f"/panels/{panel.code}/").status_code == 404
    assert client.post(undo_of(page), headers=HTMX).status_code == 200
    assert labels(shed) == ["1A", "1B", "1C"]
    assert shed.panels.get(label="1B").picked is not None


def test_it_offers_undo_without_scripts(signed_in, mei, shed, labels):
    client = signed_in(mei)
    page = client.post(f"/panels/{shed.panels.first().code}/delete/", follow=True).content.decode()
    assert "Panel 1A deleted." in page
    assert client.post(undo_of(page)).status_code == 302
    assert labels(shed) == ["1A", "1B", "1C"]


def test_it_deletes_many_and_undoes_them(signed_in, mei, shed, project, labels):
    client = signed_in(mei)
    codes = [panel.code for panel in shed.panels.all()[:2]]
    url = f"/projects/{project.code}/bulk/"
    page = client.post(url, {"act": "delete", "panels": codes}, headers=HTMX).content.decode()
    assert "2 panels deleted." in page
    assert labels(shed) == ["1C"]
    client.post(undo_of(page), headers=HTMX)
    assert labels(shed) == ["1A", "1B", "1C"]


def test_it_gives_a_new_letter_where_the_old_one_is_taken(mei, shed, labels):
    panel = shed.panels.get(label="1B")
    actions.delete_panels(panels=[panel], by=mei)
    actions.add_panel(scene=shed, by=mei, label="1B")
    actions.restore_panels(panels=[panel], by=mei)
    assert labels(shed) == ["1A", "1D", "1C", "1B"]


def test_it_takes_a_scene_with_its_panels(signed_in, mei, shed, wall, project):
    client = signed_in(mei)
    page = client.post(f"/scenes/{shed.code}/delete/", follow=True).content.decode()
    assert "Scene 1 deleted with its panels." in page
    assert "boat shed" not in page
    assert client.get(f"/panels/{shed.panels.first().code}/").status_code == 404
    client.post(undo_of(page))
    assert [scene.number for scene in project.scenes.filter(deleted=None)] == ["1", "2"]


def test_it_restores_only_what_was_deleted_and_only_for_the_team(signed_in, mei, outsider, viktor, shed, project):
    panel = shed.panels.first()
    assert signed_in(mei).post(f"/panels/{panel.code}/restore/").status_code == 404
    for who, status in ((viktor, 403), (outsider, 404)):
        client = signed_in(who)
        assert client.post(f"/panels/{panel.code}/delete/").status_code == status
        assert client.post(f"/scenes/{shed.code}/delete/").status_code == status
        bulk = {"act": "delete", "panels": [panel.code]}
        assert client.post(f"/projects/{project.code}/bulk/", bulk).status_code == status
    actions.delete_panels(panels=[panel], by=mei)
    assert signed_in(outsider).post(f"/panels/{panel.code}/restore/").status_code == 404
    assert models.Panel.objects.get(pk=panel.pk).deleted


def test_it_deletes_once_on_a_double_click(signed_in, mei, shed):
    client, panel = signed_in(mei), shed.panels.first()
    assert client.post(f"/panels/{panel.code}/delete/").status_code == 302
    assert client.post(f"/panels/{panel.code}/delete/").status_code == 404
    assert models.Event.objects.filter(verb="panel.deleted").count() == 1
