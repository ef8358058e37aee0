"""Boxes, and the colour in them."""

import io

import pytest
from PIL import Image as Pixels
from PIL import ImageDraw

from studio.media import colour, errands, intake, region
from studio.media.region import Box


def drawn(width=400, height=200, *, ground="#d8d8d4", mark="#b4542b", format="PNG", **save):
    image = Pixels.new("RGB", (width, height), ground)
    ImageDraw.Draw(image).rectangle((width * 0.4, height * 0.4, width * 0.6 - 1, height * 0.6 - 1), fill=mark)
    out = io.BytesIO()
    image.save(out, format, **save)
    return out.getvalue()


def test_it_reads_a_colour_in_the_child():
    found = errands.measure(drawn(), Box(400, 400, 200, 200))
    assert colour.code_of(found.lab) == "#b4542b"
    assert found.spread == pytest.approx(0, abs=0.01)


def test_it_passes_over_what_lies_beside():
    found = errands.measure(drawn(), Box(380, 380, 240, 240))
    assert colour.difference(colour.code_of(found.lab), "#b4542b") < 1
    assert found.spread > 5


def test_it_stands_a_box_of_a_pixel():
    assert errands.measure(drawn(), Box(999, 999, 1, 1)).spread == 0


def test_it_says_what_cannot_be_opened():
    with pytest.raises(intake.Refused, match="could not be opened"):
        errands.measure(b"no picture", Box(0, 0, 10, 10))


@pytest.mark.parametrize(
    ("box", "fits"),
    [
        ((0, 0, 1000, 1000), True),
        ((999, 999, 1, 1), True),
        ((0, 0, 0, 10), False),
        ((-1, 0, 10, 10), False),
        ((995, 0, 10, 10), False),
        ((0, 1000, 10, 1), False),
    ],
)
def test_it_knows_whether_a_box_fits(box, fits):
    assert Box(*box).fits == fits


def test_it_finds_pixels_for_every_box():
    assert Box(0, 0, 1, 1).pixels(10, 10) == (0, 0, 1, 1)
    assert Box(999, 999, 1, 1).pixels(10, 10) == (9, 9, 10, 10)
    assert Box(500, 250, 250, 500).pixels(400, 200) == (200, 50, 300, 150)


def test_it_reads_a_large_box_from_samples():
    picture = Pixels.effect_noise((900, 700), 40).convert("RGB")
    assert region.measure(picture, Box(0, 0, 1000, 1000)).lab.lightness == pytest.approx(54, abs=3)
