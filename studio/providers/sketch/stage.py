"""What backdrops are painted on: planes from far to near, each blurred by its distance."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from studio.providers.sketch.light import Light
from studio.providers.sketch.pen import Pixels, Point, rgb, smooth

Stops = Sequence[tuple[float, str]]


class Stage:
    """A set `width` units wide and 900 high; `horizon` is the eye line in units.

    `blur` is the lens's softness for far planes in units. Lamps are lit after the light has been laid on.
    """

    def __init__(self, width: int, height: int, horizon: float, light: Light, dice: random.Random, blur: float) -> None:
        self.scale = height / 900
        self.width = width / self.scale
        self.horizon, self.light, self.dice, self.blur = horizon, light, dice, blur
        self.image = Image.new("RGB", (width, height))
        self.brush = ImageDraw.Draw(self.image, "RGBA")
        self.lamps: list[tuple[float, float, float, str, float]] = []
        self.mirror = dice.random() < 0.5

    def at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def poly(self, points: Sequence[Point], colour: str, opacity: float = 1.0) -> None:
        self.brush.polygon(self.at(points), fill=(*rgb(colour), round(255 * opacity)))

    def rect(
        self, x: float, y: float, w: float, h: float, colour: str, opacity: float = 1.0, round_by: float = 0
    ) -> None:
        box = (x * self.scale, y * self.scale, (x + w) * self.scale, (y + h) * self.scale)
        if box[2] > box[0] and box[3] > box[1]:
            self.brush.rounded_rectangle(box, radius=round_by * self.scale, fill=(*rgb(colour), round(255 * opacity)))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str, opacity: float = 1.0) -> None:
        k = self.scale
        self.brush.ellipse(
            ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=(*rgb(colour), round(255 * opacity))
        )

    def line(self, points: Sequence[Point], width: float, colour: str, opacity: float = 1.0) -> None:
        pixels = max(1, round(width * self.scale))
        self.brush.line(self.at(points), fill=(*rgb(colour), round(255 * opacity)), width=pixels, joint="curve")

    def ramp(self, stops: Stops, top: float = 0, bottom: float = 900) -> None:
        """A vertical gradient between two heights."""
        high, low = round(top * self.scale), round(bottom * self.scale)
        if low <= high:
            return
        place = np.linspace(0, 1, low - high)
        column = np.stack(
            [np.interp(place, [p for p, _ in stops], [rgb(c)[k] for _, c in stops]) for k in range(3)], -1
        )
        strip = column.astype(np.uint8)[:, None, :]
        self.image.paste(
            Image.fromarray(strip).resize((self.image.width, low - high), Image.Resampling.NEAREST), (0, high)
        )

    def hills(self, y: float, high: float, colour: str, rough: float = 0.35) -> None:
        """A ridge across the frame whose foot is below the frame."""
        phase, wave = self.dice.uniform(0, 6.3), self.dice.uniform(230, 420)
        points = [
            (x, y - high * (0.5 + 0.5 * math.sin(x / wave + phase) + self.dice.uniform(-rough, rough) * 0.5))
            for x in range(-80, int(self.width) + 160, 70)
        ]
        self.poly([*smooth(points, False, 5), (self.width + 160, 920), (-80, 920)], colour)

    def floor(self, near: str, far: str, top: float | None = None) -> None:
        top = self.horizon if top is None else top
        self.ramp([(0, far), (0.35, _between(far, near, 0.55)), (1, near)], max(0, top), 900)

    def rows(self, colour: str, opacity: float, count: int = 12, width: float = 2.5, top: float | None = None) -> None:
        """Lines on the floor running to the vanishing point, from the height `top` (the horizon) down."""
        vanish, high = self.width * (0.42 if self.mirror else 0.58), self.horizon + 2
        start = high if top is None else max(top, high)
        share = min(1.0, (start - high) / max(1.0, 905 - high))
        for k in range(-count, count + 1):
            foot = vanish + k * self.width / count * 1.25
            self.line([(vanish + k * 4 + (foot - vanish - k * 4) * share, start), (foot, 905)], width, colour, opacity)

    def bands(self, colour: str, opacity: float, width: float = 2.0, top: float | None = None) -> None:
        """Lines across the floor, closer together with distance."""
        y, step = 900.0, 78.0
        while y > (self.horizon + 8 if top is None else top) and step > 3:
            self.line([(0, y), (self.width, y)], max(1.0, width * step / 60), colour, opacity)
            y -= step
            step *= 0.72

    def soften(self, share: float) -> None:
        """Blur what has been painted so far, as a plane `share` of the way out of focus."""
        radius = self.blur * share * self.scale
        if radius > 0.3:
            self.image = blurred(self.image, radius)
            self.brush = ImageDraw.Draw(self.image, "RGBA")

    def sky(self) -> None:
        top, middle, low = self.light.sky
        base = min(900.0, max(60.0, self.horizon + 40))
        self.ramp([(0, top), (0.58, middle), (1, low)], 0, base)
        if base < 900:
            self.ramp([(0, low), (1, low)], base, 900)
        where = self.width * (self.dice.uniform(0.62, 0.8) if self.light.side > 0 else self.dice.uniform(0.2, 0.38))
        y = self.horizon - self.light.sun_high * 900
        if self.light.sun and not self.light.indoors:
            self.oval(where, y, 46, 46, self.light.sun)
            self.lamps.append((where, y, 430, self.light.sun, 0.55))
            self.lamps.append((where, y, 130, "#ffffff", 0.35))
        if self.light.moon and not self.light.weather and not self.light.indoors:
            for _ in range(90):
                x, sy = self.dice.uniform(0, self.width), self.dice.uniform(0, max(40.0, self.horizon - 60))
                self.oval(x, sy, 1.5, 1.5, "#c9d8ff", self.dice.uniform(0.3, 0.9))
            self.oval(where, max(90.0, y - 160), 34, 34, "#e6edff")
            self.lamps.append((where, max(90.0, y - 160), 260, "#8fa8e8", 0.4))
        if not self.light.indoors and self.light.weather != frozenset({"fog"}):
            self._clouds()

    def _clouds(self) -> None:
        colour = _between(self.light.sky[1], "#ffffff" if not self.light.moon else "#3a4868", 0.5)
        heavy = bool(self.light.weather & {"overcast", "storm", "rain"})
        for _ in range(9 if heavy else 4):
            x, y = self.dice.uniform(-100, self.width + 100), self.dice.uniform(30, max(80.0, self.horizon * 0.75))
            wide = self.dice.uniform(130, 330)
            for puff in range(5):
                self.oval(
                    x + (puff - 2) * wide * 0.3,
                    y + self.dice.uniform(-8, 8),
                    wide * 0.34,
                    wide * 0.07 * (1.4 if heavy else 1),
                    colour,
                    0.16,
                )

    def finish(self) -> Pixels:
        """The set under its light, 0 to 1, with lamps glowing and haze toward the horizon."""
        frame: Pixels = np.asarray(self.image, np.float32) / 255
        height = frame.shape[0]
        light = self.light
        sky_lit = np.ones((height, 1, 1), np.float32)
        ambient = np.array(light.ambient, np.float32)
        if not light.indoors:  # the sky has its own colours; only what stands below it is dimmed
            line = min(0.999, max(0.0, self.horizon / 900))
            y = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
            sky_lit = np.clip((y - line + 0.34) / 0.34, 0, 1)
        frame = frame * (1 + (ambient - 1) * sky_lit)
        if light.haze:
            y = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
            line = self.horizon / 900
            veil: Pixels = light.haze * np.exp(-(((y - line) / 0.34) ** 2))
            if "fog" in light.weather:
                veil = np.maximum(veil, light.haze * 0.5)
            frame += (
                np.array(rgb(light.haze_colour), np.float32) / 255 * min(1.0, max(light.ambient) + 0.25) - frame
            ) * veil
        for x, up, reach, colour, power in self.lamps:
            glow(frame, x * self.scale, up * self.scale, reach * self.scale, colour, power)
        return np.clip(frame, 0, 1)


def _between(one: str, two: str, share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(two), strict=True)))


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """A soft blur; wide ones are made small first, which is quicker and looks the same."""
    by = max(1, int(radius // 3))
    if by == 1:
        return image.filter(ImageFilter.GaussianBlur(radius))
    small = image.resize(
        (max(1, image.width // by), max(1, image.height // by)), Image.Resampling.BILINEAR, reducing_gap=2.0
    )
    return small.filter(ImageFilter.GaussianBlur(radius / by)).resize(image.size, Image.Resampling.BICUBIC)


def glow(frame: Pixels, x: float, y: float, reach: float, colour: str, power: float) -> None:
    """Add a soft light at a pixel (screen), in place."""
    height, width = frame.shape[:2]
    left, right = max(0, int(x - reach)), min(width, int(x + reach))
    top, bottom = max(0, int(y - reach)), min(height, int(y + reach))
    if right <= left or bottom <= top:
        return
    ys, xs = np.ogrid[top:bottom, left:right]
    far = ((xs - x) ** 2 + (ys - y) ** 2).astype(np.float32) / (reach * reach)
    strength = np.clip(1 - far, 0, 1) ** 2.2 * power
    region = frame[top:bottom, left:right]
    region += (1 - region) * strength[..., None] * (np.array(rgb(colour), np.float32) / 255)
