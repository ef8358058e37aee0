"""A marker left out of one panel's words by hand, or said though the shot hides it; and what a copy of a panel takes along."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.accounts.models import Event
from studio.board.errors import Refused
from studio.consistency import queries
from studio.generation import cost, tiers
from studio.models import Panel, PanelPrompt
from studio.prompting import actions, compiler, references
from studio.prompting.types import Hand
from tests import makers
from tests.prompting.casts import briefs, limits
from tests.prompting.test_properties import every
from tests.prompting.test_worked_cases import drawn, panel, person

MARKS = [("narrow oval face", "face", ""), ("rust-orange cap", "item", "#b4542b")]


def test_a_marker_left_out_is_not_said_and_says_so():
    brief = replace(panel(person()), hand=Hand(left_out=("face",)))
    _, prompt = drawn(brief)
    assert "freckled" not in prompt.text.replace(person().bible, "")
    assert [(one.key, one.why) for one in prompt.left_out] == [("face", compiler.BY_HAND)]


def test_a_hidden_marker_is_said_where_somebody_wants_it():
    brief = panel(person(view="back", views=("front", "back")))
    assert "freckled" not in drawn(brief)[1].text
    assert "broad freckled face" in drawn(replace(brief, hand=Hand(sent_anyway=("face",))))[1].text


def test_leaving_out_goes_before_sending_anyway():
    brief = replace(panel(person()), hand=Hand(left_out=("face",), sent_anyway=("face",)))
    assert "freckled" not in drawn(brief)[1].text


@every
@given(briefs(), limits, st.lists(st.integers(0, 5), max_size=4), st.lists(st.integers(0, 5), max_size=4))
def test_whatever_a_person_leaves_out_or_sends_holds_for_every_marker(brief, limit, out, sent):
    keys = [line.key for member in brief.cast for line in member.markers]
    left = {keys[at] for at in out if at < len(keys)}
    anyway = {keys[at] for at in sent if at < len(keys)} - left
    brief = replace(brief, hand=Hand(left_out=tuple(left), sent_anyway=tuple(anyway)))
    prompt = compiler.compile(brief, references.plan(brief, limit), strategy="reference_first")
    said = {span.source for _, spans in prompt.rows for span in spans if span.kind == "marker"}
    assert not said & left
    assert {one.key for one in prompt.left_out if one.why == compiler.BY_HAND} == left
    assert not anyway & {one.key for one in prompt.left_out}


@pytest.mark.django_db
class TestOnThePage:
    @pytest.fixture
    def noor(self, team):
        return makers.subject(team, "Noor", locked=True, markers=MARKS, bible="Noor, at the harbour.")

    @pytest.fixture
    def row(self, team, noor):
        row = makers.panel(
            makers.scene(makers.project(team, template_version="v2")), action="Seen from behind, she waits."
        )
        makers.appearance(row, noor)
        makers.reference(noor.default_set, "front", makers.bare_image(team))
        return Panel.objects.select_related("scene__project__team").get(pk=row.pk)

    @pytest.fixture
    def keys(self, noor):
        return {marker.phrase: marker.key for marker in noor.versions.get().markers.all()}

    def test_it_is_left_out_and_put_back_from_the_page(self, signed_in, mei, row, keys, outsider):
        client, address = signed_in(mei), f"/panels/{row.code}/prompt/marker/"
        cap = keys["rust-orange cap"]
        chosen = client.get(f"/panels/{row.code}/prompt/?marker={cap}").content.decode()
        assert 'id="marker-chosen"' in chosen
        assert "Sent because this shot can show it" in chosen
        client.post(address, {"marker": cap, "do": "leave_out"})
        page = client.get(f"/panels/{row.code}/prompt/").content.decode()
        assert "left out by hand" in page
        assert "Put back" in page
        client.post(address, {"marker": cap, "do": "put_back"})
        assert not PanelPrompt.objects.exists()
        assert Event.objects.filter(verb="panel.markers").count() == 2
        assert signed_in(outsider).post(address, {"marker": cap, "do": "leave_out"}).status_code == 404

    def test_what_is_sent_anyway_is_not_filled_in_as_hidden(self, mei, row, noor, keys):
        face = keys["narrow oval face"]
        actions.steer_marker(panel=row, marker=face, do="send", known=keys.values(), by=mei)
        (ready,) = cost.ready([row], [tiers.sketch()])
        assert "narrow oval face" in ready.request["prompt"]
        take = makers.take(row, picked=True, versions={noor.code: 1}, parameters={"shot": ready.request["shot"]})
        makers.take(row, versions={noor.code: 1})
        assert [mark.cell.result for mark in queries.of_takes(row, [take])[take.pk].marks] == ["", ""]

    def test_it_refuses_what_the_panel_does_not_have(self, mei, row, keys, signed_in):
        for marker, do in (("nobody", "send"), (keys["rust-orange cap"], "hug")):
            with pytest.raises(Refused):
                actions.steer_marker(panel=row, marker=marker, do=do, known=keys.values(), by=mei)
        signed_in(mei).post(f"/panels/{row.code}/prompt/marker/", {"marker": "no\0body", "do": "send"})
        assert not PanelPrompt.objects.exists()


@pytest.mark.django_db
class TestCopies:
    @pytest.fixture
    def row(self, team):
        row = makers.panel(makers.scene(makers.project(team)))
        makers.panel(row.scene)
        edit = {"id": "e1", "section": "", "was": "", "text": "The lamp is white.", "by": "Mei", "at": ""}
        PanelPrompt.objects.create(panel=row, strategy="bible_first", edits=[edit], pinned=["r1"], left_out=["m1"])
        return row

    @pytest.mark.parametrize("what", ["panel", "scene", "project"])
    def test_what_was_changed_by_hand_goes_along(self, row, signed_in, mei, what):
        thing = {"panel": row, "scene": row.scene, "project": row.scene.project}[what]
        signed_in(mei).post(f"/{what}s/{thing.code}/duplicate/")
        old, new = PanelPrompt.objects.order_by("pk")
        assert new.panel.label == ("1A" if what == "project" else new.panel.label)
        assert new.panel.action == row.action
        for name in ("strategy", "edits", "pinned", "left_out"):
            assert getattr(new, name) == getattr(old, name)
        assert new.panel.pk != old.panel.pk
