"""Files made on the spot: good ones of every kind, and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageDraw

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def drawing(width=96, height=64, mode="RGB"):
    """Four quarters: red, green, blue, white; no two turns of it look alike."""
    picture = Image.new("RGB", (width, height), "#ff0000")
    if height < 2:
        return picture.convert(mode)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill="#00ff00")
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill="#0000ff")
    draw.rectangle((width // 2, height // 2, width, height), fill="#ffffff")
    return picture.convert(mode)


def saved(picture, format="PNG", **how):
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def opened(data):
    picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
    picture.load()
    return picture


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *, depth=8, colour=2, extra=b"", rows=None):
    """A PNG written by hand. Its pixels are zeros, deflated to a thousandth."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    if rows is None:
        line = b"\0" * (1 + (width * depth * channels + 7) // 8)
        packer = zlib.compressobj(9)
        rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return PNG_HEAD + chunk(b"IHDR", head) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def webp_header_bomb(width=15000, height=5900):
    """A lossless WebP of 34 bytes that asks for 88 megapixels: one colour for every code, so no pixel needs a bit."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes.fromhex("88880888") + b"\x00" * 5
    packed = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(packed)) + b"WEBP" + packed


def profile(red, green, blue, gamma=2.2):
    """A small RGB profile with those primaries, as D50 XYZ columns (ICC v2, matrix and curve)."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    name = b"Wide"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + b"\0" * 78
    description += b"\0" * (-len(description) % 4)
    tags = [
        (b"desc", description), (b"wtpt", xyz((0.9642, 1.0, 0.8249))),
        (b"rXYZ", xyz(red)), (b"gXYZ", xyz(green)), (b"bXYZ", xyz(blue)),
        (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve),
    ]  # fmt: skip
    at, table, blob = 128 + 4 + 12 * len(tags), b"", b""
    for kind, body in tags:
        table += kind + struct.pack(">II", at + len(blob), len(body))
        blob += body
    size = at + len(blob)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + b"".join(fixed(v) for v in (0.9642, 1.0, 0.8249)) + b"\0" * 48
    made = head[:128] + struct.pack(">I", len(tags)) + table + blob
    ImageCms.ImageCmsProfile(io.BytesIO(made))
    return made


# Display P3's primaries, adapted to D50.
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
