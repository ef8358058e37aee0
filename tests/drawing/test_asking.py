"""Asking for pictures on the page: one at once, more through the estimate, never twice by a double click."""

import uuid

import pytest
from django.urls import reverse

from studio.generation.models import Batch, Job
from tests import makers

HX = {"hx-request": "true"}


@pytest.fixture
def board(team):
    project = makers.project(team)
    scene = makers.scene(project)
    return project, scene, [makers.panel(scene) for _ in range(3)]


def test_it_draws_one_panel_at_once(board, mei, signed_in):
    _, _, (panel, *_) = board
    key = uuid.uuid4()
    client = signed_in(mei)
    for _ in range(2):  # a double click
        answer = client.post(reverse("panel_draw", args=[panel.code]), {"key": key})
        assert answer.status_code == 302
    assert Job.objects.filter(panel=panel).count() == 1


def test_it_answers_htmx_with_the_bar_and_the_card(board, mei, signed_in):
    _, _, (panel, *_) = board
    answer = signed_in(mei).post(
        reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4()}, headers={**HX, "hx-target": "batch"}
    )
    html = answer.content.decode()
    assert 'id="batch"' in html
    assert f'id="panel-{panel.code}"' in html
    assert "1 in line" in html


def test_it_sends_several_takes_through_the_estimate(board, mei, signed_in):
    _, _, (panel, *_) = board
    answer = signed_in(mei).post(reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4(), "takes": 4})
    assert answer.status_code == 302
    assert "/estimate/" in answer.headers["Location"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("data", [{}, {"key": "no"}, {"key": str(uuid.uuid4()), "takes": "999"}])
def test_it_refuses_a_broken_form_with_a_sentence(board, mei, signed_in, data):
    _, _, (panel, *_) = board
    answer = signed_in(mei).post(reverse("panel_draw", args=[panel.code]), data, follow=True)
    assert "could not read that request" in answer.content.decode()
    assert not Job.objects.exists()


def test_it_says_pictures_and_price_before_drawing(board, mei, signed_in):
    project, scene, panels = board
    makers.take(panels[0], picked=True)
    page = signed_in(mei).get(reverse("estimate", args=[project.code]), {"missing": 1}).content.decode()
    assert "Draw 2 pictures" in page
    assert "free" in page
    page = (
        signed_in(mei).get(reverse("estimate", args=[project.code]), {"scene": scene.code, "takes": 2}).content.decode()
    )
    assert "Draw scene 1" in page
    assert "Draw 6 pictures" in page


def test_it_warns_of_what_no_reference_shows(board, team, mei, signed_in):
    project, _, panels = board
    noor = makers.subject(team, locked=True)
    makers.reference(noor.reference_sets.get(), "front", makers.bare_image(team))
    panels[0].action = "She walks away from us."
    panels[0].save()
    makers.appearance(panels[0], noor)
    page = signed_in(mei).get(reverse("estimate", args=[project.code]), {"missing": 1}).content.decode()
    assert "the back will show" in page
    assert "In 1A." in page


def test_it_starts_the_batch_that_was_shown_and_only_once(board, mei, signed_in):
    project, _, _ = board
    client, data = signed_in(mei), {"key": uuid.uuid4(), "takes": 2, "missing": "True"}
    for _ in range(2):
        assert client.post(reverse("batch_start", args=[project.code]), data).status_code == 302
    assert Batch.objects.count() == 1
    assert Job.objects.count() == 6


def test_it_draws_a_selection(board, mei, signed_in):
    project, _, panels = board
    data = {"key": uuid.uuid4(), "panels": f"{panels[0].code},{panels[2].code}"}
    signed_in(mei).post(reverse("batch_start", args=[project.code]), data)
    assert set(Job.objects.values_list("panel", flat=True)) == {panels[0].pk, panels[2].pk}


def test_it_never_draws_a_stranger_panel(board, mei, outsider, signed_in):
    _project, _, panels = board
    client = signed_in(outsider)
    assert client.post(reverse("panel_draw", args=[panels[0].code]), {"key": uuid.uuid4()}).status_code == 404
    theirs = makers.project(outsider.teams.get())
    client.post(reverse("batch_start", args=[theirs.code]), {"key": uuid.uuid4(), "panels": panels[0].code})
    assert not Job.objects.exists()
    assert signed_in(mei).get(reverse("estimate", args=[theirs.code])).status_code == 404


def test_it_lets_a_reviewer_look_but_not_draw(board, rosa, signed_in):
    _project, _, panels = board
    client = signed_in(rosa)
    assert client.get(reverse("compare", args=[panels[0].code])).status_code == 200
    assert client.post(reverse("panel_draw", args=[panels[0].code]), {"key": uuid.uuid4()}).status_code == 403


def test_it_polls_with_a_bar_and_stops_at_the_end(board, mei, signed_in):
    project, _, _panels = board
    client = signed_in(mei)
    client.post(reverse("batch_start", args=[project.code]), {"key": uuid.uuid4(), "missing": "True"})
    batch = Batch.objects.get()
    answer = client.get(reverse("batch", args=[batch.code]), headers=HX)
    assert answer.status_code == 200
    assert "0</b> of 3 done" in answer.content.decode()
    answer = client.post(reverse("batch_cancel", args=[batch.code]), headers=HX)
    assert "Cancelled" in answer.content.decode()
    answer = client.get(reverse("batch", args=[batch.code]), headers=HX)
    assert answer.status_code == 286
    assert "hx-trigger" not in answer.content.decode().split("</aside>")[0].split(">")[0]
