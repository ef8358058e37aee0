"""Joints of a posed body in three dimensions, and how they fall on the picture.

Units: a standing adult is 1000 high, the floor is y = 0, up is negative, z comes toward the camera when `turn` is 0.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

Joint = tuple[float, float, float]
Limb = tuple[Joint, Joint]  # elbow and hand from the shoulder, or knee and ankle from the hip; x is outward

HIP, SHOULDER, NECK, CHIN = -505.0, -796.0, -826.0, -852.0
HANG: Limb = ((20, 148, -8), (18, 284, 24))
LEG: Limb = ((6, 236, 8), (8, 462, 0))


@dataclass(frozen=True)
class Pose:
    """`drop` lowers the hips, `lean` bends the back forward (degrees), head turns are degrees relative to the chest."""

    name: str = "stand"
    drop: float = 0
    lean: float = 0
    tilt: float = 0
    left_arm: Limb = HANG
    right_arm: Limb = HANG
    left_leg: Limb = LEG
    right_leg: Limb = LEG
    head_turn: float = 0
    head_nod: float = 0
    seat: float = 0
    reach: float = 170  # half the width that the pose needs
    lying: bool = False
    grip: str = ""  # the hand that holds what is held: left, right or both


HOLD: Limb = ((34, 136, 46), (-62, 100, 150))
POSES = {
    "stand": Pose(left_leg=((10, 236, 8), (16, 462, 0)), right_leg=((2, 236, 12), (8, 462, 14))),
    "walk": Pose(
        "walk", lean=4, reach=190,
        left_leg=((0, 224, 66), (0, 448, 120)), right_leg=((0, 232, -24), (0, 436, -150)),
        left_arm=((24, 142, -62), (20, 258, -50)), right_arm=((24, 140, 48), (10, 244, 122)),
    ),
    "run": Pose(
        "run", drop=10, lean=17, reach=240,
        left_leg=((0, 160, 165), (4, 360, 130)), right_leg=((0, 214, -80), (0, 330, -270)),
        left_arm=((36, 104, -104), (24, 182, 20)), right_arm=((34, 112, 74), (-16, 74, 176)),
    ),
    "sit": Pose(
        "sit", drop=222, seat=262, reach=190,
        left_leg=((22, 4, 216), (22, 238, 196)), right_leg=((22, 4, 212), (26, 238, 226)),
        left_arm=((28, 140, 30), (-14, 208, 160)), right_arm=((30, 140, 30), (-20, 212, 150)),
    ),
    "kneel": Pose(
        "kneel", drop=224, lean=10, reach=240, head_nod=14, grip="both",
        left_leg=((20, 16, 220), (22, 242, 196)), right_leg=((16, 224, 34), (16, 236, -196)),
        left_arm=((40, 116, 92), (-6, 112, 232)), right_arm=((38, 124, 70), (-30, 168, 200)),
    ),
    "lean": Pose(
        "lean", tilt=7, reach=200, head_nod=2,
        left_leg=((6, 236, 10), (10, 462, 4)), right_leg=((-6, 230, 40), (-64, 452, 66)),
        left_arm=((36, 124, 66), (-118, 116, 128)), right_arm=((36, 124, 60), (-112, 134, 118)),
    ),
    "hold": Pose("hold", left_arm=HOLD, right_arm=HOLD, grip="both", head_nod=5, reach=180),
    "carry": Pose("carry", right_arm=((30, 138, 40), (-8, 118, 170)), grip="right", reach=180),
    "read": Pose(
        "read", left_arm=((34, 132, 62), (-50, 84, 190)), right_arm=((34, 132, 62), (-50, 84, 190)),
        grip="both", head_nod=17, reach=180,
    ),
    "point": Pose("point", right_arm=((112, 46, 66), (238, 16, 128)), head_turn=12, reach=260),
    "reach": Pose(
        "reach", right_arm=((74, -98, 58), (92, -236, 84)), left_arm=((44, 132, 52), (10, 206, 150)),
        head_nod=-12, reach=220, grip="right",
    ),
    "drink": Pose(
        "drink", right_arm=((64, 118, 94), (-66, -24, 158)), head_nod=-5, grip="right", reach=190,
    ),
    "phone": Pose("phone", right_arm=((74, 110, 60), (-26, -66, 46)), head_turn=-8, grip="", reach=190),
    "wave": Pose("wave", right_arm=((110, 50, 30), (142, -104, 60)), reach=250),
    "hips": Pose(
        "hips", left_arm=((98, 120, -30), (-8, 232, 30)), right_arm=((98, 120, -30), (-8, 232, 30)), reach=230,
        left_leg=((18, 236, 8), (34, 460, 0)), right_leg=((18, 236, 8), (34, 460, 0)),
    ),
    "crossed": Pose("crossed", left_arm=((42, 128, 56), (-122, 108, 132)), right_arm=((42, 128, 50), (-116, 128, 118))),
    "brace": Pose(
        "brace", drop=34, lean=9, reach=270, grip="both",
        left_leg=((30, 214, 96), (46, 428, 128)), right_leg=((40, 226, -60), (66, 420, -168)),
        left_arm=((58, 92, 104), (34, 36, 236)), right_arm=((58, 118, 92), (20, 96, 236)),
    ),
    "work": Pose(
        "work", lean=13, head_nod=18, grip="both", reach=200,
        left_arm=((36, 132, 74), (-34, 146, 204)), right_arm=((36, 132, 74), (-40, 128, 208)),
    ),
    "look_back": Pose("look_back", head_turn=-72, reach=180),
    "lie": Pose("lie", lying=True, reach=520),
}  # fmt: skip

WORDS = (  # the first that is found wins
    ("lie", r"\b(lies|lying|asleep|sleep\w*|collaps\w*|unconscious|rests? on the (?:ground|floor|bed))\b"),
    ("look_back", r"\b(look\w*|glanc\w*|turn\w*) (back|over (?:her|his|their) shoulder|round)\b|over (?:her|his) shoulder"),
    ("kneel", r"\b(kneel\w*|knelt|crouch\w*|squat\w*|bolts? the|on (?:one|her|his) knees?)\b"),
    ("sit", r"\b(sit\w*|sat|seated|perch\w*|rid(?:es|ing)|driv(?:es|ing))\b"),
    ("run", r"\b(run\w*|ran|sprint\w*|chas\w*|flee\w*|rush\w*|dash\w*|races?)\b"),
    ("brace", r"\b(brac\w*|push\w*|pull\w*|haul\w*|drag\w*|steadi\w*|heav\w*|tug\w*)\b"),
    ("walk", r"\b(walk\w*|strid\w*|strode|step\w*|cross(?:es|ing)|enter\w*|leav\w*|arriv\w*|approach\w*|stroll\w*|march\w*|climb\w*)\b"),
    ("drink", r"\b(drink\w*|drank|sip\w*|gulp\w*)\b"),
    ("read", r"\b(read\w*|stud(?:y|ies|ying)|examin\w*|inspect\w*|looks? down|scroll\w*|letter|map|schematic)\b"),
    ("phone", r"\b(phone\w*|telephone|radio call|calls)\b"),
    ("point", r"\b(point\w*|gestur\w*|indicat\w*|aims?)\b"),
    ("wave", r"\b(wav(?:es|ing)|greet\w*|hails?)\b"),
    ("reach", r"\b(reach\w*|stretch\w*|grab\w*|lifts? (?:up|high)|raises?)\b"),
    ("work", r"\b(work\w*|repair\w*|fix\w*|tighten\w*|paint\w*|cook\w*|wip(?:es|ing)|typ(?:es|ing)|writ\w*|draw\w*|pour\w*|bends?)\b"),
    ("hold", r"\b(hold\w*|held|carr(?:y|ies|ying)|clutch\w*|cradl\w*|offers?|shows?|lift\w*|hand(?:s|ing) (?:over|him|her))\b"),
    ("crossed", r"arms (?:crossed|folded)|cross(?:es|ed) (?:her|his) arms"),
    ("hips", r"hands? on (?:her|his|their)? ?hips?"),
    ("lean", r"\b(lean\w*|wait\w*|rests? against)\b"),
)  # fmt: skip


def pose_of(words: str, holding: bool = False, relaxed: int = 0) -> Pose:
    """The pose that the words ask for. `relaxed` picks among the quiet ones where they ask for none."""
    said = words.lower()[:2000]
    for name, pattern in WORDS:
        if re.search(pattern, said):
            pose = POSES[name]
            if holding and not pose.grip and name in {"walk", "sit", "look_back", "lean", "point", "wave"}:
                other = POSES["carry"].right_arm
                arms: dict[str, Any] = {"left_arm": other} if name in {"point", "wave"} else {"right_arm": other}
                pose = replace(pose, grip="left" if name in {"point", "wave"} else "right", **arms)
            return pose
    if holding:
        return POSES["carry" if relaxed % 2 else "hold"]
    return POSES[("stand", "stand", "hips", "stand")[relaxed % 4]]


@dataclass(frozen=True)
class View:
    """Where the camera stands: `turn` degrees about the figure (90 faces right, 180 away), `pitch` looking down."""

    turn: float = 0
    pitch: float = 0
    converge: float = 0  # perspective over the height: > 0 the feet loom, < 0 the head

    def flat(self, joint: Joint, middle: float = -500) -> Joint:
        """x, y on the picture and depth (larger is nearer)."""
        x, y, z = joint
        angle, nod = math.radians(self.turn), math.radians(self.pitch)
        across = x * math.cos(angle) + z * math.sin(angle)
        near = -x * math.sin(angle) + z * math.cos(angle)
        high = y * math.cos(nod) + near * math.sin(nod)
        deep = near * math.cos(nod) - y * math.sin(nod)
        swell = 1 + self.converge * (y - middle) / 500
        return across * swell, high, deep


@dataclass
class Body:
    """Flat joints of one posed figure."""

    joints: dict[str, Joint]
    pose: Pose
    view: View

    def point(self, name: str) -> tuple[float, float]:
        x, y, _ = self.joints[name]
        return x, y


def spine(pose: Pose, y: float, x: float = 0.0, z: float = 0.0) -> Joint:
    """A point of the trunk at standing height `y`, after the pose has lowered and bent it."""
    above = HIP - y
    lean, tilt = math.radians(pose.lean), math.radians(pose.tilt)
    up, out = above * math.cos(lean) - z * math.sin(lean), above * math.sin(lean) + z * math.cos(lean)
    return x + up * math.sin(tilt), HIP + pose.drop - up * math.cos(tilt), out


def body(pose: Pose, view: View, bulk: float = 1.0) -> Body:
    """Every joint on the picture."""
    at: dict[str, Joint] = {}
    for side, sign, arm, leg in (
        ("left", -1, pose.left_arm, pose.left_leg),
        ("right", 1, pose.right_arm, pose.right_leg),
    ):
        shoulder = spine(pose, SHOULDER + 26, sign * 96 * bulk, 0)
        hip = spine(pose, HIP + 6, sign * 46 * bulk, 0)
        at[f"{side}_shoulder"], at[f"{side}_hip"] = shoulder, hip
        for name, (dx, dy, dz) in zip(("elbow", "hand"), arm, strict=True):
            at[f"{side}_{name}"] = (shoulder[0] + sign * dx, shoulder[1] + dy, shoulder[2] + dz)
        for name, (dx, dy, dz) in zip(("knee", "ankle"), leg, strict=True):
            at[f"{side}_{name}"] = (hip[0] + sign * dx, hip[1] + dy, hip[2] + dz)
        ankle = at[f"{side}_ankle"]
        at[f"{side}_toe"] = (ankle[0] + sign * 14, min(-8.0, ankle[1] + 34), ankle[2] + 74)
        at[f"{side}_heel"] = (ankle[0], min(-6.0, ankle[1] + 34), ankle[2] - 22)
    at["neck"], at["head"] = spine(pose, NECK), spine(pose, CHIN, 0, 10)
    at["hips"], at["chest"] = spine(pose, HIP), spine(pose, -700)
    return Body({name: view.flat(joint) for name, joint in at.items()}, pose, view)
