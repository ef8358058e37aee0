"""Aspect ratios as engines draw them: pixels, and the nearest ratio with a safe crop where a model lacks the project's."""

from __future__ import annotations

from fractions import Fraction

LONG_SIDE = {
    "0.5K": 688,
    "1K": 1376,
    "2K": 2752,
    "4K": 5504,
}  # pixels of a 16:9 picture's long side, as the vendors' tables have it
AREA = {size: side * side * 9 // 16 for size, side in LONG_SIDE.items()}


def ratio(aspect: str) -> Fraction:
    """ "2.39:1" → 239/100. Raises ValueError for anything that is not two positive numbers."""
    wide, _, high = aspect.partition(":")
    value = Fraction(wide) / Fraction(high or "1")
    if value <= 0:
        raise ValueError(f"{aspect} is not an aspect ratio")
    return value


def pixels(aspect: str, size: str) -> tuple[int, int]:
    """Width and height of about the size's area, both multiples of 16."""
    exact = float(ratio(aspect))
    height = (AREA[size] / exact) ** 0.5
    width = height * exact
    return max(16, round(width / 16) * 16), max(16, round(height / 16) * 16)


def drawn_aspect(aspect: str, offered: tuple[str, ...]) -> str:
    """The ratio to ask for: the project's own, else the nearest that the model offers (by the share a crop loses)."""
    if aspect in offered or not offered:
        return aspect
    wanted = float(ratio(aspect))
    return min(offered, key=lambda a: max(float(ratio(a)), wanted) / min(float(ratio(a)), wanted))


def safe_crop(drawn: str, wanted: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in 0–1 of the drawn picture that keeps the wanted ratio, centred."""
    have, want = float(ratio(drawn)), float(ratio(wanted))
    if have > want:
        side = (1 - want / have) / 2
        return side, 0.0, 1 - side, 1.0
    side = (1 - have / want) / 2
    return 0.0, side, 1.0, 1 - side
