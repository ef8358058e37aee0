"""Which side a panel shows, and what cannot be seen from there."""

import pytest

from studio.prompting import shown
from studio.prompting.types import MarkerLine, Member


def seen(**words):
    given = {
        "kind": "character",
        "shot_size": "MS",
        "angle": "eye",
        "framing": "",
        "action": "",
        "doing": "",
        "where": "",
        "others": 0,
    }
    return shown.view(**{**given, **words})


@pytest.mark.parametrize(
    ("words", "view"),
    [
        ({}, "front"),
        ({"shot_size": "WS"}, "full_body"),
        ({"framing": "back"}, "back"),
        ({"action": "She walks away down the pier"}, "back"),
        ({"action": "Seen from behind, she waits."}, "back"),
        ({"action": "We see him from his left."}, "profile_left"),
        ({"framing": "profile", "where": "right"}, "profile_left"),
        ({"framing": "profile", "where": "left"}, "profile_right"),
        ({"framing": "ots", "where": "foreground"}, "back"),
        ({"kind": "product", "angle": "top"}, "top"),
        ({"kind": "product", "shot_size": "CU"}, "detail"),
        ({"kind": "product", "action": "The underside of the cup."}, "base"),
    ],
)
def test_it_reads_the_view_off_the_shot(words, view):
    assert seen(**words) == view


def test_it_reads_what_this_one_does_before_what_happens():
    assert seen(action="He walks away.", doing="watches him", others=1) == "front"
    assert seen(action="He walks away.", doing="watches him", others=0) == "back"


def member(view="front", kind="character"):
    return Member("character-x", "x", kind, "person", "Noor", "", 1, (), (), view=view)


def marker(phrase, category):
    return MarkerLine("k", phrase, category)


@pytest.mark.parametrize(
    ("phrase", "category", "view", "size", "hides"),
    [
        ("small mole left of the chin", "mark", "back", "MS", True),
        ("small mole left of the chin", "mark", "profile_right", "MS", True),
        ("small mole left of the chin", "mark", "profile_left", "MS", False),
        ("teal knitted cap", "item", "back", "MS", False),
        ("narrow face", "face", "front", "EWS", True),
        ("scuffed boots", "wardrobe", "front", "CU", True),
        ("emblem across the back", "wardrobe", "front", "MS", True),
        ("emblem across the back", "wardrobe", "back", "MS", False),
        ("dark curly hair", "hair", "front", "INS", True),
        ("dark curly hair", "hair", "front", "MS", False),
    ],
)
def test_it_leaves_out_what_cannot_be_seen_and_says_why(phrase, category, view, size, hides):
    why = shown.hidden(marker(phrase, category), member(view), shot_size=size)
    assert bool(why) is hides
