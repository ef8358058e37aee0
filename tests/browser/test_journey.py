"""The main journey, for real: `manage.py run` on an empty folder, photographs in, a board drawn, a storyboard out."""

from __future__ import annotations

import re
import shutil
import subprocess

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.running import ROOT, started
from tests.browser.waiting import PATIENCE

PHOTOS = ROOT.parent / "shared" / "samples" / "photos"
pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(480),  # a studio is started first, which may take a minute by itself
    pytest.mark.journey,
    pytest.mark.skipif(not PHOTOS.is_dir(), reason="the sample photographs are not here"),
]
ELLEN = (
    "Ellen, a test pilot in her forties, pale skin with freckles, oval face, grey-blue eyes, broad smile with even teeth, "
    "short brown hair combed back, upright and calm. Natural light, fine film grain."
)
ABORTED = re.compile(r"^htmx:(sendAbort|afterRequest)")  # htmx logs a request that a newer one replaced
SCENES = [
    ("INT", "kitchen", "morning", ["Ellen drinks her coffee by the window.", "The cup on the table, still warm.", "She looks up."]),
    ("EXT", "launch pad", "dusk", ["Ellen walks away toward the tower.", "She turns and smiles."]),
]  # fmt: skip


@pytest.fixture
def studio(tmp_path, chromium):
    """Gives its sign-in link."""
    with started(tmp_path) as link:
        yield link


@pytest.fixture
def page(chromium):
    said = []
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    window = context.new_page()
    window.set_default_timeout(PATIENCE * 1000)
    window.on("console", lambda m: said.append(m.text) if m.type == "error" and not ABORTED.search(m.text) else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    yield window
    context.close()
    assert not said, "On the console:\n" + "\n".join(said)


def add_subject(page, kind, one, name, bible, photo, markers):
    """A subject with a photograph, its bible and markers, locked."""
    page.goto(f"/library/{kind}/")
    page.get_by_role("link", name=re.compile(f"Add {one}")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Bible").fill(bible)
    dialog.get_by_role("button", name=f"Add {one}").click()
    page.wait_for_url("**/subjects/**")
    page.get_by_label("They show").first.select_option("front")
    page.get_by_label("Add reference pictures").first.set_input_files(photo)
    page.locator(".reference-tile .picture img").first.wait_for()
    for phrase, category in markers:
        page.get_by_label("New marker", exact=True).fill(phrase)
        page.get_by_label("Category of the new marker").select_option(category)
        page.locator(".marker-form--new").get_by_role("button", name="Add").click()
        page.locator(f".marker-row input[value='{phrase}']").wait_for()
    page.get_by_role("link", name="Lock v1").click()
    page.get_by_role("dialog").get_by_role("button", name="Lock v1").click()
    page.get_by_text("Locked, v1", exact=True).wait_for()


def write_scene(page, number, int_ext, place, time_of_day):
    """The first scene is there from the start; the others are added."""
    page.get_by_role("link", name="Edit scene 1" if number == 1 else "Add scene").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Int, ext").select_option(int_ext)
    dialog.get_by_label("Time of day").select_option(time_of_day)
    dialog.get_by_label("Place").fill(place)
    dialog.get_by_role("button", name="Save" if number == 1 else "Add scene").click()
    page.locator(".scene").filter(has_text=place).wait_for()


def fill_panel(page, label, action, size, cast):
    """Write into the open inspector, as fast as a person would not, and wait until it is saved."""
    inspector = page.locator("#inspector")
    inspector.get_by_role("heading", name=f"Panel {label}").wait_for()
    inspector.get_by_label("Shot", exact=True).select_option(size)
    inspector.get_by_label("What happens").fill(action)
    inspector.get_by_label("What happens").blur()
    page.locator(".panel-card", has_text=action).wait_for()
    for name in cast:
        inspector.get_by_label("Who to add to the cast").select_option(label=name)
        inspector.locator("form", has=page.get_by_label("Who to add to the cast")).get_by_role(
            "button", name="Add"
        ).click()
        inspector.locator(".cast-member", has_text=name.split(",")[0]).wait_for()


def test_it_goes_from_photographs_to_a_storyboard(studio, page, tmp_path, axe):
    base = studio.split("/enter/")[0]
    visit = page.goto
    page.goto = lambda address, **more: visit(address if address.startswith("http") else base + address, **more)

    page.goto(studio)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Start with who has to stay the same").wait_for()

    faces = [("broad smile", "face"), ("short brown hair", "hair"), ("freckles", "mark")]
    add_subject(page, "characters", "character", "Ellen", ELLEN, PHOTOS / "astronaut.png", faces)
    cup = "A white porcelain cup of black coffee on its saucer, a thin brown line of crema along the rim."
    add_subject(
        page,
        "products",
        "product",
        "Cup",
        cup,
        PHOTOS / "coffee.png",
        [("white porcelain", "material"), ("saucer", "item"), ("crema rim", "material")],
    )

    page.goto("/projects/new/")
    page.get_by_label("Title").fill("Launch day")
    page.get_by_role("button", name="Make the project").click()
    page.wait_for_url(re.compile(r"/projects/[a-z0-9]{10}/"))
    board = page.url
    for number, (int_ext, place, time_of_day, actions) in enumerate(SCENES, 1):
        write_scene(page, number, int_ext, place, time_of_day)
        scene = page.locator(".scene").nth(number - 1)
        for at, action in enumerate(actions):
            before = scene.locator(".panel-card").count()
            scene.get_by_role("button", name=re.compile("Add (a )?panel")).first.click()
            scene.locator(".panel-card").nth(before).wait_for()
            label = f"{number}{chr(65 + at)}"
            scene.locator(".panel-card", has_text=label).locator("a.open").click()
            cast = (
                ["Cup, product"] if "cup" in action else ["Ellen", "Cup, product"] if "coffee" in action else ["Ellen"]
            )
            fill_panel(page, label, action, ["WS", "CU", "MS"][at], cast)
    axe(page, "the board while it is written")

    page.get_by_role("link", name="Draw missing").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("5 pictures").first.wait_for()
    expect(dialog).to_contain_text("the back will show")  # she walks away, and only her front was given
    dialog.get_by_role("button", name="Draw 5 pictures").click()
    page.wait_for_url("**batch=**")
    # A batch that is over before its page is there has no bar any more: the pictures tell.
    expect(page.locator(".panel-card .picture img")).to_have_count(5, timeout=120_000)

    page.locator(".panel-card").nth(2).locator("a.open").click()
    page.locator("#inspector").get_by_role("heading", name="Panel 1C").wait_for()
    page.get_by_role("button", name="New take").click()
    page.locator("#inspector .take-strip button").nth(1).wait_for(timeout=90_000)
    page.get_by_role("button", name="Pick take 2").click()
    page.locator("#inspector .take-strip button[aria-pressed=true]", has_text="2").wait_for()

    page.get_by_role("link", name="Compare").click()
    page.wait_for_url("**/compare/**")
    page.get_by_role("heading", name="Panel 1C").wait_for()
    expect(page.locator(".take")).to_have_count(2)
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_url("**view=side**")
    axe(page, "compare")

    page.goto(board)
    page.get_by_role("link", name="Export").click()
    page.get_by_role("button", name="Export PDF").click()
    page.get_by_role("link", name="Download").wait_for(timeout=120_000)
    with page.expect_download() as given:
        page.get_by_role("link", name="Download").click()
    paper = tmp_path / "board.pdf"
    given.value.save_as(paper)
    look_at(paper)


def look_at(paper):
    """The pages are there, and ink is on them: six frames on the first, pictures in five of them."""
    with pikepdf.open(paper) as pdf:
        assert len(pdf.pages) in {1, 2}
        pictures = sum(len(page.images) for page in pdf.pages)
        assert pictures >= 5
    if not shutil.which("pdftoppm"):
        return
    subprocess.run(["pdftoppm", "-r", "40", "-png", "-f", "1", "-l", "1", paper, paper.with_suffix("")], check=True)
    drawn = next(paper.parent.glob("board-*.png"))
    with Image.open(drawn, formats=["PNG"]) as sheet:
        colours = sheet.convert("RGB").resize((120, 84)).getcolors(120 * 84)
        assert sheet.width > sheet.height
        assert len(colours) > 400, "the page is nearly blank"
