"""What is said of a picture's weaknesses, on pictures made weak on purpose."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image as Pixels
from PIL import ImageDraw, ImageEnhance, ImageFilter

from studio.media import intake, measures, quality
from studio.media.models import Image
from studio.media.pool import ROOT
from tests.media import files

SAMPLES = Path(ROOT).parent / "shared" / "samples" / "photos"
WORDS = {
    "small": "Soft: 612 px, wants 1024",
    "blurred": "Soft focus: fine detail is missing",
    "dark": "Underexposed: detail is lost in the dark",
    "bright": "Overexposed: detail is lost in the light",
    "busy": "Busy background holds identity less well",
}


def said(picture, **how):
    taken = intake.read(files.saved(picture, "JPEG", quality=92), "a")
    image = Image(
        width=taken.width,
        height=taken.height,
        sharpness=taken.measures.sharpness,
        exposure=taken.measures.exposure,
        busyness=taken.measures.busyness,
    )
    return quality.weaknesses(image, **how)


def keys(picture, **how):
    return [weakness.key for weakness in said(picture, **how)]


def portrait(width=1200, height=1500, background=(206, 206, 206)):
    """A head and shoulders with hair, a collar and buttons, before a plain wall."""
    picture = Pixels.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(picture)

    def at(*share):
        return [part * (width, height)[n % 2] for n, part in enumerate(share)]

    draw.rounded_rectangle(at(0.25, 0.62, 0.75, 1.1), width * 0.1, fill="#4e6277")
    draw.ellipse(at(0.36, 0.2, 0.64, 0.62), fill="#b08060")
    draw.pieslice(at(0.34, 0.16, 0.66, 0.6), 180, 360, fill="#2b1d16")
    dice = random.Random(4)
    for _ in range(160):
        x, y = dice.uniform(0.35, 0.65), dice.uniform(0.17, 0.36)
        draw.line(at(x, y, x + dice.uniform(-0.02, 0.02), y + 0.05), fill="#5a4030", width=3)
    for y in (0.72, 0.8, 0.88, 0.96):
        draw.ellipse(at(0.48, y, 0.51, y + 0.02), fill="#e6dcc8")
    for x in (0.43, 0.54):
        draw.ellipse(at(x, 0.38, x + 0.03, 0.4), fill="#201510")
    return picture


def shelves(picture):
    """The same before shelves full of things."""
    behind = Pixels.new("RGB", picture.size, "#3a2c1c")
    draw, dice = ImageDraw.Draw(behind), random.Random(8)
    for _ in range(420):
        x, y = dice.randrange(picture.width), dice.randrange(picture.height)
        tone = tuple(dice.randrange(40, 220) for _ in range(3))
        draw.rectangle((x, y, x + dice.randrange(20, 90), y + dice.randrange(40, 160)), fill=tone)
    plain = Pixels.new("RGB", picture.size, (206, 206, 206))
    mask = Pixels.eval(Pixels.blend(picture, plain, 0.5).convert("L"), lambda level: 0 if level == 206 else 255)
    behind.paste(picture, (0, 0), mask)
    return behind


def test_it_finds_nothing_wrong_with_a_good_portrait():
    assert said(portrait()) == []


def test_it_says_how_small_a_picture_is():
    found = said(portrait(490, 612))
    assert [(w.key, w.text, w.tone) for w in found] == [("small", WORDS["small"], "warn")]
    assert keys(portrait(820, 1024)) == []
    assert keys(portrait(1024, 700)) == []


@pytest.mark.parametrize("radius", [8, 12, 20])
def test_it_says_that_a_picture_is_blurred(radius):
    found = said(portrait().filter(ImageFilter.GaussianBlur(radius)))
    assert [(w.key, w.text) for w in found] == [("blurred", WORDS["blurred"])]


def test_it_says_that_a_picture_is_dark_or_bright():
    dark = said(ImageEnhance.Brightness(portrait()).enhance(0.25))
    assert [(w.key, w.text) for w in dark] == [("dark", WORDS["dark"])]
    bright = said(Pixels.blend(portrait(), Pixels.new("RGB", (1200, 1500), "white"), 0.85))
    assert [(w.key, w.text) for w in bright] == [("bright", WORDS["bright"])]
    assert keys(portrait(background=(255, 255, 255))) == []
    assert keys(portrait(background=(12, 12, 12))) == []


def test_it_says_that_a_background_is_busy_unless_it_is_the_point():
    found = said(shelves(portrait()))
    assert [(w.key, w.text) for w in found] == [("busy", WORDS["busy"])]
    assert keys(shelves(portrait()), background=False) == []


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample photographs are not here")
@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
def test_it_judges_photographs_as_a_person_would(name):
    """All four are small, sharp and rightly lit; none stands before a plain wall."""
    sharp = Pixels.open(SAMPLES / name, formats=("PNG", "JPEG")).convert("RGB")
    assert keys(sharp) == ["small", "busy"]
    assert "blurred" in keys(sharp.filter(ImageFilter.GaussianBlur(4)))
    assert "dark" in keys(ImageEnhance.Brightness(sharp).enhance(0.25))


def test_it_measures_the_same_picture_alike_at_any_size():
    large = portrait(2400, 3000)
    found = [
        intake.read(files.saved(large.resize(size, Pixels.Resampling.LANCZOS)), "a").measures
        for size in ((2400, 3000), (1200, 1500), (640, 800))
    ]
    assert all(each.version == measures.VERSION for each in found)
    for one, other in ((found[0], found[1]), (found[0], found[2])):
        assert one.sharpness == pytest.approx(other.sharpness, abs=0.06)
        assert one.exposure == pytest.approx(other.exposure, abs=0.01)
        assert one.busyness == pytest.approx(other.busyness, abs=0.02)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (2, 2), (39, 640), (640, 5)])
def test_it_measures_slivers(size):
    flat = measures.measure(Pixels.new("RGB", size, "#808080"))
    assert all(0 <= value <= 1 for value in flat[:3])
    assert flat.busyness == 0
    noise = Pixels.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert all(0 <= value <= 1 for value in intake.read(out.getvalue(), "a").measures[:3])
