"""Where something of a known colour and look may be in another picture."""

import pytest

from bench import panels
from bench.colour import holds
from studio.media import errands, intake
from studio.media.region import Box
from tests import makers


def test_it_finds_a_patch_in_the_child():
    reference = panels.reference(0, "#1f6f5b")
    panel = panels.panel(0, "#1f6f5b", "warm", 92)
    place = errands.seek(reference.data, reference.patch, panel.data)
    assert place is not None
    assert place.fits
    assert holds(panel.patch, place)


def test_it_proposes_nothing_where_nothing_is_like_it():
    reference = panels.reference(0, "#1f6f5b")
    assert errands.seek(reference.data, reference.patch, makers.picture(colour="#888888", mark="#999999")) is None


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(0, 0, 1000, 1000), Box(0, 0, 1000, 1), Box(999, 0, 1, 1000)])
def test_it_stands_odd_boxes(box):
    found = errands.seek(makers.picture(), box, makers.picture(60, 4000))
    assert found is None or found.fits


def test_it_says_what_cannot_be_opened():
    with pytest.raises(intake.Refused):
        errands.seek(b"no picture", Box(0, 0, 10, 10), makers.picture())
