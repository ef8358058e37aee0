"""Sides and passes as words and plans, over random subjects and limits: pure."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.library.models import View
from studio.prompting import sheet, upon
from studio.prompting.sheet import Side
from studio.prompting.types import Brief, Clothes, MarkerLine, Member, Pic, Setting
from studio.prompting.versions import side1
from studio.providers.base import Limits

VIEWS = sorted(View.values)
DRAGGED = ("sheet", "turnaround", "model", "reference", "illustration", "character")
caps = st.none() | st.integers(0, 6)
pics = st.lists(st.tuples(st.sampled_from([*VIEWS, ""]), st.booleans()), max_size=7)


def pictures(of, drawn):
    return tuple(
        Pic(f"{of}{n}", f"k{of}{n}", f"{n:064x}", view, weak=("Soft",) if weak else (), position=n)
        for n, (view, weak) in enumerate(drawn)
    )


@st.composite
def members(draw, key="m"):
    clothes = (
        Clothes("o", "Coat", "a camel coat", ("#c19a6b",), pictures(f"{key}o", draw(pics)))
        if draw(st.booleans())
        else None
    )
    kind = draw(st.sampled_from(["character", "product"]))
    marks = (
        MarkerLine("a", "a mole on the left cheek", "mark"),
        MarkerLine("b", "navy boiler suit", "wardrobe", "#1d2a44"),
    )
    return Member(
        key, f"c{key}", kind, "person", f"Name{key}", "A woman in grey.", 1, marks, pictures(key, draw(pics)), clothes,
        view=draw(st.sampled_from(VIEWS)),
    )  # fmt: skip


def limits_of(draw):
    return Limits(references=draw(st.integers(0, 14)), people=draw(caps), objects=draw(caps), styles=draw(caps))


limits = st.composite(limits_of)()


@settings(max_examples=150, deadline=None)
@given(members(), limits)
def test_a_side_stays_within_the_limits_and_says_why_others_stay_out(member, found):
    brief = sheet.brief(member, Side(member.view))
    plan = sheet.plan(brief, found)
    cap = found.people if member.kind == "character" else found.objects
    assert len(plan.slots) <= min(found.references, 14 if cap is None else cap)
    assert [slot.n for slot in plan.slots] == list(range(1, len(plan.slots) + 1))
    every = len(member.pics) + (len(member.outfit.pics) if member.outfit else 0)
    assert len(plan.slots) + len(plan.out) == every
    assert all(one.why for one in (*plan.slots, *plan.out))
    roles = [slot.role for slot in plan.slots]
    assert roles == sorted(roles, key="identity product outfit".split().index)
    if member.pics and "outfit" in roles:
        assert roles[0] != "outfit"  # clothes never go before who wears them


@settings(max_examples=150, deadline=None)
@given(members(), limits)
def test_a_side_s_words_drag_no_picture_into_another_medium(member, found):
    brief = sheet.brief(member, Side(member.view, "hands"))
    plan = sheet.plan(brief, found)
    prompt = sheet.compile(Side(member.view, "hands"), brief, plan)
    said = prompt.text.lower()
    assert not any(word in said for word in DRAGGED)
    assert prompt.text == "".join(span.text for _, row in prompt.rows for span in row).strip()
    assert len(plan.slots) == len({slot.n for slot in plan.slots})
    if member.outfit:
        assert "boiler suit" not in said
        assert "camel coat" in said
    shown = [slot for slot in plan.slots if slot.role != "outfit"]
    assert ("same medium" in said) == bool(shown)
    assert prompt.strategy == ("reference_first" if shown else "bible_first")


@settings(max_examples=150, deadline=None)
@given(members("a"), members("b"), limits, st.booleans())
def test_a_picture_drawn_upon_another_stays_within_the_limits(one, two, found, look):
    style = Setting("style-s", "s", "Ink", "Black ink.", (), pictures("s", [("front", False)]) if look else (), 1)
    brief = Brief(
        "p",
        "1A",
        "16:9",
        "MS",
        "eye",
        "",
        "35 mm",
        "",
        "They wait.",
        "EXT",
        "quay",
        "",
        "",
        cast=(one, two),
        style=style,
    )
    base = Pic("t", "kt", "f" * 64, "")
    for plan, prompt in (
        upon.next_pass(brief, base, "Take 1", {two.key}, found),
        upon.restyle(brief, base, "Take 1", found),
    ):
        assert len(plan.slots) <= found.references
        assert [slot.n for slot in plan.slots] == list(range(1, len(plan.slots) + 1))
        for pool, roles in (("people", {"identity", "outfit"}), ("styles", {"style"})):
            cap = getattr(found, pool)
            people = {m.key for m in (one, two) if m.kind == "character"}
            used = [s for s in plan.slots if s.role in roles and (pool == "styles" or s.subject in people)]
            assert cap is None or len(used) <= cap
        if plan.slots:
            assert plan.slots[0].role == "base"
        codes = [s.pic.code for s in (*plan.slots, *plan.out)]
        assert len(codes) == len(set(codes))
        assert "first image" in prompt.text


def test_an_age_is_not_what_somebody_is_called():
    woman = Member(
        "m",
        "m",
        "character",
        "person",
        "Mira",
        "A 28-year-old woman with a narrow face.",
        1,
        (),
        pictures("m", [("front", False)]),
        view="detail",
    )
    assert side1.noun(woman) == "woman"
    side = Side("detail", "The silver ear cuff on the left ear")
    brief = sheet.brief(woman, side)
    words = sheet.compile(side, brief, sheet.plan(brief, Limits(references=3))).text
    assert words.startswith(
        "The same woman as in the first image (Mira), only the silver ear cuff on the left ear, close"
    )
    assert "Standing" not in words


def test_what_comes_into_a_hand_is_held():
    flask = Member("f", "f", "product", "", "Flask", "A steel flask.", 1, (), pictures("f", [("front", False)]))
    woman = Member("m", "m", "character", "person", "Mira", "A woman.", 1, (), (), holding=("f",))
    brief = Brief("p", "1A", "16:9", "MS", "eye", "", "", "", "", "INT", "", "", "", cast=(woman, flask))
    _, prompt = upon.next_pass(brief, Pic("t", "kt", "f" * 64, ""), "Take 1", {"f"}, Limits(references=3))
    assert "Mira holds the Flask: the fingers close around it and touch it." in prompt.text


def test_a_detail_speaks_of_nothing_beside_it():
    marks = (
        MarkerLine("a", "a mole on the right cheek", "mark"), MarkerLine("b", "rust-orange beanie", "item"),
        MarkerLine("c", "a silver ring on the left hand", "item"),
    )  # fmt: skip
    woman = Member(
        "m", "m", "character", "person", "Mira", "A woman.", 1, marks, pictures("m", [("front", False)]), view="detail"
    )

    def words(detail):
        side = Side("detail", detail)
        brief = sheet.brief(woman, side)
        return sheet.compile(side, brief, sheet.plan(brief, Limits(references=3))).text

    assert "mole" in words("Face")
    assert "beanie" not in words("Face")
    assert "silver ring" in words("the left hand")
    assert "mole" not in words("the left hand")
    assert "Keep" not in words("boots")
