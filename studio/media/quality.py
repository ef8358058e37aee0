"""Measures → words: what makes a picture a weak reference, and nothing that can't be known from its pixels.

The thresholds were set on photographs and drawings, sharp ones and the same ones blurred, darkened and brightened:
sharp pictures measured 0.37 to 0.82, the same under a blur of 3 px 0.16 to 0.36; plain backgrounds 0 to 0.14, a shelf,
a field and wood 0.16 to 0.66.
"""

from __future__ import annotations

from typing import NamedTuple

from studio.media.models import Image

WANTED_SIDE = 1024  # px, the longest; engines scale references to about a megapixel
SOFT_FOCUS = 0.33
DARK, BRIGHT = 0.15, 0.88
BUSY = 0.15


class Weakness(NamedTuple):
    """`key` for programs, `text` to show, `tone` as the stylesheet names it."""

    key: str
    text: str
    tone: str = "warn"


def weaknesses(image: Image, *, background: bool = True) -> list[Weakness]:
    """The worst first; empty for a good reference. `background=False` where the background is the point: a location."""
    found = []
    side = max(image.width, image.height)
    if side < WANTED_SIDE:
        found.append(Weakness("small", f"Soft: {side} px, wants {WANTED_SIDE}"))
    if image.sharpness < SOFT_FOCUS:
        found.append(Weakness("blurred", "Soft focus: fine detail is missing"))
    if image.exposure < DARK:
        found.append(Weakness("dark", "Underexposed: detail is lost in the dark"))
    elif image.exposure > BRIGHT:
        found.append(Weakness("bright", "Overexposed: detail is lost in the light"))
    if background and image.busyness > BUSY:
        found.append(Weakness("busy", "Busy background holds identity less well"))
    return found
