"""Colours: hex codes read and checked, sRGB to CIE L*a*b* (D65), and how far apart two look (CIEDE2000).

`difference` below 1 is not seen, 2 to 3 is seen side by side, above 10 at a glance.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from PIL import Image, ImageStat

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
WHITE = (0.95047, 1.0, 1.08883)  # D65, as sRGB has it


class Lab(NamedTuple):
    """`lightness` 0 to 100; `a` green to red, `b` blue to yellow, about -128 to 127."""

    lightness: float
    a: float
    b: float


def normal(text: str) -> str:
    """`#RGB` or `#RRGGBB`, the sign optional → `#rrggbb`. Raises ValueError with a sentence to show."""
    found = HEX.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"{text.strip()[:20] or 'Nothing'} is not a colour code. Six digits or letters a to f, like #c9a0a0."
        )
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def is_hex(text: str) -> bool:
    return bool(HEX.fullmatch(text.strip()))


def rgb(code: str) -> tuple[int, int, int]:
    """Red, green, blue, 0 to 255. Raises ValueError as `normal`."""
    digits = normal(code)[1:]
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def mean(picture: Image.Image) -> str:
    """The mean of an RGB picture, as a code."""
    return "#{:02x}{:02x}{:02x}".format(*(round(level) for level in ImageStat.Stat(picture).mean))


def lab(code: str) -> Lab:
    """Raises ValueError as `normal`."""
    return lab_of(*rgb(code))


def lab_of(red: float, green: float, blue: float) -> Lab:
    """Of sRGB levels, 0 to 255. IEC 61966-2-1, then CIE 15."""
    red, green, blue = (_linear(level / 255) for level in (red, green, blue))
    x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    fx, fy, fz = (_root(value / white) for value, white in zip((x, y, z), WHITE, strict=True))
    return Lab(116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))


def code_of(seen: Lab) -> str:
    """The sRGB code nearest to a colour: levels that sRGB cannot show are cut off."""
    fy = (seen.lightness + 16) / 116
    x, y, z = (
        white * _unroot(part) for white, part in zip(WHITE, (fy + seen.a / 500, fy, fy - seen.b / 200), strict=True)
    )
    levels = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    return "#{:02x}{:02x}{:02x}".format(*(round(255 * _bent(min(1.0, max(0.0, level)))) for level in levels))


def difference(one: str, other: str) -> float:
    """CIEDE2000 between two codes. Raises ValueError as `normal`."""
    return ciede2000(lab(one), lab(other))


def ciede2000(one: Lab, other: Lab) -> float:
    """After Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula", with all weights 1."""
    chroma = (math.hypot(one.a, one.b) + math.hypot(other.a, other.b)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    c1, c2 = math.hypot(one.a * stretch, one.b), math.hypot(other.a * stretch, other.b)
    h1, h2 = _hue(one.a * stretch, one.b), _hue(other.a * stretch, other.b)
    neutral = c1 * c2 == 0
    turn = 0.0 if neutral else (h2 - h1 + 180) % 360 - 180
    if not neutral and turn == -180:
        turn = 180.0 if h2 > h1 else -180.0
    lightness, chroma = (one.lightness + other.lightness) / 2, (c1 + c2) / 2
    hue = h1 + h2 if neutral else (h1 + h2) / 2 + (180 if abs(h1 - h2) > 180 else 0)

    t = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )  # fmt: skip
    by_lightness = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    by_chroma = 1 + 0.045 * chroma
    by_hue = 1 + 0.015 * chroma * t
    turning = 30 * math.exp(-(((hue % 360 - 275) / 25) ** 2))
    bend = -2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * math.sin(math.radians(2 * turning))
    dl = (other.lightness - one.lightness) / by_lightness
    dc = (c2 - c1) / by_chroma
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / by_hue
    return math.sqrt(dl * dl + dc * dc + dh * dh + bend * dc * dh)


def _linear(level: float) -> float:
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _bent(level: float) -> float:
    return level * 12.92 if level <= 0.0031308 else 1.055 * level ** (1 / 2.4) - 0.055


def _unroot(value: float) -> float:
    return value**3 if value**3 > 216 / 24389 else (116 * value - 16) * 27 / 24389


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
