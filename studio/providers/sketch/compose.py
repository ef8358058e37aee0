"""Where the cast stands: pure numbers from the layout, so that a test can look at them."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from studio.providers.sketch import animals, props
from studio.providers.sketch.camera import Shot, shot_of
from studio.providers.sketch.figures import height_of
from studio.providers.sketch.skeleton import POSES, Pose, pose_of

PLACES = (
    (r"far left|extreme left|left edge", 0.13), (r"far right|extreme right|right edge", 0.87),
    (r"left[ _-]third|left of centre|centre[- ]left|center[- ]left", 0.30), (r"right[ _-]third|right of centre|centre[- ]right|center[- ]right", 0.72),
    (r"\bleft\b", 0.26), (r"\bright\b", 0.75), (r"cent(?:re|er)|middle", 0.5),
)  # fmt: skip
CLEAR = 1.06  # shoulders keep this share of their width to themselves


@dataclass(frozen=True)
class Box:
    """One cast member in the frame, in pixels: its own column, cut at the frame's edges.

    `x` is its middle, `floor` where it stands, `height` what a standing person would measure there.
    """

    key: str
    x: float
    floor: float
    height: float
    half: float
    left: float
    top: float
    right: float
    bottom: float
    turn: float
    pose: Pose
    depth: float = 1.0


@dataclass(frozen=True)
class Plan:
    """The camera, the people and animals from far to near, what they hold, and what stands by itself."""

    shot: Shot
    people: tuple[tuple[Mapping[str, Any], Box], ...]
    held: Mapping[str, tuple[Mapping[str, Any], ...]]
    things: tuple[Mapping[str, Any], ...]


def members(layout: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The cast as a list of mappings with a key each, whatever the layout holds."""
    cast = layout.get("cast")
    found = [m for m in cast if isinstance(m, Mapping)] if isinstance(cast, (list, tuple)) else []
    return [{**m, "key": str(m.get("key") or f"cast-{n}")} for n, m in enumerate(found[:9])]


def place_of(words: str) -> float | None:
    said = words.lower()[:400]
    return next((x for pattern, x in PLACES if re.search(pattern, said)), None)


def turn_of(member: Mapping[str, Any], layout: Mapping[str, Any], toward: float, dice: random.Random) -> float:
    """Which way a figure faces, in degrees. `toward` is -1 to 1: where the others are."""
    view = str(member.get("view") or "").lower()
    named = {
        "front": 0,
        "three_quarter_left": -40,
        "three_quarter_right": 40,
        "profile_left": -88,
        "profile_right": 88,
        "back": 172,
    }
    framing = str(layout.get("framing") or "").lower()
    said = f"{member.get('doing') or ''} {member.get('position') or ''} {framing}".lower()[:2000]
    away = r"from (?:behind|the back)|back (?:to (?:us|(?:the )?camera)|turned)|(?:turn|walk)s? away|fac(?:es|ing) away"
    if framing == "back" or re.search(away, said):
        return 180 + dice.uniform(-14, 14)
    if re.search(r"profile", said):
        return (88 if toward >= 0 else -88) + dice.uniform(-6, 6)
    if view in named and view != "front":
        return named[view] + dice.uniform(-7, 7)
    if re.search(r"over (?:her|his|their) shoulder|looks? back|glances? back", said):
        return dice.choice((128, -128))
    if abs(toward) > 0.05:
        return 42 * toward + dice.uniform(-10, 10)
    if view == "front":
        return dice.uniform(-14, 14)
    return dice.choice((-1, 1)) * dice.uniform(14, 36)


def plan(layout: Mapping[str, Any], width: int, height: int, seed: int) -> Plan:
    """The whole composition. The same arguments give the same plan."""
    dice = random.Random(f"plan {seed}")
    shot = shot_of(layout, dice)
    cast = members(layout)
    people = [m for m in cast if m.get("kind") != "product"]
    products = {m["key"]: m for m in cast if m.get("kind") == "product"}
    held: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for person in people:
        keys = person.get("holding")
        mine = [products.pop(str(k)) for k in (keys if isinstance(keys, (list, tuple)) else ()) if str(k) in products]
        held[person["key"]] = tuple(mine)
    said = f"{layout.get('action') or ''} " + " ".join(str(p.get("doing") or "") for p in people)
    takes = r"\b(hold|holds|holding|drink\w*|sip\w*|pour\w*|carr\w+|lift\w*|raises?|opens?|unscrew\w*|clutch\w*|offers?|hands?|takes?|grab\w*)\b"
    if people and products and not any(held.values()) and re.search(takes, said.lower()[:4000]):
        actor = next((p for p in people if re.search(takes, str(p.get("doing") or "").lower()[:2000])), people[0])
        held[actor["key"]] = (products.pop(next(iter(products))),)
    boxes = placements(layout, people, held, shot, width, height, dice)
    order = sorted(zip(people, boxes, strict=True), key=lambda pair: pair[1].depth)
    return Plan(shot, tuple(order), held, tuple(products.values()))


def placements(
    layout: Mapping[str, Any],
    people: list[Mapping[str, Any]],
    held: Mapping[str, tuple[Mapping[str, Any], ...]],
    shot: Shot,
    width: int,
    height: int,
    dice: random.Random,
) -> list[Box]:
    """A column of the frame for each person or animal, none over another."""
    count = len(people)
    if not count:
        return []
    spots = _spots(people, shot, dice)
    unit = min(height, width * (1.3 if shot.share > 1.1 else 1.7))
    tall = shot.share * unit
    ots = shot.size == "OTS" and count > 1
    rows: list[dict[str, Any]] = []
    for number, person in enumerate(people):
        words = f"{person.get('doing') or ''}"
        pose = pose_of(
            words if words.strip() else str(layout.get("action") or "") if count == 1 else "",
            bool(held.get(person["key"])),
            dice.randrange(8),
        )
        scale = 1.0
        place = str(person.get("position") or "").lower()[:400]
        if "background" in place or "behind" in place or "distance" in place:
            scale = 0.58
        elif "foreground" in place:
            scale = 1.24
        if person.get("species") == "animal":
            pose = POSES["sit"] if pose.name == "sit" else POSES["stand"]
            share = animals.kind_of(person)[1]
            scale *= share if shot.wide else max(share, 0.62)
        others = [spots[k] for k in range(count) if k != number]
        toward = 0.0
        if others:
            mean = sum(others) / len(others) - spots[number]
            toward = max(-1.0, min(1.0, mean * 4))
        turn = turn_of(person, layout, toward, dice)
        if ots:
            turn = (180 - 26 * (1 if spots[1] < 0.5 else -1)) if number == 1 else turn
            scale *= 1.45 if number == 1 else 1.0
        reach = (
            0.155
            if pose.name in {"stand", "hold", "read", "carry", "drink", "crossed", "lean"}
            else min(0.30, pose.reach / 1000 + 0.01)
        )
        if person.get("species") == "animal":
            reach = 0.30 if pose.name != "sit" else 0.24
            reach = min(reach, 0.62) / max(0.3, 1.0)
        if pose.lying:
            reach = 0.52
        rows.append(
            {"person": person, "pose": pose, "scale": scale, "turn": turn, "reach": reach, "x": spots[number] * width}
        )
    k = _fit(rows, tall, width, shot)
    boxes = []
    for row in rows:
        size = tall * row["scale"] * k
        floor, top = _stand(row["pose"], size, row["scale"], shot, height, k, dice)
        half = row["reach"] * size
        boxes.append(
            Box(
                row["person"]["key"], row["x"], floor, size, half,
                max(0.0, row["x"] - half), max(0.0, min(height - 1.0, top)), min(float(width), row["x"] + half),
                min(float(height), max(1.0, floor)), row["turn"], row["pose"], row["scale"],
            )
        )  # fmt: skip
    return boxes


def _spots(people: list[Mapping[str, Any]], shot: Shot, dice: random.Random) -> list[float]:
    count = len(people)
    even = {
        1: [
            dice.choice((0.36, 0.42, 0.58, 0.64))
            if shot.size not in {"CU", "BCU", "ECU"}
            else dice.choice((0.42, 0.5, 0.58))
        ],
        2: [0.3, 0.7],
        3: [0.22, 0.5, 0.78],
    }.get(count, [(n + 0.6) / (count + 0.2) for n in range(count)])
    if count == 2 and dice.random() < 0.5 and not any(place_of(str(p.get("position") or "")) for p in people):
        even = even[::-1]
    spots = []
    for number, person in enumerate(people):
        said = place_of(str(person.get("position") or ""))
        spots.append((said if said is not None else even[number]) + dice.uniform(-0.03, 0.03))
    for a in range(count):  # two on the same spot: the second moves aside
        for b in range(a):
            if abs(spots[a] - spots[b]) < 0.02:
                spots[a] += 0.06 if spots[a] < 0.5 else -0.06
    return spots


def _fit(rows: list[dict[str, Any]], tall: float, width: int, shot: Shot) -> float:
    """Move the columns apart, and make everybody smaller until all have room; the edges may cut the outer ones."""
    line = sorted(rows, key=lambda r: r["x"])
    wish = [r["x"] for r in line]
    bleed = 0.75 if shot.wide else 0.45
    k = 1.0
    for _ in range(40):
        halves = [r["reach"] * tall * r["scale"] * k for r in line]
        low, high = halves[0] * bleed, width - halves[-1] * bleed
        need = sum((halves[i] + halves[i + 1]) * CLEAR for i in range(len(line) - 1))
        if need <= high - low or (len(line) == 1 and high >= low):
            break
        k *= 0.94
    halves = [r["reach"] * tall * r["scale"] * k for r in line]
    low, high = halves[0] * bleed, width - halves[-1] * bleed
    if len(line) == 1:
        line[0]["x"] = min(max(wish[0], min(low, width / 2)), max(high, width / 2))
        return k
    at = [max(wish[0], low)]
    for n in range(1, len(line)):
        at.append(max(wish[n], at[n - 1] + (halves[n - 1] + halves[n]) * CLEAR))
    if at[-1] > high:
        at[-1] = high
        for n in range(len(line) - 2, -1, -1):
            at[n] = min(at[n], at[n + 1] - (halves[n + 1] + halves[n]) * CLEAR)
    for row, x in zip(line, at, strict=True):
        row["x"] = x
    return k


def _stand(
    pose: Pose, size: float, scale: float, shot: Shot, height: int, k: float, dice: random.Random
) -> tuple[float, float]:
    """Floor and crown in pixels."""
    from math import cos, radians

    crown = height_of(pose) / 1000 * size * cos(radians(shot.pitch)) * (1 + max(0.0, -shot.converge) * 0.4)
    if shot.crown is None:
        horizon = min(shot.horizon, shot.floor - 0.12) * height
        near = max(0.25, min(1.25, scale if scale != 1.0 else 1.0))
        floor = horizon + (shot.floor * height - horizon) * near
        if scale < 0.5:
            floor = shot.floor * height
        return floor, floor - crown
    top = shot.crown * height + (1 - k) * height * 0.2 + max(0.0, 1 - scale) * height * 0.34
    if pose.drop:
        top += 0.05 * height
    top += dice.uniform(-0.012, 0.012) * height
    if shot.top:
        top = max(top, height * 0.5 - crown * 0.5)
    return top + crown, top


def moved(box: Box, **changes: Any) -> Box:
    return replace(box, **changes)


__all__ = ["Box", "Plan", "members", "moved", "place_of", "placements", "plan", "props"]
