"""Projects are listed, made, set up, put away and brought back."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio import models
from studio.views.overview import overview
from tests import makers

NEW = {"title": "Salt road", "kind": "lookbook", "aspect": "4:5", "client": "Harbour"}


def lost_job(panel, **fields):
    project = panel.scene.project
    batch = models.Batch.objects.create(team=project.team, project=project, key=uuid.uuid4())
    fields = {"state": "failed", "error": "The engine took too long.", "charged": False, **fields}
    return models.Job.objects.create(batch=batch, panel=panel, engine="sketch", model="sketch", **fields)


def settings_of(project, **changes):
    own = {f"own_{kind}": "" for kind in ("shot_size", "angle", "framing", "lens", "movement", "time_of_day")}
    return {
        "title": project.title,
        "aspect": project.aspect,
        "client": "",
        "revision": project.revision,
        **own,
        **changes,
    }


def test_it_makes_a_project(team, mei, signed_in):
    answer = signed_in(mei).post(reverse("project_new"), NEW)
    made = models.Project.objects.get()
    assert (made.title, made.kind, made.aspect, made.client, made.team) == (
        "Salt road",
        "lookbook",
        "4:5",
        "Harbour",
        team,
    )
    assert answer.url == reverse("board", args=[made.code])


def test_it_opens_as_a_dialog(mei, signed_in):
    answer = signed_in(mei, HX_Request="true").get(reverse("project_new") + "?kind=lookbook")
    body = answer.content.decode()
    assert body.strip().startswith("<dialog")
    assert re.search(r'value="lookbook"[^>]* checked', body)
    assert "dialog-open" in answer.headers["HX-Trigger-After-Settle"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "x" * 10_000},
        {"kind": "film"},
        {"aspect": "7:3"},
        {"client": "c" * 81},
    ],
)
def test_it_keeps_what_was_typed_when_something_is_wrong(mei, signed_in, wrong):
    answer = signed_in(mei).post(reverse("project_new"), {**NEW, **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not models.Project.objects.exists()


def test_it_lets_only_those_who_draw_make_one(rosa, viktor, signed_in):
    for person in (rosa, viktor):
        assert signed_in(person).post(reverse("project_new"), NEW).status_code == 403
    assert not models.Project.objects.exists()


def test_it_saves_settings_and_own_words(team, mei, signed_in):
    project = makers.project(team)
    data = settings_of(project, title="Salt road, two", aspect="1:1", own_lens="Petzval 58\n\n Petzval 58 \n35 mm")
    answer = signed_in(mei).post(reverse("project_settings", args=[project.code]), data)
    assert answer.url == reverse("board", args=[project.code])
    project.refresh_from_db()
    assert (project.title, project.aspect) == ("Salt road, two", "1:1")
    assert project.words == {"lens": ["Petzval 58"]}  # once, and what is known already is left out


def test_it_tells_who_was_slower_and_keeps_their_text(team, mei, signed_in):
    project = makers.project(team)
    stale = settings_of(project, title="Mine")
    models.Project.objects.filter(pk=project.pk).update(title="Theirs", revision=2)
    client = signed_in(mei)
    answer = client.post(reverse("project_settings", args=[project.code]), stale)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in body
    assert 'value="Mine"' in body
    project.refresh_from_db()
    assert project.title == "Theirs"
    client.post(reverse("project_settings", args=[project.code]), {**stale, "revision": 2})
    project.refresh_from_db()
    assert project.title == "Mine"


@pytest.mark.parametrize("words", ["\n".join(f"Word {n}" for n in range(41)), "x" * 41])
def test_it_says_which_words_do_not_fit(team, mei, signed_in, words):
    project = makers.project(team)
    answer = signed_in(mei).post(
        reverse("project_settings", args=[project.code]), settings_of(project, own_angle=words)
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_it_deletes_with_an_undo(team, pavel, signed_in):
    project = makers.project(team, "Night ferry")
    client = signed_in(pavel)
    answer = client.post(reverse("project_delete", args=[project.code]), follow=True)
    undo = reverse("project_restore", args=[project.code])
    body = answer.content.decode()
    assert "Night ferry deleted." in body
    assert f'action="{undo}"' in body
    assert not models.Project.objects.for_team(team).exists()
    client.post(undo)
    assert models.Project.objects.for_team(team).get() == project


def test_it_keeps_others_out(team, mei, outsider, signed_in):
    project = makers.project(team)
    for name in ("project_settings", "project_delete", "project_restore"):
        assert signed_in(outsider).post(reverse(name, args=[project.code])).status_code == 404
    assert signed_in(mei).post(reverse("project_delete", args=[project.code])).status_code == 403
    assert signed_in(outsider).get(reverse("project_settings", args=[project.code])).status_code == 404
    assert "Night ferry" not in signed_in(outsider).get(reverse("projects")).content.decode()


def test_it_shows_how_each_stands(team, viktor, signed_in):
    project = makers.project(team, "Night ferry")
    scene = makers.scene(project)
    makers.take(makers.panel(scene), picked=True)
    makers.panel(scene)
    lost_job(makers.panel(scene))
    gone = makers.panel(scene)
    models.Panel.objects.filter(pk=gone.pk).update(deleted=timezone.now())
    body = signed_in(viktor).get(reverse("projects")).content.decode()
    assert "1 of 3 drawn" in body
    assert '--share:2" data-state="draft"' in body
    assert '--share:1" data-state="failed"' in body
    assert "Failed 1" in body
    assert "New project" not in body


def test_it_filters_and_sorts(team, viktor, signed_in):
    for title, kind in (("Beacon", "storyboard"), ("anchor", "lookbook"), ("Crane", "lookbook")):
        makers.project(team, title, kind=kind)

    def titles(query):
        answer = signed_in(viktor, HX_Request="true").get(reverse("projects") + query)
        assert b"<html" not in answer.content
        return [card.project.title for card in answer.context["cards"]]

    assert titles("") == ["Crane", "anchor", "Beacon"]
    assert titles("?sort=title") == ["anchor", "Beacon", "Crane"]
    assert titles("?kind=lookbook&sort=title") == ["anchor", "Crane"]
    assert titles("?kind=nonsense") == []


def test_a_lookbooks_card_shows_the_front_of_each_look(team):
    book = makers.project(team, kind="lookbook")
    fronts = []
    for _ in range(2):
        look = makers.scene(book)
        for place in range(2):
            take = makers.take(makers.panel(look), picked=True)
            fronts += [take.image] if place == 0 else []
    (card,) = overview(team).cards
    assert card.covers[:2] == fronts


def test_it_counts_a_changed_panel_as_a_change(team, viktor, signed_in):
    first, second = makers.project(team, "First"), makers.project(team, "Second")
    makers.panel(makers.scene(first))
    answer = signed_in(viktor).get(reverse("projects"))
    assert [card.project for card in answer.context["cards"]] == [first, second]


def test_it_says_what_waits_for_somebody(team, viktor, signed_in):
    project = makers.project(team, "Night ferry")
    scene = makers.scene(project)
    lost_job(makers.panel(scene))
    lost_job(makers.panel(scene), state="unknown", charged=None, error="The line broke after sending.")
    lost_job(makers.panel(makers.scene(makers.project(team, "Old"))), changed=timezone.now() - dt.timedelta(days=8))
    body = signed_in(viktor).get(reverse("projects")).content.decode()
    assert "Night ferry, panels 1B, 1A" in body
    assert "The line broke after sending. Possibly charged." in body
    assert "Old, panel" not in body


def test_it_asks_the_database_as_often_for_twenty_as_for_two(team, pavel, signed_in):
    client = signed_in(pavel)
    image = makers.bare_image(team)

    def grow(number):
        for _ in range(number):
            scene = makers.scene(makers.project(team))
            for _ in range(3):
                makers.take(makers.panel(scene), image, picked=True)
            lost_job(makers.panel(scene))

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("projects")).status_code == 200
        return len(asked)

    client.get(reverse("projects"))  # notes that the person was seen
    grow(2)
    few = queries()
    grow(18)
    assert queries() == few
    assert few <= 20
