"""The embedded engine: what a panel's layout does to its picture. Small pictures, measured differences."""

from __future__ import annotations

import asyncio
import hashlib
import io
import subprocess
import sys
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from studio.providers.base import ImageRequest, ProviderError, SentReference
from studio.providers.sketch import ASPECTS, Sketch
from studio.providers.sketch.compose import plan
from studio.providers.sketch.draw import draw

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "samples" / "photos"
NOOR = {
    "key": "noor", "kind": "character", "species": "person", "name": "Noor",
    "markers": [
        {"category": "hair", "phrase": "dark curly hair in a short ponytail", "colour": "#2a211f"},
        {"category": "item", "phrase": "teal knitted cap with a white lightning patch", "colour": "#1f7a7c"},
        {"category": "wardrobe", "phrase": "ochre work jacket", "colour": "#c08a30"},
    ],
}  # fmt: skip
HALVARD = {
    "key": "halvard", "kind": "character", "species": "person", "name": "Old Halvard",
    "markers": [{"category": "wardrobe", "phrase": "yellow raincoat", "colour": "#e0b030"}, {"category": "hair", "phrase": "grey beard"}],
}  # fmt: skip
FLASK = {"key": "flask", "kind": "product", "name": "Tern flask", "markers": []}
DECK = {
    "int_ext": "EXT",
    "place": "turbine deck",
    "time_of_day": "day",
    "shot_size": "MS",
    "angle": "eye",
    "cast": [NOOR],
}


def ask(layout=None, seed=3, size=(344, 192), references=(), prompt="") -> ImageRequest:
    return ImageRequest(
        model="sketch", prompt=prompt, aspect="16:9", size="1K", width=size[0], height=size[1], seed=seed,
        references=tuple(references), layout=DECK if layout is None else layout,
    )  # fmt: skip


def pixels(request: ImageRequest) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(draw(request)), formats=("JPEG",)).convert("RGB"), np.float32)


@cache
def plain_deck() -> np.ndarray:
    """What the others are held against."""
    return pixels(ask())


def apart(one: dict, other: dict, **changes) -> float:
    """Mean difference of two panels, 0 to 255, after blurring away grain."""
    before = plain_deck() if one is DECK and not changes else pixels(ask(one, **changes))
    return distance(before, pixels(ask(other, **changes)))


def distance(a: np.ndarray, b: np.ndarray) -> float:
    small = [
        np.asarray(Image.fromarray(v.astype(np.uint8)).resize((43, 24), Image.Resampling.BOX), np.float32)
        for v in (a, b)
    ]
    return float(np.abs(small[0] - small[1]).mean())


def sent(data: bytes, role="identity", subject="noor", view="front") -> SentReference:
    return SentReference(data, "image/png", role, subject, view, hashlib.sha256(data).hexdigest())


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def plain_portrait(colour: str, view_height: int = 400) -> bytes:
    """A one-coloured bust on grey paper."""
    from PIL import ImageDraw

    image = Image.new("RGB", (320, view_height), "#b8bbbc")
    pen = ImageDraw.Draw(image)
    pen.ellipse((115, 40, 205, 150), fill="#b98160")
    pen.rectangle((70, 165, 250, view_height), fill=colour)
    pen.rectangle((140, 140, 180, 170), fill="#b98160")
    return png(image)


def test_it_draws_the_same_bytes_again():
    assert draw(ask()) == draw(ask())


def test_it_lays_another_seed_out_differently():
    assert apart(DECK, DECK) == 0
    pictures = [pixels(ask(seed=seed)) for seed in range(5)]
    assert min(distance(a, b) for a, b in pairwise(pictures)) > 5


@pytest.mark.parametrize(
    "change",
    [
        {"shot_size": "EWS"}, {"shot_size": "CU"}, {"angle": "low"}, {"angle": "high"}, {"angle": "top"}, {"angle": "dutch"},
        {"time_of_day": "night"}, {"time_of_day": "golden_hour"}, {"weather": "fog"}, {"place": "forest"}, {"int_ext": "INT", "place": "workshop"},
        {"cast": [HALVARD]}, {"cast": [NOOR, HALVARD]}, {"framing": "back"},
        {"cast": [{**NOOR, "outfit": "red coat", "outfit_colours": ["#b4342c", "#23262b"]}]},
        {"cast": [{**NOOR, "doing": "sits on a crate"}]}, {"cast": [{**NOOR, "position": "far right"}]},
        {"lens": "200 mm", "shot_size": "WS"}, {"style": {"name": "Ink", "palette": ["#102a43", "#f6e7c1"]}}, {"cast": [NOOR, FLASK]},
    ],
)  # fmt: skip
def test_it_shows_at_a_glance_what_changed(change):
    least = (
        2.0 if set(change) & {"lens"} or change == {"framing": "back"} or change.get("cast") == [NOOR, FLASK] else 3.5
    )
    base = (
        DECK
        if change.get("cast") != [{**NOOR, "position": "far right"}]
        else {**DECK, "cast": [{**NOOR, "position": "left"}]}
    )
    assert apart(base, {**DECK, **change}) > least


def test_it_keeps_a_character_recognisable():
    """The cap's teal and the jacket's ochre are there in both of two quite different panels."""
    for layout in (DECK, {**DECK, "shot_size": "CU", "place": "harbour", "angle": "low"}):
        picture = pixels(ask(layout))
        red, green, blue = (picture[..., k] for k in range(3))
        assert ((green > red * 1.35) & (blue > red * 1.3) & (abs(green - blue) < 40) & (green > 40)).mean() > 0.008
        assert ((red > 90) & (red > green * 1.12) & (green > blue * 1.4)).mean() > 0.02


@pytest.mark.parametrize(
    "layout",
    [
        {}, {"cast": None}, {"cast": ["noor", 3, None]}, {"cast": [{}]}, {"cast": [{"kind": "product"}]},
        {"shot_size": "Knee-high wonder shot", "angle": "???", "lens": "very long", "place": "Zzyzx", "time_of_day": "teatime", "weather": "frogs"},
        {"action": "x" * 200_000, "place": "y" * 200_000, "cast": [{**NOOR, "doing": "runs " * 50_000}]},
        {"cast": [{"key": "a", "markers": [{"category": None, "phrase": None, "colour": "no colour"}, "text"], "outfit_colours": "red"}]},
        {"location": "harbour", "style": ["ink"], "shot_size": 7, "angle": None, "lens": 50, "int_ext": 1},
        {"action": "\u202e\x00\x07 שלום", "cast": [{"key": 5, "species": "animal", "name": "Кот"}]},
        {"cast": [dict(NOOR, key=str(n)) for n in range(30)], "shot_size": "CU"},
    ],
)  # fmt: skip
def test_it_draws_whatever_the_layout_holds(layout):
    picture = Image.open(io.BytesIO(draw(ask(layout, size=(172, 96)))), formats=("JPEG",))
    assert picture.size == (172, 96)


@pytest.mark.parametrize(
    "doing",
    [
        "sits",
        "kneels",
        "runs",
        "walks",
        "leans",
        "reads",
        "looks back",
        "points",
        "drinks",
        "lies down",
        "waves",
        "phones",
        "pushes",
        "works",
        "reaches up",
        "arms crossed",
    ],
)
def test_it_poses_every_way_round(doing):
    layout = {**DECK, "shot_size": "WS", "cast": [{**NOOR, "doing": doing, "view": "profile_left"}]}
    still = {**layout, "cast": [{**NOOR, "doing": "stands", "view": "profile_left"}]}
    assert float(np.abs(pixels(ask(layout, size=(172, 96))) - pixels(ask(still, size=(172, 96)))).max()) > 40


@cache
def red(phrases: tuple[tuple[str, str, str], ...], view: str) -> float:
    """The share of red in a full shot of somebody with these markers."""
    markers = [{"category": c, "phrase": p, "colour": k} for c, p, k in phrases]
    one = {
        "key": "a",
        "name": "A",
        "markers": markers,
        "view": view,
    }
    picture = pixels(ask({"shot_size": "FS", "place": "studio", "int_ext": "INT", "cast": [one]}, size=(200, 240)))
    return float(((picture[..., 0] > picture[..., 1] * 1.7) & (picture[..., 0] > 60)).mean())


@pytest.mark.parametrize(
    "phrase",
    [
        "red jacket", "red coat", "red raincoat", "red trench", "red suit", "red sweater", "red shirt", "red tee",
        "red vest", "red dress", "red kilt", "red skirt", "red shorts", "red leggings", "red boots", "red scarf", "red gloves",
        "red backpack", "red tool belt", "red beanie", "red cap", "red fedora hat", "red helmet", "red hood", "red sou'wester",
        "red glasses", "long red hair", "red bob", "red bun", "red afro", "short red hair", "curly red hair", "red beard",
    ],
)  # fmt: skip
def test_it_wears_what_the_marker_says(phrase):
    """More red in the picture with the marker than without it, from the front or from behind."""

    category = "hair" if "hair" in phrase or phrase.split()[-1] in {"bob", "bun", "afro", "beard"} else "wardrobe"
    plain = ("wardrobe", "grey tee and grey trousers", "")
    marker = (plain, (category, phrase, "#c01818"))
    assert max(red(marker, view) - red((plain,), view) for view in ("front", "back")) > 0.0006


@pytest.mark.parametrize("words", ["a dog", "a cat", "a grey horse", "a cow", "a gull"])
def test_it_draws_animals_in_their_coat(words):
    cast = [
        {
            "key": "a",
            "species": "animal",
            "name": words,
            "markers": [{"category": "hair", "phrase": "violet coat", "colour": "#8020c0"}],
        }
    ]
    for size in ("WS", "MS"):
        picture = pixels(ask({**DECK, "shot_size": size, "cast": cast}))
        assert ((picture[..., 2] > picture[..., 1] * 1.5) & (picture[..., 0] > picture[..., 1] * 1.2)).mean() > 0.0015


@pytest.mark.parametrize("aspect", ASPECTS)
def test_it_fills_every_aspect(aspect):
    wide, high = (float(v) for v in aspect.split(":"))
    size = (round(160 * (wide / high) ** 0.5), round(160 * (high / wide) ** 0.5))
    layout = {**DECK, "cast": [NOOR, HALVARD, FLASK]}
    picture = Image.open(io.BytesIO(draw(ask(layout, size=size))), formats=("JPEG",))
    assert picture.size == size


@pytest.mark.parametrize("size", [(0, 0), (-5, 200), (300, 3), (90_000, 90_000)])
def test_it_refuses_a_size_that_is_none(size):
    with pytest.raises(ProviderError, match="can't be drawn") as refused:
        draw(ask(size=size))
    assert refused.value.kind == "invalid"
    assert refused.value.permanent


@pytest.mark.parametrize("role", ["identity", "location", "style", "product"])
@pytest.mark.parametrize("data", [b"", b"not a picture", plain_portrait("#c08a30")[:300], b"GIF89a" + b"\0" * 40])
def test_it_says_plainly_when_a_reference_cannot_be_read(role, data, monkeypatch):
    # As in the engine's own process: what prints a PDF sets it.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    layout = {**DECK, "cast": [NOOR, FLASK]}
    subject = "flask" if role == "product" else "noor"
    with pytest.raises(ProviderError, match="can't be read") as refused:
        draw(ask(layout, references=[sent(data, role, subject)]))
    assert refused.value.kind == "invalid"
    assert refused.value.charged is False


@pytest.mark.parametrize("size", ["EWS", "WS", "MS", "MCU", "CU"])
@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("aspect", [(1376, 768), (768, 1376), (1000, 1000)])
def test_it_keeps_the_cast_apart(size, count, aspect):
    cast = [dict(NOOR, key=f"c{n}", doing=("points", "walks", "", "sits", "runs")[n]) for n in range(count)]
    for seed in range(4):
        boxes = sorted(
            (box for _, box in plan({**DECK, "cast": cast, "shot_size": size}, *aspect, seed).people),
            key=lambda b: b.left,
        )
        assert len(boxes) == count
        for one, other in pairwise(boxes):
            assert one.right <= other.left + 1
        assert all(0 <= box.left < box.right <= aspect[0] for box in boxes)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [("right", 2 / 3, 1), ("left", 0, 1 / 3), ("centre", 0.4, 0.6), ("right_third", 2 / 3, 0.8), ("far left", 0, 0.2)],
)
def test_it_stands_where_the_words_say(words, low, high):
    for seed in range(8):
        layout = {**DECK, "shot_size": "WS", "cast": [{**NOOR, "position": words}]}
        box = plan(layout, 1376, 768, seed).people[0][1]
        assert low <= box.x / 1376 <= high


def test_it_makes_closer_shots_larger():
    heights = [
        plan({**DECK, "shot_size": size}, 1376, 768, 1).people[0][1].height
        for size in ("EWS", "WS", "FS", "MLS", "MS", "MCU", "CU", "BCU", "ECU")
    ]
    assert all(a < b for a, b in pairwise(heights))


def test_it_turns_a_back_view_away():
    from math import cos, radians

    assert cos(radians(plan({**DECK, "cast": [{**NOOR, "view": "back"}]}, 400, 300, 1).people[0][1].turn)) < -0.8
    assert cos(radians(plan({**DECK, "framing": "back"}, 400, 300, 1).people[0][1].turn)) < -0.8


def test_it_gives_a_held_product_to_the_hand():
    held = plan({**DECK, "cast": [{**NOOR, "holding": ["flask"]}, FLASK]}, 400, 300, 1)
    assert [p["key"] for p in held.held["noor"]] == ["flask"]
    assert not held.things
    told = plan({**DECK, "action": "She lifts the flask.", "cast": [NOOR, FLASK]}, 400, 300, 1)
    assert told.held["noor"]
    assert plan({**DECK, "cast": [NOOR, FLASK]}, 400, 300, 1).things


def test_it_uses_the_reference_it_is_sent():
    """The same cast, once in a green and once in a violet top: the top is seen in the picture."""
    bare = {**DECK, "cast": [{"key": "noor", "kind": "character", "name": "N"}]}
    green, violet = (pixels(ask(bare, references=[sent(plain_portrait(c))])) for c in ("#1f9a3c", "#7a30b0"))
    assert ((green[..., 1] > green[..., 0] * 1.4) & (green[..., 1] > green[..., 2] * 1.4)).mean() > 0.04
    assert ((violet[..., 2] > violet[..., 1] * 1.4) & (violet[..., 0] > violet[..., 1] * 1.2)).mean() > 0.04


def test_it_builds_on_the_location_picture():
    red = png(Image.new("RGB", (640, 360), "#a02020"))
    picture = pixels(ask({**DECK, "cast": []}, references=[sent(red, "location", "loc", "")]))
    assert picture[..., 0].mean() > picture[..., 1].mean() * 2


def test_it_takes_on_the_style_reference():
    blue = np.zeros((64, 64, 3), np.uint8)
    blue[..., 2] = np.linspace(40, 255, 64, dtype=np.uint8)[None]
    styled = pixels(ask(references=[sent(png(Image.fromarray(blue)), "style", "sty", "")]))
    plain = pixels(ask())
    assert styled[..., 2].mean() - styled[..., 0].mean() > plain[..., 2].mean() - plain[..., 0].mean() + 15


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the sample photographs are not here")
@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("astronaut.png", NOOR),
        ("chelsea.png", {**NOOR, "species": "animal"}),
        ("coffee.png", FLASK),
        ("rocket.jpg", FLASK),
    ],
)
def test_it_composes_photographs(name, member):
    data = (PHOTOS / name).read_bytes()
    role = "product" if member is FLASK else "identity"
    layout = {**DECK, "cast": [member]}
    assert distance(pixels(ask(layout, references=[sent(data, role, member["key"])])), pixels(ask(layout))) > 3


def test_it_answers_the_provider_protocol():
    limits = Sketch().limits("sketch")
    assert (limits.references, limits.sizes, limits.prompt_characters, limits.has_seed) == (
        14,
        ("1K", "2K"),
        20000,
        True,
    )
    assert set(ASPECTS) == set(limits.aspects)
    assert Sketch.name == "sketch"
    assert Sketch.replay_safe


def test_it_never_loads_django():
    code = "import sys, studio.sample.pictures, studio.providers.sketch; sys.exit('django' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=False).returncode
        == 0
    )


@pytest.mark.processes
def test_it_draws_in_its_own_processes_and_survives_their_death():
    import os
    import signal

    from studio.providers.sketch import pool

    async def walk():
        engine = Sketch()
        request = ask(size=(172, 96))
        first = await engine.start(request, "attempt-1")
        for process in list(pool._pool._processes):
            os.kill(process, signal.SIGKILL)
        second, third = await asyncio.gather(engine.start(request, "attempt-2"), engine.start(request, "attempt-3"))
        with pytest.raises(ProviderError, match="can't be read"):
            await engine.start(ask(references=[sent(b"no")]), "attempt-4")
        collected = await engine.collect(first)
        await engine.aclose()
        return first, second, third, collected

    first, second, third, collected = asyncio.run(walk())
    assert first.result == collected
    assert first.result.cost == Decimal("0")
    assert first.result.pictures[0].mime == "image/jpeg"
    assert (
        first.result.pictures[0].data
        == second.result.pictures[0].data
        == third.result.pictures[0].data
        == draw(ask(size=(172, 96)))
    )
