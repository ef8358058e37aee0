"""What is done to the whole frame's pixels: laying layers and shadows on it, bending, tilting, changing its sky.

A frame is height × width × 3, 0 to 1.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from studio.providers.sketch.camera import Shot
from studio.providers.sketch.light import Light
from studio.providers.sketch.pen import Layer, Pixels, rgb


def resky(frame: Pixels, light: Light) -> Pixels:
    """The hour's sky laid over a daylight picture: its colours from the top down, as bright as the picture was there."""
    height = frame.shape[0]
    stops = np.array([rgb(c) for c in light.sky], np.float32) / 255
    y = np.linspace(0, 1, height)
    sky = np.stack([np.interp(y, [0, 0.35, 0.62], stops[:, k]) for k in range(3)], -1).astype(np.float32)[:, None, :]
    bright = (frame @ np.array([0.3, 0.59, 0.11], np.float32))[..., None]
    own = sky @ np.array([0.3, 0.59, 0.11], np.float32)
    toned = sky * (0.35 + 0.9 * bright / np.maximum(0.25, float(bright.mean()) * 1.3))
    power = np.interp(y, [0, 0.5, 0.75, 1], [0.72, 0.5, 0.2, 0.12]).astype(np.float32)[:, None, None]
    power = power * np.clip(bright * 1.6 - 0.1, 0.25, 1) * (1.0 if float(own.mean()) > 0.15 else 0.85)
    return frame + (toned - frame) * power


def keystone(frame: Pixels, shot: Shot) -> Pixels:
    """Uprights lean together upward in a low angle, downward in a high one."""
    if abs(shot.converge) < 0.02:
        return frame
    height, width = frame.shape[:2]
    d = width * 0.5 * min(0.22, abs(shot.converge) * 0.9)
    image = Image.fromarray((frame * 255).astype(np.uint8))
    quad = (
        (0, 0, d, height, width - d, height, width, 0)
        if shot.converge > 0
        else (d, 0, 0, height, width, height, width - d, 0)
    )
    return (
        np.asarray(image.transform((width, height), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR), np.float32)
        / 255
    )


def ledge(frame: Pixels, y: float, light: Light) -> None:
    """A table, wall or bench along the lower edge."""
    height = frame.shape[0]
    top = round(y)
    tone = np.array((0.42, 0.29, 0.19) if light.indoors else (0.40, 0.41, 0.41), np.float32) * np.array(
        light.key, np.float32
    )
    rows = height - top
    if rows < 2:
        return
    fade = np.linspace(1.18, 0.55, rows, dtype=np.float32)[:, None, None]
    frame[top:] = np.clip(tone * fade, 0, 1)
    lip = max(1, height // 220)
    frame[top : top + lip] = np.clip(tone * 1.7, 0, 1)
    above = max(1, height // 60)
    frame[max(0, top - above) : top] *= np.linspace(1, 0.82, min(above, top), dtype=np.float32)[:, None, None]


def over(frame: Pixels, layer: Layer) -> None:
    """Lay a layer on the frame, in place."""
    h, w = layer.alpha.shape
    top, left = layer.top, layer.left
    height, width = frame.shape[:2]
    y0, x0, y1, x1 = max(0, top), max(0, left), min(height, top + h), min(width, left + w)
    if y1 <= y0 or x1 <= x0:
        return
    part = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
    region = frame[y0:y1, x0:x1]
    region *= 1 - layer.alpha[part][..., None]
    region += layer.colour[part]


def shadow(frame: Pixels, x: float, y: float, rx: float, ry: float, power: float) -> None:
    """A soft dark oval on the ground, in place."""
    height, width = frame.shape[:2]
    rx, ry = max(2.0, rx * 1.4), max(2.0, ry * 1.6)
    left, right, top, bottom = (
        max(0, int(x - rx)),
        min(width, int(x + rx)),
        max(0, int(y - ry)),
        min(height, int(y + ry)),
    )
    if right <= left or bottom <= top:
        return
    ys, xs = np.ogrid[top:bottom, left:right]
    far = ((xs - x) / rx) ** 2 + ((ys - y) / ry) ** 2
    frame[top:bottom, left:right] *= (1 - power * np.clip(1 - far, 0, 1).astype(np.float32) ** 1.3)[..., None]


def veiled(layer: Layer, light: Light, share: float) -> Layer:
    power = light.haze * share
    if power <= 0:
        return layer
    veil = np.array(rgb(light.haze_colour), np.float32) / 255 * min(1.0, max(light.ambient) + 0.2)
    return Layer(layer.colour * (1 - power) + veil * layer.alpha[..., None] * power, layer.alpha, layer.left, layer.top)


def unsharp(layer: Layer, radius: float) -> Layer:
    both = np.concatenate([layer.colour, layer.alpha[..., None]], -1)
    planes = [
        Image.fromarray((both[..., k] * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(radius)) for k in range(4)
    ]
    soft = np.stack([np.asarray(p, np.float32) / 255 for p in planes], -1)
    return Layer(soft[..., :3] * 0.8, soft[..., 3], layer.left, layer.top)


def rolled(frame: Pixels, degrees: float) -> Pixels:
    """The whole frame tilted, enlarged so that no corner is empty."""
    height, width = frame.shape[:2]
    image = Image.fromarray((frame * 255).astype(np.uint8))
    a = math.radians(abs(degrees))
    grow = math.cos(a) + math.sin(a) * max(width / height, height / width)
    k = 1 / grow
    c, s = math.cos(math.radians(degrees)) * k, math.sin(math.radians(degrees)) * k
    cx, cy = width / 2, height / 2
    matrix = (c, s, cx - c * cx - s * cy, -s, c, cy + s * cx - c * cy)
    return (
        np.asarray(
            image.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC), np.float32
        )
        / 255
    )
