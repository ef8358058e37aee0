"""One panel, drawn: a request in, a JPEG out."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageOps, UnidentifiedImageError

from studio.providers.base import ImageRequest, ProviderError, SentReference

FORMATS = ("JPEG", "PNG", "WEBP")
SCALE = {"EST": 0.25, "EWS": 0.25, "WS": 0.5, "FS": 0.85, "MLS": 1.1, "MS": 1.5, "MCU": 2.1, "CU": 3, "BCU": 4, "ECU": 5}


def draw(request: ImageRequest) -> bytes:
    """The panel of `request.layout` as a JPEG of exactly `width` × `height` pixels. Same request, same bytes."""
    dice = random.Random(request.seed or 0)
    frame = backdrop(request)
    cast = [c for c in request.layout.get("cast") or [] if isinstance(c, dict)]
    for number, member in enumerate(cast):
        place(frame, request, member, (number + 1) / (len(cast) + 1) + dice.uniform(-0.05, 0.05))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def opened(reference: SentReference) -> Image.Image:
    try:
        return Image.open(io.BytesIO(reference.data), formats=FORMATS).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ProviderError("A reference picture can't be read.", kind="invalid", permanent=True, charged=False) from error


def backdrop(request: ImageRequest) -> Image.Image:
    size = (request.width, request.height)
    for reference in request.references:
        if reference.role == "location":
            return ImageOps.fit(opened(reference), size).filter(ImageFilter.GaussianBlur(4))
    ramp = Image.linear_gradient("L").resize(size)
    return ImageOps.colorize(ramp, "#53718f", "#e9b98a")


def place(frame: Image.Image, request: ImageRequest, member: dict[str, Any], x: float) -> None:
    scale = SCALE.get(str(request.layout.get("shot_size")), 1.5)
    height = int(frame.height * min(scale, 3))
    own = [r for r in request.references if r.subject == member.get("key")]
    if own:
        picture = opened(own[0])
        picture.thumbnail((frame.width, frame.height))
        frame.paste(picture, (int(frame.width * x - picture.width / 2), frame.height - picture.height))
        return
    pen = ImageDraw.Draw(frame)
    left, top = frame.width * x, max(frame.height * 0.12, frame.height - height)
    pen.rounded_rectangle((left - height * 0.12, top + height * 0.16, left + height * 0.12, top + height), 30, "#4e6277")
    pen.ellipse((left - height * 0.06, top, left + height * 0.06, top + height * 0.15), "#b98260")
