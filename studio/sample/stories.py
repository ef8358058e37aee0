"""What happens in the sample: a storyboard of three scenes and eleven panels, and a lookbook of three looks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from studio.sample.types import Frame, In, Place, Story

JACKET, RAINCOAT = "Service jacket", "Yellow raincoat"


def _shot(size: str, angle: str, lens: str, seconds: str, action: str, **more: Any) -> dict[str, Any]:
    return {"shot_size": size, "angle": angle, "lens": lens, "seconds": Decimal(seconds), "action": action, **more}


BREAKWATER = Story(
    title="Last light on the breakwater",
    kind="storyboard",
    aspect="16:9",
    client="Tern Flasks",
    places=(
        Place(
            {
                "int_ext": "INT",
                "place": "boat shed",
                "time_of_day": "evening",
                "light": "one hanging lamp, cold light from the slip door",
            },
            (
                Frame(
                    _shot(
                        "WS",
                        "eye",
                        "24 mm",
                        "3.5",
                        "Wind works at the slip door. Noor packs her tools by the dinghy; Halvard looks out at the water.",
                        framing="two_shot",
                        movement="push_in",
                        sound="Wind, a halyard tapping",
                    ),
                    (
                        In("noor", "left third", "kneels and packs her tools", JACKET),
                        In("halvard", "right third", "stands by the slip door, hands behind his back", RAINCOAT),
                    ),
                ),
                Frame(
                    _shot(
                        "MCU",
                        "eye",
                        "50 mm",
                        "2.5",
                        "Halvard listens to the harbour radio, not to her.",
                        framing="single",
                        dialogue="HALVARD\nBreakwater light went out at four.",
                        sound="Radio hiss",
                    ),
                    (In("halvard", "centre", "listens, in three-quarter view", RAINCOAT),),
                ),
                Frame(
                    _shot(
                        "INS",
                        "high",
                        "85 mm",
                        "2.0",
                        "The Tern flask on the bench, steam at its neck. It slides into the light.",
                        framing="insert",
                        dialogue="HALVARD (off)\nTake it. It stays warm longer than I do.",
                    ),
                    (In("tern-flask", "centre", "stands on the bench"),),
                ),
                Frame(
                    _shot(
                        "MS",
                        "low",
                        "35 mm",
                        "2.5",
                        "Noor takes the flask and pulls her cap down to the brows.",
                        framing="single",
                        dialogue="NOOR\nThen leave the kettle on.",
                    ),
                    (
                        In("noor", "centre", "holds the flask, chin up", JACKET),
                        In("tern-flask", "", "in her hands", held_by="noor"),
                    ),
                ),
            ),
            location="boat-shed",
        ),
        Place(
            {
                "int_ext": "EXT",
                "place": "breakwater",
                "time_of_day": "golden_hour",
                "light": "clear sky, low sun over the water",
            },
            (
                Frame(
                    _shot(
                        "EWS",
                        "high",
                        "18 mm",
                        "4.0",
                        "One small figure on a straight mile of stone. At the far end the tower, dark.",
                        framing="single",
                        movement="crane",
                        sound="Sea, close on both sides",
                    ),
                    (In("noor", "right third", "walks away along the stones, seen from behind", JACKET),),
                ),
                Frame(
                    _shot(
                        "FS",
                        "low",
                        "28 mm",
                        "2.5",
                        "Noor walks into the wind, cap down. Spray comes over the boulders.",
                        framing="single",
                        movement="handheld",
                    ),
                    (In("noor", "left third", "walks into the wind, in three-quarter view", JACKET),),
                ),
                Frame(
                    _shot(
                        "MS",
                        "eye",
                        "50 mm",
                        "3.0",
                        "At the tower she wipes the salt from the plate and reads the number.",
                        framing="profile",
                        movement="tracking",
                        dialogue="NOOR (radio)\nIt is not the lamp. It is the feed.",
                    ),
                    (In("noor", "left third", "wipes the plate, in profile", JACKET),),
                ),
                Frame(
                    _shot(
                        "CU",
                        "dutch",
                        "85 mm",
                        "1.5",
                        "A wave breaks white behind her. She shuts her eyes and does not step back.",
                        framing="single",
                        sound="Impact, then nothing",
                    ),
                    (In("noor", "centre", "shuts her eyes, jaw set", JACKET),),
                    drawn=False,
                ),
            ),
            location="breakwater",
            style="graphite-and-wash",
        ),
        Place(
            {
                "int_ext": "EXT",
                "place": "turbine deck",
                "time_of_day": "dawn",
                "light": "clear and cold, first sun from the left",
            },
            (
                Frame(
                    _shot(
                        "WS",
                        "high",
                        "24 mm",
                        "3.5",
                        "First light on the deck. Noor kneels at the hatch with the feed line across her knees, the flask beside her.",
                        framing="single",
                        movement="drone",
                        sound="Blades, slow",
                    ),
                    (
                        In("noor", "left third", "kneels at the hatch", JACKET),
                        In("tern-flask", "right third", "stands on the deck"),
                    ),
                ),
                Frame(
                    _shot(
                        "CU",
                        "low",
                        "85 mm",
                        "2.5",
                        "Far off the breakwater light comes back. It crosses her face, and she smiles on one side.",
                        framing="single",
                        dialogue="NOOR (radio)\nLook out of your door, Halvard.",
                    ),
                    (
                        In(
                            "noor",
                            "centre",
                            "lifts her face to the light, in three-quarter view",
                            JACKET,
                            view="three_quarter_right",
                        ),
                    ),
                ),
                Frame(
                    _shot(
                        "MLS",
                        "eye",
                        "35 mm",
                        "4.0",
                        "She sits against the tower and drinks. Steam, sun, and across the water a light that answers.",
                        framing="single",
                        movement="pull_out",
                        dialogue="HALVARD (radio)\nKettle is on.",
                    ),
                    (
                        In("noor", "right third", "sits and holds the flask", JACKET),
                        In("tern-flask", "", "in her hands", held_by="noor"),
                    ),
                    drawn=False,
                ),
            ),
            location="turbine-deck",
        ),
    ),
)


def _look(outfit: str, place: str, light: str, detail: str, turn: str) -> Place:
    """Three panels of one look: whole, half, and the turn."""
    return Place(
        {"int_ext": "INT", "place": f"{outfit.lower()}, {place}", "time_of_day": "day", "light": light},
        (
            Frame(
                _shot(
                    "FS",
                    "eye",
                    "85 mm",
                    "3.0",
                    f"{outfit}, whole. She stands and lets the cloth hang.",
                    framing="single",
                ),
                (In("sunniva", "centre", "stands very straight, arms left alone", outfit),),
            ),
            Frame(
                _shot("MS", "eye", "85 mm", "2.0", detail, framing="single"),
                (In("sunniva", "left third", "in three-quarter view", outfit),),
            ),
            Frame(
                _shot("MLS", "low", "50 mm", "2.0", turn, framing="back"),
                (In("sunniva", "centre", "turns away, seen from behind", outfit),),
            ),
        ),
    )


LOOKS = Story(
    title="Sunniva, three looks",
    kind="lookbook",
    aspect="3:4",
    client="Havre, autumn",
    places=(
        _look(
            "Oat trench",
            "daylight studio",
            "soft window light from the left",
            "The belt tied, not buckled. Collar up on one side.",
            "The back vent opens as she turns.",
        ),
        _look(
            "Ink knit and kilt",
            "daylight studio",
            "overcast window light, no fill",
            "High neck, sleeves pushed to the elbow, the check just in frame.",
            "The pleats follow a moment later.",
        ),
        _look(
            "Moss suit",
            "daylight studio",
            "late sun, one long shadow",
            "One button, bone silk at the neck, hands left alone.",
            "The long back of the jacket, without a seam.",
        ),
    ),
)

STORIES = (BREAKWATER, LOOKS)
