"""What the limited child is asked besides taking a picture in: a colour, a crop, a plain background."""

from __future__ import annotations

from typing import Any

from studio.media import intake
from studio.media.asked import frame
from studio.media.colour import Lab
from studio.media.cut import Cut
from studio.media.pool import ChildDied, Pool, pool
from studio.media.region import Box, Measured

SAID = {
    "busy": "The background is not even: only {even} % of the picture's edge is like the rest of it. Take the subject before a plain wall or paper, or crop closer.",
    "soft": "The background changes too much towards the middle: {soft} % of what would be the outline is light or haze, not an edge.",
    "nothing": "Nothing stands off the background, so there is nothing to cut out.",
    "all": "There is no background around the subject to take away.",
    "small": "That crop is {width} × {height} px. At least 64 × 64 px, so that an engine sees something.",
    "waiting": "Many pictures are coming in. Try again in a minute.",
}


def measure(data: bytes, box: Box, *, through: Pool | None = None) -> Measured:
    """The colour in a box of a stored picture. Raises `intake.Refused`."""
    done, _ = _run("measure", data, through, box=list(box))
    return Measured(Lab(*done["lab"]), done["spread"])


def seek(reference: bytes, box: Box, data: bytes, *, through: Pool | None = None) -> Box | None:
    """Where in a picture something like the reference's box may be; None where nothing is like it. Raises `intake.Refused`."""
    done, _ = _run("seek", reference + data, through, box=list(box), first=len(reference))
    return Box(*done["place"]) if done["place"] else None


def crop(data: bytes, box: Box, *, through: Pool | None = None) -> Cut:
    """A part of a picture. Raises `intake.Refused` with a sentence: too small, not to be opened."""
    return _cut("crop", data, through, box=list(box))


def plain(data: bytes, *, through: Pool | None = None) -> Cut:
    """A picture before a plain background. Raises `intake.Refused` with the reason where its own is not even."""
    return _cut("plain", data, through)


def watermark(data: bytes, text: str, *, through: Pool | None = None) -> bytes:
    """A rendition with a name across it, in the format it came in. Raises `intake.Refused`."""
    return _run("watermark", data, through, text=text)[1]


def _cut(errand: str, data: bytes, through: Pool | None, **facts: Any) -> Cut:
    done, blob = _run(errand, data, through, **facts)
    return Cut(blob, done["width"], done["height"], done["even"])


def _run(errand: str, data: bytes, through: Pool | None, **facts: Any) -> tuple[dict[str, Any], bytes]:
    try:
        head, blobs, _ = (through or pool()).ask(frame({"errand": errand, **facts}, data))
    except ChildDied as died:
        raise _refused("waiting" if died.code == "busy" else died.code, {}) from None
    if "refused" in head:
        raise _refused(head["refused"], head.get("facts", {}))
    return head, blobs[0] if blobs else b""


def _refused(code: str, facts: dict[str, Any]) -> intake.Refused:
    words = SAID.get(
        code, "The picture could not be opened for this. Try again; if it happens again, add the picture anew."
    )
    return intake.Refused(code, words.format(**facts))
