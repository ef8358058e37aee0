"""A whole round: sent, looked at on a phone, answered with a new picture, compared, approved and closed. And by keyboard
alone, without scripts, without a connection, and with others in the same round."""

from __future__ import annotations

import asyncio
import re
import threading
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import expect

from studio.board.models import Take
from studio.generation import runner
from studio.generation.models import Job
from studio.lib import threads
from studio.models import Decision, Note, Panel
from studio.review import actions
from tests import makers
from tests.browser.waiting import says, settled, soon, turned

pytestmark = pytest.mark.journey
NETWORK = r"ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest|sendAbort)|Failed to fetch"
HERE = "document.activeElement.id"


@pytest.fixture
def project(team):
    project = makers.project(team, "Signal Hill", client="Norte Solar")
    scene = makers.scene(project)
    for action, mark in (("Mira holds the mast.", "#aa3311"), ("The lamp blinks on.", "#11aa33")):
        wide = makers.image(team, data=makers.picture(1376, 768, mark=mark))  # the shape that is drawn, for the wipe
        makers.take(makers.panel(scene, action=action), wide, picked=True)
    return project


@pytest.fixture
def round(project, pavel):
    return actions.send_round(project=project, by=pavel, message="Please look.")


def drawn():
    """What the worker does with the job that waits, in a thread: this one has playwright's loop."""

    def work():
        try:
            asyncio.run(runner.run(Job.objects.latest("pk").pk))
        finally:
            connection.close()

    elsewhere = threading.Thread(target=work)
    elsewhere.start()
    elsewhere.join(120)
    threads.let_go()


def sent(page, project, version):
    """Send the board from the Review tab to Dana, by the dialog; gives her link."""
    page.goto(f"/projects/{project.code}/review/")
    page.get_by_role("link", name=re.compile("^Send ")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ask, by a link of their own").fill("Dana Okafor")
    dialog.get_by_role("button", name=f"Send v{version}").click()
    found = page.get_by_role("textbox", name="Dana Okafor")
    found.wait_for()
    return urlsplit(found.input_value()).path


def on_picture(page, x, y):
    """The place on the picture, in the window."""
    box = settled(page.locator("#frame"))
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_it_goes_from_sending_to_sign_off(page, phone, signed, pavel, project, axe, no_sideways):
    signed(page, pavel)
    link = sent(page, project, 1)

    phone.goto(link)
    phone.get_by_role("heading", name="Panel 1A").wait_for()
    axe(phone, "the review on a phone")
    no_sideways(phone)
    small = phone.evaluate(
        """() => [...document.querySelectorAll(".review :is(a, button, summary, textarea)")].filter((one) => one.checkVisibility())
          .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
          .filter(([, box]) => box.height && box.height < 43.5).map(([html, box]) => `${box.height} ${html}`)"""
    )
    assert not [one for one in small if 'class="pin"' not in one], small
    phone.touchscreen.tap(*on_picture(phone, 0.8, 0.2))
    sheet = phone.locator("#note-form[data-open]")
    sheet.get_by_text("upper right").wait_for()
    axe(phone, "the sheet of a note")
    sheet.get_by_label("Note on 1A").fill("The lamp reads as a warning light. Can it be white?")
    sheet.get_by_role("button", name="Send note").tap()
    phone.locator(".comment", has_text="Can it be white?").wait_for()
    expect(phone.locator("a.pin")).to_have_count(1)
    sheet.wait_for(state="detached")
    phone.get_by_role("button", name="Ask for changes").tap()
    phone.get_by_text("You asked for changes on").wait_for()

    page.goto(f"/projects/{project.code}/")
    page.locator(".panel-card", has_text="1 open note").or_(page.locator('[title="1 open note"]')).first.wait_for()
    panel = Panel.objects.on_board().filter(scene__project=project).first()
    page.goto(f"/panels/{panel.code}/")
    page.get_by_role("link", name="Redraw with this note").click()
    page.locator(".callout.quoted", has_text="Can it be white?").wait_for()
    axe(page, "the inspector with a note")
    page.get_by_role("button", name="New take").click()
    page.locator("#batch.batch-bar").wait_for()
    drawn()
    soon(page, lambda: Take.objects.filter(panel=panel).count(), 2)
    page.get_by_role("button", name="Pick take 2").click()
    page.locator('[aria-label^="Pick take 2"][aria-pressed="true"]').wait_for()
    page.locator("#review-notes").get_by_role("button", name="Done").click()
    page.locator("#review-notes").wait_for(state="detached")

    phone.goto(sent(page, project, 2))
    phone.get_by_text("Done in v2").wait_for()
    phone.get_by_label("Play, versions and details").tap()
    with turned(phone):
        phone.locator(".page-menu").get_by_role("link", name="Compare with v1").tap()
    phone.get_by_text("Your note 1 is done").wait_for()
    phone.locator("[data-wipe]").fill("20")
    expect(phone.locator("#frame")).to_have_attribute("style", re.compile("20%"))
    axe(phone, "the comparison on a phone")
    no_sideways(phone)
    with turned(phone):
        phone.get_by_role("link", name="Side by side").tap()
    phone.locator(".side-by-side").wait_for()
    for label in ("1A", "1B"):
        code = Panel.objects.get(label=label).sent.latest("pk").code
        phone.goto(f"{phone.url.split('/panels/')[0]}/panels/{code}/")
        phone.get_by_role("button", name="Approve").tap()
        phone.get_by_text(f"You approved {label}").wait_for()

    page.goto(page.url)
    page.get_by_role("link", name="Go to v2").or_(page.get_by_role("link", name="v2", exact=True)).first.click()
    page.get_by_text("2 of 2 approved").wait_for()
    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_role("button", name="Close and sign off").click()
    page.wait_for_url("**/signed/")
    page.get_by_text("Dana Okafor").first.wait_for()
    phone.reload()
    phone.locator("#verdict", has_text="This review closed on").wait_for()
    expect(phone.get_by_role("button", name="Approve")).to_have_count(0)


def test_it_works_by_keyboard_alone(page, signed, rosa, pavel, project, round, axe):
    first = round.panels.first()
    signed(page, rosa).goto(f"/rounds/{round.code}/panels/{first.code}/")
    page.keyboard.press("c")
    says(page, "document.activeElement.getAttribute('aria-label').includes('New pin, centre')", True)
    for key in (
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "Shift+ArrowUp",
        "Shift+ArrowUp",
        "ArrowUp",
    ):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    says(page, HERE, "note")
    page.keyboard.type("White, please.")
    page.keyboard.press("Control+Enter")
    page.locator(".comment", has_text="White, please.").wait_for()
    assert Note.objects.get().marks == [{"kind": "pin", "x": 0.8, "y": 0.28}]
    page.get_by_text("Upper right").first.wait_for(state="attached")
    axe(page, "the review")

    page.keyboard.press("Tab")  # the tools: another one by arrow keys
    page.locator('[data-tool][value="box"]').focus()
    page.keyboard.press("Space")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    says(page, HERE, "note")
    page.keyboard.type("This part.")
    page.keyboard.press("Control+Enter")
    page.locator(".comment", has_text="This part.").wait_for()
    assert Note.objects.latest("pk").marks == [{"kind": "box", "from": [0.4, 0.5], "to": [0.5, 0.6]}]

    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    with turned(page):
        page.keyboard.press("j")
    page.get_by_role("heading", name="Panel 1B").wait_for()
    page.keyboard.press("a")
    page.get_by_text("You approved 1B").wait_for()
    page.evaluate("document.activeElement.blur()")
    with turned(page):
        page.keyboard.press("k")
    page.get_by_role("heading", name="Panel 1A").wait_for()
    page.keyboard.press("Enter")
    says(page, "document.activeElement.closest('[data-note]').innerText[0]", "1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on “Done”
    page.locator(".comment[data-resolved]").wait_for()

    second = actions.send_round(project=project, by=pavel)
    page.goto(f"/rounds/{second.code}/panels/{second.panels.first().code}/")
    with turned(page):
        page.keyboard.press("v")
    page.get_by_role("heading", name="What changed").wait_for()
    axe(page, "the comparison")
    with turned(page):
        page.keyboard.press("v")
    page.get_by_role("heading", name="Notes on 1A").wait_for()


def test_it_draws_with_the_mouse(page, signed, rosa, round):
    signed(page, rosa).goto(f"/rounds/{round.code}/panels/{round.panels.first().code}/")
    paths = page.locator("[data-new-marks] path")
    for many, tool in enumerate(("pencil", "arrow", "ellipse"), 1):
        page.locator(f'label:has([data-tool][value="{tool}"])').click()
        way = [on_picture(page, step, step) for step in (0.2, 0.3, 0.4, 0.5)]
        page.mouse.move(*way[0])
        page.mouse.down()
        for place in way[1:]:
            page.mouse.move(*place)
        page.mouse.up()
        expect(paths).to_have_count(2 * many)  # each with its dark edge
    page.get_by_role("button", name="Take back the last mark").click()
    expect(paths).to_have_count(4)
    page.locator('label:has([data-tool][value="pin"])').click()
    page.mouse.click(*on_picture(page, 0.9, 0.9))
    says(page, HERE, "note")
    page.keyboard.type("Here.")
    page.get_by_role("button", name="Send note").click()
    page.locator(".drawn path").first.wait_for()
    pin, pencil, arrow = Note.objects.get().marks
    assert (pin["kind"], pencil["kind"], arrow["kind"]) == ("pin", "pencil", "arrow")
    assert [round_(n) for n in arrow["from"] + arrow["to"]] == [0.2, 0.2, 0.5, 0.5]
    page.wait_for_function("() => !document.querySelector('[data-new-marks] path')")


def round_(number):
    return float(f"{number:.2f}")


def test_it_keeps_what_is_typed_over_a_lost_connection(page, signed, rosa, round):
    page.excused.append(NETWORK)
    signed(page, rosa).goto(f"/rounds/{round.code}/panels/{round.panels.first().code}/")
    page.get_by_label("Note on 1A").fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Note on 1A")).to_have_value("Half a thought")
    page.context.set_offline(True)
    page.get_by_label("Note on 1A").fill("A whole thought")
    page.get_by_role("button", name="Send note").click()
    page.locator("#note-form").get_by_text("No connection. What you type is kept here").wait_for()
    page.context.set_offline(False)
    page.locator(".comment", has_text="A whole thought").wait_for()
    page.wait_for_function("document.querySelector('#note').value === ''")
    assert Note.objects.count() == 1
    page.reload()
    expect(page.get_by_label("Note on 1A")).to_have_value("")


def test_it_hears_of_others_without_losing_what_is_typed(page, window, signed, rosa, mei, round):
    address = f"/rounds/{round.code}/panels/{round.panels.first().code}/"
    signed(page, rosa).goto(address)
    page.get_by_label("Note on 1A").fill("My own words")
    other = signed(window(viewport={"width": 1440, "height": 900}), mei)
    other.goto(address)
    other.get_by_label("Note on 1A").fill("Somebody else's note")
    other.get_by_role("button", name="Send note").click()
    other.locator(".comment", has_text="Somebody else's note").wait_for()
    page.evaluate("window.studio.review.ask()")
    theirs = page.locator(".comment", has_text="Somebody else's note")
    theirs.wait_for()
    expect(page.get_by_label("Note on 1A")).to_have_value("My own words")
    theirs.get_by_text("Reply", exact=True).click()
    theirs.get_by_role("textbox").fill("An answer, half")
    other.locator(".comment").get_by_role("button", name="Done").click()
    other.locator(".comment[data-resolved]").wait_for()
    page.evaluate("window.studio.review.ask()")
    page.locator(".comment[data-resolved]").wait_for()  # nobody answers a note that is done
    other.get_by_label("Note on 1A").fill("And another")
    other.get_by_role("button", name="Send note").click()
    other.locator(".comment", has_text="And another").wait_for()
    other.locator(".comment").first.get_by_role("button", name="Open again").click()
    other.locator(".comment[data-resolved]").wait_for(state="detached")
    page.evaluate("window.studio.review.ask()")
    page.locator(".comment", has_text="And another").wait_for()
    expect(theirs.get_by_role("textbox")).to_have_value("An answer, half")
    theirs.get_by_role("button", name="Answer").click()
    page.locator(".reply", has_text="An answer, half").wait_for()
    theirs.get_by_text("Reply", exact=True).click()
    theirs.get_by_role("textbox").fill("A second answer")
    theirs.get_by_role("button", name="Answer").click()
    mine = page.locator(".reply", has_text="A second answer")
    mine.wait_for()
    for words in ("A third way", "A fourth way"):
        mine = page.locator(".reply").nth(1)
        mine.get_by_text("Edit", exact=True).click()
        mine.get_by_role("textbox").fill(words)
        mine.get_by_role("button", name="Save").click()
        page.locator(".reply p", has_text=words).wait_for()
    mine.get_by_text("Edit", exact=True).click()
    expect(mine.get_by_role("textbox")).to_have_value("A fourth way")
    says(
        page,
        "fetch(document.querySelector('[data-review]').dataset.news + '?since=' + document.querySelector('#revision').dataset.revision).then((a) => a.status)",
        304,
    )


def test_it_works_without_scripts(window, round, pavel):
    _, token = actions.make_link(round=round, by=pavel)
    page = window(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"/r/{token}/")
    page.get_by_label("Your name").fill("Dana Okafor")
    with turned(page):
        page.get_by_role("button", name="Start").click()
    page.get_by_label("Note on 1A").fill("Without a pin.")
    with turned(page):
        page.get_by_role("button", name="Send note").click()
    page.locator(".comment", has_text="Without a pin.").wait_for()
    with turned(page):
        page.get_by_role("button", name="Ask for changes", exact=True).click()
    page.get_by_text("You asked for changes on").wait_for()
    with turned(page):
        page.get_by_role("link", name="Next panel").click()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("You approved 1B").wait_for()
    said = Decision.objects.filter(replaced=None).order_by("on__position").values_list("on__label", "verdict", "name")
    assert list(said) == [("1A", "changes", "Dana Okafor"), ("1B", "approve", "Dana Okafor")]
    assert Note.objects.get().text == "Without a pin."
