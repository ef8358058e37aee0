"""Light: what the hour, the weather and the light words do to a picture, and how a figure is lit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from studio.providers.sketch.pen import Layer, Pixels, rgb


@dataclass(frozen=True)
class Light:
    """`sky` is top, middle and horizon. `ambient` and `key` multiply the set and the figures; `side` is -1 or 1."""

    sky: tuple[str, str, str] = ("#6b9fd0", "#a9cbe4", "#dfe9e8")
    ambient: tuple[float, float, float] = (1.0, 1.0, 1.0)
    key: tuple[float, float, float] = (1.0, 1.0, 1.0)
    rim: str = "#fff6e2"
    rim_power: float = 0.55
    core: float = 0.42
    side: int = -1
    sun: str | None = None  # colour of a low sun in the picture
    sun_high: float = 0.2  # its height above the horizon, share of the frame
    moon: bool = False
    lamps: bool = False
    haze: float = 0.0
    haze_colour: str = "#d7dde0"
    grade: str = "#808080"
    grade_power: float = 0.3
    saturation: float = 1.0
    contrast: float = 1.06
    vignette: float = 0.45
    grain: float = 0.035
    weather: frozenset[str] = frozenset()
    indoors: bool = False


HOURS = {
    "day": Light(grade="#7d8488"),
    "morning": Light(("#7aa0c6", "#d9d3c0", "#f6e3bd"), (1.02, 0.98, 0.9), (1.05, 0.99, 0.9), "#ffe9bd", 0.8, sun="#fff1cf", sun_high=0.3, grade="#8a8068"),
    "afternoon": Light(("#5c92c4", "#aac8da", "#f1e3c6"), (1.02, 0.98, 0.92), (1.04, 0.99, 0.91), "#fff0cf", 0.65, grade="#86806c"),
    "dawn": Light(("#5a6f8e", "#b89aa0", "#f2c9a0"), (0.82, 0.80, 0.86), (0.97, 0.92, 0.92), "#ffdcb8", 0.85, 0.5, sun="#ffe3b8", sun_high=0.05, grade="#646a78", grade_power=0.3),
    "dusk": Light(("#2c3a63", "#8a6078", "#f2a066"), (0.66, 0.56, 0.60), (0.80, 0.70, 0.70), "#ffb070", 1.0, 0.56, sun="#ffc07a", sun_high=0.03, grade="#60455c", grade_power=0.32, lamps=True),
    "golden": Light(("#6d8fb0", "#e6bd8c", "#f8d99f"), (1.0, 0.88, 0.72), (1.05, 0.94, 0.82), "#ffdf9e", 1.0, 0.5, sun="#fff0c8", sun_high=0.16, grade="#86643c", grade_power=0.3),
    "evening": Light(("#1b2748", "#4d5580", "#c28a80"), (0.52, 0.52, 0.62), (0.70, 0.67, 0.72), "#ffc58a", 0.9, 0.56, grade="#4a4f66", grade_power=0.34, lamps=True),
    "night": Light(("#050918", "#0f1a35", "#24345a"), (0.32, 0.38, 0.54), (0.52, 0.57, 0.70), "#b7d0ff", 0.95, 0.58, moon=True, lamps=True, grade="#35415c", grade_power=0.36, vignette=0.5),
}  # fmt: skip
SAME = {
    "sunrise": "dawn", "sunset": "dusk", "golden_hour": "golden", "magic_hour": "golden", "midday": "day",
    "noon": "day", "midnight": "night", "twilight": "dusk",
}  # fmt: skip
WEATHER = (
    ("fog", r"\b(fog\w*|mist\w*|haz[ey]\w*)\b"),
    ("rain", r"\b(rain\w*|drizzl\w*|downpour|wet)\b"),
    ("snow", r"\b(snow\w*|blizzard|sleet|frost\w*)\b"),
    ("storm", r"\b(storm\w*|thunder\w*|lightning|gale)\b"),
    ("dust", r"\b(dust\w*|sand ?storm)\b"),
    ("overcast", r"\b(overcast|cloud\w*|grey|gray|dull|flat light)\b"),
)


def light_of(layout: Mapping[str, Any], side: int) -> Light:
    """The light of a panel. `side` is where the key stands when the words don't say."""
    hour = str(layout.get("time_of_day") or "day").lower().replace(" ", "_").replace("-", "_")
    name = SAME.get(hour, hour)
    if name not in HOURS:
        name = next((h for h in (*HOURS, *SAME) if h in name), "day")
        name = SAME.get(name, name)
    light = HOURS[name]
    said = f"{layout.get('light') or ''} {layout.get('weather') or ''}".lower()[:2000]
    outside = f"{said} {layout.get('action') or ''}".lower()[:4000]
    indoors = str(layout.get("int_ext") or "").upper().startswith("INT")
    weather = frozenset(
        kind for kind, pattern in WEATHER if re.search(pattern, said if indoors or kind == "overcast" else outside)
    )
    light = replace(light, weather=weather, indoors=indoors, side=_side(said) or side)
    light = _weathered(light)
    if indoors:
        light = _inside(light, name)
    return _worded(light, said)


def _side(said: str) -> int:
    if re.search(r"from (?:the |screen |camera )?left|left key", said):
        return -1
    return 1 if re.search(r"from (?:the |screen |camera )?right|right key", said) else 0


def _times(base: tuple[float, float, float], *by: float) -> tuple[float, float, float]:
    r, g, b = (v * f for v, f in zip(base, by, strict=True))
    return r, g, b


def _weathered(light: Light) -> Light:
    kinds = light.weather
    if kinds & {"fog", "overcast", "rain", "storm", "snow"}:
        dull = "#b4bec4" if "storm" not in kinds else "#6f7a86"
        share = 0.75 if kinds & {"storm", "rain", "fog"} else 0.6
        top, middle, low = (_mixed(c, dull if not light.moon else "#2a3446", share) for c in light.sky)
        sky = (top, middle, low)
        light = replace(
            light,
            sky=sky,
            sun=None,
            saturation=0.8,
            key=_times(light.key, 0.93, 0.97, 1.02),
            rim_power=light.rim_power * 0.8,
        )
    if "fog" in kinds:
        light = replace(light, haze=0.62, haze_colour=_mixed(light.sky[2], light.sky[1], 0.4), contrast=0.95)
    if kinds & {"rain", "storm"}:
        light = replace(
            light, ambient=_times(light.ambient, 0.78, 0.82, 0.88), haze=max(light.haze, 0.22), haze_colour=light.sky[1]
        )
    if "snow" in kinds:
        light = replace(light, haze=max(light.haze, 0.3), haze_colour="#e3e9ee" if not light.moon else "#3a4660")
    if "dust" in kinds:
        light = replace(light, haze=0.5, haze_colour="#d9b98a", key=_times(light.key, 1.04, 0.95, 0.82))
    return light


def _mixed(one: str, two: str, share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(two), strict=True)))


def _inside(light: Light, hour: str) -> Light:
    light = replace(light, indoors=True, haze=light.haze * 0.4)
    if hour == "night":
        return replace(
            light,
            ambient=(0.60, 0.49, 0.40),
            key=(0.95, 0.83, 0.71),
            rim="#ffc77a",
            lamps=True,
            grade="#5a4632",
            grade_power=0.34,
            vignette=0.6,
            core=0.58,
        )
    if hour in {"evening", "dusk"}:
        return replace(
            light, ambient=(0.74, 0.63, 0.56), key=(0.97, 0.86, 0.77), lamps=True, grade="#604a40", vignette=0.52
        )
    if hour in {"dawn", "golden", "morning"}:
        return replace(light, ambient=_times(light.ambient, 0.86, 0.84, 0.82), vignette=0.5)
    return replace(light, ambient=(0.86, 0.86, 0.86), key=(0.97, 0.97, 0.97), vignette=0.5)


def _worded(light: Light, said: str) -> Light:
    if re.search(r"\b(cold|cool|blue|moonlit|moonlight)\b", said):
        light = replace(
            light,
            ambient=_times(light.ambient, 0.88, 0.97, 1.1),
            key=_times(light.key, 0.9, 0.98, 1.08),
            rim="#dcebff",
            grade=_mixed(light.grade, "#24406a", 0.5),
        )
    if re.search(r"\b(warm|amber|candle\w*|fire\w*|tungsten|lamp\w*|lantern)\b", said):
        light = replace(
            light,
            ambient=_times(light.ambient, 1.08, 0.98, 0.84),
            key=_times(light.key, 1.08, 0.97, 0.8),
            rim="#ffc987",
            grade=_mixed(light.grade, "#8a4a14", 0.5),
        )
    if re.search(r"\b(neon|magenta|club|cyber\w*)\b", said):
        light = replace(
            light,
            ambient=_times(light.ambient, 0.95, 0.66, 1.1),
            rim="#ff6fb0",
            rim_power=1.0,
            grade="#5a1a6a",
            grade_power=0.5,
            saturation=1.2,
        )
    if re.search(r"\b(back ?lit|rim|silhouett\w*|contre)\b", said):
        light = replace(light, key=_times(light.key, 0.62, 0.62, 0.66), rim_power=1.25, core=0.7)
    if re.search(r"\b(dim|low|dark|gloom\w*|noir|single)\b", said):
        light = replace(
            light,
            ambient=_times(light.ambient, 0.66, 0.66, 0.68),
            key=_times(light.key, 0.82, 0.82, 0.83),
            core=0.68,
            vignette=0.7,
            contrast=1.12,
        )
    if re.search(r"\b(hard|harsh|high contrast|direct)\b", said):
        light = replace(light, contrast=1.2, core=0.62)
    if re.search(r"\b(soft|diffuse\w*|even|high[- ]key|bright)\b", said):
        light = replace(light, core=light.core * 0.7, contrast=1.0, vignette=light.vignette * 0.7)
    return light


def lit(layer: Layer, light: Light, height: float, photo: bool = False) -> Layer:
    """The figure under the scene's key, with a core shadow on the far side and a rim on the near edge.

    `height` is the figure's height in pixels; a photograph keeps most of its own light.
    """
    colour, alpha = layer.colour, layer.alpha
    h, w = alpha.shape
    key = np.array(light.key, np.float32)
    gain = key if not photo else 0.35 + 0.65 * key
    out = colour * gain
    small = 4
    soft = Image.fromarray((alpha * 255).astype(np.uint8)).reduce(small)
    reach = max(1.0, height * 0.045 / small)
    pad = int(reach * 3) + 2  # what the frame cuts off goes on beyond its edge
    beyond = Image.fromarray(np.pad(np.asarray(soft), pad, mode="edge"))
    blurred = beyond.filter(ImageFilter.BoxBlur(reach)).filter(ImageFilter.BoxBlur(reach))
    from_x = round(light.side * reach * 1.6)
    blurred = _moved(blurred, from_x, round(-reach * 0.3)).crop((pad, pad, pad + soft.width, pad + soft.height))
    slid = np.asarray(blurred.resize((w, h), Image.Resampling.BILINEAR), np.float32) / 255
    dark = (1 - slid) * light.core * (0.55 if photo else 1.0)
    cool = np.array([0.16, 0.13, 0.10], np.float32) if not light.indoors else np.array([0.10, 0.13, 0.16], np.float32)
    out *= 1 - dark[..., None] * (1 - cool)
    step = max(1, round(height * 0.005))
    image = Image.fromarray((alpha * 255).astype(np.uint8))
    away = (
        np.asarray(
            _moved(_edged(image, step), -light.side * step, step // 2)
            .crop((step, step, step + w, step + h))
            .filter(ImageFilter.BoxBlur(max(0.6, step * 0.55))),
            np.float32,
        )
        / 255
    )
    edge = np.clip(alpha - away, 0, 1) * light.rim_power * (0.7 if photo else 0.9)
    rim = np.array(rgb(light.rim), np.float32) / 255
    out += (rim * alpha[..., None] - out) * np.clip(edge, 0, 0.92)[..., None]
    return Layer(np.clip(out, 0, 1), alpha, layer.left, layer.top)


def _moved(image: Image.Image, x: int, y: int) -> Image.Image:
    return image.crop((-x, -y, image.width - x, image.height - y))


def _edged(image: Image.Image, pad: int) -> Image.Image:
    return Image.fromarray(np.pad(np.asarray(image), pad, mode="edge"))


@lru_cache(maxsize=4)
def _grain(width: int, height: int) -> Pixels:
    noise = np.random.default_rng(7).standard_normal((height, width), dtype=np.float32)
    return noise + np.roll(noise, 1, 0) * 0.5 + np.roll(noise, 1, 1) * 0.5


@lru_cache(maxsize=4)
def _falloff(width: int, height: int) -> Pixels:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    far = np.sqrt(x * x * 0.62 + y * y * 0.55)
    return np.clip((far - 0.42) / 0.72, 0, 1) ** 1.6


def finish(frame: Pixels, light: Light, seed: int) -> Pixels:
    """Grade, contrast, vignette and grain over the whole frame."""
    height, width = frame.shape[:2]
    grade = np.array(rgb(light.grade), np.float32) / 255
    soft = frame + (2 * grade - 1) * (frame - frame * frame)  # soft light
    frame += (soft - frame) * light.grade_power
    if light.saturation != 1:
        grey = frame @ np.array([0.3, 0.59, 0.11], np.float32)
        frame = grey[..., None] + (frame - grey[..., None]) * light.saturation
    middle = 0.42
    frame -= middle
    frame *= light.contrast
    frame += middle
    frame *= (1 - _falloff(width, height) * light.vignette)[..., None]
    grain = np.roll(_grain(width, height), (seed * 37) % width, 1)
    frame += (grain * light.grain * 0.3)[..., None]
    return np.clip(frame, 0, 1)
