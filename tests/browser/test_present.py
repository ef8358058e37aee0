"""Playing by keyboard and by touch, a room that follows, pages without scripts, and the settings that save themselves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.models import Showing
from studio.notices import wishes
from studio.review import actions as review
from tests import makers
from tests.browser.waiting import says, soon, turned


@pytest.fixture
def sent(team, pavel):
    """Three panels of half a second; the last has no dialogue."""
    scene = makers.scene(makers.project(team, "Night ferry"), place="harbour", time_of_day="night")
    for label, said in (("1A", "Not yet."), ("1B", "Now."), ("1C", "")):
        panel = makers.panel(scene, label, action=f"What happens in {label}.", dialogue=said, seconds="0.5")
        makers.take(panel, makers.image(team), picked=True)
    return review.send_round(project=scene.project, by=pavel)


@pytest.fixture
def played(page, signed, pavel, sent, team):
    """The board, with a fourth panel that has no picture yet."""
    scene = sent.project.scenes.get()
    makers.panel(scene, "1D", action="The lamp goes out.", seconds="60")
    signed(page, pavel).goto(f"/projects/{sent.project.code}/present/")
    page.wait_for_selector("[data-present][data-ready]")
    return page


def test_it_plays_by_keyboard_alone(played, axe, no_sideways):
    main, where = played.locator("[data-present]"), played.locator("[data-where]")
    expect(main).to_have_attribute("data-state", "paused")
    axe(played)
    played.keyboard.press("ArrowRight")
    expect(where).to_contain_text("1B · 00:00.5 / 01:01.5")
    expect(played.locator("[data-dialogue]")).to_have_text("Now.")
    played.keyboard.press("c")
    expect(played.locator("[data-caption]")).to_be_hidden()
    played.keyboard.press("c")
    played.keyboard.press("Space")  # through 1B and 1C, to the one without a picture
    expect(where).to_contain_text("1D")
    expect(main).to_have_attribute("data-state", "playing")
    expect(played.locator("[data-words]")).to_have_text("The lamp goes out.")
    played.keyboard.press("Space")
    expect(main).to_have_attribute("data-state", "paused")
    axe(played, "a panel without a picture")
    no_sideways(played)
    played.keyboard.press("Home")
    expect(where).to_contain_text("1A · 00:00.0")
    played.wait_for_url("**panel=**")
    played.reload()
    expect(where).to_contain_text("1A · 00:00.0")
    played.wait_for_selector("[data-present][data-ready]")
    played.keyboard.press("?")
    expect(played.locator("dialog")).to_contain_text("Full screen")
    played.keyboard.press("Escape")
    expect(played.locator("dialog")).to_have_count(0)
    played.keyboard.press("Escape")
    played.wait_for_url("**/projects/*/")


def test_it_ends_and_plays_again(page, signed, pavel, sent, axe):
    signed(page, pavel).goto(f"/rounds/{sent.code}/present/")
    page.wait_for_selector("[data-present][data-ready]")
    page.keyboard.press("f")
    expect(page.locator("[data-full]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    expect(page.locator("[data-full]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Space")
    expect(page.locator("[data-present]")).to_have_attribute("data-state", "ended")
    expect(page.get_by_role("button", name="Play again")).to_be_focused()
    axe(page, "the end")
    page.evaluate(  # a second and a half: a slow machine would not see it go by
        """() => {
          const main = document.querySelector("[data-present]");
          window.states = [];
          new MutationObserver(() => window.states.push(main.dataset.state)).observe(main, { attributeFilter: ["data-state"] });
        }"""
    )
    page.keyboard.press("Enter")
    says(page, "window.states.filter((state, n, all) => state !== all[n - 1]).join()", "playing,ended")


@pytest.mark.journey
def test_a_guest_follows_on_the_phone(page, phone, signed, pavel, sent, axe, no_sideways):
    _, token = review.make_link(round=sent, by=pavel, name="Dana", email="")
    codes = list(sent.panels.order_by("position").values_list("code", flat=True))
    signed(page, pavel).goto(f"/rounds/{sent.code}/present/?panel={codes[1]}")
    page.wait_for_selector("[data-present][data-ready]")
    with turned(page):
        page.get_by_role("button", name="Present to the room").click()
    expect(page.locator(".room")).to_contain_text("Presenting")
    page.wait_for_selector("[data-present][data-ready]")

    phone.goto(f"/r/{token}/")
    expect(phone.get_by_role("link", name="Follow Pavel Novak")).to_be_visible()
    axe(phone, "the review page while somebody presents")
    no_sideways(phone)
    with turned(phone):
        phone.get_by_role("link", name="Follow Pavel Novak").click()
    expect(phone.locator("[data-where]")).to_have_text("1B")
    phone.wait_for_selector("[data-present][data-ready]")
    axe(phone)
    no_sideways(phone)
    page.keyboard.press("ArrowRight")
    expect(phone.locator("[data-where]")).to_have_text("1C")
    expect(phone.locator("[data-action]")).to_have_text("What happens in 1C.")
    page.get_by_role("button", name="Stop presenting").click()
    expect(phone.locator(".room")).to_contain_text("Nobody presents now")
    soon(page, lambda: bool(Showing.objects.get().ended))

    phone.wait_for_selector("[data-present][data-ready]")
    where = phone.locator("[data-where]")
    expect(where).to_contain_text("1A")
    phone.evaluate(  # a swipe to the left
        """() => {
          const frame = document.querySelector("[data-frame]");
          const send = (name, x) => frame.dispatchEvent(new PointerEvent(name, { clientX: x, clientY: 300, isPrimary: true, bubbles: true }));
          send("pointerdown", 200);
          send("pointerup", 80);
        }"""
    )
    expect(where).to_contain_text("1B")
    low = phone.evaluate(
        """() => [...document.querySelectorAll("main button, main a.button")].filter((one) => one.checkVisibility())
          .map((one) => one.getBoundingClientRect()).filter((box) => box.height < 44 || box.width < 44).length"""
    )
    assert low == 0


def test_it_works_without_scripts(window, signed, pavel, sent):
    bare = signed(window(java_script_enabled=False), pavel)
    bare.goto(f"/rounds/{sent.code}/present/")
    expect(bare.get_by_text("Not yet.")).to_be_visible()
    with turned(bare):
        bare.get_by_role("link", name="Next panel").click()
    expect(bare.get_by_text("Now.")).to_be_visible()
    with turned(bare):
        bare.get_by_role("button", name="Present to the room").click()
    with turned(bare):
        bare.get_by_role("button", name="Next panel").click()
    expect(bare.locator("[data-action]")).to_have_text("What happens in 1C.")
    assert Showing.objects.get().on.label == "1C"
    bare.goto("/notices/")
    bare.get_by_label("A round is sent or closes, by mail").select_option("daily")
    bare.get_by_role("button", name="Save").click()
    expect(bare.get_by_text("Saved.")).to_be_visible()
    assert wishes.of(pavel)["round"].mail == "daily"


def test_it_keeps_how_one_wants_to_be_told_and_shows_older_things(page, signed, ada, team, axe):
    for n in range(110):
        makers.notice(team, ada, what=f"Night ferry v{n}", quote="Look.")
    signed(page, ada).goto("/notices/")
    with page.expect_response("**/notices/ways/"):
        page.get_by_label("Someone mentions me, by mail").select_option("off")
    soon(page, lambda: wishes.of(ada)["mention"].mail, "off")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".feed > li")).to_have_count(110)
    axe(page)
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_text("0 unread")).to_be_visible()
    page.get_by_role("link", name="Add").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("https://hooks.example.test/in")
    dialog.get_by_label("Somebody decides").check()
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_label("Secret")).to_have_value(re.compile("^whsec_"))
    dialog.get_by_role("link", name="Done").click()
    page.wait_for_url("**/team/webhooks/*/")
    axe(page)
