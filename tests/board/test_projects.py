"""A project's verbs, and the words it adds."""

import pytest

from studio import models
from studio.board import actions, vocabulary
from studio.board.errors import Conflict, Refused
from tests import makers

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_it_starts_with_one_empty_scene(team, mei):
    project = actions.create_project(team=team, by=mei, title="Night ferry", aspect="2.39:1")
    assert [scene.number for scene in project.scenes.all()] == ["1"]
    assert models.Event.objects.filter(verb="project.added", project=project.code).exists()


def test_it_saves_settings_unless_somebody_else_did(project, ada, mei):
    actions.update_project(project=project, by=ada, revision=1, title="Hers")
    with pytest.raises(Conflict) as conflict:
        actions.update_project(project=project, by=mei, revision=1, title="Mine")
    assert conflict.value.row.title == "Hers"


def test_it_copies_the_board_but_nothing_drawn(project, shed, wall, team, mei):
    panel = shed.panels.first()
    makers.take(panel, picked=True)
    makers.appearance(panel, makers.subject(team))
    copy = actions.duplicate_project(project=project, by=mei)
    twin = copy.scenes.get(number="1").panels.get(label="1A")
    assert copy.title == "Night ferry, copy"
    assert (twin.action, twin.picked, twin.appearances.count()) == (panel.action, None, 1)
    assert models.Panel.objects.filter(scene__project=copy).count() == 4


def test_it_puts_a_project_away_and_back(project, ada):
    actions.delete_project(project=project, by=ada)
    assert not models.Project.objects.for_team(project.team).exists()
    actions.restore_project(project=project, by=ada)
    assert models.Project.objects.for_team(project.team).exists()


def test_it_adds_a_word_and_gives_it_to_the_panel(signed_in, mei, project, shed):
    panel = shed.panels.first()
    data = {"kind": "movement", "word": "Crash  zoom", "panel": panel.code}
    answer = signed_in(mei).post(f"/projects/{project.code}/words/", data, headers=HTMX)
    assert answer.status_code == 200
    panel.refresh_from_db()
    project.refresh_from_db()
    assert panel.movement == "Crash zoom"
    assert project.words == {"movement": ["Crash zoom"]}
    assert '<option value="Crash zoom" selected>' in answer.content.decode()


def test_it_knows_a_word_it_has(project, mei):
    assert actions.add_word(project=project, kind="shot_size", word="medium", by=mei) == "MS"
    assert actions.add_word(project=project, kind="shot_size", word="Hip shot", by=mei) == "Hip shot"
    assert actions.add_word(project=project, kind="shot_size", word="HIP SHOT", by=mei) == "Hip shot"
    assert project.words == {"shot_size": ["Hip shot"]}
    for n in range(39):
        actions.add_word(project=project, kind="shot_size", word=f"Own {n}", by=mei)
    with pytest.raises(Refused, match="40 words"):
        actions.add_word(project=project, kind="shot_size", word="One more", by=mei)
    with pytest.raises(Refused):
        actions.add_word(project=project, kind="aspect", word="5:1", by=mei)


def test_it_refuses_an_empty_word_and_strangers(signed_in, mei, viktor, outsider, project, shed):
    url, panel = f"/projects/{project.code}/words/", shed.panels.first()
    answer = signed_in(mei).post(url, {"kind": "lens", "word": " \x00", "panel": panel.code}, headers=HTMX)
    assert answer.status_code == 422
    assert "Type the word to add." in answer.content.decode()
    assert signed_in(viktor).post(url, {"kind": "lens", "word": "x"}).status_code == 403
    assert signed_in(outsider).post(url, {"kind": "lens", "word": "x"}).status_code == 404


def test_it_says_every_word_in_full_and_short():
    for kind, words in vocabulary.KINDS.items():
        codes = [word.code for word in words]
        assert len(codes) == len(set(codes)), kind
        for word in words:
            assert vocabulary.label(kind, word.code) == word.label
            assert vocabulary.short(kind, word.code) == word.short
    assert vocabulary.label("shot_size", "Hip shot") == "Hip shot"
    assert vocabulary.ratio("2.39:1") == pytest.approx(2.39)


def test_it_is_duplicated_from_its_settings(signed_in, mei, rosa, outsider, project, shed):
    there = f"/projects/{project.code}/duplicate/"
    assert there in signed_in(mei).get(f"/projects/{project.code}/settings/").content.decode()
    assert signed_in(rosa).post(there).status_code == 403
    assert signed_in(outsider).post(there).status_code == 404
    answer = signed_in(mei).post(there)
    copy = models.Project.objects.exclude(pk=project.pk).get(team=project.team)
    assert answer.url == f"/projects/{copy.code}/"
    assert copy.scenes.first().panels.count() == shed.panels.count()


def test_it_says_what_an_address_that_takes_forms_is_for(signed_in, mei, project):
    answer = signed_in(mei).get(f"/projects/{project.code}/duplicate/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address only takes a form." in answer.content.decode()
