"""The library in a real browser: files dropped, pasted, refused, tried again; typing, order, undo."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from studio.library import actions
from studio.library.models import Marker, Reference, Subject
from tests import makers
from tests.browser.waiting import drag, says, soon, turned

PUT = """([selector, kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  const target = document.querySelector(selector);
  const more = kind === "paste" ? { clipboardData: carried } : { dataTransfer: carried };
  const Made = kind === "paste" ? ClipboardEvent : DragEvent;
  target.dispatchEvent(new Made(kind, { bubbles: true, cancelable: true, ...more }));
}"""


@pytest.fixture
def noor(team):
    return makers.subject(team, bible="A pilot.", markers=[("narrow face", "face", ""), ("wool cap", "item", "")])


@pytest.fixture
def open_noor(page, signed, mei, noor):
    signed(page, mei)

    def go(query=""):
        page.goto(f"/subjects/{noor.code}/{query}")
        return page

    return go


def upload(name, data):
    return {"name": name, "mimeType": "image/png", "buffer": data}


def order(noor):
    return [r.pk for r in Reference.objects.filter(reference_set=noor.default_set)]


@pytest.mark.journey
def test_each_file_has_its_own_tile_and_the_dial_follows(open_noor, noor):
    page = open_noor()
    good, other = makers.picture(1200, 1500), makers.picture(1200, 1500, mark="#aa2233")
    page.get_by_label("Add reference pictures").set_input_files(
        [
            upload("one.png", good),
            upload("two.png", other),
            upload("cut.png", good[:700]),
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"},
        ]
    )
    page.locator(".tiles > li").nth(1).wait_for()
    page.get_by_text("cut.png is cut off").wait_for()
    page.get_by_text("notes.txt: Another kind of file. PNG, JPEG or WebP up to 25 MB.").wait_for()
    expect(page.locator(".uploading")).to_have_count(2)
    assert Reference.objects.count() == 2
    page.locator(".tiles select.view").first.select_option("front")
    page.locator(".coverage .center", has_text="1/8").wait_for()
    expect(page.locator(".missing > li")).to_have_count(7)
    page.get_by_label("Add reference pictures").set_input_files([upload("again.png", good)])
    page.get_by_text("again.png is in this set already.").wait_for()
    page.locator(".uploading", has_text="again.png").get_by_role("button", name="Close").click()
    expect(page.locator(".uploading")).to_have_count(2)


def test_files_are_dropped_and_pasted(open_noor, noor):
    page = open_noor()
    for kind, colour in (("drop", "#102030"), ("paste", "#405060")):
        data = base64.b64encode(makers.picture(mark=colour)).decode()
        page.evaluate(PUT, [".split-main", kind, f"{kind}.png", "image/png", data])
        page.locator(".tiles > li").nth(0 if kind == "drop" else 1).wait_for()
    assert Reference.objects.filter(reference_set=noor.default_set).count() == 2


def test_a_lost_connection_keeps_the_file_to_be_tried_again(open_noor):
    page = open_noor()
    page.excused.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_label("Add reference pictures").set_input_files([upload("one.png", makers.picture())])
    page.get_by_text("No connection. The file is kept here.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.locator(".tiles > li").first.wait_for()
    expect(page.locator(".uploading")).to_have_count(0)


def test_add_on_a_missing_view_presets_the_next_upload(open_noor):
    page = open_noor()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="Add Left profile").click()
    chooser.value.set_files([upload("left.png", makers.picture())])
    page.locator(".tiles > li").first.wait_for()
    assert Reference.objects.get().view == "profile_left"
    expect(page.get_by_label("They show")).to_have_value("")


@pytest.mark.journey
def test_the_bible_saves_while_typing_and_a_conflict_keeps_both(open_noor, noor, pavel):
    page = open_noor()
    bible = page.get_by_role("textbox", name="Bible")
    bible.fill("A pilot of 34.")
    page.locator("#state-bible .saved", has_text="Saved").wait_for()
    draft = Subject.objects.get(pk=noor.pk).draft
    actions.save_bible(version=draft, by=pavel, revision=draft.revision, bible="Pavel wrote this.")
    bible.fill("Mei wrote that.")
    page.get_by_text("Pavel Novak changed this meanwhile.").wait_for()
    expect(page.locator("#state-bible .theirs")).to_have_text(re.compile(r"Pavel wrote this\.\s*$"))
    expect(bible).to_have_value("Mei wrote that.")
    page.get_by_role("button", name="Keep mine").click()
    page.locator("#state-bible .saved", has_text="Saved").wait_for()
    assert Subject.objects.get(pk=noor.pk).draft.bible == "Mei wrote that."


def test_markers_are_added_coloured_moved_and_brought_back(open_noor, noor):
    page = open_noor()
    page.get_by_label("New marker", exact=True).fill("black hair")
    page.keyboard.press("Enter")
    page.locator(".marker-row").nth(2).wait_for()
    expect(page.get_by_label("New marker", exact=True)).to_have_value("")
    row = page.locator(".marker-row").nth(2)
    row.locator("[data-colour]").fill("#1d1a1b")
    row.locator(".saved", has_text="Saved").wait_for()
    assert Marker.objects.get(phrase="black hair").colour == "#1d1a1b"
    row.locator(".phrase").press("Alt+ArrowUp")
    page.locator(".marker-row:nth-child(2) input[value='black hair']").wait_for()
    page.get_by_role("button", name="Remove: black hair").click()
    page.locator("#markers .undo").get_by_role("button", name="Undo").click()
    page.locator(".marker-row:nth-child(2) input[value='black hair']").wait_for()


@pytest.mark.journey
def test_pictures_are_ordered_by_keys_and_by_hand(team, open_noor, noor):
    for view in ("front", "back", "top"):
        makers.reference(noor.default_set, view)
    a, b, c = order(noor)
    page = open_noor("?order=sent")
    page.locator(".tiles .handle").first.focus()
    page.keyboard.press("Alt+ArrowRight")
    page.locator("#announce", has_text="Front moved to 2 of 3").wait_for()
    assert order(noor) == [b, a, c]
    says(page, "document.activeElement.id.startsWith('grip-')", True)
    tiles = page.locator(".tiles > li")
    moved = tiles.first.get_attribute("data-id")
    place = lambda: ((at := tiles.nth(2).bounding_box())["x"] + at["width"] - 10, at["y"] + 80)  # noqa: E731
    drag(page, tiles.first.locator(".handle"), place, lambda: tiles.nth(2).get_attribute("data-id") == moved)
    page.locator("#announce", has_text=re.compile("Back moved to 3 of 3")).wait_for()
    assert order(noor) == [a, c, b]


def test_undo_goes_after_ten_seconds_but_waits_while_it_is_looked_at(open_noor):
    page = open_noor()
    page.get_by_role("button", name="Remove: wool cap").click()
    line = page.locator("#markers .undo")
    line.wait_for()
    style = line.evaluate(
        "(one) => { const s = getComputedStyle(one); return [s.animationDelay, s.animationFillMode]; }"
    )
    assert style == ["10s", "forwards"]
    line.hover()
    soon(page, lambda: line.evaluate("(one) => getComputedStyle(one).animationPlayState"), "paused")


def test_without_scripts_files_go_in_by_the_form(window, signed, mei, noor):
    page = signed(window(java_script_enabled=False), mei)
    page.goto(f"/subjects/{noor.code}/")
    page.get_by_label("Add reference pictures").set_input_files([upload("one.png", makers.picture())])
    page.get_by_label("They show").select_option("front")
    with turned(page):
        page.get_by_role("button", name="Add them").click()
    page.locator(".tiles > li").first.wait_for()
    assert Reference.objects.get().view == "front"


def test_what_was_typed_a_moment_before_leaving_is_not_lost(open_noor, noor, pavel):
    page = open_noor()
    page.get_by_role("textbox", name="Bible").fill("Typed and gone.")
    page.evaluate("location.assign('/library/characters/')")
    page.wait_for_url("**/library/characters/")
    open_noor()
    page.locator("#state-bible .saved", has_text="Saved").wait_for()
    assert Subject.objects.get(pk=noor.pk).draft.bible == "Typed and gone."
    open_noor()
    expect(page.locator("#state-bible .saved")).to_have_text("")


def test_what_is_typed_without_a_connection_is_sent_when_it_is_back(open_noor, noor):
    page = open_noor()
    page.excused += ["ERR_INTERNET_DISCONNECTED", "htmx:"]
    page.context.set_offline(True)
    page.get_by_role("textbox", name="Bible").fill("Typed in a tunnel.")
    page.locator("#state-bible", has_text="No connection. What you type is kept here").wait_for()
    page.locator("#toasts", has_text="No connection.").wait_for()
    page.context.set_offline(False)
    page.locator("#state-bible .saved", has_text=re.compile("^Saved$")).wait_for()
    assert Subject.objects.get(pk=noor.pk).draft.bible == "Typed in a tunnel."


def test_keeping_theirs_forgets_mine(open_noor, noor, pavel):
    page = open_noor()
    draft = noor.draft
    actions.save_bible(version=draft, by=pavel, revision=draft.revision, bible="Pavel wrote this.")
    bible = page.get_by_role("textbox", name="Bible")
    bible.fill("Mei wrote that.")
    with turned(page):
        page.get_by_role("link", name="Keep theirs").click()
    for _ in range(2):
        expect(bible).to_have_value("Pavel wrote this.")
        expect(page.locator("#state-bible .callout")).to_have_count(0)
        open_noor()
