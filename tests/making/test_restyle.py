"""The same board in another style: new takes, markers kept, nothing picked for anybody."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from studio.generation import estimates, tiers
from studio.generation.errors import OverCap, Refused
from studio.making import actions, upon
from studio.models import Batch, Job
from tests import makers


@pytest.fixture
def style(team):
    found = makers.subject(team, "Watercolour", "style", bible="Loose washes on cold-pressed paper.", locked=True)
    makers.reference(found.default_set, "front")
    return found


@pytest.fixture
def takes(mira, team):
    scene = makers.scene(makers.project(team))
    found = []
    for _ in range(2):
        panel = makers.panel(scene)
        makers.appearance(panel, mira)
        found.append(makers.take(panel, makers.image(team), picked=True, versions={mira.code: 1}))
    return found


def test_it_repaints_and_keeps_who_it_is(takes, style, mira, mei):
    batch = actions.restyle(takes=takes, style=style, choice=tiers.sketch(), by=mei, key=uuid.uuid4())
    job = batch.jobs.order_by("pk").first()
    slots = job.request["plan"]["slots"]
    assert [slot["role"] for slot in slots] == ["base", "style", "identity"]
    assert slots[0]["image_key"] == takes[0].image.key
    words = job.request["prompt"]
    assert words.startswith("Repaint the first image in the manner of the second image (Watercolour)")
    assert "Keep the composition" in words
    assert "rust-orange beanie (#b4542b)" in words
    assert "identical to the third image" in words
    assert "Nobody’s features are changed by the style." in words
    assert job.request["restyled_from"] == takes[0].code
    assert job.request["versions"] == {mira.code: 1, style.code: 1}


def test_it_says_the_style_in_words_where_it_has_no_picture(takes, team, mei):
    ink = makers.subject(team, "Ink", "style", bible="Black ink on rough paper.", locked=True)
    (row,) = upon.restyle_ready(takes[:1], ink, tiers.sketch())
    assert row.request["prompt"].startswith("Repaint the first image as Ink: Black ink on rough paper.")


def test_it_goes_through_the_estimate_and_never_replaces_a_pick(takes, style, mei, signed_in, account, arrive):
    client = signed_in(mei)
    project = takes[0].panel.scene.project
    here = reverse("restyle", args=[project.code])
    page = client.get(here, {"style": style.code, "quality": "production"})
    found = page.context["estimate"]
    assert found.pictures == 2
    assert found.amount > 0
    form = {"style": style.code, "quality": "production", "key": uuid.uuid4(), "amount": "0.01"}
    assert client.post(here, form).status_code == 422
    for _ in range(2):
        answer = client.post(here, {**form, "amount": found.amount})
        assert answer["Location"] == f"{reverse('board', args=[project.code])}?batch={Batch.objects.get().code}"
    for job in Job.objects.all():
        assert arrive(job).number == 2
    for take in takes:
        take.panel.refresh_from_db()
        assert take.panel.picked == take


def test_it_takes_a_scene_or_a_selection(takes, style, mei, signed_in):
    client, project = signed_in(mei), takes[0].panel.scene.project
    here = reverse("restyle", args=[project.code])
    assert client.get(here, {"panels": takes[1].panel.code}).context["takes"] == [takes[1]]
    other = makers.scene(project, "2")
    assert client.get(here, {"scene": other.code}).context["takes"] == []
    assert client.post(here, {"scene": other.code, "key": uuid.uuid4(), "style": style.code}).status_code == 422


def test_it_refuses_what_is_no_style_and_what_costs_too_much(takes, style, mira, mei, account, team, outsider):
    with pytest.raises(Refused, match="no style"):
        upon.restyle_ready(takes, mira, tiers.sketch())
    foreign = makers.subject(outsider.teams.get(), "Theirs", "style", locked=True)
    with pytest.raises(Refused, match="library"):
        actions.restyle(takes=takes, style=foreign, choice=tiers.sketch(), by=mei, key=uuid.uuid4())
    team.monthly_cap = "0.01"
    team.save()
    with pytest.raises(OverCap):
        actions.restyle(takes=takes, style=style, choice=tiers.choice(team, "production"), by=mei, key=uuid.uuid4())
    assert not Job.objects.exists()


def test_it_plans_many_with_as_many_queries_as_few(takes, style, team, mira, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        estimates.weigh(upon.restyle_ready(takes[:1], style, tiers.sketch()))
    more = [makers.take(makers.panel(takes[0].panel.scene), versions={}) for _ in range(6)]
    with CaptureQueriesContext(connection) as many:
        estimates.weigh(upon.restyle_ready([takes[0], *more], style, tiers.sketch()))
    assert len(many) == len(few)


def test_it_is_not_for_strangers_or_viewers(takes, outsider, viktor, signed_in):
    here = reverse("restyle", args=[takes[0].panel.scene.project.code])
    for client, status in ((signed_in(outsider), 404), (signed_in(viktor), 403)):
        assert client.get(here).status_code == status
        assert client.post(here, {"key": uuid.uuid4()}).status_code == status
