"""Rooms: walls, windows, shelves and lamps, arranged by the stage's dice."""

from __future__ import annotations

from itertools import pairwise

from studio.providers.sketch.pen import mix, shade
from studio.providers.sketch.stage import Stage


def shell(s: Stage, wall: str, floor: str, boards: bool = True) -> float:
    """Back wall and floor; returns the height where they meet."""
    foot = min(860.0, s.horizon + 190)
    s.ramp([(0, shade(wall, -0.3)), (0.5, wall), (1, shade(wall, -0.12))], 0, max(2.0, foot))
    s.ramp([(0, shade(floor, -0.35)), (1, floor)], foot, 900)
    if boards:
        s.rows(shade(floor, -0.45), 0.35, 11, top=foot)
    s.rect(0, foot - 16, s.width, 18, shade(wall, -0.45))
    s.rect(0, foot, s.width, 26, "#000000", 0.22)
    return foot


def window(s: Stage, x: float, y: float, w: float, h: float, frame: str, panes: int = 2) -> None:
    """A window on the sky outside, with its light falling in."""
    top, middle, low = s.light.sky
    s.rect(x - 10, y - 10, w + 20, h + 20, frame)
    s.rect(x, y, w, h, middle)
    for k in range(10):
        s.rect(x, y + h * k / 10, w, h / 10 + 1, mix(top, low, k / 9))
    for k in range(1, panes):
        s.rect(x + w * k / panes - 4, y, 8, h, frame)
    s.rect(x, y + h * 0.48, w, 8, frame)
    bright = not s.light.moon
    s.lamps.append(
        (
            x + w / 2,
            y + h / 2,
            max(w, h) * (1.5 if bright else 1.0),
            low if bright else "#7f9ad0",
            0.42 if bright else 0.25,
        )
    )


def bulb(s: Stage, x: float, y: float) -> None:
    """A lamp on a wire; it glows when the hour asks for it."""
    s.line([(x, 0), (x, y - 24)], 4, "#0d0a08")
    s.poly([(x - 46, y + 4), (x - 16, y - 30), (x + 16, y - 30), (x + 46, y + 4)], "#17130f")
    if s.light.lamps:
        s.oval(x, y + 10, 20, 20, "#fff0cf")
        s.lamps += [(x, y + 10, 640, "#f3a24e", 0.62), (x, y + 10, 210, "#ffe2a6", 0.75)]
    else:
        s.oval(x, y + 10, 16, 16, "#e8e2d2")


def shelves(
    s: Stage, x: float, y: float, w: float, rows: int, gap: float, colours: tuple[str, ...], board: str
) -> None:
    for row in range(rows):
        base = y + row * gap
        at = x + 14.0
        while at < x + w - 30:
            wide, high = s.dice.uniform(18, 70), s.dice.uniform(gap * 0.25, gap * 0.8)
            wide = min(wide, x + w - at - 4)
            s.rect(at, base - high, wide, high, s.dice.choice(colours), round_by=4)
            s.rect(at, base - high, wide * 0.25, high, "#ffffff", 0.06)
            at += wide + s.dice.uniform(2, 26)
        s.rect(x, base, w, 11, board)
        s.rect(x, base + 11, w, 12, "#000000", 0.25)


def table(s: Stage, y: float, colour: str) -> None:
    """A bench across the back of the set."""
    s.rect(0, y, s.width, 26, shade(colour, 0.12))
    s.rect(0, y + 26, s.width, 150, shade(colour, -0.4))
    for k in range(0, int(s.width), 260):
        s.rect(k + 40, y + 40, 190, 110, shade(colour, -0.5), round_by=4)


def workshop(s: Stage) -> None:
    foot = shell(s, "#5b4a3c", "#6a4f38")
    line = s.horizon - 250
    colours = ("#7a5a3c", "#8a6a44", "#5b544c", "#a06a3c", "#4f5e60", "#b08a50", "#6b3b2c", "#3f5a66")
    shift = s.dice.uniform(-60, 60)
    split = s.width * (0.64 if s.mirror else 0.36)
    shelves(s, 40 + shift, line, split - 60, 3, 128, colours, "#3a281b")
    wx = split + s.dice.uniform(40, 120)
    window(s, wx, line - 110, min(330, s.width - wx - 40), 330, "#2a1e16")
    for _ in range(7):
        x = s.dice.uniform(split, s.width - 60)
        y = line + s.dice.uniform(250, 330)
        s.line(
            [(x, y - 70), (x + s.dice.uniform(-8, 8), y)],
            s.dice.uniform(5, 12),
            s.dice.choice(("#2b2b2c", "#6e4426", "#7d8388")),
        )
    s.soften(0.9)
    table(s, foot - 120, "#7a5232")
    for _ in range(6):
        x = s.dice.uniform(0, s.width)
        h = s.dice.uniform(30, 90)
        s.rect(x, foot - 120 - h, s.dice.uniform(30, 110), h, s.dice.choice(colours), round_by=5)
    s.soften(0.55)
    bulb(s, s.width * s.dice.uniform(0.3, 0.7), s.dice.uniform(90, 170))


def boat_shed(s: Stage) -> None:
    foot = shell(s, "#5f6460", "#6d5f4e")
    for k in range(0, int(s.width), 62):
        s.line([(k, 0), (k, foot)], 3, "#353b3a", 0.55)
    for k in range(3):  # trusses
        y = 70 + k * 20
        s.line([(0, y + 60), (s.width * 0.5, y - 60), (s.width, y + 60)], 16 - k * 3, shade("#4a3a2b", -0.12 * k))
    x = s.width * (0.2 if s.mirror else 0.56) + s.dice.uniform(-50, 50)
    low = s.light.sky[2]
    s.rect(x - 14, s.horizon - 300, 428, foot - s.horizon + 300, "#2c2620")
    s.rect(x, s.horizon - 286, 400, foot - s.horizon + 286, low)
    s.rect(x, s.horizon - 286, 400, 150, mix(s.light.sky[1], low, 0.4))
    s.rect(x, s.horizon + 10, 400, foot - s.horizon - 10, mix(low, "#4f6b78", 0.6))
    for k in range(7):
        s.line([(x, s.horizon + 24 + k * 22), (x + 400, s.horizon + 24 + k * 22)], 3, low, 0.5)
    s.lamps.append(
        (x + 200, s.horizon - 80, 620, low if not s.light.moon else "#8aa4d8", 0.36 if not s.light.moon else 0.2)
    )
    s.soften(0.9)
    hx = s.width * (0.66 if s.mirror else 0.22) + s.dice.uniform(-60, 60)
    hy = foot - 20
    hull = [
        (hx - 330, hy - 190),
        (hx - 240, hy - 40),
        (hx + 220, hy - 40),
        (hx + 340, hy - 214),
        (hx + 330, hy - 196),
        (hx, hy - 162),
    ]
    s.poly(hull, "#3f6a74")
    s.poly(
        [
            (hx - 330, hy - 190),
            (hx, hy - 162),
            (hx + 340, hy - 214),
            (hx + 336, hy - 190),
            (hx, hy - 136),
            (hx - 320, hy - 168),
        ],
        "#d9d2c0",
    )
    for k in range(1, 4):
        s.line(
            [(hx - 316 + k * 22, hy - 170 + k * 36), (hx, hy - 140 + k * 30), (hx + 320 - k * 24, hy - 184 + k * 40)],
            3,
            "#2b4a52",
            0.7,
        )
    for k in (-150, 130):
        s.poly(
            [(hx + k - 50, hy + 50), (hx + k - 12, hy - 46), (hx + k + 12, hy - 46), (hx + k + 50, hy + 50)], "#4a3626"
        )
    for _ in range(4):
        rx, ry = s.dice.uniform(0, s.width), s.dice.uniform(170, 300)
        s.oval(rx, ry, 34, 46, "#b98a44")
        s.oval(rx, ry, 20, 30, "#4d514e")
    s.soften(0.5)
    bulb(s, s.width * s.dice.uniform(0.34, 0.6), s.dice.uniform(120, 180))


def kitchen(s: Stage) -> None:
    foot = shell(s, "#b9b2a2", "#9a7c5c")
    line = s.horizon - 250
    wx = s.width * (0.58 if s.mirror else 0.16) + s.dice.uniform(-40, 40)
    window(s, wx, line - 70, 400, 290, "#efe9dc")
    side = wx + 450 if not s.mirror else 40
    for k in range(4):
        x = side + k * 150
        s.rect(x, line - 120, 140, 190, "#6f8378", round_by=6)
        s.rect(x + 116, line + 30, 6, 26, "#d9c9a0")
    s.soften(0.9)
    y = foot - 150
    s.rect(0, y, s.width, 22, "#d8cdb8")
    s.rect(0, y + 22, s.width, 140, "#5f7268")
    for k in range(0, int(s.width), 180):
        s.rect(k + 8, y + 34, 164, 116, "#6c8177", round_by=4)
    for _ in range(8):
        x, h = s.dice.uniform(0, s.width), s.dice.uniform(36, 96)
        s.rect(
            x,
            y - h,
            s.dice.uniform(26, 60),
            h,
            s.dice.choice(("#c2703f", "#e2d6bd", "#4a6a78", "#8c9a6a", "#3a3a3a")),
            round_by=9,
        )
    s.soften(0.5)
    bulb(s, s.width * s.dice.uniform(0.35, 0.65), 130)


def cafe(s: Stage) -> None:
    foot = shell(s, "#6f4f3e", "#5c4334")
    line = s.horizon - 250
    split = s.width * (0.4 if s.mirror else 0.6)
    window(
        s,
        60 if s.mirror else split + 40,
        line - 130,
        split - 120 if s.mirror else s.width - split - 100,
        420,
        "#241a14",
        3,
    )
    shelves(
        s,
        split + 40 if s.mirror else 50,
        line - 10,
        s.width - split - 90 if s.mirror else split - 90,
        2,
        120,
        ("#d9b98a", "#7a9a8a", "#c26a4a", "#e8dcc4", "#4a3a30"),
        "#2a1c14",
    )
    s.soften(1.0)
    for _ in range(5):
        x = s.dice.uniform(0, s.width)
        s.oval(x, foot - 70, 92, 16, "#8a6244")
        s.rect(x - 7, foot - 66, 14, 110, "#1f1814")
        s.rect(
            x - s.dice.uniform(-30, 40),
            foot - 118,
            30,
            44,
            s.dice.choice(("#e9e2d2", "#b4542b", "#5f8a86")),
            round_by=6,
        )
    s.soften(0.6)
    for k in range(3):
        bulb(s, s.width * (0.2 + 0.3 * k) + s.dice.uniform(-30, 30), s.dice.uniform(90, 150))


def office(s: Stage) -> None:
    foot = shell(s, "#9aa3a8", "#6d7276", boards=False)
    line = s.horizon - 260
    for k in range(5):
        window(s, 40 + k * s.width / 5, line - 40, s.width / 5 - 60, 330, "#5a6268", 1)
    s.soften(0.9)
    for k in range(4):
        x = s.width * k / 4 + s.dice.uniform(0, 120)
        s.rect(x, foot - 120, 300, 16, "#c9c2b4")
        s.rect(x + 20, foot - 104, 12, 130, "#4a4e52")
        s.rect(x + 268, foot - 104, 12, 130, "#4a4e52")
        s.rect(x + 80, foot - 230, 150, 96, "#15191d", round_by=5)
        s.rect(x + 88, foot - 222, 134, 80, "#8fc3d8" if s.light.lamps else "#b9d3dc")
        s.rect(x + 148, foot - 134, 14, 16, "#15191d")
    s.soften(0.5)
    for k in range(3):
        x = s.width * (k + 0.5) / 3
        s.poly([(x - 120, 20), (x + 120, 20), (x + 90, 38), (x - 90, 38)], "#f3f5f2")
        s.lamps.append((x, 30, 380, "#e9f2ff", 0.25))


def corridor(s: Stage) -> None:
    vx, vy = s.width * (0.45 if s.mirror else 0.55), s.horizon
    s.ramp([(0, "#4a5256"), (1, "#6c7478")], 0, 900)
    steps = [1.0, 0.62, 0.4, 0.26, 0.17, 0.11]
    for a, b in pairwise(steps):
        tone = shade("#8b9498", -0.55 * (1 - a))

        def box(k: float) -> tuple[float, float, float, float]:
            return vx - s.width * 0.62 * k, vy - 560 * k, vx + s.width * 0.62 * k, vy + 520 * k

        (l0, t0, r0, b0), (l1, t1, r1, b1) = box(a), box(b)
        s.poly([(l0, t0), (l1, t1), (l1, b1), (l0, b0)], tone)
        s.poly([(r0, t0), (r1, t1), (r1, b1), (r0, b0)], shade(tone, -0.1))
        s.poly([(l0, t0), (r0, t0), (r1, t1), (l1, t1)], shade(tone, 0.15))
        s.poly([(l0, b0), (r0, b0), (r1, b1), (l1, b1)], shade(tone, -0.35))
        door = [(l0 + (l1 - l0) * k, b0 + (b1 - b0) * k) for k in (0.25, 0.7)]
        s.poly([door[0], door[1], (door[1][0], door[1][1] - 620 * b), (door[0][0], door[0][1] - 700 * a)], "#5a4638")
        s.lamps.append((vx, (t0 + t1) / 2, 240 * a, "#fff0d2", 0.3))
    s.rect(vx - s.width * 0.068, vy - 62, s.width * 0.136, 120, mix("#aab4b8", s.light.sky[2], 0.5))
    s.soften(0.8)


def living_room(s: Stage) -> None:
    foot = shell(s, "#8d8577", "#7d5f45")
    line = s.horizon - 250
    wx = s.width * (0.6 if s.mirror else 0.12) + s.dice.uniform(-40, 40)
    window(s, wx, line - 80, 380, 360, "#e6dfd0")
    s.rect(wx - 60, line - 120, 70, 470, "#a3543f")
    s.rect(wx + 370, line - 120, 70, 470, "#a3543f")
    px = s.width * (0.2 if s.mirror else 0.66)
    for k in range(3):
        s.rect(px + k * 150, line - 30 + s.dice.uniform(-30, 30), 120, 96, "#2c2620")
        s.rect(px + k * 150 + 10, line - 20, 100, 70, s.dice.choice(("#c9a26a", "#6d8a94", "#b86a50", "#8a9a6a")))
    s.soften(0.9)
    sx = s.width * (0.1 if s.mirror else 0.5)
    s.rect(sx, foot - 180, 560, 150, "#48606a", round_by=30)
    s.rect(sx - 30, foot - 130, 80, 150, "#3f545d", round_by=26)
    s.rect(sx + 510, foot - 130, 80, 150, "#3f545d", round_by=26)
    s.rect(sx + 20, foot - 70, 520, 80, "#557079", round_by=18)
    lx = sx + 640 if s.mirror else sx - 100
    s.rect(lx - 4, foot - 330, 8, 350, "#2a2420")
    s.poly([(lx - 60, foot - 320), (lx - 34, foot - 420), (lx + 34, foot - 420), (lx + 60, foot - 320)], "#e7cf9f")
    if s.light.lamps:
        s.lamps.append((lx, foot - 360, 460, "#ffb763", 0.6))
    s.soften(0.5)


def hall(s: Stage) -> None:
    """Any room that has no set of its own: tall windows, pillars, a floor."""
    foot = shell(s, "#8a8f90", "#75695c")
    line = s.horizon - 290
    gap = s.width / 4
    shift = s.dice.uniform(-60, 60)
    for k in range(5):
        x = k * gap + shift
        window(s, x - gap * 0.28, line - 30, gap * 0.36, 380, "#4a4e50", 2)
        s.rect(x + gap * 0.3, 0, 56, foot, "#6b7072")
        s.rect(x + gap * 0.3, 0, 16, foot, "#858a8b")
    s.soften(0.9)
    for _ in range(4):
        x, w, h = s.dice.uniform(0, s.width), s.dice.uniform(90, 220), s.dice.uniform(50, 150)
        s.rect(x, foot - h + 20, w, h, s.dice.choice(("#5a4c40", "#4c5658", "#6f5a48")), round_by=5)
    s.soften(0.5)
    bulb(s, s.width * s.dice.uniform(0.3, 0.7), 120)


def paper(s: Stage) -> None:
    """A studio sweep."""
    tone = s.dice.choice(("#cfcfcb", "#d6d3cc", "#c6c9ca"))
    s.ramp([(0, shade(tone, -0.1)), (0.6, shade(tone, 0.12)), (0.82, tone), (1, shade(tone, -0.2))])
    s.lamps.append((s.width * s.dice.uniform(0.35, 0.65), 340, 760, "#ffffff", 0.35))
