"""Heads: a face as a patch on a ball of hair, so that every turn is drawn from the same numbers.

Units are those of the figure; the chin is (0, 0) and the crown (0, -148). `turn` is degrees: 0 to us, 90 to our right.
"""

from __future__ import annotations

import math

from studio.providers.sketch import features, hair
from studio.providers.sketch.hats import draw_hat
from studio.providers.sketch.look import Look
from studio.providers.sketch.pen import Pen, Point, smooth

FRONT = [
    (0, -148), (32, -142), (51, -118), (56, -90), (55, -72), (54, -56), (52, -42), (46, -24), (26, -4), (0, 2),
    (-26, -4), (-46, -24), (-54, -56), (-56, -90), (-51, -118), (-32, -142),
]  # fmt: skip
SIDE = [
    (2, -148), (36, -141), (55, -118), (59, -96), (55, -80), (69, -53), (59, -43), (58, -24), (50, -2), (30, 4),
    (6, -10), (-10, -28), (-52, -52), (-66, -88), (-60, -122), (-34, -144),
]  # fmt: skip
# (height above the chin, degrees from the middle of the face at which the hair begins)
HAIRLINE: list[tuple[float, float]] = [
    (124, 0),
    (120, 24),
    (112, 42),
    (100, 54),
    (84, 62),
    (66, 74),
    (52, 92),
    (42, 112),
    (34, 135),
    (24, 160),
]
HIGH: list[tuple[float, float]] = [
    (136, 0),
    (132, 26),
    (124, 48),
    (108, 60),
    (84, 68),
    (66, 76),
    (52, 92),
    (42, 112),
    (34, 135),
    (24, 160),
]


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
            if (self.angle > math.pi / 2 and lo > math.pi / 2) or (self.angle < -math.pi / 2 and hi < -math.pi / 2):
                x = 90.0 * self.side
                left.append((x, y))
                right.append((x, y))
                continue
            left.append((-90.0 if lo < -math.pi / 2 else edge * math.sin(a), y))
            right.append((90.0 if hi > math.pi / 2 else edge * math.sin(b), y))
        return left + right[::-1]


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
            hair.curls(head, grown)
    line = HIGH if look.old or look.hair == "cropped" else HAIRLINE
    face = head.patch(line, head.slip * 0.5)
    if bald:
        pen.shape(head.to(outline), look.skin, 26)
    elif not (head.behind and abs(head.turn) > 158):
        pen.shape(
            head.to(outline),
            look.skin,
            24,
            clip=head.to([*face[: len(line)], *_chin(face, line), *face[len(line) :]]),
            drop=0.25,
        )
    else:
        pen.shape(head.to(outline), look.skin, 20, clip=head.to([(-60, -30), (60, -30), (60, 30), (-60, 30)]), drop=0.2)
        nape = [(-52, -78), (-44, -26), (-18, -12), (0, -8), (18, -12), (44, -26), (52, -78)]
        pen.shape(head.to(smooth(nape)), look.hair_colour, 14, drop=0)
    features.ears(head)
    if not head.behind:
        features.features(head)
        if look.beard:
            features.beard(head)
        if look.glasses:
            features.glasses(head)
    if look.hat:
        hair.fringe(head)
        draw_hat(head)
    else:
        hair.locks(head)
    if head.behind:
        hair.rear(head)


def _chin(face: list[Point], line: list[tuple[float, float]]) -> list[Point]:
    """Closes the patch below the jaw."""
    last, first = face[len(line) - 1], face[len(line)]
    return [(last[0] * 1.02 - 4, 14), (first[0] * 1.02 + 4, 14)]
