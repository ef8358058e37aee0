import re

import pytest

from studio.library import coverage
from studio.library.coverage import COVERED, NONE, WEAK, Seen
from studio.library.models import Kind

ROUND = ("front", "three_quarter_left", "profile_left", "back", "profile_right", "three_quarter_right")


def states(*views, weak=()):
    seen = [Seen(view, weak="soft" if view in weak else "") for view in views]
    return {s.label: s.state for s in coverage.of(Kind.CHARACTER, seen).segments}


def test_it_asks_for_a_front_view_first():
    empty = coverage.of(Kind.CHARACTER, [])
    assert (empty.title, empty.covered, empty.total) == ("Add a front view first.", 0, 8)
    assert len(empty.missing) == 8
    assert coverage.of(Kind.CHARACTER, [Seen("back")]).title == "Add a front view first."


def test_it_knows_every_side_of_a_character_seen_all_around():
    found = coverage.of(Kind.CHARACTER, [Seen(view) for view in ROUND])
    assert (found.covered, found.title) == (8, "Every side is known.")
    assert [want.view for want in found.missing] == ["full_body", "detail"]
    every = [*(Seen(view) for view in ROUND), Seen("full_body"), Seen("detail", "Face")]
    assert coverage.of(Kind.CHARACTER, every).title == "Good for every shot."


def test_it_counts_a_weak_side_as_not_covered():
    found = coverage.of(Kind.CHARACTER, [Seen(v, weak="soft" if v == "profile_left" else "") for v in ROUND])
    assert (found.covered, found.title) == (7, "Good for most shots. One side is weak.")
    assert "Left profile, soft" in [tag.label for tag in found.tags]
    assert found.spoken == "7 of 8 views covered. Weak: left profile."


def test_it_takes_the_better_of_two_pictures_of_a_side():
    found = coverage.of(Kind.CHARACTER, [Seen("front", weak="soft"), Seen("front")])
    assert found.segments[0].state == COVERED


def test_it_calls_a_side_between_two_known_ones_weak_and_one_beside_nothing_unknown():
    seen = states("front", "profile_left")
    assert (seen["Three-quarter left"], seen["Three-quarter right"]) == (WEAK, NONE)
    assert (seen["Back left"], seen["Back"]) == (NONE, NONE)
    seen = states("front", "back", "profile_left")
    assert (seen["Back left"], seen["Back right"]) == (COVERED, WEAK)


def test_it_does_not_mirror_one_side_to_the_other():
    assert states("front", "profile_right")["Left profile"] == NONE


def test_it_says_how_many_pictures_have_no_view():
    assert "One picture without a view: say what it shows." in coverage.of(Kind.CHARACTER, [Seen("")]).note


def test_a_detail_of_something_else_is_not_a_face():
    found = coverage.of(Kind.CHARACTER, [Seen("front"), Seen("detail", "Hands")])
    assert "Face detail" in [want.label for want in found.missing]


@pytest.mark.parametrize(
    ("kind", "total", "first"),
    [
        (Kind.PRODUCT, 6, "front"),
        (Kind.LOCATION, 2, "front"),
        (Kind.STYLE, 1, "front"),
        (coverage.OUTFIT, 4, "full_body"),
    ],
)
def test_each_kind_wants_views_of_its_own(kind, total, first):
    found = coverage.of(kind, [])
    assert (found.total, found.missing[0].view) == (total, first)


def test_any_picture_shows_a_style():
    assert coverage.of(Kind.STYLE, [Seen("")]).covered == 1


def test_a_products_three_quarter_may_be_from_either_side():
    assert coverage.of(Kind.PRODUCT, [Seen("three_quarter_left")]).segments[1].state == COVERED


@pytest.mark.parametrize("count", [1, 2, 4, 6, 8])
def test_its_arcs_close_the_ring_but_for_the_gaps(count):
    for index in range(count):
        x1, y1, radius, large, x2, y2 = (
            float(n)
            for n in re.fullmatch(r"M(\S+) (\S+)A(\S+) \S+ 0 (\d) 1 (\S+) (\S+)", coverage.arc(index, count)).groups()
        )
        assert abs((x1 - 60) ** 2 + (y1 - 60) ** 2 - radius**2) < 10
        assert abs((x2 - 60) ** 2 + (y2 - 60) ** 2 - radius**2) < 10
        assert large == (1 if count == 1 else 0)


def test_its_first_arc_is_at_the_bottom_and_the_third_of_eight_at_the_left():
    x, y = (float(n) for n in coverage.arc(0, 8)[1:].split("A")[0].split())
    assert (x > 60, y > 100) == (True, True)
    x, y = (float(n) for n in coverage.arc(2, 8)[1:].split("A")[0].split())
    assert x < 20
