"""What comes out: upright, sRGB, stripped, the right sizes, whatever went in."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageOps, ImageStat, PngImagePlugin

from bench.intake import photograph
from studio.media import intake
from tests.media import files


def quarters(taken):
    """The colours of the four quarters of the provider's picture, rounded to 0 or 255 a channel."""
    picture = files.opened(taken.provider_jpeg)
    width, height = picture.size
    at = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    return [
        tuple(255 if level > 127 else 0 for level in picture.getpixel((int(width * x), int(height * y)))) for x, y in at
    ]


RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
UPRIGHT = [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("tag", range(1, 9))
def test_it_turns_pictures_upright(tag, format):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = tag
    how = {"quality": 95} if format != "PNG" else {}
    data = files.saved(files.drawing(), format, exif=exif, **how)
    expected = ImageOps.exif_transpose(files.opened(data)).convert("RGB")
    taken = intake.read(data, "a")
    assert (taken.width, taken.height) == expected.size == ((64, 96) if tag > 4 else (96, 64))
    for blob in (taken.provider_jpeg, taken.steps[320].data):
        difference = ImageChops.difference(files.opened(blob).convert("RGB"), expected)
        assert sum(difference.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))) < 12
        assert not files.opened(blob).getexif()


@pytest.mark.parametrize("tag", [0, 9, 65535])
def test_it_lets_a_broken_orientation_be(tag):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = tag
    assert quarters(intake.read(files.saved(files.drawing(), exif=exif), "a")) == UPRIGHT


@pytest.mark.parametrize("exif", [b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"\0" * 70])
def test_it_lets_broken_exif_be(exif):
    for format in ("JPEG", "PNG", "WEBP"):
        assert quarters(intake.read(files.saved(files.drawing(), format, exif=exif), "a")) == UPRIGHT


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1"])
def test_it_reads_every_mode_of_png(mode):
    taken = intake.read(files.saved(files.drawing(mode=mode)), "a")
    colours = quarters(taken)
    assert colours == UPRIGHT if mode in ("RGB", "RGBA", "P") else colours[3] == WHITE
    assert files.opened(taken.provider_jpeg).mode == "RGB"
    assert {files.opened(step.data).mode for step in taken.steps.values()} == {"RGB"}


def test_it_reads_cmyk():
    assert quarters(intake.read(files.saved(files.drawing(mode="CMYK"), "JPEG", quality=95), "a.jpg")) == UPRIGHT


def test_it_reads_sixteen_bits_without_clipping():
    ramp = Image.frombytes(
        "I;16", (256, 8), b"".join(level.to_bytes(2, "little") for level in range(0, 65536, 256)) * 8
    )
    picture = files.opened(intake.read(files.saved(ramp), "a").provider_jpeg).convert("L")
    for at in (16, 64, 128, 192, 250):
        assert abs(picture.getpixel((at, 4)) - at) <= 4
    rgb = files.png(64, 64, depth=16, rows=zlib.compress((b"\0" + b"\x40\x00\x80\x00\xc0\x00" * 64) * 64))
    assert intake.read(rgb, "a").colour_mean in ("#4080c0", "#4080bf", "#3f80c0", "#4080c1", "#4180c0")


def test_it_converts_wide_colours_to_srgb():
    """P3 (200, 100, 50) is redder in sRGB; the floor is the transform done on its own, at full size."""
    wide = files.profile(*files.P3)
    picture = Image.new("RGB", (64, 64), (200, 100, 50))
    expected = ImageCms.profileToProfile(picture, io.BytesIO(wide), ImageCms.createProfile("sRGB")).getpixel((0, 0))
    assert expected[0] - 200 > 8
    for format in ("PNG", "JPEG", "WEBP"):
        taken = intake.read(files.saved(picture, format, icc_profile=wide, quality=95), "a")
        for blob in (taken.provider_jpeg, taken.steps[640].data):
            got = files.opened(blob).convert("RGB").getpixel((32, 32))
            assert max(abs(a - b) for a, b in zip(got, expected, strict=True)) <= 4
            assert "icc_profile" not in files.opened(blob).info


def test_it_turns_and_converts_in_one_go():
    """A transform drops the orientation tag: the trap is to read it afterwards."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = files.saved(files.drawing(), "JPEG", exif=exif, icc_profile=files.profile(*files.P3), quality=95)
    assert quarters(intake.read(data, "a")) == [BLUE, RED, WHITE, GREEN]


@pytest.mark.parametrize("icc", [b"", b"junk", files.profile(*files.P3)[:200], b"\0" * 4000])
def test_it_ignores_a_broken_profile(icc):
    assert quarters(intake.read(files.saved(files.drawing(), "JPEG", icc_profile=icc, quality=95), "a")) == UPRIGHT


def test_it_ignores_a_profile_of_another_colour_space():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert quarters(intake.read(files.saved(files.drawing(), "JPEG", icc_profile=lab, quality=95), "a")) == UPRIGHT


def test_it_lays_transparent_pictures_on_neutral_grey():
    clear = files.drawing(mode="RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, 48, 32))
    for data in (files.saved(clear), files.saved(clear, "WEBP", lossless=True)):
        corner = files.opened(intake.read(data, "a").provider_jpeg).getpixel((20, 12))
        assert max(abs(level - 208) for level in corner) <= 3
    palette = files.drawing(mode="P")
    data = files.saved(palette, transparency=palette.getpixel((2, 2)))
    assert max(abs(level - 208) for level in files.opened(intake.read(data, "a").provider_jpeg).getpixel((20, 12))) <= 3


def test_it_strips_everything_that_is_not_picture():
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "CANARY artist"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (51.0, 30.0, 0.0), 29: "CANARY gps"})
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "CANARY text", zip=False)
    png = files.saved(files.drawing(), pnginfo=texts, exif=exif)
    jpeg = files.saved(files.drawing(), "JPEG", exif=exif, comment=b"CANARY comment", xmp=b"<x>CANARY</x>")
    webp = files.saved(files.drawing(), "WEBP", exif=exif, xmp=b"<x>CANARY</x>")
    for data in (png + b"<script>CANARY</script>", jpeg + b"PK\x03\x04CANARY", webp):
        assert b"CANARY" in data
        taken = intake.read(data, "a")
        for blob in (taken.provider_jpeg, *(step.data for step in taken.steps.values())):
            assert b"CANARY" not in blob
            assert not files.opened(blob).getexif()
        assert taken.provider_jpeg.endswith(b"\xff\xd9")
        for step in taken.steps.values():
            whole = (
                int.from_bytes(step.data[4:8], "little") + 8 == len(step.data)
                if step.data[:4] == b"RIFF"
                else step.data[-2:] == b"\xff\xd9"
            )
            assert whole


@pytest.mark.parametrize(
    ("size", "provider", "steps"),
    [
        ((3000, 2000), (2048, 1365), [(320, 213), (640, 427), (1280, 853)]),
        ((900, 1500), (900, 1500), [(192, 320), (384, 640), (900, 1500)]),
        ((1700, 1000), (1700, 1000), [(320, 188), (640, 376), (1280, 753)]),
        ((500, 400), (500, 400), [(320, 256), (500, 400), (500, 400)]),
        ((1, 1), (1, 1), [(1, 1)] * 3),
        ((4000, 3), (2048, 2), [(320, 1), (640, 1), (1280, 1)]),
    ],
)
def test_it_makes_the_sizes_and_enlarges_nothing(size, provider, steps):
    for format in ("PNG", "JPEG"):
        taken = intake.read(files.saved(files.drawing(*size), format), "a")
        assert (taken.width, taken.height) == size
        assert files.opened(taken.provider_jpeg).size == provider == (taken.provider.width, taken.provider.height)
        assert [files.opened(taken.steps[side].data).size for side in (320, 640, 1280)] == steps


def test_it_takes_the_first_frame_of_an_animation_and_counts_them():
    frames = [files.drawing(), *(Image.new("RGB", (96, 64), (n, n, n)) for n in (0, 90, 180))]
    for format in ("PNG", "WEBP"):
        data = files.saved(frames[0], format, save_all=True, append_images=frames[1:])
        taken = intake.read(data, "a")
        assert taken.frames == 4
        assert quarters(taken) == UPRIGHT


def test_it_takes_a_phone_picture_with_a_second_one_behind_it():
    """An MPO's second picture is a depth or brightness map: 24 megapixels twice is no animation of 48."""
    first, second = files.drawing(6000, 4000), Image.new("RGB", (6000, 4000), "#000000")
    taken = intake.read(files.saved(first, "MPO", save_all=True, append_images=[second]), "phone.jpg")
    assert (taken.mime, taken.frames, taken.width) == ("image/jpeg", 1, 6000)
    assert quarters(taken) == UPRIGHT


def test_it_keeps_the_detail_of_a_photograph():
    """Hardly further from a full decode and LANCZOS than JPEG takes it anyway, the draft decode notwithstanding."""
    data = photograph(4200, 2800)
    plain = ImageOps.exif_transpose(files.opened(data)).resize((1365, 2048), Image.Resampling.LANCZOS)

    def error(jpeg):
        return ImageStat.Stat(ImageChops.difference(files.opened(jpeg), plain)).rms

    floor, ours = error(files.saved(plain, "JPEG", quality=88)), error(intake.read(data, "a").provider_jpeg)
    assert all(o <= f * 1.25 for o, f in zip(ours, floor, strict=True))
