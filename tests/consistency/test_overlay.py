"""The reference laid over a take by the two boxes of the colour check."""

from __future__ import annotations

import pytest

from studio.consistency import overlay
from studio.consistency.models import ColourPatch
from studio.media.region import Box
from tests import makers


def where(laid, box, aspect):
    """Where the middle of a box of the reference comes to lie in the frame, percent."""
    x, y, _, _ = overlay._in_frame(box, aspect, laid.frame)
    return (laid.x + (x - laid.x) * laid.times + laid.across, laid.y + (y - laid.y) * laid.times + laid.down)


@pytest.mark.parametrize(("of_reference", "of_take"), [(1.0, 1.0), (0.75, 16 / 9), (16 / 9, 0.75)])
def test_the_one_box_falls_on_the_other(of_reference, of_take):
    reference, take = Box(400, 200, 100, 100), Box(100, 600, 50, 50)
    found = overlay.laid(reference=(reference, of_reference), take=(take, of_take))
    assert where(found, reference, of_reference) == pytest.approx((12.5, 62.5), abs=0.02)


def test_it_grows_and_shrinks_with_the_boxes():
    half, whole = Box(400, 400, 100, 100), Box(400, 400, 200, 200)
    assert overlay.laid(reference=(half, 1.0), take=(whole, 1.0)).times == 2
    assert overlay.laid(reference=(whole, 1.0), take=(half, 1.0)).times == 0.5
    assert overlay.laid(reference=(Box(0, 0, 10, 10), 1.0), take=(Box(0, 0, 900, 900), 1.0)) is None


def test_a_picture_that_is_narrower_than_the_frame_stands_in_its_middle():
    assert overlay._in_frame(Box(0, 0, 1000, 1000), 0.5, 1.0) == pytest.approx((50, 50, 50, 100))
    assert overlay._in_frame(Box(0, 0, 500, 1000), 2.0, 1.0) == pytest.approx((25, 50, 50, 50))


@pytest.fixture
def patched(noor, marks, takes, mei, team):
    """The cap measured in a reference and in the first take."""
    front = makers.reference(noor.default_set, "front", makers.bare_image(team))
    back = makers.reference(noor.default_set, "back", makers.bare_image(team))

    def patch(image, take=None):
        return ColourPatch.objects.create(
            subject=noor, marker_key=marks[2].key, swatch=marks[2].colour, image=image, take=take, left=400, top=200,
            width=100, height=100, lightness=50, a=10, b=10, spread=1, by=mei,
        )  # fmt: skip

    patch(front.image)
    patch(takes[0].image, takes[0])
    return front, back


def test_only_the_measured_reference_is_laid_so(patched, takes, marks, mei, signed_in, address):
    front, back = patched
    client, here = signed_in(mei), address(takes[0], marks[2])
    page = client.get(here, {"reference": front.code}).content.decode()
    assert 'data-laid style="--laid-x:' in page
    assert "box on box" in page
    assert "data-laid" not in client.get(here, {"reference": back.code}).content.decode()
    assert "data-laid" not in client.get(address(takes[0], marks[0])).content.decode()
    assert "data-laid" not in client.get(address(takes[1], marks[2])).content.decode()
