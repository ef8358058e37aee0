"""A Chromium, a live server over a database file, and the checks that every page has to stand.

`site` is the server, `page` a window of 1440 × 900, `phone` one of 390 × 844 with touch; `signed(page, user)` signs in.
Whatever a window says on its console as an error, a violation of the content policy included, fails the test.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connections
from django.test import Client
from playwright.sync_api import expect

from tests.browser.waiting import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")
MISSING = "No Chromium found: install Debian's package chromium, or name one in CHROMIUM."
HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# Answers that the page swaps in; a fade between two pages that Chromium gave up because it was late; what htmx says of a
# request that a newer one, or leaving the page, has ended.
EXPECTED = re.compile(r"status of (409|422)|Transition was (aborted|skipped)|^htmx:(sendAbort|afterRequest)")
# Colours cross over in a millisecond; a busy machine may take longer to paint it. A window that is not painted at all never says so.
FADED = """() => Promise.race([
  new Promise((done) => setTimeout(done, 2000)),
  new Promise(requestAnimationFrame).then(() => Promise.all(
    document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => null)))),
])"""
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=PATIENCE * 1000)
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a theme may break by itself
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop in this thread; nothing of ours is async


@pytest.hookimpl(tryfirst=True)  # before pytest drops what -m leaves out
def pytest_collection_modifyitems(config, items):
    """The server answers from threads: in-memory SQLite would have them share one transaction, a file does not."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("browser")
    if not ours or (config.option.markexpr or "").startswith("not browser"):
        return
    for connection in connections.all():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(settings.DATA / "tests.sqlite3")
            command = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
            connection.settings_dict.setdefault("OPTIONS", {})["init_command"] = command


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, chromium):
    """The address of the studio, without a slash at its end."""
    return live_server.url


@pytest.fixture
def answered(site):
    """At the end, when the windows are closed, the server ends its answers: the tables are emptied next, and need all locks."""
    under_way, one_at_a_time = [0], threading.Lock()

    def count(by):
        def counted(**_):
            with one_at_a_time:
                under_way[0] += by

        return counted

    begun, over = count(1), count(-1)
    request_started.connect(begun)
    request_finished.connect(over)
    yield
    until = time.monotonic() + 5
    while under_way[0] > 0 and time.monotonic() < until:
        time.sleep(0.02)
    request_started.disconnect(begun)
    request_finished.disconnect(over)


@pytest.fixture
def window(chromium, site, answered):
    """`window(**context)` opens one; at the end of the test all are closed and their consoles read.

    What a test provokes it names before: `page.excused.append("404")`, a pattern; the console may come late with it.
    """
    contexts, said, excused = [], [], []

    def opened(**options):
        context = chromium.new_context(base_url=site, reduced_motion="reduce", color_scheme="dark", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda m: said.append(m.text) if m.type == "error" and not EXPECTED.search(m.text) else None)
        page.on("pageerror", lambda error: None if EXPECTED.search(str(error)) else said.append(str(error)))
        page.said, page.excused = said, excused
        return page

    yield opened
    for context in contexts:
        context.close()
    said = [words for words in said if not any(re.search(one, words) for one in excused)]
    assert not said, "On the console:\n" + "\n".join(said)


@pytest.fixture
def page(window):
    return window(viewport={"width": 1440, "height": 900})


@pytest.fixture
def phone(window):
    return window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def signed(site):
    """`signed(page, user)` gives the window that person's session."""

    def sign_in(page, user):
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": site}])
        return page

    return sign_in


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` fails with what axe-core found, element by element; `only=COLOURS` looks at what a theme changes."""
    from axe_playwright_python.base import AXE_SCRIPT

    def check(page, where="", only=None):
        page.wait_for_load_state()
        page.evaluate(FADED)
        if not page.evaluate("Boolean(window.axe)"):  # half a megabyte: once a page
            page.evaluate(AXE_SCRIPT)
        chosen = {"type": "rule", "values": only} if only else RULES
        options = {"runOnly": chosen, "resultTypes": ["violations"], "preload": False}
        found = page.evaluate("options => axe.run(options).then((results) => results.violations)", options)
        lines = [
            f"{rule['id']}: {rule['help']}\n    "
            + "\n    ".join(f"{n['target']} {n['html'][:160]}" for n in rule["nodes"])
            for rule in found
        ]
        assert not found, f"axe on {where or page.url}:\n" + "\n".join(lines)

    return check


@pytest.fixture(scope="session")
def no_sideways():
    """`no_sideways(page)` fails if the page is wider than its window, naming what sticks out."""

    def check(page, where=""):
        wide = page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return null;
              const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1);
              return [document.documentElement.scrollWidth, ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
            }"""
        )
        assert not wide, f"{where or page.url} scrolls sideways: {wide}"

    return check
