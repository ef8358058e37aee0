"""Four-legged cast: a side or three-quarter silhouette with a face, in the colours of its markers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from studio.providers.sketch.look import hexed, named
from studio.providers.sketch.pen import Pen, Point, limb, mix, oval, shade, smooth

# words, standing height as a share of a person's, neck rise, ear, tail
KINDS = (
    ("cat", r"\bcat\b|kitten|tabby|feline|lynx", 0.26),
    ("horse", r"horse|pony|mare|stallion|donkey|mule|foal", 1.0),
    ("cow", r"\bcow\b|bull|ox\b|calf|goat|sheep|deer|stag|moose|elk", 0.72),
    ("bird", r"\bbird|gull|crow|raven|owl|hen|duck|goose|eagle|parrot|tern\b", 0.2),
    ("dog", r".", 0.42),
)


def kind_of(member: Mapping[str, Any]) -> tuple[str, float]:
    """What animal the words speak of, and its height as a share of a person's."""
    said = f"{member.get('name') or ''} {member.get('bible') or ''} " + " ".join(
        str(m.get("phrase") or "") for m in member.get("markers") or () if isinstance(m, Mapping)
    )
    return next((name, high) for name, pattern, high in KINDS if re.search(pattern, said.lower() + "."))


def coat_of(member: Mapping[str, Any], sampled: Mapping[str, str]) -> tuple[str, str, str | None]:
    """Coat, second colour, collar."""
    coat, second, collar = sampled.get("top") or "#8a6a4a", None, None
    for marker in member.get("markers") or ():
        if not isinstance(marker, Mapping):
            continue
        phrase = str(marker.get("phrase") or "").lower()
        colour = hexed(marker.get("colour")) or named(phrase)
        if re.search(r"collar|scarf|bandana|harness", phrase):
            collar = colour or "#b4342c"
        elif colour and re.search(r"chest|belly|paw|sock|muzzle|patch|stripe|spot|point", phrase):
            second = colour
        elif colour:
            coat = colour
    return coat, second or mix(coat, "#f2ead9", 0.55), collar


def draw_animal(pen: Pen, kind: str, coat: tuple[str, str, str | None], turn: float, sitting: bool) -> None:
    """Standing on (0, 0), 1000 units to the top of the head; faces right for turn > 0. Its length is about its height."""
    way = 1 if turn >= 0 else -1
    main, second, collar = coat
    dark = shade(main, -0.22)

    def to(points: list[Point]) -> list[Point]:
        return [(x * way, y) for x, y in points]

    if kind == "bird":
        _bird(pen, to, main, second)
        return
    long_leg = {"horse": 560, "cow": 480, "dog": 430, "cat": 330}[kind]
    back = -long_leg - {"horse": 190, "cow": 240, "dog": 220, "cat": 300}[kind]
    if sitting and kind in {"dog", "cat"}:
        _sitting(pen, to, kind, main, second, dark)
        hx, hy = 40.0, -770.0
    else:
        for x, tone in ((-300, dark), (250, dark), (-220, main), (330, main)):
            bend = -34 if x < 0 else 14
            pen.shape(
                limb(to([(x, back + 130), (x + bend, -long_leg * 0.46), (x + bend * 0.2, -26)]), (150, 84, 62)),
                tone,
                30,
            )
            pen.shape(to(oval(x + 18, -22, 58, 26)), second if kind in {"cat", "dog"} else shade(main, -0.6), 12)
        body = [
            (-390, back + 30),
            (-250, back - 20),
            (0, back + 14),
            (250, back - 10),
            (400, back + 60),
            (390, back + 210),
            (220, back + 290),
            (-120, back + 262),
            (-350, back + 250),
            (-420, back + 150),
        ]
        pen.shape(to(smooth(body)), main, 90)
        pen.tint(
            to(smooth([(380, back + 110), (340, back + 240), (200, back + 284), (-60, back + 262), (120, back + 226)])),
            second,
            0.55,
        )
        tail = {
            "cat": [(-390, back + 70), (-520, back - 40), (-560, back - 260), (-480, back - 340)],
            "dog": [(-390, back + 60), (-520, back - 60), (-560, back - 220)],
            "horse": [(-400, back + 60), (-480, back + 220), (-470, back + 460)],
            "cow": [(-400, back + 60), (-450, back + 240), (-440, back + 420)],
        }[kind]
        pen.shape(
            limb(to(smooth(tail, False)), [70 if kind != "cow" else 30] * len(smooth(tail, False))),
            dark if kind == "horse" else main,
            22,
        )
        hx, hy = (
            {"horse": 620.0, "cow": 560.0, "dog": 470.0, "cat": 440.0}[kind],
            {"horse": -900.0, "cow": -830.0, "dog": -800.0, "cat": -760.0}[kind],
        )
        neck = [(250, back + 20), (hx - 130, hy - 40), (hx + 40, hy + 100), (410, back + 190)]
        pen.shape(to(smooth(neck)), main, 60)
        if kind == "horse":
            pen.shape(
                to(
                    smooth(
                        [(220, back), (hx - 180, hy - 90), (hx - 40, hy - 130), (hx - 90, hy + 40), (330, back + 40)]
                    )
                ),
                shade(main, -0.5),
                22,
            )
    if collar:
        pen.line(to(smooth([(hx - 130, hy + 90), (hx - 20, hy + 170), (hx + 90, hy + 130)], False)), 40, collar)
    _head(pen, to, kind, hx, hy, main, second, dark, math.cos(math.radians(turn)))


def _sitting(pen: Pen, to: Any, kind: str, main: str, second: str, dark: str) -> None:
    tail = smooth([(-230, -60), (-420, -40), (-470, -150), (-380, -230)], False)
    pen.shape(limb(to(tail), [72] * len(tail)), dark, 22)
    pen.shape(
        to(
            smooth(
                [
                    (-120, -680),
                    (60, -700),
                    (180, -480),
                    (190, -120),
                    (120, -20),
                    (-220, -20),
                    (-330, -160),
                    (-250, -420),
                ]
            )
        ),
        main,
        90,
    )
    pen.shape(to(oval(-190, -170, 180, 165)), dark, 60)
    for x in (40, 140):
        pen.shape(limb(to([(x, -430), (x + 6, -40)]), (120, 78)), main, 26)
        pen.shape(to(oval(x + 20, -26, 62, 30)), second, 12)
    pen.tint(to(smooth([(60, -640), (170, -470), (130, -240), (40, -420)])), second, 0.8)


def _head(pen: Pen, to: Any, kind: str, x: float, y: float, main: str, second: str, dark: str, facing: float) -> None:
    if kind in {"horse", "cow"}:
        pen.shape(
            to(
                smooth(
                    [
                        (x - 120, y - 120),
                        (x + 10, y - 150),
                        (x + 190, y + 60),
                        (x + 200, y + 150),
                        (x + 120, y + 180),
                        (x - 60, y + 60),
                        (x - 140, y),
                    ]
                )
            ),
            main,
            50,
        )
        pen.tint(to(oval(x + 160, y + 120, 60, 50)), second, 0.7)
        pen.shape(to(smooth([(x - 70, y - 120), (x - 50, y - 230), (x + 10, y - 130)])), dark, 14)
        pen.tint(to(oval(x + 30, y - 40, 18, 18)), "#15100c", 1)
        return
    round_ = kind == "cat"
    r = 150 if round_ else 132
    for side in (-1, 1):
        ear = (
            [
                (x + side * r * 0.75 - 40, y - r * 0.5),
                (x + side * r * 0.85, y - r * 1.5),
                (x + side * r * 0.2 + 30 * side, y - r * 0.88),
            ]
            if round_
            else [
                (x + side * r * 0.5, y - r * 0.9),
                (x + side * r * 1.15, y - r * 0.6),
                (x + side * r * 1.1, y + r * 0.35),
                (x + side * r * 0.7, y - r * 0.1),
            ]
        )
        pen.shape(to(smooth(ear, steps=3)), dark, 16)
    pen.shape(to(oval(x, y, r, r * 0.92)), main, 60)
    mx, my = x + r * 0.32 * (1.2 - abs(facing)), y + r * 0.36
    pen.shape(to(oval(mx, my, r * (0.5 if round_ else 0.52), r * (0.34 if round_ else 0.44))), second, 24)
    pen.tint(to(oval(mx, my - r * 0.2, r * 0.13, r * 0.09)), "#2a1a18" if not round_ else "#b5706a", 1)
    pen.line(to([(mx, my - r * 0.12), (mx, my + r * 0.06)]), 6, "#2a1a18", 0.8)
    pen.line(
        to(smooth([(mx - r * 0.2, my + r * 0.1), (mx, my + r * 0.08), (mx + r * 0.2, my + r * 0.1)], False)),
        6,
        "#2a1a18",
        0.8,
    )
    for side in (-1, 1):
        ex = x + side * r * 0.42 + r * 0.2 * (1 - abs(facing))
        pen.tint(to(oval(ex, y - r * 0.16, r * 0.17, r * 0.16)), "#b9b14a" if round_ else "#3a2416", 1)
        pen.tint(to(oval(ex, y - r * 0.16, r * (0.05 if round_ else 0.1), r * 0.14)), "#0d0b0b", 1)
        pen.tint(to(oval(ex - 6, y - r * 0.22, 7, 7)), "#ffffff", 0.9)
        if round_:
            for k in (-1, 0, 1):
                pen.line(
                    to([(mx + side * r * 0.3, my + k * 12), (mx + side * r * 1.05, my - 20 + k * 34)]),
                    3,
                    "#f4efe6",
                    0.6,
                )


def _bird(pen: Pen, to: Any, main: str, second: str) -> None:
    for x in (-30, 70):
        pen.line(to([(x, -280), (x, -10), (x + 70, 0)]), 28, "#c98a3a", new=True)
    pen.shape(to(smooth([(-460, -330), (-200, -600), (120, -720), (250, -560), (180, -300), (-100, -230)])), main, 90)
    pen.shape(to(smooth([(-520, -300), (-160, -560), (100, -520), (-60, -330)])), shade(main, -0.25), 40)
    pen.shape(to(oval(200, -800, 160, 150)), mix(main, second, 0.4), 60)
    pen.shape(to([(330, -830), (520, -770), (330, -740)]), "#d9922f", 16)
    pen.tint(to(oval(240, -830, 24, 24)), "#15100c", 1)
