"""What is worn on a head."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from studio.providers.sketch.pen import Point, oval, shade, smooth

if TYPE_CHECKING:
    from studio.providers.sketch.faces import Head


def draw_hat(head: Head) -> None:
    """The hat of the head's look, with its patch where that side shows."""
    {"beanie": _beanie, "cap": _cap, "brim": _brim, "souwester": _souwester, "helmet": _helmet, "hood": _hood}[
        head.look.hat or "beanie"
    ](head)


def _dome(head: Head, high: float, wide: float, rim: float) -> list[Point]:
    """A dome over the crown; the rim lies `rim` above the chin at the front and dips toward the back."""
    low, top = head.half(-104)
    back = -6 * math.sin(head.angle)
    tip = 12 * math.cos(head.angle) * 0
    left, right = low * wide, top * wide
    dip = 9 * math.sin(head.angle)
    return [
        (left, -rim + max(0, dip)), (left * 1.02, -rim - 18), (left * 0.86 + back, -150), (back + left * 0.4, -high + 3),
        (back + tip, -high), (back + right * 0.4, -high + 3), (right * 0.86 + back, -150), (right * 1.02, -rim - 18),
        (right, -rim + max(0, -dip)),
    ]  # fmt: skip


def _beanie(head: Head) -> None:
    pen, look = head.pen, head.look
    colour = look.hat_colour
    rim = 100 - head.slip * 0.7
    bow = 8 + head.slip * 0.3
    dome = _dome(head, 176, 1.1, rim)
    pen.shape(head.to([*smooth(dome, False), (0, -rim + bow)]), colour, 26)
    left, right = dome[0][0] * 1.05, dome[-1][0] * 1.05
    l_y, r_y = dome[0][1], dome[-1][1]
    band = smooth(
        [
            (left, l_y + 4),
            (left * 1.0, l_y - 27),
            (left * 0.5, l_y - 27 + bow * 0.8),
            (0, -rim - 24 + bow),
            (right * 0.5, r_y - 27 + bow * 0.8),
            (right, r_y - 27),
            (right, r_y + 4),
            (right * 0.5, r_y + bow),
            (0, -rim + 5 + bow),
            (left * 0.5, l_y + bow),
        ]
    )
    for k in range(-5, 6):
        x = k * 11.0
        pen.line(
            head.to(smooth([(x * 0.9, -rim - 24), (x * 0.85, -150), (x * 0.35, -172)], False)),
            1.6,
            shade(colour, -0.35),
            0.28,
        )
    pen.shape(head.to(band), shade(colour, -0.1), 9, drop=0.4)
    for k in range(-9, 10):
        a = math.asin(max(-0.98, min(0.98, k / 9.4)))
        x = math.sin(a) * max(abs(left), abs(right)) * 0.98
        lean = l_y + (r_y - l_y) * (x - left) / ((right - left) or 1)
        y = lean + bow * math.cos(a)
        pen.line(head.to([(x, y - 24), (x, y + 1)]), 2.2, shade(colour, -0.45), 0.3)
    if look.patch and not head.behind:
        x, near = head.lon(0, 60)
        if near > 0.12:
            patch(head, x, -rim - 12 + bow * near, 15 * near, 15)


def patch(head: Head, x: float, y: float, wide: float, high: float) -> None:
    """A small sewn sign."""
    pen, look = head.pen, head.look
    box = smooth(
        [
            (x - wide, y - high * 0.8),
            (x, y - high * 0.86),
            (x + wide, y - high * 0.8),
            (x + wide * 1.02, y + high * 0.8),
            (x, y + high * 0.9),
            (x - wide * 1.02, y + high * 0.8),
        ],
        steps=3,
    )
    pen.shape(head.to(box), look.patch_colour, 3, drop=0.35)
    ink = shade(look.hat_colour, -0.35)
    if look.patch == "bolt":
        ring: list[Point] = [
            (x + wide * 0.25, y - high * 0.62),
            (x - wide * 0.5, y + high * 0.1),
            (x - wide * 0.02, y + high * 0.1),
            (x - wide * 0.25, y + high * 0.66),
            (x + wide * 0.5, y - high * 0.14),
            (x + wide * 0.04, y - high * 0.14),
        ]
        pen.tint(head.to(ring), ink, 1)
    elif look.patch == "antenna":
        pen.line(head.to([(x, y - high * 0.5), (x, y + high * 0.6)]), 2.6, ink)
        pen.line(head.to(smooth([(x - wide * 0.55, y), (x, y - high * 0.55), (x + wide * 0.55, y)], False)), 2.6, ink)
    elif look.patch == "anchor":
        pen.line(head.to([(x, y - high * 0.5), (x, y + high * 0.5)]), 2.4, ink)
        pen.line(
            head.to(
                smooth(
                    [(x - wide * 0.55, y + high * 0.1), (x, y + high * 0.6), (x + wide * 0.55, y + high * 0.1)], False
                )
            ),
            2.4,
            ink,
        )
    else:
        pen.tint(head.to(oval(x, y, wide * 0.4, high * 0.4)), ink, 1)


def _cap(head: Head) -> None:
    pen, colour = head.pen, head.look.hat_colour
    rim = 108 - head.slip * 0.6
    dome = _dome(head, 166, 1.07, rim)
    pen.shape(head.to([*smooth(dome, False), (0, -rim + 6)]), colour, 24)
    pen.line(
        head.to(smooth([(dome[0][0], dome[0][1] - 6), (0, -rim - 2), (dome[-1][0], dome[-1][1] - 6)], False)),
        4,
        shade(colour, -0.4),
        0.6,
    )
    if not head.behind:
        x, near = head.lon(0, 60)
        tip = head.lon(0, 100)[0]
        wide = 50 * max(0.25, near)
        visor = smooth(
            [
                (x - wide, -rim + 2),
                (tip * 0.8 - wide * 0.9, -rim + 10 + 4 * near),
                (tip, -rim + 14),
                (tip * 0.8 + wide * 0.9, -rim + 10 + 4 * near),
                (x + wide, -rim + 2),
                (x, -rim - 8),
            ]
        )
        pen.shape(head.to(visor), shade(colour, -0.2), 6)
        if head.look.patch and near > 0.2:
            patch(head, x, -rim - 26, 15 * near, 14)


def _brim(head: Head) -> None:
    pen, colour = head.pen, head.look.hat_colour
    rim = 108 - head.slip * 0.6
    pen.shape(head.to(oval(0, -rim, 98, 17 + head.slip * 0.3)), shade(colour, -0.12), 9)
    crown = _dome(head, 188, 1.04, rim + 2)
    pen.shape(head.to([*smooth(crown, False), (0, -rim + 8)]), colour, 24)
    band = [
        (crown[0][0], -rim - 2),
        (crown[0][0], -rim - 20),
        (0, -rim - 14),
        (crown[-1][0], -rim - 20),
        (crown[-1][0], -rim - 2),
        (0, -rim + 7),
    ]
    pen.shape(head.to(smooth(band, steps=4)), shade(colour, -0.5), 4, drop=0)


def _souwester(head: Head) -> None:
    pen, colour = head.pen, head.look.hat_colour
    rim = 106 - head.slip * 0.6
    back = -30 * math.sin(head.angle)
    brim = [
        (-72 + back, -rim + 6),
        (-60 + back, -rim - 16),
        (0, -rim - 20),
        (60 + back, -rim - 16),
        (72 + back, -rim + 6),
        (back * 1.5, -rim + 24),
    ]
    pen.shape(head.to(smooth(brim)), shade(colour, -0.1), 9)
    pen.shape(head.to([*smooth(_dome(head, 172, 1.04, rim), False), (0, -rim + 6)]), colour, 24)


def _helmet(head: Head) -> None:
    pen, colour = head.pen, head.look.hat_colour
    rim = 104 - head.slip * 0.6
    pen.shape(head.to([*smooth(_dome(head, 180, 1.16, rim), False), (0, -rim + 8)]), colour, 26)
    pen.shape(head.to(oval(head.lon(0, 20)[0], -rim + 1, 72, 8)), shade(colour, -0.2), 4)
    pen.line(head.to(smooth([(-14, -rim - 4), (-12, -150), (0, -178)], False)), 3, shade(colour, 0.4), 0.5)


def _hood(head: Head) -> None:
    pen, colour = head.pen, head.look.hat_colour
    outer = [(-70, 10), (-80, -70), (-62, -150), (0, -178), (62, -150), (80, -70), (70, 10)]
    if head.behind:
        pen.shape(head.to(smooth(outer)), colour, 28)
        return
    x = head.lon(0, 24)[0]
    inner = [(x + 46, 6), (x + 55, -70), (x + 42, -128), (x, -142), (x - 42, -128), (x - 55, -70), (x - 46, 6)]
    ring = [*smooth(outer, False), *smooth(inner, False)]
    pen.shape(head.to(ring), colour, 16)
