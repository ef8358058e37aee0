"""Random panels and engines, and small ones made by hand."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from studio.prompting import references
from studio.prompting.types import Brief, Clothes, MarkerLine, Member, Pic, Setting
from studio.providers.base import Limits

EXAMPLES = int(os.environ.get("STUDIO_EXAMPLES", "300"))  # `make thorough` asks for 10,000
VIEWS = list(references.SAID)
SIZES = ["EST", "EWS", "WS", "FS", "MS", "MCU", "CU", "ECU", "INS", "OTS", ""]
WORDS = ["", "left", "walks away", "teal cap", "a mole", "holds it up.", "in profile", "  ", "ß“”—", "x" * 80]
_pic_views = st.lists(st.sampled_from(VIEWS), max_size=6)
_words = st.sampled_from(WORDS)


def pics(prefix, views, weak=()):
    return tuple(
        Pic(f"{prefix}{n}", "k", f"sha-{prefix}{n}", view, position=n, weak=("Soft",) if n in weak else ())
        for n, view in enumerate(views)
    )


@st.composite
def members(draw, n, keys):
    kind = draw(st.sampled_from(["character", "product"]))
    worn = kind == "character" and draw(st.booleans())
    categories = st.sampled_from(["face", "hair", "mark", "item", "wardrobe", "camera", "posture", "logo"])
    markers = tuple(
        MarkerLine(f"m{n}-k{at}", draw(_words) or "scar", draw(categories), draw(st.sampled_from(["", "#1f7a78"])))
        for at in range(draw(st.integers(0, 4)))
    )
    holding = tuple(draw(st.lists(st.sampled_from(keys), max_size=2, unique=True))) if keys else ()
    return Member(
        f"m{n}", f"m{n}", kind, draw(st.sampled_from(["person", "animal", ""])), f"M{n}", draw(_words), draw(st.integers(0, 2)), markers,
        pics(f"m{n}-", draw(_pic_views), draw(st.sets(st.integers(0, 5), max_size=2))),
        Clothes(f"o{n}", "Coat", draw(_words), (), pics(f"o{n}-", draw(_pic_views))) if worn else None,
        where=draw(_words), doing=draw(_words), holding=holding, view=draw(st.sampled_from(VIEWS[:-1])),
    )  # fmt: skip


@st.composite
def briefs(draw):
    count = draw(st.integers(0, 5))
    keys = [f"m{n}" for n in range(count)]
    cast = tuple(draw(members(n, [key for key in keys if key != f"m{n}"])) for n in range(count))

    def setting(key):
        return (
            Setting(key, key, key, draw(_words), (), pics(f"{key}-", draw(_pic_views))) if draw(st.booleans()) else None
        )

    return Brief(
        "p", "1A", "16:9", draw(st.sampled_from(SIZES)), "eye", "", "35 mm", "", draw(_words), "INT", draw(_words), "DAWN", draw(_words),
        cast, setting("location"), setting("style"),
    )  # fmt: skip


limits = st.builds(
    Limits,
    references=st.integers(0, 14),
    people=st.none() | st.integers(0, 5),
    objects=st.none() | st.integers(0, 10),
    styles=st.none() | st.integers(0, 2),
)
