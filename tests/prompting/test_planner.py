"""What the planner chooses, in which order, and what it says. What holds whatever the cast is in test_properties."""

from dataclasses import replace

from studio.prompting import references
from studio.prompting.types import Brief, Clothes, Member, Pic, Setting
from studio.providers.base import Limits
from tests.prompting.casts import pics

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
