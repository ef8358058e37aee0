"""From a draft to a hero frame at an engine that charges: `manage.py run` beside an emulator, and the two ledgers compared."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.running import started
from tests.browser.test_journey import ABORTED, fill_panel, write_scene
from tests.emulators.runware import RunwareEmulator

KEY = "a-key-of-the-spending-test"
pytestmark = [pytest.mark.processes, pytest.mark.journey, pytest.mark.timeout(480)]


@pytest.fixture
def runware():
    with RunwareEmulator(key=KEY, latency=0.3) as emulator:
        yield emulator


@pytest.fixture
def studio(tmp_path, chromium, runware):
    """A studio as somebody starts it with one key in the environment. Gives its sign-in link."""
    with started(tmp_path, RUNWARE_API_KEY=KEY, RUNWARE_BASE_URL=runware.base) as link:
        yield link


@pytest.fixture
def page(chromium):
    said = []
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    window = context.new_page()
    window.set_default_timeout(30_000)
    window.on("console", lambda m: said.append(m.text) if m.type == "error" and not ABORTED.search(m.text) else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    yield window
    context.close()
    assert not said, "On the console:\n" + "\n".join(said)


def spent(runware):
    return sum((Decimal(str(row["amount"])) for row in runware.charged()), Decimal(0))


def test_it_goes_from_draft_to_hero_and_the_money_is_the_services(studio, page, runware, axe):
    base = studio.split("/enter/")[0]
    page.goto(studio)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Start with who has to stay the same").wait_for()
    page.goto(f"{base}/projects/new/")
    page.get_by_label("Title").fill("Harbour")
    page.get_by_role("button", name="Make the project").click()
    page.wait_for_url(re.compile(r"/projects/[a-z0-9]{10}/"))
    board = page.url
    write_scene(page, 1, "EXT", "harbour wall", "dawn")
    for at, action in enumerate(["A lamp swings in the wind.", "The ferry leaves without lights."]):
        page.get_by_role("button", name=re.compile("Add (a )?panel")).first.click()
        page.locator(".panel-card").nth(at).wait_for()
        label = f"1{chr(65 + at)}"
        page.locator(".panel-card", has_text=label).locator("a.open").click()
        fill_panel(page, label, action, ["WS", "CU"][at], [])

    # The scene in draft quality: the estimate first, and not a cent before it is agreed to.
    page.goto(board)
    page.get_by_role("link", name=re.compile("Draw scene")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Draw 2 pictures").wait_for()
    axe(page, "the estimate")
    expect(dialog.locator("#estimate-total")).to_contain_text("$0.09")
    dialog.locator("label.choice", has_text="Hero").click()
    dialog.locator("#estimate-go", has_text="$0.49").wait_for()
    dialog.locator("label.choice", has_text="Draft").click()
    dialog.locator("#estimate-go", has_text="$0.09").wait_for()
    assert not runware.charged()
    dialog.get_by_role("button", name="Draw 2 pictures").click()
    # A batch that is over before its page is there has no bar any more: the pictures tell.
    page.locator(".panel-card .picture img").nth(1).wait_for(timeout=90_000)
    assert spent(runware) == Decimal("0.09314")

    # One more take for the price on its button, a double click; the other one is picked.
    page.locator(".panel-card").first.locator("a.open").click()
    page.locator("#inspector").get_by_role("heading", name="Panel 1A").wait_for()
    button = page.get_by_role("button", name="New take")
    expect(button).to_contain_text("$0.05")
    button.evaluate("one => { one.click(); one.click(); }")  # before any answer can be there
    page.locator("#inspector .take-strip button").nth(1).wait_for(timeout=90_000)
    page.get_by_role("button", name="Pick take 2").click()
    page.locator("#inspector .take-strip button[aria-pressed=true]", has_text="2").wait_for()
    assert len(runware.charged()) == 3

    # The pick in hero quality.
    page.locator("#inspector").get_by_role("link", name="Promote to hero").click()
    dialog.get_by_text("Promote take 2 of 1A").wait_for()
    axe(page, "promoting")
    expect(dialog.locator("#estimate-total")).to_contain_text("$0.24")
    dialog.get_by_role("button", name="Draw 1 picture").click()
    page.wait_for_url("**/projects/**batch=**")
    page.locator(".panel-card").first.locator("a.open").click()
    page.locator("#inspector .take-strip button").nth(2).wait_for(timeout=90_000)
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("link", name="About take 3").click()
    page.get_by_text("Promoted from").wait_for()
    expect(page.get_by_role("link", name="take 2", exact=True)).to_have_count(1)
    expect(page.locator(".take .caption .figures")).to_have_text(["$0.05", "$0.05", "$0.24"], use_inner_text=True)

    # What the studio says it spent is what the service charged.
    total = spent(runware)
    assert total == Decimal("0.04657") * 3 + Decimal("0.244")
    page.goto(f"{base}/team/spend/")
    expect(page.locator("main")).to_contain_text(f"${total:.2f}")
