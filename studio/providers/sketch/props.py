"""Things: drawn standing on (x, y), `high` units tall, in the colours of their markers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from studio.providers.sketch.look import hexed, named
from studio.providers.sketch.pen import Pen, Point, luminance, mix, oval, shade, smooth

# name, words, height as a share of a person's, wide as a share of its height
KINDS = (
    ("flask", r"flask|thermos|vacuum", 0.17, 0.36),
    ("mug", r"\bmug|\bcup\b|espresso|tea\b|coffee", 0.075, 1.2),
    ("bottle", r"bottle|wine|beer|vial|perfume|serum|shampoo|oil\b", 0.16, 0.36),
    ("can", r"\bcan\b|\btin\b|jar|pot\b|candle", 0.085, 0.7),
    ("tablet", r"tablet|ipad|screen|schematic", 0.11, 1.45),
    ("phone", r"phone|mobile|radio|walkie|remote", 0.085, 0.52),
    ("laptop", r"laptop|computer|notebook computer", 0.14, 1.5),
    ("book", r"book|novel|diary|journal|log ?book|notebook", 0.12, 0.75),
    ("paper", r"paper|letter|map|chart|photo|envelope|note|ticket|blueprint|drawing", 0.12, 1.3),
    ("lantern", r"lantern|lamp|torch|flashlight|light\b", 0.16, 0.6),
    ("tool", r"wrench|spanner|hammer|screwdriver|tool|knife|drill|bolt", 0.15, 0.35),
    ("camera", r"camera|binocular", 0.085, 1.4),
    ("shoe", r"shoe|boot|sneaker|trainer", 0.09, 2.1),
    ("bag", r"bag|satchel|pack|case|suitcase|purse", 0.22, 1.1),
    ("rope", r"rope|cable|coil|hose", 0.12, 1.5),
    ("watch", r"watch|ring|bracelet|necklace", 0.06, 1.0),
    ("tower", r"rocket|statue|tower|turbine", 0.5, 0.3),
)


def kind_of(words: str) -> str | None:
    said = words.lower()[:2000]
    return next((name for name, pattern, _, _ in KINDS if re.search(pattern, said)), None)


def sizes(kind: str) -> tuple[float, float]:
    """Height as a share of a person's, and width as a share of the height."""
    return next(((high, wide) for name, _, high, wide in KINDS if name == kind), (0.13, 0.8))


def dress_of(member: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The kind of a product and its colours, main one first."""
    markers = [m for m in member.get("markers") or () if isinstance(m, Mapping)]
    phrases = " ".join(str(m.get("phrase") or "") for m in markers)
    kind = kind_of(str(member.get("name") or "")) or kind_of(phrases) or "box"
    colours: list[str] = []
    for marker in markers:
        colour = hexed(marker.get("colour")) or named(str(marker.get("phrase") or ""))
        if colour:
            colours.append(colour)
    fallback = {"flask": "#efe5cf", "mug": "#2a8587", "paper": "#efe8d8", "tablet": "#14181c", "tool": "#8d9499"}
    return kind, colours or [fallback.get(kind, "#b4653c")]


def draw_prop(pen: Pen, kind: str, colours: list[str], x: float, y: float, high: float, open_: bool = False) -> None:
    """Draw one thing."""
    main = colours[0]
    other = colours[1] if len(colours) > 1 else shade(main, -0.45 if luminance(main) > 0.5 else 0.5)
    third = colours[2] if len(colours) > 2 else mix(main, "#c9a26a", 0.5)
    _, wide = sizes(kind)
    w, h = high * wide, high
    painter: Callable[..., None] = {
        "flask": _flask, "mug": _mug, "bottle": _bottle, "can": _can, "tablet": _tablet, "phone": _tablet,
        "laptop": _tablet, "book": _book, "paper": _paper, "lantern": _lantern, "tool": _tool, "camera": _camera,
        "shoe": _shoe, "bag": _bag, "rope": _rope, "tower": _tower,
    }.get(kind, _box)  # fmt: skip
    painter(pen, x, y, w, h, main, other, third)


def _side(x: float, y: float, w: float, h: float, profile: list[tuple[float, float]]) -> list[Point]:
    """A turned body from (half width as a share of w/2, height as a share of h), bottom first."""
    left = [(x - w / 2 * r, y - h * t) for r, t in profile]
    right = [(x + w / 2 * r, y - h * t) for r, t in profile]
    return [*left, *right[::-1]]


def _gloss(pen: Pen, x: float, y: float, w: float, h: float, low: float = 0.1, top: float = 0.85) -> None:
    pen.tint(
        [
            (x - w * 0.33, y - h * low),
            (x - w * 0.33, y - h * top),
            (x - w * 0.24, y - h * top),
            (x - w * 0.24, y - h * low),
        ],
        "#ffffff",
        0.34,
    )


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in (start + (end - start) * k / 16 for k in range(17))]


def _flask(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    draw_flask(pen, x, y, w, h, main, other, third if third != mix(main, "#c9a26a", 0.5) else "#b98a58")


def draw_flask(
    pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, cork: str, turned: float = 0.0
) -> None:
    """An enamelled flask with a band, a bird and a cork; `turned` degrees about its axis."""
    pen.shape(_side(x, y, w * 0.42, h, [(1, 0.88), (1.0, 0.95), (0.9, 1.0)]), cork, w * 0.12)
    for k in range(6):
        pen.tint(
            oval(x + w * 0.05 * (k - 2.5), y - h * (0.93 + 0.03 * (k % 2)), w * 0.014, h * 0.008, steps=8),
            "#7a5230",
            0.8,
        )
    pen.shape(
        _side(x, y, w * 0.62, h, [(1, 0.80), (1.04, 0.86), (1, 0.90), (0.94, 0.905)]), shade(main, -0.12), w * 0.14
    )
    body = _side(
        x, y, w, h, [(0.9, 0.0), (0.98, 0.012), (1, 0.05), (1, 0.66), (0.94, 0.74), (0.74, 0.80), (0.62, 0.83)]
    )
    pen.shape(body, main, w * 0.26)
    band = [*_arc(x, y - h * 0.44, w / 2, h * 0.022, math.pi, 0), *_arc(x, y - h * 0.60, w / 2, h * 0.022, 0, math.pi)]
    pen.shape(band, other, 0, clip=body)
    pen.line(_arc(x, y - h * 0.03, w / 2, h * 0.02, math.pi, 0), h * 0.012, shade(main, -0.4), 0.6)
    a = math.radians(turned)
    if math.cos(a) > 0.1:
        _bird(
            pen,
            x + w * 0.42 * math.sin(a),
            y - h * 0.25,
            w * 0.30,
            other if luminance(other) < 0.6 else shade(main, -0.6),
            math.cos(a),
        )
    if abs(turned) > 10:  # the seam and the rivets of the carrying loop come into sight
        sx = x - w * 0.42 * math.sin(a)
        pen.line([(sx, y - h * 0.66), (sx, y - h * 0.08)], h * 0.006, shade(main, -0.35), 0.7)
        for up in (0.64, 0.34):
            pen.shape(oval(sx, y - h * up, h * 0.011, h * 0.011), "#8d9499", h * 0.006)
    _gloss(pen, x, y, w, h, 0.06, 0.68)


def draw_flask_top(pen: Pen, r: float, main: str, other: str, cork: str) -> None:
    """The same flask from above, round the origin."""
    pen.shape(oval(0, 0, r, r, steps=60), main, r * 0.35)
    ring = oval(0, 0, r * 0.93, r * 0.93, steps=60)
    pen.line([*ring, ring[0]], r * 0.035, other, 0.9)
    pen.shape(oval(0, 0, r * 0.66, r * 0.66, steps=50), shade(main, -0.1), r * 0.2)
    pen.shape(oval(0, 0, r * 0.46, r * 0.46, steps=44), cork, r * 0.16)
    for k in range(26):
        a, far = k * 2.4, r * 0.42 * ((k + 1) / 27) ** 0.5
        pen.tint(oval(far * math.cos(a), far * math.sin(a), r * 0.014, r * 0.01, steps=8), "#7a5230", 0.7)


def _bird(pen: Pen, x: float, y: float, size: float, ink: str, near: float = 1.0) -> None:
    """A tern: a body and two swept wings."""

    def part(points: list[Point]) -> None:
        pen.tint(smooth([(x + px * size * near, y + py * size) for px, py in points]), ink, 1)

    part([(-1, -0.5), (-0.2, -0.3), (0.1, 0), (-0.35, -0.02)])
    part([(1, -0.72), (0.3, -0.34), (-0.1, 0), (0.4, -0.05)])
    part([(-0.42, -0.12), (0.1, -0.2), (0.4, 0.1), (0.1, 0.24), (-0.3, 0.06)])
    part([(0.32, 0.04), (0.62, 0.16), (0.3, 0.16)])
    part([(-0.3, 0), (-0.78, 0.08), (-0.36, 0.12)])


def _mug(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    r = w * 0.4
    pen.line(_arc(x + r * 0.92, y - h * 0.5, r * 0.55, h * 0.26, -1.5, 1.5), h * 0.09, shade(main, -0.2), new=True)
    body = _side(x, y, r * 2, h, [(0.86, 0), (0.92, 0.03), (1, 0.98)])
    pen.shape(body, main, r * 0.5)
    pen.shape(
        [*_arc(x, y - h * 0.26, r, h * 0.04, math.pi, 0), (x + r, y + h * 0.1), (x - r, y + h * 0.1)],
        other,
        0,
        clip=body,
    )
    pen.shape(oval(x, y - h * 0.98, r, h * 0.08), shade(main, -0.35), 0)
    pen.tint(oval(x, y - h * 0.96, r * 0.86, h * 0.055), "#2b1a12", 0.9)
    _gloss(pen, x, y, r * 2, h, 0.1, 0.9)


def _bottle(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(_side(x, y, w * 0.36, h, [(1, 0.9), (1, 1.0)]), shade(other, -0.2), w * 0.08)
    body = _side(x, y, w, h, [(0.92, 0), (1, 0.03), (1, 0.58), (0.8, 0.68), (0.36, 0.76), (0.32, 0.92)])
    pen.shape(smooth(body, steps=3), main, w * 0.26)
    pen.shape(_side(x, y, w * 0.98, h, [(1, 0.16), (1, 0.46)]), other, 0, clip=body)
    pen.line(
        [(x - w * 0.28, y - h * 0.34), (x + w * 0.28, y - h * 0.34)],
        h * 0.03,
        shade(other, -0.6 if luminance(other) > 0.4 else 0.7),
        0.9,
    )
    pen.line(
        [(x - w * 0.2, y - h * 0.27), (x + w * 0.2, y - h * 0.27)],
        h * 0.016,
        shade(other, -0.6 if luminance(other) > 0.4 else 0.7),
        0.7,
    )
    _gloss(pen, x, y, w, h, 0.06, 0.62)


def _can(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    body = _side(x, y, w, h, [(0.94, 0), (1, 0.04), (1, 0.92), (0.94, 0.97)])
    pen.shape(body, main, w * 0.26)
    pen.shape(_side(x, y, w, h, [(1, 0.3), (1, 0.66)]), other, 0, clip=body)
    pen.shape(oval(x, y - h * 0.97, w * 0.47, h * 0.06), shade(main, 0.3), 0)
    _gloss(pen, x, y, w, h)


def _tablet(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(
        smooth([(x - w / 2, y), (x - w / 2, y - h), (x + w / 2, y - h), (x + w / 2, y)], steps=1), "#14181c", h * 0.06
    )
    b = h * 0.07
    pen.tint(
        [(x - w / 2 + b, y - b), (x - w / 2 + b, y - h + b), (x + w / 2 - b, y - h + b), (x + w / 2 - b, y - b)],
        "#bfe6ee",
        1,
    )
    for line in (
        [(-0.36, 0.7), (-0.1, 0.7), (-0.1, 0.5), (0.14, 0.5), (0.14, 0.76), (0.36, 0.76)],
        [(-0.36, 0.26), (-0.2, 0.26), (-0.2, 0.4)],
        [(0.02, 0.24), (0.34, 0.24)],
    ):
        pen.line([(x + w * a, y - h * t) for a, t in line], h * 0.03, "#2b6f86", 0.9)


def _book(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(
        [
            (x - w * 0.9, y - h * 0.94),
            (x, y - h * 0.86),
            (x + w * 0.9, y - h * 0.94),
            (x + w * 0.9, y - h * 0.06),
            (x, y + h * 0.02),
            (x - w * 0.9, y - h * 0.06),
        ],
        main,
        h * 0.05,
    )
    for side in (-1, 1):
        pen.tint(
            [
                (x, y - h * 0.9),
                (x + side * w * 0.84, y - h * 0.98),
                (x + side * w * 0.84, y - h * 0.12),
                (x, y - h * 0.04),
            ],
            "#efe8d8",
            1,
        )
        for k in range(6):
            pen.line(
                [(x + side * w * 0.12, y - h * (0.76 - 0.1 * k)), (x + side * w * 0.72, y - h * (0.82 - 0.1 * k))],
                h * 0.015,
                "#6a6257",
                0.6,
            )


def _paper(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    sheet = main if luminance(main) > 0.6 else "#efe8d8"
    pen.shape(
        [(x - w / 2, y - h * 0.04), (x - w * 0.48, y - h), (x + w * 0.5, y - h * 0.95), (x + w * 0.47, y)],
        sheet,
        h * 0.05,
    )
    for k in range(5):
        pen.line(
            [(x - w * 0.38, y - h * (0.8 - 0.14 * k)), (x + w * (0.34 - 0.1 * (k % 3)), y - h * (0.78 - 0.14 * k))],
            h * 0.02,
            "#4a5560",
            0.7,
        )


def _lantern(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.line(_arc(x, y - h * 0.8, w * 0.4, h * 0.22, math.pi, math.tau), h * 0.03, "#2b2b2c", new=True)
    pen.shape(_side(x, y, w, h, [(0.8, 0), (0.8, 0.14), (0.5, 0.18)]), main, w * 0.2)
    pen.shape(_side(x, y, w * 0.72, h, [(0.8, 0.18), (1, 0.4), (0.8, 0.62)]), "#ffe2a0", w * 0.1)
    pen.shape(_side(x, y, w, h, [(0.6, 0.62), (0.8, 0.68), (0.3, 0.82)]), main, w * 0.2)
    pen.tint(oval(x, y - h * 0.4, w * 0.14, h * 0.14), "#fffbe8", 1)


def _tool(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(_side(x, y, w * 0.42, h, [(1, 0), (0.8, 0.3), (1, 0.46)]), "#b4342c", w * 0.12)
    pen.line([(x, y - h * 0.44), (x, y - h * 0.86)], w * 0.24, "#9aa1a6", new=True)
    pen.shape(oval(x, y - h * 0.9, w * 0.36, h * 0.11), "#aab0b5", w * 0.1)
    pen.tint(
        [
            (x - w * 0.1, y - h * 0.92),
            (x - w * 0.12, y - h * 1.02),
            (x + w * 0.12, y - h * 1.02),
            (x + w * 0.1, y - h * 0.92),
        ],
        "#4a4e52",
        1,
    )


def _camera(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(
        smooth(
            [
                (x - w / 2, y),
                (x - w / 2, y - h * 0.8),
                (x - w * 0.2, y - h),
                (x + w * 0.2, y - h),
                (x + w / 2, y - h * 0.8),
                (x + w / 2, y),
            ],
            steps=3,
        ),
        "#23272a",
        h * 0.15,
    )
    pen.shape(oval(x, y - h * 0.42, h * 0.34, h * 0.34), "#3a4046", h * 0.1)
    pen.tint(oval(x, y - h * 0.42, h * 0.22, h * 0.22), "#6f93a8", 1)


def _shoe(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(
        smooth(
            [
                (x - w * 0.46, y - h * 0.1),
                (x - w * 0.46, y - h),
                (x - w * 0.1, y - h * 0.98),
                (x + w * 0.06, y - h * 0.6),
                (x + w * 0.4, y - h * 0.42),
                (x + w * 0.5, y - h * 0.12),
            ]
        ),
        main,
        h * 0.25,
    )
    pen.shape(
        [(x - w * 0.48, y), (x - w * 0.48, y - h * 0.16), (x + w * 0.51, y - h * 0.16), (x + w * 0.5, y)],
        other,
        h * 0.06,
    )


def _bag(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.line(_arc(x, y - h * 0.7, w * 0.26, h * 0.3, math.pi, math.tau), h * 0.06, shade(main, -0.35), new=True)
    pen.shape(
        smooth(
            [
                (x - w * 0.46, y),
                (x - w * 0.5, y - h * 0.6),
                (x - w * 0.36, y - h * 0.74),
                (x + w * 0.36, y - h * 0.74),
                (x + w * 0.5, y - h * 0.6),
                (x + w * 0.46, y),
            ],
            steps=4,
        ),
        main,
        h * 0.16,
    )
    pen.line([(x - w * 0.48, y - h * 0.46), (x + w * 0.48, y - h * 0.46)], h * 0.03, shade(main, -0.45), 0.8)
    pen.shape(oval(x, y - h * 0.44, w * 0.06, h * 0.06), other, 2)


def _rope(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    for k in range(5):
        ring = oval(x, y - h * (0.14 + 0.15 * k), w * (0.48 - 0.03 * k), h * 0.16)
        pen.line(
            [*ring, ring[0]],
            h * 0.12,
            shade(mix(main, "#b98a44", 0.6), -0.1 * (k % 2)),
            new=True,
        )


def _tower(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    pen.shape(smooth(_side(x, y, w, h, [(0.5, 0.06), (0.52, 0.7), (0.34, 0.88), (0.04, 1.0)]), steps=3), main, w * 0.16)
    for side in (-1, 1):
        pen.shape(
            [(x + side * w * 0.22, y - h * 0.3), (x + side * w * 0.5, y), (x + side * w * 0.2, y - h * 0.06)],
            other,
            w * 0.08,
        )
    pen.tint(oval(x, y - h * 0.66, w * 0.1, w * 0.1), "#9fc6dc", 1)


def _box(pen: Pen, x: float, y: float, w: float, h: float, main: str, other: str, third: str) -> None:
    d = w * 0.24
    pen.shape(
        [(x - w / 2, y), (x - w / 2, y - h * 0.84), (x + w / 2 - d, y - h * 0.84), (x + w / 2 - d, y)], main, h * 0.1
    )
    pen.shape(
        [(x + w / 2 - d, y), (x + w / 2 - d, y - h * 0.84), (x + w / 2, y - h * 0.98), (x + w / 2, y - h * 0.12)],
        shade(main, -0.3),
        0,
    )
    pen.shape(
        [
            (x - w / 2, y - h * 0.84),
            (x - w / 2 + d, y - h * 0.98),
            (x + w / 2, y - h * 0.98),
            (x + w / 2 - d, y - h * 0.84),
        ],
        shade(main, 0.2),
        0,
    )
    pen.tint(
        [
            (x - w * 0.36, y - h * 0.24),
            (x - w * 0.36, y - h * 0.62),
            (x + w * 0.12, y - h * 0.62),
            (x + w * 0.12, y - h * 0.24),
        ],
        other,
        1,
    )
