"""What changed under a picture: the rules alone, over what a take froze and the brief as it is now."""

from dataclasses import replace

import pytest
from hypothesis import given

from studio.generation.impact_rules import Then, Version, by_cause, changes, fingerprint
from studio.prompting import freeze, references
from studio.prompting.types import Clothes, MarkerLine
from tests.prompting.casts import briefs, limits, pics
from tests.prompting.test_properties import every
from tests.prompting.test_worked_cases import FACE, HAIR, JACKET, ROOMY, panel, person, place, thing


def frozen(brief, known=()):
    """A take as it would have been drawn from this brief."""
    plan = references.plan(brief, ROOMY)
    members = [one for one in (*brief.cast, brief.location, brief.style) if one]
    versions = {one.code: one.version for one in members}
    rows = {(m.code, m.version): Version(m.version, m.bible, getattr(m, "markers", ())) for m in members}
    return Then(versions, freeze.frozen_plan(plan), freeze.shot(brief), rows)


def found(then, brief):
    return changes(then, brief, references.plan(brief, ROOMY).slots)


def said(then, brief):
    return [one.said for one in found(then, brief)]


def test_nothing_changed_is_no_change():
    brief = panel(person(), thing(), location=place("Pier"), style=place("Ink", "s"), action="She waits.")
    assert found(frozen(brief), brief) == ()


def test_a_marker_that_this_shot_shows_counts():
    brief = panel(person())
    newer = panel(person(markers=(FACE, replace(HAIR, phrase="black plait"), JACKET)))
    newer = replace(newer, cast=(replace(newer.cast[0], version=2),))
    (change,) = found(frozen(brief), newer)
    assert (change.kind, change.said, change.about, change.shows) == (
        "marker",
        "“black plait”, was “copper plait”",
        "t",
        True,
    )


def test_a_marker_that_this_shot_hides_is_told_and_does_not_count():
    brief = panel(person(view="back", views=("front", "back")))
    lined = replace(FACE, phrase="lined freckled face")
    newer = replace(brief, cast=(replace(brief.cast[0], version=2, markers=(lined, HAIR, JACKET)),))
    (change,) = found(frozen(brief), newer)
    assert (change.said, change.shows) == ("“lined freckled face”, was “broad freckled face”", False)


def test_new_and_removed_markers_and_colours_are_told_apart():
    brief = panel(person())
    belt = MarkerLine("belt", "yellow toolbelt", "item")
    newer = replace(
        brief, cast=(replace(brief.cast[0], version=2, markers=(FACE, replace(HAIR, colour="#000000"), belt)),)
    )
    assert said(frozen(brief), newer) == [
        "“copper plait” is #000000, was #a4532a",
        "“mustard work jacket” is no marker any more",
        "“yellow toolbelt” is new",
    ]


def test_another_bible_with_the_same_markers_is_told_once():
    brief = panel(person())
    newer = replace(brief, cast=(replace(brief.cast[0], version=2, bible="Tilda, another paragraph."),))
    assert said(frozen(brief), newer) == ["The bible of Tilda is not the one of v1"]
    same = replace(brief, cast=(replace(brief.cast[0], version=2),))
    (change,) = found(frozen(brief), same)
    assert (change.said, change.shows) == ("Only drawn from v1; nothing changed", False)


def test_a_test_shot_is_told_when_something_is_locked():
    brief = panel(replace(person(), version=0))
    assert said(replace(frozen(brief), known={}), panel(person())) == [
        "Tilda was drawn from a draft that was not locked"
    ]


def test_a_reference_that_is_gone_and_one_that_came_are_told():
    brief = panel(person(views=("front",), view="back"))
    then = frozen(brief)
    with_back = panel(person(views=("front", "back"), view="back"))
    assert said(then, with_back) == ["A picture of Tilda is new: back"]
    other = panel(person(view="back"))
    other = replace(other, cast=(replace(other.cast[0], pics=pics("other", ("front",))),))
    assert said(then, other) == ["A picture of Tilda is gone: front", "A picture of Tilda is new: front"]


def test_a_picture_that_would_not_go_is_no_change():
    then = frozen(panel(person(views=("front",))))
    assert found(then, panel(person(views=("front", "back")))) == ()


def test_a_picture_that_was_there_and_is_called_another_view_now_is_told():
    brief = panel(person(views=("front", ""), view="back"))
    now = panel(person(views=("front", "back"), view="back"))
    assert said(frozen(brief), now) == ["A picture of Tilda is new: back"]


def test_clothes_place_and_style_are_told():
    coat = Clothes("c", "Camel coat", "a long camel overcoat", (), ())
    brief = panel(person(outfit=coat), location=place("Pier"), style=place("Ink", "s"))
    then = frozen(brief)
    bare = replace(brief, cast=(replace(brief.cast[0], outfit=None),))
    assert said(then, bare) == ["Tilda wears as in the references, was Camel coat"]
    longer = replace(coat, description="a longer camel overcoat")
    assert said(then, replace(brief, cast=(replace(brief.cast[0], outfit=longer),))) == ["Camel coat is described anew"]
    moved = replace(brief, location=replace(brief.location, version=2, bible="Rebuilt."), style=None)
    assert said(then, moved) == ["Pier was drawn from v1", "It has no style any more"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"action": "She runs."}, "The action was rewritten"),
        ({"shot_size": "CU"}, "Shot: Close-up, was Medium"),
        ({"time_of_day": "night"}, "Time of day: night, was nothing"),
        ({"angle": "low"}, "Angle: Low, was Eye level"),
    ],
)
def test_the_panel_itself_is_compared_too(change, words):
    brief = panel(person(), action="She waits.")
    assert words in said(frozen(brief), replace(brief, **change))


def test_who_came_and_who_went_is_told():
    brief = panel(person(), action="They wait.")
    both = replace(brief, cast=(person(), person("Runa", code="r")))
    assert "Runa is in it now" in said(frozen(brief), both)
    assert "Runa is not in it any more" in said(frozen(both), brief)


def test_another_space_in_the_action_is_no_change():
    brief = panel(person(), action="She waits.")
    assert found(frozen(brief), replace(brief, action="She  waits.\n")) == ()


def test_a_take_from_before_shots_were_kept_is_held_to_versions_and_pictures_only():
    brief = panel(person(), action="She waits.")
    old = replace(frozen(brief), shot=None)
    newer = replace(brief, action="She runs.", cast=(replace(brief.cast[0], version=2, bible="Another."),))
    assert said(old, newer) == ["The bible of Tilda is not the one of v1"]


def test_changes_are_kept_apart_by_their_cause():
    brief = panel(person(), action="She waits.")
    newer = replace(brief, action="She runs.", cast=(replace(brief.cast[0], version=2, bible="Another."),))
    groups = by_cause(found(frozen(brief), newer))
    assert sorted(groups) == ["", "t"]
    assert fingerprint(groups[""]) != fingerprint(groups["t"])


@every
@given(briefs(), limits)
def test_whatever_was_just_drawn_matches(brief, limit):
    """Random casts may name one subject twice over, or give two pictures one hash: what is frozen is still what is there."""
    plan = references.plan(brief, limit)
    members = [one for one in (*brief.cast, brief.location, brief.style) if one]
    rows = {(m.code, m.version): Version(m.version, m.bible, getattr(m, "markers", ())) for m in members}
    then = Then({m.code: m.version for m in members}, freeze.frozen_plan(plan), freeze.shot(brief), rows)
    assert changes(then, brief, plan.slots) == ()
