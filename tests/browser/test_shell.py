"""The frame of every page, as a person works it: dialogs, toasts, theme, keys, what goes wrong on the way."""

from __future__ import annotations

from django.urls import reverse

from studio import models
from tests import makers


def test_it_opens_a_dialog_and_gives_the_focus_back(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")
    assert page.evaluate("document.activeElement.name") == "title"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.id") == "new-project"


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
    assert page.input_value("#id_client") == "Harbour"
    assert page.evaluate("document.activeElement.id") == "id_title"
    page.fill("#id_title", "Salt road")
    page.click("text=Make the project")
    page.wait_for_url("**/projects/*/")
    assert models.Project.objects.filter(title="Salt road", client="Harbour").count() == 1


def test_it_takes_a_deletion_back(page, signed, team, ada):
    project = makers.project(team, "Night ferry")
    signed(page, ada).goto(reverse("project_settings", args=[project.code]))
    page.click("text=Delete the project")
    page.wait_for_url("**/projects/")
    assert "Night ferry deleted." in page.inner_text("#toasts")
    assert page.locator(".project-card").count() == 0
    page.click("#toasts >> text=Undo")
    page.wait_for_selector(".project-card >> text=Night ferry")


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
    assert page.input_value("[name=client]") == "Theirs"
    page.select_option("[name=aspect]", "1:1")
    page.wait_for_selector("#state-aspect >> text=Saved")
    project.refresh_from_db()
    assert (project.title, project.client, project.aspect) == ("Salt road", "Theirs", "1:1")


def test_it_lets_a_toast_go_after_ten_seconds(page, signed, ada):
    page.clock.install()
    signed(page, ada).goto("/me/")
    page.evaluate("window.studio.toast('Something happened elsewhere.')")
    page.clock.run_for(9000)
    assert page.locator(".toast").count() == 1
    page.clock.run_for(2000)
    assert page.locator(".toast").count() == 0


def test_it_says_that_the_line_is_down(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.context.set_offline(True)
    page.click("#new-project")
    page.wait_for_selector(".toast")
    assert "No connection." in page.inner_text("#toasts")
    page.context.set_offline(False)
    page.said.clear()  # the browser's own word for it
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")


def test_it_says_what_the_server_says(page, signed, team, ada, viktor):
    project = makers.project(team)
    signed(page, ada).goto("/projects/")
    models.Project.objects.filter(pk=project.pk).delete()
    page.evaluate(f"htmx.ajax('GET', '{reverse('project_settings', args=[project.code])}', '#projects')")
    page.wait_for_selector(".toast")
    assert "There is nothing here. It may have been deleted" in page.inner_text("#toasts")
    page.said.clear()


def test_it_changes_the_theme_at_once_and_keeps_it(page, signed, ada):
    signed(page, ada).goto("/me/")
    with page.expect_response("**/me/theme/"):
        page.click("[data-theme-form] button")
    assert page.get_attribute("html", "data-theme") == "light"
    page.reload()
    assert page.get_attribute("html", "data-theme") == "light"


def test_it_rests_keys_while_typing_and_when_switched_off(page, signed, ada):
    signed(page, ada).goto("/me/")
    page.focus("#id_name")
    page.keyboard.press("?")
    assert page.input_value("#id_name") == "?Ada Osei"
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
    page.click("#new-project")
    page.fill("#id_title", "Salt road")
    page.click("text=Make the project")
    assert models.Project.objects.filter(title="Salt road").exists()
    page.goto("/me/")
    page.click("[data-theme-form] button")
    assert page.get_attribute("html", "data-theme") == "light"


def test_it_makes_a_character_of_pictures_chosen_on_the_first_page(page, signed, team, mei, tmp_path):
    for name in ("front", "side"):
        (tmp_path / f"{name}.png").write_bytes(makers.picture(mark="#112233" if name == "side" else "#445566"))
    signed(page, mei).goto("/")
    page.set_input_files("input[type=file]", [tmp_path / "front.png", tmp_path / "side.png"])
    page.wait_for_url("**/subjects/*/")
    assert "2 pictures added." in page.inner_text("#toasts")


def test_it_goes_back_to_what_was_filtered(page, signed, team, ada):
    makers.project(team, "Beacon")
    makers.project(team, "Anchor", kind="lookbook")
    signed(page, ada).goto("/projects/")
    page.click("#kind-lookbook")
    page.wait_for_selector("text=Beacon", state="detached")
    assert "kind=lookbook" in page.url
    page.go_back()
    page.wait_for_selector("text=Beacon")
    page.go_forward()
    page.wait_for_selector("text=Beacon", state="detached")
