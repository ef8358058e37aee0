"""The storyboard as PDF: what stands on the pages, and that nothing is lost, fetched or re-encoded."""

from __future__ import annotations

import hashlib
import io
import subprocess
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.storage import storages
from PIL import Image

from studio.board.models import Panel, Take
from studio.exports import pages, pdf, sheet
from studio.exports.types import Failed, Options
from studio.prompting import frame
from tests import makers
from tests.exports.conftest import SCRIPTS, drawn, made, needs_pdf, needs_poppler, text_of

pytestmark = needs_pdf


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def jpegs(data: bytes) -> set[str]:
    """Hashes of the JPEG streams as they lie in the file."""
    with opened(data) as file:
        return {
            hashlib.sha256(item.read_raw_bytes()).hexdigest()
            for item in file.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Filter") == "/DCTDecode"
        }


_once = []


@pytest.fixture
def printed(board) -> bytes:
    """The board as it stands, as a PDF. Its words and pictures are the same in every test, so it is made once."""
    if not _once:
        _once.append(made(sheet.of(board, Options()), Options()))
    return _once[0]


def test_it_puts_six_panels_on_a_landscape_page(printed):
    with opened(printed) as file:
        assert len(file.pages) == 2
        assert [round(float(side)) for side in file.pages[0].mediabox] == [0, 0, 842, 595]
        assert str(file.docinfo["/Title"]) == "Last light"
        assert str(file.docinfo["/Author"]) == "Harbour Pictures"
        assert file.Root.MarkInfo.Marked


def test_it_prints_on_letter_and_in_other_grids(board):
    letter = Options(paper="letter", grid="4")
    with opened(made(sheet.of(board, letter), letter)) as file:
        assert [round(float(side)) for side in file.pages[0].mediabox] == [0, 0, 792, 612]
        assert len(file.pages) == 2
    single = Options(grid="1")
    with opened(made(sheet.of(board, single), single)) as file:
        assert len(file.pages) == 8


def test_it_starts_a_scene_on_a_new_page_if_asked(board):
    layout = pages.lay_out(sheet.of(board, Options()), Options(scene_pages=True), source=lambda p: p.key)
    assert [[cell.panel.label for cell in page.cells] for page in layout.pages] == [
        ["1A", "1B", "1C", "1D"],
        ["2A", "2B", "2C", "2D"],
    ]
    assert layout.pages[1].heading == "Scene 2. Ext. breakwater, dawn"


@needs_poppler
def test_it_keeps_every_script_selectable(printed):
    text = text_of(printed)
    folded = "".join(text.split())
    # pdftotext turns the letters of an Arabic ligature round, so right-to-left words are compared by their letters
    letters = {"".join(sorted(token.strip("\u202a\u202b\u202c"))) for token in text.split()}
    for script, words in SCRIPTS.items():
        for word in words.split():
            assert word in folded or "".join(sorted(word)) in letters, f"{script}: {word}"
    assert "1/2" in folded
    assert "2/2" in folded
    assert "Norrøna Wind · v1 ·" in text
    assert "Medium, eye level, 35 mm" in text
    assert "2.0 s" in text


@needs_poppler
def test_it_draws_a_missing_picture_as_a_labelled_frame_with_its_text(printed):
    text = text_of(printed)
    assert text.count("No picture yet") == 1
    assert "Nobody has drawn this one." in text


@needs_poppler
def test_it_shows_hostile_text_as_typed(board):
    Panel.objects.filter(label="1A").update(
        action='<script>alert(1)</script> <img src="file:///etc/passwd"> {{ 7 }} \x01\x07'
    )
    Panel.objects.filter(label="1B").update(dialogue="=HYPERLINK(1) \u202egnp.exe", label="\u202e1B")
    text = text_of(made(sheet.of(board, Options()), Options()))
    assert "<script>alert(1)</script>" in text
    assert '<img src="file:///etc/passwd">' in " ".join(text.split())
    assert "{{ 7 }}" in text
    assert "=HYPERLINK(1)" in text
    assert "root:" not in text


@needs_poppler
@pytest.mark.parametrize(
    "words",
    [
        "word " * 2000,
        "W" * 10_000,
        "彼女は灯台を見つめている。" * 800,
        "تنظر إلى المنارة " * 600,
        "\n" * 5000 + "end",
        "💡" * 900,
    ],
    ids=["latin", "unbroken", "cjk", "arabic", "lines", "emoji"],
)
def test_it_continues_long_text_and_loses_no_word(board, words):
    Panel.objects.filter(label="1A").update(action=words, dialogue="And then she says this.")
    read = sheet.of(board, Options())
    layout = pages.lay_out(read, Options(), source=lambda p: p.key)
    cell = layout.pages[0].cells[0]
    kept = "".join(p.text for p in cell.passages if p.kind == "action")
    kept += "".join(
        r.text for page in layout.pages for column in page.columns for r in column.rests if r.kind == "action"
    )
    assert "".join(kept.split()) == "".join(words.split())
    data = made(read, Options())
    with opened(data) as file:
        assert len(file.pages) == len(layout.pages)
    text = text_of(data)
    assert "And then she says this." in text
    if len(words) > 1000 and words.strip("\n") != "end":
        assert "continues" in text
    below = [box for box in boxes(data) if box > 595 * 0.965]
    assert not below, "words stand below the footer"


def boxes(data: bytes) -> list[float]:
    """The lower edge of each word, points from the top of its page."""
    out = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return [float(part.split('"')[0]) for part in out.split('yMax="')[1:]]


@needs_poppler
def test_it_keeps_words_out_of_the_next_row(board):
    """The estimate of what fits is generous: text of a first-row cell ends above the second row's pictures."""
    Panel.objects.update(action="", dialogue="")
    for row in (
        ("W m @ " * 200, "Жшщю " * 200, "MÆŒ—" * 200),
        ("ÀÉÎÕÜ " * 200, "0123456789 " * 100, "漢字" * 300),
    ):
        for label, words in zip(("1A", "1B", "1C"), row, strict=True):
            Panel.objects.filter(label=label).update(action=words, dialogue="x " * 300, notes="y " * 300)
        options = Options(fields=("shot", "action", "dialogue", "notes", "seconds"))
        layout = pages.lay_out(sheet.of(board, options), options, source=lambda p: p.key)
        second = layout.pages[0].cells[3].y * 72 / 25.4
        out = made(sheet.of(board, options), Options(fields=options.fields))
        page = subprocess.run(["pdftotext", "-bbox", "-l", "1", "-", "-"], input=out, capture_output=True, check=True)
        lows = [float(part.split('"')[0]) for part in page.stdout.decode().split('yMax="')[1:]]
        assert max((low for low in lows if low < second + 40), default=0) < second + 1, row[0][:12]


def test_it_embeds_the_stored_jpegs_byte_for_byte(board):
    data = made(sheet.of(board, Options()), Options())
    stored = set()
    for panel in sheet.of(board, Options()).pictures:
        with storages["default"].open(panel.picture.printed.path) as file:
            stored.add(hashlib.sha256(file.read()).hexdigest())
    assert len(stored) > 1
    assert stored <= jpegs(data)


def test_it_fetches_nothing_but_its_own_pictures(board):
    from weasyprint.urls import FatalURLFetchingError

    read = sheet.of(board, Options())
    picture = read.pictures[0].picture
    fetcher = pdf._fetcher({picture.key: ("1A", picture)})
    assert fetcher.fetch(f"picture:{picture.key}").read().startswith(b"\xff\xd8")
    for refused in (
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.test/x.css",
        "picture:other",
        "data:text/plain,x",
    ):
        with pytest.raises(ValueError, match="refused"):
            fetcher.fetch(refused)
    storages["default"].delete(picture.printed.path)
    with pytest.raises(FatalURLFetchingError, match="panel 1A"):
        fetcher.fetch(f"picture:{picture.key}")


def test_it_says_which_picture_is_gone_instead_of_an_empty_frame(board):
    read = sheet.of(board, Options())
    storages["default"].delete(read.pictures[2].picture.printed.path)
    with pytest.raises(Failed, match="panel 1C is missing"):
        made(read, Options())


def test_it_refuses_a_board_without_panels(team):
    empty = makers.project(team)
    with pytest.raises(Failed, match="no panel"):
        made(sheet.of(empty, Options()), Options())


def test_it_chooses_panels(board):
    scene = board.scenes.get(number="2")
    assert [p.label for p in sheet.of(board, Options(which=scene.code)).panels] == ["2A", "2B", "2C", "2D"]
    assert [p.label for p in sheet.of(board, Options(which="picture")).missing] == []
    assert len(sheet.of(board, Options()).panels) == 8


def test_it_reads_a_board_in_a_constant_number_of_queries(board, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        sheet.of(board, Options())
    scene = board.scenes.get(number="2")
    for _ in range(20):
        makers.take(makers.panel(scene), picked=True)
    with django_assert_max_num_queries(6):
        assert len(sheet.of(board, Options()).panels) == 28


@needs_poppler
def test_it_leaves_out_fields_that_were_not_asked_for(board):
    bare = Options(fields=("action",))
    text = text_of(made(sheet.of(board, bare), bare))
    assert "2.0 s" not in text.replace("16.0 s", "")
    assert "Hold it there" not in text
    assert "Medium" not in text
    assert "Noor braces" in text


def test_it_prints_sixty_panels_without_holding_them_all(board):
    """Ten pages of real pictures: memory stays in bounds."""
    import resource

    scene = board.scenes.get(number="2")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(52):
        drawn(makers.panel(scene, action="She waits for the light. " * 4, seconds=Decimal("1.5")))
    data = made(sheet.of(board, Options()), Options())
    with opened(data) as file:
        assert len(file.pages) == 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000, "kB more than before"


def test_it_lays_upright_pictures_beside_their_text(team):
    look = makers.project(team, "Looks", kind="lookbook", aspect="9:16")
    for _ in range(3):
        drawn(makers.panel(makers.scene(look, str(_ + 1)), action="She turns. " * 30))
    layout = pages.lay_out(sheet.of(look, Options()), Options(), source=lambda p: p.key)
    shape = layout.geometry
    assert shape.beside
    assert shape.picture_height <= shape.cell_height
    assert made(sheet.of(look, Options()), Options()).startswith(b"%PDF")


@needs_poppler
def test_it_prints_only_the_frame_of_a_picture_in_another_ratio(team):
    """Drawn 16:9 for a square project: what lies beside the frame is red, and must not be on the page."""
    red, crop = (230, 0, 0), frame.safe_crop("16:9", "1:1")
    drawing = Image.new("RGB", (1376, 768), red)
    drawing.paste((0, 90, 160), (round(crop[0] * 1376) - 4, 0, round(crop[2] * 1376) + 4, 768))
    file = io.BytesIO()
    drawing.save(file, "PNG")
    project = makers.project(team, aspect="1:1")
    panel = makers.panel(makers.scene(project))
    take = makers.take(panel, makers.image(team, data=file.getvalue()), picked=True)
    assert reds(made(sheet.of(project, Options()), Options()), red)
    Take.objects.filter(pk=take.pk).update(parameters={"crop": list(crop)})
    assert not reds(made(sheet.of(project, Options()), Options()), red)


def reds(data: bytes, colour: tuple[int, int, int]) -> int:
    """How many pixels of the first page have about that colour."""
    out = subprocess.run(["pdftoppm", "-r", "40", "-f", "1", "-l", "1", "-png", "-"], input=data, capture_output=True)
    pixels = Image.open(io.BytesIO(out.stdout)).convert("RGB").getdata()
    return sum(all(abs(a - b) < 25 for a, b in zip(pixel, colour, strict=True)) for pixel in pixels)
