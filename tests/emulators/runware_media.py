"""Runware's media storage: pictures by UUID, made no larger than 2048 a side, gone thirty days after their last use."""

from __future__ import annotations

import base64
import hashlib
import io
import time
import uuid
from collections.abc import Iterable

from PIL import Image

from tests.emulators.pictures import Drawn

SIDE = 2048
LIFE = 30 * 86400.0


class Media(dict[str, float]):
    """UUID → moment of the last use."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: dict[str, tuple[int, int]] = {}

    def size(self, given: str) -> tuple[int, int]:
        """Width and height of a reference, by UUID or as bytes; a link counts as a square."""
        if given.startswith(("http://", "https://")):
            return (1, 1)
        if given in self.sizes:
            return self.sizes[given]
        return Image.open(io.BytesIO(base64.b64decode(given.partition(",")[2] or given))).size

    def take_in(self, given: str) -> tuple[str, Drawn, str]:
        """UUID, picture and type of a data URI or bare base64. Raises ValueError where it is no picture. A link is believed."""
        if given.startswith(("http://", "https://")):
            data = given.encode()
            picture, mime = Drawn(data), "text/plain"
        else:
            data = base64.b64decode(given.partition(",")[2] or given, validate=True)
            picture, mime = small(data)
        size = (1, 1) if mime == "text/plain" else Image.open(io.BytesIO(bytes(picture))).size
        name = str(uuid.UUID(bytes=hashlib.sha256(data).digest()[:16], version=4))
        self[name], self.sizes[name] = time.time(), size
        return name, picture, mime

    def used(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self:
                self[name] = time.time()

    def forget(self, scale: float) -> None:
        """Drop what nobody used for so long. A scale of nought leaves all."""
        for name in [name for name, used in self.items() if scale and used < time.time() - LIFE * scale]:
            del self[name]


def small(data: bytes) -> tuple[Drawn, str]:
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "BMP", "GIF"])
    except OSError:
        raise ValueError("no picture") from None
    mime = Image.MIME[image.format or "JPEG"]
    if max(image.size) <= SIDE:
        return Drawn(data), mime
    image.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    return Drawn(out.getvalue()), "image/jpeg"
