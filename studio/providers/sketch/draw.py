"""One panel, drawn: a request in, a JPEG out. No state, no clock, no network: the same request gives the same bytes."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from studio.providers.base import ImageRequest, ProviderError, SentReference
from studio.providers.sketch import backdrops, cast, palette, weather
from studio.providers.sketch.camera import Shot
from studio.providers.sketch.compose import Box, Plan, plan
from studio.providers.sketch.cutout import opened
from studio.providers.sketch.frame import keystone, ledge, over, resky, rolled, shadow, unsharp, veiled
from studio.providers.sketch.light import Light, finish, light_of, lit
from studio.providers.sketch.look import hexed
from studio.providers.sketch.pen import Pixels, Point, rgb
from studio.providers.sketch.stage import Stage, blurred, glow

SIDES = (16, 6000)


def draw(request: ImageRequest) -> bytes:
    """The panel of `request.layout` as a JPEG of exactly `width` × `height` pixels.

    Raises ProviderError kind "invalid" for a size out of bounds or a reference that can't be read.
    """
    frame = compose(request)
    out = io.BytesIO()
    Image.fromarray((frame * 255 + 0.5).astype(np.uint8)).save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def compose(request: ImageRequest) -> Pixels:
    """The panel as height × width × 3, 0 to 1."""
    width, height = request.width, request.height
    if not (SIDES[0] <= width <= SIDES[1] and SIDES[0] <= height <= SIDES[1]):
        raise ProviderError(
            f"A picture of {width} × {height} pixels can't be drawn.", kind="invalid", permanent=True, charged=False
        )
    layout = request.layout if isinstance(request.layout, Mapping) else {}
    seed = int(request.seed or 0)
    dice = random.Random(f"set {seed}")
    light = light_of(layout, dice.choice((-1, 1)))
    if backdrops.is_studio(_place(layout), light.indoors):
        light = replace(light, vignette=0.22, grain=light.grain * 0.6)
    scene = plan(layout, width, height, seed)
    shot = scene.shot
    frame = _set(request, layout, shot, light, dice)
    from_light = (0.62 * light.side, -0.78)
    size = (width, height)
    if shot.size == "INS" and not _only_people_matter(scene):
        frame = _insert(frame, scene, request, light, size, from_light, dice)
    else:
        frame = _people(frame, scene, request, light, size, from_light)
        frame = _things(frame, scene, request, light, size, from_light, dice)
    frame = weather.fall(frame, light, dice)
    frame = _styled(frame, request, layout, seed)
    frame = finish(frame, light, seed)
    return rolled(frame, shot.roll) if shot.roll else frame


def _only_people_matter(scene: Plan) -> bool:
    return not scene.things and not any(scene.held.values()) and not scene.people


def _set(request: ImageRequest, layout: Mapping[str, Any], shot: Shot, light: Light, dice: random.Random) -> Pixels:
    """The backdrop under its light: the location's picture, or a set painted from the words."""
    for reference in request.references:
        if reference.role == "location" and not shot.top:
            return _location(opened(reference, 1600), request, shot, light, dice)
    place = _place(layout)
    stage = Stage(request.width, request.height, shot.horizon * 900, light, dice, shot.blur)
    if shot.top:
        backdrops.overhead(stage, place)
    else:
        backdrops.set_for(place, light.indoors)(stage)
    frame = stage.finish()
    return keystone(frame, shot) if not shot.top else frame


def _place(layout: Mapping[str, Any]) -> str:
    location = layout.get("location")
    name = location.get("name") if isinstance(location, Mapping) else ""
    return f"{layout.get('place') or ''} {name or ''}"


def _location(image: Image.Image, request: ImageRequest, shot: Shot, light: Light, dice: random.Random) -> Pixels:
    """The location's picture, cropped by the lens, shifted by the angle, blurred by the distance."""
    width, height = request.width, request.height
    zoom = {"EST": 1.0, "EWS": 1.05, "WS": 1.15, "FS": 1.3, "MLS": 1.4, "MS": 1.5, "MCU": 1.8, "CU": 2.2}.get(
        shot.size, 2.4
    )
    zoom *= max(1.0, shot.zoom) if zoom > 1.1 else 1.0
    zoom *= dice.uniform(1.0, 1.4) if shot.wide else 1.0  # another artist stands elsewhere: room for the pan to show
    share = min(image.width / width, image.height / height) / zoom
    crop_w, crop_h = width * share, height * share
    down = {"low": 0.22, "ground": 0.2, "worm": 0.05, "high": 0.95, "top": 1.0}.get(shot.angle, 0.55)
    x = (image.width - crop_w) * shot.pan
    y = (image.height - crop_h) * min(1.0, max(0.0, down + dice.uniform(-0.07, 0.07)))
    part = image.resize((width, height), Image.Resampling.BICUBIC, box=(x, y, x + crop_w, y + crop_h), reducing_gap=2.0)
    radius = shot.blur * height / 900 * 0.5
    if radius > 0.6:
        part = blurred(part, radius)
    frame = np.asarray(part, np.float32) / 255
    ambient = np.array(light.ambient, np.float32)
    share = 0.8 if light.moon or light.indoors else 0.45
    frame = frame * (1 - share + share * ambient)
    if light.moon:  # what was bright by day is a dark window by night
        bright = (frame @ np.array([0.3, 0.59, 0.11], np.float32))[..., None]
        frame = frame / (1 + 1.5 * bright * bright)
    if light.lamps and light.indoors:
        x = width * dice.uniform(0.25, 0.75)
        glow(frame, x, height * 0.12, height * 0.75, "#f3a24e", 0.5)
        glow(frame, x, height * 0.12, height * 0.2, "#ffe2a6", 0.55)
    if not light.indoors and str(request.layout.get("time_of_day") or "day").lower() not in {
        "day",
        "midday",
        "noon",
        "afternoon",
    }:
        frame = resky(frame, light)
    if light.haze:
        veil = np.array(rgb(light.haze_colour), np.float32) / 255
        frame = frame + (veil * min(1.0, max(light.ambient) + 0.2) - frame) * light.haze * 0.6
    return keystone(np.clip(frame, 0, 1).astype(np.float32), shot)


def _people(
    frame: Pixels, scene: Plan, request: ImageRequest, light: Light, size: tuple[int, int], from_light: Point
) -> Pixels:
    for member, box in scene.people:
        shown = cast.shown(member, box, scene.shot, request.references, size, from_light)
        layer = lit(shown.layer, light, box.height, shown.cutout)
        if (light.haze and box.depth < 1) or scene.shot.size in {"EST", "EWS"}:
            layer = veiled(layer, light, 0.5)
        if box.floor < size[1] * 1.15:
            _contact(frame, box, light)
        near = scene.shot.size == "OTS" and box.depth > 1.3
        if near:
            layer = unsharp(layer, size[1] / 900 * 7)
        over(frame, layer)
        for item in scene.held.get(member["key"], ())[:2] or _implied(member, box, shown):
            _in_hand(frame, item, shown, box, scene.shot, request, light, size, from_light)
    return frame


def _implied(member: Mapping[str, Any], box: Box, shown: cast.Shown) -> tuple[Mapping[str, Any], ...]:
    """What a drawn figure's pose can't do without: something to drink from, to read, to speak into."""
    usual = {"drink": "mug", "read": "paper", "phone": "phone"}.get(box.pose.name)
    if usual is None or shown.cutout or member.get("species") == "animal":
        return ()
    said = cast.props.kind_of(str(member.get("doing") or ""))
    return ({"key": "", "name": said or usual, "markers": []},)


def _in_hand(
    frame: Pixels,
    item: Mapping[str, Any],
    shown: cast.Shown,
    box: Box,
    shot: Shot,
    request: ImageRequest,
    light: Light,
    size: tuple[int, int],
    from_light: Point,
) -> None:
    kind, _ = cast.props.dress_of(item)
    unit = box.height / 1000
    high = max(cast.props.sizes(kind)[0], 0.085) * box.height * (1.15 if not shot.wide else 1.35)
    high = min(high, size[1] * 0.5)
    side = box.pose.grip or "right"
    if shown.cutout or not shown.hands:
        way = 1 if box.turn >= 0 else -1
        visible = min(size[1] * 0.86, box.floor - 560 * unit)
        hand = (box.x + way * 74 * unit, visible)
    elif side == "both":
        (ax, ay), (bx, by) = shown.hands["left"], shown.hands["right"]
        hand = ((ax + bx) / 2, (ay + by) / 2)
    else:
        hand = shown.hands[side]
    if abs((box.turn + 180) % 360 - 180) > 115:
        return
    layer, cutout, _ = cast.thing(item, request.references, hand[0], hand[1] + high * 0.42, high, size, from_light)
    over(frame, lit(layer, light, high * 2.2, cutout))
    if not shot.wide or shown.cutout:
        elbow = shown.hands.get(f"{side if side != 'both' else 'right'}_elbow", (box.x, hand[1] + 230 * unit))
        over(
            frame,
            lit(
                cast.grip(shown.look, (hand[0], hand[1] + high * 0.04), elbow, unit, size, from_light),
                light,
                box.height,
            ),
        )


def _things(
    frame: Pixels,
    scene: Plan,
    request: ImageRequest,
    light: Light,
    size: tuple[int, int],
    from_light: Point,
    dice: random.Random,
) -> Pixels:
    """Products that nobody holds: on the ground in wide shots, on a ledge along the lower edge in close ones."""
    if not scene.things:
        return frame
    width, height = size
    shot = scene.shot
    taken = [(box.left, box.right) for _, box in scene.people]
    alone = not taken
    spots = _free(taken, width, len(scene.things), dice)
    board = None
    if not shot.wide or alone:
        board = height * (0.80 if not alone else dice.uniform(0.74, 0.82))
        ledge(frame, board, light)
    for item, x in zip(scene.things, spots, strict=True):
        kind, _ = cast.props.dress_of(item)
        share = cast.props.sizes(kind)[0]
        if alone:
            high = height * {
                "EST": 0.16,
                "EWS": 0.2,
                "WS": 0.3,
                "FS": 0.44,
                "MLS": 0.46,
                "MS": 0.5,
                "MCU": 0.56,
                "CU": 0.66,
            }.get(shot.size, 0.72)
            high *= 0.8 if kind in {"mug", "can", "phone", "camera", "shoe"} else 1.0
        else:
            tall = scene.people[-1][1].height
            high = min(height * 0.4, max(share * tall * (1.2 if not shot.wide else 1.7), height * 0.06))
        place = cast.compose_place(item)
        at = place * width if place is not None and alone else x
        base = (board + height * 0.075) if board is not None else height * min(0.97, shot.floor + 0.02)
        layer, cutout, wide = cast.thing(item, request.references, at, base, high, size, from_light, shot.top)
        shadow(frame, at + light.side * -wide * 0.12, base, wide * 0.62, high * 0.055, 0.5)
        over(frame, lit(layer, light, high * 2, cutout))
    return frame


def _free(taken: Sequence[tuple[float, float]], width: int, count: int, dice: random.Random) -> list[float]:
    """Middles of the widest gaps between the people."""
    if not taken:
        return [width * ((n + 1) / (count + 1) + dice.uniform(-0.07, 0.07)) for n in range(count)]
    edges = sorted(taken)
    gaps = [(0.0, edges[0][0])] + [(a[1], b[0]) for a, b in pairwise(edges)] + [(edges[-1][1], float(width))]
    gaps.sort(key=lambda g: g[0] - g[1])
    return [
        gaps[n % len(gaps)][0] + (gaps[n % len(gaps)][1] - gaps[n % len(gaps)][0]) * (0.5 + dice.uniform(-0.1, 0.1))
        for n in range(count)
    ]


def _insert(
    frame: Pixels,
    scene: Plan,
    request: ImageRequest,
    light: Light,
    size: tuple[int, int],
    from_light: Point,
    dice: random.Random,
) -> Pixels:
    """A detail: the thing large, hands reaching in from the nearest edge."""
    width, height = size
    layout = request.layout
    items = [i for group in scene.held.values() for i in group] + list(scene.things)
    said = f"{layout.get('action') or ''}"
    if not items:
        items = [{"key": "", "name": cast.props.kind_of(said) or "paper", "markers": []}]
    top = scene.shot.top
    base = height * (0.80 if not top else 0.74)
    if not top:
        ledge(frame, height * 0.70, light)
    count = min(3, len(items))
    for n, item in enumerate(items[:count]):
        kind, _ = cast.props.dress_of(item)
        flat = kind in {"tablet", "paper", "book", "laptop"}
        high = (
            height
            * (0.5 if not flat else 0.42)
            * (0.86 if count > 1 else 1.0)
            * (0.8 if kind in {"mug", "can"} else 1.0)
        )
        x = width * ((n + 1) / (count + 1) + dice.uniform(-0.05, 0.05))
        layer, cutout, wide = cast.thing(item, request.references, x, base, high, size, from_light, top)
        shadow(
            frame,
            x - light.side * wide * 0.14,
            base if not top else base - high * 0.4,
            wide * 0.66,
            high * (0.06 if not top else 0.5),
            0.5,
        )
        over(frame, lit(layer, light, high * 2, cutout))
        if scene.people and n == 0:
            member, _ = scene.people[0]
            look = cast.shown_look(member, request.references)
            unit = height / 340
            left = dice.random() < 0.5
            pairs = [(-1, 0.52), (1, 0.46)] if flat or re.search(r"hands", said.lower()) else [(-1 if left else 1, 0.5)]
            for way, at in pairs:
                hand = (x + way * wide * 0.48, base - high * at)
                elbow = (x + way * (wide * 0.5 + 260 * unit), height + 150 * unit)
                over(frame, lit(cast.grip(look, hand, elbow, unit, size, from_light), light, height * 2))
    return frame


def _contact(frame: Pixels, box: Box, light: Light) -> None:
    lean = -light.side * box.height * 0.06
    strength = 0.34 if light.haze > 0.4 or light.weather else 0.5
    wide = box.half * (0.9 if not box.pose.lying else 1.0)
    shadow(frame, box.x + lean * 0.4, box.floor - box.height * 0.004, wide * 0.8, box.height * 0.028, strength)
    if light.sun or not light.weather:
        shadow(frame, box.x + lean * 2.4, box.floor + box.height * 0.012, wide * 1.7, box.height * 0.05, strength * 0.5)


def _styled(frame: Pixels, request: ImageRequest, layout: Mapping[str, Any], seed: int) -> Pixels:
    style = layout.get("style")
    style = style if isinstance(style, Mapping) else {}
    picture: SentReference | None = next((r for r in request.references if r.role == "style"), None)
    colours = style.get("palette")
    swatches = [c for c in (hexed(v) for v in (colours if isinstance(colours, (list, tuple)) else [])) if c]
    if picture is not None:
        frame = palette.toward(frame, opened(picture, 256))
    elif swatches:
        frame = palette.wash(frame, swatches[:8])
    name = str(style.get("name") or "")[:200]
    return palette.hand(frame, name, seed) if name else frame
