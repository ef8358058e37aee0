"""A part of a picture, and a picture before a plain background. Pillow only: runs in the limited child process.

Nothing here knows what a picture shows. A background is taken away only where it is even at its border, and is refused with
the measure where it is not.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from studio.media import decode
from studio.media.region import Box

LEAST = 64  # px: a smaller crop shows an engine nothing
LOSSLESS = 6_000_000  # px: larger crops are kept as the best JPEG, which takes a tenth of the time and of the bytes
PLAIN_SIDE = 2048  # px: what engines are sent at most
PLAIN = decode.BACKDROP
MASK_SIDE = 400  # px: where the background is followed from the border inwards
RIM = 0.05  # of the shorter side
SIDES = 0.8  # of the height: how far down the sides have to be background
SOFT = 0.6  # of the outline: more of it where the picture hardly leaves the background is no outline
STEP = 3  # px of the small picture between samples of the rim
TOLERANCE = 22  # of 255, on the channel that differs most: even paper and walls stay below, cloth and shelves do not
EVEN = 0.9  # of the rim has to be like the background
SUBJECT = (0.01, 0.97)  # of the picture: less stands off it by chance, more is no background


class Cut(NamedTuple):
    """`even`: the share of the border that is like the background, 0 to 1; 1 for a crop."""

    data: bytes
    width: int
    height: int
    even: float = 1.0


def crop(data: bytes, box: Box) -> Cut:
    """That part of the upright original, pixel for pixel. Raises `decode.Unfit`: "small" with its size, or as `decode.decode`."""
    picture = upright(data)
    part = picture.crop(box.pixels(*picture.size))
    if min(part.size) < LEAST:
        raise decode.Unfit("small", width=part.width, height=part.height)
    lossless = part.width * part.height <= LOSSLESS
    return Cut(_png(part) if lossless else _jpeg(part), *part.size)


def plain(data: bytes) -> Cut:
    """The picture before one flat grey, at most 2048 px. Raises `decode.Unfit`: "busy" with the share, "nothing", "all"."""
    picture = upright(data)
    size = decode.fit(*picture.size, PLAIN_SIDE)
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    small = picture.resize(decode.fit(*size, MASK_SIDE), Image.Resampling.BOX)
    behind = background(small)
    away = _difference(small, behind)
    even = evenness(away)
    if even < EVEN:
        raise decode.Unfit("busy", even=round(100 * even))
    reached = _reached(away)
    share = 1 - ImageStat.Stat(reached).mean[0] / 255
    if not SUBJECT[0] < share:
        raise decode.Unfit("nothing")
    if share > SUBJECT[1]:
        raise decode.Unfit("all")
    if (soft := softness(away, reached)) > SOFT:
        raise decode.Unfit("soft", soft=round(100 * soft))
    # Near the outline, found roughly, the full picture decides: from "like the background" to "certainly not".
    far = _difference(picture, behind.resize(size, Image.Resampling.BICUBIC))
    stands = far.point([min(255, max(0, (level - TOLERANCE // 2) * 255 // TOLERANCE)) for level in range(256)])
    outside = reached.filter(ImageFilter.MaxFilter(3)).resize(size, Image.Resampling.BILINEAR)
    kept = ImageChops.lighter(stands, ImageChops.invert(outside)).filter(ImageFilter.GaussianBlur(0.6))
    return Cut(_png(Image.composite(picture, Image.new("RGB", size, PLAIN), kept)), *size, even)


def upright(data: bytes) -> Image.Image:
    """The whole picture, upright, in sRGB. Raises as `decode.decode`."""
    kind = decode.sniff(data)
    if kind == "WEBP":
        decode.check(*decode.webp_canvas(data), 1)
    picture = Image.open(io.BytesIO(data), formats=(kind,))
    decode.check(*picture.size, 1 if kind == "JPEG" else getattr(picture, "n_frames", 1))
    turn = decode.orientation(picture)
    icc = picture.info.get("icc_profile")
    base = decode.plain(picture)
    if turn in decode.TURNS:
        base = base.transpose(decode.TURNS[turn])
    return decode.flat(base, icc)


def background(small: Image.Image) -> Image.Image:
    """What the picture would be without its subject: a smooth surface through its rim, quadratic in both directions.

    So paper that darkens towards its corners is even. What touches the rim, shoulders and shelves, is left out as the worst fit.
    """
    width, height = small.size
    pixels = small.load()
    assert pixels is not None
    rim = max(2, round(min(width, height) * RIM))
    spots = [
        (x, y)
        for y in range(0, height, STEP)
        for x in range(0, width, STEP)
        if y < rim or x < rim or x >= width - rim or y >= height - rim
    ]
    terms = [_terms(x / width, y / height) for x, y in spots]
    surfaces = [_fitted(terms, [float(pixels[spot][band]) for spot in spots]) for band in range(3)]  # type: ignore[index]
    across, down = (max(2, side // 8) for side in small.size)
    coarse = Image.new("RGB", (across, down))
    grid = [_terms((x + 0.5) / across, (y + 0.5) / down) for y in range(down) for x in range(across)]
    coarse.putdata([tuple(_level(surface, at) for surface in surfaces) for at in grid])
    return coarse.resize(small.size, Image.Resampling.BICUBIC)


def _terms(x: float, y: float) -> tuple[float, ...]:
    return (1.0, x, y, x * x, y * y, x * y)


def _level(surface: list[float], terms: tuple[float, ...]) -> int:
    return min(255, max(0, round(sum(weight * term for weight, term in zip(surface, terms, strict=True)))))


def _fitted(terms: list[tuple[float, ...]], levels: list[float]) -> list[float]:
    """Least squares, again and again without the worst quarter."""
    kept = list(zip(terms, levels, strict=True))
    surface = _solved(kept)
    for _ in range(4):
        away = sorted(
            (abs(sum(w * t for w, t in zip(surface, one, strict=True)) - level), n)
            for n, (one, level) in enumerate(zip(terms, levels, strict=True))
        )
        kept = [(terms[n], levels[n]) for _, n in away[: max(12, round(len(away) * 0.75))]]
        surface = _solved(kept)
    return surface


def _solved(samples: list[tuple[tuple[float, ...], float]]) -> list[float]:
    """The normal equations, by elimination; a hair of damping where a picture is too narrow to tell two terms apart."""
    size = len(samples[0][0])
    rows = [
        [sum(one[i] * one[j] for one, _ in samples) + (1e-6 if i == j else 0) for j in range(size)]
        + [sum(one[i] * level for one, level in samples)]
        for i in range(size)
    ]
    for i in range(size):
        best = max(range(i, size), key=lambda n: abs(rows[n][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for n in range(size):
            if n != i:
                share = rows[n][i] / rows[i][i]
                rows[n] = [a - share * b for a, b in zip(rows[n], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def evenness(away: Image.Image) -> float:
    """The share of the top and of the sides that is like the background. `away` as `_difference` gives it."""
    width, height = away.size
    rim = max(2, round(min(width, height) * RIM))
    like = away.point([255 if level <= TOLERANCE else 0 for level in range(256)])
    strips = [
        (0, 0, width, rim),
        (0, rim, rim, round(height * SIDES)),
        (width - rim, rim, width, round(height * SIDES)),
    ]
    parts = [like.crop(box) for box in strips]
    return sum(ImageStat.Stat(part).sum[0] / 255 for part in parts) / sum(part.width * part.height for part in parts)


def _reached(away: Image.Image) -> Image.Image:
    """255 where one comes from the top or the sides without leaving the background. A light collar inside stays."""
    like = away.point([255 if level <= TOLERANCE else 0 for level in range(256)])
    width, height = like.size
    framed = Image.new("L", (width + 2, height + 1), 255)
    framed.paste(like, (1, 1))
    ImageDraw.floodfill(framed, (0, 0), 128)
    return framed.crop((1, 1, width + 1, height + 1)).point([255 if level == 128 else 0 for level in range(256)])


def softness(away: Image.Image, reached: Image.Image) -> float:
    """The share of the kept part's outline that is hardly unlike the background: light and haze that no line bounds."""
    kept = ImageChops.invert(reached)
    rim = ImageChops.subtract(kept, kept.filter(ImageFilter.MinFilter(5)))
    faint = ImageChops.multiply(rim, away.point([255 if level < 2 * TOLERANCE else 0 for level in range(256)]))
    total = ImageStat.Stat(rim).sum[0]
    return ImageStat.Stat(faint).sum[0] / total if total else 0.0


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    """By how much the channel that differs most differs, 0 to 255."""
    red, green, blue = ImageChops.difference(one, other).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()
