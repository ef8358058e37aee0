"""The board as a person works it: keys, typing, moving, choosing, deleting, on a wide window and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio import models
from tests import makers
from tests.browser.waiting import drag, says, turned


@pytest.fixture
def project(team):
    """Two scenes of three panels, and an empty one."""
    project = makers.project(team, "Night ferry")
    for number in ("1", "2", "3"):
        scene = makers.scene(project, number, place=f"place {number}")
        for _ in range(3 if number != "3" else 0):
            makers.panel(scene)
    return project


@pytest.fixture
def board(page, signed, mei, project):
    signed(page, mei).goto(f"/projects/{project.code}/")
    page.wait_for_function("() => window.studio?.board")
    return page


def card(page, label):
    return page.locator(".panel-card", has=page.locator(f".shot b:text-is('{label}')"))


def choose(page, label):
    card(page, label).locator(".open").click(position={"x": 20, "y": 150})
    shown(page, label)


def shown(page, label):
    page.wait_for_function(
        "label => document.querySelector('#inspector-title')?.textContent === `Panel ${label}`", arg=label
    )


def state(page, field, words):
    page.wait_for_function(
        "([field, words]) => document.querySelector(`#state-${field}`)?.innerText.includes(words)", arg=[field, words]
    )


def labels(page, scene):
    return page.locator(".scene").nth(scene).locator(".shot b").all_inner_texts()


def order(page, scene, wanted):
    page.wait_for_function(
        """([scene, wanted]) => [...document.querySelectorAll(".scene")[scene].querySelectorAll(".shot b")]
             .map((label) => label.textContent).join() === wanted""",
        arg=[scene, ",".join(wanted)],
    )


def carry(page, label, to, there):
    """Drag a card by its handle over the right half of another one, until the labels of a scene are as they should be."""
    card(page, label).hover()
    box = lambda: card(page, to).bounding_box()  # noqa: E731
    place = lambda: ((at := box())["x"] + at["width"] * 0.8, at["y"] + 60)  # noqa: E731
    drag(page, card(page, label).locator(".handle"), place, there)


def test_it_goes_from_panel_to_panel_by_key(board):
    choose(board, "1A")
    assert "/panels/" in board.url
    board.keyboard.press("j")
    shown(board, "1B")
    board.keyboard.press("ArrowDown")
    shown(board, "2B")
    board.keyboard.press("k")
    shown(board, "2A")
    expect(board.locator('.panel-card > .open[tabindex="0"]')).to_have_count(1)
    expect(card(board, "2A").locator(".open")).to_have_attribute("aria-current", "true")


def test_it_saves_what_is_typed_and_keeps_the_focus(board):
    choose(board, "1A")
    board.keyboard.press("e")
    board.wait_for_function("() => document.activeElement.id === 'f-action'")
    board.keyboard.type(" Then she waits.")
    state(board, "action", "Saved")
    assert board.evaluate("document.activeElement.id") == "f-action"
    expect(card(board, "1A")).to_contain_text("Then she waits.")
    board.fill("#f-seconds", "900")
    board.keyboard.press("Tab")
    state(board, "seconds", "Seconds go from 0.1 to 600.")
    expect(board.locator("#f-seconds")).to_have_attribute("aria-invalid", "true")
    expect(board.locator("#f-seconds")).to_have_value("900")


def test_it_types_into_the_panel_that_was_chosen_and_not_the_one_before(board):
    choose(board, "1A")
    board.keyboard.press("j")
    board.keyboard.press("e")
    board.wait_for_function("() => document.activeElement.id === 'f-action'")
    board.keyboard.type(" For 1B.")
    state(board, "action", "Saved")
    assert "For 1B." in models.Panel.objects.get(label="1B").action
    assert "For 1B." not in models.Panel.objects.get(label="1A").action


def test_it_keeps_typing_that_was_not_sent_when_another_panel_is_chosen(board):
    choose(board, "1A")
    board.fill("#f-action", "Typed and left at once.")
    choose(board, "1B")
    board.wait_for_function(
        "() => document.querySelector('.panel-card .action').textContent === 'Typed and left at once.'"
    )
    assert models.Panel.objects.get(label="1A").action == "Typed and left at once."
    assert models.Panel.objects.get(label="1B").action != "Typed and left at once."


@pytest.mark.journey
def test_it_lets_the_second_of_two_choose(board):
    choose(board, "1A")
    panel = models.Panel.objects.get(label="1A")
    models.Panel.objects.filter(pk=panel.pk).update(action="Theirs.", revision=2)
    board.fill("#f-action", "Mine.")
    board.keyboard.press("Tab")
    state(board, "action", "Theirs.")
    assert board.input_value("#f-action") == "Mine."
    board.click("[data-keep=mine]")
    state(board, "action", "Saved")
    panel.refresh_from_db()
    assert panel.action == "Mine."


@pytest.mark.journey
def test_it_keeps_what_is_typed_without_a_connection(board):
    board.excused += ["^htmx:", "INTERNET_DISCONNECTED"]
    choose(board, "1A")
    board.context.set_offline(True)
    board.fill("#f-dialogue", "In the tunnel.")
    board.keyboard.press("Tab")
    state(board, "dialogue", "No connection. What you type is kept here and sent when it is back.")
    board.context.set_offline(False)
    state(board, "dialogue", "Saved")
    assert models.Panel.objects.get(label="1A").dialogue == "In the tunnel."


@pytest.mark.journey
def test_it_moves_by_key_and_by_drag(board):
    choose(board, "1A")
    board.keyboard.press("Alt+ArrowRight")
    order(board, 0, ["1B", "1A", "1C"])
    board.wait_for_function("() => document.querySelector('#announce').textContent.includes('1A moved to 2 of 3')")
    expect(card(board, "1A").locator(".open")).to_have_attribute("aria-current", "true")
    with board.expect_response("**/move/"):
        carry(board, "1B", "2B", lambda: "1B" in labels(board, 1))
    order(board, 0, ["1A", "1C"])
    board.reload()
    assert labels(board, 0) == ["1A", "1C"]
    assert sorted(labels(board, 1)) == ["1B", "2A", "2B", "2C"]


@pytest.mark.parametrize("width", [1280, 390])
def test_it_shows_the_scene_that_was_added(board, width):
    board.set_viewport_size({"width": width, "height": 600})
    for number in ("4", "5"):
        board.click(".add-scene" if width == 390 else "#outline > a")
        board.wait_for_selector("dialog:modal")
        board.fill("dialog input[name=place]", f"place {number}")
        board.click("dialog .button--primary")
        heading = board.locator(".scene h2", has_text=f"place {number}")
        heading.wait_for()
        board.wait_for_function("""() => {
            const box = [...document.querySelectorAll(".scene")].at(-1).getBoundingClientRect();
            return box.bottom > 0 && box.top < innerHeight - 60;
        }""")


@pytest.mark.journey
def test_it_saves_a_scene_while_its_dialog_is_open(board, axe):
    scene = models.Scene.objects.get(number="1")
    board.click("a[aria-label='Edit scene 1']")
    board.wait_for_selector("dialog:modal")
    board.fill("dialog [name=place]", "boat shed")
    state(board, "place", "Saved")
    expect(board.locator(".scene h2").first).to_contain_text("boat shed")
    expect(board.locator("#outline li").first).to_contain_text("boat shed", ignore_case=True)
    board.fill("dialog [name=number]", "2")
    board.keyboard.press("Tab")
    state(board, "number", "There is already a scene 2.")
    board.fill("dialog [name=number]", "1")
    models.Scene.objects.filter(pk=scene.pk).update(light="Theirs.", revision=9)
    board.fill("dialog [name=light]", "Mine.")
    board.click("dialog button:has-text('Save')")  # first say whose stays
    state(board, "light", "Theirs.")
    expect(board.locator("dialog [name=light]")).to_have_value("Mine.")
    axe(board, "scene's conflict")
    board.click("dialog [data-keep=mine]")
    state(board, "light", "Saved")
    board.locator("dialog summary").click()
    board.fill("dialog [name=own_time]", "Blue hour")
    board.click("dialog button:has-text('Save')")
    board.wait_for_selector("dialog", state="detached")
    scene.refresh_from_db()
    assert (scene.number, scene.place, scene.light, scene.time_of_day) == ("1", "boat shed", "Mine.", "Blue hour")


def test_it_moves_scenes_in_the_outline(board, project):
    numbers = (
        """wanted => [...document.querySelectorAll(".scene .number")].map((n) => n.textContent).join() === wanted"""
    )
    line = board.locator("#outline li").first
    line.locator("a").focus()
    board.keyboard.press("Alt+ArrowDown")
    board.wait_for_function(numbers, arg="2,1,3")
    board.wait_for_function("() => document.activeElement.closest('#outline li')?.innerText.startsWith('1')")
    last = board.locator("#outline li").nth(2)
    last.hover()
    lines = board.locator("#outline li")
    moved = last.get_attribute("id")
    place = lambda: ((at := lines.first.bounding_box())["x"] + 20, at["y"] + 4)  # noqa: E731
    with board.expect_response("**/move/"):
        drag(board, last.locator(".handle"), place, lambda: lines.first.get_attribute("id") == moved)
    board.wait_for_function(numbers, arg="3,2,1")
    assert list(project.scenes.values_list("number", flat=True)) == ["3", "2", "1"]


def test_it_puts_a_refused_panel_back(board, project):
    models.Panel.objects.filter(label="1B").update(deleted="2026-01-01T00:00:00Z")  # by somebody else, meanwhile
    board.excused += ["404", "^htmx:"]
    with board.expect_response("**/move/") as refused:
        carry(board, "1B", "2B", lambda: "1B" in labels(board, 1))
    assert refused.value.status == 404
    order(board, 0, ["1A", "1B", "1C"])


@pytest.mark.journey
def test_it_changes_several_at_once_and_keeps_them_chosen(board):
    choose(board, "1A")
    board.keyboard.press("x")
    card(board, "1C").locator(".open").click(modifiers=["Shift"], position={"x": 20, "y": 150})
    expect(board.locator("[data-chosen-count]")).to_have_text("3 panels")
    board.click("[data-bulk=edit]")
    board.wait_for_selector("dialog:modal")
    board.select_option("dialog select[name=lens]", "85 mm")
    board.click("dialog .button--primary")
    board.wait_for_selector("dialog", state="detached")
    expect(card(board, "1B")).to_contain_text("85 mm")
    expect(board.locator(".choose input:checked")).to_have_count(3)
    assert list(models.Panel.objects.filter(lens="85 mm").values_list("label", flat=True)) == ["1A", "1B", "1C"]


def test_it_chooses_by_key_and_clears(board):
    choose(board, "1A")
    board.keyboard.press("x")
    card(board, "1B").locator(".choose").click()
    bar = board.locator("#chosen-bar")
    expect(bar).to_contain_text("2 panels chosen")
    # Of no form: Chromium's autofill lays out every control of one, and with it every card.
    assert board.evaluate("document.querySelector('.choose input').form") is None
    bar.get_by_text("Clear").click()
    expect(board.locator(".choose :checked")).to_have_count(0)
    expect(bar).to_be_hidden()
    board.keyboard.press("x")
    bar.wait_for()
    board.keyboard.press("Escape")
    bar.wait_for(state="hidden")


@pytest.mark.journey
def test_it_deletes_from_the_menu_and_undoes(board):
    choose(board, "1B")
    card(board, "1B").locator("[data-dialog]").click()
    board.wait_for_selector("dialog:modal")
    board.click("dialog button:has-text('Delete')")
    order(board, 0, ["1A", "1C"])
    assert models.Panel.objects.get(label="1B").deleted
    board.locator(".toast").hover()  # it stays while it is pointed at
    shown(board, "1C")
    board.click("#toasts >> text=Undo")
    order(board, 0, ["1A", "1B", "1C"])
    assert not models.Panel.objects.get(label="1B").deleted


def test_it_looks_quickly_and_goes_on(board):
    choose(board, "1A")
    board.keyboard.press("Space")
    board.wait_for_selector("dialog:modal")
    board.keyboard.press("ArrowRight")
    board.wait_for_selector("dialog:modal #dialog-title:text-is('Panel 1B')")
    board.keyboard.press("Escape")
    board.wait_for_selector("dialog", state="detached")
    assert board.url.endswith(f"/panels/{models.Panel.objects.get(label='1A').code}/")  # looking chooses nothing


def test_it_finds_panels_by_their_words(board):
    models.Panel.objects.filter(label="2B").update(action="A gull on the mast.")
    board.reload()
    board.wait_for_function("() => window.studio?.board")
    board.keyboard.press("/")
    board.keyboard.type("gull")
    expect(board.locator(".panel-card:visible")).to_have_count(1)
    board.keyboard.press("Enter")
    shown(board, "2B")
    board.focus("[data-find]")
    board.keyboard.press("Escape")
    expect(board.locator(".panel-card:visible")).to_have_count(6)


def test_it_folds_a_scene_and_remembers(board):
    board.locator("[data-fold]").first.click()
    expect(card(board, "1A")).to_be_hidden()
    board.reload()
    expect(card(board, "1A")).to_be_hidden()
    expect(card(board, "2A")).to_be_visible()


def test_it_is_where_one_left_it_after_going_back(board):
    board.set_viewport_size({"width": 1440, "height": 500})
    says(board, "document.querySelector('#scenes').scrollTop = 120, document.querySelector('#scenes').scrollTop", 120)
    board.goto("/projects/")
    board.go_back()
    board.wait_for_function("() => document.querySelector('#scenes')?.scrollTop === 120")


def test_it_adds_the_first_panel_of_a_scene(board):
    board.click(".add-panel")
    shown(board, "3A")
    order(board, 2, ["3A"])


def test_it_rests_while_letters_are_off(page, signed, mei, project):
    models.User.objects.filter(pk=mei.pk).update(letter_keys=False)
    signed(page, mei).goto(f"/projects/{project.code}/")
    page.wait_for_function("() => window.studio?.board")
    choose(page, "1A")
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    shown(page, "1B")


def test_it_shows_a_panel_alone_on_a_phone(phone, signed, mei, project, axe, no_sideways):
    signed(phone, mei).goto(f"/projects/{project.code}/")
    no_sideways(phone)
    card(phone, "1B").locator(".open").tap(position={"x": 60, "y": 220})
    phone.wait_for_url("**/panels/*/")
    expect(phone.locator("#inspector-title")).to_have_text("Panel 1B")
    expect(phone.locator("#scenes")).to_be_hidden()
    no_sideways(phone)
    axe(phone)
    phone.fill("#f-action", "Typed on a phone.")
    phone.locator("#f-action").blur()
    state(phone, "action", "Saved")
    phone.click("a[aria-label='Back to the board']")
    phone.wait_for_url("**/projects/*/#panel-*")
    expect(card(phone, "1B")).to_contain_text("Typed on a phone.")


def test_it_deletes_on_a_phone_and_shows_the_board(phone, signed, mei, project):
    panel = models.Panel.objects.get(label="1B")
    signed(phone, mei).goto(f"/panels/{panel.code}/")
    phone.click("a[aria-label='More for this panel']")
    phone.wait_for_selector("dialog:modal")
    phone.click("dialog button:has-text('Delete')")
    phone.wait_for_selector("#scenes", state="visible")
    expect(card(phone, "1B")).to_have_count(0)
    phone.click("#toasts >> text=Undo")
    order(phone, 0, ["1A", "1B", "1C"])
    assert phone.url.endswith(f"/projects/{project.code}/")


def test_it_leaves_the_inspector_empty_after_the_last_panel(page, signed, mei, team):
    panel = makers.panel(makers.scene(makers.project(team, "One frame")))
    signed(page, mei).goto(f"/panels/{panel.code}/")
    page.click("a[aria-label='More for this panel']")
    page.wait_for_selector("dialog:modal")
    page.click("dialog button:has-text('Delete')")
    page.wait_for_selector(".add-panel")
    page.wait_for_selector("#panel-form", state="detached")
    panel.refresh_from_db()
    assert panel.deleted


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_has_nothing_for_axe_to_find(board, axe, no_sideways, theme):
    board.emulate_media(color_scheme=theme)
    choose(board, "1A")
    board.set_viewport_size({"width": 1440, "height": 1800})  # what sticks to the foot covers nothing then
    for part in board.locator("#inspector details").all():
        part.evaluate("part => { part.open = true; }")
    axe(board, f"board, {theme}")
    board.locator(".panel-card > .open[aria-current]").focus()
    for key, where in (("Space", "quick look"), ("x", "chosen")):
        board.keyboard.press(key)
        if key == "Space":
            board.wait_for_selector("dialog:modal")
        axe(board, f"{where}, {theme}")
        if key == "Space":
            board.keyboard.press("Escape")
            board.wait_for_selector("dialog", state="detached")
    board.click("[data-bulk=edit]")
    board.wait_for_selector("dialog:modal")
    axe(board, f"bulk, {theme}")
    no_sideways(board)


@pytest.mark.journey
def test_it_works_without_scripts(window, signed, mei, project):
    page = signed(window(viewport={"width": 1440, "height": 900}, java_script_enabled=False), mei)
    page.goto(f"/projects/{project.code}/")
    with turned(page):
        page.click(".add-panel")
    page.fill("#f-action", "Written without scripts.")
    page.fill("#f-seconds", "nine")
    with turned(page):
        page.click("#panel-form button:has-text('Save')")
    expect(page.locator("#state-seconds")).to_contain_text("Seconds are a number such as 2.5.")
    expect(page.locator("#f-seconds")).to_have_value("nine")
    page.fill("#f-seconds", "9")
    with turned(page):
        page.click("#panel-form button:has-text('Save')")
    panel = models.Panel.objects.get(label="3A")
    assert (panel.action, str(panel.seconds)) == ("Written without scripts.", "9.0")
    with turned(page):
        page.click("a[aria-label='More for this panel']")
    with turned(page):
        page.click("button:has-text('Earlier')")
    assert models.Panel.objects.get(label="3A").scene.number == "2"
    page.goto(f"/projects/{project.code}/")
    card(page, "1A").hover()
    card(page, "1A").locator(".choose input").check()
    with turned(page):
        page.click("#bulk button:has-text('Change')")
    page.select_option("select[name=angle]", "low")
    with turned(page):
        page.click("button:has-text('Change 1 panel')")
    assert models.Panel.objects.get(label="1A").angle == "low"
