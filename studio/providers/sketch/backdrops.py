"""Which set a place asks for, and the floor seen from above."""

from __future__ import annotations

import re
from collections.abc import Callable

from studio.providers.sketch import exteriors, interiors
from studio.providers.sketch.pen import shade
from studio.providers.sketch.stage import Stage

INSIDE: tuple[tuple[str, Callable[[Stage], None]], ...] = (
    (r"boat ?(?:shed|house)|dry ?dock|slipway", interiors.boat_shed),
    (r"studio|seamless|backdrop|cyclorama|photo set", interiors.paper),
    (
        r"workshop|garage|shed|barn|hangar|factory|forge|atelier|repair|basement|attic|warehouse|store ?room",
        interiors.workshop,
    ),
    (r"kitchen|galley|bakery|canteen", interiors.kitchen),
    (r"caf[eé]|coffee|bar\b|pub|restaurant|diner|bistro|shop|store|boutique|library|bookshop", interiors.cafe),
    (r"office|lab\b|laborator|control|classroom|school|hospital|clinic|station|bridge|server", interiors.office),
    (r"corridor|hallway|stair|tunnel|lift|elevator|subway|train|metro|ship|submarine|spaceship", interiors.corridor),
    (r"living|lounge|bed ?room|flat|apartment|house|home|hotel|cabin|cottage|parlou?r|room", interiors.living_room),
)
OUTSIDE: tuple[tuple[str, Callable[[Stage], None]], ...] = (
    (r"turbine|wind farm|offshore|oil rig|platform|gantry", exteriors.turbine_deck),
    (r"breakwater|mole\b|lighthouse|causeway|sea ?wall", exteriors.breakwater),
    (r"harbou?r|port\b|quay|dock|pier|jetty|marina|wharf|ferry", exteriors.harbour),
    (r"rooftop|roof\b|terrace|balcony", exteriors.rooftop),
    (r"street|alley|lane\b|market|square|crossing|sidewalk|pavement|car park|town|village", exteriors.street),
    (r"city|skyline|downtown|urban|metropolis", exteriors.city),
    (r"solar", exteriors.solar),
    (r"desert|dune|canyon|mesa|savann|wasteland|quarry|mars", exteriors.desert),
    (r"forest|wood|jungle|grove|orchard|trees", exteriors.forest),
    (r"sea\b|ocean|beach|coast|shore|bay\b|boat|island|lake|river|water", exteriors.sea),
    (r"mountain|peak|alp|glacier|summit|ridge|cliff|hill|snow|ice\b|tundra", exteriors.mountain),
    (r"studio|seamless", interiors.paper),
)  # fmt: skip
FLOORS = (
    (r"deck|grat|platform|turbine", "#6d726b", "grate"),
    (r"roof|street|city|quay|harbou?r|breakwater|alley|car park", "#6b6f70", "slab"),
    (r"sea\b|water|lake|river|ocean", "#3b5d6a", "water"),
    (r"sand|beach|desert|dune", "#c69c66", "sand"),
    (r"forest|field|park|garden|grass|meadow", "#5f6d40", "sand"),
    (r"snow|ice", "#d6dee4", "sand"),
    (r"studio|paper|seamless", "#cfcfcb", "plain"),
    (r"office|lab|hospital|kitchen|caf", "#9a8f80", "slab"),
)


def set_for(place: str, indoors: bool) -> Callable[[Stage], None]:
    """The set whose words come first in the place; a hall or a field where none fits."""
    said = place.lower()[:400]
    table = INSIDE + OUTSIDE if indoors else OUTSIDE + INSIDE
    for pattern, paint in table:
        if re.search(pattern, said):
            return paint
    return interiors.hall if indoors else exteriors.field


def is_studio(place: str, indoors: bool) -> bool:
    """A photographer's paper, which wants an even picture."""
    return set_for(place, indoors) is interiors.paper


def overhead(s: Stage, place: str) -> None:
    """The ground or the bench seen straight from above."""
    said = place.lower()[:400]
    colour, kind = next(((c, k) for pattern, c, k in FLOORS if re.search(pattern, said)), ("#8a5f3c", "planks"))
    s.ramp([(0, shade(colour, 0.08)), (1, shade(colour, -0.18))])
    turn = s.dice.uniform(-0.06, 0.06)
    if kind in {"planks", "slab", "grate"}:
        gap = {"planks": 116, "slab": 260, "grate": 42}[kind]
        y = -gap * s.dice.random() - 80
        while y < 1000:
            s.line([(0, y), (s.width, y + s.width * turn)], 4 if kind != "slab" else 7, shade(colour, -0.45), 0.6)
            if kind == "planks":
                for _ in range(5):
                    x = s.dice.uniform(0, s.width)
                    gy = y + s.dice.uniform(14, gap - 10) + x * turn
                    s.line(
                        [(x, gy), (x + s.dice.uniform(80, 300), gy + 6)],
                        2,
                        shade(colour, s.dice.choice((-0.25, 0.18))),
                        0.4,
                    )
            y += gap
        if kind != "planks":
            x = -gap * s.dice.random()
            while x < s.width + gap:
                s.line([(x, 0), (x - 900 * turn, 900)], 4, shade(colour, -0.45), 0.5)
                x += gap * (1.0 if kind == "grate" else 1.5)
    else:
        for _ in range(260):
            x, y, r = s.dice.uniform(0, s.width), s.dice.uniform(0, 900), s.dice.uniform(4, 46)
            s.oval(x, y, r, r * 0.5, shade(colour, s.dice.uniform(-0.2, 0.2)), 0.3)
    s.soften(0.2)
    s.lamps.append(
        (
            s.width * s.dice.uniform(0.3, 0.7),
            s.dice.uniform(160, 420),
            900,
            "#ffdca8" if s.light.lamps else "#ffffff",
            0.4 if s.light.lamps else 0.16,
        )
    )
