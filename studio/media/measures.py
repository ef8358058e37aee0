"""What can be measured on a picture without knowing what it shows. Pillow only: runs in the decoding child.

Values depend on the size and filter that made the picture, so both are fixed (longest side 640 px, the rendition
chain's filter) and the whole carries `VERSION`: raise it with any change here.
"""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageStat

VERSION = 3  # 3: the 640 px picture is the mean of the next larger one's pixels, which may be 1281 to 1600 px wide
SIDE = 640  # px, longest side measured at
BORDER = 0.16  # of the shorter side: what counts as background
COARSE = 4  # shrunk so many times before edges are counted: grain and cloth do not count, shelves and leaves do
EDGE = 6  # difference of neighbouring grey levels (0 to 255) that counts


class Measures(NamedTuple):
    """`sharpness` 0 (blurred away) to 1; `exposure` 0 (black) to 1 (white); `busyness` of the border 0 (plain) to 1."""

    sharpness: float
    exposure: float
    busyness: float
    version: int = VERSION


def measure(picture: Image.Image) -> Measures:
    """`picture` is RGB with a longest side of at most `SIDE` px."""
    grey = picture.convert("L")
    return Measures(round(sharpness(grey), 4), round(exposure(grey), 4), round(busyness(grey), 4))


def sharpness(grey: Image.Image) -> float:
    """How much of the fine contrast a blur takes away: a picture that is soft already has little to lose.

    After Crete et al. 2007, "The blur effect": unlike a Laplacian's variance it does not call a plain picture soft.
    """
    kept = []
    for radius, step in (((4, 0), (1, 0)), ((0, 4), (0, 1))):
        before = _differences(grey, step)
        after = _differences(grey.filter(ImageFilter.BoxBlur(radius)), step)
        total = ImageStat.Stat(before).sum[0]
        lost = ImageStat.Stat(ImageChops.subtract(before, after)).sum[0]
        kept.append(1 - lost / total if total else 1.0)
    return 1 - max(kept)


def exposure(grey: Image.Image) -> float:
    """The mean grey level of the middle, where the subject is: a dark or white background is no fault."""
    width, height = grey.size
    middle = grey.crop((width // 5, height // 5, width - width // 5, height - height // 5))
    return ImageStat.Stat(middle).mean[0] / 255


def busyness(grey: Image.Image) -> float:
    """The share of edges along the top and the sides. The bottom is left out: shoulders and tables touch it."""
    coarse = grey.reduce(max(1, min(COARSE, min(grey.size) // 40)))
    edges = ImageChops.lighter(_differences(coarse, (1, 0)), _differences(coarse, (0, 1)))
    marks = edges.point([255 if level >= EDGE else 0 for level in range(256)])
    width, height = coarse.size
    rim = max(1, round(min(width, height) * BORDER))
    strips = [(0, 0, width, rim), (0, rim, rim, height - rim), (width - rim, rim, width, height - rim)]
    parts = [marks.crop(box) for box in strips if box[2] > box[0] and box[3] > box[1]]
    found = sum(ImageStat.Stat(part).sum[0] / 255 for part in parts)
    return found / sum(part.width * part.height for part in parts)


def _differences(grey: Image.Image, step: tuple[int, int]) -> Image.Image:
    """Grey levels between each pixel and the next one, to the right or below."""
    width, height = grey.size
    right, down = step
    if width <= right or height <= down:
        return Image.new("L", (1, 1))
    return ImageChops.difference(
        grey.crop((right, down, width, height)), grey.crop((0, 0, width - right, height - down))
    )
