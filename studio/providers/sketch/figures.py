"""Posed figures: limbs, trunk and clothes over the joints of `skeleton`, drawn from the far side to the near."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.providers.sketch import clothes, faces, hair
from studio.providers.sketch.look import Look
from studio.providers.sketch.pen import Pen, Point, limb, mix, oval, shade, smooth
from studio.providers.sketch.skeleton import CHIN, HIP, Body, Pose, View, body, spine

HEAD = 1.12


@dataclass
class Drawn:
    """Where the parts of a drawn figure lie, in its units: hands for what they hold, the chin for a face laid over it."""

    hands: dict[str, Point]  # left, right, left_elbow, right_elbow
    head: Point  # the chin


def trunk(b: Body, y: float, wide: float, deep: float, angle: float) -> tuple[Point, float]:
    """A point on the trunk's surface at standing height y, `angle` degrees from its front, and how it faces us."""
    a = math.radians(angle)
    x, flat_y, depth = b.view.flat(spine(b.pose, y, wide * math.sin(a), deep * math.cos(a)))
    _, _, cd = b.view.flat(spine(b.pose, y))
    return (x, flat_y), depth - cd


def extent(b: Body, wide: float, deep: float) -> float:
    turn = math.radians(b.view.turn)
    return math.hypot(wide * math.cos(turn), deep * math.sin(turn))


def draw_figure(pen: Pen, look: Look, pose: Pose, view: View, carry: str = "") -> Drawn:
    """Draw one figure. Units and axes as in `skeleton`; the pen's origin is the floor between the feet."""
    b = body(pose, view, look.bulk)
    facing = math.cos(math.radians(view.turn))
    turn = view.turn + pose.head_turn * (1 if pose.name != "look_back" or view.turn >= 0 else -1)
    hx, hy, _ = b.joints["head"]
    head = faces.Head(pen, look, hx, hy + 16, turn, pose.head_nod + view.pitch * 0.8, HEAD * (1 - view.converge * 0.8))
    if math.cos(math.radians(turn)) > -0.35:
        hair.behind(head)
    arms = sorted(("left", "right"), key=lambda s: b.joints[f"{s}_hand"][2] + b.joints[f"{s}_elbow"][2])
    middle = b.joints["chest"][2]
    legs = sorted(("left", "right"), key=lambda s: b.joints[f"{s}_knee"][2] + b.joints[f"{s}_ankle"][2])
    near = {s: (b.joints[f"{s}_hand"][2] + b.joints[f"{s}_elbow"][2]) / 2 > middle - 30 for s in arms}
    if look.bag and facing > 0:
        _backpack(pen, look, b)
    for side in arms:
        if not near[side]:
            _arm(pen, look, b, side)
    skirted = look.bottom in {"skirt", "kilt"} or look.top == "dress"
    thighs_first = pose.name not in {"sit", "kneel"} or facing < -0.2
    if thighs_first:
        for side in legs:
            _leg(pen, look, b, side, bare=skirted)
    if skirted:
        clothes.skirt(pen, look, b, extent)
    _neck(pen, look, b)
    clothes.trunk_clothes(pen, look, b, trunk, extent, facing)
    if not thighs_first:
        for side in legs:
            _leg(pen, look, b, side, bare=skirted)
    if look.belt:
        clothes.belt(pen, look, b, trunk, extent)
    if look.bag and facing <= 0:
        _backpack(pen, look, b)
    if facing < -0.2:
        for side in arms:
            if near[side]:
                _arm(pen, look, b, side)
    if look.scarf:
        _scarf(pen, look, b)
    faces.draw_head(head)
    if facing >= -0.2:
        for side in arms:
            if near[side]:
                _arm(pen, look, b, side)
    hands = {side: b.point(f"{side}_hand") for side in ("left", "right")}
    hands |= {f"{side}_elbow": b.point(f"{side}_elbow") for side in ("left", "right")}
    return Drawn(hands, (hx, hy + 16))


def _neck(pen: Pen, look: Look, b: Body) -> None:
    x, y, _ = b.joints["neck"]
    hx, hy, _ = b.joints["head"]
    wide = (33 - 5 * abs(math.sin(math.radians(b.view.turn)))) * look.bulk
    back = -6 * math.sin(math.radians(b.view.turn))
    ring = [
        (hx - wide + back, hy - 34),
        (x - wide * 1.06 + back, y + 22),
        (x - wide * 1.8, y + 52),
        (x + wide * 1.8, y + 52),
        (x + wide * 1.06 + back, y + 22),
        (hx + wide + back, hy - 34),
    ]
    pen.shape(ring, shade(look.skin, -0.14), 14)


def _leg(pen: Pen, look: Look, b: Body, side: str, bare: bool) -> None:
    hip, knee, ankle = (b.point(f"{side}_{n}") for n in ("hip", "knee", "ankle"))
    k = look.bulk
    toe, heel = b.point(f"{side}_toe"), b.point(f"{side}_heel")
    _shoe(pen, look, ankle, toe, heel)
    skin = bare or look.bottom == "shorts"
    colour = shade(look.skin, -0.05) if skin else look.bottom_colour
    wide = (92 * k, 66 * k, 40 * k) if skin or look.bottom == "leggings" else (98 * k, 76 * k, 62 * k)
    end = (ankle[0] + (knee[0] - ankle[0]) * 0.03, ankle[1] + (knee[1] - ankle[1]) * 0.03 + 4)
    pen.shape(limb([hip, knee, end], wide), colour, 24)
    if look.bottom == "shorts" and not bare:
        cut = (hip[0] + (knee[0] - hip[0]) * 0.8, hip[1] + (knee[1] - hip[1]) * 0.8)
        pen.shape(limb([hip, cut], (98 * k, 88 * k)), look.bottom_colour, 24)
    elif not skin:
        pen.line(
            smooth([(knee[0] - 22, knee[1] + 4), (knee[0], knee[1] + 12), (knee[0] + 24, knee[1] + 2)], False),
            3,
            shade(colour, -0.4),
            0.35,
        )
        for step in (0.9, 0.97):
            y = knee[1] + (end[1] - knee[1]) * step
            x = knee[0] + (end[0] - knee[0]) * step
            pen.line(smooth([(x - 24, y - 3), (x, y + 4), (x + 22, y - 2)], False), 2.4, shade(colour, -0.4), 0.35)
    if look.boots:
        top = (ankle[0] + (knee[0] - ankle[0]) * 0.42, ankle[1] + (knee[1] - ankle[1]) * 0.42)
        pen.shape(limb([top, ankle], (70 * k, 58 * k)), look.shoes, 20)


def _shoe(pen: Pen, look: Look, ankle: Point, toe: Point, heel: Point) -> None:
    sole = [(heel[0], heel[1]), (toe[0], toe[1])]
    pen.shape(
        [*limb(sole, (46, 44)), *limb([ankle, ((heel[0] + toe[0]) / 2, (heel[1] + toe[1]) / 2)], (48, 48))],
        look.shoes,
        13,
    )
    low = max(heel[1], toe[1]) + 15
    if abs(heel[1] - toe[1]) < 40:
        left, right = min(heel[0], toe[0]) - 22, max(heel[0], toe[0]) + 22
        pen.line([(left + 6, low), (right - 6, low)], 8, shade(look.shoes, -0.5), 0.9, new=True)


def _arm(pen: Pen, look: Look, b: Body, side: str) -> None:
    shoulder, elbow, hand = (b.point(f"{side}_{n}") for n in ("shoulder", "elbow", "hand"))
    sleeve = clothes.sleeve(look)
    k = look.bulk * clothes.SLEEVE.get(look.top, 1.0)
    dx, dy = hand[0] - elbow[0], hand[1] - elbow[1]
    length = math.hypot(dx, dy) or 1
    ux, uy = dx / length, dy / length
    palm = (hand[0] + ux * 24, hand[1] + uy * 24)
    skin = look.gloves or look.skin
    hand_turn = math.atan2(uy, ux)
    pen.shape(oval(palm[0], palm[1], 28, 17, hand_turn), skin, 9)
    thumb = (palm[0] - uy * 16 + ux * 2, palm[1] + ux * 16 * (1 if side == "left" else -1) * 0.4)
    pen.shape(oval(thumb[0], thumb[1], 16, 8, hand_turn + 0.5), shade(skin, -0.06), 5, drop=0.2)
    for spread in (-6, 0, 6):
        tip = (palm[0] + ux * 26 - uy * spread, palm[1] + uy * 26 + ux * spread)
        pen.line(
            [(palm[0] + ux * 10 - uy * spread, palm[1] + uy * 10 + ux * spread), tip], 1.6, shade(skin, -0.45), 0.45
        )
    if sleeve is None:
        pen.shape(limb([shoulder, elbow, hand], (52 * k, 44 * k, 32 * k)), look.skin, 15)
        cut = (shoulder[0] + (elbow[0] - shoulder[0]) * 0.62, shoulder[1] + (elbow[1] - shoulder[1]) * 0.62)
        if look.top not in {"vest", "dress"}:
            pen.shape(limb([shoulder, cut], (66 * k, 64 * k)), look.top_colour, 18)
        return
    pen.shape(limb([shoulder, elbow, hand], (68 * k, 58 * k, 43 * k)), sleeve, 21, drop=0.42)
    pen.shape(
        limb([(hand[0] - ux * 12, hand[1] - uy * 12), (hand[0] - ux * 3, hand[1] - uy * 3)], (47 * k, 46 * k)),
        shade(sleeve, -0.16),
        10,
        drop=0.2,
    )
    for bend in (-0.10, 0.08):
        fx, fy = elbow[0] + dx * bend, elbow[1] + dy * bend
        pen.line(
            smooth([(fx - uy * 24, fy + ux * 24), (fx, fy + 5), (fx + uy * 18, fy - ux * 18)], False),
            2.6,
            shade(sleeve, -0.45),
            0.4,
        )
    if look.stripe:
        mx, my = shoulder[0] + (elbow[0] - shoulder[0]) * 0.62, shoulder[1] + (elbow[1] - shoulder[1]) * 0.62
        ex, ey = elbow[0] - shoulder[0], elbow[1] - shoulder[1]
        size = math.hypot(ex, ey) or 1
        nx, ny, tx, ty = -ey / size * 33 * k, ex / size * 33 * k, ex / size * 10, ey / size * 10
        pen.tint(
            [
                (mx + nx - tx, my + ny - ty),
                (mx - nx - tx, my - ny - ty),
                (mx - nx + tx, my - ny + ty),
                (mx + nx + tx, my + ny + ty),
            ],
            look.stripe,
            0.92,
        )


def _scarf(pen: Pen, look: Look, b: Body) -> None:
    x, y, _ = b.joints["neck"]
    colour = look.scarf or "#8a4a3c"
    pen.shape(oval(x, y + 8, 60 * look.bulk, 26), colour, 13)
    pen.line(smooth([(x - 54, y + 2), (x, y + 18), (x + 54, y)], False), 4, shade(colour, -0.35), 0.5)
    if math.cos(math.radians(b.view.turn)) > -0.2:
        pen.shape(
            smooth([(x + 12, y + 18), (x + 44, y + 20), (x + 40, y + 120), (x + 14, y + 122)]), shade(colour, -0.06), 10
        )


def _backpack(pen: Pen, look: Look, b: Body) -> None:
    x, y, _ = b.view.flat(spine(b.pose, -660, 0, -78))
    wide = extent(b, 76, 40)
    pen.shape(
        smooth(
            [
                (x - wide, y - 90),
                (x, y - 116),
                (x + wide, y - 90),
                (x + wide * 1.05, y + 110),
                (x, y + 122),
                (x - wide * 1.05, y + 110),
            ]
        ),
        look.bag or "#6b4930",
        26,
    )


def seat(pen: Pen, b_pose: Pose, view: View, colour: str = "#4c4038") -> None:
    """A crate to sit on, for a pose that sits."""
    if not b_pose.seat:
        return
    corners = [
        (-105, -b_pose.seat + 20, -90),
        (105, -b_pose.seat + 20, -90),
        (105, -b_pose.seat + 20, 80),
        (-105, -b_pose.seat + 20, 80),
    ]
    top = [view.flat(c)[:2] for c in corners]
    base = [view.flat((x, 0, z))[:2] for x, _, z in corners]
    left, right = min(p[0] for p in top), max(p[0] for p in top)
    high, low = min(p[1] for p in top), max(p[1] for p in base)
    pen.shape([(left, high), (right, high), (right, low), (left, low)], colour, 30)
    pen.shape(
        [(left - 8, high - 6), (right + 8, high - 6), (right + 8, high + 22), (left - 8, high + 22)],
        mix(colour, "#ffffff", 0.15),
        6,
    )


def height_of(pose: Pose) -> float:
    """How far the crown is above the floor, in units."""
    if pose.lying:
        return 260.0
    return -(spine(pose, CHIN)[1]) + 166 if pose.drop or pose.lean else 1018.0


__all__ = ["HEAD", "HIP", "Drawn", "draw_figure", "height_of", "seat", "trunk"]
