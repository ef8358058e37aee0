"""What people change by hand: it survives compiling anew, says when it no longer fits, and is frozen with the plan."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompting import compiler, freeze, hand, references
from studio.prompting.types import Edit, Hand, Span
from studio.providers.base import Limits
from tests.prompting.casts import briefs, limits
from tests.prompting.test_properties import POOLS, every
from tests.prompting.test_worked_cases import ROOMY, drawn, panel, person, place, thing


def carry(was, now, text):
    changes = hand.carried(was, now, text)
    if changes is None:
        return None
    for start, end, new in reversed(changes):
        now = now[:start] + new + now[end:]
    return now


WAS = "A red lamp tops the mast. She kneels at the ledge and works."


@pytest.mark.parametrize(
    ("now", "text", "carried"),
    [
        (WAS, "A white lamp tops the mast. She kneels at the ledge and works.", "A white lamp tops the mast. She kneels at the ledge and works."),
        (WAS.replace("works", "rests"), WAS.replace("red", "white"), "A white lamp tops the mast. She kneels at the ledge and rests."),
        ("Dawn. " + WAS, WAS.replace("red", "white"), "Dawn. A white lamp tops the mast. She kneels at the ledge and works."),
        (WAS, WAS.replace(" She kneels at the ledge and works.", ""), "A red lamp tops the mast."),
        (WAS, WAS + " Wind.", WAS + " Wind."),
        (WAS, "", ""),
        (WAS.replace("lamp", "flag"), WAS.replace("red", "white"), None),
        ("Something else.", WAS.replace("red", "white"), None),
    ],
)  # fmt: skip
def test_it_carries_the_change_and_not_the_text(now, text, carried):
    assert carry(WAS, now, text) == carried


words = st.lists(st.sampled_from(["a", "red", "lamp", ".", ",", "She", "works", "ß"]), min_size=1, max_size=14).map(
    " ".join
)


@every
@given(words, words)
def test_an_edit_of_the_same_text_is_that_text(was, text):
    assert carry(was, was, text) == text


@every
@given(words, words, st.lists(st.integers(0, 40), max_size=4))
def test_the_pieces_keep_their_sources_and_the_text_is_what_was_typed(was, text, cuts):
    at = sorted({0, len(was), *(cut for cut in cuts if cut < len(was))})
    spans = tuple(Span(was[low:high], "scene", str(low)) for low, high in itertools.pairwise(at)) or (Span(was),)
    rows, conflicts = hand.apply([("Action", spans)], [Edit("e", "Action", was, text)] if was.strip() else [])
    if was.strip():
        assert not conflicts
        assert hand.text_of(rows[0][1]) == text
    kept = [span for span in rows[0][1] if span.kind != "hand"]
    assert "".join(span.text for span in kept) == was


def edited(brief, *edits, **more):
    return replace(brief, hand=Hand(edits=edits, **more))


def test_it_survives_when_the_rest_is_compiled_anew():
    before = panel(person(), action="She waits.", light="cold")
    _, plain = drawn(before)
    was = dict(plain.plain)["Action"]
    edit = Edit("e1", "Action", was, was.replace("waits", "waits for the ferry"))
    _, prompt = drawn(edited(replace(before, light="warm", shot_size="CU"), edit))
    assert "She waits for the ferry." in prompt.text
    assert "warm" in prompt.text
    assert not prompt.conflicts
    (put,) = [span for _, spans in prompt.rows for span in spans if span.kind == "hand"]
    assert (put.text.strip(), put.source) == ("for the ferry", "e1")


def test_what_is_taken_out_is_shown_and_not_sent():
    before = panel(person(), action="She waits. A red lamp.")
    edit = Edit("e1", "Action", "She waits. A red lamp.", "She waits.")
    _, prompt = drawn(edited(before, edit))
    assert "red lamp" not in prompt.text
    assert "red lamp" in "".join(span.text for _, spans in prompt.rows for span in spans if span.kind == "gone")


def test_it_says_when_the_text_under_it_changed():
    edit = Edit("e1", "Action", "She waits.", "She waits alone.")
    for brief in (panel(person(), action="He runs."), panel(person())):
        _, prompt = drawn(edited(brief, edit))
        assert prompt.conflicts == (edit,)
        assert "alone" not in prompt.text
    ready = freeze.prepared(edited(panel(person(), action="He runs."), edit), ROOMY)
    assert ready.plan.warnings[-1].title == "Words by hand for “Action” no longer fit"


def test_a_sentence_of_ones_own_stands_before_the_frame():
    _, prompt = drawn(edited(panel(person()), Edit("e1", "", "", "The lamp is white.")))
    assert [label for label, _ in prompt.rows][-2:] == ["By hand", "Frame"]
    assert "The lamp is white. One single picture" in prompt.text


def test_a_strategy_by_hand_wins():
    _, prompt = drawn(edited(panel(person()), strategy="bible_first"))
    assert prompt.strategy == "bible_first"


class TestPlan:
    def cast(self):
        return person(views=("front", "profile_left", "back")), thing()

    def codes(self, brief, limits=ROOMY):
        return [slot.pic.code for slot in references.plan(brief, limits).slots]

    def test_pinned_goes_although_the_shot_does_not_show_it(self):
        brief = panel(*self.cast())
        assert self.codes(brief) == ["t0", "m0"]
        plan = references.plan(edited(brief, pinned=("t1",)), ROOMY)
        assert [(slot.pic.code, slot.pinned) for slot in plan.slots] == [("t0", False), ("t1", True), ("m0", False)]
        assert plan.slots[1].why == "Pinned: left profile"

    def test_pinned_goes_first_where_there_is_little_room(self):
        brief = edited(panel(*self.cast()), pinned=("m0",))
        plan = references.plan(brief, Limits(references=1))
        assert [slot.pic.code for slot in plan.slots] == ["m0"]
        assert "this engine takes 1 pictures" in [one.why for one in plan.out]

    def test_dropped_stays_out_and_another_takes_its_place(self):
        plan = references.plan(edited(panel(*self.cast()), dropped=("t0",)), ROOMY)
        assert "t0" not in [slot.pic.code for slot in plan.slots]
        assert plan.slots[0].subject == "character-t"
        assert next(one.why for one in plan.out if one.pic.code == "t0") == "taken out by hand"

    def test_dropping_the_only_picture_is_warned_of(self):
        plan = references.plan(edited(panel(person()), dropped=("t0",)), ROOMY)
        assert plan.warnings[0].title == "Tilda has no picture"

    def test_an_order_by_hand_is_kept_and_the_words_follow(self):
        brief = edited(panel(*self.cast(), location=place("Pier")), order=("m0", "t0", "l0"))
        plan = references.plan(brief, ROOMY)
        assert [(slot.n, slot.pic.code) for slot in plan.slots] == [(1, "m0"), (2, "t0"), (3, "l0")]
        assert "The Fir mug from the first image" in compiler.compile(brief, plan).text

    def test_one_that_came_later_follows_its_neighbour(self):
        brief = edited(panel(*self.cast(), location=place("Pier")), order=("m0", "t0"), pinned=("t1",))
        assert self.codes(brief) == ["m0", "l0", "t0", "t1"]

    def test_a_pin_is_frozen_on_the_job(self):
        plan = references.plan(edited(panel(*self.cast()), pinned=("t1",)), ROOMY)
        frozen = freeze.frozen_plan(plan)["slots"]
        assert [slot.get("pinned", False) for slot in frozen] == [False, True, False]


@every
@given(briefs(), limits, st.data())
def test_no_hand_breaks_a_limit_or_loses_a_picture(brief, limit, data):
    codes = [p.code for m in brief.cast for p in (*m.pics, *(m.outfit.pics if m.outfit else ()))]
    codes += [p.code for s in (brief.location, brief.style) if s for p in s.pics]
    some = st.lists(st.sampled_from(codes), unique=True).map(tuple) if codes else st.just(())
    by_hand = Hand(pinned=data.draw(some), dropped=data.draw(some), order=data.draw(some))
    plan = references.plan(replace(brief, hand=by_hand), limit)
    assert len(plan.slots) <= limit.references
    assert sorted(one.pic.code for one in (*plan.slots, *plan.out)) == sorted(codes)
    assert all(one.why for one in (*plan.slots, *plan.out))
    assert not {slot.pic.code for slot in plan.slots} & set(by_hand.dropped)
    kinds = {m.key: m.kind for m in brief.cast}
    for pool in ("people", "objects", "styles"):
        cap = getattr(limit, pool)
        count = sum((POOLS[s.role] if kinds.get(s.subject, "character") == "character" else "objects") == pool for s in plan.slots)  # fmt: skip
        assert cap is None or count <= cap
    wanted = [code for code in by_hand.order if code in {slot.pic.code for slot in plan.slots}]
    assert [slot.pic.code for slot in plan.slots if slot.pic.code in wanted] == wanted


def test_two_who_contradict_each_other_are_warned_of():
    one = replace(person(), bible=person().bible + " Golden hour.")
    other = replace(person("Runa", code="r"), bible=person("Runa").bible + " Rim light.")
    ready = freeze.prepared(panel(one, other), ROOMY)
    assert ready.plan.warnings[-1].title == "Tilda and Runa bring two lights"
