"""Where a picture's renditions lie, and what an <img> needs of them. Sizes follow from the original's: no query."""

from __future__ import annotations

from typing import TypedDict

from django.core.files.storage import storages

from studio.media.decode import PROVIDER, PROVIDER_SIDE, SIDES, fit, step
from studio.media.models import Image

STEPS = tuple(str(side) for side in sorted(SIDES))
SPECS = (*STEPS, PROVIDER)
__all__ = ["PROVIDER", "SPECS", "STEPS", "Picture", "data", "picture", "size", "url"]


class Picture(TypedDict):
    """Attributes of an <img>. `width` and `height` are those of `src`."""

    src: str
    srcset: str
    width: int
    height: int


def url(key: str, spec: str) -> str:
    """Written out, not reversed: a board of 500 panels asks for 1,500 of them."""
    return f"/media/{key}/{spec}/"


def size(image: Image, spec: str) -> tuple[int, int]:
    """Width and height of that rendition in px. Raises ValueError for an unknown spec."""
    provider = fit(image.width, image.height, PROVIDER_SIDE)
    return provider if spec == PROVIDER else step(*provider, int(spec))


def picture(image: Image, width: int) -> Picture:
    """For an <img> about `width` CSS px wide: the smallest rendition that fills it, and all of them to choose from."""
    sizes: dict[tuple[int, int], str] = {}
    for spec in STEPS:
        sizes.setdefault(size(image, spec), spec)
    ordered = sorted((*pixels, url(image.key, spec)) for pixels, spec in sizes.items())
    wide, high, src = next((row for row in ordered if row[0] >= width), ordered[-1])
    return {"src": src, "srcset": ", ".join(f"{at} {w}w" for w, _, at in ordered), "width": wide, "height": high}


def data(image: Image, spec: str = PROVIDER) -> bytes:
    """The rendition's bytes. Raises Rendition.DoesNotExist, and OSError if its file is gone."""
    with storages["default"].open(image.renditions.get(spec=spec).path) as file:
        return file.read()
