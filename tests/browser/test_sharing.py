"""A link with everything on it, in a browser that runs no scripts; and the sign-off that comes of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from studio.models import Decision, Round
from studio.review import actions
from tests import makers
from tests.browser.waiting import turned

pytestmark = pytest.mark.journey


@pytest.fixture
def round(team, pavel):
    project = makers.project(team, "Signal Hill", client="Norte Solar")
    scene = makers.scene(project)
    for action in ("Mira holds the mast.", "The lamp blinks on."):
        makers.take(makers.panel(scene, action=action), makers.image(team), picked=True)
    return actions.send_round(project=project, by=pavel)


def test_a_link_with_password_name_and_watermark_without_scripts(page, window, signed, axe, no_sideways, round, pavel):
    signed(page, pavel).goto(f"/rounds/{round.code}/")
    page.get_by_role("link", name="Add a link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The viewer's name across every picture").check()
    dialog.get_by_label("Password").fill("open sesame")
    axe(page, "a new link")
    dialog.get_by_role("button", name="Make the link").click()
    address = urlsplit(dialog.locator("input[readonly]").input_value()).path
    axe(page, "the link, once")
    dialog.get_by_role("link", name="Go to v1").click()
    expect(page.get_by_text("Not opened yet")).to_be_visible()

    guest = window(viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=False)
    guest.goto(address)
    no_sideways(guest, "the door")
    guest.get_by_label("Password").fill("open barley")
    with turned(guest):
        guest.get_by_role("button", name="Open the review").click()
    expect(guest.get_by_role("alert")).to_have_text("That is not the password. Capitals count.", use_inner_text=True)
    guest.get_by_label("Password").fill("open sesame")
    with turned(guest):
        guest.get_by_role("button", name="Open the review").click()
    no_sideways(guest, "the name")
    guest.get_by_label("Your name").fill("Dana Okafor")
    with turned(guest):
        guest.get_by_role("button", name="Go on").click()
    picture = guest.locator("#frame img").first
    assert picture.evaluate("async img => { await img.decode(); return img.naturalWidth; }") > 0
    with turned(guest):
        guest.get_by_role("button", name="Approve", exact=True).first.click()
    assert Decision.objects.get().name == "Dana Okafor"

    page.reload()
    page.get_by_role("button", name="Revoke the open link").click()
    page.get_by_text("Revoked. The link opens nothing any more.").first.wait_for()
    guest.excused.append("404")
    assert guest.reload().status == 404
    expect(guest.get_by_role("heading", name="This link does not open anything.")).to_be_visible()


def test_closing_signs_off(page, signed, axe, no_sideways, round, pavel, rosa):
    signed(page, pavel).goto(f"/rounds/{round.code}/")
    page.get_by_role("button", name="Approve the whole").click()
    page.get_by_text("2 of 2 approved").wait_for()
    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Close and sign off").click()
    page.get_by_text("approved as a whole").wait_for()
    expect(page.get_by_text(Round.objects.get().panels.first().sha256)).to_be_visible()
    axe(page, "sign-off")
    page.set_viewport_size({"width": 390, "height": 844})
    no_sideways(page, "sign-off")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".topbar")).to_be_hidden()
