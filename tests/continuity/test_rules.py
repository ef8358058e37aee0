"""Where a scene's continuity breaks: the rules alone."""

import pytest

from studio.board.continuity import Frame, Member, breaks, times


def person(code="n", name="Noor", **more):
    return Member(code, name, True, **more)


def thing(code="u", name="Umbrella", **more):
    return Member(code, name, False, **more)


def frames(*casts, sizes="", actions=()):
    """1A, 1B … with these casts."""
    found = []
    for at, cast in enumerate(casts):
        size = sizes.split()[at] if sizes else "MS"
        action = actions[at] if actions else ""
        found.append(Frame(f"p{at}", f"1{chr(65 + at)}", size, action, tuple(cast)))
    return found


def said(*args, time="", **more):
    return [one.said for one in breaks(frames(*args, **more), time)]


def test_the_same_throughout_is_no_break():
    assert said(*[[person(outfit="Coat", side="left"), thing(held_by="Noor")]] * 3) == []


def test_clothes_that_change_are_told_between_the_two_panels():
    assert said([person(outfit="Coat")], [], [person(outfit="Jacket")], [person()]) == [
        "Noor: Coat in 1A, Jacket in 1C", "Noor: Jacket in 1C, as in the references in 1D",
    ]  # fmt: skip


def test_a_prop_that_is_gone_while_who_had_it_is_there_is_told():
    assert said([person(), thing()], [person()]) == ["Umbrella in 1A, none in 1B"]


def test_a_prop_that_leaves_with_its_company_is_no_break():
    assert said([person(), thing()], [person("i", "Imre")]) == []


def test_a_prop_that_comes_back_later_was_missing():
    assert said([thing()], [person()], [thing()]) == ["Umbrella in 1A, none in 1B"]


def test_a_close_shot_shows_no_prop_and_mends_none():
    assert said([person(), thing()], [person()], sizes="MS CU") == []
    assert said([person(), thing()], [person()], [person()], sizes="MS CU WS") == ["Umbrella in 1A, none in 1C"]


def test_a_prop_in_other_hands_is_told():
    assert said([thing(held_by="Noor")], [thing(held_by="Imre")]) == ["Umbrella: with Noor in 1A, with Imre in 1B"]
    assert said([thing(held_by="Noor")], [thing()]) == []


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [("left", "right", True), ("right_third", "left", True), ("left", "centre", False), ("", "right", False), ("left and right", "left", False)],
)  # fmt: skip
def test_only_left_and_right_swap(then, now, told):
    assert bool(said([person(side=then)], [person(side=now)])) is told


def test_an_action_that_says_another_time_than_the_scene_is_told():
    assert said([], [], actions=["She waits.", "Blazing sun on the deck."], time="night") == [
        "The scene is night, 1B says day"
    ]
    assert said([], actions=["The last light goes."], time="evening") == []
    assert said([], actions=["At dawn she leaves."], time="continuous") == []


def test_without_a_time_of_the_scene_panels_are_held_against_each_other():
    actions = ["At dawn she waits.", "She waits.", "Moonlight on the deck."]
    assert said([], [], [], actions=actions) == ["Dawn in 1A, night in 1C"]


@pytest.mark.parametrize("words", ["One day she leaves.", "A nightmare.", "From dawn: at dawn and by night."])
def test_words_that_say_no_one_time_are_left_alone(words):
    assert times(words) == ""


def test_another_change_is_another_break():
    one = breaks(frames([person(outfit="Coat")], [person(outfit="Jacket")]))
    other = breaks(frames([person(outfit="Coat")], [person(outfit="Shirt")]))
    assert one[0].key != other[0].key
