"""Colour codes, and the published pairs for CIEDE2000."""

from __future__ import annotations

import pytest
from PIL import Image

from studio.media import colour
from studio.media.colour import Lab

# Sharma, Wu, Dalal 2005, table 1, all 34: chosen by its authors to catch what implementations get wrong.
SHARMA = [
    ((50.0000, 2.6772, -79.7751), (50.0000, 0.0000, -82.7485), 2.0425),
    ((50.0000, 3.1571, -77.2803), (50.0000, 0.0000, -82.7485), 2.8615),
    ((50.0000, 2.8361, -74.0200), (50.0000, 0.0000, -82.7485), 3.4412),
    ((50.0000, -1.3802, -84.2814), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, -1.1848, -84.8006), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, -0.9009, -85.5211), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, 0.0000, 0.0000), (50.0000, -1.0000, 2.0000), 2.3669),
    ((50.0000, -1.0000, 2.0000), (50.0000, 0.0000, 0.0000), 2.3669),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0009), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0010), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0011), 7.2195),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0012), 7.2195),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0009, -2.4900), 4.8045),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0010, -2.4900), 4.8045),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0011, -2.4900), 4.7461),
    ((50.0000, 2.5000, 0.0000), (50.0000, 0.0000, -2.5000), 4.3065),
    ((50.0000, 2.5000, 0.0000), (73.0000, 25.0000, -18.0000), 27.1492),
    ((50.0000, 2.5000, 0.0000), (61.0000, -5.0000, 29.0000), 22.8977),
    ((50.0000, 2.5000, 0.0000), (56.0000, -27.0000, -3.0000), 31.9030),
    ((50.0000, 2.5000, 0.0000), (58.0000, 24.0000, 15.0000), 19.4535),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.1736, 0.5854), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.2972, 0.0000), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 1.8634, 0.5757), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.2592, 0.3350), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "published"), SHARMA)
def test_it_agrees_with_the_published_pairs_both_ways(one, other, published):
    assert colour.ciede2000(Lab(*one), Lab(*other)) == pytest.approx(published, abs=0.00005)
    assert colour.ciede2000(Lab(*other), Lab(*one)) == pytest.approx(published, abs=0.00005)


@pytest.mark.parametrize(
    ("code", "lab"),
    [
        ("#ffffff", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
        ("#777777", (50.03, 0, 0)),
    ],
)
def test_it_turns_srgb_into_lab(code, lab):
    assert colour.lab(code) == pytest.approx(lab, abs=0.02)


def test_it_tells_near_colours_from_far_ones():
    assert colour.difference("#c9a0a0", "C9A0A0") == 0
    assert colour.difference("#c9a0a0", "#caa1a0") < 1
    assert colour.difference("#c9a0a0", "#4e6277") > 20


@pytest.mark.parametrize(("given", "kept"), [("#C9A0A0", "#c9a0a0"), (" abc ", "#aabbcc"), ("#0f8", "#00ff88")])
def test_it_reads_codes(given, kept):
    assert colour.normal(given) == kept
    assert colour.is_hex(given)


@pytest.mark.parametrize("given", ["", "#12345", "red", "#gggggg", "#c9a0a0ff", "url(x)", "#c9a0a0;", "٠٠٠٠٠٠"])
def test_it_says_what_is_no_code(given):
    assert not colour.is_hex(given)
    with pytest.raises(ValueError, match="is not a colour code"):
        colour.normal(given)


def test_it_takes_the_mean():
    half = Image.new("RGB", (10, 10), "#000000")
    half.paste((255, 255, 255), (0, 0, 10, 5))
    assert colour.mean(half) == "#808080"


@pytest.mark.parametrize("code", ["#000000", "#ffffff", "#b4542b", "#4e6277", "#00ff88", "#0b0203"])
def test_it_turns_lab_back_into_srgb(code):
    assert colour.code_of(colour.lab(code)) == code


def test_it_cuts_off_what_srgb_cannot_show():
    assert colour.code_of(Lab(50, 120, -120)).startswith("#")
