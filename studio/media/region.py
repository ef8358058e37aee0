"""A box of a picture, and the colour in it. Pillow only: runs in the limited child process.

Boxes are in thousandths of the picture's width and height, so that they fit every rendition of it.
"""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from studio.media import colour
from studio.media.colour import Lab

WHOLE = 1000
SAMPLES = 48  # per side: more of a box are not read
KEPT = 0.6  # of the samples, those nearest the median: seams, highlights and what lies beside it fall out


class Box(NamedTuple):
    """Thousandths of the picture: `left` and `top` 0 to 999, `width` and `height` 1 to 1000."""

    left: int
    top: int
    width: int
    height: int

    @property
    def fits(self) -> bool:
        right, bottom = self.left + self.width, self.top + self.height
        return min(self.left, self.top) >= 0 and min(self.width, self.height) > 0 and max(right, bottom) <= WHOLE

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in a picture of that size; at least one pixel."""
        left, top = self.left * width // WHOLE, self.top * height // WHOLE
        right = -(-(self.left + self.width) * width // WHOLE)
        bottom = -(-(self.top + self.height) * height // WHOLE)
        return left, top, max(left + 1, min(width, right)), max(top + 1, min(height, bottom))


class Measured(NamedTuple):
    """`lab`: the middle colour of the box. `spread`: how far its samples are from it on average, as CIE76."""

    lab: Lab
    spread: float


def measure(picture: Image.Image, box: Box) -> Measured:
    """The colour of a box in an RGB picture, whatever a part of it holds.

    The median of the samples by component, then the mean of the 60 % nearest to it.
    """
    part = picture.crop(box.pixels(*picture.size))
    size = min(SAMPLES, part.width), min(SAMPLES, part.height)
    if size != part.size:
        part = part.resize(size, Image.Resampling.NEAREST)  # real pixels, no mixtures
    counts = part.getcolors(SAMPLES * SAMPLES) or []
    samples = [(count, colour.lab_of(*level)) for count, level in counts]  # type: ignore[misc]
    return middle(samples)


def middle(samples: list[tuple[int, Lab]]) -> Measured:
    """`samples`: (how often, colour)."""
    total = sum(count for count, _ in samples)
    median = Lab(*(_median([(count, lab[at]) for count, lab in samples], total) for at in range(3)))
    nearest = sorted((_apart(lab, median), lab, count) for count, lab in samples)
    left, sums, kept = total * KEPT, [0.0, 0.0, 0.0], 0.0
    for _, lab, count in nearest:
        taken = min(float(count), left)
        sums = [held + part * taken for held, part in zip(sums, lab, strict=True)]
        kept, left = kept + taken, left - taken
        if left <= 0:
            break
    centre = Lab(*(held / kept for held in sums))
    spread = sum(count * _apart(lab, centre) for count, lab in samples) / total
    return Measured(centre, spread)


def _median(values: list[tuple[int, float]], total: int) -> float:
    passed = 0
    for value, count in sorted((value, count) for count, value in values):
        passed += count
        if passed * 2 >= total:
            return value
    return 0.0


def _apart(one: Lab, other: Lab) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)
