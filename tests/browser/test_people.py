"""Passkeys in a real browser, with a key that Chromium plays; the pages behind the proof, and the audit log."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio.models import AuditEntry
from tests import makers
from tests.browser.waiting import turned

pytestmark = pytest.mark.journey
PASSWORD = "correct horse battery"


@pytest.fixture
def key():
    """`key(page)` plugs a passkey reader into this window; its user is always there and always verified."""

    def plug(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

        def verified(yes):
            session.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": yes})

        return verified

    return plug


def sign_in(page, user):
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    with turned(page):
        page.get_by_role("button", name="Sign in", exact=True).click()


def inside(page):
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_it_signs_in_with_a_passkey(page, team, key, axe, no_sideways):
    ada = makers.member(team, "Ada Osei", "owner")
    verified = key(page)
    sign_in(page, ada)
    inside(page)
    page.goto("/me/security/")
    with turned(page):
        page.get_by_role("link", name="Add a passkey").click()
    axe(page)
    page.get_by_label("Name").fill("Studio laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    axe(page)
    code = page.locator("#codes").inner_text().split()[0]
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_label("Name of this passkey")).to_have_value("Studio laptop")
    axe(page)

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/team/")
    page.get_by_role("button", name="Use a passkey").click()
    inside(page)
    assert AuditEntry.objects.filter(verb="user.signed_in", data__how=["passkey"]).exists()

    page.context.clear_cookies()
    sign_in(page, ada)
    page.get_by_role("heading", name="Second step").wait_for()
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    inside(page)
    assert AuditEntry.objects.filter(verb="user.signed_in", data__how=["password", "passkey"]).exists()

    page.context.clear_cookies()
    sign_in(page, ada)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    inside(page)

    verified(False)  # somebody else's finger
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.locator("[data-passkey-said]").filter(has_text="No passkey was used.").wait_for()
    assert page.url.endswith("/sign-in/")


def test_it_changes_who_may_get_in(page, phone, team, axe, no_sideways):
    ada = makers.member(team, "Ada Osei", "owner")
    makers.member(team, "Mei Tan", "artist")
    sign_in(page, ada)
    inside(page)
    page.goto("/me/security/codes/")
    page.locator(".qr svg").wait_for()
    axe(page)
    page.emulate_media(color_scheme="light")
    axe(page)
    page.goto("/team/owner/")
    axe(page)
    with turned(page):
        page.get_by_role("button", name="Hand over").click()
    page.locator("#toasts").get_by_text("Mei Tan owns Harbour Pictures now.").wait_for()
    assert list(team.memberships.filter(role="owner").values_list("user__name", flat=True)) == ["Mei Tan"]

    mei = team.members.get(name="Mei Tan")
    sign_in(phone, mei)
    inside(phone)
    for address in ("/team/log/", "/me/security/", "/me/security/codes/", "/team/"):
        phone.goto(address)
        no_sideways(phone)
    phone.goto("/team/log/")
    phone.get_by_label("Kind").select_option("people")
    phone.get_by_text("Handed over the ownership").wait_for()
    phone.get_by_text("Signed in").first.wait_for(state="hidden")
