"""New panels and copies, and the letters they get."""

import threading

import pytest
from django.db import connection

from studio import models
from studio.board import actions, ordering
from studio.board.errors import Refused
from tests import makers


@pytest.mark.django_db
def test_it_takes_the_next_free_letter(shed, wall, mei, labels):
    actions.add_panel(scene=shed, by=mei)
    assert labels(shed) == ["1A", "1B", "1C", "1D"]
    actions.delete_panels(panels=[shed.panels.get(label="1D")], by=mei)
    moved = shed.panels.get(label="1C")
    actions.move_panels(panels=[moved], scene=wall, after=None, by=mei)
    assert actions.add_panel(scene=shed, by=mei).label == "1E"


@pytest.mark.parametrize(
    ("n", "word"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_it_counts_in_letters(n, word):
    assert ordering.letters(n) == word
    assert ordering.number_of(word) == n


@pytest.mark.django_db
def test_it_goes_on_with_two_letters_after_z(project, mei):
    scene = makers.scene(project, "7")
    makers.panel(scene, "7Z")
    assert actions.add_panel(scene=scene, by=mei).label == "7AA"


@pytest.mark.django_db
def test_it_inserts_after_a_panel(signed_in, mei, shed, labels):
    first = shed.panels.first()
    answer = signed_in(mei).post(f"/scenes/{shed.code}/panels/", {"after": first.code}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert labels(shed) == ["1A", "1D", "1B", "1C"]
    assert "panel-chosen" in answer.headers["HX-Trigger-After-Settle"]


@pytest.mark.django_db
def test_it_opens_the_new_panel_without_scripts(signed_in, mei, shed):
    answer = signed_in(mei).post(f"/scenes/{shed.code}/panels/")
    assert answer.url == f"/panels/{shed.panels.get(label='1D').code}/"


@pytest.mark.django_db
def test_it_copies_words_and_cast_but_no_takes(signed_in, mei, team, shed, labels):
    panel = shed.panels.first()
    noor, flask = makers.subject(team), makers.subject(team, "Flask", "product")
    holder = makers.appearance(panel, noor, where="left")
    makers.appearance(panel, flask, held_by=holder)
    makers.take(panel, picked=True)
    signed_in(mei).post(f"/panels/{panel.code}/duplicate/")
    assert labels(shed) == ["1A", "1D", "1B", "1C"]
    copy = shed.panels.get(label="1D")
    assert (copy.action, copy.picked, copy.takes.count()) == (panel.action, None, 0)
    who, what = copy.appearances.all()
    assert (who.subject, who.where, what.held_by) == (noor, "left", who)


@pytest.mark.django_db
def test_it_keeps_labels_apart_in_a_project(project, shed, wall, mei):
    with pytest.raises(Refused, match="already a panel 1B"):
        actions.add_panel(scene=wall, by=mei, label="1B")
    assert actions.add_panel(scene=wall, by=mei, label="Opening").label == "Opening"


@pytest.mark.django_db
def test_it_refuses_those_who_may_not_draw(signed_in, viktor, outsider, shed):
    for url in (f"/scenes/{shed.code}/panels/", f"/panels/{shed.panels.first().code}/duplicate/"):
        assert signed_in(viktor).post(url).status_code == 403
        assert signed_in(outsider).post(url).status_code == 404
    assert shed.panels.count() == 3


@pytest.mark.django_db(transaction=True)
def test_it_gives_no_label_twice_when_two_add_at_once(team):
    scene = makers.scene(makers.project(team))
    start, errors = threading.Barrier(5), []

    def add():
        try:
            start.wait()
            actions.add_panel(scene=models.Scene.objects.select_related("project__team").get(pk=scene.pk), by=None)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(scene.panels.values_list("label", flat=True)) == ["1A", "1B", "1C", "1D", "1E"]
