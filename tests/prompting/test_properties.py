"""Planner and compiler over random casts and engines: what holds whatever is asked. `make thorough` tries 10,000 of each."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.prompting import compiler, references, shown, versions
from tests.prompting.casts import EXAMPLES, briefs, limits

POOLS = {"identity": "people", "outfit": "people", "product": "objects", "location": "objects", "style": "styles"}
every = settings(max_examples=EXAMPLES, deadline=None)
templates = st.sampled_from([version.VERSION for version in versions.ALL])


def offered(brief):
    found = [p.code for m in brief.cast for p in (*m.pics, *(m.outfit.pics if m.outfit else ()))]
    return sorted(found + [p.code for s in (brief.location, brief.style) if s for p in s.pics])


@every
@given(briefs(), limits)
def test_no_plan_exceeds_a_limit(brief, limit):
    plan = references.plan(brief, limit)
    assert len(plan.slots) <= limit.references
    for pool in ("people", "objects", "styles"):
        cap = getattr(limit, pool)
        kinds = {m.key: m.kind for m in brief.cast}
        counted = [s for s in plan.slots if (POOLS[s.role] if s.subject not in kinds or kinds[s.subject] == "character" else "objects") == pool]  # fmt: skip
        assert cap is None or len(counted) <= cap


@every
@given(briefs(), limits)
def test_no_identity_gives_way_to_a_style(brief, limit):
    """Nothing that stands later in the order is kept while something earlier lacks a place among all."""
    plan = references.plan(brief, limit)
    full = f"takes {limit.references} pictures"
    lacking = [references.ROLES.index(one.role) for one in plan.out if full in one.why]
    kept = [references.ROLES.index(slot.role) for slot in plan.slots]
    assert not lacking or not kept or max(kept) <= min(lacking)
    if any(slot.role == "style" for slot in plan.slots):
        assert not [one for one in plan.out if one.role == "identity" and full in one.why]


@every
@given(briefs(), limits)
def test_each_picture_is_sent_or_has_its_reason(brief, limit):
    plan = references.plan(brief, limit)
    assert sorted(one.pic.code for one in (*plan.slots, *plan.out)) == offered(brief)
    assert all(one.why.strip() for one in (*plan.slots, *plan.out))
    assert all(warning.title and warning.text for warning in plan.warnings)


@every
@given(briefs(), limits)
def test_the_order_is_stable(brief, limit):
    """The same again for the same panel; by role, numbered from 1; and more room only adds, it never reorders."""
    plan = references.plan(brief, limit)
    assert references.plan(brief, limit) == plan
    assert [s.n for s in plan.slots] == list(range(1, len(plan.slots) + 1))
    order = [references.ROLES.index(s.role) for s in plan.slots]
    assert order == sorted(order)
    roomier = references.plan(brief, replace(limit, references=limit.references + 1))
    codes, more = ([s.pic.code for s in one.slots] for one in (plan, roomier))
    assert more[: len(codes)] == codes


@every
@given(briefs(), limits, templates)
def test_every_piece_of_the_words_is_accounted_for(brief, limit, version):
    plan = references.plan(brief, limit)
    prompt = compiler.compile(brief, plan, version=version)
    assert "".join(span.text for _, spans in prompt.rows for span in spans).strip() == prompt.text
    assert len({label for label, _ in prompt.rows}) == len(prompt.rows)
    assert "None" not in prompt.text
    assert {span.source for _, spans in prompt.rows for span in spans if span.kind == "ref"} <= {
        str(s.n) for s in plan.slots
    }
    assert compiler.compile(brief, plan, version=version) == prompt


@every
@given(briefs(), limits, templates, st.sampled_from(["", *compiler.STRATEGIES]))
def test_a_marker_is_said_or_left_out_with_a_reason(brief, limit, version, strategy):
    prompt = compiler.compile(brief, references.plan(brief, limit), version=version, strategy=strategy)
    said = {span.source for _, spans in prompt.rows for span in spans if span.kind == "marker"}
    left = {one.key: one.why for one in prompt.left_out}
    for member in brief.cast:
        for marker in member.markers:
            why = shown.hidden(marker, member, shot_size=brief.shot_size)
            assert left.get(marker.key, "") == why
            assert not (why and marker.key in said)
            if not why and marker.category not in ("wardrobe", "camera"):
                assert marker.key in said


@every
@given(briefs(), limits)
def test_the_newest_words_name_every_picture_by_its_place(brief, limit):
    plan = references.plan(brief, limit)
    prompt = compiler.compile(brief, plan, version=versions.NEWEST, strategy="reference_first")
    named = {span.source for _, spans in prompt.rows for span in spans if span.kind == "ref"}
    assert named == {str(slot.n) for slot in plan.slots}
