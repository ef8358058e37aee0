"""The sample project's reference pictures: our own people, product and places, drawn by the sketch engine's code.

`REFERENCES` says what there is; `draw_reference(name)` draws one of them. Plain Python, no database.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from studio.providers.sketch import backdrops, props
from studio.providers.sketch.figures import draw_figure
from studio.providers.sketch.frame import over, shadow
from studio.providers.sketch.light import Light, finish, light_of, lit
from studio.providers.sketch.look import Look
from studio.providers.sketch.palette import hand
from studio.providers.sketch.pen import Pen, Pixels, rgb, smooth
from studio.providers.sketch.skeleton import POSES, View
from studio.providers.sketch.stage import Stage

TALL, WIDE, SQUARE = (1040, 1300), (1920, 1080), (1100, 1100)
STUDIO = Light(
    core=0.3,
    rim="#ffffff",
    rim_power=0.4,
    side=-1,
    grade="#808080",
    grade_power=0.0,
    vignette=0.12,
    grain=0.012,
    contrast=1.0,
)
PAPER = "#b8bbbc"


@dataclass(frozen=True)
class Reference:
    """One picture: its name here, the file it is uploaded as, the side it shows, the role it plays."""

    name: str
    file: str
    view: str
    role: str  # identity, outfit, product, location or style
    draw: Callable[[], Pixels]


@dataclass(frozen=True)
class Set:
    """The pictures of one subject or outfit, with the colours that its markers' swatches show."""

    title: str
    kind: str  # character, product, location, style or outfit
    pictures: tuple[Reference, ...]
    swatches: dict[str, str]


NOOR = Look(
    skin="#b98160", hair="ponytail", hair_colour="#2a211f", hat="beanie", hat_colour="#1f7a7c", patch="bolt",
    patch_colour="#f2efe6", mole=(-21, 11), top="jacket", top_colour="#c08a30", inner="#46525e", stripe="#f0f3ea",
    belt="#7a5a2c", tools=True, emblem="turbine", emblem_colour="#efe6cf", bottom_colour="#39424f", shoes="#4a3423",
    marks={"curl": "yes"},
)  # fmt: skip
HALVARD = Look(
    skin="#d3a07c", hair="cropped", hair_colour="#8d9093", hat="beanie", hat_colour="#25324f", beard="#d3cdbf",
    beard_full=True, top="raincoat", top_colour="#e0b030", bottom_colour="#3a4048", boots=True, shoes="#37483c",
    old=True, bulk=1.1, eyes="#4f6f86", emblem="anchor", emblem_colour="#efe6cf",
)  # fmt: skip
SUNNIVA = Look(
    skin="#e4bd9f", hair="long", hair_colour="#b5622f", part=1, freckles=True, cuff="#c9ccd2", eyes="#4c6a4e",
    brow=0.8, top="tee", top_colour="#e6e3dc", bottom="leggings", bottom_colour="#8b8a88", shoes="#d8d4cc",
)  # fmt: skip
TRENCH = replace(
    SUNNIVA,
    top="trench",
    top_colour="#d8c7a6",
    inner="#efe9dc",
    belt="#bfa981",
    bottom="trousers",
    bottom_colour="#5a5348",
    shoes="#3a2c22",
)
KILT = replace(
    SUNNIVA, top="sweater", top_colour="#232a3d", bottom="kilt", bottom_colour="#3c4a40", shoes="#1f1c1f", boots=True
)
MOSS = replace(
    SUNNIVA,
    top="suit",
    top_colour="#6c7648",
    inner="#efe9dc",
    bottom="trousers",
    bottom_colour="#646e43",
    shoes="#4a3423",
)
FLASK = ["#efe5cf", "#b4342c", "#b98a58"]


def _paper(size: tuple[int, int], colour: str = PAPER) -> Pixels:
    """A sweep of studio paper, lighter in the middle, a little darker toward the floor."""
    width, height = size
    base = np.array(rgb(colour), np.float32) / 255
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    light = (
        1.0
        + 0.07 * np.exp(-(((x - 0.5) / 0.5) ** 2 + ((y - 0.42) / 0.5) ** 2))
        - 0.07 * np.clip((y - 0.72) / 0.28, 0, 1)
    )
    return (base * light[..., None]).astype(np.float32)


def _person(
    look: Look,
    turn: float,
    share: float,
    crown: float,
    pose: str = "stand",
    size: tuple[int, int] = TALL,
    shift: float = 0.0,
) -> Pixels:
    """`share` is the standing figure's height in picture heights, `crown` the top of the head from the top."""
    width, height = size
    unit = share * height / 1000
    frame = _paper(size)
    x, floor = width * (0.5 + shift), crown * height + 1030 * unit
    if floor < height:
        shadow(frame, x, floor - 4 * unit, 150 * unit, 24 * unit, 0.4)
    pen = Pen(width, height, x, floor, unit, (-0.55, -0.8))
    draw_figure(pen, look, POSES[pose], View(turn))
    over(frame, lit(pen.layer(), STUDIO, 1000 * unit))
    return finish(frame, STUDIO, 3)


def _bust(look: Look, turn: float, shift: float = 0.0) -> Callable[[], Pixels]:
    return lambda: _person(look, turn, 2.05, 0.075, shift=shift)


def _full(look: Look, turn: float = 0.0, pose: str = "stand") -> Callable[[], Pixels]:
    return lambda: _person(look, turn, 0.86, 0.05, pose)


def _face(look: Look) -> Callable[[], Pixels]:
    return lambda: _person(look, -10, 4.6, 0.06)


def _cloth(look: Look, crown: float = -0.78) -> Callable[[], Pixels]:
    return lambda: _person(look, 8, 4.2, crown)


def _flask(turned: float, scale: float = 0.74, low: float = 0.88, shift: float = 0.0) -> Callable[[], Pixels]:
    def paint() -> Pixels:
        width, height = TALL
        frame = _paper(TALL, "#bcbfbf")
        x, base, high = width * (0.5 + shift), height * low, height * scale
        shadow(frame, x + 30, base, high * 0.24, high * 0.05, 0.45)
        pen = Pen(width, height, x, base, 1.0, (-0.55, -0.8))
        props.draw_flask(pen, 0, 0, high * 0.36, high, FLASK[0], FLASK[1], FLASK[2], turned)
        over(frame, lit(pen.layer(), STUDIO, high * 2))
        return finish(frame, STUDIO, 3)

    return paint


def _flask_top() -> Pixels:
    width, height = SQUARE
    frame = _paper(SQUARE, "#bcbfbf")
    x, y, r = width / 2, height / 2, height * 0.30
    shadow(frame, x + 34, y + 30, r * 1.1, r * 1.05, 0.45)
    pen = Pen(width, height, x, y, 1.0, (-0.55, -0.8))
    props.draw_flask_top(pen, r, FLASK[0], FLASK[1], FLASK[2])
    over(frame, lit(pen.layer(), STUDIO, r * 4))
    return finish(frame, STUDIO, 3)


def _place(place: str, indoors: bool, hour: str, seed: int, weather: str = "") -> Callable[[], Pixels]:
    def paint() -> Pixels:
        light = light_of({"int_ext": "INT" if indoors else "EXT", "time_of_day": hour, "weather": weather}, 1)
        light = replace(light, vignette=0.25, grain=0.02, grade_power=light.grade_power * 0.6)
        stage = Stage(*WIDE, 450, light, random.Random(seed), 2.0)
        backdrops.set_for(place, indoors)(stage)
        return finish(stage.finish(), light, seed)

    return paint


def _graphite() -> Pixels:
    """A painterly swatch: headlands in layered washes of slate and sand, a rust sun, pencil contours and hatching."""
    width, height = 1600, 1200
    dice = random.Random(9)
    ys, xs = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    sheet = np.array(rgb("#f2eadb"), np.float32) / 255
    sky = np.array(rgb("#a8b4ba"), np.float32) / 255
    fade = np.clip(0.85 - ys * 1.5 + 0.14 * np.sin(xs * 7 + ys * 5) + 0.08 * np.sin(xs * 19 - ys * 11), 0, 1)[..., None]
    page = Image.fromarray(((sheet + (sky - sheet) * fade) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(page, "RGBA")
    for step in range(9):
        disc = 120 - step * 4
        pen.ellipse((1090 - disc, 300 - disc, 1090 + disc, 300 + disc), fill=(158, 87, 56, 34))
    layers = (
        ("#a8a498", 560, 130, 90),
        ("#7f8c92", 680, 150, 110),
        ("#5d6b74", 830, 130, 140),
        ("#2b333d", 1010, 120, 170),
    )
    for number, (colour, base, high, strength) in enumerate(layers):
        phase = dice.uniform(0, 6)
        ridge = [
            (x, base - high * (0.5 + 0.5 * math.sin(x / (230 + 40 * number) + phase)) + dice.uniform(-14, 14))
            for x in range(-40, width + 80, 36)
        ]
        for wobble in range(5):  # five thin washes that don't quite meet: their edges pool
            points = [(x + dice.uniform(-9, 9), y + dice.uniform(-7, 7) + wobble * 3) for x, y in ridge]
            pen.polygon(
                [*smooth(points, False, 5), (width + 90, height + 10), (-50, height + 10)],
                fill=(*rgb(colour), strength // 4),
            )
        for shift in (0, 5):
            line = [(x + dice.uniform(-3, 3), y + shift + dice.uniform(-3, 3)) for x, y in ridge]
            pen.line(smooth(line, False, 6), fill=(34, 38, 44, 150 - shift * 12), width=4 - shift // 2, joint="curve")
        for x, y in ridge:
            for k in range(7 if number > 1 else 3):
                at = x + k * 12
                deep = dice.uniform(40, 190) * (0.5 + number * 0.25)
                pen.line([(at, y + 12), (at - deep * 0.5, y + 12 + deep)], fill=(30, 34, 40, 56 + number * 14), width=2)
    for _ in range(240):
        spot_x, spot_y, r = dice.uniform(0, width), dice.uniform(0, height), abs(dice.gauss(0, 3)) + 1
        pen.ellipse(
            (spot_x - r, spot_y - r, spot_x + r, spot_y + r),
            fill=(*rgb(dice.choice(("#5d6b74", "#9e5738", "#2b333d"))), 60),
        )
    light = replace(STUDIO, vignette=0.16, grain=0.02)
    return finish(hand(np.asarray(page, np.float32) / 255, "wash on paper", 4), light, 4)


def _views(
    stem: str, look: Look, role: str, plan: tuple[tuple[str, Callable[[], Pixels]], ...]
) -> tuple[Reference, ...]:
    del look
    return tuple(
        Reference(f"{stem}-{view.replace('_', '-')}", f"{stem}-{view.replace('_', '-')}.jpg", view, role, paint)
        for view, paint in plan
    )


def _outfit(stem: str, look: Look, crown: float) -> tuple[Reference, ...]:
    return _views(
        stem, look, "outfit", (("front", _full(look, 6)), ("back", _full(look, 180)), ("detail", _cloth(look, crown)))
    )


REFERENCES: dict[str, Set] = {
    "noor": Set(
        "Noor", "character",
        _views("noor", NOOR, "identity", (
            ("front", _bust(NOOR, 0)), ("three_quarter_left", _bust(NOOR, -40, 0.02)), ("three_quarter_right", _bust(NOOR, 40, -0.02)),
            ("profile_left", _bust(NOOR, -90)), ("profile_right", _bust(NOOR, 90)), ("back", _bust(NOOR, 180)),
            ("full_body", _full(NOOR, 8)), ("detail", _face(NOOR)),
        )),
        {"skin": NOOR.skin, "hair": NOOR.hair_colour, "cap": NOOR.hat_colour, "patch": NOOR.patch_colour, "jacket": NOOR.top_colour,
         "stripe": NOOR.stripe or "", "belt": NOOR.belt or "", "emblem": NOOR.emblem_colour, "trousers": NOOR.bottom_colour, "mole": "#3a201a"},
    ),
    "halvard": Set(
        "Old Halvard", "character",
        _views("halvard", HALVARD, "identity", (
            ("front", _bust(HALVARD, 0)), ("three_quarter_right", _bust(HALVARD, 40, -0.02)), ("profile_left", _bust(HALVARD, -90)),
            ("full_body", _full(HALVARD, -8)), ("back", _bust(HALVARD, 180)),
        )),
        {"skin": HALVARD.skin, "beard": HALVARD.beard or "", "hair": HALVARD.hair_colour, "cap": HALVARD.hat_colour,
         "raincoat": HALVARD.top_colour, "boots": HALVARD.shoes},
    ),
    "sunniva": Set(
        "Sunniva", "character",
        _views("sunniva", SUNNIVA, "identity", (
            ("front", _bust(SUNNIVA, 0)), ("three_quarter_left", _bust(SUNNIVA, -40, 0.02)), ("back", _bust(SUNNIVA, 180)), ("detail", _face(SUNNIVA)),
        )),
        {"skin": SUNNIVA.skin, "hair": SUNNIVA.hair_colour, "cuff": SUNNIVA.cuff or "", "eyes": SUNNIVA.eyes, "freckles": "#8a4a2c"},
    ),
    "oat-trench": Set("Oat trench", "outfit", _outfit("oat-trench", TRENCH, -0.86), {"coat": TRENCH.top_colour, "knit": TRENCH.inner, "belt": TRENCH.belt or "", "trousers": TRENCH.bottom_colour}),
    "ink-knit-kilt": Set("Ink knit and kilt", "outfit", _outfit("ink-knit-kilt", KILT, -0.86), {"knit": KILT.top_colour, "kilt": KILT.bottom_colour, "boots": KILT.shoes}),
    "moss-suit": Set("Moss suit", "outfit", _outfit("moss-suit", MOSS, -0.80), {"jacket": MOSS.top_colour, "trousers": MOSS.bottom_colour, "shirt": MOSS.inner}),
    "tern-flask": Set(
        "Tern flask", "product",
        (
            Reference("tern-flask-front", "tern-flask-front.jpg", "front", "product", _flask(0)),
            Reference("tern-flask-three-quarter-right", "tern-flask-three-quarter-right.jpg", "three_quarter_right", "product", _flask(38)),
            Reference("tern-flask-top", "tern-flask-top.jpg", "top", "product", _flask_top),
            Reference("tern-flask-detail", "tern-flask-logo.jpg", "detail", "product", _flask(0, 2.0, 1.24)),
        ),
        {"enamel": FLASK[0], "band": FLASK[1], "stopper": FLASK[2]},
    ),
    "boat-shed": Set("Boat shed", "location", (Reference("boat-shed", "boat-shed.jpg", "front", "location", _place("boat shed", True, "morning", 5)),), {"boards": "#5f6460", "hull": "#3f6a74", "floor": "#6d5f4e"}),
    "breakwater": Set("Breakwater", "location", (Reference("breakwater", "breakwater.jpg", "front", "location", _place("breakwater", False, "afternoon", 8)),), {"stone": "#77756e", "sea": "#456a78", "light tower": "#b4362c"}),
    "turbine-deck": Set("Turbine deck", "location", (Reference("turbine-deck", "turbine-deck.jpg", "front", "location", _place("turbine deck", False, "day", 6)),), {"rail": "#e0b030", "tower": "#e6e9e8", "door": "#c65f2c"}),
    "graphite-and-wash": Set("Graphite and wash", "style", (Reference("graphite-and-wash", "graphite-and-wash.jpg", "", "style", _graphite),), {"graphite": "#2b333d", "slate": "#5d6b74", "stone": "#a8a498", "sand": "#d8c8ac", "paper": "#f2eadb", "rust": "#9e5738"}),
}  # fmt: skip
BY_NAME = {picture.name: picture for group in REFERENCES.values() for picture in group.pictures}


def draw_reference(name: str) -> bytes:
    """The picture of that name as a JPEG, at least 1024 pixels on its short side. Raises KeyError for an unknown name."""
    frame = BY_NAME[name].draw()
    out = io.BytesIO()
    Image.fromarray((np.clip(frame, 0, 1) * 255 + 0.5).astype(np.uint8)).save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()
