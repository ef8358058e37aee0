"""The very same request again: the picture that exists is offered instead of being bought once more."""

from __future__ import annotations

import uuid

from django.urls import reverse

from studio.board.models import Panel, Take
from studio.generation.models import Job
from tests import makers

HX = {"hx-request": "true", "hx-target": "batch"}


def drawn(client, panel, arrive, **data):
    """One picture by hiapi's flat model, which takes no seed: asked for and arrived."""
    answer = client.post(
        reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4(), "price": "0.05", **data}, headers=HX
    )
    job = Job.objects.latest("pk")
    assert answer.status_code == 200
    return arrive(job)


def test_it_offers_the_picture_that_exists(board, hiapi, mei, signed_in, arrive):
    _, _, (panel, *_) = board
    client = signed_in(mei)
    drawn(client, panel, arrive)
    answer = client.post(reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4(), "price": "0.05"}, headers=HX)
    assert answer["HX-Retarget"] == "#dialog-host"
    words = answer.content.decode()
    assert "This exact picture exists: take 1 of 1A." in words
    assert 'Use it <span class="cost">free' in words
    assert reverse("panel_use", args=[panel.code]) in words
    assert "Draw another" in words
    assert Job.objects.count() == 1
    drawn(client, panel, arrive, again="1")
    assert panel.takes.count() == 2


def test_it_draws_another_where_the_words_changed(board, hiapi, mei, signed_in, arrive):
    _, _, (panel, *_) = board
    client = signed_in(mei)
    drawn(client, panel, arrive)
    Panel.objects.filter(pk=panel.pk).update(action="She sets the flask down.")
    drawn(client, panel, arrive)
    assert panel.takes.count() == 2


def test_a_random_seed_makes_each_request_the_only_one(board, account, mei, signed_in, arrive):
    _, _, (panel, *_) = board
    client = signed_in(mei)
    for _ in range(2):
        answer = client.post(
            reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4(), "price": "0.039"}, headers=HX
        )
        assert "HX-Retarget" not in answer
        arrive(Job.objects.latest("pk"))
    assert panel.takes.count() == 2


def test_it_uses_the_picture_for_its_own_panel(board, hiapi, mei, signed_in, arrive):
    _, _, (panel, *_) = board
    client = signed_in(mei)
    take = drawn(client, panel, arrive)
    Panel.objects.filter(pk=panel.pk).update(picked=makers.take(panel))
    for _ in range(2):
        client.post(reverse("panel_use", args=[panel.code]), {"take": take.code})
    assert Panel.objects.get(pk=panel.pk).picked == take
    assert (panel.takes.count(), Job.objects.count()) == (2, 1)


def test_it_copies_the_picture_to_another_panel_at_no_cost(board, hiapi, mei, signed_in, arrive):
    project, _, (panel, other, third) = board
    client = signed_in(mei)
    take = drawn(client, panel, arrive)
    Panel.objects.filter(pk=other.pk).update(action=panel.action)
    query = {"panels": f"{other.code},{third.code}", "quality": "draft"}
    page = client.get(reverse("estimate", args=[project.code]), query).content.decode()
    assert "take 1 of 1A" in page
    assert "Draw 2 pictures" in page
    page = client.get(reverse("estimate", args=[project.code]), {**query, "reuse": "1"}).content.decode()
    assert "Draw 1 picture " in page
    data = {**query, "reuse": "1", "key": uuid.uuid4(), "amount": "0.05"}
    for _ in range(2):
        assert client.post(reverse("batch_start", args=[project.code]), data).status_code == 302
    copy = other.takes.get()
    assert (copy.image, copy.cost, copy.prompt) == (take.image, 0, take.prompt)
    assert copy.parameters["copied_from"] == take.code
    assert Panel.objects.get(pk=other.pk).picked == copy
    assert Job.objects.filter(panel=other).count() == 0
    assert Job.objects.filter(panel=third).count() == 1
    page = client.get(reverse("compare", args=[other.code])).content.decode()
    assert "The same picture as" in page
    assert "take 1 of 1A" in page


def test_it_draws_nothing_where_all_exists(board, hiapi, mei, signed_in, arrive):
    project, _, (panel, other, _) = board
    client = signed_in(mei)
    drawn(client, panel, arrive)
    Panel.objects.filter(pk=other.pk).update(action=panel.action)
    query = {"panels": other.code, "quality": "draft", "reuse": "1"}
    assert "Use 1 picture" in client.get(reverse("estimate", args=[project.code]), query).content.decode()
    for _ in range(2):
        answer = client.post(reverse("batch_start", args=[project.code]), {**query, "key": uuid.uuid4(), "amount": "0"})
        assert answer.status_code == 302
    assert (other.takes.count(), Job.objects.count()) == (1, 1)


def test_another_teams_picture_is_never_offered_nor_used(board, hiapi, mei, outsider, rosa, signed_in, arrive):
    _, _, (panel, *_) = board
    take = drawn(signed_in(mei), panel, arrive)
    theirs = makers.panel(makers.scene(makers.project(outsider.teams.get())))
    assert signed_in(outsider).post(reverse("panel_use", args=[theirs.code]), {"take": take.code}).status_code == 404
    assert signed_in(mei).post(reverse("panel_use", args=[theirs.code]), {"take": take.code}).status_code == 404
    assert signed_in(rosa).post(reverse("panel_use", args=[panel.code]), {"take": take.code}).status_code == 403
    assert Take.objects.count() == 1
