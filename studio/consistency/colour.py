"""How a colour came out, in words with the number beside them. Pure. A measure judges nothing: a person does.

The words compare what is seen: they cannot tell another paint from another light.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from studio.media.colour import Lab, ciede2000

CLOSE = 5.0  # CIEDE2000: seen side by side, not from panel to panel
FAR = 12.0  # at a glance
LIGHTER = 4.0  # L*
WARMER = 4.0  # along the line from blue to orange that light moves on
STRONGER = 6.0  # chroma
GREY = 10.0  # chroma below which a colour has no hue to speak of
TURNED = 35.0  # degrees of hue
WARM = math.radians(72)  # where tungsten light moves a grey to
MIXED = 14.0  # of a box's samples: it holds more than one colour
ODD = 8.0  # from the others of its row
FEWEST = 3  # measured panels that say what a row is like


class Said(NamedTuple):
    """`words`: close, or how it differs, the most telling first. `tone` as the stylesheet names it."""

    words: str
    difference: float
    tone: str

    @property
    def close(self) -> bool:
        return self.words == "close"


def said(base: Lab, seen: Lab) -> Said:
    """`seen` beside `base`: "darker, less saturated"."""
    apart = ciede2000(base, seen)
    if apart <= CLOSE:
        return Said("close", apart, "")
    tone = "bad" if apart > FAR else "warn"
    before, after = math.hypot(base.a, base.b), math.hypot(seen.a, seen.b)
    if min(before, after) > GREY and abs(_turn(base, seen)) > TURNED:
        return Said("another hue", apart, tone)
    light, strength = seen.lightness - base.lightness, after - before
    warmth = (seen.a - base.a) * math.cos(WARM) + (seen.b - base.b) * math.sin(WARM)
    if before > GREY:  # of a coloured thing only what turns its hue: more of it is "more saturated"
        warmth = _turned(base, seen)
    found = [
        (abs(light) / LIGHTER, "lighter" if light > 0 else "darker"),
        (abs(warmth) / WARMER, "warmer" if warmth > 0 else "cooler"),
        (abs(strength) / STRONGER if before > GREY else 0, "more saturated" if strength > 0 else "less saturated"),
    ]
    telling = [word for weight, word in sorted(found, reverse=True) if weight >= 1]
    return Said(", ".join(telling[:2]) or max(found)[1], apart, tone)


def odd(seen: Lab, others: list[Lab], base: Lab) -> bool:
    """Whether a panel's colour stands out: from the one that most others are like, or from the base where no half agrees."""
    like = max(others, key=lambda one: _like(one, others), default=base)
    agreed = len(others) >= FEWEST and 2 * _like(like, others) > len(others)
    return ciede2000(seen, like if agreed else base) > ODD


def _like(one: Lab, others: list[Lab]) -> int:
    return sum(ciede2000(one, other) <= ODD for other in others)


def _turn(one: Lab, other: Lab) -> float:
    """Degrees of hue from one to the other, -180 to 180."""
    degrees = math.degrees(math.atan2(other.b, other.a) - math.atan2(one.b, one.a))
    return (degrees + 180) % 360 - 180


def _turned(base: Lab, seen: Lab) -> float:
    """How far the hue moved towards warm, as a length in the colour plane; towards cool it is negative."""
    before, after = (math.atan2(one.b, one.a) for one in (base, seen))
    nearer = abs(_wrapped(before - WARM)) - abs(_wrapped(after - WARM))
    return 2 * math.sqrt(math.hypot(base.a, base.b) * math.hypot(seen.a, seen.b)) * math.sin(nearer / 2)


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi
