"""Heads: a face as a patch on a ball of hair, so that every turn is drawn from the same numbers.

Units are those of the figure; the chin is (0, 0) and the crown (0, -148). `turn` is degrees: 0 to us, 90 to our right.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from studio.providers.sketch.hats import draw_hat
from studio.providers.sketch.look import Look
from studio.providers.sketch.pen import Pen, Point, mix, oval, shade, smooth

FRONT = [
    (0, -148), (32, -142), (51, -118), (56, -90), (55, -72), (54, -56), (52, -42), (46, -24), (26, -4), (0, 2),
    (-26, -4), (-46, -24), (-54, -56), (-56, -90), (-51, -118), (-32, -142),
]  # fmt: skip
SIDE = [
    (2, -148), (36, -141), (55, -118), (59, -96), (55, -80), (69, -53), (59, -43), (58, -24), (50, -2), (30, 4),
    (6, -10), (-10, -28), (-52, -52), (-66, -88), (-60, -122), (-34, -144),
]  # fmt: skip
# (height above the chin, degrees from the middle of the face at which the hair begins)
HAIRLINE = [(124, 0), (120, 24), (112, 42), (100, 54), (84, 62), (66, 74), (52, 92), (42, 112), (34, 135), (24, 160)]
HIGH = [(136, 0), (132, 26), (124, 48), (108, 60), (84, 68), (66, 76), (52, 92), (42, 112), (34, 135), (24, 160)]


class Head:
    """One head being drawn: its turn, its size, and where its points fall."""

    def __init__(self, pen: Pen, look: Look, x: float, y: float, turn: float, nod: float, size: float) -> None:
        self.pen, self.look, self.x, self.y, self.size = pen, look, x, y, size
        self.turn = (turn + 180) % 360 - 180
        self.angle = math.radians(self.turn)
        self.side = 1 if self.angle >= 0 else -1
        self.sway = abs(math.sin(self.angle))
        self.behind = math.cos(self.angle) < -0.35
        self.slip = 24 * math.sin(math.radians(max(-50, min(60, nod))))
        self.outline = [self._blend(f, s) for f, s in zip(FRONT, SIDE, strict=True)]

    def _blend(self, front: Point, side: Point) -> Point:
        share = self.sway**2.6
        if abs(self.turn) > 90:  # seen from behind the face only shows as the edge of a cheek
            share *= 0.75
        return ((front[0] * (1 - share) + side[0] * share) * self.side, front[1] * (1 - share) + side[1] * share)

    def to(self, points: list[Point]) -> list[Point]:
        return [(self.x + x * self.size, self.y + y * self.size) for x, y in points]

    def lon(self, degrees: float, radius: float = 52) -> tuple[float, float]:
        """x of a point on the face at `degrees` from its middle, and how much it faces us (1 full, below 0 hidden)."""
        a = math.radians(degrees) + self.angle
        return radius * 0.9 * math.sin(a), math.cos(a)

    def half(self, y: float) -> tuple[float, float]:
        """Left and right edge of the head at height y."""
        curve = self.outline
        xs = []
        for (x0, y0), (x1, y1) in zip(curve, curve[1:] + curve[:1], strict=True):
            if (y0 - y) * (y1 - y) <= 0 and y0 != y1:
                xs.append(x0 + (x1 - x0) * (y - y0) / (y1 - y0))
        return (min(xs), max(xs)) if xs else (-30, 30)

    def patch(self, levels: list[tuple[float, float]], drop: float = 0.0) -> list[Point]:
        """The part of the face within the given degrees at each height, running past the head's edge where it does."""
        left, right = [], []
        for height, limit in levels:
            y = -height + drop
            low, high = self.half(max(-146, min(0, -height)))
            edge = max(abs(low), abs(high))
            lo, hi = math.radians(-limit) + self.angle, math.radians(limit) + self.angle
            if limit >= 170:
                left.append((-90.0, y))
                right.append((90.0, y))
                continue
            a, b = max(lo, -math.pi / 2), min(hi, math.pi / 2)
            if self.angle > math.pi / 2 and lo > math.pi / 2 or self.angle < -math.pi / 2 and hi < -math.pi / 2:
                x = 90.0 * self.side
                left.append((x, y))
                right.append((x, y))
                continue
            left.append((-90.0 if lo < -math.pi / 2 else edge * math.sin(a), y))
            right.append((90.0 if hi > math.pi / 2 else edge * math.sin(b), y))
        return left + right[::-1]


def behind(head: Head) -> None:
    """Hair that falls behind the neck and shoulders, drawn before the body where the face is toward us."""
    look, pen = head.look, head.pen
    lean = -20 * math.sin(head.angle)
    if look.hair == "long":
        low = 170
        ring = [(-58, -100), (-70, -30), (-74 + lean, 60), (-62 + lean, low), (0 + lean, low + 16), (62 + lean, low), (74 + lean, 60), (70, -30), (58, -100)]
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
    ring = [(x - 14, -70), (x + out - 30, -30), (x + out - 28, 30), (x + out * 1.3, 72), (x + out + 28, 30), (x + out + 30, -30), (x + 14, -70)]
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


def draw_head(head: Head) -> None:
    """Skull, hair, face, beard, hat and what hangs on them, back to front."""
    look, pen = head.look, head.pen
    bald = look.hair == "bald"
    outline = smooth(head.outline)
    grown = {"cropped": 1.03, "short": 1.07, "curly": 1.13, "afro": 1.36}.get(look.hair, 1.08)
    if not bald:
        ball = [(x * grown, -84 + (y + 84) * grown) if y < -46 else (x * 1.02, y) for x, y in outline]
        pen.shape(head.to(ball), look.hair_colour, 24)
        if look.hair in {"curly", "afro"} or (look.marks.get("curl") and not look.hat):
            _curls(head, grown)
    line = HIGH if look.old or look.hair == "cropped" else HAIRLINE
    face = head.patch([(160, 180)] if bald else []) if bald else head.patch(line, head.slip * 0.5)
    if bald:
        pen.shape(head.to(outline), look.skin, 26)
    elif not (head.behind and abs(head.turn) > 158):
        pen.shape(head.to(outline), look.skin, 24, clip=head.to([*face[: len(line)], *_chin(face, line), *face[len(line) :]]), drop=0.25)
    else:
        pen.shape(head.to(outline), look.skin, 20, clip=head.to([(-60, -30), (60, -30), (60, 30), (-60, 30)]), drop=0.2)
        nape = [(-52, -78), (-44, -26), (-18, -12), (0, -8), (18, -12), (44, -26), (52, -78)]
        pen.shape(head.to(smooth(nape)), look.hair_colour, 14, drop=0)
    _ears(head)
    if not head.behind:
        _features(head)
        if look.beard:
            _beard(head)
        if look.glasses:
            _glasses(head)
    if look.hat:
        _fringe(head)
        draw_hat(head)
    else:
        _locks(head)
    if head.behind:
        _back_hair(head)


def _chin(face: list[Point], line: list[tuple[float, float]]) -> list[Point]:
    """Closes the patch below the jaw."""
    last, first = face[len(line) - 1], face[len(line)]
    return [(last[0] * 1.02 - 4, 14), (first[0] * 1.02 + 4, 14)]


def _curls(head: Head, grown: float) -> None:
    dice = random.Random(11)
    count, size = (26, 15) if head.look.hair == "afro" else (22, 13)
    for step in range(count):
        a = math.pi * (0.86 + step / (count - 1) * 1.28)
        x, y = 56 * grown * math.cos(a) * 0.98, -92 + 58 * grown * math.sin(a)
        head.pen.shape(
            head.to(oval(x + dice.uniform(-3, 3), y + dice.uniform(-3, 3), size, size - 1)),
            shade(head.look.hair_colour, dice.uniform(-0.1, 0.1)), 8, drop=0.3,
        )  # fmt: skip


def _ears(head: Head) -> None:
    for way in (-90, 90):
        x, near = head.lon(way, 55)
        if near < -0.15 or (head.look.hair in {"long", "bob", "afro"} and near < 0.9):
            continue
        wide = 6 + 7 * max(0.0, near)
        skin = shade(head.look.skin, -0.1)
        if head.look.hair not in {"long", "bob", "afro"}:
            head.pen.shape(head.to(oval(x, -64, wide, 16)), skin, 6, drop=0.3)
            head.pen.tint(head.to(oval(x + 1, -64, wide * 0.5, 9)), shade(skin, -0.4), 0.4)
        if head.look.earring:
            head.pen.shape(head.to(oval(x, -42, 4.5, 4.5)), head.look.earring, 2)
        if head.look.cuff and way * head.side <= 90 and (way == 90) == (head.turn <= 60):
            head.pen.shape(head.to(oval(x, -70, wide * 0.9, 5.5)), head.look.cuff, 3)
            head.pen.line(head.to([(x - wide * 0.6, -72), (x + wide * 0.6, -71)]), 2, "#ffffff", 0.8)


def _features(head: Head) -> None:
    look, pen = head.look, head.pen
    slip = head.slip
    dark = shade(look.skin, -0.5)
    for way in (-28, 28):
        x, near = head.lon(way, 50)
        if near > 0.2:
            pen.glow(*head.to([(x, -48 + slip)])[0], 19 * near * head.size, 13 * head.size, mix(look.skin, "#b03a2b", 0.55), 0.22)
    for way in (-24, 24):
        x, near = head.lon(way, 58 - 8 * head.sway)
        if near < 0.12:
            continue
        wide, y = 13.5 * (0.35 + 0.65 * near), -77 + slip
        pen.glow(*head.to([(x, y - 2)])[0], wide * 1.5 * head.size, 14 * head.size, shade(look.skin, -0.5), 0.22)
        lids = smooth([(x - wide, y + 1.5), (x - wide * 0.3, y - 5.5), (x + wide * 0.4, y - 5.5), (x + wide, y + 1), (x + wide * 0.2, y + 5.5), (x - wide * 0.4, y + 5.5)])
        pen.tint(head.to(lids), "#efe9e0", 1)
        gaze = x + 2.5 * math.sin(head.angle)
        pen.tint(head.to(oval(gaze, y, 5.6 * (0.5 + 0.5 * near), 5.8)), look.eyes, 1)
        pen.tint(head.to(oval(gaze, y, 2.8 * (0.5 + 0.5 * near), 3)), "#0d0b0b", 1)
        pen.tint(head.to(oval(gaze - 1.6, y - 2, 1.3, 1.3)), "#ffffff", 0.9)
        pen.line(head.to(smooth([(x - wide * 1.1, y + 1), (x - wide * 0.3, y - 6), (x + wide * 0.5, y - 6), (x + wide * 1.1, y)], False)), 3.2, "#1d1413")
        brow = look.hair_colour if look.hair != "bald" else "#3a2a22"
        if look.old and look.beard:
            brow = look.beard
        out = wide * (1.35 if way > 0 else 1.1), wide * (1.1 if way > 0 else 1.35)
        arch = [(x - out[1], y - 13), (x, y - 19), (x + out[0], y - 13), (x + out[0] * 0.9, y - 16), (x, y - 24), (x - out[1] * 0.9, y - 16)]
        pen.tint(head.to(smooth(arch)), shade(brow, -0.15), 0.92 * look.brow)
        if look.old:
            pen.line(head.to(smooth([(x - wide, y + 12), (x, y + 15), (x + wide, y + 11)], False)), 1.6, dark, 0.5)
    _nose(head, dark)
    middle, near = head.lon(0, 57)
    if near > 0.08 or head.sway > 0.9:
        wide, y = 19 * (0.42 + 0.58 * max(near, 0.0)), -25 + slip * 0.9
        x = middle * 0.94
        up = 3.5 if look.smile else 1.2
        pen.tint(head.to(smooth([(x - wide, y - up), (x - wide * 0.35, y - 5), (x, y - 3.5), (x + wide * 0.35, y - 5), (x + wide, y - up), (x, y + 1.5)])), shade(look.lips, -0.15), 0.95)
        pen.tint(head.to(smooth([(x - wide * 0.9, y - up + 0.5), (x, y + 1), (x + wide * 0.9, y - up + 0.5), (x + wide * 0.4, y + 7), (x - wide * 0.4, y + 7)])), look.lips, 0.95)
        pen.line(head.to(smooth([(x - wide, y - up), (x, y + 1), (x + wide, y - up)], False)), 1.8, shade(look.lips, -0.55), 0.9)
        pen.tint(head.to(oval(x, y + 13, wide * 0.5, 2.6)), dark, 0.28)
    if look.old:
        for way in (-24, 24):
            x, near = head.lon(way, 52)
            if near > 0.25:
                pen.line(head.to(smooth([(x * 0.9, -52 + slip), (x * 1.05, -40 + slip), (x * 1.04, -28 + slip)], False)), 1.8, dark, 0.5)
        for y in (-108, -101):
            a, b = head.lon(-22, 52)[0], head.lon(22, 52)[0]
            pen.line(head.to(smooth([(a, y + slip), ((a + b) / 2, y - 3 + slip), (b, y + slip)], False)), 1.5, dark, 0.35)
    if look.mole:
        x, near = head.lon(look.mole[0], 50)
        if near > 0.15:
            pen.tint(head.to(oval(x, -look.mole[1] + slip, 3.9 * (0.4 + 0.6 * near), 4)), "#3a201a", 1)
    if look.freckles:
        dice = random.Random(3)
        for _ in range(46):
            x, near = head.lon(dice.uniform(-42, 42), 54)
            y = -58 + dice.gauss(0, 7) + slip
            if near > 0.3:
                pen.tint(head.to(oval(x, y, 1.5, 1.4, steps=8)), "#8a4a2c", 0.6)
    if look.scar:
        x, near = head.lon(34, 54)
        if near > 0.2:
            pen.line(head.to([(x - 3, -58 + slip), (x + 4, -34 + slip)]), 2.4, mix(look.skin, "#f4d8cc", 0.7), 0.9)


def _nose(head: Head, dark: str) -> None:
    pen, slip, look = head.pen, head.slip, head.look
    root, _ = head.lon(0, 52)
    tip, near = head.lon(0, 70)
    if near < 0.05:
        pen.tint(head.to(oval(tip * 0.86, -45 + slip, 4, 3)), dark, 0.5)
        return
    way = head.side if head.sway > 0.12 else 1
    side = [(root + 2, -82 + slip), (tip + 1, -54 + slip), (tip + way * 9 * near, -46 + slip), (tip, -42 + slip), (tip - way * 4, -45 + slip), (root - way * 3, -66 + slip)]
    pen.tint(head.to(smooth(side)), shade(look.skin, -0.35), 0.34)
    pen.tint(head.to(oval(tip + way, -50 + slip, 7, 5.5)), shade(look.skin, 0.25), 0.35)
    for s in (-1, 1):
        pen.tint(head.to(oval(tip + s * 6.5 * (0.35 + 0.65 * near) - way * 1.5, -43.5 + slip, 2.8, 1.8)), shade(look.skin, -0.62), 0.75)
    pen.line(head.to(smooth([(tip - 10 * near, -44 + slip), (tip, -40 + slip), (tip + 10 * near, -44 + slip)], False)), 1.6, dark, 0.5)


def _beard(head: Head) -> None:
    look, pen, slip = head.look, head.pen, head.slip * 0.8
    colour = look.beard or "#8b8d90"
    swell = [(x * 1.05, y * 1.0 if y < -40 else y + 10 * (1 + y / 40)) for x, y in smooth(head.outline)]
    if look.beard_full:
        zone = head.patch([(40, 84), (20, 92), (0, 92), (-16, 92)], slip)
        pen.shape(head.to(swell), colour, 15, clip=head.to(zone), drop=0.2)
        for way in (-1, 1):
            line = [(head.lon(way * d, 56)[0], -h + slip) for d, h in ((86, 74), (74, 74), (58, 46), (30, 36), (60, 24), (90, 36))]
            if head.lon(way * 66, 56)[1] > 0.05:
                pen.shape(head.to(smooth(line)), colour, 9, clip=head.to(smooth(head.outline)), drop=0)
        x, near = head.lon(0, 58)
        pen.tint(head.to(oval(x * 0.95, -23 + slip, 14 * (0.4 + 0.6 * max(0, near)), 4)), look.lips, 1)
        pen.line(head.to([(x * 0.95 - 13 * max(0.3, near), -24 + slip), (x * 0.95 + 13 * max(0.3, near), -24 + slip)]), 1.6, shade(look.lips, -0.5), 0.8)
        dice = random.Random(8)
        for _ in range(34):
            px, pn = head.lon(dice.uniform(-62, 62), 52)
            py = dice.uniform(-20, 6)
            if pn > 0.1 and abs(py + 23) > 7:
                pen.line(head.to([(px, py + slip), (px * 1.03, py + 9 + slip)]), 1.3, shade(colour, dice.choice((-0.28, 0.3))), 0.6)
    x, near = head.lon(0, 61)
    if near > 0:
        wide = 25 * (0.4 + 0.6 * near)
        ring = [(x - wide, -26 + slip), (x - wide * 0.6, -37 + slip), (x, -38 + slip), (x + wide * 0.6, -37 + slip), (x + wide, -26 + slip), (x + wide * 0.4, -29 + slip), (x, -31 + slip), (x - wide * 0.4, -29 + slip)]
        pen.shape(head.to(smooth(ring)), shade(colour, 0.08), 5, drop=0.25)


def _glasses(head: Head) -> None:
    pen, colour, slip = head.pen, head.look.glasses or "#222222", head.slip
    centres = []
    for way in (-24, 24):
        x, near = head.lon(way, 61)
        if near > 0.1:
            wide = 17 * (0.35 + 0.65 * near)
            ring = [(px, py) for px, py in oval(x, -76 + slip, wide, 15)]
            pen.tint(head.to(ring), "#cfe2ee", 0.2)
            pen.line(head.to([*ring, ring[0]]), 3.2, colour)
            centres.append((x, wide))
    if len(centres) == 2:
        (a, wa), (b, wb) = centres
        pen.line(head.to([(a + wa, -78 + slip), ((a + b) / 2, -81 + slip), (b - wb, -78 + slip)]), 3, colour)
    ear, near = head.lon(-90 * head.side, 55)
    if near > 0.1 and centres:
        x, wide = centres[0] if head.side > 0 else centres[-1]
        pen.line(head.to([(x - head.side * wide, -78 + slip), (ear, -74)]), 3, colour)


def _fringe(head: Head) -> None:
    """Hair that shows under the rim of a hat, at the temples."""
    if head.look.hair in {"bald", "cropped"} or head.behind:
        return
    for way in (-72, 72):
        x, near = head.lon(way, 57)
        if near > 0.02:
            dice = random.Random(21)
            if head.look.marks.get("curl") or head.look.hair == "curly":
                coils = [(x + 5 * math.sin(y * 0.32) + dice.uniform(-1, 1), float(y)) for y in range(-106, -50, 5)]
                head.pen.shape([head.to(oval(px, py, 8 - (py + 106) * 0.05, 6, steps=14)) for px, py in coils], head.look.hair_colour, 6, drop=0.2)
                for px, py in coils[::2]:
                    arc = [(px - 5, py + 2), (px, py - 3), (px + 5, py + 1)]
                    head.pen.line(head.to(smooth(arc, False)), 1.5, shade(head.look.hair_colour, 0.3), 0.45)
            else:
                lock = [(x - 9, -108), (x + 6, -104), (x + 5, -76), (x, -50), (x - 8, -74)]
                head.pen.shape(head.to(smooth(lock)), head.look.hair_colour, 5, drop=0.2)


def _locks(head: Head) -> None:
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
            ring = [(apex, -158), (edge * 0.75, -148), (edge * 1.04, -104), (edge * 1.1, -50), (edge * 1.14, reach * 0.35), (edge * 0.96, reach), (edge * 0.72, reach * 0.6), (inner * 0.98, -34), (inner * 0.94, -72), (inner * 0.72, -104), (apex, -122)]
            pen.shape(to(smooth(ring)), look.hair_colour, 12, drop=0.45)
            for k in (0.25, 0.55, 0.8):
                strand = [(apex * (1 - k) + edge * k * 0.7, -146), (edge * (0.84 + 0.2 * k), -96), (edge * (0.8 + 0.28 * k), reach * 0.4)]
                pen.line(to(smooth(strand, False)), 1.6, shade(look.hair_colour, 0.3), 0.4)
        elif reach is None and near > 0:
            ring = [(apex, -160), (edge * 0.8, -146), (edge * 1.0, -108), (edge * 0.97, -76), (temple * 0.99, -78), (temple * 0.92, -104), (apex * 0.6 + temple * 0.35, -124), (apex, -128 + 10 * part * way)]
            pen.shape(to(smooth(ring)), look.hair_colour, 10, drop=0.35)
    for k in (-0.5, -0.2, 0.2, 0.5):
        pen.line(to(smooth([(apex, -152), (apex + 44 * k, -140), (apex + 80 * k, -122)], False)), 1.5, shade(look.hair_colour, 0.28), 0.35)


def _back_hair(head: Head) -> None:
    look, pen = head.look, head.pen
    colour = look.hair_colour
    if look.hair in {"long", "bob"}:
        low = 190 if look.hair == "long" else 30
        x = -8 * math.sin(head.angle)
        ring = [(0, -160), (-36, -150), (-58, -112), (-63, -60), (-70 + x, low * 0.3), (-66 + x, low * 0.75), (-40 + x, low), (-22 + x, low - 8), (x, low + 14), (24 + x, low - 6), (42 + x, low + 2), (66 + x, low * 0.75), (70 + x, low * 0.3), (63, -60), (58, -112), (36, -150)]
        pen.shape(head.to(smooth(ring)), colour, 26)
        for k in range(-3, 4):
            pen.line(head.to(smooth([(k * 12, -130), (k * 17, -40), (k * 14 + x, low - 10)], False)), 2, shade(colour, 0.25 if k % 2 else -0.3), 0.4)
    elif look.hair == "ponytail":
        _tail(head, 6 * math.sin(head.angle), shade(colour, 0.05))
        pen.shape(head.to(oval(6 * math.sin(head.angle), -64, 14, 8)), shade(colour, -0.4), 5)
    elif look.hair == "bun":
        pen.shape(head.to(oval(0, -120, 30, 27)), colour, 14)
