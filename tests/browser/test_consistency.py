"""The matrix filled by keyboard alone, looked at closely, and judged without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.consistency import actions
from studio.models import Rejection, Verdict
from tests import makers
from tests.browser.waiting import says, soon, turned

MARKS = [
    ("narrow oval face", "face", ""),
    ("a mole under the left eye", "mark", ""),
    ("rust-orange cap", "item", "#b4542b"),
]


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS)
    makers.reference(noor.default_set, "front")
    makers.reference(noor.default_set, "back")
    return noor


@pytest.fixture
def marks(noor):
    return list(noor.versions.get().markers.all())


@pytest.fixture
def project(team, noor):
    """Three panels; in the second she is seen from behind, so that face and mole are hidden."""
    project = makers.project(team, "Night ferry")
    scene = makers.scene(project)
    for action in ("She looks at us.", "Seen from behind, she waits.", "She laughs."):
        panel = makers.panel(scene, action=action)
        makers.appearance(panel, noor)
        makers.take(panel, makers.image(team), picked=True, versions={noor.code: 1})
    return project


@pytest.fixture
def matrix(page, signed, mei, project):
    signed(page, mei).goto(f"/projects/{project.code}/consistency/")
    page.wait_for_selector('.matrix .marker[tabindex="0"]')
    return page


def at(page, wanted):
    """The marker and panel of the cell in focus, and what it says."""
    says(page, "document.activeElement.getAttribute('aria-label')", wanted)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def judged(page, open_):
    page.wait_for_function(
        "left => document.querySelector('#matrix-open').textContent === `${left} not judged` && !document.querySelector('.marker[aria-busy]')",
        arg=open_,
    )


def said():
    rows = Verdict.objects.filter(replaced=None).order_by("take__panel__position", "marker__position")
    return list(rows.values_list("take__panel__label", "marker__phrase", "result"))


@pytest.mark.journey
def test_it_is_filled_by_keyboard_alone(matrix, axe):
    press(matrix, "m")
    at(matrix, "narrow oval face in 1A: not judged")
    press(matrix, "s", "d", "x")  # 1A, marker by marker
    at(matrix, "rust-orange cap in 1B: not judged")  # what is hidden is passed by
    press(matrix, "s")
    at(matrix, "narrow oval face in 1C: not judged")
    press(matrix, "w", "h", "s")
    judged(matrix, 0)
    face, mole, cap = (phrase for phrase, _, _ in MARKS)
    assert said() == [
        ("1A", face, "same"), ("1A", mole, "drifted"), ("1A", cap, "missing"),
        ("1B", cap, "same"),
        ("1C", face, "wrong"), ("1C", mole, "hidden"), ("1C", cap, "same"),
    ]  # fmt: skip
    expect(matrix.locator("td.share")).to_have_text(["1 of 2 same", "0 of 1 same", "2 of 3 same"], use_inner_text=True)
    expect(matrix.locator(".column-total")).to_have_text(["1 of 3", "1 of 1", "1 of 2"], use_inner_text=True)
    axe(matrix, "a matrix that is full")


def test_it_is_mended_by_keyboard(matrix):
    press(matrix, "m", "s")
    judged(matrix, 6)
    press(matrix, "ArrowUp")
    at(matrix, "narrow oval face in 1A: same")
    press(matrix, "d")
    matrix.wait_for_function(
        "() => document.activeElement.dataset.result === 'drifted'"
    )  # it stays where it was judged
    press(matrix, "Backspace")
    judged(matrix, 7)
    at(matrix, "narrow oval face in 1A: not judged")
    press(matrix, "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft")
    at(matrix, "rust-orange cap in 1B: not judged")
    press(matrix, "n")
    at(matrix, "narrow oval face in 1C: not judged")
    assert [one.result for one in Verdict.objects.order_by("revision")] == ["same", "drifted", ""]


def test_it_shows_reference_and_take_of_the_cell_in_focus(matrix, noor):
    press(matrix, "m")
    look = matrix.locator("#look")
    look.locator("h2", has_text="narrow oval face").wait_for()
    front = noor.default_set.references.get(view="front").image.key
    expect(look.locator("figure img").first).to_have_attribute("src", re.compile(front))
    press(matrix, "+", "o")
    scale = "getComputedStyle(document.querySelectorAll('#look [data-frame] > img')[%d]).transform"
    matrix.wait_for_function(f"() => {scale % 0}.startsWith('matrix(2,') && {scale % 1}.startsWith('matrix(2,')")
    expect(look.locator(".judge-over")).to_be_visible()
    press(matrix, "Shift+ArrowLeft", "Shift+ArrowDown")
    points = "[...document.querySelectorAll('#look [data-frame]')].map((one) => [one.style.getPropertyValue('--x'), one.style.getPropertyValue('--y')].join(' '))"
    says(matrix, points, ["40% 60%", "40% 60%"])
    press(matrix, "s")
    look.locator("h2", has_text="mole").wait_for()
    says(matrix, points, ["40% 60%", "40% 60%"])
    expect(look.locator(".judge-over")).to_be_visible()  # zoom and overlay go on to the next
    expect(look.locator('[data-zoom][value="2"]')).to_be_checked()
    look.get_by_role("button", name="Missing").click()
    judged(matrix, 5)
    at(matrix, "rust-orange cap in 1A: not judged")
    look.locator("h2", has_text="cap").wait_for()
    look.get_by_role("link", name="Back", exact=True).click()
    back = noor.default_set.references.get(view="back").image.key
    matrix.wait_for_function(f"() => document.querySelector('#look figure img').src.includes('{back}')")
    press(matrix, "d")
    judged(matrix, 4)


@pytest.mark.journey
def test_it_says_who_was_faster_and_lets_one_say_it_again(matrix, project, marks, pavel):
    take = project.scenes.get().panels.first().picked
    actions.judge(take=take, marker=marks[0], result="missing", by=pavel, revision=0)
    press(matrix, "m", "s")
    matrix.get_by_role("alert").filter(has_text="Pavel Novak judged narrow oval face in 1A first: missing").wait_for()
    press(matrix, "ArrowUp")
    at(matrix, "narrow oval face in 1A: missing")
    press(matrix, "s")
    matrix.wait_for_function("() => document.activeElement.dataset.result === 'same'")
    expect(matrix.get_by_role("alert")).to_have_count(0)


def test_it_says_what_was_not_saved_without_a_connection(matrix):
    matrix.excused += ["ERR_INTERNET_DISCONNECTED", "htmx:"]
    press(matrix, "m")
    matrix.locator("#look h2", has_text="narrow oval face").wait_for()
    matrix.context.set_offline(True)
    press(matrix, "s")
    matrix.get_by_role("alert").filter(has_text="narrow oval face in 1A was not saved. Go back to it").wait_for()
    expect(matrix.locator("#toasts")).to_contain_text("was not done")
    matrix.context.set_offline(False)
    matrix.get_by_role("link", name="narrow oval face in 1A", exact=True).click()
    at(matrix, "narrow oval face in 1A: not judged")
    press(matrix, "s")
    judged(matrix, 6)
    assert [result for _, _, result in said()] == ["same"]


def test_it_finds_where_a_marker_failed_and_goes_on_from_there(matrix):
    press(matrix, "m", "s", "x")
    judged(matrix, 5)
    with turned(matrix):
        matrix.get_by_role("link", name="0 of 1 same").click()
    matrix.get_by_text("Only a mole under the left eye, drifted, wrong or missing: 1 panel.").wait_for()
    expect(matrix.locator("td > .marker")).to_have_count(1)
    expect(matrix.locator("#matrix-open")).to_have_text("5 not judged")  # of the whole board
    matrix.locator("td > .marker").focus()
    press(matrix, "Backspace")
    judged(matrix, 6)
    with turned(matrix):
        matrix.get_by_role("link", name="Show all").click()
    matrix.get_by_label("State").select_option("wrong")
    matrix.get_by_role("button", name="Show").click()
    matrix.get_by_text("No marker of this choice is wrong in any panel.").wait_for()


def test_it_only_shows_to_those_who_may_not_judge(page, signed, rosa, project):
    signed(page, rosa).goto(f"/projects/{project.code}/consistency/")
    page.wait_for_selector('.matrix .marker[tabindex="0"]')
    press(page, "m")
    page.locator("#look h2", has_text="narrow oval face").wait_for()
    press(page, "s", "Backspace", "ArrowDown")
    at(page, "a mole under the left eye in 1A: not judged")
    expect(page.locator("[data-verdict]")).to_have_count(0)
    assert not Verdict.objects.exists()


@pytest.mark.journey
def test_it_is_judged_while_comparing(page, signed, mei, project, marks):
    panel = project.scenes.get().panels.first()
    signed(page, mei).goto(f"/panels/{panel.code}/")
    page.wait_for_function("() => window.studio?.board")
    page.locator("#inspector", has_text="Markers: 3 not judged.").wait_for()
    press(page, "m")
    page.wait_for_url("**/compare/?take=1#marks")
    page.wait_for_function("() => window.studio?.keys")
    press(page, "m", "s", "d", "s")
    page.locator(".take-tag", has_text="1 drifted").wait_for()
    page.wait_for_function("() => document.querySelector('#marks .count').textContent === '2 of 3 same, 1 drifted'")
    press(page, "ArrowUp", "s")
    page.locator(".take-tag", has_text="All markers same").wait_for()
    assert [result for _, _, result in said()] == ["same", "same", "same"]


@pytest.mark.journey
def test_it_turns_a_take_down_with_a_reason(page, signed, mei, project):
    panel = project.scenes.get().panels.first()
    signed(page, mei).goto(f"/panels/{panel.code}/compare/")
    page.get_by_text("Turn this take down").click()
    page.get_by_label("Why").select_option(label="a mole under the left eye")
    page.get_by_role("button", name="Turn down").click()
    page.locator("#marks", has_text="Turned down: a mole under the left eye").wait_for()
    rejection = Rejection.objects.get()
    assert (rejection.reason, rejection.marker.phrase, rejection.by) == ("marker", "a mole under the left eye", mei)
    page.get_by_role("button", name="Take that back").click()
    page.locator("#marks .callout").wait_for(state="detached")
    rejection.refresh_from_db()
    assert rejection.withdrawn


def test_it_works_without_scripts(window, signed, mei, project):
    page = signed(window(java_script_enabled=False, viewport={"width": 1280, "height": 800}), mei)
    page.goto(f"/projects/{project.code}/consistency/")
    with turned(page):
        page.get_by_role("link", name="narrow oval face in 1A: not judged").click()
    for name in ("Same", "Drifted", "Wrong", "Missing", "Hidden", "Same", "Same"):
        with turned(page):
            page.get_by_role("button", name=name).click()
    assert "/consistency/" in page.url
    assert [result for _, _, result in said()] == ["same", "drifted", "wrong", "missing", "hidden", "same", "same"]
    page.get_by_label("State").select_option("failed")
    with turned(page):
        page.get_by_role("button", name="Show").click()
    expect(page.locator("thead .column-total")).to_have_count(2)


def test_it_keeps_heads_in_sight_and_the_page_still(page, signed, mei, team, no_sideways):
    noor = makers.subject(team, "Noor", locked=True, markers=[(f"mark number {n}", "face", "") for n in range(30)])
    scene, picture = makers.scene(makers.project(team)), makers.image(team)
    for _ in range(40):
        panel = makers.panel(scene)
        makers.appearance(panel, noor)
        makers.take(panel, picture, picked=True, versions={noor.code: 1})
    signed(page, mei).goto(f"/projects/{scene.project.code}/consistency/")
    page.wait_for_selector('.matrix .marker[tabindex="0"]')
    box = page.locator(".matrix-wrap")
    soon(page, lambda: box.evaluate("one => (one.scrollTo(600, 300), [one.scrollLeft, one.scrollTop])"), [600, 300])
    edge = box.bounding_box()
    head, name = (
        page.locator(".matrix thead th").nth(20).bounding_box(),
        page.locator(".matrix tbody th").nth(15).bounding_box(),
    )
    assert abs(head["y"] - edge["y"]) < 3
    assert abs(name["x"] - edge["x"]) < 3
    no_sideways(page)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    press(page, "m", *["ArrowDown"] * 25)
    at(page, "mark number 25 in 1A: not judged")
    seen = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
    assert head["y"] + head["height"] <= seen["y"] + 1
    assert seen["bottom"] <= edge["y"] + edge["height"] + 1


def test_a_tap_opens_the_cell_on_a_phone(phone, signed, mei, project, no_sideways, axe):
    signed(phone, mei).goto(f"/projects/{project.code}/consistency/")
    phone.wait_for_selector('.matrix .marker[tabindex="0"]')
    no_sideways(phone)
    phone.get_by_role("link", name="narrow oval face in 1A: not judged").tap()
    phone.wait_for_url("**/takes/*/markers/*/")
    no_sideways(phone)
    axe(phone, "a cell on a phone")
    sides = "[...document.querySelectorAll('.judge-side')].map((one) => one.getBoundingClientRect())"
    says(phone, f"(([one, two]) => one.bottom <= two.top)({sides})", True)
    phone.get_by_role("button", name="Missing").tap()
    phone.get_by_role("heading", name="a mole under the left eye").wait_for()
    assert [result for _, _, result in said()] == ["missing"]
