"""Files of every wrong sort through the real doors: each refused in a sentence that names it, the good ones kept."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.models import Image, Reference
from tests import makers
from tests.media.files import drawing, png, saved, webp_header_bomb

pytestmark = pytest.mark.django_db
LIMIT = 25 * 1024 * 1024


def page():
    return b"<!doctype html><html><script>alert('canary73')</script></html>"


def polyglot():
    """A good PNG with a page of script behind its end."""
    return makers.picture() + page()


BAD = {
    "empty.png": (b"", "empty.png is empty."),
    "cut.png": (makers.picture()[:700], "cut.png is cut off"),
    "cut.jpg": (makers.picture(format="JPEG")[:900], "cut.jpg"),
    "page.png": (page(), "page.png is a web page"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "an SVG drawing"),
    "paper.png": (b"%PDF-1.7\n1 0 obj", "is a PDF"),
    "moving.png": (saved(drawing(), "GIF"), "is a GIF"),
    "archive.png": (b"PK\x03\x04" + b"\0" * 60, "is a ZIP file"),
    "noise.png": (b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, "could not be read"),
    "bomb.png": (png(20_000, 100, depth=1, colour=0), "20,000 px on one side"),
    "wide.png": (png(9_000, 9_000, depth=1, colour=0), "81 megapixels"),
    "bomb.webp": (webp_header_bomb(), "megapixels"),
    "large.png": (makers.picture() + b"\0" * LIMIT, "larger than 25 MB"),
}


@pytest.fixture
def into(team):
    return makers.subject(team).default_set


def test_it_names_each_bad_file_and_keeps_the_good_ones(into, mei, signed_in):
    """All at once, in a form without scripts: as many sentences as bad files."""
    bad = [SimpleUploadedFile(name, data, "image/png") for name, (data, _) in BAD.items() if len(data) <= LIMIT]
    good = [SimpleUploadedFile(f"good-{n}.png", makers.picture(mark=f"#00{n}0ff"), "image/png") for n in range(2)]
    answer = signed_in(mei).post(f"/sets/{into.code}/upload/", {"file": [good[0], *bad, good[1]]})
    said = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    for name, (data, words) in BAD.items():
        assert len(data) > LIMIT or (name in said and words in said), name
    assert "alert('canary73')" not in said
    assert Reference.objects.count() == Image.objects.count() == 2


@pytest.mark.parametrize("name", BAD)
def test_it_refuses_each_alone_in_one_sentence(into, mei, signed_in, name):
    data, words = BAD[name]
    client = signed_in(mei, HX_Request="true")
    answer = client.post(f"/sets/{into.code}/upload/", {"file": SimpleUploadedFile(name, data, "image/png")})
    said = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (422, "text/plain")
    assert said.startswith(name)
    assert words in said
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said
    assert not Image.objects.exists()


NAMES = {
    "../../../etc/passwd.png": "passwd.png",
    "..\\..\\windows\\win.png": "win.png",
    "a\x00b\x1b[31m\r\nX: y.png": "abX y.png",
    "\u202egnp.exe.png": "gnp.exe.png",
    "n" * 300 + ".png": "n" * 195 + "….png",
    '"><script>alert(1)</script>.png': "script>.png",
    "....": "The picture",
    "صورة أمامية.png": "صورة أمامية.png",
    "CON.png": "CON.png",
}


@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_a_name_as_a_name_only(into, mei, pavel, outsider, signed_in, name):
    client = signed_in(mei, HX_Request="true")
    file = SimpleUploadedFile("x.png", makers.picture(), "image/png")
    file._name = name  # as a program sends it: Django's own setter would clean it
    answer = client.post(f"/sets/{into.code}/upload/", {"file": file})
    assert answer.status_code == 200, answer.content
    image = Image.objects.get()
    assert not set(image.original_name) & set("/\\\0\r\n\x1b\u202e")
    assert len(image.original_name) <= 200
    assert name[:6] not in image.original.replace(image.key, "") or name == "...."
    mine = client.get(f"/media/{image.key}/original/")
    assert (mine.status_code, mine["Content-Security-Policy"]) == (200, "sandbox; default-src 'none'")
    assert mine["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in mine["Content-Disposition"]
    b"".join(mine.streaming_content)
    assert signed_in(pavel).get(f"/media/{image.key}/original/").status_code == 403
    assert signed_in(outsider).get(f"/media/{image.key}/original/").status_code == 404
    assert "<script>alert(1)" not in signed_in(mei).get(f"/subjects/{into.subject.code}/").content.decode()


def test_it_serves_nothing_of_what_hid_behind_a_picture(into, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    file = SimpleUploadedFile("both.html", polyglot(), "text/html")
    assert client.post(f"/sets/{into.code}/upload/", {"file": file}).status_code == 200
    image = Image.objects.get()
    for spec in ("320", "640", "1280"):
        shown = client.get(f"/media/{image.key}/{spec}/")
        assert (shown.status_code, shown["X-Content-Type-Options"]) == (200, "nosniff")
        assert shown["Content-Type"] in ("image/jpeg", "image/webp")
        assert b"canary73" not in b"".join(shown.streaming_content)
    mine = client.get(f"/media/{image.key}/original/")
    assert mine["Content-Type"] == "image/png"
    b"".join(mine.streaming_content)
