"""Panels drawn for measuring: a figure with a patch of a known colour, somewhere in a scene, under a known light.

The same seed is the same picture. Nothing in them is anybody's.
"""

from __future__ import annotations

import io
import random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from studio.media import colour
from studio.media.region import Box

SIZE = (640, 360)
PORTRAIT = (480, 600)
PATCHES = ("#b4542b", "#1f6f5b", "#2f4f9e", "#c99a22", "#7a2f6b", "#5b5f66", "#d8cfc0", "#22252b", "#3f8fb5", "#8a3030")
LIGHTS = {  # gains of linear red, green and blue
    "even": (1.0, 1.0, 1.0),
    "warm": (1.12, 0.96, 0.66),
    "cool": (0.80, 0.97, 1.14),
    "dusk": (0.46, 0.44, 0.52),
    "lamp": (0.62, 0.44, 0.22),
    "bright": (1.35, 1.33, 1.30),
}
QUALITIES = (92, 60)  # of the JPEG that an engine sends
MUTED = ("#6b6f73", "#8b8478", "#a9a294", "#55606a", "#77705f", "#948a86", "#4b4f45", "#b8b4ac")
LIVELY = ("#a8432f", "#2f7d4f", "#c2a23a", "#37578c", "#9b5f2c", "#6d3f7a", "#2d8c8c")
SKIN = ("#c98f6b", "#8a5a3c", "#e0b394", "#5f3b28")


class Drawn(NamedTuple):
    """`data`: a JPEG. `patch`: where the patch lies. `truth`: its colour under the light, before noise and encoding."""

    data: bytes
    patch: Box
    truth: colour.Lab


def panel(seed: int, code: str, light: str, quality: int, *, bare: bool = False) -> Drawn:
    """A figure of a third to four fifths of the height, with things about it, some of them lively in colour.

    `bare`: the patch is missing.
    """
    rng = random.Random(f"{seed} {code} panel")
    picture = Image.new("RGB", SIZE, rng.choice(MUTED))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, rng.randint(200, 300), *SIZE), fill=rng.choice(MUTED))
    for n in range(rng.randint(7, 12)):
        left, top = rng.randint(-40, SIZE[0]), rng.randint(-40, SIZE[1])
        shape = draw.ellipse if rng.random() < 0.3 else draw.rectangle
        fill = rng.choice([one for one in LIVELY if colour.difference(one, code) > 12] if n % 3 == 0 else MUTED)
        shape((left, top, left + rng.randint(20, 150), top + rng.randint(20, 150)), fill=fill)
    height = rng.randint(120, 300)
    left = rng.randint(20, SIZE[0] - height // 2 - 20)
    top = rng.randint(10, max(11, SIZE[1] - height - 5))
    patch = _figure(draw, seed, rng, left, top, height, code, bare=bare)
    return _finished(picture, patch, code, light, quality, rng)


def reference(seed: int, code: str) -> Drawn:
    """The same figure, large, before an even ground in even light."""
    rng = random.Random(f"{seed} {code} panel")
    ground = Image.new("RGB", PORTRAIT, "#d6d6d2")
    patch = _figure(ImageDraw.Draw(ground), seed, random.Random(f"{seed} {code} reference"), 110, 60, 520, code)
    return _finished(ground, patch, code, "even", 92, rng)


def _figure(
    draw: ImageDraw.ImageDraw,
    seed: int,
    rng: random.Random,
    left: int,
    top: int,
    height: int,
    code: str,
    *,
    bare: bool = False,
) -> tuple[int, int, int, int]:
    """Head, coat, legs, and the patch with a light bar through it on the chest. Returns where the patch is, in px."""
    unit = height / 100
    middle = left + 25 * unit

    def box(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return middle + (x - wide / 2) * unit, top + y * unit, middle + (x + wide / 2) * unit, top + (y + high) * unit

    who = random.Random(f"{seed} {code} who")
    coat = who.choice([one for one in (*MUTED, "#3a4654", "#6a5444") if colour.difference(one, code) > 10])
    draw.rectangle(box(-6, 62, 9, 38), fill="#2c2d31")
    draw.rectangle(box(6, 62, 9, 38), fill="#2c2d31")
    draw.rounded_rectangle(box(0, 22, 34, 44), 5 * unit, fill=coat)
    draw.ellipse(box(0, 0, 18, 24), fill=who.choice(SKIN))
    across, down = rng.uniform(-4, 4), rng.uniform(28, 36)
    if not bare:
        draw.rounded_rectangle(box(across, down, 16, 13), 2 * unit, fill=code)
        draw.rectangle(box(across, down + 5.6, 10, 1.8), fill="#efe9dc")
    return tuple(round(side) for side in box(across, down, 16, 13))  # type: ignore[return-value]


def _finished(
    picture: Image.Image, patch: tuple[int, int, int, int], code: str, light: str, quality: int, rng: random.Random
) -> Drawn:
    width, height = picture.size
    gains = LIGHTS[light]
    lit = picture.point([_lit(level, gain) for gain in gains for level in range(256)])
    soft = Image.frombytes("L", (12, 8), rng.randbytes(96)).resize(picture.size, Image.Resampling.BICUBIC)
    shade = soft.point([232 + level * 23 // 255 for level in range(256)])  # cloth is never quite even
    lit = ImageChops.multiply(lit, Image.merge("RGB", (shade,) * 3))
    grain = Image.frombytes("L", picture.size, rng.randbytes(width * height)).point(
        [level // 16 for level in range(256)]
    )
    lit = ImageChops.subtract(lit, Image.merge("RGB", (grain,) * 3), offset=8).filter(ImageFilter.GaussianBlur(0.7))
    out = io.BytesIO()
    lit.save(out, "JPEG", quality=quality)
    left, top, right, bottom = patch
    box = Box(
        left * 1000 // width, top * 1000 // height, (right - left) * 1000 // width, (bottom - top) * 1000 // height
    )
    levels = (_lit(level, gain) * 243.5 / 255 for level, gain in zip(colour.rgb(code), gains, strict=True))
    return Drawn(out.getvalue(), box, colour.lab_of(*levels))


def _lit(level: int, gain: float) -> int:
    linear = min(1.0, colour._linear(level / 255) * gain)
    return round(255 * colour._bent(linear))
