"""Real pictures of the asked size, each with bytes of its own. Plain ones are made once a size; written ones show what was asked."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import random
import struct
import textwrap
import zlib
from dataclasses import dataclass

from PIL import Image, ImageDraw

MIMES = {"JPG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PIL_NAMES = {"JPG": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}


@dataclass(frozen=True)
class Drawn:
    """A picture in two pieces: `front` is its own, `back` is shared by all of its size, so that a thousand cost what one costs.

    `front` is a multiple of three bytes long: so the two pieces' base64 can be laid end to end.
    """

    front: bytes
    back: bytes = b""

    def __bytes__(self) -> bytes:
        return self.front + self.back

    def __len__(self) -> int:
        return len(self.front) + len(self.back)

    def base64(self) -> str:
        return base64.b64encode(self.front).decode() + _encoded_back(self.back)


@functools.lru_cache(8)
def _encoded_back(back: bytes) -> str:
    return base64.b64encode(back).decode()


def drawn(width: int, height: int, form: str, mark: str, *, words: str = "", weight: int = 0) -> Drawn:
    """`mark` makes the bytes unlike any other's; `words` are written on it; `weight` is about how many bytes it should have."""
    plain = _written(width, height, form, mark, words) if words else prepared(width, height, form, weight)
    return _marked(plain, form, mark)


def picture(width: int, height: int, form: str, mark: str, *, words: str = "", weight: int = 0) -> bytes:
    """The same as plain bytes."""
    return bytes(drawn(width, height, form, mark, words=words, weight=weight))


@functools.cache
def prepared(width: int, height: int, form: str, weight: int = 0) -> bytes:
    """The picture without its mark, made once."""
    if weight:
        return _heavy(width, height, form, weight)
    image = Image.new("RGB", (width, height), "#7a8b8f")
    ImageDraw.Draw(image).rectangle((width // 4, height // 4, width // 2, height // 2), fill="#c66b3d")
    return _encoded(image, form, 80)


def _heavy(width: int, height: int, form: str, weight: int) -> bytes:
    """Noise at every scale, the coarse the stronger, as in photographs; so much of the finest as gives the weight."""
    best = b""
    for fine in (0.2, 0.1, 0.05, 0.3, 0.45):
        image = _scenery(width, height, fine)
        for quality in (98, 95, 90, 80) if form == "JPG" else (90,):
            data = _encoded(image, form, quality)
            if not best or abs(len(data) - weight) < abs(len(best) - weight):
                best = data
            if len(data) < weight:
                break
        if 0.9 < len(best) / weight < 1.1:
            break
    return best


def _scenery(width: int, height: int, fine: float) -> Image.Image:
    dice, longest = random.Random(7), max(width, height)
    grey, grain = Image.new("L", (width, height), 128), longest // 2
    while grain >= 1:
        small = (max(2, width // grain), max(2, height // grain))
        noise = Image.frombytes("L", small, dice.randbytes(small[0] * small[1])).resize((width, height))
        grey = Image.blend(grey, noise, min(0.5, 0.5 * (2 * grain / longest) ** 0.8 + fine * (grain == 1)))
        grain //= 2
    bands = [grey.point([min(255, int(level * tint)) for level in range(256)]) for tint in (1.0, 0.93, 0.85)]
    return Image.merge("RGB", bands)


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
    image.save(out, PIL_NAMES[form], quality=quality, **({"subsampling": 0} if quality > 95 else {}))
    return out.getvalue()


@functools.lru_cache(64)
def _cut(data: bytes, at: int) -> tuple[bytes, bytes]:
    """The same two pieces for each picture of a size, not copies of them."""
    return data[:at], data[at:]


def _marked(data: bytes, form: str, mark: str) -> Drawn:
    """The same picture with a comment inside: a COM segment in a JPEG, a text chunk in a PNG, an own chunk in a WebP."""
    note = mark.encode()[:200]
    if form == "JPG":
        front, back = _cut(data, 2)
        note += b" " * (-len(note) % 3)  # with the six bytes before it: a multiple of three
        return Drawn(front + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note, back)
    if form == "PNG":
        front, back = _cut(data, 33)
        note += b" " * (-len(note) % 3)  # with the 33 before it and the 18 of its chunk, too
        body = b"tEXtmarks\0" + note
        return Drawn(front + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)), back)
    note += b"\0" * (len(note) % 2)
    whole = data + b"NOTE" + struct.pack("<I", len(note)) + note
    return Drawn(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])


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
