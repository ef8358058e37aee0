"""Who and what the sample shows: two characters and a product, a model with three looks, three places, a style.

Keys are those of `pictures.REFERENCES`; swatches are the colours that those pictures are drawn with.
"""

from __future__ import annotations

from studio.sample.types import Clothes, Mark, Someone

NOOR = Someone(
    key="noor",
    kind="character",
    name="Noor",
    bible=(
        "Woman of 34, wiry and quick, medium height, warm brown skin, a straight nose and full dark brows over brown eyes. "
        "A small dark mole low beside the chin that is never covered. Near-black curled hair in a short ponytail, tied at the "
        "nape; two curls always escape at the temples. A teal ribbed beanie, white patch with a lightning bolt on its fold, "
        "worn level and low on the forehead, indoors too; a mustard work jacket with white reflective bands and a cream "
        "turbine emblem on the back of the jacket. Hands of somebody who "
        "climbs: short nails, no rings. She stands with her weight forward, shoulders low, attentive and dry, chin up as if "
        "listening for the wind, lips closed; the smile, when it comes, stays on one side."
    ),
    marks=(
        Mark("near-black curled hair in a short ponytail", "hair", "#2a211f"),
        Mark("warm brown skin", "face", "#b98160"),
        Mark("small dark mole low beside the chin", "mark", "#3a201a"),
        Mark("teal ribbed beanie, white patch with a lightning bolt", "item", "#1f7a7c"),
        Mark("mustard work jacket with white reflective bands", "wardrobe", "#c08a30"),
        Mark("cream turbine emblem on the back of the jacket", "logo", "#efe6cf"),
        Mark("weight forward, shoulders low, attentive and dry", "posture"),
    ),
    outfits=(
        Clothes(
            "Service jacket",
            "Mustard canvas jacket with two white reflective bands and a round turbine emblem on the back, slate undershirt, "
            "charcoal work trousers, a tan tool belt, brown boots.",
            ("#c08a30", "#39424f", "#46525e"),
            borrowed=("noor-full-body", "noor-back"),
        ),
    ),
)

HALVARD = Someone(
    key="halvard",
    kind="character",
    name="Halvard",
    bible=(
        "Man of 71, harbour master for longer than the harbour has had a crane. Tall once and a little bent now, broad in "
        "the shoulders; weathered skin, red over the cheekbones, and pale blue eyes set deep. A full grey beard cut short and "
        "square, grey hair cropped under a navy knitted cap turned up once, a yellow oilskin raincoat to the knee in any "
        "weather. Two fingers of the right hand do not close. He stands with a bent back, hands clasped behind it, and "
        "leans on whatever is near when he thinks; he "
        "looks at the water before he looks at you, and his mouth hardly moves when he speaks."
    ),
    marks=(
        Mark("full grey beard cut short and square", "hair", "#d3cdbf"),
        Mark("weathered skin, red over the cheekbones", "face", "#d3a07c"),
        Mark("pale blue eyes set deep", "face", "#4f6f86"),
        Mark("navy knitted cap turned up once", "item", "#25324f"),
        Mark("yellow oilskin raincoat to the knee", "wardrobe", "#e0b030"),
        Mark("bent back, hands clasped behind it", "posture"),
    ),
    outfits=(
        Clothes(
            "Yellow raincoat",
            "Yellow oilskin raincoat to the knee with a stand collar and an anchor on the back, dark trousers, green rubber boots.",
            ("#e0b030", "#3a4048"),
            borrowed=("halvard-full-body", "halvard-back"),
        ),
    ),
)

SUNNIVA = Someone(
    key="sunniva",
    kind="character",
    name="Sunniva",
    bible=(
        "Woman of 27, tall and long-limbed, with fair skin, freckles thick over nose and cheeks, an oval face and a level mouth. "
        "Long straight copper hair, parted on the side, heavy and lying flat to the shoulder blades. Green eyes far apart "
        "under light brows; a narrow silver ear cuff on one side and no other jewellery. She stands very straight, calm and "
        "direct, head not tilted, weight even, arms left alone, lips closed, looking into the lens."
    ),
    marks=(
        Mark("long straight copper hair, parted on the side", "hair", "#b5622f"),
        Mark("fair skin", "face", "#e4bd9f"),
        Mark("freckles thick over nose and cheeks", "mark", "#8a4a2c"),
        Mark("green eyes far apart", "face", "#4c6a4e"),
        Mark("narrow silver ear cuff", "item", "#c9ccd2"),
        Mark("very straight, calm and direct, head not tilted", "posture"),
    ),
    outfits=(
        Clothes(
            "Oat trench",
            "Double-breasted trench in oat cotton gabardine, below the knee, belt tied and not buckled, over a bone knit and "
            "dark taupe trousers; brown shoes.",
            ("#d8c7a6", "#5a5348", "#efe9dc"),
            key="oat-trench",
        ),
        Clothes(
            "Ink knit and kilt",
            "Cabled ink blue jumper with a high neck, pleated kilt in a dark green check above the knee, black boots.",
            ("#232a3d", "#3c4a40"),
            key="ink-knit-kilt",
        ),
        Clothes(
            "Moss suit",
            "Single-breasted suit in moss green wool, one button, straight trousers that touch the shoe, a bone silk shirt.",
            ("#6c7648", "#646e43", "#efe9dc"),
            key="moss-suit",
        ),
    ),
)

TERN = Someone(
    key="tern-flask",
    kind="product",
    name="Tern flask",
    bible=(
        "A vacuum flask, 27 cm tall and 9 cm across: a cream enamel cylinder with rounded shoulders and a short neck, closed by "
        "a stopper of pale cork. One broad red band a third of the way down, and a red tern in flight below the band, seen "
        "from the side with its wings raised. The enamel is glossy, one long soft highlight on the left. It sits squarely "
        "and looks heavier than it is."
    ),
    marks=(
        Mark("cream enamel cylinder with rounded shoulders", "material", "#efe5cf"),
        Mark("one broad red band a third of the way down", "material", "#b4342c"),
        Mark("stopper of pale cork", "item", "#b98a58"),
        Mark("red tern in flight below the band", "logo", "#b4342c"),
        Mark("glossy, one long soft highlight", "camera"),
    ),
)

BOAT_SHED = Someone(
    key="boat-shed",
    kind="location",
    name="Boat shed",
    bible=(
        "A timber boat shed on the quay, grey-green upright boards inside over a dark earth and sawdust floor. A teal dinghy on a "
        "cradle, left; a wide double door on the slipway, right, and whatever light there is comes through it. Life rings and coils of rope hang on nails; one hanging lamp against a cold door."
    ),
    marks=(
        Mark("grey-green upright boards", "material", "#5f6460"),
        Mark("teal dinghy on a cradle, left", "item", "#3f6a74"),
        Mark("double door on the slipway, right", "item"),
        Mark("dark earth and sawdust floor", "material", "#6d5f4e"),
        Mark("one hanging lamp against a cold door", "camera"),
    ),
)

BREAKWATER = Someone(
    key="breakwater",
    kind="location",
    name="Breakwater",
    bible=(
        "A breakwater of paved granite, dead straight out into the sound and five metres wide, rough boulders tipped along the left "
        "side and a low wall along the right. A small white light tower with a red band at the end. "
        "Open water on both sides, a low horizon, much sky, and nothing to hold on to."
    ),
    marks=(
        Mark("paved granite, dead straight", "material", "#77756e"),
        Mark("boulders tipped along the left side", "item", "#5d5b56"),
        Mark("white light tower with a red band at the end", "item", "#b4362c"),
        Mark("open water on both sides", "material", "#456a78"),
        Mark("low horizon, much sky", "camera"),
    ),
)

TURBINE_DECK = Someone(
    key="turbine-deck",
    kind="location",
    name="Turbine deck",
    bible=(
        "The working deck at the foot of an offshore turbine: steel planking, a little wet, and a yellow guard rail of two bars all "
        "round. The white tower at the left is as wide as a room, with an orange door in the tower. Beyond the rail the sea, and "
        "a row of turbines growing smaller to the right. Everything is clean and riveted."
    ),
    marks=(
        Mark("yellow guard rail of two bars", "item", "#e0b030"),
        Mark("white tower at the left", "item", "#e6e9e8"),
        Mark("orange door in the tower", "item", "#c65f2c"),
        Mark("steel planking, a little wet", "material", "#6d726b"),
        Mark("row of turbines growing smaller", "camera"),
    ),
)

GRAPHITE = Someone(
    key="graphite-and-wash",
    kind="style",
    name="Graphite and wash",
    bible=(
        "Graphite line, heavier in front and broken at the edges of light, over flat washes on rough paper: slate and stone washes in "
        "the shade, sand in the light, bare paper in the brightest third and one stain of rust where the eye should go. "
        "Hatching only in the darkest quarter. Washes dry with a darker rim. Contrast is low in the "
        "distance and full in the near figure."
    ),
    marks=(
        Mark("graphite line, heavier in front", "camera", "#2b333d"),
        Mark("slate and stone washes in the shade", "camera", "#5d6b74"),
        Mark("sand in the light, bare paper in the brightest third", "camera", "#d8c8ac"),
        Mark("washes dry with a darker rim", "material", "#a8a498"),
        Mark("one stain of rust where the eye should go", "camera", "#9e5738"),
    ),
)

EVERYONE = (NOOR, HALVARD, TERN, BOAT_SHED, BREAKWATER, TURBINE_DECK, GRAPHITE, SUNNIVA)

DETAILS = {
    "noor-detail": "face, cap patch and mole",
    "sunniva-detail": "face and freckles",
    "oat-trench-detail": "lapels and belt",
    "ink-knit-kilt-detail": "cable and neck",
    "moss-suit-detail": "lapel and shirt",
    "tern-flask-detail": "band and tern",
}
