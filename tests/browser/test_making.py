"""References that are drawn, passes, restyled picks and campaign grids, in a real window."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from studio.generation import runner
from studio.lib import threads
from studio.models import Job, Take
from tests import makers
from tests.browser.waiting import turned
from tests.making.conftest import mira  # noqa: F401

pytestmark = pytest.mark.journey


def drawn():
    """What the worker does with all that waits, in a thread: this one has playwright's loop."""

    def work():
        try:
            for pk in Job.objects.filter(state="queued").values_list("pk", flat=True):
                asyncio.run(runner.run(pk))
        finally:
            connection.close()

    elsewhere = threading.Thread(target=work)
    elsewhere.start()
    elsewhere.join(120)
    threads.let_go()


@pytest.fixture
def panel(mira, team):  # noqa: F811
    flask = makers.subject(team, "Flask", "product", bible="A steel flask.", locked=True)
    makers.reference(flask.default_set, "front")
    found = makers.panel(makers.scene(makers.project(team)), action="She waits.")
    for who in (mira, flask):
        makers.appearance(found, who)
    return found


def test_missing_views_are_drawn_by_keyboard_and_accepted(page, signed, mira, mei, axe):  # noqa: F811
    signed(page, mei).goto(reverse("subject", args=[mira.code]))
    page.get_by_role("link", name=re.compile("^Draw the missing 6")).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Draw views of Mira")
    for name in ("Three-quarter left", "Three-quarter right", "Left profile", "Full body", "Face detail"):
        dialog.get_by_role("checkbox", name=re.compile(f"^{name}")).focus()
        page.keyboard.press("Space")
    go = dialog.get_by_role("button", name=re.compile(r"^Draw 1 picture free"))
    go.wait_for()
    axe(page, "the estimate of views")
    go.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Drawn, to decide").wait_for()
    drawn()
    accept = page.get_by_role("button", name="Accept Back")
    accept.wait_for()  # the page asked by itself
    axe(page, "a proposal")
    accept.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Drawn by the studio").wait_for()
    assert mira.default_set.references.get(view="back").image == Take.objects.get().image
    page.get_by_role("button", name=re.compile("^Draw Left profile")).wait_for()  # what is missing still


def test_a_panel_is_drawn_in_passes(page, signed, panel, mei, axe):
    here = reverse("passes", args=[panel.code])
    signed(page, mei).goto(here)
    with page.expect_response(lambda answer: here in answer.url and answer.request.method == "GET"):
        page.get_by_role("checkbox", name="Flask").uncheck()
    page.get_by_text("1 picture").wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    with turned(page):
        page.get_by_role("button", name="Draw this pass free").click()
    page.get_by_text(re.compile("Waiting|Drawing take")).wait_for()
    drawn()
    page.get_by_role("link", name="Next pass upon take 1").click()
    page.get_by_role("heading", name="Next pass, upon take 1").wait_for()
    expect(page.get_by_role("checkbox", name=re.compile("^Mira"))).to_be_disabled()
    with turned(page):
        page.get_by_role("button", name="Draw this pass free").click()
    page.get_by_text(re.compile("Waiting|Drawing take")).wait_for()
    drawn()
    page.get_by_role("link", name="Next pass upon take 2").wait_for()
    expect(page.locator(".pass-list ul .pass")).to_have_count(1)  # below the first
    axe(page, "passes")
    page.get_by_role("button", name="Stop here and pick it (take 2)").click()
    page.locator(".pass-list ul").get_by_text("Picked").wait_for()
    panel.refresh_from_db()
    assert panel.picked.number == 2


def test_a_take_becomes_a_reference_and_a_grid_is_priced(page, signed, panel, mira, mei, axe):  # noqa: F811
    makers.subject(mira.team, "Quay", "location", locked=True)
    take = makers.take(panel, makers.image(mira.team), picked=True, versions={mira.code: 1})
    signed(page, mei).goto(reverse("compare", args=[panel.code]))
    page.get_by_role("link", name="Use as a reference").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Whose reference").select_option(label="Mira")
    dialog.get_by_label("What it shows").select_option("three_quarter_left")
    dialog.get_by_role("button", name="Use it").click()
    page.get_by_role("link", name=f"Take {take.number} of {panel.label}").wait_for()
    page.goto(reverse("campaign", args=[panel.scene.project.code]))
    for name in ("Quay", "Mira", "Flask"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Make the panels").click()
    page.get_by_role("columnheader", name="Flask").wait_for()
    axe(page, "a campaign grid")
    page.get_by_role("link", name=re.compile("^Draw the missing 2")).click()
    page.get_by_role("dialog", name="Draw 2 panels").wait_for()
