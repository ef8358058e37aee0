"""Hair: what falls behind, what frames the face, what is seen from the back."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.providers.sketch.pen import Point, oval, shade, smooth

if TYPE_CHECKING:
    from studio.providers.sketch.faces import Head


def behind(head: Head) -> None:
    """Hair that falls behind the neck and shoulders, drawn before the body where the face is toward us."""
    look, pen = head.look, head.pen
    lean = -20 * math.sin(head.angle)
    if look.hair == "long":
        low = 170
        ring = [
            (-58, -100),
            (-70, -30),
            (-74 + lean, 60),
            (-62 + lean, low),
            (0 + lean, low + 16),
            (62 + lean, low),
            (74 + lean, 60),
            (70, -30),
            (58, -100),
        ]
        pen.shape(head.to(smooth(ring)), shade(look.hair_colour, -0.12), 26)
    elif look.hair == "bob":
        ring = [(-60, -110), (-72, -40), (-66 + lean, 26), (0 + lean, 34), (66 + lean, 26), (72, -40), (60, -110)]
        pen.shape(head.to(smooth(ring)), shade(look.hair_colour, -0.12), 22)
    elif look.hair == "ponytail" and not head.behind:
        _tail(head, -64 * math.sin(head.angle) - 8 * head.side, shade(look.hair_colour, -0.1))


def _tail(head: Head, x: float, colour: str) -> None:
    """A short ponytail hanging from (x, -64)."""
    curl = head.look.marks.get("curl") or head.look.hair == "curly"
    out = -26 * math.sin(head.angle)
    ring = [
        (x - 14, -70),
        (x + out - 30, -30),
        (x + out - 28, 30),
        (x + out * 1.3, 72),
        (x + out + 28, 30),
        (x + out + 30, -30),
        (x + 14, -70),
    ]
    if not curl:
        head.pen.shape(head.to(smooth(ring)), colour, 16)
        return
    dice = random.Random(5)
    rings = [head.to(smooth(ring))]
    spots = []
    for step in range(17):
        y = -60 + step * 8
        wide = 33 - abs(step - 7) * 2.0
        for way in (-1, 1):
            spots.append((x + out * (0.4 + step / 20) + way * wide * dice.uniform(0.75, 1.05), y + dice.uniform(-3, 3)))
    rings += [head.to(oval(*spot, 10, 9, steps=14)) for spot in spots]
    head.pen.shape(rings, colour, 15)
    for sx, sy in spots:
        arc = [(sx - 7, sy + 3), (sx - 2, sy - 6), (sx + 6, sy - 3), (sx + 5, sy + 5)]
        head.pen.line(head.to(smooth(arc, False)), 1.8, shade(colour, 0.28), 0.4)


def curls(head: Head, grown: float) -> None:
    dice = random.Random(11)
    count, size = (26, 15) if head.look.hair == "afro" else (22, 13)
    for step in range(count):
        a = math.pi * (0.86 + step / (count - 1) * 1.28)
        x, y = 56 * grown * math.cos(a) * 0.98, -92 + 58 * grown * math.sin(a)
        head.pen.shape(
            head.to(oval(x + dice.uniform(-3, 3), y + dice.uniform(-3, 3), size, size - 1)),
            shade(head.look.hair_colour, dice.uniform(-0.1, 0.1)), 8, drop=0.3,
        )  # fmt: skip


def fringe(head: Head) -> None:
    """Hair that shows under the rim of a hat, at the temples."""
    if head.look.hair in {"bald", "cropped"} or head.behind:
        return
    for way in (-72, 72):
        x, near = head.lon(way, 57)
        if near > 0.02:
            dice = random.Random(21)
            if head.look.marks.get("curl") or head.look.hair == "curly":
                coils = [(x + 5 * math.sin(y * 0.32) + dice.uniform(-1, 1), float(y)) for y in range(-106, -50, 5)]
                head.pen.shape(
                    [head.to(oval(px, py, 8 - (py + 106) * 0.05, 6, steps=14)) for px, py in coils],
                    head.look.hair_colour,
                    6,
                    drop=0.2,
                )
                for px, py in coils[::2]:
                    arc = [(px - 5, py + 2), (px, py - 3), (px + 5, py + 1)]
                    head.pen.line(head.to(smooth(arc, False)), 1.5, shade(head.look.hair_colour, 0.3), 0.45)
            else:
                lock = [(x - 9, -108), (x + 6, -104), (x + 5, -76), (x, -50), (x - 8, -74)]
                head.pen.shape(head.to(smooth(lock)), head.look.hair_colour, 5, drop=0.2)


def locks(head: Head) -> None:
    """Hair in front of the face's edge, and the parting."""
    look, pen = head.look, head.pen
    if head.behind or look.hair in {"bald", "cropped", "curly", "afro"}:
        return
    to: Callable[[list[Point]], list[Point]] = head.to
    part = look.part or 0
    apex, _ = head.lon(18 * part, 40)
    reach = {"long": 150, "bob": 14}.get(look.hair)
    for way in (-1, 1):
        temple, near = head.lon(way * 62, 58)
        edge = head.half(-80)[0 if way < 0 else 1] * 1.12
        if reach is not None and near > -0.2:
            inner = temple * 1.08 if near > 0.3 else edge * 0.98
            ring = [
                (apex, -158),
                (edge * 0.75, -148),
                (edge * 1.04, -104),
                (edge * 1.1, -50),
                (edge * 1.14, reach * 0.35),
                (edge * 0.96, reach),
                (edge * 0.72, reach * 0.6),
                (inner * 0.98, -34),
                (inner * 0.94, -72),
                (inner * 0.72, -104),
                (apex, -122),
            ]
            pen.shape(to(smooth(ring)), look.hair_colour, 12, drop=0.45)
            for k in (0.25, 0.55, 0.8):
                strand = [
                    (apex * (1 - k) + edge * k * 0.7, -146),
                    (edge * (0.84 + 0.2 * k), -96),
                    (edge * (0.8 + 0.28 * k), reach * 0.4),
                ]
                pen.line(to(smooth(strand, False)), 1.6, shade(look.hair_colour, 0.3), 0.4)
        elif reach is None and near > 0:
            ring = [
                (apex, -160),
                (edge * 0.8, -146),
                (edge * 1.0, -108),
                (edge * 0.97, -76),
                (temple * 0.99, -78),
                (temple * 0.92, -104),
                (apex * 0.6 + temple * 0.35, -124),
                (apex, -128 + 10 * part * way),
            ]
            pen.shape(to(smooth(ring)), look.hair_colour, 10, drop=0.35)
    for k in (-0.5, -0.2, 0.2, 0.5):
        pen.line(
            to(smooth([(apex, -152), (apex + 44 * k, -140), (apex + 80 * k, -122)], False)),
            1.5,
            shade(look.hair_colour, 0.28),
            0.35,
        )


def rear(head: Head) -> None:
    look, pen = head.look, head.pen
    colour = look.hair_colour
    if look.hair in {"long", "bob"}:
        low = 190 if look.hair == "long" else 30
        x = -8 * math.sin(head.angle)
        ring = [
            (0, -160),
            (-36, -150),
            (-58, -112),
            (-63, -60),
            (-70 + x, low * 0.3),
            (-66 + x, low * 0.75),
            (-40 + x, low),
            (-22 + x, low - 8),
            (x, low + 14),
            (24 + x, low - 6),
            (42 + x, low + 2),
            (66 + x, low * 0.75),
            (70 + x, low * 0.3),
            (63, -60),
            (58, -112),
            (36, -150),
        ]
        pen.shape(head.to(smooth(ring)), colour, 26)
        for k in range(-3, 4):
            pen.line(
                head.to(smooth([(k * 12, -130), (k * 17, -40), (k * 14 + x, low - 10)], False)),
                2,
                shade(colour, 0.25 if k % 2 else -0.3),
                0.4,
            )
    elif look.hair == "ponytail":
        _tail(head, 6 * math.sin(head.angle), shade(colour, 0.05))
        pen.shape(head.to(oval(6 * math.sin(head.angle), -64, 14, 8)), shade(colour, -0.4), 5)
    elif look.hair == "bun":
        pen.shape(head.to(oval(0, -120, 30, 27)), colour, 14)
