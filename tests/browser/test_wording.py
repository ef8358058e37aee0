"""A bible that is judged while one writes, and a prompt that is changed by hand, in a browser."""

import pytest
from playwright.sync_api import expect

from studio.prompting.models import PanelPrompt
from tests import makers
from tests.browser.waiting import says, turned

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_bible_is_judged_as_one_writes(page, signed, team, mei, axe):
    subject = makers.subject(team, "Vera", bible="")
    signed(page, mei).goto(f"/subjects/{subject.code}/")
    page.fill("#bible", "Vera, a woman in a burnt sienna scarf, as on a character sheet.")
    page.wait_for_selector(".findings >> text=“burnt sienna” is not one colour")
    page.click("text=“character sheet” pulls towards a cartoon")
    place = "[document.activeElement.id, document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)]"
    says(page, place, ["bible", "character sheet"])
    page.keyboard.type("rule")
    page.wait_for_selector("text=pulls towards a cartoon", state="detached")
    expect(page.locator("#bible")).to_have_value("Vera, a woman in a burnt sienna scarf, as on a rule.")
    page.fill("#new-phrase", "silver nose ring")
    page.click(".marker-form--new button")
    page.wait_for_selector("text=The text never mentions “silver nose ring”")
    axe(page)


def _panel(team):
    scene = makers.scene(makers.project(team, template_version="v2"))
    noor = makers.subject(team, bible="Noor, a woman of forty.", locked=True, markers=[("teal cap", "item", "#1f7a78")])
    for view in ("front", "profile_left"):
        makers.reference(noor.default_set, view)
    panel = makers.panel(scene, action="She waits.")
    makers.appearance(panel, noor)
    return panel


@pytest.mark.journey
@pytest.mark.parametrize("scripts", [True, False])
def test_a_prompt_is_changed_by_hand(window, signed, team, mei, axe, scripts):
    panel = _panel(team)
    page = signed(window(viewport={"width": 1440, "height": 900}, java_script_enabled=scripts), mei)
    page.goto(f"/panels/{panel.code}/prompt/")
    page.click("#row-action summary")
    page.fill("#row-action textarea", "She waits for the ferry.")
    with turned(page):
        page.click("#row-action button:has-text('Save')")
    page.wait_for_selector("#row-action ins >> text=for the ferry")
    with turned(page):
        page.click("text=Words carry who")
    page.wait_for_selector("text=Set for this panel")
    with turned(page):
        page.click("button:has-text('Send too')")
    page.wait_for_selector("#ref-2 >> text=Pinned")
    with turned(page):
        page.click("#ref-2 button[value=earlier]")
    page.wait_for_selector("#ref-1 >> text=Pinned")
    row = PanelPrompt.objects.get()
    assert (row.strategy, len(row.edits), len(row.pinned), row.order[0]) == ("bible_first", 1, 1, row.pinned[0])
    if scripts:
        axe(page)
    with turned(page):
        page.click("text=Plan as the studio would")
    with turned(page):
        page.click("#row-action button:has-text('Remove')")
    with turned(page):
        page.click("text=As the engine sees")
    page.wait_for_selector("text=Pictures carry who here.")
    assert not PanelPrompt.objects.exists()
