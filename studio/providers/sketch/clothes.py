"""Jackets, coats, knits, suits, skirts and belts on the trunk."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from studio.providers.sketch.look import Look
from studio.providers.sketch.pen import Pen, Point, mix, oval, shade, smooth
from studio.providers.sketch.skeleton import Body, spine

Surface = Callable[[Body, float, float, float, float], tuple[Point, float]]
Extent = Callable[[Body, float, float], float]

LONG = {"coat": -250.0, "trench": -262.0, "raincoat": -300.0, "dress": -300.0}
SLEEVE = {
    "raincoat": 1.07,
    "coat": 1.04,
    "trench": 1.06,
    "sweater": 1.04,
    "shirt": 0.9,
    "suit": 0.96,
    "tee": 0.94,
    "vest": 0.9,
}
HEM = {"jacket": -478.0, "sweater": -482.0, "shirt": -484.0, "tee": -484.0, "vest": -484.0, "suit": -440.0}
# standing height, half width, half depth
RINGS = [
    (-824, 44, 38),
    (-808, 88, 48),
    (-784, 118, 56),
    (-700, 108, 66),
    (-610, 88, 58),
    (-540, 90, 60),
    (-500, 96, 62),
]


def sleeve(look: Look) -> str | None:
    """The sleeve's colour, None for bare arms."""
    if look.top in {"tee", "dress"}:
        return None
    return look.inner if look.top == "vest" else shade(look.top_colour, -0.06)


def rings(look: Look) -> list[tuple[float, float, float]]:
    loose = {"raincoat": 1.12, "coat": 1.05, "trench": 1.04, "sweater": 1.03, "dress": 0.92, "shirt": 0.98, "tee": 0.95}
    k = look.bulk * loose.get(look.top, 1.0)
    return [(y, w * k, d * k) for y, w, d in RINGS]


def trunk_clothes(pen: Pen, look: Look, b: Body, surface: Surface, extent: Extent, facing: float) -> None:
    """The garment that covers the trunk, from shoulders to hem."""
    hem = LONG.get(look.top, HEM.get(look.top, -490.0))
    levels = rings(look)
    bent = b.pose.name in {"sit", "kneel"}
    if bent:
        hem = max(-505.0, min(hem, -470.0))
    flare = {"coat": 1.18, "trench": 1.3, "raincoat": 1.34, "dress": 1.5}.get(look.top, 1.04)
    if hem > -480:
        _, w0, d0 = levels[-1]
        share = (hem + 500) / 250
        levels = [*levels, (hem, w0 * (1 + (flare - 1) * max(0.4, share)), d0 * (1 + (flare - 1) * max(0.4, share)))]
    left, right = [], []
    for y, w, d in levels:
        x, cy, _ = b.view.flat(spine(b.pose, y))
        half = extent(b, w, d)
        left.append((x - half, cy))
        right.append((x + half, cy))
    bottom = ((left[-1][0] + right[-1][0]) / 2, left[-1][1] + 10)
    curve = [*smooth(left, False), bottom, *smooth(right, False)[::-1]]
    if not LONG.get(look.top) and look.bottom not in {"skirt", "kilt"}:
        _hips(pen, look, b, extent)
    pen.shape(curve, look.top_colour, 34)
    if facing > -0.15:
        _front(pen, look, b, surface, levels, hem, curve)
    else:
        _rear(pen, look, b, surface, levels, curve)
    if look.stripe:
        _band(pen, b, surface, levels, -646, 26, look.stripe, curve)
    if look.top in {"sweater", "shirt", "jacket"}:
        y, w, d = levels[-1]
        _band(pen, b, surface, levels, y - 14, 22, shade(look.top_colour, -0.2), curve)


def _at(levels: list[tuple[float, float, float]], y: float) -> tuple[float, float]:
    for (y0, w0, d0), (y1, w1, d1) in pairwise(levels):
        if y0 <= y <= y1:
            t = (y - y0) / ((y1 - y0) or 1)
            return w0 + (w1 - w0) * t, d0 + (d1 - d0) * t
    return levels[-1][1:] if y > levels[-1][0] else levels[0][1:]


def _on(b: Body, surface: Surface, levels: list[tuple[float, float, float]], y: float, angle: float) -> Point:
    """A point on the cloth, held at the silhouette where it would be hidden."""
    w, d = _at(levels, y)
    turn = b.view.turn
    seen = (angle + turn + 180) % 360 - 180
    held = max(-90.0, min(90.0, seen)) - turn
    return surface(b, y, w, d, held)[0]


def _band(
    pen: Pen,
    b: Body,
    surface: Surface,
    levels: list[tuple[float, float, float]],
    y: float,
    high: float,
    colour: str,
    curve: list[Point],
) -> None:
    turn = b.view.turn
    upper = [_on(b, surface, levels, y - high / 2, a - turn) for a in range(-90, 91, 15)]
    lower = [_on(b, surface, levels, y + high / 2, a - turn) for a in range(-90, 91, 15)]
    sag = 5
    ring = [(x, py + sag * math.cos((i - 6) / 6 * 1.57)) for i, (x, py) in enumerate(upper)]
    ring += [(x, py + sag * math.cos((i - 6) / 6 * 1.57)) for i, (x, py) in enumerate(lower)][::-1]
    pen.shape(ring, colour, 0, clip=curve)


def _hips(pen: Pen, look: Look, b: Body, extent: Extent) -> None:
    x, y, _ = b.view.flat(spine(b.pose, -500))
    half = extent(b, 92 * look.bulk, 58)
    pen.shape(
        smooth(
            [
                (x - half * 0.96, y - 50),
                (x + half * 0.96, y - 50),
                (x + half, y + 10),
                (x + half * 0.7, y + 48),
                (x, y + 36),
                (x - half * 0.7, y + 48),
                (x - half, y + 10),
            ]
        ),
        look.bottom_colour,
        26,
    )


def _front(
    pen: Pen,
    look: Look,
    b: Body,
    surface: Surface,
    levels: list[tuple[float, float, float]],
    hem: float,
    curve: list[Point],
) -> None:
    def on(y: float, angle: float) -> Point:
        return _on(b, surface, levels, y, angle)

    def shows(angle: float) -> bool:
        return math.cos(math.radians(angle + b.view.turn)) > 0.2

    colour, dark = look.top_colour, shade(look.top_colour, -0.3)
    low = min(hem, -440.0)
    if look.top == "jacket":
        opening = [
            on(-822, -34),
            on(-740, -17),
            on(-600, -14),
            on(low, -15),
            on(low, 15),
            on(-600, 14),
            on(-740, 17),
            on(-822, 34),
        ]
        pen.shape(opening, look.inner, 18, clip=curve)
        for side in (-1, 1):
            flap = [on(-824, 30 * side), on(-808, 66 * side), on(-738, 44 * side), on(-716, 18 * side)]
            pen.shape(flap, shade(colour, 0.07), 6, clip=None)
            pocket = [
                on(-690, 30 * side),
                on(-690, 58 * side),
                on(-640, 57 * side),
                on(-632, 44 * side),
                on(-640, 30 * side),
            ]
            pen.tint(pocket, dark, 0.22)
            pen.line([*pocket, pocket[0]], 3, dark, 0.7)
            pen.line([on(-700, 29 * side), on(-700, 60 * side)], 7, dark, 0.5)
            pen.line([on(-740, 17 * side), on(-600, 14 * side), on(low, 15 * side)], 4, dark, 0.7)
    elif look.top in {"coat", "trench", "suit"}:
        deep = -560 if look.top == "suit" else -600
        vee = [on(-824, -32), on(-700, -13), on(deep, 0), on(-700, 13), on(-824, 32)]
        pen.shape(vee, look.inner, 14, clip=curve)
        if look.top == "suit":
            pen.tint(
                [on(-806, -5), on(-806, 5), on(-700, 6), on(deep + 10, 0), on(-700, -6)], shade(look.inner, -0.35), 0.35
            )
        for side in (-1, 1):
            lapel = [
                on(-826, 30 * side),
                on(-806, 52 * side),
                on(-764, 48 * side),
                on(-752, 60 * side),
                on(-690, 42 * side),
                on(deep, 2 * side),
                on(-720, 14 * side),
            ]
            pen.shape(lapel, shade(colour, 0.09), 7)
        pen.line([on(deep, 2), on((deep + low) / 2, 3), on(low, 4)], 4, dark, 0.8)
        rows = {"trench": (-566, -440, -370), "coat": (-560, -450), "suit": (-536,)}[look.top]
        for row in rows:
            for side in filter(shows, (-16, 20) if look.top != "suit" else (3,)):
                x, py = on(row, side)
                pen.shape(oval(x, py, 8, 9), mix(dark, "#20180f", 0.5), 3, drop=0.2)
        for side in (-1, 1):
            pen.line([on(-500, 44 * side), on(-486, 68 * side)], 6, dark, 0.6)
    elif look.top == "raincoat":
        pen.line([on(-812, 3), on(-600, 3), on(low, 3)], 5, dark, 0.75)
        for up in range(-740, int(low), 74) if shows(10) else ():
            x, py = on(up, 10)
            pen.shape(oval(x, py, 7.5, 7.5), "#e9e4d6", 3, drop=0.2)
        collar = [
            on(-812, -72),
            on(-836, -30),
            on(-806, 0),
            on(-836, 30),
            on(-812, 72),
            on(-770, 26),
            on(-764, 3),
            on(-770, -26),
        ]
        pen.shape(smooth(collar), shade(colour, 0.08), 8)
        for side in (-1, 1):
            pen.shape(
                [on(-540, 32 * side), on(-540, 66 * side), on(-516, 64 * side), on(-516, 33 * side)],
                shade(colour, -0.1),
                4,
                drop=0.4,
            )
    elif look.top == "sweater":
        x, y, _ = b.joints["neck"]
        pen.shape(
            smooth([(x - 42, y - 6), (x, y + 2), (x + 42, y - 6), (x + 46, y + 26), (x, y + 38), (x - 46, y + 26)]),
            shade(colour, 0.06),
            9,
        )
        for k in range(-75, 76, 15):
            pen.line([on(-778, k * 0.9), on(-640, k), on(-500, k)], 1.8, dark, 0.28)
        for k in (-22, 22):
            for y0 in range(-770, -500, 26):
                pen.line(
                    smooth([on(y0, k - 6), on(y0 + 13, k + 6), on(y0 + 26, k - 6)], False), 4, shade(colour, 0.12), 0.5
                )
    elif look.top in {"shirt", "vest"}:
        pen.line([on(-790, 0), on(-640, 0), on(low, 0)], 3.4, dark, 0.6)
        for side in (-1, 1):
            flap = [on(-826, 22 * side), on(-806, 40 * side), on(-768, 22 * side), on(-794, 2 * side)]
            pen.shape(flap, shade(colour, 0.1), 5)
        for y0 in range(-750, -490, 58) if shows(2) else ():
            pen.tint(oval(*on(y0, 2), 4.5, 4.5), shade(colour, 0.5), 1)
    elif look.top in {"tee", "dress"}:
        x, y, _ = b.joints["neck"]
        pen.shape(
            smooth([on(-822, -40), on(-800, -16), on(-794, 0), on(-800, 16), on(-822, 40)]), shade(look.skin, -0.1), 0
        )
    for side in (-1, 1):  # a fold under the arm
        pen.line(smooth([on(-730, 74 * side), on(-660, 60 * side), on(-600, 66 * side)], False), 4, dark, 0.35)


def _rear(
    pen: Pen, look: Look, b: Body, surface: Surface, levels: list[tuple[float, float, float]], curve: list[Point]
) -> None:
    def on(y: float, angle: float) -> Point:
        return _on(b, surface, levels, y, 180 + angle)

    dark = shade(look.top_colour, -0.3)
    pen.line(smooth([on(-770, -60), on(-744, 0), on(-770, 60)], False), 4.5, dark, 0.6)
    if look.top in {"coat", "trench"}:
        pen.line([on(-480, 0), on(-270, 0)], 4, dark, 0.7)
    elif look.top == "suit":
        pen.line([on(-790, 0), on(-450, 0)], 3, dark, 0.6)
    elif look.top == "sweater":
        for k in range(-75, 76, 15):
            pen.line([on(-760, k * 0.9), on(-640, k), on(-500, k)], 1.8, dark, 0.28)
    x, y, _ = b.joints["neck"]
    if look.top not in {"tee", "dress"}:
        pen.shape(
            smooth([(x - 52, y + 26), (x - 36, y - 4), (x, y - 10), (x + 36, y - 4), (x + 52, y + 26), (x, y + 40)]),
            shade(look.top_colour, 0.05),
            8,
        )
    if look.emblem:
        cx, cy = on(-684, 0)
        near = max(0.2, -math.cos(math.radians(b.view.turn)))
        size = 46
        pen.shape(oval(cx, cy, size * near, size), look.emblem_colour, 5, drop=0.2)
        ink = shade(look.top_colour, -0.55)
        pen.line(
            [(px, py) for px, py in oval(cx, cy, (size - 6) * near, size - 6)]
            + [oval(cx, cy, (size - 6) * near, size - 6)[0]],
            3,
            ink,
        )
        if look.emblem == "turbine":
            pen.line([(cx, cy), (cx, cy + 34)], 4.5, ink)
            for blade in (-90, 30, 150):
                a = math.radians(blade + 12)
                tip = (cx + 32 * near * math.cos(a), cy + 32 * math.sin(a))
                side = (cx + 12 * near * math.cos(a + 0.6), cy + 12 * math.sin(a + 0.6))
                pen.tint([(cx, cy), side, tip], ink, 1)
        elif look.emblem == "anchor":
            pen.line([(cx, cy - 28), (cx, cy + 28)], 5, ink)
            pen.line([(cx - 14 * near, cy - 16), (cx + 14 * near, cy - 16)], 4, ink)
            pen.line(smooth([(cx - 28 * near, cy + 8), (cx, cy + 32), (cx + 28 * near, cy + 8)], False), 5, ink)
        else:
            pen.tint(oval(cx, cy, 16 * near, 16), ink, 1)


def skirt(pen: Pen, look: Look, b: Body, extent: Extent) -> None:
    """A skirt or kilt; on a seated figure it lies over the thighs."""
    levels = [(-540.0, 88.0, 58.0), (-500.0, 100.0, 66.0), (-400.0, 118.0, 80.0), (-296.0, 128.0, 92.0)]
    if b.pose.name in {"sit", "kneel"}:
        levels = [*levels[:2], (-470.0, 118.0, 110.0)]
    left, right = [], []
    for y, w, d in levels:
        x, cy, _ = b.view.flat(spine(b.pose, y))
        half = extent(b, w * look.bulk, d * look.bulk)
        left.append((x - half, cy))
        right.append((x + half, cy))
    bottom = ((left[-1][0] + right[-1][0]) / 2, left[-1][1] + 12)
    curve = [*smooth(left, False), bottom, *smooth(right, False)[::-1]]
    colour = look.top_colour if look.top == "dress" else look.bottom_colour
    pen.shape(curve, colour, 32)
    if look.bottom != "kilt":
        return
    for k in range(-4, 5):
        top_x = left[0][0] + (right[0][0] - left[0][0]) * (k + 4.5) / 9
        low_x = left[-1][0] + (right[-1][0] - left[-1][0]) * (k + 4.5) / 9
        pen.line([(top_x, left[0][1]), (low_x, left[-1][1] + 6)], 3, shade(colour, -0.5), 0.5)
        pen.line([(top_x + 6, left[0][1]), (low_x + 8, left[-1][1] + 6)], 2, mix(colour, "#d9c27a", 0.6), 0.45)
    for step in (0.25, 0.5, 0.75):
        y = left[0][1] + (left[-1][1] - left[0][1]) * step
        a, c = left[0][0] + (left[-1][0] - left[0][0]) * step, right[0][0] + (right[-1][0] - right[0][0]) * step
        pen.line([(a + 4, y), (c - 4, y)], 3.4, mix(colour, "#b4443c", 0.55), 0.55)
        pen.line([(a + 4, y + 8), (c - 4, y + 8)], 1.8, mix(colour, "#d9c27a", 0.6), 0.5)


def belt(pen: Pen, look: Look, b: Body, surface: Surface, extent: Extent) -> None:
    """A belt at the hips, or at the waist of a coat; with pouches where it carries tools."""
    waist = look.top in {"trench", "coat", "dress", "raincoat"}
    y = -596.0 if waist else -506.0
    levels = [(y - 40, 98 * look.bulk, 66 * look.bulk), (y + 40, 98 * look.bulk, 66 * look.bulk)]
    if waist:
        levels = [(y - 40, 92 * look.bulk, 62 * look.bulk), (y + 40, 92 * look.bulk, 62 * look.bulk)]
    turn, colour = b.view.turn, look.belt or "#5a3b26"
    high = 30
    upper = [_on(b, surface, levels, y - high / 2, a - turn) for a in range(-90, 91, 15)]
    lower = [_on(b, surface, levels, y + high / 2, a - turn) for a in range(-90, 91, 15)]
    pen.shape([*upper, *lower[::-1]], colour, 6, drop=0.4)

    def on(py: float, angle: float) -> tuple[Point, float]:
        seen = math.cos(math.radians(angle + turn))
        return _on(b, surface, levels, py, angle), seen

    (x, py), seen = on(y, 0)
    if seen > 0.2:
        pen.shape(
            [(x - 18 * seen, py - 18), (x + 18 * seen, py - 18), (x + 18 * seen, py + 18), (x - 18 * seen, py + 18)],
            "#c9b27a",
            4,
        )
    if not look.tools:
        return
    for angle, wide, tall in ((-68, 30, 84), (62, 27, 70), (112, 24, 60), (-118, 26, 66)):
        (x, py), seen = on(y + 10, angle)
        if seen > -0.05:
            w = wide * (0.55 + 0.45 * seen)
            pen.shape(
                smooth(
                    [(x - w, py - 6), (x + w, py - 6), (x + w * 0.92, py + tall), (x - w * 0.92, py + tall)], steps=3
                ),
                shade(colour, -0.12),
                9,
            )
            pen.line([(x - w, py + 16), (x + w, py + 16)], 4, shade(colour, -0.5), 0.6)
    (x, py), seen = on(y - 6, 62)
    if seen > 0:
        pen.line([(x, py + 4), (x + 6, py - 34)], 9, "#b4342c", new=True)
        pen.line([(x + 2, py + 10), (x + 4, py - 4)], 6, "#c8ccd0", new=True)
