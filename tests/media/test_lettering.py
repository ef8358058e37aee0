"""Names in any script: drawn where the machine has a font for them, and told apart from empty boxes."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, features

from studio.lib.packages import fonts_missing
from studio.media import lettering, watermark
from studio.media.lettering import Face

with_fonts = pytest.mark.skipif(fonts_missing(), reason="the Noto fonts are not installed")
needs_shaping = pytest.mark.skipif(not features.check("raqm"), reason="Pillow has no text shaping here")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with our own font alone."""
    _forget()
    monkeypatch.setattr(lettering, "FONT_FOLDERS", (str(tmp_path),))
    yield
    _forget()


def _forget():
    lettering._face.cache_clear()
    lettering._named.cache_clear()


def fonts_of(text):
    return [face.path.rpartition("/")[2] for face, _ in lettering._runs(text)]


@with_fonts
@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Юлия Ковальчук", "NotoSans-Regular.ttf"), ("山田 太郎", "NotoSansCJK-Regular.ttc"), ("김민준", "NotoSansCJK-Regular.ttc"),
        ("王小明", "NotoSansCJK-Regular.ttc"), ("Ελένη", "NotoSans-Regular.ttf"), ("Zoë Ñandú", "inter-latin-wght-normal.woff2"),
        pytest.param("محمد علي", "NotoSansArabic-Regular.ttf", marks=needs_shaping),
        pytest.param("שרה כהן", "NotoSansHebrew-Regular.ttf", marks=needs_shaping),
        pytest.param("नीरज चोपड़ा", "NotoSansDevanagari-Regular.ttf", marks=needs_shaping),
    ],
)  # fmt: skip
def test_it_draws_a_name_in_its_own_script(name, font):
    assert all(lettering.drawable(letter) for letter in name)
    assert fonts_of(name) == [font]
    mask = lettering.written(name, 36)
    assert mask.getbbox() == (0, 0, *mask.size)
    assert 24 <= mask.height <= 72
    assert mask.width > 60


@with_fonts
def test_it_draws_emoji_among_letters():
    assert fonts_of("Dana 🌊🎬") == ["inter-latin-wght-normal.woff2", "NotoColorEmoji.ttf"]
    plain, with_wave = lettering.written("Dana", 36), lettering.written("Dana 🌊", 36)
    assert with_wave.width > plain.width + 36
    assert with_wave.crop((plain.width + 5, 0, *with_wave.size)).getextrema()[1] > 90


@with_fonts
@needs_shaping
def test_it_keeps_the_order_of_the_script():
    """A name that begins in Arabic runs to the left: what follows stands on the left of it."""
    assert [run for _, run in lettering._runs("محمد Ali")] == ["Ali", "محمد "]
    assert [run for _, run in lettering._runs("Ali محمد")] == ["Ali ", "محمد"]


def test_it_takes_its_own_font_for_latin():
    assert lettering._face("a") == Face(str(lettering.OURS))


def test_it_says_what_it_cannot_draw(bare):
    assert lettering.drawable("é")
    for letter in ("太", "ع", "🌊", "\u202e", "\x00", "\x1b", "\U0010ffff", "\ue000"):
        assert not lettering.drawable(letter), letter


def test_it_draws_no_arabic_without_shaping(monkeypatch):
    """Letters that do not join, from the wrong side, are nobody's name."""
    _forget()
    monkeypatch.setattr(lettering.features, "check", lambda name: False)
    assert not lettering.drawable("ع")
    _forget()


@pytest.mark.parametrize("text", ["", " ", "\u200d", "é\u0301\u0301", "a" * 60, "\u0301"])
def test_it_survives_odd_names(text):
    assert lettering.written(text, 20).width >= 1


@with_fonts
@pytest.mark.parametrize("name", ["山田 太郎", "Юлия Ковальчук"])
def test_the_name_stands_across_the_picture(name):
    out = io.BytesIO()
    plain = Image.new("RGB", (640, 360), "#7788aa")
    plain.save(out, "PNG")
    marked, wide, high = watermark.draw(out.getvalue(), name)
    seen = Image.open(io.BytesIO(marked), formats=("JPEG",)).convert("RGB")
    assert (wide, high) == seen.size == plain.size
    away = ImageChops.difference(seen, plain).convert("L").point(lambda level: 255 * (level > 12))
    for box in ((0, 0, 320, 180), (320, 0, 640, 180), (0, 180, 320, 360), (320, 180, 640, 360)):
        assert away.crop(box).histogram()[255] > 0.005 * 320 * 180
