"""From a bible with faults to a matrix with verdicts and a redraw of what drifted: `manage.py run` beside an emulated engine."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from tests import makers
from tests.browser import test_spending
from tests.browser.test_journey import fill_panel, write_scene

pytestmark = [pytest.mark.processes, pytest.mark.journey, pytest.mark.timeout(480)]
spent = test_spending.spent
page, runware, studio = (getattr(test_spending, name) for name in ("page", "runware", "studio"))  # fixtures
FAULTY = "Character sheet of Tilda. She is pretty, in a reddish jacket."
MENDED = (
    "Tilda, a woman of thirty with a broad freckled face, grey eyes and a copper plait over the left shoulder, in a mustard work "
    "jacket with a silver heron pin. Slim, of middle height, calm and upright, looking straight ahead. Overcast light, film grain."
)
MARKERS = [
    ("broad freckled face", "face"),
    ("copper plait over the left shoulder", "hair"),
    ("silver heron pin", "item"),
]
SHOTS = os.environ.get("STUDIO_SHOTS", "")  # a folder to keep pictures of the way in


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def write_tilda(page, photo):
    """Her bible is written badly first: the page says why it will not hold, and stops saying so when it is mended."""
    page.get_by_role("link", name=re.compile("Add character")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Tilda")
    dialog.get_by_label("Bible").fill(FAULTY)
    dialog.get_by_role("button", name="Add character").click()
    page.wait_for_url("**/subjects/**")
    lint = page.locator("#lint")
    lint.get_by_text("may not hold").wait_for()
    expect(lint).to_contain_text("sheet", ignore_case=True)
    faults = lint.locator("li").count()
    shoot(page, "1-faults")
    page.get_by_label("Bible", exact=True).fill(MENDED)
    page.wait_for_function("many => document.querySelectorAll('#lint li').length < many", arg=faults)
    expect(lint).not_to_contain_text("sheet", ignore_case=True)
    page.get_by_label("They show").first.select_option("front")
    page.get_by_label("Add reference pictures").first.set_input_files(photo)
    page.locator(".reference-tile .picture img").first.wait_for()
    for phrase, category in MARKERS:
        page.get_by_label("New marker", exact=True).fill(phrase)
        page.get_by_label("Category of the new marker").select_option(category)
        page.locator(".marker-form--new").get_by_role("button", name="Add").click()
        page.locator(f".marker-row input[value='{phrase}']").wait_for()
    page.get_by_role("link", name="Lock v1").click()
    page.get_by_role("dialog").get_by_role("button", name="Lock v1").click()
    page.get_by_text("Locked, v1", exact=True).wait_for()


def judge(page, keys, left):
    page.wait_for_selector('.matrix .marker[tabindex="0"]')
    for key in ("m", *keys):
        page.keyboard.press(key)
    page.wait_for_function(
        "left => document.querySelector('#matrix-open').textContent === left && !document.querySelector('.marker[aria-busy]')",
        arg=f"{left} not judged",
    )


def test_what_drifted_is_seen_mended_and_drawn_again(studio, page, runware, tmp_path, axe):
    base = studio.split("/enter/")[0]
    photo = tmp_path / "tilda.png"
    photo.write_bytes(makers.picture(1200, 1500, mark="#b06a3b"))
    page.goto(studio)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Start with who has to stay the same").wait_for()
    page.goto(f"{base}/library/characters/")
    write_tilda(page, photo)
    tilda = page.url.split("?")[0]

    page.goto(f"{base}/projects/new/")
    page.get_by_label("Title").fill("Harbour")
    page.get_by_role("button", name="Make the project").click()
    page.wait_for_url(re.compile(r"/projects/[a-z0-9]{10}/"))
    board = page.url
    write_scene(page, 1, "EXT", "harbour wall", "dawn")
    for at, action in enumerate(["Tilda looks at us.", "Tilda mends a net."]):
        page.get_by_role("button", name=re.compile("Add (a )?panel")).first.click()
        page.locator(".panel-card").nth(at).wait_for()
        label = f"1{chr(65 + at)}"
        page.locator(".panel-card", has_text=label).locator("a.open").click()
        fill_panel(page, label, action, "MS", ["Tilda"])
    page.goto(board)
    page.get_by_role("link", name=re.compile("Draw scene")).click()
    page.get_by_role("dialog").get_by_role("button", name="Draw 2 pictures").click()
    page.locator(".panel-card .picture img").nth(1).wait_for(timeout=90_000)
    before = spent(runware)
    assert len(runware.charged()) == 2

    # Verdicts by keyboard: the plait drifted in 1A, the pin is missing in 1B; each failure has a next step.
    page.get_by_role("link", name="Consistency").click()
    judge(page, "sdsssx", 0)
    page.locator("td > .marker[data-result='missing']").focus()
    page.locator("#look").get_by_text("What to do next").wait_for()
    shoot(page, "2-matrix")
    axe(page, "a matrix with verdicts")
    page.get_by_role("navigation", name="What to look at").get_by_role("link", name="Usable").click()
    page.get_by_role("heading", name=re.compile("Usable pictures")).wait_for()
    shoot(page, "3-usable")

    # A new version names the plait better. Nothing is locked or drawn before the price is agreed to.
    page.goto(tilda)
    page.get_by_role("button", name="Make v2").click()
    plait = page.locator(f".marker-row input[value='{MARKERS[1][0]}']")
    with page.expect_response(lambda answer: "/markers/" in answer.url and answer.request.method == "POST") as saved:
        plait.fill("thick copper plait over the left shoulder")
        plait.blur()
    assert saved.value.ok
    page.goto(f"{tilda}history/")
    page.get_by_role("heading", name="2 panels no longer match").wait_for()
    shoot(page, "4-impact")
    axe(page, "what v2 touches")
    page.get_by_label("Redraw 1B").uncheck()
    button = page.get_by_role("button", name=re.compile("Lock v2, redraw 1 panel"))
    button.wait_for()
    expect(button).to_contain_text("$0.05")
    assert len(runware.charged()) == 2
    button.click()
    page.wait_for_url("**/projects/**batch=**")
    page.goto(board)
    page.locator(".panel-card", has_text="1A").locator("a.open").click()
    page.locator("#inspector .take-strip button").nth(1).wait_for(timeout=90_000)
    assert spent(runware) - before == before / 2
    page.get_by_role("button", name="Pick take 2").click()
    page.locator("#inspector .take-strip button[aria-pressed=true]", has_text="2").wait_for()

    # What was drawn again is judged by the new version; the other panel still says what it was drawn from.
    page.get_by_role("link", name="Consistency").click()
    judge(page, "sss", 0)
    expect(page.locator("td.share", has_text="same")).to_have_count(len(MARKERS))
    page.get_by_role("navigation", name="What to look at").get_by_role("link", name="No longer matching").click()
    page.get_by_role("heading", name="1 panel no longer matches").wait_for()
    shoot(page, "5-board")
    axe(page, "what no longer matches")
    page.get_by_role("button", name=re.compile("Fine as it is")).click()
    page.get_by_text("Every picture matches.").wait_for()
