"""What is not taken, and the sentence that says so."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin

from studio.media import intake
from tests.media import files

WANTED = "PNG, JPEG or WebP up to 25 MB."


def refused(data, name="aria_back.png"):
    with pytest.raises(intake.Refused) as caught:
        intake.read(data, name)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (files.webp_header_bomb(), "pixels", "a.png has 88.5 megapixels. Up to 40."),
        (files.png(13300, 13300, depth=1, colour=0), "pixels", "a.png has 177 megapixels. Up to 40."),
        (files.png(9400, 9400, rows=zlib.compress(b"\0" * 500_000)), "pixels", "a.png has 88.4 megapixels. Up to 40."),
        (files.png(8000, 5001, rows=b""), "pixels", "a.png has 40 megapixels. Up to 40."),
        (files.webp_header_bomb(16383, 5400), "side", "a.png is 16,383 px on one side. Up to 16,000."),
        (files.png(16001, 10), "side", "a.png is 16,001 px on one side. Up to 16,000."),
        (files.png(10, 2**31 - 1, rows=b""), "side", "a.png is 2,147,483,647 px on one side. Up to 16,000."),
    ],
)  # fmt: skip
def test_it_counts_pixels_before_decoding(data, code, reason):
    found = refused(data, "a.png")
    assert (found.code, found.reason) == (code, reason)


def test_it_takes_what_is_just_within():
    assert intake.read(files.png(16000, 100), "a.png").width == 16000
    assert intake.read(files.png(8000, 5000, depth=1, colour=0), "a.png").height == 5000


def test_it_counts_the_pixels_of_all_frames():
    frames = [Image.new("RGB", (1600, 1000), (n * 9, 0, 255 - n * 9)) for n in range(26)]
    # Beside the frames it announces, a PNG of that kind has a picture for old readers.
    webp = files.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=40, method=0)
    for data in (webp, files.png(1600, 1000, extra=files.chunk(b"acTL", b"\0\0\0\x19\0\0\0\0"))):
        assert refused(data).reason == "aria_back.png has 26 frames of 1.6 megapixels. Up to 40 in all."
    within = files.png(1600, 1000, extra=files.chunk(b"acTL", b"\0\0\0\x18\0\0\0\0"))
    assert intake.read(within, "a").frames == 25


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "an AVIF picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isom", "a video"),
        (files.saved(files.drawing(), "GIF"), "a GIF"),
        (files.saved(files.drawing(), "TIFF"), "a TIFF or camera raw picture"),
        (files.saved(files.drawing(), "BMP"), "a BMP picture"),
        (b"8BPS\0\x01" + b"\0" * 40, "a Photoshop file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "an SVG drawing"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made by hand -->\n<svg/>", "an SVG drawing"),
        (b"  <SVG onload=x>", "an SVG drawing"),
        (b"<!doctype html><script>x</script>", "a web page"),
        (b"\n<html><body>", "a web page"),
        (b"PK\x03\x04\x14\0\0\0", "a ZIP file"),
    ],
)
@pytest.mark.parametrize("name", ["x.jpg", "x.png.html", "x"])
def test_it_names_the_type_whatever_the_file_is_called(data, kind, name):
    found = refused(data, name)
    assert (found.code, found.reason) == ("type", f"{name} is {kind} and could not be read. {WANTED}")


@pytest.mark.parametrize(
    "data", [b"x", b"\x89PNG", b"\xff\xd8", b"RIFF\0\0\0\0WAVE", bytes(range(256)) * 40, b"\0" * 9999]
)
def test_it_refuses_what_is_no_picture(data):
    assert refused(data).reason == f"aria_back.png could not be read. {WANTED}"


def test_it_refuses_an_empty_file_and_one_too_large():
    assert refused(b"").reason == f"aria_back.png is empty. {WANTED}"
    large = files.saved(files.drawing()) + b"\0" * intake.MAX_BYTES
    assert refused(large).reason == f"aria_back.png is larger than 25 MB. {WANTED}"
    stream = io.BytesIO(large)
    assert refused(stream).code == "bytes"
    assert stream.tell() <= intake.MAX_BYTES + 1  # nothing beyond the limit is read


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_it_says_that_a_file_is_cut_off(format, share):
    noise = Image.effect_noise((200, 200), 60).convert("RGB")
    data = files.saved(noise, format)
    found = refused(data[: int(len(data) * share)])
    assert found.reason == "aria_back.png is cut off: the file ends too early. Save or copy it again."


def test_it_refuses_text_bombs_in_a_picture():
    bomb = zlib.compress(b"\0" * 200_000_000, 9)
    for extra in (
        files.chunk(b"zTXt", b"Comment\0\0" + bomb),
        files.chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb),
        files.chunk(b"iCCP", b"Profile\0\0" + bomb),
    ):
        assert refused(files.png(8, 8, extra=extra), "a.png").reason == f"a.png could not be read. {WANTED}"


def test_it_reads_polyglots_as_pictures_and_keeps_the_picture_only():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("x.html", "<script>CANARY</script>")
    texts = PngImagePlugin.PngInfo()
    texts.add_text("x", "<script>CANARY</script>")
    for data in (
        files.saved(files.drawing()) + archive.getvalue(),
        files.saved(files.drawing(), "JPEG") + archive.getvalue(),
        files.saved(files.drawing(), pnginfo=texts),
    ):
        taken = intake.read(data, "x.html")
        kept = taken.provider_jpeg + b"".join(step.data for step in taken.steps.values())
        assert b"PK\x03\x04" not in kept
        assert b"CANARY" not in kept


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("front.png", "front.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\mei\\front.png", "front.png"),
        ("a\x00b\r\nc\x1b[31m.png", "ab c[31m.png"),
        ("gpj.\u202egnp.exe", "gpj.gnp.exe"),
        ("..", "The picture"),
        ("", "The picture"),
        ("\ud800.png", "png"),
        ("отражение 鏡 مرآة.jpg", "отражение 鏡 مرآة.jpg"),
        ("x" * 500 + ".jpeg", "x" * 194 + "….jpeg"),
    ],
)
def test_it_shows_names_without_folders_and_control_characters(given, shown):
    assert intake.display_name(given) == shown
    assert len(shown) <= 200
