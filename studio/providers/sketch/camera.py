"""The camera: how large the figures are, where the horizon lies, how the set bends and blurs. Pure numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

# the figure's height in frame heights, the crown's place from the top, how soft the set is
SIZES = {
    "EST": (0.20, None, 1.2), "EWS": (0.30, None, 1.6), "WS": (0.60, None, 3.0), "FS": (0.84, None, 5.0),
    "MLS": (1.22, 0.085, 7.0), "MS": (1.66, 0.095, 9.0), "MCU": (2.35, 0.085, 13.0), "CU": (3.55, 0.055, 18.0),
    "BCU": (4.9, -0.06, 22.0), "ECU": (8.2, -0.42, 26.0), "INS": (3.2, 0.1, 15.0), "OTS": (1.95, 0.13, 11.0),
    "POV": (0.7, None, 4.0),
}  # fmt: skip
WIDE = frozenset({"EST", "EWS", "WS", "FS", "POV", "MLS"})
NAMES = (
    ("ECU", r"extreme close"), ("BCU", r"big close"), ("MCU", r"medium close"), ("CU", r"close"), ("EST", r"establish"),
    ("EWS", r"extreme (?:wide|long)"), ("MLS", r"medium (?:long|wide)|cowboy|knee"), ("FS", r"full"), ("WS", r"wide|long"),
    ("INS", r"insert|detail"), ("OTS", r"over[- ]the[- ]shoulder"), ("POV", r"pov|point of view"), ("MS", r"medium|mid|hip|waist"),
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """Shares are of the frame's height. `pitch` looks down (degrees), `converge` is the figure's perspective."""

    size: str = "MS"
    angle: str = "eye"
    share: float = 1.66
    crown: float | None = 0.095
    floor: float = 0.94
    horizon: float = 0.46
    pitch: float = 0.0
    converge: float = 0.0
    blur: float = 9.0
    roll: float = 0.0
    zoom: float = 1.0
    pan: float = 0.5

    @property
    def wide(self) -> bool:
        return self.size in WIDE

    @property
    def top(self) -> bool:
        return self.angle == "top"


def size_of(layout: Mapping[str, Any]) -> str:
    said = str(layout.get("shot_size") or "MS").strip()
    if said.upper() in SIZES:
        size = said.upper()
    else:
        size = next((code for code, words in NAMES if re.search(words, said.lower())), "MS")
    framing = str(layout.get("framing") or "").lower()
    if framing == "insert":
        return "INS"
    return "OTS" if framing == "ots" and size not in WIDE else size


def millimetres(lens: object) -> float:
    """The focal length in a lens's name; 35 where none is said."""
    hit = re.search(r"\d{1,3}(?:\.\d)?", str(lens or "")[:40])
    return min(400.0, max(8.0, float(hit.group()))) if hit else 85.0 if "macro" in str(lens or "") else 35.0


def shot_of(layout: Mapping[str, Any], dice: random.Random) -> Shot:
    """The camera of a panel. The dice move it a little, as another artist would."""
    size = size_of(layout)
    share, crown, blur = SIZES[size]
    angle = str(layout.get("angle") or "eye").lower()[:40]
    angle = next(
        (a for a in ("worm", "ground", "low", "top", "high", "dutch", "shoulder") if a in angle),
        "top" if "bird" in angle or "overhead" in angle else "eye",
    )
    length = millimetres(layout.get("lens"))
    soft = blur * min(2.2, max(0.35, (length / 40) ** 0.55))
    horizon = 0.50 if size in {"EST", "EWS"} else 0.46 if size in WIDE else 0.43
    shot = Shot(
        size, angle, share * (dice.uniform(0.86, 1.14) if size in WIDE else dice.uniform(0.94, 1.06)), crown, dice.uniform(0.90, 0.95), horizon + dice.uniform(-0.05, 0.05),
        blur=soft, zoom=min(2.4, max(0.9, (length / 35) ** 0.45)), pan=dice.random(),
    )  # fmt: skip
    if size in {"EST", "EWS"}:
        shot = replace(shot, floor=dice.uniform(0.76, 0.86))
    if angle in {"low", "ground", "worm"}:
        k = {"low": 1.0, "ground": 1.1, "worm": 1.5}[angle]
        lift = 0.0 if crown is None else -0.03
        return replace(
            shot,
            horizon=min(0.9, horizon + 0.27 * k + dice.uniform(-0.03, 0.03)),
            pitch=-13 * k,
            converge=0.15 * k,
            share=shot.share * 1.1,
            crown=None if crown is None else crown + lift,
            floor=0.985,
        )
    if angle == "high":
        return replace(
            shot,
            horizon=dice.uniform(0.08, 0.16),
            pitch=27,
            converge=-0.15,
            floor=0.93 if size not in {"EST", "EWS"} else 0.8,
        )
    if angle == "top":
        return replace(shot, horizon=-0.4, pitch=58, converge=-0.24, floor=0.8)
    if angle == "dutch":
        return replace(shot, roll=dice.choice((-11.0, 11.0)) * dice.uniform(0.85, 1.15))
    if angle == "shoulder":
        return replace(shot, horizon=horizon + 0.05)
    return shot
