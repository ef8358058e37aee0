"""Eyes, nose, mouth, ears, beard and glasses, each placed by its longitude on the head."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from studio.providers.sketch.pen import mix, oval, shade, smooth

if TYPE_CHECKING:
    from studio.providers.sketch.faces import Head


def ears(head: Head) -> None:
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


def features(head: Head) -> None:
    look, pen = head.look, head.pen
    slip = head.slip
    dark = shade(look.skin, -0.5)
    for way in (-28, 28):
        x, near = head.lon(way, 50)
        if near > 0.2:
            pen.glow(
                *head.to([(x, -48 + slip)])[0],
                19 * near * head.size,
                13 * head.size,
                mix(look.skin, "#b03a2b", 0.55),
                0.22,
            )
    for way in (-24, 24):
        x, near = head.lon(way, 58 - 8 * head.sway)
        if near < 0.12:
            continue
        wide, y = 13.5 * (0.35 + 0.65 * near), -77 + slip
        pen.glow(*head.to([(x, y - 2)])[0], wide * 1.5 * head.size, 14 * head.size, shade(look.skin, -0.5), 0.22)
        lids = smooth(
            [
                (x - wide, y + 1.5),
                (x - wide * 0.3, y - 5.5),
                (x + wide * 0.4, y - 5.5),
                (x + wide, y + 1),
                (x + wide * 0.2, y + 5.5),
                (x - wide * 0.4, y + 5.5),
            ]
        )
        pen.tint(head.to(lids), "#efe9e0", 1)
        gaze = x + 2.5 * math.sin(head.angle)
        pen.tint(head.to(oval(gaze, y, 5.6 * (0.5 + 0.5 * near), 5.8)), look.eyes, 1)
        pen.tint(head.to(oval(gaze, y, 2.8 * (0.5 + 0.5 * near), 3)), "#0d0b0b", 1)
        pen.tint(head.to(oval(gaze - 1.6, y - 2, 1.3, 1.3)), "#ffffff", 0.9)
        pen.line(
            head.to(
                smooth(
                    [(x - wide * 1.1, y + 1), (x - wide * 0.3, y - 6), (x + wide * 0.5, y - 6), (x + wide * 1.1, y)],
                    False,
                )
            ),
            3.2,
            "#1d1413",
        )
        brow = look.hair_colour if look.hair != "bald" else "#3a2a22"
        if look.old and look.beard:
            brow = look.beard
        out = wide * (1.35 if way > 0 else 1.1), wide * (1.1 if way > 0 else 1.35)
        arch = [
            (x - out[1], y - 13),
            (x, y - 19),
            (x + out[0], y - 13),
            (x + out[0] * 0.9, y - 16),
            (x, y - 24),
            (x - out[1] * 0.9, y - 16),
        ]
        pen.tint(head.to(smooth(arch)), shade(brow, -0.15), 0.92 * look.brow)
        if look.old:
            pen.line(head.to(smooth([(x - wide, y + 12), (x, y + 15), (x + wide, y + 11)], False)), 1.6, dark, 0.5)
    _nose(head, dark)
    middle, near = head.lon(0, 57)
    if near > 0.08 or head.sway > 0.9:
        wide, y = 19 * (0.42 + 0.58 * max(near, 0.0)), -25 + slip * 0.9
        x = middle * 0.94
        up = 3.5 if look.smile else 1.2
        pen.tint(
            head.to(
                smooth(
                    [
                        (x - wide, y - up),
                        (x - wide * 0.35, y - 5),
                        (x, y - 3.5),
                        (x + wide * 0.35, y - 5),
                        (x + wide, y - up),
                        (x, y + 1.5),
                    ]
                )
            ),
            shade(look.lips, -0.15),
            0.95,
        )
        pen.tint(
            head.to(
                smooth(
                    [
                        (x - wide * 0.9, y - up + 0.5),
                        (x, y + 1),
                        (x + wide * 0.9, y - up + 0.5),
                        (x + wide * 0.4, y + 7),
                        (x - wide * 0.4, y + 7),
                    ]
                )
            ),
            look.lips,
            0.95,
        )
        pen.line(
            head.to(smooth([(x - wide, y - up), (x, y + 1), (x + wide, y - up)], False)),
            1.8,
            shade(look.lips, -0.55),
            0.9,
        )
        pen.tint(head.to(oval(x, y + 13, wide * 0.5, 2.6)), dark, 0.28)
    if look.old:
        for way in (-24, 24):
            x, near = head.lon(way, 52)
            if near > 0.25:
                pen.line(
                    head.to(smooth([(x * 0.9, -52 + slip), (x * 1.05, -40 + slip), (x * 1.04, -28 + slip)], False)),
                    1.8,
                    dark,
                    0.5,
                )
        for y in (-108, -101):
            a, b = head.lon(-22, 52)[0], head.lon(22, 52)[0]
            pen.line(
                head.to(smooth([(a, y + slip), ((a + b) / 2, y - 3 + slip), (b, y + slip)], False)), 1.5, dark, 0.35
            )
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
    side = [
        (root + 2, -82 + slip),
        (tip + 1, -54 + slip),
        (tip + way * 9 * near, -46 + slip),
        (tip, -42 + slip),
        (tip - way * 4, -45 + slip),
        (root - way * 3, -66 + slip),
    ]
    pen.tint(head.to(smooth(side)), shade(look.skin, -0.35), 0.34)
    pen.tint(head.to(oval(tip + way, -50 + slip, 7, 5.5)), shade(look.skin, 0.25), 0.35)
    for s in (-1, 1):
        pen.tint(
            head.to(oval(tip + s * 6.5 * (0.35 + 0.65 * near) - way * 1.5, -43.5 + slip, 2.8, 1.8)),
            shade(look.skin, -0.62),
            0.75,
        )
    pen.line(
        head.to(smooth([(tip - 10 * near, -44 + slip), (tip, -40 + slip), (tip + 10 * near, -44 + slip)], False)),
        1.6,
        dark,
        0.5,
    )


def beard(head: Head) -> None:
    look, pen, slip = head.look, head.pen, head.slip * 0.8
    colour = look.beard or "#8b8d90"
    swell = [(x * 1.05, y * 1.0 if y < -40 else y + 10 * (1 + y / 40)) for x, y in smooth(head.outline)]
    if look.beard_full:
        zone = head.patch([(40, 84), (20, 92), (0, 92), (-16, 92)], slip)
        pen.shape(head.to(swell), colour, 15, clip=head.to(zone), drop=0.2)
        for way in (-1, 1):
            line = [
                (head.lon(way * d, 56)[0], -h + slip)
                for d, h in ((86, 74), (74, 74), (58, 46), (30, 36), (60, 24), (90, 36))
            ]
            if head.lon(way * 66, 56)[1] > 0.05:
                pen.shape(head.to(smooth(line)), colour, 9, clip=head.to(smooth(head.outline)), drop=0)
        x, near = head.lon(0, 58)
        pen.tint(head.to(oval(x * 0.95, -23 + slip, 14 * (0.4 + 0.6 * max(0, near)), 4)), look.lips, 1)
        pen.line(
            head.to([(x * 0.95 - 13 * max(0.3, near), -24 + slip), (x * 0.95 + 13 * max(0.3, near), -24 + slip)]),
            1.6,
            shade(look.lips, -0.5),
            0.8,
        )
        dice = random.Random(8)
        for _ in range(34):
            px, pn = head.lon(dice.uniform(-62, 62), 52)
            py = dice.uniform(-20, 6)
            if pn > 0.1 and abs(py + 23) > 7:
                pen.line(
                    head.to([(px, py + slip), (px * 1.03, py + 9 + slip)]),
                    1.3,
                    shade(colour, dice.choice((-0.28, 0.3))),
                    0.6,
                )
    x, near = head.lon(0, 61)
    if near > 0:
        wide = 25 * (0.4 + 0.6 * near)
        ring = [
            (x - wide, -26 + slip),
            (x - wide * 0.6, -37 + slip),
            (x, -38 + slip),
            (x + wide * 0.6, -37 + slip),
            (x + wide, -26 + slip),
            (x + wide * 0.4, -29 + slip),
            (x, -31 + slip),
            (x - wide * 0.4, -29 + slip),
        ]
        pen.shape(head.to(smooth(ring)), shade(colour, 0.08), 5, drop=0.25)


def glasses(head: Head) -> None:
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
