"""A name across a picture, so that a copy says whose it was. Pillow only: runs in the limited child process."""

from __future__ import annotations

import io
import math
from functools import lru_cache

from PIL import Image

from studio.media import decode, lettering

LONGEST = 60  # letters of a name that are drawn
SHARE = 30  # the picture's longest side is this many times the letters' height
LEAST = 11  # px
TURN = 24  # degrees
LIGHT, DARK = (255, 255, 255), (0, 0, 0)  # both, so that it is seen on black and on white
STRONG = 0.34  # of full colour: seen, without hiding what is judged
SAVED: dict[str, dict[str, int]] = {
    "WEBP": {"quality": decode.WEBP_QUALITY, "method": decode.WEBP_METHOD},
    "JPEG": {"quality": decode.PROVIDER_QUALITY},
}


def draw(data: bytes, text: str) -> tuple[bytes, int, int]:
    """The picture with `text` across it, in the format it came in: bytes, width, height. Raises as `decode.decode`."""
    kind = decode.sniff(data)
    picture = Image.open(io.BytesIO(data), formats=(kind,))
    decode.check(*picture.size, 1)
    base = decode.flat(decode.plain(picture), picture.info.get("icc_profile"))
    for colour, mask in zip((DARK, LIGHT), _masks(base.size, text[:LONGEST]), strict=True):
        base.paste(colour, (0, 0), mask)
    out = io.BytesIO()
    form = "JPEG" if kind == "PNG" else kind
    base.save(out, form, **SAVED[form])
    return out.getvalue(), *base.size


@lru_cache(maxsize=4)  # the pictures of a board have one size
def _masks(size: tuple[int, int], text: str) -> tuple[Image.Image, Image.Image]:
    """Where the dark words and the light ones are: rows over the whole picture, so that no crop worth taking is without them."""
    wide, high = size
    words = lettering.written(text, max(LEAST, max(size) // SHARE))
    across, down = words.width, max(LEAST, words.height)
    step_x, step_y = across + 3 * down, 5 * down
    side = math.ceil(math.hypot(wide, high))
    rows = Image.new("L", (side, side), 0)
    for n, y in enumerate(range(0, side, step_y)):
        for x in range(-(n % 2) * step_x // 2, side, step_x):
            rows.paste(round(255 * STRONG), (x, y), words)
    turned = rows.rotate(TURN, Image.Resampling.BILINEAR)
    x, y = (side - wide) // 2, (side - high) // 2
    return turned.crop((x - 1, y - 1, x - 1 + wide, y - 1 + high)), turned.crop((x, y, x + wide, y + high))
