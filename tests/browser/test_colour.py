"""Boxes by pointer, keys and numbers; the colour measured in them; comparing closer and in one frame; cropping."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from studio.consistency import patches
from studio.media.region import Box
from studio.models import ColourPatch, Cut, Reference
from tests import makers
from tests.browser.waiting import settled, soon, turned

MARKS = [("narrow oval face", "face", ""), ("rust-orange cap", "item", "#b4542b")]
SPOT = Box(450, 450, 100, 100)


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS)
    makers.reference(noor.default_set, "front", makers.image(team, data=makers.picture(mark="#b85a30")))
    return noor


@pytest.fixture
def panel(team, noor):
    """Two takes of one panel, drawn from Noor's reference: a cap of the right colour, and a green one."""
    panel = makers.panel(makers.scene(makers.project(team)))
    makers.appearance(panel, noor)
    image = noor.default_set.references.get().image
    slot = {"n": 1, "image_key": image.key, "sha256": image.sha256, "name": "Noor", "view": "front", "why": "identity"}
    slot |= {"subject": f"character-{noor.code}", "reference": "", "role": "identity"}
    for mark in ("#b0502a", "#2f7a4a"):
        plan = {"slots": [slot], "out": [], "limit": 14}
        makers.take(
            panel, makers.image(team, data=makers.picture(mark=mark)), picked=True, versions={noor.code: 1}, plan=plan
        )
    return panel


@pytest.fixture
def cap(noor):
    return noor.versions.get().markers.last()


def boxed(page, side):
    """The four numbers of a box, in percent."""
    form = page.locator(f'form[data-box="{side}"]')
    return [float(form.locator(f'[name="{name}"]').input_value()) for name in ("left", "top", "width", "height")]


def drag(page, name, start, end):
    at = settled(page.locator(f'[data-boxed="{name}"]'))
    page.mouse.move(at["x"] + start[0] * at["width"], at["y"] + start[1] * at["height"])
    page.mouse.down()
    page.mouse.move(at["x"] + end[0] * at["width"], at["y"] + end[1] * at["height"], steps=4)
    page.mouse.up()


@pytest.mark.journey
def test_it_measures_what_is_boxed_by_drag_click_and_keys(page, signed, mei, panel, cap, axe):
    green = panel.takes.last()
    signed(page, mei).goto(f"/takes/{green.code}/markers/{cap.pk}/colour/")
    page.locator('[data-boxed="take"] .boxed-handle').wait_for()
    drag(page, "take", (0.45, 0.45), (0.55, 0.55))
    soon(page, lambda: boxed(page, "take"), pytest.approx([45, 45, 10, 10], abs=1.2))
    expect(page.locator('[data-boxed="take"] .boxed-handle')).to_be_focused()
    left, top, wide, high = boxed(page, "take")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    soon(page, lambda: boxed(page, "take"), pytest.approx([left + 1, top, wide, high + 1], abs=0.01))
    with turned(page):
        page.keyboard.press("Enter")
    page.get_by_text("Another hue").first.wait_for()
    assert ColourPatch.objects.get().take == green
    page.locator('[data-boxed="reference"] .boxed-handle').wait_for()
    at = settled(page.locator('[data-boxed="reference"]'))
    page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    soon(page, lambda: boxed(page, "reference")[2], 6)  # a box about the spot
    with turned(page):
        page.get_by_role("button", name="Measure the reference").click()
    page.get_by_text("than the reference").wait_for()
    assert ColourPatch.objects.filter(take=None).get().by == mei
    page.get_by_text("Numbers").click()
    axe(page, "a measured colour")
    page.goto(f"/projects/{panel.scene.project.code}/colours/")
    page.get_by_role("link", name="rust-orange cap in 1A: another hue, stands out").wait_for()


def test_it_is_measured_without_scripts_and_on_a_phone(window, signed, mei, panel, cap, no_sideways):
    page = signed(window(java_script_enabled=False, viewport={"width": 390, "height": 844}), mei)
    page.goto(f"/takes/{panel.takes.first().code}/markers/{cap.pk}/colour/")
    with turned(page):
        page.get_by_role("button", name="Measure the take").click()
    page.get_by_text("to the swatch").first.wait_for()
    page.locator('form[data-box="take"] [name="left"]').fill("2")
    page.locator('form[data-box="take"] [name="top"]').fill("2")
    with turned(page):
        page.get_by_role("button", name="Measure the take").click()
    page.get_by_text("than the swatch").first.wait_for()
    assert ColourPatch.objects.count() == 2
    no_sideways(page)


def test_it_compares_closer_and_lays_the_reference_over(page, signed, rosa, panel, axe):
    signed(page, rosa).goto(f"/panels/{panel.code}/compare/?view=side")
    page.wait_for_function("() => window.studio?.keys && document.querySelector('[data-over]:not([hidden])')")
    over = page.locator(".take-over").first
    expect(over).to_be_hidden()
    page.keyboard.down("Space")
    over.wait_for(state="visible")
    page.keyboard.up("Space")
    over.wait_for(state="hidden")
    page.get_by_role("button", name="Noor, front over the takes").click()
    over.wait_for(state="visible")
    page.get_by_role("button", name="Noor, front over the takes").click()
    page.keyboard.press("+")
    page.keyboard.press("Shift+ArrowLeft")
    seen = "[...document.querySelectorAll('[data-zoomed] > img')].map((one) => [getComputedStyle(one).transform.slice(0, 9), getComputedStyle(one).getPropertyValue('--x')].join(' '))"
    page.wait_for_function(f"() => {seen}.every((one) => one === 'matrix(2, 40%')")
    assert len(page.evaluate(seen)) == 2
    axe(page, "two takes, closer")
    page.locator(".foot-matrix").get_by_role("link", name="rust-orange cap in take 1: not judged").wait_for()


def test_it_lays_two_takes_in_one_frame(page, signed, rosa, panel, axe):
    signed(page, rosa).goto(f"/panels/{panel.code}/compare/?view=wipe&take=1")
    frame = page.locator("[data-layers][data-stacked]")
    frame.wait_for()
    page.get_by_label("How far").fill("20")
    expect(frame).to_have_attribute("style", re.compile("--wipe: ?20%"))
    at = settled(frame)
    page.mouse.click(at["x"] + at["width"] * 0.75, at["y"] + at["height"] / 2)
    expect(page.get_by_label("How far")).to_have_value("75")
    axe(page, "a wipe")
    with turned(page):
        page.get_by_role("link", name="Flicker").click()
    other = page.locator("[data-layers][data-turned]")
    page.get_by_role("button", name="Other picture").click()
    other.wait_for()
    page.get_by_role("button", name="Flicker").click()
    page.locator("[data-layers]:not([data-turned])").wait_for()
    other.wait_for()
    with turned(page):
        page.get_by_role("link", name="Overlay").click()
    frame.wait_for()
    page.get_by_label("How strong").fill("80")
    expect(frame).to_have_attribute("style", re.compile("--strength: ?0.8"))
    page.get_by_label("Over it").select_option(label="Take 2")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**over=2*")


def test_it_crops_a_reference_and_takes_it(page, signed, mei, noor, axe):
    front = noor.default_set.references.get()
    signed(page, mei).goto(f"/references/{front.code}/cut/")
    page.locator('[data-boxed="crop"] .boxed-handle').wait_for()
    drag(page, "crop", (0.25, 0.2), (0.75, 0.8))
    expect(page.locator('[data-boxed="crop"] .boxed-handle')).to_be_focused()
    page.keyboard.press("ArrowLeft")
    with turned(page):
        page.get_by_role("button", name="Crop", exact=True).click()
    page.get_by_role("button", name="Take it into the set").wait_for()
    axe(page, "a crop to decide about")
    page.get_by_label("What it shows").select_option("detail")
    page.get_by_label("Detail of what").fill("cap")
    page.get_by_role("button", name="Take it into the set").click()
    page.locator("#toasts", has_text="The new picture stands behind its original.").wait_for()
    made = Reference.objects.get(detail="cap")
    assert (made.image.width, made.image.height) == pytest.approx((320, 288), abs=8)
    page.goto(f"/references/{front.code}/cut/")
    with turned(page):
        page.get_by_role("button", name="Make it plain").click()
    page.get_by_role("button", name="Lay it aside").click()
    page.locator("#toasts", has_text="Laid aside.").wait_for()
    assert Cut.objects.filter(discarded__isnull=False).count() == 1


def test_it_proposes_where_to_look(page, signed, mei, team, panel, cap):
    from bench import panels

    reference, drawn = panels.reference(0, "#1f6f5b"), panels.panel(0, "#1f6f5b", "warm", 92)
    take = panel.takes.first()
    take.image = makers.image(team, data=drawn.data)
    take.save()
    image = makers.image(team, data=reference.data)
    patches.measure_reference(image=image, marker=cap, box=reference.patch, by=mei, revision=0)
    signed(page, mei).goto(f"/takes/{take.code}/markers/{cap.pk}/colour/")
    page.get_by_role("button", name="Propose where to look").click()
    page.get_by_text("The box on the take is a proposal").wait_for()
    page.wait_for_load_state()
    left, top, wide, high = (one * 10 for one in boxed(page, "take"))
    patch = drawn.patch
    assert patch.left <= left + wide / 2 <= patch.left + patch.width
    assert patch.top <= top + high / 2 <= patch.top + patch.height
    page.get_by_role("button", name="Measure the take").click()
    page.locator('[data-boxed="take"] [data-measured]').wait_for()
