"""The spend page in a browser: look at the month another way, narrow the ledger, settle by hand; and the same without scripts."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from studio import models
from tests import makers
from tests.browser.waiting import turned


@pytest.fixture
def lost(team, ada):
    """An attempt that nobody knows the end of, beside one that was drawn."""
    account = makers.account(team, "Wisdom Gate", "gemini")
    panel = makers.panel(makers.scene(makers.project(team, "Night ferry")))
    batch = models.Batch.objects.create(team=team, project=panel.scene.project, key=uuid.uuid4(), created_by=ada)
    asked = {"batch": batch, "panel": panel, "engine": "gemini", "account": account, "model": "gemini-3-pro-image-preview", "tier": "hero"}  # fmt: skip
    models.Job.objects.create(**asked, state="done", charged=True, estimate="0.134", counted="0.134")
    return models.Job.objects.create(
        **asked, state="unknown", error="The line broke after sending.", estimate="0.134", counted="0.134"
    )


@pytest.mark.journey
def test_it_settles_by_hand(page, signed, ada, lost, axe):
    signed(page, ada).goto("/team/spend/")
    page.locator(".tabs--page", has_text="1 unknown").wait_for()
    page.get_by_role("link", name="Engine", exact=True).click()
    page.get_by_role("heading", name="By engine").wait_for()
    page.wait_for_url("**by=engine**")
    page.get_by_label("Outcome").select_option("uncertain")
    page.get_by_text("1 attempt, newest first").wait_for()
    page.wait_for_url("**outcome=uncertain**")
    page.locator("tr", has_text="possibly $0.134").get_by_role("link", name="Settle by hand").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="It was charged").check()
    dialog.get_by_role("textbox", name="Amount").fill("0,13")
    dialog.get_by_label("Why").fill("On the bill of November")
    dialog.get_by_role("button", name="Settle").click()
    dialog.get_by_text("A number of dollars, like 0.17.").wait_for()
    expect(dialog.get_by_label("Why")).to_have_value("On the bill of November")
    axe(page, "settling, refused")
    dialog.get_by_role("textbox", name="Amount").fill("0.13")
    dialog.get_by_role("button", name="Settle").click()
    page.get_by_text("is like that").wait_for()  # back in the ledger of what is unknown: there is nothing
    lost.refresh_from_db()
    assert (lost.charged, str(lost.counted)) == (True, "0.130000")
    page.get_by_role("link", name="Show all").click()
    page.get_by_text("Settled: On the bill of November").wait_for()
    expect(page.locator(".stats dd.figures").first).to_have_text("$0.26", use_inner_text=True)


def test_it_works_without_scripts(window, signed, ada, lost):
    page = window(java_script_enabled=False)
    signed(page, ada).goto("/team/spend/")
    page.get_by_label("Outcome").select_option("drawn")
    with turned(page):
        page.get_by_role("button", name="Show").click()
    assert "outcome=drawn" in page.url
    expect(page.locator("tbody tr[id^=attempt-]")).to_have_count(1)
    page.goto("/team/spend/?outcome=uncertain")
    with turned(page):
        page.get_by_role("link", name="Settle by hand").click()
    page.get_by_label("It was not charged").check()
    page.get_by_label("Why").fill("Not on the bill")
    page.get_by_role("button", name="Settle").click()
    page.get_by_text("Settled.").wait_for()
    page.goto("/team/spend/limits/")
    page.get_by_label("The team, each month").fill("20")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("$19.87 of $20").wait_for()
