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
        "One small dark mole sits low beside the chin and is never covered. Near-black hair with a tight curl, tied at the "
        "nape in a short thick ponytail; two curls always escape at the temples. A ribbed teal knitted cap with a white "
        "patch and a lightning bolt on its fold, worn level and low on the forehead, indoors too. Hands of somebody who "
        "climbs: short nails, no rings. She stands with her weight forward, shoulders low and chin up, as if listening for "
        "the wind; at rest her face is attentive and dry, lips closed, and the smile, when it comes, stays on one side."
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
        "the shoulders, weathered pale skin gone red over the cheekbones, pale blue eyes set deep. A full grey beard cut "
        "short and square, grey hair cropped under a navy knitted cap that he turns up once. Two fingers of the right hand "
        "do not close. He keeps his hands behind his back when he stands and leans on whatever is near when he thinks; he "
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
        "Woman of 27, tall and long-limbed, fair skin with freckles thick over nose and cheeks, an oval face and a level "
        "mouth. Copper hair, straight and heavy, to the shoulder blades, parted on the side and lying flat. Green eyes far "
        "apart under light brows; a narrow silver cuff on the rim of one ear and no other jewellery. She stands very "
        "straight with her weight even and her arms left alone; her face is calm and direct, lips closed, and she looks "
        "into the lens without tilting the head."
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
        "A vacuum flask, 27 cm tall and 9 cm across: a straight cylinder in cream enamel with rounded shoulders and a short "
        "neck, closed by a stopper of pale cork. One broad red band runs round it a third of the way down; below the band, "
        "in the same red, a tern in flight seen from the side, wings raised. The enamel is glossy and takes one long soft "
        "highlight on the left. It sits squarely and looks heavier than it is."
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
        "A timber boat shed on the quay, grey-green boards inside and a floor of dark earth and sawdust. A teal dinghy lies on "
        "its cradle along the left wall. At the right a wide double door stands open on the slipway, and whatever light there "
        "is comes through it. Life rings and coils of rope hang on nails; one lamp with a tin shade hangs from the ridge."
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
        "A breakwater of paved granite that runs dead straight out into the sound, five metres wide, with rough boulders "
        "tipped along its left side and a low wall along its right. At the far end a small white light tower with a red band. "
        "Water on both sides, a soft line of hills on the horizon, and nothing to hold on to."
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
        "The working deck at the foot of an offshore turbine: steel planking, a yellow guard rail of two bars all round, and at "
        "the left the white tower, as wide as a room, with an orange door in it. Beyond the rail the sea, and a row of turbines "
        "growing smaller to the right. Everything is clean, riveted and a little wet."
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
        "Graphite line over flat washes on rough paper: slate and stone in the shade, sand in the light, the paper left bare in "
        "the brightest third and one stain of rust where the eye should go. Line is heavier in the foreground and breaks at "
        "the edges of light; hatching only in the darkest quarter. Washes dry with a darker rim. Contrast is low in the "
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
