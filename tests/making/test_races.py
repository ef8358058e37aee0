"""Several people, or several clicks, in the same moment: one effect."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from studio.models import Batch, Bench, Campaign, Job, Origin, Project, Reference, Ruling, Spend
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@pytest.fixture
def at_once(tabs, mei):
    return tabs(mei)


def test_one_form_sent_many_times_is_one_picture(at_once, mira):
    form = {"view": "back", "key": uuid.uuid4()}
    assert at_once(reverse("set_draw", args=[mira.default_set.code]), [form] * MANY) == [302] * MANY
    assert Batch.objects.count() == Job.objects.count() == Spend.objects.count() == 1


def test_many_forms_share_one_workshop_and_one_bench(at_once, mira):
    forms = [{"view": "back", "key": uuid.uuid4()} for _ in range(MANY)]
    at_once(reverse("set_draw", args=[mira.default_set.code]), forms)
    assert Job.objects.count() == MANY
    assert Project.objects.filter(workshop=True).count() == 1
    assert Bench.objects.count() == 1


def test_one_proposal_becomes_one_reference(at_once, mira):
    take = makers.proposal(mira.default_set, "back", makers.image(mira.team))
    assert at_once(reverse("proposal_accept", args=[take.code]), [{}] * MANY) == [302] * MANY
    assert Reference.objects.filter(image=take.image).count() == 1
    assert Ruling.objects.count() == Origin.objects.count() == 1


def test_one_grid_is_made_once(at_once, mira):
    quay = makers.subject(mira.team, "Quay", "location", locked=True)
    project = makers.project(mira.team)
    form = {"key": uuid.uuid4(), "places": quay.code, "columns": mira.code}
    assert at_once(reverse("campaign", args=[project.code]), [form] * MANY) == [302] * MANY
    assert Campaign.objects.count() == project.scenes.count() == 1
