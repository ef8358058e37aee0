"""What happens in the sample: a storyboard of three scenes and eleven panels, and a lookbook of three looks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from studio.sample.types import Frame, In, Place, Story

OVERALLS, SHELL, COAT = "Work overalls", "Storm shell", "Harbour coat"


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
                "light": "one brass lamp, cold blue window, smoke in the beams",
            },
            (
                Frame(
                    _shot(
                        "WS", "eye", "24 mm", "3.5",
                        "Wind works at the shed doors. Noor rolls up her tools under the one lamp; Halvard stands at the chart table.",
                        framing="two_shot", movement="push_in", sound="Wind, a halyard tapping",
                    ),
                    (
                        In("noor", "left third", "kneels and rolls up her tools", OVERALLS),
                        In("halvard", "right third", "stands at the chart table, hands behind his back", COAT),
                    ),
                ),
                Frame(
                    _shot(
                        "MCU", "eye", "50 mm", "2.5",
                        "Halvard listens to the harbour radio, not to her.",
                        framing="single", dialogue="HALVARD\nBreakwater light went out at four.", sound="Radio hiss",
                    ),
                    (In("halvard", "centre", "listens, three-quarter to the lamp", COAT),),
                ),
                Frame(
                    _shot(
                        "INS", "high", "85 mm", "2.0",
                        "The Tern flask on the chart, steam at its lid. It slides across the soundings.",
                        framing="insert", dialogue="HALVARD (off)\nTake it. It stays warm longer than I do.",
                    ),
                    (In("tern", "centre", "stands on the chart table"),),
                ),
                Frame(
                    _shot(
                        "MS", "low", "35 mm", "2.5",
                        "Noor hooks the flask to her belt and pulls her cap down.",
                        framing="single", dialogue="NOOR\nThen leave the kettle on.",
                    ),
                    (
                        In("noor", "centre", "stands and looks past us to the door", OVERALLS),
                        In("tern", "", "held at her hip", held_by="noor"),
                    ),
                ),
            ),
            location="boat_shed",
            style="graphite_and_wash",
        ),
        Place(
            {
                "int_ext": "EXT",
                "place": "breakwater",
                "time_of_day": "dusk",
                "light": "low overcast, the last band of light on the water",
            },
            (
                Frame(
                    _shot(
                        "EWS", "high", "18 mm", "4.0",
                        "One small figure on the long bend of stone. At the far end, the lamp house, dark.",
                        framing="single", movement="crane", sound="Sea, close",
                    ),
                    (In("noor", "left third", "walks out along the stones, seen from behind", SHELL),),
                ),
                Frame(
                    _shot(
                        "FS", "low", "28 mm", "2.5",
                        "Noor leans into the wind, one hand on the chain, spray over the wall.",
                        framing="single", movement="handheld",
                    ),
                    (
                        In("noor", "right third", "leans into the wind and holds the chain", SHELL),
                        In("tern", "", "hangs at her belt", held_by="noor"),
                    ),
                ),
                Frame(
                    _shot(
                        "MS", "eye", "50 mm", "3.0",
                        "At the lamp house she wipes the salt from the plate and reads the number.",
                        framing="profile", movement="tracking", dialogue="NOOR (radio)\nIt is not the lamp. It is the feed.",
                    ),
                    (In("noor", "left third", "wipes the plate, in profile", SHELL),),
                ),
                Frame(
                    _shot(
                        "CU", "dutch", "85 mm", "1.5",
                        "A wave breaks white behind her. She shuts her eyes and does not let go.",
                        framing="single", sound="Impact, then nothing",
                    ),
                    (In("noor", "centre", "shuts her eyes, jaw set", SHELL),),
                    drawn=False,
                ),
            ),
            location="breakwater",
            style="graphite_and_wash",
        ),
        Place(
            {
                "int_ext": "EXT",
                "place": "turbine deck",
                "time_of_day": "dawn",
                "light": "clear and cold, first sun from the left, fog below",
            },
            (
                Frame(
                    _shot(
                        "WS", "high", "24 mm", "3.5",
                        "Above the fog. Noor kneels at the hatch with the feed line across her knees.",
                        framing="single", movement="drone", sound="Blades, slow",
                    ),
                    (
                        In("noor", "left third", "kneels at the hatch", SHELL),
                        In("tern", "right third", "stands on the roof"),
                    ),
                ),
                Frame(
                    _shot(
                        "CU", "low", "85 mm", "2.5",
                        "The beacon turns over and catches. Its light crosses her face and she smiles on one side.",
                        framing="single", dialogue="NOOR (radio)\nLook out of your window, Halvard.",
                    ),
                    (In("noor", "centre", "looks up into the light, three-quarter", SHELL),),
                ),
                Frame(
                    _shot(
                        "MLS", "eye", "35 mm", "4.0",
                        "She sits against the rail and pours. Steam, sun, and far below a light that answers.",
                        framing="single", movement="pull_out", dialogue="HALVARD (radio)\nKettle is on.",
                    ),
                    (
                        In("noor", "right third", "sits against the rail and pours", SHELL),
                        In("tern", "", "held in both hands", held_by="noor"),
                    ),
                    drawn=False,
                ),
            ),
            location="turbine_deck",
            style="graphite_and_wash",
        ),
    ),
)


def _look(outfit: str, place: str, light: str, detail: str, turn: str) -> Place:
    """Three panels of one look: whole, half, and the turn."""
    return Place(
        {"int_ext": "INT", "place": place, "time_of_day": "day", "light": light},
        (
            Frame(
                _shot("FS", "eye", "85 mm", "3.0", f"{outfit}, whole. She stands and lets the cloth hang.", framing="single"),
                (In("sunniva", "centre", "stands very straight, weight on the left leg", outfit),),
            ),
            Frame(
                _shot("MS", "eye", "85 mm", "2.0", detail, framing="single"),
                (In("sunniva", "left third", "three-quarter to the window", outfit),),
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
            "Oat trench", "daylight studio, pale plaster", "soft window light from the left",
            "The belt tied, not buckled. Collar up on one side.",
            "The back vent opens as she turns.",
        ),
        _look(
            "Ink knit and kilt", "daylight studio, grey felt", "overcast window light, no fill",
            "High neck, sleeves pushed to the elbow, the check just in frame.",
            "The pleats follow a moment later.",
        ),
        _look(
            "Moss suit", "daylight studio, pale plaster", "late sun, one long shadow",
            "One button, bone silk at the neck, hands left alone.",
            "The long back of the jacket, without a seam.",
        ),
    ),
)

STORIES = (BREAKWATER, LOOKS)
