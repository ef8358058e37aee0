"""The same change for many panels."""

import pytest

from studio.board import actions
from studio.board.errors import Refused
from tests import makers

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def edit(client, project, panels, **data):
    codes = [panel.code for panel in panels]
    return client.post(f"/projects/{project.code}/bulk/", {"act": "edit", "panels": codes, **data}, headers=HTMX)


def test_it_changes_only_what_was_chosen(signed_in, mei, project, shed):
    first, second, third = shed.panels.all()
    second.angle = "low"
    second.save()
    answer = edit(signed_in(mei), project, [first, second], lens="85 mm", seconds="1,5")
    assert answer.status_code == 200
    assert "dialog-close" in answer.headers["HX-Trigger-After-Settle"]
    for panel in (first, second, third):
        panel.refresh_from_db()
    assert [panel.lens for panel in (first, second, third)] == ["85 mm", "85 mm", "35 mm"]
    assert [str(panel.seconds) for panel in (first, third)] == ["1.5", "2.0"]
    assert (first.angle, second.angle) == ("eye", "low")


def test_it_adds_and_takes_out_of_the_cast_once(signed_in, mei, team, project, shed):
    noor, flask = makers.subject(team), makers.subject(team, "Flask", "product")
    panels = list(shed.panels.all())
    makers.appearance(panels[0], noor, where="left")
    makers.appearance(panels[1], flask)
    edit(signed_in(mei), project, panels, add=noor.pk, remove=flask.pk)
    for panel in panels:
        assert [row.subject for row in panel.appearances.all()] == [noor]
    assert panels[0].appearances.get().where == "left"


def test_it_moves_them_to_the_end_of_a_scene_in_order(signed_in, mei, project, shed, wall, labels):
    chosen = [shed.panels.get(label="1C"), shed.panels.get(label="1A")]
    edit(signed_in(mei), project, chosen, scene=wall.pk)
    assert labels(shed) == ["1B"]
    assert labels(wall) == ["2A", "1A", "1C"]


def test_it_asks_first(signed_in, mei, project, shed):
    panel = shed.panels.first()
    page = signed_in(mei).get(f"/projects/{project.code}/bulk/?panels={panel.code}").content.decode()
    assert "Leave as it is" in page
    assert "Change 1 panel" in page


def test_it_says_that_nothing_is_chosen(signed_in, mei, project):
    answer = signed_in(mei).get(f"/projects/{project.code}/bulk/")
    assert answer.status_code == 422
    assert "Choose panels on the board first" in answer.content.decode()


@pytest.mark.parametrize("data", [{"seconds": "0"}, {"lens": "a jar"}, {"scene": "99999"}, {"add": "x"}])
def test_it_refuses_nonsense_and_changes_nothing(signed_in, mei, project, shed, data):
    panel = shed.panels.first()
    assert edit(signed_in(mei), project, [panel], **data).status_code == 422
    before = panel.revision
    panel.refresh_from_db()
    assert panel.revision == before


def test_it_leaves_other_projects_and_teams_alone(signed_in, mei, outsider, team, project, shed):
    elsewhere = makers.panel(makers.scene(makers.project(team, "Another")))
    assert edit(signed_in(mei), project, [elsewhere], lens="85 mm").status_code == 404
    assert edit(signed_in(outsider), project, shed.panels.all(), lens="85 mm").status_code == 404
    stranger = makers.subject(outsider.memberships.get().team, "Stranger")
    assert edit(signed_in(mei), project, shed.panels.all(), add=stranger.pk).status_code == 422
    with pytest.raises(Refused):
        actions.bulk_edit(panels=list(shed.panels.all()), by=mei, changes={"action": "All the same."})
