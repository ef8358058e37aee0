"""A subject cut from its reference picture."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFile, ImageFilter

from studio.providers.base import ProviderError, SentReference
from studio.providers.sketch.pen import Pixels

FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 1100, 144


@dataclass
class Cutout:
    """The subject alone, cropped to itself. `image` is RGBA.

    `whole` is False where the picture's lower edge cuts the subject; `head` is the height of the head in pixels;
    `clean` says that the background was plain, so the outline is the subject's own.
    """

    image: Image.Image
    whole: bool
    head: float
    clean: bool
    face: tuple[float, float, float, float] | None = None  # centre and size in the picture, where one was found
    tones: dict[str, str] = field(default_factory=dict)


def opened(reference: SentReference, side: int = LARGE) -> Image.Image:
    """The picture as RGB, at most `side` pixels long. Raises ProviderError kind "invalid" where it is none."""
    try:
        image: Image.Image = Image.open(io.BytesIO(reference.data), formats=FORMATS)
        if image.width < 2 or image.height < 2 or image.width * image.height > 60_000_000:
            raise ValueError("size")
        if isinstance(image, ImageFile.ImageFile):
            image.draft("RGB", (side, side))
        if image.mode in {"RGBA", "LA", "P", "PA"}:
            image = image.convert("RGBA")
            plain = Image.new("RGBA", image.size, (200, 200, 200, 255))
            plain.alpha_composite(image)
            image = plain
        image = image.convert("RGB")
        image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        whose = f" of {reference.subject}" if reference.subject else ""
        raise ProviderError(
            f"A reference picture{whose} can't be read. It may be cut off or not a picture.",
            kind="invalid", remedy="Replace it in the reference set, then draw again.", permanent=True, charged=False,
            details=f"{reference.role} {reference.view} {reference.sha256[:12]}: {type(error).__name__}",
        ) from error  # fmt: skip
    return image


@lru_cache(maxsize=12)
def cut(reference: SentReference, person: bool = True) -> Cutout:
    """The subject of a reference: cut out of a plain background, or lifted softly out of a busy one."""
    image = opened(reference)
    alpha, clean = _plain(image, 0.0 if reference.view == "top" else 0.72)
    face = _face(image) if person else None
    if alpha is None:
        alpha, clean = _busy(image, face), False
    box = Image.fromarray((alpha > 0.4).astype(np.uint8) * 255).getbbox() or (0, 0, image.width, image.height)
    cut_off = (clean and box[3] >= image.height - 3) or not clean
    rgba = image.convert("RGBA")
    rgba.putalpha(Image.fromarray((alpha * 255).astype(np.uint8)))
    rgba = rgba.crop(box)
    head = _head(np.asarray(rgba.getchannel("A"), np.float32) / 255, not cut_off)
    if face is not None and not clean:
        head = min(rgba.height * 0.8, face[3] * 1.2)
    placed = None if face is None else (face[0] - box[0], face[1] - box[1], face[2], face[3])
    return Cutout(rgba, not cut_off, head, clean, placed, _tones(rgba, head, placed))


def _small(image: Image.Image) -> Pixels:
    share = SMALL / max(image.size)
    size = (max(8, round(image.width * share)), max(8, round(image.height * share)))
    return np.asarray(image.resize(size, Image.Resampling.BOX), np.float32) / 255


def _basis(height: int, width: int) -> Pixels:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y, y * y * y], -1)


def _plain(image: Image.Image, foot: float) -> tuple[Pixels | None, bool]:
    """Coverage where the background is even or a gentle gradient; None where it is not. Shadows lie below `foot`."""
    small = _small(image)
    height, width = small.shape[:2]
    rim = np.zeros((height, width), bool)
    rim[:3], rim[:, :3], rim[:, -3:] = True, True, True
    basis = _basis(height, width)
    take = rim.copy()
    fit = None
    for _ in range(3):  # fit, leave out what does not belong, fit again
        fit, *_ = np.linalg.lstsq(basis[take], small[take], rcond=None)
        off = np.abs(small - basis @ fit).max(-1)
        take = rim & (off < max(0.03, float(np.median(off[rim])) * 3))
        if take.sum() < rim.sum() * 0.55:
            return None, False
    ground = basis @ fit
    off = np.abs(small - ground).max(-1)
    if float(np.percentile(off[rim], 80)) > 0.075:
        return None, False
    near_ground = min(0.09, max(0.035, float(np.percentile(off[take], 97)) * 2.2))
    if float((off[-2:] > 0.16).mean()) > 0.15:  # cut by the lower edge: nobody stands on a floor here
        foot = 1.1
    low = np.linspace(0, 1, height, dtype=np.float32)[:, None] >= foot
    open_ = (off < near_ground) | (low & _shaded(small, ground))
    reached = _flood(open_)
    share = 1 - reached.mean()
    if not 0.03 < share < 0.9:
        return None, False
    solid = Image.fromarray((~reached).astype(np.uint8) * 255)
    solid = solid.filter(ImageFilter.MedianFilter(3))
    grown = (
        np.asarray(solid.filter(ImageFilter.MaxFilter(3)).resize(image.size, Image.Resampling.BILINEAR), np.float32)
        / 255
    )
    core = (
        np.asarray(solid.filter(ImageFilter.MinFilter(3)).resize(image.size, Image.Resampling.BILINEAR), np.float32)
        / 255
    )
    full = np.asarray(image, np.float32) / 255
    ground = np.asarray(_grown(ground, image.size))
    near = np.abs(full - ground).max(-1)
    fine = np.clip((near - near_ground * 0.6) / near_ground, 0, 1)
    row = int(image.height * foot)
    fine[row:][_shaded(full[row:], ground[row:])] = 0
    alpha = np.clip(np.maximum(core * 1.6 - 0.5, fine * np.clip(grown * 2 - 0.35, 0, 1)), 0, 1)
    soft = Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))
    return np.clip((np.asarray(soft, np.float32) / 255 - 0.18) / 0.72, 0, 1), True


def _grown(field_: Pixels, size: tuple[int, int]) -> Pixels:
    """A smooth colour field enlarged to a picture's size."""
    planes = [np.asarray(Image.fromarray(field_[..., k]).resize(size, Image.Resampling.BILINEAR)) for k in range(3)]
    return np.stack(planes, -1)


def _shaded(pixels: Pixels, ground: Pixels) -> np.ndarray:
    """Where the background is only darker, not of another colour: a shadow lies on it."""
    ratio = pixels / np.maximum(ground, 0.05)
    return (np.ptp(ratio, axis=-1) < 0.085) & (ratio.mean(-1) > 0.42) & (ratio.mean(-1) < 1.08)


def _flood(open_: np.ndarray) -> np.ndarray:
    """What can be reached through open cells from the top and the upper sides."""
    height, width = open_.shape
    reached = np.zeros_like(open_)
    reached[0], reached[:, 0], reached[:, -1] = open_[0], open_[:, 0], open_[:, -1]
    for _ in range(10):
        before = int(reached.sum())
        for y in range(1, height):
            reached[y] |= reached[y - 1] & open_[y]
        for y in range(height - 2, -1, -1):
            reached[y] |= reached[y + 1] & open_[y]
        for x in range(1, width):
            reached[:, x] |= reached[:, x - 1] & open_[:, x]
        for x in range(width - 2, -1, -1):
            reached[:, x] |= reached[:, x + 1] & open_[:, x]
        if int(reached.sum()) == before:
            break
    return reached


def _skin(small: Pixels) -> np.ndarray:
    r, g, b = small[..., 0], small[..., 1], small[..., 2]
    return (r > 0.3) & (r > g) & (g > b * 0.92) & (r - b > 0.08) & (r - b < 0.5) & (r - g < 0.32)


def _face(image: Image.Image) -> tuple[float, float, float, float] | None:
    """Centre and size of the most face-like patch of skin in the upper part, in pixels."""
    small = _small(image)
    height, width = small.shape[:2]
    mask = _skin(small)
    upper = np.zeros_like(mask)
    upper[: int(height * 0.62)] = mask[: int(height * 0.62)]
    soft: Pixels = np.asarray(
        Image.fromarray(upper.astype(np.uint8) * 255).filter(ImageFilter.BoxBlur(max(2, width // 14))), np.float32
    )
    pull = 1 - 0.5 * np.abs(np.linspace(-1, 1, width))[None, :]
    soft = soft * pull
    if soft.max() < 110:
        return None
    y, x = np.unravel_index(int(soft.argmax()), soft.shape)
    reach = max(4, width // 7)
    around = upper[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
    size = float(np.sqrt(around.sum() / 0.75))
    if not width * 0.07 < size < width * 0.6:
        return None
    k = image.width / width
    return float(x * k), float(y * k), size * 0.86 * k, size * 1.12 * k


def _busy(image: Image.Image, face: tuple[float, float, float, float] | None) -> Pixels:
    """A soft coverage from where subjects stand in pictures, sharpened by how their colours differ from the rest."""
    small = _small(image)
    height, width = small.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if face is not None:
        k = width / image.width
        fx, fy, fw, fh = (v * k for v in face)
        head = ((x - fx) / (fw * 0.95)) ** 2 + ((y - fy) / (fh * 0.98)) ** 2
        torso = ((x - fx) / (fw * 2.1)) ** 2 + ((y - fy - fh * 2.5) / (fh * 1.9)) ** 2
        prior = np.exp(-(np.minimum(head, torso) ** 2) * 0.7)
        prior[y > fy + fh * 2.6] = np.maximum(prior, np.exp(-(((x - fx) / (fw * 1.9)) ** 4)))[y > fy + fh * 2.6]
    else:
        prior = np.exp(-(((x - width / 2) / (width * 0.42)) ** 4 + ((y - height * 0.52) / (height * 0.44)) ** 4))
    bins = (small * 7.99).astype(np.int32)
    code = bins[..., 0] * 64 + bins[..., 1] * 8 + bins[..., 2]
    belief = prior
    for _ in range(3):
        inside = np.bincount(code.ravel(), belief.ravel(), 512) + 0.5
        outside = np.bincount(code.ravel(), (1 - belief).ravel(), 512) + 0.5
        ratio = (inside / inside.sum()) / (inside / inside.sum() + outside / outside.sum())
        belief = prior**0.8 * (0.35 + 0.65 * ratio[code])
        belief = (
            np.asarray(Image.fromarray((belief * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(1.5)), np.float32)
            / 255
        )
    alpha = np.clip((belief - 0.30) / 0.22, 0, 1)
    edge = np.minimum(np.minimum(x, width - 1 - x) / (width * 0.05), y / (height * 0.04))
    if face is None:
        edge = np.minimum(edge, (height - 1 - y) / (height * 0.06))
    alpha *= np.clip(edge, 0, 1)
    soft = Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    return np.asarray(soft.resize(image.size, Image.Resampling.BICUBIC), np.float32) / 255


def _head(alpha: Pixels, whole: bool) -> float:
    """The head's height: down to the narrowest place below its widest, else by proportion."""
    height = alpha.shape[0]
    widths = (alpha > 0.5).sum(1).astype(np.float32)
    guess = height * 0.158 if whole else min(height * 0.62, max(height * 0.40, float(widths.max()) * 0.60))
    rows = widths[: max(8, int(height * (0.30 if whole else 0.75)))]
    if len(rows) < 12:
        return guess
    smooth = np.convolve(rows, np.ones(5) / 5, "same")
    for y in range(int(len(rows) * 0.3), len(rows)):  # the shoulders begin where it grows much wider than it ever was
        above = float(smooth[2 : int(y * 0.72)].max())
        if smooth[y] > above * 1.22:
            from_ = int(y * 0.6)
            neck = from_ + int(smooth[from_:y].argmin())
            return float(neck) if guess * 0.7 < neck < guess * 1.5 else guess
    return guess


def _tones(rgba: Image.Image, head: float, face: tuple[float, float, float, float] | None) -> dict[str, str]:
    """Colours to dress a mannequin in, measured on the cut-out."""
    small = np.asarray(rgba.resize((48, max(8, round(48 * rgba.height / rgba.width)))), np.float32)
    k = small.shape[0] / rgba.height
    row = head * k
    middle = 24 if face is None else max(8, min(40, round(face[0] * 48 / rgba.width)))
    if face is not None:
        row = max(row, (face[1] + face[3] * 0.55) * k)

    def tone(top: float, bottom: float, skin: bool | None = None) -> str | None:
        band = small[max(0, int(top)) : max(int(top) + 1, int(bottom)), middle - 8 : middle + 8].reshape(-1, 4)
        band = band[band[:, 3] > 170][:, :3]
        if skin is not None and len(band):
            band = band[_skin(band[None] / 255)[0] == skin]
        if len(band) < 4:
            return None
        return "#{:02x}{:02x}{:02x}".format(*np.median(band, 0).astype(int))

    found = {
        "skin": tone(row * 0.35, row * 1.0, True), "hair": tone(row * 0.06, row * 0.28, None) if face is None else tone((face[1] - face[3] * 0.68) * k, (face[1] - face[3] * 0.48) * k),
        "top": tone(row * 1.25, row * 2.6, None), "bottom": tone(row * 4.2, row * 5.8, None),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
