"""Errands, as the limited child sees them: a frame that starts with a mark, facts as JSON, then the file."""

from __future__ import annotations

import json
import struct
from typing import Any

from studio.media import cut, region, seek, watermark
from studio.media.region import Box

MARK = b"\0errand\0"  # no picture starts so, and what comes in from outside is looked at before it is sent
HEAD = struct.Struct(">I")


def frame(facts: dict[str, Any], data: bytes) -> bytes:
    """What `answer` takes apart."""
    said = json.dumps(facts).encode()
    return MARK + HEAD.pack(len(said)) + said + data


def answer(given: bytes) -> tuple[dict[str, Any], bytes]:
    """The head and the file made, empty where none is. Raises `decode.Unfit`, and what Pillow raises."""
    start = len(MARK) + HEAD.size
    end = start + HEAD.unpack(given[len(MARK) : start])[0]
    facts, data = json.loads(given[start:end]), given[end:]
    if facts["errand"] == "measure":
        found = region.measure(cut.upright(data), Box(*facts["box"]))
        return {"lab": list(found.lab), "spread": found.spread}, b""
    if facts["errand"] == "seek":
        first, second = data[: facts["first"]], data[facts["first"] :]
        place = seek.seek(cut.upright(first), Box(*facts["box"]), cut.upright(second))
        return {"place": list(place.box) if place else None}, b""
    if facts["errand"] == "watermark":
        marked, width, height = watermark.draw(data, facts["text"])
        return {"width": width, "height": height}, marked
    made = cut.crop(data, Box(*facts["box"])) if facts["errand"] == "crop" else cut.plain(data)
    return {"width": made.width, "height": made.height, "even": made.even}, made.data
