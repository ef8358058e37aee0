"""One measured reference stands for a marker: the page says which, and lets one go back to another."""

from __future__ import annotations

import pytest

from studio.consistency import patches
from studio.consistency.actions import Refused
from studio.consistency.models import ColourPatch
from tests import makers


@pytest.fixture
def cap(marks):
    return marks[2]


@pytest.fixture
def measured(noor, cap, mei, team):
    """First in the front view, then in the back view, which stands."""
    rows = []
    for view, lightness in (("front", 40), ("back", 60)):
        reference = makers.reference(noor.default_set, view, makers.bare_image(team))
        ColourPatch.objects.filter(take=None).update(replaced=noor.created)
        rows.append(ColourPatch.objects.create(
            subject=noor, marker_key=cap.key, swatch=cap.colour, image=reference.image, left=400, top=200, width=100, height=100,
            lightness=lightness, a=10, b=10, spread=1, by=mei, revision=len(rows) + 1,
        ))  # fmt: skip
    return rows


@pytest.fixture
def here(takes, cap):
    return f"/takes/{takes[0].code}/markers/{cap.pk}/colour/"


def test_the_page_says_which_one_stands(measured, here, viktor, signed_in):
    front, back = measured
    page = signed_in(viktor).get(here).content.decode()
    assert f'Measured in <a class="link" href="?reference={back.image.key}">Back</a> by Mei Tan' in page
    assert "Held against before" in page
    assert "Hold takes against this again" not in page
    other = signed_in(viktor).get(here, {"reference": front.image.key}).content.decode()
    assert "Takes are held against another picture" in other


def test_it_goes_back_to_the_one_before(measured, here, cap, mei, pavel, signed_in):
    front, back = measured
    answer = signed_in(pavel).post(here, {"do": "stand", "patch": front.pk, "revision": 2})
    assert answer["Location"] == f"{here}?reference={front.image.key}#measured"
    now = patches.of_reference(cap)
    assert (now.image, now.lightness, now.box, now.by, now.revision) == (front.image, 40, front.box, pavel, 3)
    assert [one.pk for one in patches.earlier(cap)] == [back.pk]
    assert ColourPatch.objects.count() == 3


def test_somebody_who_was_faster_is_not_overwritten(measured, here, cap, mei, signed_in):
    front, back = measured
    client = signed_in(mei)
    assert client.post(here, {"do": "stand", "patch": front.pk, "revision": 1}).status_code == 409
    assert client.post(here, {"do": "stand", "patch": back.pk, "revision": 2}).status_code == 422  # it stands already
    assert client.post(here, {"do": "stand", "patch": "x", "revision": "\0"}).status_code == 422
    assert patches.of_reference(cap).pk == back.pk


def test_a_measure_of_another_marker_is_refused(measured, marks, mei, here, viktor, outsider, signed_in):
    front, _ = measured
    with pytest.raises(Refused):
        patches.stand(patch=front, marker=marks[0], by=mei, revision=0)
    form = {"do": "stand", "patch": front.pk, "revision": 2}
    assert signed_in(viktor).post(here, form).status_code == 403
    assert signed_in(outsider).post(here, form).status_code == 404
