"""The prompt page's controls: forms that work without scripts, and what they do to the next take."""

import pytest

from studio.board.models import Panel
from studio.generation import actions as drawing
from studio.prompting import length
from studio.prompting.models import PanelPrompt
from tests import makers
from tests.prompting.test_worked_cases import drawn, panel, person


@pytest.fixture
def shown(team):
    scene = makers.scene(makers.project(team, template_version="v2"), light="cold")
    noor = makers.subject(team, bible="Noor, a woman of forty.", locked=True, markers=[("teal cap", "item", "#1f7a78")])
    for view in ("front", "profile_left"):
        makers.reference(noor.reference_sets.get(), view, makers.bare_image(team))
    found = makers.panel(scene, action="She waits.")
    makers.appearance(found, noor)
    return found


@pytest.fixture
def client(mei, signed_in):
    return signed_in(mei)


def page(client, shown):
    answer = client.get(f"/panels/{shown.code}/prompt/")
    assert answer.status_code == 200
    return answer


def send(client, shown, what, **data):
    return client.post(f"/panels/{shown.code}/prompt/{what}/", data, follow=True).content.decode()


def test_a_strategy_is_chosen_for_this_panel_and_given_back(client, shown):
    assert page(client, shown).context["prompt"].strategy == "reference_first"
    html = send(client, shown, "strategy", strategy="bible_first")
    assert "The studio would say: pictures carry who" in html
    assert page(client, shown).context["prompt"].text.startswith("Noor, a woman of forty. | Scene: ")
    send(client, shown, "strategy", strategy="")
    assert not PanelPrompt.objects.exists()
    assert "There is no such way of wording" in send(client, shown, "strategy", strategy="shouting")


def test_a_row_is_changed_by_hand_and_stays_when_the_rest_changes(client, shown, mei):
    html = send(client, shown, "words", section="Action", was="She waits.", text="She waits for the ferry.")
    assert "Changed by hand" in html
    assert "Mei Tan" in html
    Panel.objects.filter(pk=shown.pk).update(shot_size="CU")
    assert "She waits for the ferry." in page(client, shown).context["prompt"].text
    Panel.objects.filter(pk=shown.pk).update(action="He runs.")
    answer = page(client, shown)
    assert "ferry" not in answer.context["prompt"].text
    assert "The text under your words changed" in answer.content.decode()
    (edit,) = answer.context["hand"].edits
    send(client, shown, "words", section="Action", edit=edit.id, do="remove")
    assert not PanelPrompt.objects.exists()


def test_a_row_worded_anew_meanwhile_is_not_overwritten(client, shown):
    html = send(client, shown, "words", section="Action", was="She sits.", text="She sits alone.")
    assert "was worded anew while you wrote" in html
    assert "She sits alone." in html
    assert not PanelPrompt.objects.exists()
    assert "is gone" in send(client, shown, "words", section="Nothing", was="", text="x")


def test_the_same_words_again_are_no_edit(client, shown):
    send(client, shown, "words", section="Action", was="She waits.", text="She waits here.")
    send(client, shown, "words", section="Action", was="She waits.", text=" She  waits. ")
    assert not PanelPrompt.objects.exists()


def test_a_sentence_is_added_changed_and_removed(client, shown):
    send(client, shown, "words", text="The lamp is white.")
    (edit,) = page(client, shown).context["hand"].edits
    send(client, shown, "words", text="The lamp is <b>red</b>.", edit=edit.id)
    answer = page(client, shown)
    assert [one.text for one in answer.context["hand"].edits] == ["The lamp is <b>red</b>."]
    assert "&lt;b&gt;red" in answer.content.decode()
    send(client, shown, "words", edit=edit.id, do="remove")
    send(client, shown, "words", text="   ")
    assert not PanelPrompt.objects.exists()


def test_too_much_by_hand_is_refused_with_a_sentence(client, shown):
    assert "2,000 are the most" in send(client, shown, "words", text="x" * 2001)
    for n in range(20):
        send(client, shown, "words", text=f"Sentence {n}.")
    assert "20 edits by hand are the most" in send(client, shown, "words", text="One more.")


def test_references_are_pinned_left_out_moved_and_planned_anew(client, shown):
    first, second = page(client, shown).context["slots"], page(client, shown).context["out"]
    front, profile = first[0]["reference"], second[0]["reference"]
    assert "Pinned" in send(client, shown, "plan", reference=profile, do="pin")
    send(client, shown, "plan", reference=profile, do="earlier")
    answer = page(client, shown)
    assert [slot["reference"] for slot in answer.context["slots"]] == [profile, front]
    send(client, shown, "plan", reference=front, do="drop")
    answer = page(client, shown)
    assert [one["why"] for one in answer.context["out"]] == ["taken out by hand"]
    send(client, shown, "plan", reference=front, do="back")
    send(client, shown, "plan", do="anew")
    assert not PanelPrompt.objects.exists()
    for bad in ({"reference": "none", "do": "pin"}, {"reference": front, "do": "eat"}, {}):
        assert "not among this panel" in send(client, shown, "plan", **bad)


def test_what_was_changed_is_frozen_on_the_job(client, shown, mei):
    send(client, shown, "words", text="The lamp is white.")
    send(client, shown, "plan", reference=page(client, shown).context["out"][0]["reference"], do="pin")
    found = Panel.objects.select_related("scene__project__team").get(pk=shown.pk)
    batch = drawing.request_takes(panels=[found], by=mei, key="6f7f4d0e-9a43-4a9e-8c64-7a2f9b1f5d12")
    request = batch.jobs.get().request
    assert "The lamp is white." in request["prompt"]
    assert [slot.get("pinned", False) for slot in request["plan"]["slots"]] == [False, True]


def test_a_viewer_sees_no_control(shown, viktor, signed_in):
    html = page(signed_in(viktor), shown).content.decode()
    assert "prompt/words/" not in html
    assert "prompt/plan/" not in html
    assert "prompt/strategy/" not in html


def test_it_says_what_to_leave_out_first():
    _, prompt = drawn(panel(person(), action="x " * 300, light="cold"))
    assert length.trims(prompt, len(prompt.text)) == []
    trims = length.trims(prompt, len(prompt.text) - 20)
    assert [one.label for one in trims] == ["Place", "Light"]
    assert [one.label for one in length.trims(prompt, 10)][-1] == "Action"


def test_too_long_for_an_engine_keeps_draw_off(team, shown, client, ada):
    makers.account(team, "hiapi", "hiapi", health="key", by=ada)
    from studio.generation.models import EngineAccount, TierEntry

    entry = TierEntry(
        team=team, tier="draft", account=EngineAccount.objects.get(team=team), model="Nano-Banana", size="1K"
    )
    entry.save()
    Panel.objects.filter(pk=shown.pk).update(action="She waits here. " * 312)
    answer = page(client, shown)
    assert answer.context["length"] > answer.context["limit"]
    assert "Leave out first" in answer.content.decode()
    assert answer.context["deal"].why_not
