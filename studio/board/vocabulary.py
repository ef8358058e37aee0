"""The words of the trade: what a panel's fields may say, in full and short.

A project may add its own words beside these (`Project.words`); an own word is its own code, label and short form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    code: str  # stored, and read by prompts and engines
    label: str  # in forms and for clients
    short: str  # on cards


def _words(*rows: tuple[str, str, str]) -> tuple[Word, ...]:
    return tuple(Word(*row) for row in rows)


def _plain(*codes: str) -> tuple[Word, ...]:
    return tuple(Word(code, code, code) for code in codes)


SHOT_SIZES = _words(
    ("EST", "Establishing", "EST"),
    ("EWS", "Extreme wide", "EWS"),
    ("WS", "Wide", "WS"),
    ("FS", "Full shot", "FS"),
    ("MLS", "Medium long", "MLS"),
    ("MS", "Medium", "MS"),
    ("MCU", "Medium close-up", "MCU"),
    ("CU", "Close-up", "CU"),
    ("BCU", "Big close-up", "BCU"),
    ("ECU", "Extreme close-up", "ECU"),
    ("INS", "Insert", "INS"),
    ("OTS", "Over the shoulder", "OTS"),
    ("POV", "Point of view", "POV"),
)
ANGLES = _words(
    ("eye", "Eye level", "eye"),
    ("high", "High", "high"),
    ("low", "Low", "low"),
    ("top", "Overhead", "top"),
    ("worm", "Worm's eye", "worm"),
    ("dutch", "Dutch", "dutch"),
    ("ground", "Ground level", "ground"),
    ("shoulder", "Shoulder level", "shoulder"),
)
FRAMINGS = _words(
    ("single", "Single", "single"),
    ("two_shot", "Two-shot", "2-shot"),
    ("three_shot", "Three-shot", "3-shot"),
    ("group", "Group", "group"),
    ("ots", "Over the shoulder", "OTS"),
    ("pov", "Point of view", "POV"),
    ("insert", "Insert", "insert"),
    ("profile", "Profile", "profile"),
    ("back", "From behind", "back"),
)
LENSES = (
    *_plain(*(f"{mm} mm" for mm in (14, 18, 22, 24, 28, 35, 50, 85, 100, 120, 135, 200))),
    *_words(
        ("macro", "100 mm macro", "macro"),
        ("anamorphic", "Anamorphic", "anamorphic"),
        ("zoom", "Zoom", "zoom"),
        ("tilt-shift", "Tilt-shift", "tilt-shift"),
    ),
)
MOVEMENTS = _words(
    ("static", "Static", "static"),
    ("pan_left", "Pan left", "pan L"),
    ("pan_right", "Pan right", "pan R"),
    ("tilt_up", "Tilt up", "tilt up"),
    ("tilt_down", "Tilt down", "tilt down"),
    ("zoom_in", "Zoom in", "zoom in"),
    ("zoom_out", "Zoom out", "zoom out"),
    ("tracking", "Tracking", "track"),
    ("dolly_in", "Dolly in", "dolly in"),
    ("dolly_out", "Dolly out", "dolly out"),
    ("push_in", "Push in", "push in"),
    ("pull_out", "Pull out", "pull out"),
    ("truck_left", "Truck left", "truck L"),
    ("truck_right", "Truck right", "truck R"),
    ("pedestal", "Pedestal", "pedestal"),
    ("crane", "Crane, jib", "crane"),
    ("handheld", "Handheld", "handheld"),
    ("steadicam", "Steadicam, gimbal", "steadicam"),
    ("arc", "Arc, orbit", "arc"),
    ("whip_pan", "Whip pan", "whip pan"),
    ("roll", "Roll", "roll"),
    ("rack_focus", "Rack focus", "rack focus"),
    ("drone", "Drone", "drone"),
)
INT_EXT = _words(
    ("INT", "Interior", "Int."),
    ("EXT", "Exterior", "Ext."),
    ("INT/EXT", "Interior and exterior", "Int./Ext."),
    ("EST", "Establishing", "Est."),
)
TIMES_OF_DAY = _words(
    ("day", "Day", "day"),
    ("night", "Night", "night"),
    ("morning", "Morning", "morning"),
    ("afternoon", "Afternoon", "afternoon"),
    ("evening", "Evening", "evening"),
    ("dawn", "Dawn", "dawn"),
    ("dusk", "Dusk", "dusk"),
    ("sunrise", "Sunrise", "sunrise"),
    ("sunset", "Sunset", "sunset"),
    ("golden_hour", "Golden hour", "golden hour"),
    ("magic_hour", "Magic hour", "magic hour"),
    ("later", "Later", "later"),
    ("moments_later", "Moments later", "moments later"),
    ("continuous", "Continuous", "continuous"),
    ("same", "Same", "same"),
)
TRANSITIONS = _words(
    ("cut", "Cut to", "cut"),
    ("smash_cut", "Smash cut to", "smash cut"),
    ("dissolve", "Dissolve to", "dissolve"),
    ("fade_in", "Fade in", "fade in"),
    ("fade_out", "Fade out", "fade out"),
    ("fade_to_black", "Fade to black", "fade to black"),
    ("wipe", "Wipe", "wipe"),
    ("match_cut", "Match cut", "match cut"),
    ("jump_cut", "Jump cut", "jump cut"),
)
ASPECTS = _words(
    ("2.39:1", "2.39:1, scope", "2.39:1"),
    ("2:1", "2:1, univisium", "2:1"),
    ("1.85:1", "1.85:1, flat", "1.85:1"),
    ("16:9", "16:9, video", "16:9"),
    ("4:3", "4:3, classic", "4:3"),
    ("1:1", "1:1, square", "1:1"),
    ("9:16", "9:16, upright video", "9:16"),
    ("4:5", "4:5, upright post", "4:5"),
    ("3:4", "3:4, upright", "3:4"),
    ("2:3", "2:3, upright photo", "2:3"),
    ("3:2", "3:2, photo", "3:2"),
    ("5:4", "5:4, large format", "5:4"),
    ("21:9", "21:9, ultrawide", "21:9"),
)
WHERE = _words(
    ("left", "Left", "left"),
    ("centre", "Centre", "centre"),
    ("right", "Right", "right"),
    ("foreground", "Foreground", "foreground"),
    ("background", "Background", "background"),
    ("left_third", "Left third", "left third"),
    ("right_third", "Right third", "right third"),
)

KINDS: dict[str, tuple[Word, ...]] = {
    "shot_size": SHOT_SIZES,
    "angle": ANGLES,
    "framing": FRAMINGS,
    "lens": LENSES,
    "movement": MOVEMENTS,
    "int_ext": INT_EXT,
    "time_of_day": TIMES_OF_DAY,
    "transition": TRANSITIONS,
    "aspect": ASPECTS,
    "where": WHERE,
}
OWN_WORDS = frozenset(
    {"shot_size", "angle", "framing", "lens", "movement", "time_of_day"}
)  # a project may add to these
_BY_CODE = {kind: {word.code: word for word in words} for kind, words in KINDS.items()}


def label(kind: str, code: str) -> str:
    """The full word; an own word, or one no longer known, is its own label."""
    word = _BY_CODE[kind].get(code)
    return word.label if word else code


def short(kind: str, code: str) -> str:
    """The short form for cards."""
    word = _BY_CODE[kind].get(code)
    return word.short if word else code


def known(kind: str, code: str) -> bool:
    return code in _BY_CODE[kind]


def choices(kind: str, project: Any = None, current: str = "") -> list[Word]:
    """What a select offers: the vocabulary, the project's own words, and what is chosen now even where neither has it."""
    words = list(KINDS[kind])
    have = {word.code for word in words}
    for own in [*(project.words.get(kind, []) if project is not None else []), current]:
        if own and own not in have:
            words.append(Word(own, own, own))
            have.add(own)
    return words


def ratio(aspect: str) -> float:
    """Width over height of an aspect such as 2.39:1."""
    width, height = aspect.split(":")
    return float(width) / float(height)
