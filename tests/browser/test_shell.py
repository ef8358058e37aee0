"""The frame of every page, as a person works it: dialogs, toasts, theme, keys, what goes wrong on the way."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from studio import models
from tests import makers
from tests.browser.waiting import says, turned


def test_it_opens_a_dialog_and_gives_the_focus_back(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")
    says(page, "document.activeElement.name", "title")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    says(page, "document.activeElement.id", "new-project")


def test_it_closes_beside_the_dialog_unless_something_was_typed(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")
    page.fill("#id_title", "Salt road")
    page.mouse.click(5, 5)
    assert page.locator("dialog:modal").count() == 1
    page.fill("#id_title", "")
    page.mouse.click(5, 5)
    page.wait_for_selector("dialog", state="detached")


def test_it_keeps_what_was_typed_when_the_server_says_no(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")
    page.fill("#id_title", "   ")
    page.fill("#id_client", "Harbour")
    page.evaluate("document.querySelector('#id_title').required = false")
    page.click("text=Make the project")
    page.wait_for_selector("dialog:modal [aria-invalid]")
    expect(page.locator("#id_client")).to_have_value("Harbour")
    says(page, "document.activeElement.id", "id_title")
    page.fill("#id_title", "Salt road")
    page.click("text=Make the project")
    page.wait_for_url("**/projects/*/")
    assert models.Project.objects.filter(title="Salt road", client="Harbour").count() == 1


def test_a_dialog_that_stands_as_a_page_takes_the_second_try(page, signed, team, ada):
    signed(page, ada).goto("/projects/new/")
    page.fill("#id_title", "   ")
    page.evaluate("document.querySelector('#id_title').required = false")
    page.click("text=Make the project")
    page.wait_for_selector("[aria-invalid]")
    assert page.locator("#project-form").count() == 1
    page.fill("#id_title", "Salt road")
    page.click("text=Make the project")
    page.wait_for_url("**/projects/*/")
    assert models.Project.objects.filter(title="Salt road").count() == 1


def test_a_menu_that_stands_as_a_page_does_what_it_says(page, signed, team, ada):
    panel = makers.panel(makers.scene(makers.project(team)))
    signed(page, ada).goto(reverse("panel_menu", args=[panel.code]))
    page.click("text=Delete")
    page.wait_for_url("**/projects/*/**")
    page.get_by_text("Undo").wait_for()
    assert page.locator(".panel-card").count() == 0


def test_a_scene_that_stands_as_a_page_is_saved_and_left(page, signed, team, ada):
    scene = makers.scene(makers.project(team))
    signed(page, ada).goto(reverse("scene_edit", args=[scene.code]))
    page.fill("[name=place]", "the pier")
    page.click("button:text-is('Save')")
    page.wait_for_url("**/projects/*/**")
    page.get_by_role("heading", name="pier").first.wait_for()


def test_it_takes_a_deletion_back(page, signed, team, ada):
    project = makers.project(team, "Night ferry")
    signed(page, ada).goto(reverse("project_settings", args=[project.code]))
    page.click("text=Delete the project")
    page.wait_for_url("**/projects/")
    expect(page.locator("#toasts")).to_contain_text("Night ferry deleted.")
    page.locator(".toast").hover()  # it stays while it is pointed at
    expect(page.locator(".project-card")).to_have_count(0)
    page.click("#toasts >> text=Undo")
    page.wait_for_selector(".project-card >> text=Night ferry")


@pytest.mark.journey
def test_it_saves_settings_as_they_are_typed(page, signed, team, ada, axe):
    project = makers.project(team, "Night ferry")
    signed(page, ada).goto(reverse("project_settings", args=[project.code]))
    page.fill("[name=title]", "Salt road")
    page.wait_for_selector("#state-title >> text=Saved")
    models.Project.objects.filter(pk=project.pk).update(client="Theirs", revision=9)
    page.fill("[name=client]", "Mine")
    page.keyboard.press("Tab")
    page.wait_for_selector("#state-client >> text=Theirs")
    axe(page, "settings, conflict")
    page.click("[data-keep=theirs]")
    expect(page.locator("[name=client]")).to_have_value("Theirs")
    page.select_option("[name=aspect]", "1:1")
    page.wait_for_selector("#state-aspect >> text=Saved")
    project.refresh_from_db()
    assert (project.title, project.client, project.aspect) == ("Salt road", "Theirs", "1:1")


def test_it_lets_a_toast_go_after_ten_seconds(page, signed, ada):
    page.clock.install(time=0)
    signed(page, ada).goto("/me/")
    page.clock.pause_at(3_600)  # from here on it is as late as it is told
    page.evaluate("window.studio.toast('Something happened elsewhere.')")
    page.clock.run_for(9000)
    assert page.locator(".toast").count() == 1
    page.clock.run_for(2000)
    assert page.locator(".toast").count() == 0


def test_it_says_that_the_line_is_down(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.excused += ["htmx:", "ERR_INTERNET_DISCONNECTED"]
    page.context.set_offline(True)
    page.click("#new-project")
    expect(page.locator("#toasts")).to_contain_text("No connection.")
    page.context.set_offline(False)
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")


def test_it_says_what_the_server_says(page, signed, team, ada, viktor):
    project = makers.project(team)
    signed(page, ada).goto("/projects/")
    models.Project.objects.filter(pk=project.pk).delete()
    page.excused += ["htmx:", "404"]
    page.evaluate(f"htmx.ajax('GET', '{reverse('project_settings', args=[project.code])}', '#projects')")
    expect(page.locator("#toasts")).to_contain_text("There is nothing here. It may have been deleted")


def test_it_changes_the_theme_at_once_and_keeps_it(page, signed, ada):
    signed(page, ada).goto("/me/")
    with page.expect_response("**/me/theme/"):
        page.click("[data-theme-form] button")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_it_rests_keys_while_typing_and_when_switched_off(page, signed, ada):
    signed(page, ada).goto("/me/")
    page.focus("#id_name")
    page.keyboard.press("?")
    expect(page.locator("#id_name")).to_have_value("?Ada Osei")
    assert page.locator("dialog").count() == 0
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("dialog:modal >> text=Keys rest while you type")
    with page.expect_response("**/me/keys/"):
        page.click("dialog .switch")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.locator("dialog").count() == 0
    page.reload()
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.locator("dialog").count() == 0


def test_it_works_without_scripts(window, signed, team, ada):
    makers.project(team)
    page = signed(window(java_script_enabled=False), ada)
    page.goto("/projects/")
    with turned(page):
        page.click("#new-project")
    page.fill("#id_title", "Salt road")
    with turned(page):
        page.click("text=Make the project")
    assert models.Project.objects.filter(title="Salt road").exists()
    page.goto("/me/")
    with turned(page):
        page.click("[data-theme-form] button")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_it_makes_a_character_of_pictures_chosen_on_the_first_page(page, signed, team, mei, tmp_path):
    for name in ("front", "side"):
        (tmp_path / f"{name}.png").write_bytes(makers.picture(mark="#112233" if name == "side" else "#445566"))
    signed(page, mei).goto("/")
    page.set_input_files("input[type=file]", [tmp_path / "front.png", tmp_path / "side.png"])
    page.wait_for_url("**/subjects/*/")
    expect(page.locator("#toasts")).to_contain_text("2 pictures added.")


def test_it_goes_back_to_what_was_filtered(page, signed, team, ada):
    makers.project(team, "Beacon")
    makers.project(team, "Anchor", kind="lookbook")
    signed(page, ada).goto("/projects/")
    page.click("#kind-lookbook")
    page.wait_for_selector("text=Beacon", state="detached")
    page.wait_for_url("**kind=lookbook**")
    page.go_back()
    page.wait_for_selector("text=Beacon")
    page.go_forward()
    page.wait_for_selector("text=Beacon", state="detached")
