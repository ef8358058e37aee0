"""Untrusted bytes → `Intaken`: everything the studio keeps of a picture, or `Refused` with a plain sentence.

The one door for uploads, for pictures that engines send, and for anything else that says it is a picture.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

from studio.media import decode
from studio.media.measures import Measures
from studio.media.pool import ChildDied, Pool, pool

MAX_BYTES = 25 * 1024 * 1024
MOST_DRAWN = 50 * 1024 * 1024  # of a picture from an engine: it is paid for, and PNGs in 4K weigh more than uploads
WANTED = "PNG, JPEG or WebP up to 25 MB."
NAME_LENGTH = 200
JOINERS = "\u200c\u200d"  # format characters that Persian and emoji need


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class File:
    """A rendition's bytes and its size in px."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Intaken:
    """A picture that was opened. Sizes in px; `width`, `height` of the upright original, `steps` by what they are called."""

    provider: File
    steps: dict[int, File]
    width: int
    height: int
    frames: int
    measures: Measures
    colour_mean: str
    mime: str
    sha256: str

    @property
    def provider_jpeg(self) -> bytes:
        """What engines are sent: JPEG, longest side at most 2048 px."""
        return self.provider.data


class Refused(Exception):
    """A file that is not taken. `reason` is the sentence to show; `code` is for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def read(data: bytes | Readable, name: str = "", *, through: Pool | None = None, most: int = MAX_BYTES) -> Intaken:
    """Opens the picture in the limited child process. `data`: the bytes, or an open file, `most` of them. Raises `Refused`.

    Takes 0.1 to 1 s for a photograph; call it outside any transaction.
    """
    shown = display_name(name)
    given = data if isinstance(data, bytes) else data.read(most + 1)
    if not given:
        raise Refused("empty", f"{shown} is empty. {WANTED}")
    if len(given) > most:
        raise Refused("bytes", f"{shown} is larger than {most >> 20} MB. {WANTED}")
    try:
        decode.sniff(given)
    except decode.Unfit:
        raise Refused("type", _wrong_type(shown, given)) from None
    try:
        head, blobs, sha256 = (through or pool()).ask(given)
    except ChildDied as died:
        raise Refused(died.code, _sentence(shown, died.code, {})) from None
    if "refused" in head:
        raise Refused(head["refused"], _sentence(shown, head["refused"], head.get("facts", {})))
    files = {entry[0]: File(blob, *entry[2:]) for entry, blob in zip(head["files"], blobs, strict=True)}
    return Intaken(
        provider=files.pop(decode.PROVIDER),
        steps={int(spec): file for spec, file in files.items()},
        width=head["width"],
        height=head["height"],
        frames=head["frames"],
        measures=Measures(**head["measures"]),
        colour_mean=head["colour_mean"],
        mime=head["mime"],
        sha256=sha256,
    )


def display_name(name: str) -> str:
    """A name to show, never to store under: no folders, no control or direction characters, at most 200 characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", str(name)))[-1]
    spaced = " ".join(last.split())
    kept = "".join(c for c in spaced if unicodedata.category(c)[0] != "C" or c in JOINERS)
    kept = kept.strip(". ") or "The picture"
    if len(kept) > NAME_LENGTH:
        stem, ending = os.path.splitext(kept)
        ending = ending[:12]
        kept = stem[: NAME_LENGTH - len(ending) - 1] + "…" + ending
    return kept


def _sentence(shown: str, code: str, facts: dict[str, Any]) -> str:
    """What happened to the file, and what would be taken."""
    megapixels = f"{facts.get('pixels', 0) / 1e6:.3g}"
    return {
        "pixels": f"{shown} has {megapixels} megapixels. Up to 40.",
        "frames": f"{shown} has {facts.get('frames', 0)} frames of {megapixels} megapixels. Up to 40 in all.",
        "side": f"{shown} is {facts.get('side', 0):,} px on one side. Up to 16,000.",
        "truncated": f"{shown} is cut off: the file ends too early. Save or copy it again.",
        "memory": f"{shown} needs too much memory to open. Save it smaller, or as a plain JPEG.",
        "time": f"{shown} takes too long to open. Save it smaller, or as a plain JPEG.",
        "busy": f"{shown} is still waiting: many pictures are coming in. Try again in a minute.",
    }.get(code, f"{shown} could not be read. {WANTED}")


SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), kind)
    for pattern, kind in (
        (rb"GIF8[79]a", "a GIF"),
        (rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", "a HEIC picture"),
        (rb"....ftypavi[fs]", "an AVIF picture"),
        (rb"....ftyp", "a video"),
        (rb"\x1aE\xdf\xa3", "a video"),
        (rb"8BPS", "a Photoshop file"),
        (rb"%PDF-", "a PDF"),
        (rb"(II\*\0|MM\0\*)", "a TIFF or camera raw picture"),
        (rb"BM....\0\0\0\0", "a BMP picture"),
        (rb"\0\0\0\x0cJXL |\xff\x0a", "a JPEG XL picture"),
        (rb"PK\x03\x04", "a ZIP file"),
        (
            rb"(\xef\xbb\xbf)?\s*(<\?xml.{0,200}\?>\s*)?(<!--.{0,500}-->\s*)?(<!doctype svg.{0,500}>\s*)?<svg[\s/>]",
            "an SVG drawing",
        ),
        (rb"(\xef\xbb\xbf)?\s*(<!--.{0,500}-->\s*)?(<!doctype html|<html|<head|<body|<script)", "a web page"),
    )
)


def _wrong_type(shown: str, data: bytes) -> str:
    start = data[:2048]
    for pattern, kind in SIGNATURES:
        if pattern.match(start):
            return f"{shown} is {kind} and could not be read. {WANTED}"
    return f"{shown} could not be read. {WANTED}"
