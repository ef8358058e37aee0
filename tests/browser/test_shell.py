"""The frame of every page: dialogs, toasts, theme, keys."""

from tests import makers


def test_it_opens_a_dialog_and_gives_the_focus_back(page, signed, team, ada):
    makers.project(team)
    signed(page, ada).goto("/projects/")
    page.click("#new-project")
    page.wait_for_selector("dialog:modal")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.id") == "new-project"
