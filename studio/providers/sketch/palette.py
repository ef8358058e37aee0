"""A style's palette on the finished frame."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from studio.providers.sketch.pen import Pixels, luminance, rgb

TO = np.array([[0.30, 0.59, 0.11], [0.5, 0.0, -0.5], [-0.25, 0.5, -0.25]], np.float32)  # light, warm, green
BACK = np.linalg.inv(TO).astype(np.float32)


def toward(frame: Pixels, style: Image.Image, strength: float = 0.6) -> Pixels:
    """The frame's colours moved to the style picture's mean and spread (Reinhard and others, 2001), lightness less so."""
    small = style.resize((96, 96), Image.Resampling.BOX)
    goal = (np.asarray(small, np.float32) / 255).reshape(-1, 3) @ TO.T
    thumb = frame[::8, ::8].reshape(-1, 3) @ TO.T
    mean, spread = thumb.mean(0), thumb.std(0) + 0.02
    want, wide = goal.mean(0), goal.std(0) + 0.02
    gain = np.clip(wide / spread, 0.45, 1.8)
    power = np.array([strength * 0.35, strength, strength], np.float32)
    matrix = TO.T * (1 + (gain - 1) * power)
    shift = (mean + (want - mean) * power) - mean * (1 + (gain - 1) * power)
    return np.clip((frame @ matrix + shift) @ BACK.T, 0, 1).astype(np.float32)


def wash(frame: Pixels, colours: Sequence[str], strength: float = 0.34) -> Pixels:
    """The frame tinted by a few colours, dark ones in its shadows and light ones in its lights."""
    ranked = sorted(colours, key=luminance)
    if not ranked:
        return frame
    light = frame @ TO[0]
    knots = np.linspace(0.08, 0.92, len(ranked)) if len(ranked) > 1 else np.array([0.5])
    table = np.array([rgb(c) for c in ranked], np.float32) / 255
    tint = np.stack([np.interp(light, knots, table[:, k]) for k in range(3)], -1).astype(np.float32)
    tint *= (light / np.maximum(0.05, tint @ TO[0]))[..., None] ** 0.6
    return np.clip(frame + (tint - frame) * strength, 0, 1)


def hand(frame: Pixels, name: str, seed: int) -> Pixels:
    """The marks of the medium that the style's name speaks of: drawn lines, paper, pooled wash."""
    said = name.lower()
    lines = re.search(r"ink|graphite|pencil|charcoal|line|sketch|comic", said)
    paper = re.search(r"wash|water ?colou?r|gouache|paint|paper|graphite|pencil|charcoal", said)
    height, width = frame.shape[:2]
    if lines:
        grey = Image.fromarray((np.clip(frame @ TO[0], 0, 1) * 255).astype(np.uint8)).filter(
            ImageFilter.GaussianBlur(1.1)
        )
        value = np.asarray(grey, np.float32) / 255
        edge = np.hypot(np.diff(value, axis=0, prepend=value[:1]), np.diff(value, axis=1, prepend=value[:, :1]))
        frame = frame * (1 - np.clip(edge * 7 - 0.14, 0, 0.62))[..., None]
    if paper:
        noise = (
            np.random.default_rng(seed & 0xFFFF).standard_normal((height // 3 + 2, width // 3 + 2)).astype(np.float32)
        )
        tooth = Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
        blot = Image.fromarray(noise[::12, ::12].copy()).resize((width, height), Image.Resampling.BICUBIC)
        texture = np.asarray(tooth, np.float32) * 0.014 + np.asarray(blot, np.float32) * 0.018
        frame = np.clip(frame * 0.93 + 0.055 + texture[..., None], 0, 1)
    return frame.astype(np.float32)
