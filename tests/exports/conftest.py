"""A board to print: two scenes, eight panels, one of them without a picture, words in many scripts."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest

from studio.exports import pdf
from tests import makers

SCRIPTS = {
    "latin": "Noor braces against the wind, naïve & œuvre",
    "cyrillic": "Она держит флягу и смотрит на маяк",
    "cjk": "彼女は灯台を見つめている",
    "arabic": "تنظر إلى المنارة وتنتظر الإشارة",
    "emoji": "The lamp flashes 💡 twice, 3 knots",
    "hebrew": "היא מחכה לאור",
}

needs_pdf = pytest.mark.skipif(bool(pdf.unavailable()), reason=f"no PDF here: {pdf.unavailable()}")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not on PATH")


@pytest.fixture
def board(team, ada):
    project = makers.project(team, "Last light", client="Norrøna Wind", created_by=ada)
    first = makers.scene(project, "1", int_ext="INT", place="boat shed", time_of_day="night")
    second = makers.scene(project, "2", int_ext="EXT", place="breakwater", time_of_day="dawn")
    for words in list(SCRIPTS.values())[:4]:
        drawn(makers.panel(first, action=words, dialogue="Noor: Hold it there."))
    for words in list(SCRIPTS.values())[4:]:
        drawn(makers.panel(second, action=words))
    makers.panel(second, action="Nobody has drawn this one.")
    drawn(makers.panel(second, action="<b>bold</b> & =SUM(A1) \u202eabc"))
    return project


def drawn(panel, **kwargs):
    """The panel with a picked take, whose picture is a stored file."""
    data = makers.picture(1376, 768, colour=f"#{panel.pk * 37 % 256:02x}8899", format="JPEG", quality=90)
    image = makers.image(panel.scene.project.team, data=data, name="drawn.jpg")
    type(image).objects.filter(pk=image.pk).update(source="drawn")
    makers.take(panel, image, picked=True, prompt="A prompt.", seed=7, **kwargs)
    return panel


def text_of(data: bytes) -> str:
    """What a reader can select, in reading order."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def made(sheet, options) -> bytes:
    out = io.BytesIO()
    pdf.write(sheet, options, out)
    return out.getvalue()
