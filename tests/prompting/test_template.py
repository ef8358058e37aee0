"""A project pins the template that words it, sees what another would say, and moves on purpose."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.board.errors import Refused
from studio.board.models import Project
from studio.consistency.models import Rejection
from studio.prompting import actions, brief, difference, freeze, versions
from studio.providers.base import Limits
from tests import makers


def board(team, panels=1, **fields):
    scene = makers.scene(makers.project(team, **fields), int_ext="EXT", light="cold")
    noor = makers.subject(team, bible="Noor, a woman of forty.", locked=True, markers=[("teal cap", "item", "#1f7a78")])
    makers.reference(noor.reference_sets.get(), "front", makers.bare_image(team))
    return [_panel(scene, noor) for _ in range(panels)]


def _panel(scene, who):
    panel = makers.panel(scene)
    makers.appearance(panel, who, where="left")
    return panel


def test_a_new_project_pins_the_newest(team, mei, signed_in):
    signed_in(mei).post("/projects/new/", {"title": "New", "kind": "storyboard", "aspect": "16:9"})
    assert Project.objects.get(title="New").template_version == versions.NEWEST == "v2"


def test_a_project_that_is_there_keeps_its_own(team):
    (panel,) = board(team)
    assert panel.scene.project.template_version == "v1"
    (ready,) = freeze.prepare([panel], Limits(references=4))
    assert ready.prompt.version == "v1"


def test_it_says_what_the_other_words_differently(team):
    (panel,) = board(team)
    (ready,) = freeze.prepare([panel], Limits(references=4))
    rows = {row.label: row for row in difference.against(ready, "v2")}
    assert "".join(piece.text for piece in rows["Light"].after) == "Light: cold."
    assert rows["Light"].before == []
    assert "".join(piece.text for piece in rows["Keep"].before).endswith("identical to the reference.")
    assert "".join(piece.text for piece in rows["Keep"].after).endswith("identical to the first image.")
    assert "Frame" not in rows
    assert difference.against(ready, "v1") == []


def test_both_sides_are_whole(team):
    (panel,) = board(team)
    (ready,) = freeze.prepare([panel], Limits(references=4))
    for row in difference.against(ready, "v2"):
        mine = "".join(s.text for label, spans in ready.prompt.rows for s in spans if label == row.label).strip()
        assert "".join(piece.text for piece in row.before) == mine


@pytest.mark.parametrize(
    ("pinned", "wanted", "other"), [("v1", "", "v2"), ("v2", "", "v1"), ("v1", "v1", "v2"), ("v2", "v9", "v1")]
)
def test_it_sets_another_beside(pinned, wanted, other):
    assert difference.other_than(pinned, wanted) == other


def test_moving_is_once_and_recorded(team, pavel):
    project = board(team)[0].scene.project
    assert actions.pin_template(project=project, version="v2", by=pavel)
    assert not actions.pin_template(project=project, version="v2", by=pavel)
    project.refresh_from_db()
    assert (project.template_version, project.revision) == ("v2", 2)
    with pytest.raises(Refused):
        actions.pin_template(project=project, version="v9", by=pavel)


def test_the_page_sets_them_side_by_side_and_moves(team, pavel, mei, signed_in):
    (panel,) = board(team)
    url = f"/projects/{panel.scene.project.code}/template/"
    page = signed_in(mei).get(url).content.decode()
    assert "v2 words 1 of 1 panel differently." in page
    assert "Move project" not in page
    assert "A producer or owner moves it." in page
    client = signed_in(pavel)
    assert "Move project to v2" in client.get(url).content.decode()
    assert "is worded by v2 from now on" in client.post(url, {"version": "v2"}, follow=True).content.decode()
    assert "There is no such template" in client.post(url, {"version": "v9"}, follow=True).content.decode()
    assert "Move project to v1" in client.get(url).content.decode()
    assert signed_in(mei).post(url, {"version": "v1"}).status_code == 403
    panel.scene.project.refresh_from_db()
    assert panel.scene.project.template_version == "v2"


def test_takes_keep_the_one_they_were_drawn_with(team, pavel):
    (panel,) = board(team)
    take = makers.take(panel, template_version="v1")
    actions.pin_template(project=panel.scene.project, version="v2", by=pavel)
    take.refresh_from_db()
    assert take.template_version == "v1"


def test_the_prompt_page_shows_its_own_difference_until_it_is_moved(team, mei, signed_in):
    (panel,) = board(team)
    client = signed_in(mei)
    page = client.get(f"/panels/{panel.code}/prompt/").content.decode()
    assert "pinned for Night ferry, v2 is the newest" in page
    assert "<ins>" in page
    Project.objects.update(template_version="v2")
    page = client.get(f"/panels/{panel.code}/prompt/").content.decode()
    assert "pinned for" not in page
    assert "New scene. The" in page


def test_it_asks_as_often_for_thirty_panels_as_for_three(team, mei, signed_in):
    client, counts = signed_in(mei), []
    for panels in (3, 30):
        url = f"/projects/{board(team, panels)[0].scene.project.code}/template/"
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_it_says_which_edits_by_hand_would_be_lost(team, mei, signed_in):
    (panel,) = board(team)
    page = f"/projects/{panel.scene.project.code}/template/"
    (ready,) = freeze.prepare([panel], Limits(references=4))
    plain = dict(ready.prompt.plain)
    for section, word in (("Who", "Somebody else."), ("Action", "She lifts two flasks.")):
        actions.save_words(panel=panel, section=section, was=plain[section], text=word, by=mei)
    assert "1 edit by hand would no longer fit v2’s words" in signed_in(mei).get(page).content.decode()
    Project.objects.update(template_version="v2")
    assert "by hand would no longer fit" not in signed_in(mei).get(page).content.decode()


def test_it_says_how_the_takes_of_each_came_out(team, mei, ada, signed_in):
    (panel,) = board(team)
    takes = [makers.take(panel, template_version=version) for version in ("v1", "v1", "v2", "")]
    down = Rejection.objects.create(take=takes[0], reason="light", withdrawn=timezone.now())
    Rejection.objects.create(take=takes[0], reason="anatomy", by=ada)
    Rejection.objects.create(take=takes[2], reason="light", withdrawn=down.withdrawn)
    makers.take(board(team)[0], template_version="v1")  # another project's
    page = signed_in(mei).get(f"/projects/{panel.scene.project.code}/template/").content.decode()
    assert "v1: 2 takes, 1 turned down · v2: 1 take, 0 turned down" in page


def test_it_stands_where_there_is_no_panel(team, mei, signed_in):
    project = makers.project(team)
    assert (
        "There is no panel to compare yet."
        in signed_in(mei).get(f"/projects/{project.code}/template/").content.decode()
    )


def test_the_brief_says_which_version(team):
    (panel,) = board(team, template_version="v2")
    assert brief.of(panel).template_version == "v2"
