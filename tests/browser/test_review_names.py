"""Names behind an @ by keyboard and by touch, marks of an earlier version on the new picture, and asking to go on."""

from __future__ import annotations

import pytest

from studio.models import Note, Plea
from studio.review import actions
from studio.review.reviewers import Reviewer
from tests import makers
from tests.review import made

NAMES = "#callable-names:not([hidden])"


@pytest.fixture
def project(team, pavel):
    project = makers.project(team, "Night ferry", client="Norte Lines")
    scene = makers.scene(project)
    for action in ("She looks at us.", "She leaves."):
        makers.take(makers.panel(scene, action=action), makers.image(team), picked=True)
    return project


@pytest.fixture
def round(project, pavel):
    return actions.send_round(project=project, by=pavel)


def test_it_proposes_names_by_keyboard(page, signed, ada, mei, pavel, rosa, round, axe):
    signed(page, ada).goto(f"/rounds/{round.code}/panels/{round.panels.first().code}/")
    note = page.locator("#note")
    note.focus()
    page.keyboard.type("Warm, a@mei is mail. @")
    names = page.locator(f"{NAMES} [role=option]")
    names.first.wait_for()
    assert names.all_inner_texts() == sorted([str(mei), str(pavel), str(rosa)], key=str.casefold)
    axe(page, "the list of names")
    page.keyboard.type("no")  # the beginning of a last name
    page.wait_for_function(f"document.querySelectorAll('{NAMES} li').length === 1")
    assert note.get_attribute("aria-activedescendant") == "callable-0"
    page.keyboard.press("Escape")
    page.locator(NAMES).wait_for(state="detached")
    assert note.evaluate("(area) => area === document.activeElement && area.value.endsWith('@no')")
    for _ in "no":
        page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("@")
    names.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('#note').getAttribute('aria-activedescendant') === 'callable-1'")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('#note').value === 'Warm, a@mei is mail. @{pavel} '")
    page.keyboard.type("see")
    page.keyboard.press("Control+Enter")
    page.locator(".comment mark.mention", has_text=f"@{pavel}").wait_for()
    assert list(Note.objects.get().mentions.all()) == [pavel]


def test_a_guest_at_390_px_sees_old_marks_takes_a_name_and_asks_to_go_on(
    phone, team, project, round, pavel, axe, no_sideways
):
    link, _ = actions.make_link(round=round, by=pavel, name="Dana Okafor")
    dana = Reviewer(round=round, base="/r/x/", link=link, guest=link.guests.get())
    first = round.panels.first()
    marks = [{"kind": "pin", "x": 0.8, "y": 0.2}, {"kind": "ellipse", "from": [0.6, 0.1], "to": [0.9, 0.5]}]
    made.a_note(first, dana, "The lamp is red.", marks=marks)
    makers.take(first.panel, makers.image(team), picked=True)
    second = actions.send_round(project=project, by=pavel)
    _, token = actions.make_link(round=second, by=pavel, name="Dana Okafor")
    phone.goto(f"/r/{token}/")
    phone.get_by_role("heading", name="Panel 1A").wait_for()
    assert phone.locator("a.pin").count() == 0
    phone.get_by_role("link", name="Show the marks of v1 on the picture").tap()
    phone.locator("a.pin[data-earlier]").wait_for()
    axe(phone, "marks of an earlier version")
    no_sideways(phone)
    box = phone.locator("#frame").bounding_box()
    phone.touchscreen.tap(box["x"] + 0.2 * box["width"], box["y"] + 0.6 * box["height"])
    phone.locator(".pin[data-new]").wait_for()
    phone.wait_for_function("document.activeElement.id === 'note'")  # the touch ends in the field, not on the new pin
    phone.keyboard.type("Better, @pav")
    name = phone.locator(f"{NAMES} li", has_text=str(pavel))
    name.wait_for()
    assert name.bounding_box()["height"] >= 44
    axe(phone, "the list of names on a phone")
    name.tap()
    phone.wait_for_function(f"document.querySelector('#note').value === 'Better, @{pavel} '")
    phone.get_by_role("button", name="Send note").tap()
    phone.locator(".comment mark.mention").wait_for()
    phone.locator("a.pin[data-earlier]").wait_for()  # still there
    phone.locator("a.pin:not([data-earlier])").wait_for()
    actions.close_round(round=second, by=pavel)
    phone.reload()
    phone.locator("summary", has_text="Ask to go on").tap()
    phone.get_by_label("Why, if you like").fill("One more look at 1B.")
    axe(phone, "asking to go on")
    no_sideways(phone)
    phone.get_by_role("button", name=f"Ask {pavel}").tap()
    phone.get_by_text("You asked to go on").wait_for()
    assert Plea.objects.get().text == "One more look at 1B."
