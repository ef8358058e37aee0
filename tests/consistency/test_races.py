"""Several people judge the same thing in the same moment: one verdict stands, and the others hear of it."""

from __future__ import annotations

import uuid

import pytest

from studio.models import ColourPatch, Cut, Image, Rejection, Take, Verdict
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(tabs, mei):
    return tabs(mei, HX_Request="true", HX_Target="cell")


def test_one_of_five_verdicts_stands(at_once, takes, marks, address):
    forms = [{"result": result, "revision": 0} for result in ("same", "drifted", "wrong", "missing", "hidden")]
    assert at_once(address(takes[0], marks[0]), forms) == [200, 409, 409, 409, 409]
    assert Verdict.objects.count() == Verdict.objects.filter(replaced=None).count() == 1


def test_the_same_verdict_five_times_is_one(at_once, takes, marks, address):
    assert at_once(address(takes[0], marks[0]), [{"result": "same", "revision": 0}] * 5) == [200] * 5
    assert Verdict.objects.count() == 1


def test_one_of_five_rejections_stands(at_once, takes):
    reasons = ("light", "text", "anatomy", "composition", "other")
    assert at_once(f"/takes/{takes[0].code}/reject/", [{"reason": reason} for reason in reasons]) == [200] * 5
    assert Rejection.objects.count() == 5
    assert Rejection.objects.filter(withdrawn=None).count() == 1


def test_one_of_five_measures_stands(at_once, team, takes, marks):
    Take.objects.filter(pk=takes[0].pk).update(image=makers.image(team))
    forms = [{"on": "take", "left": n * 10, "top": 10, "width": 10, "height": 10, "revision": 0} for n in range(5)]
    assert at_once(f"/takes/{takes[0].code}/markers/{marks[2].pk}/colour/", forms) == [204, 409, 409, 409, 409]
    assert ColourPatch.objects.count() == 1


def test_one_of_five_decides_about_a_crop(at_once, team, noor):
    front = makers.reference(noor.default_set)
    cut = makers.cut(front)
    forms = [{"do": "take", "view": "detail"}, *[{"do": "aside"}] * 4]
    assert at_once(f"/cuts/{cut.code}/", forms) == [204, 409, 409, 409, 409]
    cut.refresh_from_db()
    assert (cut.accepted is None) != (cut.discarded is None)
    assert noor.default_set.references.count() == (2 if cut.accepted else 1)


def test_a_crop_asked_for_five_times_is_one(at_once, team, noor):
    front = makers.reference(noor.default_set)
    form = {"way": "crop", "key": str(uuid.uuid4()), "left": 10, "top": 10, "width": 60, "height": 60}
    assert at_once(f"/references/{front.code}/cut/", [form] * 5) == [204] * 5
    assert Cut.objects.count() == 1
    assert Image.objects.exclude(pk=front.image_id).count() == 1
