"""Bytes of a picture → what the studio keeps of it, from one decode. Pillow only: runs in the limited child process.

Order, and why (measured at 24 MP): size caps from the header → orientation tag read first, because a colour transform
drops it → JPEG draft decode → resize → turn → colour profile on the small picture → encode. Nothing of the file's own
metadata is written out, and no byte after its end.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from studio.media import colour, measures

MAX_PIXELS = 40_000_000  # over all frames
MAX_SIDE = 16_000  # px
PROVIDER = "provider"
PROVIDER_SIDE = 2048
SIDES = (1280, 640, 320)  # px, longest side; each is made from the one before, as WebP
ENOUGH = (
    1600  # px, longest side: up to here the largest of them is the provider's JPEG itself, which saves half of the time
)
HALVED = 1.0  # shrinking by whole numbers takes the mean of whole pixels: a sixth of the filter's time
PROVIDER_QUALITY = 88
WEBP_QUALITY = 80
WEBP_METHOD = 0  # half the time of 2 for a tenth more bytes
BACKDROP = (208, 208, 208)  # behind transparent pictures: neutral, and both black and white things stand off it
MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
PLUGINS = (PngImagePlugin, JpegImagePlugin, WebPImagePlugin)  # imported here so that no other plugin ever is

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")
SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}


class Unfit(Exception):
    """The picture breaks a limit. `code` names it, `facts` are the numbers for the sentence."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Decoded(NamedTuple):
    """`width`, `height`: the upright original's. `files`: spec → (bytes, width, height)."""

    mime: str
    width: int
    height: int
    frames: int
    colour_mean: str
    measures: measures.Measures
    files: dict[str, tuple[bytes, int, int]]


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size within `side` px, never enlarged, at least 1 px."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def step(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of the rendition called `side`, in px, of a picture of the provider's size."""
    return (width, height) if side == SIDES[0] and max(width, height) <= ENOUGH else fit(width, height, side)


def decode(data: bytes) -> Decoded:
    """Raises `Unfit` for a picture over a limit, and whatever Pillow raises for one that it can't read."""
    kind = sniff(data)
    if kind == "WEBP":
        if int.from_bytes(data[4:8], "little") + 8 > len(data):
            raise Unfit("truncated")
        check(*webp_canvas(data), 1)
    picture = Image.open(io.BytesIO(data), formats=(kind,))
    mime = MIMES[picture.format or ""]
    # The second picture of an MPO is a phone's depth or brightness map, not a frame, and is never decoded.
    frames = 1 if mime == "image/jpeg" else getattr(picture, "n_frames", 1)
    width, height = picture.size
    check(width, height, frames)
    turn = orientation(picture)
    target = fit(width, height, PROVIDER_SIDE)
    picture.draft(None, target)
    icc = picture.info.get("icc_profile")
    base = plain(picture)
    if base.size != target:
        base = base.resize(target, Image.Resampling.LANCZOS)
    if turn in TURNS:
        base = base.transpose(TURNS[turn])
    base = flat(base, icc)
    if turn in (5, 6, 7, 8):
        width, height = height, width
    files, at_640, smallest = encode(base)
    return Decoded(mime, width, height, frames, colour.mean(smallest), measures.measure(at_640), files)


def sniff(data: bytes) -> str:
    """PNG, JPEG or WEBP by the first bytes. Raises `Unfit("type")`."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise Unfit("type")


def webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height from the header: libwebp reserves memory for them as soon as the file is opened."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise Unfit("unreadable")


def check(width: int, height: int, frames: int) -> None:
    """Before anything is decoded."""
    if width < 1 or height < 1:
        raise Unfit("unreadable")
    if max(width, height) > MAX_SIDE:
        raise Unfit("side", side=max(width, height))
    if width * height * max(1, frames) > MAX_PIXELS:
        raise Unfit("frames" if frames > 1 else "pixels", pixels=width * height, frames=frames)


def orientation(picture: Image.Image) -> int:
    """The EXIF tag; 1 where there is none or it can't be read: a broken tag spoils no picture."""
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:
        picture.load()  # raises for the reader if it was the picture itself that failed
        return 1


def plain(picture: Image.Image) -> Image.Image:
    """Loaded, in a mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    picture.load()
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.point(lambda level: level / 257).convert("L")
    if picture.has_transparency_data and picture.mode not in ("LA", "RGBA"):
        return picture.convert("RGBA")
    if picture.mode == "1":
        return picture.convert("L")
    return picture if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK") else picture.convert("RGB")


def flat(picture: Image.Image, icc: bytes | None) -> Image.Image:
    """sRGB on the neutral backdrop, with nothing of the file's metadata left on it."""
    alpha = None
    if picture.mode in ("LA", "RGBA"):
        alpha = picture.getchannel("A")
        picture = picture.convert("L" if picture.mode == "LA" else "RGB")
    result = to_srgb(picture, icc)
    if alpha is not None and alpha.histogram()[255] < alpha.width * alpha.height:
        backdrop = Image.new("RGB", result.size, BACKDROP)
        backdrop.paste(result, (0, 0), alpha)
        result = backdrop
    result.info = {}
    return result


def to_srgb(picture: Image.Image, icc: bytes | None) -> Image.Image:
    """L, RGB or CMYK → RGB by the profile, if it has one that fits and says something else than sRGB."""
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if profile.profile.xcolor_space == SPACES[picture.mode]:
                transform = ImageCms.buildTransform(profile, SRGB, picture.mode, "RGB")
                if not changes_nothing(transform, picture.mode):
                    return ImageCms.applyTransform(picture, transform) or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Tried on 125 colours: names of profiles are UTF-16, translated, and wrong; what they do is not."""
    if mode != "RGB":
        return False
    steps = (0, 64, 128, 192, 255)
    colours = [(red, green, blue) for red in steps for green in steps for blue in steps]
    probe = Image.frombytes("RGB", (len(colours), 1), bytes(level for colour in colours for level in colour))
    after = ImageCms.applyTransform(probe, transform)
    return after is not None and all(abs(a - b) <= 2 for a, b in zip(probe.tobytes(), after.tobytes(), strict=True))


def encode(base: Image.Image) -> tuple[dict[str, tuple[bytes, int, int]], Image.Image, Image.Image]:
    """The provider's JPEG and the renditions, which are WebP where they are smaller; with them the picture at 640 px and the smallest."""
    width, height = base.size
    steps = {}
    smaller = base
    # The two large files are written by a second thread, while this one makes the small ones.
    with ThreadPoolExecutor(1) as beside:
        written = {base.size: beside.submit(_bytes, base, "JPEG", quality=PROVIDER_QUALITY)}
        pending = {PROVIDER: (written[base.size], base.size)}
        for side in SIDES:
            size = step(width, height, side)
            if size != smaller.size:
                smaller = smaller.resize(size, Image.Resampling.HAMMING, reducing_gap=HALVED)
            if size not in written:
                run = beside.submit if side == SIDES[0] else _now
                written[size] = run(_bytes, smaller, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
            pending[str(side)] = (written[size], size)
            steps[side] = smaller
    files = {spec: (future.result(), *size) for spec, (future, size) in pending.items()}
    return files, steps[measures.SIDE], smaller


def _now(work: Callable[..., bytes], *given: Any, **how: Any) -> Future[bytes]:
    done: Future[bytes] = Future()
    done.set_result(work(*given, **how))
    return done


def _bytes(picture: Image.Image, kind: str, **how: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
