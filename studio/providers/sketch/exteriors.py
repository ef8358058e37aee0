"""Outdoors: skies, towns, coasts and fields, arranged by the stage's dice."""

from __future__ import annotations

import math

from studio.providers.sketch.pen import mix, shade
from studio.providers.sketch.stage import Stage


def skyline(s: Stage, base: float, colour: str, low: float, high: float, lit: float = 0.0) -> None:
    x = -s.dice.uniform(0, 60)
    while x < s.width + 40:
        w, h = s.dice.uniform(46, 130), s.dice.uniform(low, high)
        s.rect(x, base - h, w + 1, h + 500, colour)
        if s.dice.random() < 0.3:
            s.rect(x + w * 0.4, base - h - 26, w * 0.2, 28, colour)
        if s.light.lamps and lit:
            for _ in range(int(w * h / 1500)):
                wx, wy = x + s.dice.uniform(6, w - 10), base - s.dice.uniform(6, h - 6)
                s.rect(wx, wy, 7, 10, "#ffd98a", lit)
        x += w


def city(s: Stage) -> None:
    s.sky()
    low = s.light.sky[2]
    base = s.horizon + 40
    skyline(s, base - 10, mix("#7c8b97", low, 0.6), 90, 320)
    s.soften(1.0)
    skyline(s, base + 20, mix("#62717d", low, 0.3), 50, 250, 0.5)
    s.soften(0.8)
    skyline(s, base + 60, "#4b5862", 20, 190, 0.8)
    s.soften(0.5)


def rooftop(s: Stage) -> None:
    city(s)
    top = min(850.0, s.horizon + 150)
    s.ramp([(0, "#59636a"), (1, "#3f474c")], top, 900)
    s.rows("#2c3236", 0.35, 9, top=top)
    s.rect(0, top - 34, s.width, 42, "#767f85")
    s.rect(0, top + 6, s.width, 30, "#000000", 0.22)
    for _ in range(2):
        x = s.dice.uniform(0, s.width)
        s.rect(x, top - 130, s.dice.uniform(110, 200), 130, "#566067")
        s.rect(x, top - 130, 36, 130, "#6a747b")
    x = s.width * (0.82 if s.mirror else 0.16) + s.dice.uniform(-60, 60)
    s.line([(x, top), (x, top - 400)], 12, "#2b3237")
    for k in range(4):
        s.line([(x - 52 + k * 6, top - 360 + k * 46), (x + 52 - k * 6, top - 360 + k * 46)], 7, "#2b3237")
    s.oval(x, top - 404, 9, 9, "#d0553a")
    if s.light.lamps:
        s.lamps.append((x, top - 404, 120, "#ff5a3a", 0.7))
    s.soften(0.3)


def street(s: Stage) -> None:
    s.sky()
    skyline(s, s.horizon + 40, mix("#66727c", s.light.sky[2], 0.5), 60, 220, 0.4)
    s.soften(0.9)
    s.floor("#44474a", "#5c6062")
    vx = s.width * (0.44 if s.mirror else 0.56)
    tones = ("#8a6a58", "#6f7a7a", "#9a8468", "#5f5a62", "#7d5348")
    for side in (-1, 1):
        edge = vx + side * 70
        for k in range(5):
            near = vx + side * (130 + 190 * (k + 1) ** 1.35)
            h0, h1 = 190 + 80 * k + s.dice.uniform(0, 60), 240 + 100 * (k + 1) + s.dice.uniform(0, 60)
            f0, f1 = 30 + 26 * k * k * 0.6, 30 + 26 * (k + 1) ** 2 * 0.6
            tone = s.dice.choice(tones)
            s.poly(
                [(edge, s.horizon - h0), (near, s.horizon - h1), (near, s.horizon + f1), (edge, s.horizon + f0)],
                shade(tone, -0.14 if side > 0 else 0),
            )
            for row in range(3):
                for col in range(2):
                    t0 = 0.2 + 0.4 * col
                    x0, x1 = edge + (near - edge) * t0, edge + (near - edge) * (t0 + 0.22)
                    up = s.horizon - (h0 + (h1 - h0) * t0) * (0.82 - 0.27 * row)
                    tall = 42 + 16 * k
                    glass = "#ffd58c" if s.light.lamps and s.dice.random() < 0.5 else "#3c464d"
                    s.poly([(x0, up), (x1, up - 4), (x1, up + tall), (x0, up + tall)], glass, 0.85)
            edge = near
    s.poly(
        [(vx - 20, s.horizon + 14), (vx + 20, s.horizon + 14), (vx + s.width * 0.8, 905), (vx - s.width * 0.8, 905)],
        "#3c3f42",
    )
    s.poly([(vx - 3, s.horizon + 20), (vx + 3, s.horizon + 20), (vx + 22, 905), (vx - 22, 905)], "#d9cf9f", 0.5)
    s.soften(0.6)
    for far, way in ((0.3, -1.0), (0.62, 1.0)):
        x = vx + way * s.width * far * 0.7
        y = s.horizon + 120 * far
        s.line([(x, y), (x, y - 430 * (far + 0.3)), (x - way * 50, y - 450 * (far + 0.3))], 7, "#23272a")
        if s.light.lamps:
            s.oval(x - way * 52, y - 445 * (far + 0.3), 10, 10, "#ffe2a6")
            s.lamps.append((x - way * 52, y - 445 * (far + 0.3), 330, "#ffb35a", 0.6))
    s.soften(0.25)


def solar(s: Stage) -> None:
    s.sky()
    s.hills(s.horizon + 10, 70, mix("#8a7a6d", s.light.sky[2], 0.35))
    s.soften(0.8)
    s.hills(s.horizon + 30, 46, "#6d665a")
    s.floor("#6f5b45", "#a08a6c", s.horizon + 24)
    vx = s.width * (0.46 if s.mirror else 0.54)
    for i in range(9):
        y = s.horizon + 44 + i * i * 6.2
        high = 14 + i * 7
        for j in range(-9, 10):
            x = vx + j * (118 + i * 42)
            w = 98 + i * 34
            s.poly([(x - w / 2, y + high), (x - w * 0.4, y), (x + w * 0.6, y), (x + w / 2, y + high)], "#223a58")
            s.line([(x - w * 0.4, y), (x + w * 0.6, y)], 1 + i * 0.5, mix("#9fb4c4", s.light.sky[2], 0.5))
    s.soften(0.45)


def desert(s: Stage) -> None:
    s.sky()
    for _ in range(3):
        x, w, h = s.dice.uniform(-60, s.width), s.dice.uniform(160, 340), s.dice.uniform(70, 170)
        y = s.horizon + 6
        s.poly(
            [(x, y), (x + w * 0.2, y - h), (x + w * 0.82, y - h * 1.04), (x + w, y)],
            mix("#9a5a3c", s.light.sky[2], 0.35),
        )
    s.soften(0.8)
    s.floor("#a8703f", "#d6a468")
    for k in range(4):
        s.hills(s.horizon + 60 + k * k * 44, 36 + 10 * k, shade("#c08a52", -0.09 * k), 0.12)
    s.soften(0.4)


def field(s: Stage) -> None:
    s.sky()
    s.hills(s.horizon + 10, 110, mix("#7d92a0", s.light.sky[2], 0.35))
    s.soften(0.9)
    s.hills(s.horizon + 30, 70, "#6f8068")
    for _ in range(12):
        x, r = s.dice.uniform(0, s.width), s.dice.uniform(20, 52)
        s.oval(x, s.horizon + 26 - r * 0.5, r, r * 0.8, shade("#4c6148", s.dice.uniform(-0.15, 0.1)))
    s.soften(0.7)
    s.floor("#5f6d40", "#8a9460", s.horizon + 28)
    s.rows("#4a5632", 0.22, 14, 5)
    for _ in range(160):
        x, y = s.dice.uniform(0, s.width), s.horizon + 60 + 560 * s.dice.random() ** 0.6
        k = (y - s.horizon) / 500
        s.line(
            [(x, y), (x + s.dice.uniform(-8, 8) * k, y - 34 * k)],
            2.4 * k + 0.6,
            shade("#7d8a4c", s.dice.uniform(-0.3, 0.25)),
            0.7,
        )
    s.soften(0.35)


def forest(s: Stage) -> None:
    s.sky()
    far = mix("#5f7a6c", s.light.sky[2], 0.55)
    for depth, (tone, count, wide) in enumerate(
        ((far, 34, 14), (mix("#45604f", s.light.sky[2], 0.25), 22, 26), ("#33463a", 12, 48))
    ):
        foot = s.horizon + 30 + depth * 46
        for _ in range(count):
            x = s.dice.uniform(-20, s.width + 20)
            s.poly(
                [(x - wide * 0.3, -10), (x + wide * 0.3, -10), (x + wide * 0.5, foot), (x - wide * 0.5, foot)],
                shade(mix(tone, "#4a3a2c", 0.3), s.dice.uniform(-0.1, 0.1)),
            )
            for _ in range(3):
                s.oval(
                    x + s.dice.uniform(-60, 60),
                    s.dice.uniform(-30, s.horizon * 0.45),
                    s.dice.uniform(60, 150),
                    s.dice.uniform(40, 90),
                    tone,
                    0.5,
                )
        s.rect(0, foot - 14, s.width, 20, tone)
        s.soften((1.0, 0.7, 0.4)[depth])
    s.floor("#3f4a30", "#56643f", s.horizon + 118)
    for _ in range(60):
        x, y = s.dice.uniform(0, s.width), s.dice.uniform(s.horizon + 110, 900)
        s.oval(x, y, s.dice.uniform(14, 60), s.dice.uniform(5, 14), shade("#5b5a34", s.dice.uniform(-0.4, 0.2)), 0.4)
    s.soften(0.3)


def water(s: Stage, top: float, bottom: float = 905) -> None:
    """The sea between two heights, with the sky on it."""
    low = s.light.sky[2]
    s.ramp([(0, mix("#5f7f8c", low, 0.6)), (0.3, mix("#456a78", low, 0.3)), (1, "#2b4a58")], top, bottom)
    span = bottom - top
    for _ in range(150):
        t = s.dice.random() ** 1.6
        y = top + 4 + t * span
        x, wide = s.dice.uniform(0, s.width), (16 + 120 * t) * s.dice.uniform(0.5, 1.4)
        light = s.dice.random() < 0.6
        s.line(
            [(x - wide, y), (x, y - 3 * t - 1), (x + wide, y)],
            1.2 + 4 * t,
            mix(low, "#ffffff", 0.3) if light else "#24414d",
            0.34 if light else 0.3,
        )


def sea(s: Stage) -> None:
    s.sky()
    s.hills(s.horizon + 4, 44, mix("#6f8490", s.light.sky[2], 0.5), 0.1)
    s.soften(0.8)
    water(s, s.horizon)
    s.soften(0.45)


def harbour(s: Stage) -> None:
    sea(s)
    for _ in range(4):
        x, k = s.dice.uniform(0, s.width), s.dice.uniform(0.6, 1.3)
        y = s.horizon + 30 * k
        s.poly(
            [(x - 110 * k, y - 24 * k), (x + 120 * k, y - 30 * k), (x + 86 * k, y + 12 * k), (x - 80 * k, y + 12 * k)],
            s.dice.choice(("#34566a", "#8c3f34", "#e0d6c2", "#2f3b40")),
        )
        s.rect(x - 30 * k, y - 66 * k, 64 * k, 40 * k, "#d8d2c4")
        s.line([(x + 10 * k, y - 60 * k), (x + 10 * k, y - 210 * k)], 4, "#3a322a")
    s.soften(0.5)
    _quay(s, min(840.0, s.horizon + 170))


def _quay(s: Stage, top: float) -> None:
    s.ramp([(0, "#7d7a72"), (1, "#5a5852")], top, 900)
    s.rows("#3d3b37", 0.4, 9, 3, top)
    s.bands("#45433e", 0.3, top=top)
    s.rect(0, top, s.width, 9, "#a29d92")
    for _ in range(3):
        x = s.dice.uniform(40, s.width - 40)
        s.rect(x - 16, top - 44, 32, 52, "#2a2d2e", round_by=8)
        s.oval(x, top - 44, 24, 10, "#3b3f40")
    s.soften(0.25)


def breakwater(s: Stage) -> None:
    sea(s)
    vx = s.width * (0.3 if s.mirror else 0.7) + s.dice.uniform(-40, 40)
    vy = s.horizon + 14
    s.poly([(vx - 10, vy), (vx + 26, vy), (s.width * 0.98, 905), (s.width * 0.04, 905)], "#77756e")
    s.poly(
        [(vx + 26, vy), (vx + 34, vy - 16), (s.width * 1.3, 660), (s.width * 1.3, 905), (s.width * 0.98, 905)],
        "#8e8b82",
    )
    for k in range(1, 12):
        t = (k / 12) ** 2
        y = vy + (905 - vy) * t
        left, right = vx - 10 + (s.width * 0.04 - vx + 10) * t, vx + 26 + (s.width * 0.98 - vx - 26) * t
        s.line([(left, y), (right, y)], 1 + 5 * t, "#54524c", 0.6)
    for k in range(110):
        t = s.dice.random() ** 1.4
        y = vy + 8 + (880 - vy) * t
        left = vx - 14 + (s.width * 0.04 - vx) * t
        r = 5 + 62 * t
        x = left - s.dice.uniform(0, 2.4) * r
        tone = shade("#5b5f60", s.dice.uniform(-0.35, 0.25))
        s.poly(
            [
                (x - r, y + r * 0.4),
                (x - r * 0.6, y - r * 0.5),
                (x + r * 0.3, y - r * 0.62),
                (x + r, y - r * 0.1),
                (x + r * 0.7, y + r * 0.5),
            ],
            tone,
        )
        if k % 3 == 0:
            s.oval(x - r, y + r * 0.5, r * 0.9, r * 0.16, "#f0f4f3", 0.35)
    s.soften(0.4)
    s.rect(vx - 13, vy - 150, 34, 156, "#e9e6de")
    s.rect(vx - 13, vy - 104, 34, 34, "#b4362c")
    s.rect(vx - 19, vy - 162, 46, 14, "#3a3d3e")
    s.rect(vx - 7, vy - 186, 22, 26, "#f6e7b0")
    s.poly([(vx - 13, vy - 186), (vx + 4, vy - 204), (vx + 21, vy - 186)], "#b4362c")
    s.lamps.append((vx + 4, vy - 174, 230 if s.light.lamps else 70, "#ffe7a0", 0.75 if s.light.lamps else 0.3))
    s.soften(0.2)


def turbine(s: Stage, x: float, foot: float, high: float, colour: str, spin: float) -> None:
    s.poly(
        [
            (x - high * 0.022, foot),
            (x - high * 0.011, foot - high),
            (x + high * 0.011, foot - high),
            (x + high * 0.022, foot),
        ],
        colour,
    )
    for k in range(3):
        a = math.radians(spin + 120 * k)
        tip = (x + math.cos(a) * high * 0.62, foot - high + math.sin(a) * high * 0.62)
        bx, by = math.cos(a + 0.5) * high * 0.07, math.sin(a + 0.5) * high * 0.07
        s.poly([(x, foot - high), (x + bx, foot - high + by), tip], shade(colour, 0.05))
    s.oval(x, foot - high, high * 0.026, high * 0.026, shade(colour, -0.12))


def turbine_deck(s: Stage) -> None:
    s.sky()
    water(s, s.horizon)
    pale = mix("#eef1f0", s.light.sky[1], 0.25)
    for _ in range(6):
        x, k = s.dice.uniform(0, s.width), s.dice.uniform(0.4, 1.0)
        turbine(s, x, s.horizon + 8 * k, 230 * k, mix(pale, s.light.sky[2], 0.55 - 0.3 * k), s.dice.uniform(0, 120))
    s.soften(0.7)
    tower = s.width * (0.84 if s.mirror else 0.14)
    for k in range(12):
        s.rect(
            tower - 130 + k * 22, -10, 23, 920, shade("#e6e9e8", -0.5 * abs((k - (4 if s.light.side < 0 else 8)) / 12))
        )
    s.rect(tower - 52, 330, 110, 240, "#9aa3a6", round_by=12)
    s.rect(tower - 42, 340, 90, 220, "#c65f2c", round_by=10)
    s.soften(0.4)
    top = min(840.0, s.horizon + 190)
    s.ramp([(0, "#8b8f86"), (1, "#5f645e")], top, 900)
    s.rows("#41463f", 0.5, 16, 3, top)
    s.bands("#41463f", 0.4, top=top)
    s.rect(0, top, s.width, 12, "#e0b030")
    for k in range(9):
        x = k * s.width / 8 + s.dice.uniform(-6, 6)
        s.rect(x - 5, top - 200, 11, 204, "#e0b030")
    for y in (196, 110):
        s.rect(0, top - y, s.width, 9, "#e6bb42")
    s.soften(0.25)


def mountain(s: Stage) -> None:
    s.sky()
    snow = bool(s.light.weather & {"snow"})
    for depth in range(3):
        tone = mix(("#8fa0b2", "#6d7f8e", "#4d5c66")[depth], s.light.sky[2], 0.5 - 0.2 * depth)
        y = s.horizon + 20 + depth * 34
        for _ in range(5 - depth):
            x, w, h = (
                s.dice.uniform(-80, s.width + 80),
                s.dice.uniform(220, 420),
                s.dice.uniform(160, 380) * (1 - 0.2 * depth),
            )
            s.poly(
                [(x - w, y), (x - w * 0.3, y - h * 0.62), (x, y - h), (x + w * 0.36, y - h * 0.55), (x + w, y)], tone
            )
            s.poly(
                [(x, y - h), (x + w * 0.36, y - h * 0.55), (x + w, y), (x + w * 0.12, y - h * 0.3)], shade(tone, -0.16)
            )
            s.poly(
                [
                    (x - w * 0.14, y - h * 0.84),
                    (x, y - h),
                    (x + w * 0.13, y - h * 0.84),
                    (x + w * 0.02, y - h * 0.77),
                    (x - w * 0.06, y - h * 0.82),
                ],
                "#eef2f5",
                0.85,
            )
        s.rect(0, y - 4, s.width, 60, tone)
        s.soften((0.9, 0.6, 0.4)[depth])
    ground = ("#cfd8df", "#e9eef2") if snow else ("#5d5f4c", "#7f8268")
    s.floor(*ground, s.horizon + 84)
    for _ in range(40):
        x, y = s.dice.uniform(0, s.width), s.dice.uniform(s.horizon + 100, 900)
        r = (y - s.horizon) / 16
        s.poly(
            [(x - r, y), (x - r * 0.5, y - r * 0.7), (x + r * 0.5, y - r * 0.6), (x + r, y)],
            shade("#6a6c68", s.dice.uniform(-0.3, 0.2)),
            0.8,
        )
    s.soften(0.3)
