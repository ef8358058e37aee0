"""What to do next about a marker that failed: the rule table alone."""

from dataclasses import replace

import pytest

from studio.generation.usable_steps import Facts, Picture, steps

FINE = Facts(
    phrase="a mole under the left eye", category="mark", view="front", pictures=(Picture("front"), Picture("detail", "Face")),
    sent=2, styles=0, bible="Noor has a mole under the left eye.", prompt="Keep her mole under the left eye identical.",
)  # fmt: skip


def where(**change):
    return [step.where for step in steps(replace(FINE, **change))]


def test_where_all_is_there_another_take_is_all():
    assert where() == ["again"]


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"view": "back"}, "view"),
        ({"pictures": ()}, "view"),
        ({"sent": 0}, "plan"),
        ({"prompt": "A woman waits."}, "words"),
        ({"prompt": "A woman waits.", "bible": "Noor, forty."}, "bible"),
        ({"pictures": (Picture("front", weak=("Soft: 612 px, wants 1024",)), Picture("detail"))}, "reference"),
        ({"pictures": (Picture("front"),)}, "detail"),
        ({"styles": 1}, "plan"),
        ({"dearer": "$0.24"}, "promote"),
    ],
)
def test_each_cause_has_its_step(change, first):
    assert where(**change)[0] == first


def test_each_says_why_and_what():
    (step,) = steps(replace(FINE, view="back"))[:1]
    assert (step.said, step.view) == ("Add the back view", "back")
    assert step.why == "The take shows the back, and no reference does: the engine guesses."
    (promote,) = steps(replace(FINE, dearer="$0.24"))
    assert promote.said == "Promote the take, $0.24"


def test_the_gravest_go_first_and_three_are_the_most():
    found = where(view="back", sent=0, prompt="", bible="", styles=3, dearer="$0.24", pictures=(Picture("front"),))
    assert found == ["view", "plan", "bible"]


def test_one_good_picture_of_the_side_is_enough():
    pictures = (Picture("front", weak=("Soft",)), Picture("front"), Picture("detail"))
    assert where(pictures=pictures) == ["again"]


def test_a_style_leaves_alone_what_it_does_not_redraw():
    assert where(category="item", styles=1, pictures=(Picture("front"),)) == ["again"]
    assert where(category="item", styles=2, pictures=(Picture("front"),)) == ["plan"]


def test_a_place_has_no_sides():
    place = {
        "setting": True,
        "view": "",
        "category": "material",
        "phrase": "wet planks",
        "bible": "wet planks",
        "prompt": "wet planks",
    }
    assert where(**place, pictures=(Picture(""),)) == ["again"]
    assert where(**place, pictures=()) == ["view"]
