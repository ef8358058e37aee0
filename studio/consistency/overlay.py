"""Laying a reference over a take so that a marker's two boxes fall on each other. Pure."""

from __future__ import annotations

import math
from typing import NamedTuple

from studio.media.region import Box

MOST = 12.0  # times: beyond that one of the boxes says nothing about size


class Laid(NamedTuple):
    """A move of the reference, whole in the frame: in percent of the frame's width and height, then a growth about the point (x, y)."""

    x: float
    y: float
    across: float
    down: float
    times: float
    frame: float

    @property
    def style(self) -> str:
        """For the stylesheet: numbers alone."""
        return (
            f"--laid-x:{self.x:g}%;--laid-y:{self.y:g}%;--across:{self.across:g}%;--down:{self.down:g}%;"
            f"--times:{self.times:g};--frame:{self.frame:g}"
        )


def laid(*, reference: tuple[Box, float], take: tuple[Box, float]) -> Laid | None:
    """Each box with its picture's aspect (width by height); the frame is the take's. None where the boxes are too unlike in size to
    say how the one lies on the other."""
    frame = take[1]
    rx, ry, rw, rh = _in_frame(*reference, frame)
    tx, ty, tw, th = _in_frame(*take, frame)
    times = math.sqrt((tw * th) / (rw * rh))
    if not 1 / MOST <= times <= MOST:
        return None
    return Laid(round(rx, 2), round(ry, 2), round(tx - rx, 2), round(ty - ry, 2), round(times, 3), round(frame, 4))


def _in_frame(box: Box, aspect: float, frame: float) -> tuple[float, float, float, float]:
    """The middle of a box and its size, in percent of the frame."""
    wide, high = (1.0, frame / aspect) if aspect > frame else (aspect / frame, 1.0)
    return (
        50 + wide * ((box.left + box.width / 2) / 10 - 50),
        50 + high * ((box.top + box.height / 2) / 10 - 50),
        wide * box.width / 10,
        high * box.height / 10,
    )
