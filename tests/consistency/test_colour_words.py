"""What is said of one colour beside another."""

import pytest

from studio.consistency import colour
from studio.media.colour import Lab, lab

CAP = lab("#b4542b")


@pytest.mark.parametrize(
    ("base", "seen", "words"),
    [
        ("#b4542b", "#b4542b", "close"),
        ("#b4542b", "#b6562e", "close"),
        ("#b4542b", "#7c371a", "darker"),
        ("#b4542b", "#e0764a", "lighter"),
        ("#b4542b", "#8a6455", "less saturated"),
        ("#8a6455", "#b4542b", "more saturated"),
        ("#808080", "#a07850", "warmer"),
        ("#808080", "#6d83a3", "cooler"),
        ("#b4542b", "#2b6fb4", "another hue"),
        ("#3c7a4a", "#7a3c5a", "another hue"),
    ],
)
def test_it_says_the_most_telling_difference_first(base, seen, words):
    assert colour.said(lab(base), lab(seen)).words.split(", ")[0] == words


def test_it_says_two_things_at_most():
    said = colour.said(CAP, lab("#4a3a34"))
    assert said.words == "less saturated, darker"
    assert said.tone == "bad"
    assert said.difference > colour.FAR


def test_it_always_has_a_word():
    for lightness in range(0, 101, 20):
        for a in range(-60, 61, 30):
            for b in range(-60, 61, 30):
                for base in (CAP, Lab(50, 0, 0), Lab(0, 0, 0)):
                    said = colour.said(base, Lab(lightness, a, b))
                    assert said.words
                    assert (said.difference <= colour.CLOSE) == said.close


def test_it_turns_a_red_towards_yellow_by_warm_light_and_towards_purple_by_cool():
    assert "warmer" in colour.said(lab("#b03a48"), lab("#b0502a")).words
    assert "cooler" in colour.said(lab("#b03a48"), lab("#a03a70")).words


def test_it_finds_what_stands_out_of_its_row():
    evening = [lab(code) for code in ("#8a4020", "#8c4222", "#8b4121")]
    assert not colour.odd(evening[0], evening, CAP)  # all of them are darker: that is the evening
    assert colour.odd(CAP, [*evening, CAP], CAP)
    assert colour.odd(evening[0], evening[:1], CAP)  # alone it is held against the base
