"""Where something of a known colour and look may be in another picture. Pillow only: runs in the limited child process.

Two steps. Windows whose inside is like the colour and whose surroundings are not, at several sizes; then the best of them are laid
beside the reference, with what lies around it there. Nothing is learnt, and nothing is known of what the pictures show.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from studio.media import colour, decode, region
from studio.media.colour import Lab
from studio.media.region import Box

SIDE = 176  # px, longest side searched
SHADES = 5  # bits of a channel that are looked at
SIZES = (0.02, 0.03, 0.045, 0.068, 0.1, 0.15, 0.22)  # of the longest side: widths of the windows
LIKE = 26.0  # apart by as much is not like it any more
LIGHT = 0.45  # of the weight of hue: light changes first
AROUND = 1.9  # of a window: what lies about it
LOOKED_AT = 12  # windows that are laid beside the reference
GRID = 14  # px of each side, when they are
LOOKS = 0.9  # the weight of looking like it, beside being of its colour
LEAST = 0.85  # below it nothing is proposed: on the bench 0.8 still proposed a place in one of eight panels without it


class Found(NamedTuple):
    """`sure`: 0 to about 1.8. Only the order means something."""

    box: Box
    sure: float


def seek(reference: Image.Image, box: Box, picture: Image.Image) -> Found | None:
    """The likeliest place of what is in the reference's box. None where nothing is like it."""
    target = region.measure(reference, box).lab
    aspect = (box.width * reference.width) / (box.height * reference.height)
    small = picture.resize(decode.fit(*picture.size, SIDE), Image.Resampling.BOX)
    model = _look(reference, box.pixels(*reference.size))
    best: Found | None = None
    for seen in (small, _balanced(small)):
        for score, window in _windows(_like(seen, target), *seen.size, aspect)[:LOOKED_AT]:
            sure = score + LOOKS * max(0.0, _alike(model, _look(seen, window)))
            if sure >= LEAST and (best is None or sure > best.sure):
                best = Found(_box(window, *small.size), sure)
    return best


def _like(picture: Image.Image, target: Lab) -> list[float]:
    """By pixel: 1 of the colour, 0 not."""
    known: dict[tuple[int, ...], float] = {}
    made = []
    for level in _levels(picture):
        key = tuple(part >> (8 - SHADES) for part in level)
        like = known.get(key)
        if like is None:
            seen = colour.lab_of(*((part << (8 - SHADES)) + (1 << (7 - SHADES)) for part in key))
            apart = math.hypot((seen.lightness - target.lightness) * LIGHT, seen.a - target.a, seen.b - target.b)
            like = known[key] = max(0.0, 1 - apart / LIKE)
        made.append(like)
    return made


def _levels(picture: Image.Image) -> Iterator[tuple[int, int, int]]:
    """Red, green and blue of each pixel, row by row."""
    data = picture.tobytes()
    return zip(data[0::3], data[1::3], data[2::3], strict=True)


def _balanced(picture: Image.Image) -> Image.Image:
    """As if the light had been even: each channel's mean brought half way to grey."""
    sums = [sum(level * count for level, count in enumerate(band.histogram())) for band in picture.split()]
    middle = sum(sums) / 3
    gains = [(middle / max(1, one)) ** 0.7 for one in sums]
    return picture.point([min(255, round(level * gain)) for gain in gains for level in range(256)])


def _windows(
    like: list[float], width: int, height: int, aspect: float
) -> list[tuple[float, tuple[int, int, int, int]]]:
    """(how much its inside is of the colour and its surroundings are not, window), the best of each place, best first."""
    sums = _summed(like, width, height)

    def total(left: int, top: int, right: int, bottom: int) -> float:
        row = width + 1
        return sums[bottom * row + right] - sums[top * row + right] - sums[bottom * row + left] + sums[top * row + left]

    found = []
    for size in SIZES:
        wide = max(2, round(size * SIDE * math.sqrt(aspect)))
        high = max(2, round(size * SIDE / math.sqrt(aspect)))
        if wide >= width or high >= height:
            continue
        out_x, out_y = max(1, round(wide * (AROUND - 1) / 2)), max(1, round(high * (AROUND - 1) / 2))
        step = max(1, min(wide, high) // 4)
        for top in range(0, height - high, step):
            for left in range(0, width - wide, step):
                right, bottom = left + wide, top + high
                inside = total(left, top, right, bottom)
                if inside < 0.3 * wide * high:
                    continue
                about = (
                    max(0, left - out_x),
                    max(0, top - out_y),
                    min(width, right + out_x),
                    min(height, bottom + out_y),
                )
                area = (about[2] - about[0]) * (about[3] - about[1]) - wide * high
                outside = (total(*about) - inside) / area if area else 1.0
                found.append((inside / (wide * high) - outside, (left, top, right, bottom)))
    found.sort(reverse=True)
    kept: list[tuple[float, tuple[int, int, int, int]]] = []
    for score, window in found:
        if all(_apart(window, other) for _, other in kept):
            kept.append((score, window))
        if len(kept) == LOOKED_AT:
            break
    return kept


def _summed(like: list[float], width: int, height: int) -> list[float]:
    """The integral image: one wider and one higher."""
    sums = [0.0] * (width + 1)
    for y in range(height):
        along, above = 0.0, len(sums) - width
        row = [0.0]
        for x in range(width):
            along += like[y * width + x]
            row.append(along + sums[above + x])
        sums += row
    return sums


def _apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether they hardly overlap, or are of another size altogether."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0, wide) * max(0, high)
    areas = [(it[2] - it[0]) * (it[3] - it[1]) for it in (one, other)]
    return both < 0.5 * max(areas)


def _look(picture: Image.Image, window: tuple[int, int, int, int]) -> list[list[float]]:
    """A window with what lies about it, small, by Lab component, each without its mean."""
    left, top, right, bottom = window
    out_x, out_y = (right - left) * (AROUND - 1) / 2, (bottom - top) * (AROUND - 1) / 2
    box = (
        max(0, left - out_x),
        max(0, top - out_y),
        min(picture.width, right + out_x),
        min(picture.height, bottom + out_y),
    )
    part = picture.resize((GRID, GRID), Image.Resampling.BOX, box=box)
    labs = [colour.lab_of(*level) for level in _levels(part)]
    made = []
    for at in range(3):
        values = [one[at] for one in labs]
        mean = sum(values) / len(values)
        made.append([value - mean for value in values])
    return made


def _alike(one: list[list[float]], other: list[list[float]]) -> float:
    """Correlation of all three components, -1 to 1: the same light and dark, the same hues, wherever they lie."""
    top = sum(a * b for first, second in zip(one, other, strict=True) for a, b in zip(first, second, strict=True))
    under = math.sqrt(sum(a * a for part in one for a in part) * sum(b * b for part in other for b in part))
    return top / under if under else 0.0


def _box(window: tuple[int, int, int, int], width: int, height: int) -> Box:
    left, top = window[0] * 1000 // width, window[1] * 1000 // height
    return Box(
        left, top, max(1, min(1000 - left, (window[2] - window[0]) * 1000 // width)),
        max(1, min(1000 - top, (window[3] - window[1]) * 1000 // height)),
    )  # fmt: skip
