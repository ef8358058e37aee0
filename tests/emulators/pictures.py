"""Real pictures of the asked size, each with bytes of its own. Plain ones are made once a size; written ones show what was asked."""

from __future__ import annotations

import functools
import hashlib
import io
import random
import struct
import textwrap
import zlib

from PIL import Image, ImageDraw

MIMES = {"JPG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PIL_NAMES = {"JPG": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}


def picture(width: int, height: int, form: str, mark: str, *, words: str = "", weight: int = 0) -> bytes:
    """`mark` makes the bytes unlike any other's; `words` are written on it; `weight` is about how many bytes it should have."""
    if words:
        return _marked(_written(width, height, form, mark, words), form, mark)
    return _marked(_plain(width, height, form, weight), form, mark)


@functools.cache
def _plain(width: int, height: int, form: str, weight: int) -> bytes:
    if weight:
        return _heavy(width, height, form, weight)
    image = Image.new("RGB", (width, height), "#7a8b8f")
    ImageDraw.Draw(image).rectangle((width // 4, height // 4, width // 2, height // 2), fill="#c66b3d")
    return _encoded(image, form, 80)


def _heavy(width: int, height: int, form: str, weight: int) -> bytes:
    """Noise, as fine as gives the weight: photographs weigh what flat colours do not."""
    dice = random.Random(7)
    best = b""
    for grain in (1, 2, 3, 4, 6, 8, 12):
        small = (max(1, width // grain), max(1, height // grain))
        noise = Image.frombytes("RGB", small, dice.randbytes(small[0] * small[1] * 3)).resize((width, height))
        data = _encoded(noise, form, 90)
        if not best or abs(len(data) - weight) < abs(len(best) - weight):
            best = data
    return best


def _written(width: int, height: int, form: str, mark: str, words: str) -> bytes:
    hue = hashlib.sha256(mark.encode()).digest()
    image = Image.new("RGB", (width, height), (90 + hue[0] // 3, 90 + hue[1] // 3, 90 + hue[2] // 3))
    pen = ImageDraw.Draw(image)
    size = max(12, height // 28)
    pen.text((size, size), f"{width} × {height}", fill="white", font_size=size * 2)
    lines = textwrap.wrap(words, max(16, int(width / size * 1.7)))[:18]
    pen.multiline_text((size, size * 4), "\n".join(lines), fill="white", font_size=size)
    return _encoded(image, form, 90)


def _encoded(image: Image.Image, form: str, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, PIL_NAMES[form], quality=quality)
    return out.getvalue()


def _marked(data: bytes, form: str, mark: str) -> bytes:
    """The same picture with a comment inside: a COM segment in a JPEG, a text chunk in a PNG, an own chunk in a WebP."""
    note = mark.encode()[:200]
    if form == "JPG":
        return data[:2] + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note + data[2:]
    if form == "PNG":
        body = b"tEXtmark\0" + note
        return data[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]
    note += b"\0" * (len(note) % 2)
    whole = data + b"NOTE" + struct.pack("<I", len(note)) + note
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


@functools.cache
def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 × 30,000."""
    rows = zlib.compressobj(9)
    line = b"\0" * (1 + 30000 // 8)
    packed = b"".join(rows.compress(line * 500) for _ in range(60)) + rows.flush()

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 30000, 30000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
