"""One cast member as a layer: from its reference where one fits the shot, else as a posed mannequin."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from studio.providers.base import SentReference
from studio.providers.sketch import animals, props
from studio.providers.sketch.camera import Shot
from studio.providers.sketch.compose import Box, place_of
from studio.providers.sketch.cutout import Cutout, cut
from studio.providers.sketch.figures import draw_figure, seat
from studio.providers.sketch.look import Look, look_of
from studio.providers.sketch.pen import Layer, Pen, Point, limb, oval, shade
from studio.providers.sketch.skeleton import View

FACES = {
    "front": 0,
    "three_quarter_left": -42,
    "three_quarter_right": 42,
    "profile_left": -90,
    "profile_right": 90,
    "back": 180,
    "full_body": 0,
    "detail": 0,
    "": 0,
}
POSED = frozenset(
    {"sit", "kneel", "run", "walk", "lie", "brace", "reach", "point", "work", "wave", "lean", "look_back"}
)
Member = Mapping[str, Any]


@dataclass
class Shown:
    """What was drawn: the layer, whether it is a photograph's cut-out, the hands in pixels of the frame."""

    layer: Layer
    cutout: bool
    hands: dict[str, Point]
    look: Look
    chin: Point | None = None


def fitting(member: Member, references: Sequence[SentReference], turn: float, wide: bool) -> SentReference | None:
    """The reference of this member whose view is nearest to the shot's: outfit before identity, whole figures for wide shots."""
    own = [r for r in references if r.subject == member["key"] and r.role not in {"location", "style"}]
    if not own:
        return None
    facing = (turn + 180) % 360 - 180

    def cost(reference: SentReference) -> tuple[float, int]:
        at = FACES.get(reference.view, 0)
        off = abs((facing - at + 180) % 360 - 180)
        if reference.view == "full_body":
            off = off * 0.8 - (55 if wide else -22)
        elif reference.view == "detail":
            off += 70
        elif reference.view in {"top", "base"}:
            off += 90
        if reference.role == "outfit":
            off -= 30 if wide else 4
        return off, own.index(reference)

    best = min(own, key=cost)
    if cost(best)[0] > 110:  # the other side entirely: a figure drawn from that side is truer
        return None
    return best


def shown(
    member: Member, box: Box, shot: Shot, references: Sequence[SentReference], size: tuple[int, int], light_from: Point
) -> Shown:
    """Draw one person or animal for its box."""
    if member.get("species") == "animal":
        return _animal(member, box, shot, references, size, light_from)
    reference = fitting(member, references, box.turn, shot.wide)
    any_own = next((r for r in references if r.subject == member["key"] and r.role not in {"location", "style"}), None)
    look = look_of(member, cut(any_own).tones if any_own else None)
    if reference is not None:
        cutout = cut(reference)
        if shot.wide or cutout.whole:
            quiet = box.pose.name not in POSED and not shot.top and abs(shot.pitch) < 20
            fits = cutout.whole and cutout.clean and (quiet or not shot.wide)
        else:
            fits = not shot.top and not box.pose.lying
            if (
                fits and not cutout.whole and _needs(cutout, box, size) > 1.6
            ):  # the bust would end above the frame's edge
                whole = next((r for r in references if r.subject == member["key"] and r.view == "full_body"), None)
                other = cut(whole) if whole else None
                fits = other is not None and other.whole and other.clean
                cutout = other if other is not None and fits else cutout
        if fits:
            layer = _cut_layer(cutout, box, shot, size)
            k = box.height / 1000
            hands = {"right": (box.x + 8 * k, box.floor - 640 * k), "left": (box.x - 60 * k, box.floor - 600 * k)}
            return Shown(layer, True, hands, look)
    facing = abs((box.turn + box.pose.head_turn + 180) % 360 - 180)
    photo = cut(any_own) if any_own is not None and facing < 70 and not shot.top and not box.pose.lying else None
    if photo is None or photo.face is None or photo.clean or shot.size in {"EST", "EWS"}:
        return _mannequin(look, box, shot, size, light_from)
    drawn = _mannequin(replace(look, hair="bald", hat=None, beard=None, glasses=None), box, shot, size, light_from)
    _face_over(drawn, photo, box)
    return drawn


def _face_over(drawn: Shown, cutout: Cutout, box: Box) -> None:
    """Lay the head of a photograph over the mannequin's."""
    if cutout.face is None or drawn.chin is None:
        return
    x, y, w, h = cutout.face
    left, top, right, bottom = x - w * 0.7, y - h * 0.76, x + w * 0.7, y + h * 0.53
    part = cutout.image.crop((round(left), round(top), round(right), round(bottom)))
    tall = 0.178 * box.height
    share = tall / part.height
    part = part.resize((max(2, round(part.width * share)), max(2, round(tall))), Image.Resampling.BICUBIC)
    pixels = np.asarray(part.convert("RGBa"), np.float32) / 255
    ys, xs = np.mgrid[-1 : 1 : part.height * 1j, -1 : 1 : part.width * 1j].astype(np.float32)
    pixels = pixels * np.clip((1.0 - np.hypot(xs, ys)) / 0.1, 0, 1)[..., None]
    face = Layer(
        pixels[..., :3], pixels[..., 3], round(drawn.chin[0] - part.width / 2), round(drawn.chin[1] - tall * 0.97)
    )
    drawn.layer = joined(drawn.layer, face)


def joined(under: Layer, upper: Layer) -> Layer:
    """The lower layer with the upper one laid on it, cut to the lower one's bounds."""
    h, w = under.alpha.shape
    y0, x0 = max(0, upper.top - under.top), max(0, upper.left - under.left)
    y1, x1 = (
        min(h, upper.top - under.top + upper.alpha.shape[0]),
        min(w, upper.left - under.left + upper.alpha.shape[1]),
    )
    if y1 <= y0 or x1 <= x0:
        return under
    part = (
        slice(y0 + under.top - upper.top, y1 + under.top - upper.top),
        slice(x0 + under.left - upper.left, x1 + under.left - upper.left),
    )
    cover = upper.alpha[part]
    under.colour[y0:y1, x0:x1] = under.colour[y0:y1, x0:x1] * (1 - cover[..., None]) + upper.colour[part]
    under.alpha[y0:y1, x0:x1] = np.maximum(under.alpha[y0:y1, x0:x1], cover)
    return under


def _mannequin(look: Look, box: Box, shot: Shot, size: tuple[int, int], light_from: Point) -> Shown:
    unit = box.height / 1000
    reach = max(300.0, box.pose.reach + 80) * unit * (1 + abs(shot.converge))
    left, right = max(0, int(box.x - reach)), min(size[0], int(box.x + reach))
    top = max(0, int(box.floor - 1130 * unit * (1 + abs(shot.converge))))
    bottom = min(size[1], int(box.floor + 190 * unit + 8))
    if box.pose.lying:
        left, right, top = (
            max(0, int(box.x - 620 * unit)),
            min(size[0], int(box.x + 620 * unit)),
            max(0, int(box.floor - 420 * unit)),
        )
    if right - left < 4 or bottom - top < 4:
        left, top, right, bottom = 0, 0, min(4, size[0]), min(4, size[1])
    turn = -86 if box.pose.lying and box.turn < 0 else 86 if box.pose.lying else 0
    origin = (
        box.x - left + (-490 * unit if turn > 0 else 490 * unit if turn < 0 else 0),
        box.floor - top - (70 * unit if turn else 0),
    )
    pen = Pen(right - left, bottom - top, origin[0], origin[1], unit, light_from, -turn if turn else 0)
    pen.left, pen.top = left, top
    if turn:
        pen.cos, pen.sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        pen.x = box.x - left + (-490 if turn > 0 else 490) * unit
    view = View(box.turn, shot.pitch, shot.converge)
    seat(pen, box.pose, view)
    drawn = draw_figure(pen, look, box.pose, view)
    layer = pen.layer()
    hands = {name: (box.x + x * unit, box.floor + y * unit) for name, (x, y) in drawn.hands.items()}
    chin = (box.x + drawn.head[0] * unit, box.floor + drawn.head[1] * unit)
    return Shown(layer, False, hands, look, chin)


def _animal(
    member: Member, box: Box, shot: Shot, references: Sequence[SentReference], size: tuple[int, int], light_from: Point
) -> Shown:
    reference = fitting(member, references, box.turn, shot.wide)
    look = Look()
    cutout = cut(reference, person=False) if reference else None
    if cutout is not None and not (shot.wide and not cutout.whole):
        tall = box.height * (1.0 if cutout.whole else 1.25 if shot.wide else 1.0)
        image = cutout.image
        share = tall / image.height if cutout.whole or shot.wide else max(tall * 0.9, size[1] * 0.86) / image.height
        bottom = box.floor if cutout.whole else max(box.floor, float(size[1])) if not shot.wide else box.floor
        if not cutout.whole and not shot.wide:
            bottom = size[1] * 1.05
        return Shown(_placed(image, box.x, bottom, share, size), True, {}, look)
    kind, _ = animals.kind_of(member)
    coat = animals.coat_of(member, cutout.tones if cutout else {})
    unit = box.height / 1000
    left, right = max(0, int(box.x - 720 * unit)), min(size[0], int(box.x + 760 * unit))
    top, bottom = max(0, int(box.floor - 1180 * unit)), min(size[1], int(box.floor + 60 * unit))
    pen = Pen(max(4, right - left), max(4, bottom - top), box.x - left, box.floor - top, unit, light_from)
    pen.left, pen.top = left, top
    animals.draw_animal(pen, kind, coat, box.turn, box.pose.name == "sit" or not shot.wide)
    return Shown(pen.layer(), False, {}, look)


def _needs(cutout: Cutout, box: Box, size: tuple[int, int]) -> float:
    """How much larger a bust would have to be to reach the frame's lower edge."""
    share = 0.172 * box.height / max(8.0, cutout.head)
    return (size[1] - (box.floor - 1.018 * box.height)) / max(1.0, cutout.image.height * share)


def _cut_layer(cutout: Cutout, box: Box, shot: Shot, size: tuple[int, int]) -> Layer:
    """The cut-out at the shot's scale: whole figures by their height, cropped ones by their head."""
    image = cutout.image
    tall = 1018 / 1000 * box.height
    if cutout.whole and cutout.head < image.height * 0.3:
        share = tall / image.height
        return _placed(image, box.x, box.floor, share, size, shot)
    head = 0.172 * box.height
    share = head / max(8.0, cutout.head)
    top = box.floor - tall
    bottom = top + image.height * share
    if (
        bottom < size[1] - 1 and not cutout.whole
    ):  # a bust must leave by the lower edge: a little larger, a little lower
        share *= min(1.32, (size[1] - top) / (image.height * share))
        bottom = size[1] + 1.0
    return _placed(image, box.x, bottom, share, size, shot)


def _placed(
    image: Image.Image, x: float, bottom: float, share: float, size: tuple[int, int], shot: Shot | None = None
) -> Layer:
    """Resize only what the frame shows, standing on `bottom` with its middle at `x`."""
    wide, high = image.width * share, image.height * share
    left, top = x - wide / 2, bottom - high
    box = (max(0.0, left), max(0.0, top), min(float(size[0]), left + wide), min(float(size[1]), bottom))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        nothing = np.zeros((2, 2), np.float32)
        return Layer(np.zeros((2, 2, 3), np.float32), nothing)
    x0, y0, x1, y1 = (round(v) for v in box)
    x1, y1 = max(x0 + 1, x1), max(y0 + 1, y1)
    source = (
        min(max(0.0, (x0 - left) / share), image.width - 1.0),
        min(max(0.0, (y0 - top) / share), image.height - 1.0),
        min(float(image.width), (x1 - left) / share),
        min(float(image.height), (y1 - top) / share),
    )
    part = image.convert("RGBa").resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC, box=source, reducing_gap=2.0)
    if shot is not None and abs(shot.converge) > 0.02:
        part = _lean(part, shot.converge)
    pixels = np.asarray(part, np.float32) / 255
    return Layer(np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), x0, y0)


def _lean(image: Image.Image, converge: float) -> Image.Image:
    """Perspective from below (> 0: the top narrows) or above."""
    w, h = image.size
    d = w * 0.5 * abs(converge) * 0.7
    quad = (-d, 0, 0, h, w, h, w + d, 0) if converge > 0 else (0, 0, -d, h, w + d, h, w, 0)
    return image.transform((w, h), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def thing(
    member: Member,
    references: Sequence[SentReference],
    x: float,
    bottom: float,
    high: float,
    size: tuple[int, int],
    light_from: Point,
    top: bool = False,
) -> tuple[Layer, bool, float]:
    """A product standing on (x, bottom), `high` pixels tall: layer, whether it is cut out, its width."""
    own = [r for r in references if r.subject == member["key"]]
    order = (
        ("top", "front") if top else ("front", "three_quarter_right", "three_quarter_left", "full_body", "detail", "")
    )
    own.sort(key=lambda r: order.index(r.view) if r.view in order else 9)
    if own:
        cutout = cut(own[0], person=False)
        share = high / cutout.image.height
        share = min(share, high * (1.9 if cutout.clean else 2.6) / cutout.image.width)
        return _placed(cutout.image, x, bottom, share, size), True, cutout.image.width * share
    kind, colours = props.dress_of(member)
    wide = high * props.sizes(kind)[1]
    reach = wide * 0.9 + high * 0.3 + 6
    left, right = max(0, int(x - reach)), min(size[0], int(x + reach))
    up, low = max(0, int(bottom - high * 1.12 - 4)), min(size[1], int(bottom + high * 0.1 + 4))
    pen = Pen(max(4, right - left), max(4, low - up), x - left, bottom - up, 1.0, light_from)
    pen.left, pen.top = left, up
    props.draw_prop(pen, kind, colours, 0, 0, high)
    return pen.layer(), False, wide


def grip(look: Look, hand: Point, elbow: Point, unit: float, size: tuple[int, int], light_from: Point) -> Layer:
    """A forearm and a hand that closes around something at `hand`; `unit` is pixels per figure unit."""
    pen = Pen(size[0], size[1], 0, 0, 1.0, light_from)
    from studio.providers.sketch.clothes import sleeve

    cloth = sleeve(look) or look.skin
    dx, dy = hand[0] - elbow[0], hand[1] - elbow[1]
    length = math.hypot(dx, dy) or 1
    wrist = (hand[0] - dx / length * 40 * unit, hand[1] - dy / length * 40 * unit)
    pen.shape(limb([elbow, wrist], (66 * unit, 48 * unit)), cloth, 20 * unit)
    pen.shape(
        limb([wrist, (wrist[0] + dx / length * 8 * unit, wrist[1] + dy / length * 8 * unit)], (50 * unit, 50 * unit)),
        shade(cloth, -0.16),
        9 * unit,
    )
    skin = look.gloves or look.skin
    pen.shape(oval(hand[0], hand[1], 27 * unit, 22 * unit, math.atan2(dy, dx)), skin, 9 * unit)
    for k in range(4):
        y = hand[1] + (k - 1.5) * 11.5 * unit
        pen.shape(
            oval(hand[0] + (8 if dx >= 0 else -8) * unit, y, 21 * unit, 7 * unit),
            shade(skin, -0.03 * k),
            4 * unit,
            drop=0.3,
        )
    return pen.layer()


def dice_for(seed: int, word: str) -> random.Random:
    return random.Random(f"{word} {seed}")


def compose_place(member: Member) -> float | None:
    """Where the words put a thing, as a share of the width."""
    return place_of(str(member.get("position") or ""))


def shown_look(member: Member, references: Sequence[SentReference]) -> Look:
    """The look of a person whose hands alone are seen."""
    own = next((r for r in references if r.subject == member["key"] and r.role not in {"location", "style"}), None)
    return look_of(member, cut(own).tones if own else None)
