"""Who and what the sample shows: two characters and a product, a model with three looks, three places, a style."""

from __future__ import annotations

from studio.sample.types import Clothes, Mark, Someone

NOOR = Someone(
    key="noor",
    kind="character",
    name="Noor",
    bible=(
        "Woman of 34, wiry and quick, medium height, with warm brown skin, a long straight nose and a small gap between "
        "the front teeth. Heavy dark brows over grey-green eyes; one thin pale scar cuts through the left brow. Black "
        "curls to the jaw, pushed behind the ears and flattened on top by a helmet more often than not. Hands of "
        "somebody who climbs: short nails, a steel ring on a cord at the neck because rings are not worn on a tower. "
        "She stands with her weight forward, shoulders low, chin up, as if listening for the wind; her face at rest is "
        "attentive, and the smile, when it comes, starts in the eyes and stays on one side of the mouth."
    ),
    marks=(
        Mark("jaw-length black curls behind the ears", "hair", "#1c1a1c"),
        Mark("heavy dark brows, grey-green eyes", "face", "#5f6f62"),
        Mark("thin pale scar through the left brow", "mark"),
        Mark("warm brown skin", "face", "#a06a48"),
        Mark("steel ring on a cord at the neck", "item", "#8f979d"),
        Mark("wiry build, weight forward, shoulders low", "posture"),
        Mark("rust orange knitted cap", "wardrobe", "#b4542b"),
    ),
    outfits=(
        Clothes(
            "Work overalls",
            "Slate blue overalls with the sleeves rolled twice, a charcoal undershirt, a rust orange knitted cap and "
            "scuffed black climbing boots.",
            ("#44586b", "#2b2f33", "#b4542b"),
        ),
        Clothes(
            "Storm shell",
            "A bright ochre storm jacket to the hip with a high collar, worn over the slate blue overalls; webbing harness, "
            "gloves clipped to the belt.",
            ("#d19a2a", "#44586b", "#24272a"),
        ),
    ),
)

HALVARD = Someone(
    key="halvard",
    kind="character",
    name="Halvard",
    bible=(
        "Man of 71, tall once and now a little bent, broad in the shoulders and thin in the legs. Pale skin reddened by "
        "weather over the cheekbones, a large nose broken long ago, pale blue eyes set deep under white brows. A full "
        "white beard cut square, white hair combed flat and wet-looking. Two fingers of the right hand do not close. He "
        "keeps both hands behind his back when he stands and leans on whatever is near when he thinks; he looks at the "
        "horizon before he looks at you, and his mouth hardly moves when he speaks."
    ),
    marks=(
        Mark("full white beard, cut square", "hair", "#e4e1da"),
        Mark("white hair combed flat", "hair", "#d9d6cf"),
        Mark("large broken nose, weather-red cheeks", "face", "#c58b74"),
        Mark("pale blue eyes set deep", "face", "#8fa6b4"),
        Mark("navy peaked cap with a brass button", "item", "#232c3d"),
        Mark("bent back, hands clasped behind it", "posture"),
    ),
    outfits=(
        Clothes(
            "Harbour coat",
            "A long navy wool coat with two rows of brass buttons over a cream roll-neck, grey trousers, a navy peaked cap.",
            ("#232c3d", "#e3dac6", "#5a5d61"),
        ),
    ),
)

SUNNIVA = Someone(
    key="sunniva",
    kind="character",
    name="Sunniva",
    bible=(
        "Woman of 27, tall and long-limbed, with fair freckled skin, a square jaw and a wide, level mouth. Copper hair to "
        "the collarbone, parted in the middle and tucked flat behind both ears, so that the ears show. Light brown eyes "
        "far apart, almost no visible brows, a dark mole under the right corner of the mouth. She stands very straight "
        "with her weight on the left leg and her arms left alone; her face is calm and direct, lips closed, looking a "
        "little above the lens."
    ),
    marks=(
        Mark("copper hair, middle parting, tucked behind both ears", "hair", "#a9532a"),
        Mark("fair skin with freckles over nose and cheeks", "face", "#e6c3a8"),
        Mark("square jaw, wide level mouth", "face"),
        Mark("dark mole under the right corner of the mouth", "mark"),
        Mark("tall, long-limbed, very straight", "body"),
        Mark("calm and direct, looking just above the lens", "posture"),
    ),
    outfits=(
        Clothes(
            "Oat trench",
            "A double-breasted trench to the calf in oat cotton gabardine, belt tied and not buckled, over a white shirt and "
            "straight ecru trousers; tan loafers.",
            ("#cdb892", "#f1efe8", "#8a623f"),
        ),
        Clothes(
            "Ink knit and kilt",
            "A ribbed ink blue jumper with a high neck, a pleated kilt in charcoal and slate check to the knee, black tights, "
            "black lace-up boots.",
            ("#1f2b45", "#4b5057", "#17181a"),
        ),
        Clothes(
            "Moss suit",
            "A single-breasted suit in moss green wool, long jacket with one button, wide trousers that touch the shoe, a "
            "bone silk top.",
            ("#5b6a45", "#e8e1d1", "#2d2a26"),
        ),
    ),
)

TERN = Someone(
    key="tern",
    kind="product",
    name="Tern flask",
    bible=(
        "A vacuum flask, 27 cm tall and 8 cm across: a straight cylinder in matt bone white enamel with a narrow teal band "
        "a third of the way up, a brushed steel cup that screws on as its lid, and a short loop of rust cord through the "
        "lid's ear. The mark of a diving tern, three strokes, is debossed above the band and carries no colour. The base "
        "is bare steel with a ring of rubber. It sits squarely and looks heavier than it is."
    ),
    marks=(
        Mark("matt bone white enamel cylinder", "material", "#e9e4d6"),
        Mark("narrow teal band a third of the way up", "wardrobe", "#2f7f84"),
        Mark("brushed steel cup as lid", "material", "#a9afb3"),
        Mark("loop of rust cord at the lid", "item", "#b4542b"),
        Mark("diving tern in three strokes, debossed", "logo"),
    ),
)

BOAT_SHED = Someone(
    key="boat_shed",
    kind="location",
    name="Boat shed",
    bible=(
        "A long timber shed on the quay, tarred black outside and bare inside. Ribs of a dinghy under repair fill the left "
        "half; a chart table with a brass lamp stands at the right under a window of small panes that looks on the water. "
        "Coils of rope, enamel mugs, a radio set with one dial lit. The floor is dark boards with pale sawdust; the air "
        "has smoke in it and light hangs in the beams."
    ),
    marks=(
        Mark("dinghy ribs along the left wall", "item", "#8a6a48"),
        Mark("chart table with a brass lamp at the right", "item", "#c79a4a"),
        Mark("window of small panes on the water", "item", "#5f7688"),
        Mark("dark boards, pale sawdust", "material", "#4a3b2f"),
        Mark("warm lamp against a cold window", "camera"),
    ),
)

BREAKWATER = Someone(
    key="breakwater",
    kind="location",
    name="Breakwater",
    bible=(
        "A breakwater of cut granite blocks that runs out into the sound in one slow bend, four metres wide, an iron chain "
        "on stanchions along the sea side. At its end a squat lamp house of white iron with a red band. Spray lies on the "
        "stones in plates; behind it open water, a low grey headland and, far out, three turbines in a row."
    ),
    marks=(
        Mark("wet granite blocks in one slow bend", "material", "#5c6266"),
        Mark("iron chain on stanchions, sea side", "item", "#3a3330"),
        Mark("squat white lamp house with a red band", "item", "#b0392f"),
        Mark("three turbines far out in a row", "item", "#c9ced1"),
        Mark("low overcast, spray in the air", "camera"),
    ),
)

TURBINE_DECK = Someone(
    key="turbine_deck",
    kind="location",
    name="Turbine deck",
    bible=(
        "The service deck on top of a turbine, ninety metres above the sea: a white fibreglass roof with a raised hatch, "
        "yellow guard rails on three sides and a beacon on a short mast at the back. One blade rises out of frame. Below "
        "lies a sheet of fog with the tops of two more turbines in it; the sky above is clear and enormous."
    ),
    marks=(
        Mark("white fibreglass roof with a raised hatch", "material", "#e3e6e6"),
        Mark("yellow guard rails on three sides", "item", "#d8b52a"),
        Mark("beacon on a short mast", "item", "#c0452f"),
        Mark("sheet of fog below, two turbine tops in it", "camera", "#b9c4cc"),
        Mark("one blade rising out of frame", "item", "#f0f1f0"),
    ),
)

GRAPHITE = Someone(
    key="graphite_and_wash",
    kind="style",
    name="Graphite and wash",
    bible=(
        "Soft graphite line on toned paper with two or three flat washes: a cold blue-grey for shade, a warm ochre for "
        "lamplight, the paper left bare for the brightest third. Line is heavier in the foreground and breaks at the edges "
        "of light; hatching only in the darkest quarter. Grain of the paper shows through the wash. Contrast is low in the "
        "distance and full in the near figure; one warm accent in a frame, no more."
    ),
    marks=(
        Mark("soft graphite line, heavier in front", "camera", "#3b3e42"),
        Mark("cold blue-grey wash for shade", "camera", "#6d7f8e"),
        Mark("ochre wash for lamplight", "camera", "#c99a4e"),
        Mark("toned paper left bare in the light", "material", "#e6dfd0"),
        Mark("one warm accent in a frame", "camera", "#b4542b"),
    ),
)

EVERYONE = (NOOR, HALVARD, TERN, BOAT_SHED, BREAKWATER, TURBINE_DECK, GRAPHITE, SUNNIVA)
