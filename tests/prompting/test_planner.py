"""The planner over hundreds of random casts: no limit broken, no face dropped for a style, every drop with its reason."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.prompting import references
from studio.prompting.types import Brief, Clothes, Member, Pic, Setting
from studio.providers.base import Limits

VIEWS = list(references.SAID)
SIZES = ["EWS", "WS", "MS", "MCU", "CU", "INS", "OTS", ""]
_pic_views = st.lists(st.sampled_from(VIEWS), max_size=6)


def pics(prefix, views, weak=()):
    return tuple(
        Pic(f"{prefix}{n}", "k", "s", view, position=n, weak=("Soft",) if n in weak else ())
        for n, view in enumerate(views)
    )


@st.composite
def members(draw, n):
    kind = draw(st.sampled_from(["character", "product"]))
    outfit = (
        Clothes(f"o{n}", "Coat", "", (), pics(f"o{n}-", draw(_pic_views)))
        if kind == "character" and draw(st.booleans())
        else None
    )
    return Member(
        f"m{n}",
        f"m{n}",
        kind,
        "person",
        f"M{n}",
        "bible",
        draw(st.integers(0, 2)),
        (),
        pics(f"m{n}-", draw(_pic_views)),
        outfit,
        view=draw(st.sampled_from(VIEWS[:-1])),
    )


@st.composite
def briefs(draw):
    cast = tuple(draw(members(n)) for n in range(draw(st.integers(0, 5))))

    def setting(key):
        return Setting(key, key, key, "", (), pics(f"{key}-", draw(_pic_views))) if draw(st.booleans()) else None

    return Brief(
        "p",
        "1A",
        "16:9",
        draw(st.sampled_from(SIZES)),
        "eye",
        "",
        "",
        "",
        "",
        "INT",
        "",
        "",
        "",
        cast,
        setting("location"),
        setting("style"),
    )


limits = st.builds(
    Limits,
    references=st.integers(0, 14),
    people=st.none() | st.integers(0, 5),
    objects=st.none() | st.integers(0, 10),
    styles=st.none() | st.integers(0, 2),
)


@settings(max_examples=400, deadline=None)
@given(briefs(), limits)
def test_it_keeps_every_promise(brief, limit):
    plan = references.plan(brief, limit)
    people = [s for s in plan.slots if s.role in {"identity", "outfit"}]
    styles = [s for s in plan.slots if s.role == "style"]
    objects = [s for s in plan.slots if s.role in {"product", "location"}]
    assert len(plan.slots) <= limit.references
    for count, cap in ((people, limit.people), (styles, limit.styles), (objects, limit.objects)):
        assert cap is None or len(count) <= cap
    assert [s.n for s in plan.slots] == list(range(1, len(plan.slots) + 1))
    order = [references.ROLES.index(s.role) for s in plan.slots]
    assert order == sorted(order)
    assert all(one.why for one in (*plan.slots, *plan.out))
    codes = [one.pic.code for one in (*plan.slots, *plan.out)]
    offered = [p.code for m in brief.cast for p in (*m.pics, *(m.outfit.pics if m.outfit else ()))]
    offered += [p.code for s in (brief.location, brief.style) if s for p in s.pics]
    assert sorted(codes) == sorted(offered)
    full = f"takes {limit.references} pictures"
    if styles:
        assert not [o for o in plan.out if o.role == "identity" and full in o.why]
    assert references.plan(brief, limit) == plan


LIMITS = Limits(references=14)


def cast(view="front", views=("front",), **more):
    return Member("character-n", "n", "character", "person", "Noor", "", 1, (), pics("n", views), view=view, **more)


def brief(*people, size="MS", **more):
    return Brief("p", "1A", "16:9", size, "eye", "", "", "", "", "EXT", "pier", "", "", people, **more)


def test_it_sends_the_back_for_a_walk_away_shot():
    plan = references.plan(brief(cast("back", ("front", "back", "profile_left"))), LIMITS)
    assert [s.pic.view for s in plan.slots] == ["front", "back"]
    assert not plan.warnings
    assert "profile" in plan.out[0].why


def test_it_warns_of_a_side_nobody_showed():
    (warning,) = references.plan(brief(cast("back", ("front",))), LIMITS).warnings
    assert warning.view == "back"
    assert "guess" in warning.text


def test_it_warns_of_a_soft_side_and_of_a_draft():
    soft = replace(
        cast("profile_left"),
        pics=(*pics("n", ("front",)), Pic("n9", "k", "s", "profile_left", weak=("Soft: 612 px, wants 1024",))),
    )
    assert "Soft" in references.plan(brief(soft), LIMITS).warnings[0].text
    assert "not locked" in references.plan(brief(replace(cast(), version=0)), LIMITS).warnings[0].title


def test_it_puts_the_woman_before_the_mug_before_the_place_before_the_style():
    mug = Member("product-m", "m", "product", "", "Mug", "", 1, (), pics("m", ("front",)), view="front")
    place = Setting("location-l", "l", "Pier", "", (), pics("l", ("", "")))
    style = Setting("style-s", "s", "Wash", "", (), pics("s", ("", "")))
    coat = Clothes("c", "Coat", "", (), pics("c", ("front",)))
    plan = references.plan(brief(mug, cast(outfit=coat), location=place, style=style), LIMITS)
    assert [s.role for s in plan.slots] == ["identity", "outfit", "product", "location", "location", "style"]


def test_it_prefers_the_sharp_one_of_two():
    two = replace(
        cast(), pics=(Pic("soft", "k", "s", "front", weak=("Soft",)), Pic("sharp", "k", "s", "front", position=1))
    )
    assert references.plan(brief(two), LIMITS).slots[0].pic.code == "sharp"


def test_it_says_when_an_engine_sees_nothing():
    plan = references.plan(brief(cast()), Limits(references=0))
    assert plan.slots == ()
    assert "sees no pictures" in plan.out[0].why
