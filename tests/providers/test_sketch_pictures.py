"""The sample's reference pictures: large enough, plain behind, in the colours that their swatches promise."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from PIL import Image

from studio.library.models import View
from studio.sample.pictures import BY_NAME, REFERENCES, draw_reference


@cache
def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(draw_reference(name)), formats=("JPEG",))


def test_it_names_every_view_as_the_library_does():
    views = {
        picture.view
        for group in REFERENCES.values()
        for picture in group.pictures
        if group.kind not in {"location", "style"}
    }
    assert views <= set(View.values)
    assert {p.role for p in BY_NAME.values()} == {"identity", "outfit", "product", "location", "style"}


def test_it_has_the_sets_of_the_sample():
    assert {group.title for group in REFERENCES.values()} >= {
        "Noor",
        "Old Halvard",
        "Sunniva",
        "Tern flask",
        "Boat shed",
        "Breakwater",
        "Turbine deck",
    }
    assert len({p.file for p in BY_NAME.values()}) == len(BY_NAME)
    assert all(
        colour.startswith("#") and len(colour) == 7
        for group in REFERENCES.values()
        for colour in group.swatches.values()
    )


@pytest.mark.parametrize(
    "name",
    ["noor-front", "halvard-full-body", "tern-flask-top", "tern-flask-detail", "breakwater", "graphite-and-wash"],
)
def test_it_draws_them_large(name):
    assert min(opened(name).size) >= 1024


@pytest.mark.parametrize(
    ("name", "swatch"),
    [("noor-front", "cap"), ("noor-front", "jacket"), ("halvard-full-body", "raincoat"), ("tern-flask-front", "band")],
)
def test_it_shows_the_swatch(name, swatch):
    group = next(g for g in REFERENCES.values() if any(p.name == name for p in g.pictures))
    goal = np.array([int(group.swatches[swatch][k : k + 2], 16) for k in (1, 3, 5)], np.float32)
    picture = np.asarray(opened(name).resize((208, 260)), np.float32)
    assert (np.abs(picture - goal).max(-1) < 26).mean() > 0.006


def test_it_draws_the_same_picture_again():
    for name in ("noor-front", "tern-flask-front"):
        assert draw_reference(name) == draw_reference(name)
    with pytest.raises(KeyError):
        draw_reference("nobody")
