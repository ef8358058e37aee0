"""The engines' page in a browser: add an account, see it checked by the worker, choose what a tier draws with, read the price."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from django.db import connection
from playwright.sync_api import expect

from studio.generation import checks
from studio.generation.models import Check, EngineAccount, TierEntry
from studio.lib import threads
from tests import makers
from tests.browser.waiting import soon, turned
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator

KEY = "key-that-nobody-may-see-7f3a"


@pytest.fixture
def worker(live_server):
    """The worker's part in checks, in a thread of this process."""
    over = threading.Event()

    def work():
        try:
            while not over.is_set():
                for pk, _ in checks.due(10):
                    asyncio.run(checks.run(pk))
                time.sleep(0.1)
        finally:
            connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(30)
    threads.let_go()


@pytest.fixture
def runware():
    with RunwareEmulator(key=KEY) as played:
        yield played


def add(page, engine, key, base, label=""):
    page.get_by_role("link", name="Add account").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Engine").select_option(engine)
    dialog.get_by_label("Name").fill(label)
    dialog.get_by_label("Key").fill(key)
    dialog.get_by_label("Base URL").fill(base)
    dialog.get_by_role("button", name="Add").click()


@pytest.mark.journey
def test_it_adds_checks_and_prices(page, signed, team, ada, worker, runware, axe):
    signed(page, ada).goto("/team/engines/")
    page.get_by_text("No account yet").wait_for()
    add(page, "runware", KEY, runware.base, "Runware, Lisbon")
    row = page.locator("tr", has_text="Runware, Lisbon")
    row.get_by_text("Answers in").wait_for()
    row.get_by_text("Checking was free.").wait_for()
    expect(row).to_contain_text("…7f3a")
    assert KEY not in page.content()
    assert runware.ledger == []
    calls = len(runware.calls)
    page.wait_for_timeout(2500)
    assert len(runware.calls) == calls  # the page asks the studio, and no longer

    tier = page.locator("#tier-draft")
    expect(tier.locator("header .price")).to_have_text("$0.0466")
    tier.get_by_label("Size", exact=True).select_option("2K")
    tier.locator("header .price", has_text="$0.1026").wait_for()
    tier.get_by_label("Model").select_option("google:4@1")
    tier.locator("header .price", has_text="$0.039").wait_for()
    expect(tier.get_by_label("Size", exact=True).locator("option")).to_have_text(["1K"])
    soon(page, lambda: TierEntry.objects.get(tier="draft").model, "google:4@1")
    axe(page, "engines with an account")

    page.locator("#add-draft").select_option("sketch")
    page.locator("#add-draft-button").click()
    tier.locator(".place", has_text="Sketch").wait_for()
    tier.get_by_role("button", name="Move Sketch earlier").click()
    tier.locator("header .price", has_text="free").wait_for()
    page.get_by_role("switch", name="Let the next account take over").check()
    tier.locator("footer", has_text="Runware, Lisbon, $0.039").wait_for()
    tier.get_by_role("button", name="Take Sketch out of the tier").click()
    tier.locator("footer", has_text="there is no next one").wait_for()


@pytest.mark.journey
def test_it_says_what_is_wrong_and_lets_it_be_mended(page, signed, team, ada, worker, runware):
    account = makers.account(team, "Runware", base=runware.base, key="a-wrong-key-0123456789", by=ada)
    signed(page, ada).goto("/team/engines/")
    page.get_by_role("button", name="Check Runware, free").click()
    page.locator("#accounts").get_by_role("alert").get_by_text("Runware did not accept our key.").wait_for()
    page.get_by_role("navigation", name="Team").get_by_text("1 paused").wait_for()
    page.locator("#tier-draft").get_by_text("Draws nothing at the moment").wait_for()
    page.get_by_role("link", name="Replace the key").click()
    page.get_by_role("dialog").get_by_label("New key").fill(KEY)
    page.get_by_role("button", name="Replace").click()
    page.get_by_text("Answers in").wait_for()
    expect(page.get_by_text("did not accept our key")).to_have_count(0)
    page.locator("#tier-draft header .price", has_text="$0.0466").wait_for()

    page.get_by_role("switch", name="Runware on").uncheck()
    page.locator(f"#account-{account.code}").get_by_text("Off", exact=True).wait_for()
    page.locator("#tier-draft").get_by_text("Runware is switched off.").wait_for()

    page.get_by_role("link", name="Change Runware").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Base URL").fill("https://elsewhere.example/v1")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("enter it again").wait_for()
    assert EngineAccount.objects.get().base_url == runware.base
    dialog.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("No account yet").wait_for()


def test_it_works_without_scripts(window, signed, team, ada, runware):
    makers.account(team, "Runware", base=runware.base, key=KEY, by=ada)
    page = window(java_script_enabled=False)
    signed(page, ada).goto("/team/engines/")
    with turned(page):
        page.get_by_role("button", name="Check Runware, free").click()
    page.get_by_text("Being checked").wait_for()
    pk = Check.objects.get().pk
    elsewhere = threading.Thread(target=lambda: asyncio.run(checks.run(pk)))  # this thread has playwright's loop
    elsewhere.start()
    elsewhere.join(30)
    threads.let_go()
    with turned(page):
        page.get_by_role("link", name="Load anew").click()
    page.get_by_text("Checking was free.").wait_for()
    tier = page.locator("#tier-draft")
    tier.get_by_label("Size", exact=True).select_option("4K")
    with turned(page):
        tier.get_by_role("button", name="Save").click()
    page.locator("#tier-draft header .price", has_text="$0.153").wait_for()
    page.get_by_role("switch", name="Runware on").uncheck()
    with turned(page):
        page.locator("#accounts").get_by_role("button", name="Save").click()
    page.locator("#accounts").get_by_text("Off", exact=True).wait_for()


def test_it_fits_a_phone(phone, signed, team, ada, no_sideways):
    with HiApiEmulator(key=KEY) as played:
        makers.account(team, "hiapi, main", "hiapi", base=played.base, key=KEY, monthly_cap=80)
    signed(phone, ada).goto("/team/engines/")
    no_sideways(phone, "engines")
    phone.get_by_role("link", name="Models and prices").click()
    phone.get_by_role("heading", name="Models and prices").wait_for()
    no_sideways(phone, "models and prices")
