"""A layer to draw figures on: anti-aliased shapes that shade themselves as rounded bodies.

Colours are "#rrggbb". Points are in the figure's own units; the pen knows how many pixels one unit is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Pixels = NDArray[Any]  # float32, 0 to 1
OVER = 2  # drawn this much larger, then reduced
SOFT = 4  # the shading is kept this much smaller than the drawing


def rgb(colour: str) -> tuple[int, int, int]:
    return ImageColor.getrgb(colour)[:3]


def shade(colour: str, by: float) -> str:
    """Lighter (by > 0) or darker (by < 0), -1 to 1."""
    goal = 255 if by > 0 else 0
    return "#{:02x}{:02x}{:02x}".format(*(round(c + (goal - c) * abs(by)) for c in rgb(colour)))


def mix(one: str, two: str, share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(two), strict=True)))


def luminance(colour: str) -> float:
    red, green, blue = rgb(colour)
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 6) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    count = len(points)
    if count < 3:
        return list(points)
    knots = np.array(points, dtype=float)
    index = np.arange(count if closed else count - 1)
    around = (lambda i: i % count) if closed else (lambda i: np.clip(i, 0, count - 1))
    a, b, c, d = (knots[around(index + k)] for k in (-1, 0, 1, 2))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (v[:, None, :] for v in (a, b, c, d))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]
    return flat if closed else [*flat, points[-1]]


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0, steps: int = 28) -> list[Point]:
    c, s = math.cos(turn), math.sin(turn)
    ring = ((rx * math.cos(a), ry * math.sin(a)) for a in (i * math.tau / steps for i in range(steps)))
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in ring]


def limb(points: Sequence[Point], widths: Sequence[float]) -> list[list[Point]]:
    """A tapered bone with round joints, as polygons to be drawn as one shape."""
    shapes = [oval(x, y, w / 2, w / 2, steps=20) for (x, y), w in zip(points, widths, strict=True)]
    for (a, wa), (b, wb) in zip(
        list(zip(points, widths, strict=True)), list(zip(points, widths, strict=True))[1:], strict=False
    ):
        length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1
        nx, ny = -(b[1] - a[1]) / length / 2, (b[0] - a[0]) / length / 2
        shapes.append(
            [
                (a[0] + nx * wa, a[1] + ny * wa),
                (b[0] + nx * wb, b[1] + ny * wb),
                (b[0] - nx * wb, b[1] - ny * wb),
                (a[0] - nx * wa, a[1] - ny * wa),
            ]
        )
    return shapes


def slid(image: Image.Image, x: int, y: int) -> Image.Image:
    """The picture moved by x, y pixels, black coming in."""
    return image.crop((-x, -y, image.width - x, image.height - y))


@dataclass
class Layer:
    """A finished drawing: premultiplied colour and coverage (height × width, 0 to 1), with its place in the frame."""

    colour: Pixels
    alpha: Pixels
    left: int = 0
    top: int = 0


class Pen:
    """Draws on a layer of `width` × `height` pixels whose origin lies at (`x`, `y`); one unit is `unit` pixels.

    `light` points to where the light comes from. `rotate` is degrees, clockwise, about the origin.
    """

    def __init__(
        self,
        width: int,
        height: int,
        x: float,
        y: float,
        unit: float,
        light: Point = (-0.6, -0.8),
        rotate: float = 0.0,
    ) -> None:
        self.width, self.height, self.unit = max(2, width), max(2, height), unit
        self.x, self.y, self.light = x, y, light
        self.cos, self.sin = math.cos(math.radians(rotate)), math.sin(math.radians(rotate))
        size = (self.width * OVER, self.height * OVER)
        self.colour = Image.new("RGB", size)
        self.alpha = Image.new("L", size)
        self.form = Image.new("L", (size[0] // SOFT + 1, size[1] // SOFT + 1), 128)
        self.brush, self.cover = ImageDraw.Draw(self.colour, "RGBA"), ImageDraw.Draw(self.alpha)
        self.left = self.top = 0

    def at(self, points: Iterable[Point]) -> list[Point]:
        k = self.unit * OVER
        return [
            ((x * self.cos - y * self.sin) * k + self.x * OVER, (x * self.sin + y * self.cos) * k + self.y * OVER)
            for x, y in points
        ]

    def shape(
        self,
        polygons: Sequence[Point] | Sequence[Sequence[Point]],
        colour: str,
        volume: float = 0.0,
        clip: Sequence[Point] | None = None,
        drop: float = 0.5,
    ) -> None:
        """An opaque part. `volume` is the radius in units over which it rounds off; 0 keeps the shading below it."""
        rings = [polygons] if polygons and isinstance(polygons[0][0], (int, float)) else polygons
        placed = [p for p in (self.at(ring) for ring in rings) if len(p) > 2]  # type: ignore[arg-type]
        if not placed:
            return
        box = self._box(placed)
        if box is None:
            return
        if clip is None:
            for ring in placed:
                self.brush.polygon(ring, fill=rgb(colour))
                self.cover.polygon(ring, fill=255)
        else:
            mask = ImageChops.multiply(self._mask(placed, box), self._mask([self.at(clip)], box))
            self.colour.paste(rgb(colour), box, mask)
            self.alpha.paste(255, box, mask)
        if volume:
            self._round(placed, box, volume, self.at(clip) if clip else None, drop)

    def tint(self, ring: Sequence[Point], colour: str, opacity: float) -> None:
        """A see-through patch on what is already there."""
        placed = self.at(ring)
        if len(placed) > 2 and opacity > 0:
            self.brush.polygon(placed, fill=(*rgb(colour), round(255 * min(1.0, opacity))))

    def glow(self, x: float, y: float, rx: float, ry: float, colour: str, opacity: float) -> None:
        """A see-through oval that fades out."""
        for step in (1.0, 0.82, 0.64, 0.46):
            self.tint(oval(x, y, rx * step, ry * step), colour, opacity / 3)

    def line(self, points: Sequence[Point], width: float, colour: str, opacity: float = 1.0, new: bool = False) -> None:
        """A stroke `width` units wide. `new` makes it part of the outline, else it lies on what is there."""
        placed = self.at(points)
        if len(placed) < 2:
            return
        pixels = max(1, round(width * self.unit * OVER))
        self.brush.line(placed, fill=(*rgb(colour), round(255 * opacity)), width=pixels, joint="curve")
        if new:
            self.cover.line(placed, fill=255, width=pixels, joint="curve")
        if opacity == 1 and pixels > 3:
            for x, y in (placed[0], placed[-1]):
                r = pixels / 2 - 0.5
                self.brush.ellipse((x - r, y - r, x + r, y + r), fill=rgb(colour))
                if new:
                    self.cover.ellipse((x - r, y - r, x + r, y + r), fill=255)

    def layer(self) -> Layer:
        """The drawing, reduced; the form's light and shade are already in the colour (0.5 = as drawn)."""
        cover = np.asarray(self.alpha.reduce(OVER), dtype=np.float32) / 255
        colour = np.asarray(self.colour.reduce(OVER), dtype=np.float32) / 255
        form = self.form.resize((self.width, self.height), Image.Resampling.BILINEAR)
        value = np.asarray(form, dtype=np.float32)[..., None] / 128
        lit = colour * np.minimum(value, 1) ** np.array([0.95, 1.0, 1.04], np.float32)
        lit += (cover[..., None] - lit) * np.maximum(value - 1, 0) * 0.42 * np.array([1.0, 0.97, 0.92], np.float32)
        return Layer(np.clip(np.minimum(lit, cover[..., None]), 0, 1), cover, self.left, self.top)

    def _box(self, rings: list[list[Point]]) -> tuple[int, int, int, int] | None:
        xs = [x for ring in rings for x, _ in ring]
        ys = [y for ring in rings for _, y in ring]
        left, top = max(0, int(min(xs)) - 2), max(0, int(min(ys)) - 2)
        right, bottom = min(self.colour.width, int(max(xs)) + 3), min(self.colour.height, int(max(ys)) + 3)
        return (left, top, right, bottom) if right - left > 0 and bottom - top > 0 else None

    @staticmethod
    def _mask(rings: list[list[Point]], box: tuple[int, int, int, int], by: int = 1) -> Image.Image:
        size = (max(1, (box[2] - box[0]) // by), max(1, (box[3] - box[1]) // by))
        mask = Image.new("L", size)
        brush = ImageDraw.Draw(mask)
        for ring in rings:
            brush.polygon([((x - box[0]) / by, (y - box[1]) / by) for x, y in ring], fill=255)
        return mask

    def _round(
        self,
        rings: list[list[Point]],
        box: tuple[int, int, int, int],
        volume: float,
        clip: list[Point] | None,
        drop: float,
    ) -> None:
        radius = max(1.0, volume * self.unit * OVER / SOFT)
        pad = int(radius * 2.2) + 2
        small = (box[0] // SOFT - pad, box[1] // SOFT - pad, box[2] // SOFT + pad, box[3] // SOFT + pad)
        wide = tuple(v * SOFT for v in small)
        mask = self._mask(rings, wide, SOFT)  # type: ignore[arg-type]
        if clip:
            mask = ImageChops.multiply(mask, self._mask([clip], wide, SOFT))  # type: ignore[arg-type]
        soft = mask.filter(ImageFilter.BoxBlur(radius * 0.8)).filter(ImageFilter.BoxBlur(radius * 0.5))
        dx, dy = round(self.light[0] * radius * 0.85), round(self.light[1] * radius * 0.85)
        near = slid(soft, dx, dy)  # toward the light: uncovers the far side
        far = slid(soft, -dx, -dy)
        here = self.form.crop(small)
        if drop:
            fall = far.point(lambda v: 255 - int(v * drop))
            here = ImageChops.multiply(here, fall)
        body = Image.eval(near, lambda v: 26 + int(v * 0.44))
        glow = Image.eval(far, lambda v: int((255 - v) * 0.30))
        here.paste(ImageChops.add(body, glow), (0, 0), mask)
        self.form.paste(here, small[:2])
