"""What falls through the frame."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from studio.providers.sketch.light import Light
from studio.providers.sketch.pen import Pixels


def fall(frame: Pixels, light: Light, dice: random.Random) -> Pixels:
    """Rain or snow over everything, and a flash where there is a storm at night."""
    if light.indoors:
        return frame
    if light.weather & {"rain", "storm"}:
        frame = _rain(frame, dice)
    if "snow" in light.weather:
        frame = _snow(frame, dice)
    if "storm" in light.weather:
        x = dice.uniform(0.1, 0.9) * frame.shape[1]
        reach = np.abs(np.linspace(0, frame.shape[1], frame.shape[1], dtype=np.float32) - x) / frame.shape[1]
        frame = frame * (1 + 0.25 * np.exp(-((reach / 0.18) ** 2)))[None, :, None]
    return np.clip(frame, 0, 1)


def _rain(frame: Pixels, dice: random.Random) -> Pixels:
    height, width = frame.shape[:2]
    veil = Image.new("L", (width, height))
    brush = ImageDraw.Draw(veil)
    slant = dice.uniform(-0.22, 0.22)
    for _ in range(420):
        x, y = dice.uniform(-0.1, 1.1) * width, dice.uniform(-0.1, 1) * height
        length = dice.uniform(0.03, 0.11) * height
        brush.line(
            [(x, y), (x + slant * length, y + length)], fill=dice.randrange(60, 150), width=max(1, height // 500)
        )
    streaks = np.asarray(veil.filter(ImageFilter.GaussianBlur(height / 1100)), np.float32)[..., None] / 255
    return frame + (0.86 - frame) * streaks * 0.55


def _snow(frame: Pixels, dice: random.Random) -> Pixels:
    height, width = frame.shape[:2]
    veil = Image.new("L", (width, height))
    brush = ImageDraw.Draw(veil)
    for _ in range(300):
        x, y = dice.uniform(0, 1) * width, dice.uniform(0, 1) * height
        r = dice.uniform(0.001, 0.006) * height
        brush.ellipse((x - r, y - r, x + r, y + r), fill=dice.randrange(120, 255))
    flakes = np.asarray(veil.filter(ImageFilter.GaussianBlur(height / 700)), np.float32)[..., None] / 255
    return frame + (0.97 - frame) * flakes * 0.9
