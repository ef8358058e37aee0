"""The words that the bible linter knows. Lists, no rules: see `lint`."""

from __future__ import annotations

import re


def any_of(*words: str) -> re.Pattern[str]:
    """Matches one of these as whole words, the longest first; a space in them is any space or a hyphen."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(one).replace(r"\ ", r"[\s-]+") for one in longest) + r")(?!\w)", re.I
    )


# Names that every engine mixes its own way, with what to say instead.
PLAIN = {
    "teal": "dark blue-green", "petrol": "dark blue-green", "turquoise": "light blue-green", "ultramarine": "deep blue",
    "cobalt": "strong blue", "indigo": "very dark blue", "burnt sienna": "reddish brown", "sienna": "reddish brown",
    "terracotta": "brownish orange", "rust": "brownish orange", "ochre": "brownish yellow", "mustard": "dark yellow",
    "oat": "pale greyish beige", "sand": "pale beige", "camel": "light yellowish brown", "taupe": "greyish brown",
    "champagne": "very pale yellow", "ecru": "pale beige", "ivory": "yellowish white", "eggshell": "yellowish white",
    "cream": "pale yellow-white", "sage": "greyish green", "olive": "dark yellow-green", "khaki": "dull yellow-brown",
    "mint": "pale green", "emerald": "strong green", "mauve": "pale greyish purple", "lilac": "pale purple", "plum": "dark purple",
    "aubergine": "very dark purple", "burgundy": "dark red", "oxblood": "dark brownish red", "crimson": "strong red",
    "coral": "pinkish orange", "salmon": "pale orange-pink", "peach": "pale orange", "apricot": "pale orange",
    "amber": "deep yellow-orange", "copper": "metallic orange-brown", "bronze": "metallic brown", "graphite": "dark grey",
    "charcoal": "very dark grey", "slate": "bluish dark grey", "gunmetal": "bluish dark grey", "nude": "the colour itself",
    "tobacco": "medium brown", "cognac": "orange-brown", "platinum": "almost white", "strawberry blonde": "pale orange-blonde",
}  # fmt: skip
FANCY = re.compile(
    r"(?<![\w-])(?:(?:[a-z]+-)?(?:" + "|".join(sorted(map(re.escape, PLAIN), key=len, reverse=True)) + r")(?:-[a-z]+)?)(?![\w-])",
    re.I,
)  # fmt: skip
# Not colours where these stand beside them.
THINGS = re.compile(r"\s+(?:skin|complexion|stains?|spots?|sandwich|tins?|leaves|trees?|pots?|dials?|pencils?)\b", re.I)
VAGUE = any_of(
    "colourful", "colorful", "earth tones", "earthy tones", "earthy colours", "neutral tones", "neutral colours", "pastel",
    "pastels", "bright colours", "bright colors", "muted tones", "muted colours", "various colours", "different colours", "some colour",
)  # fmt: skip

SHEET = any_of(
    "model sheet", "character sheet", "turnaround", "turn around sheet", "reference sheet", "expression sheet", "pose sheet",
    "character design", "concept art", "concept sheet", "style sheet", "orthographic views", "sprite sheet", "t pose",
)  # fmt: skip
DRAWN = any_of(
    "illustration", "illustrated", "cartoon", "toon", "anime", "manga", "comic", "drawing", "drawn", "sketch", "watercolour",
    "watercolor", "gouache", "oil painting", "painted", "3d render", "cgi", "claymation", "cel shaded", "vector art", "line art",
)  # fmt: skip
PHOTO = any_of(
    "photo", "photograph", "photography", "photographic", "photorealistic", "photoreal", "cinematic", "film grain", "dslr", "full frame",
    "35mm film", "film still",
)  # fmt: skip

CAMERA = re.compile(
    r"\b\d{2,3}\s?mm\b(?:\s+\w+)?(?:\s+lens)?(?:\s+look)?|(?<!\w)(?:close[- ]up|wide shot|medium shot|low angle|high angle|eye level|"
    r"bokeh|shallow depth of field|depth of field|full[- ]body framing|portrait framing|lens look|out of focus background)(?!\w)",
    re.I,
)
LIGHT = any_of(
    "studio lighting", "soft studio lighting", "soft lighting", "dramatic lighting", "backlit", "back light", "rim light", "golden hour",
    "key light", "side lighting", "even lighting", "hard light", "soft light", "sunlight", "moonlight", "candlelight", "at dawn",
    "at dusk", "at night", "at sunset", "neon light", "lit from the left", "lit from the right", "lit from behind",
)  # fmt: skip
BACKDROP = any_of(
    "seamless paper", "seamless backdrop", "backdrop", "white background", "grey background", "gray background", "plain background",
    "neutral background", "studio background", "in the background", "in front of a", "in front of the",
)  # fmt: skip
ACTION = any_of(
    "walking", "running", "sitting", "kneeling", "riding", "driving", "jumping", "climbing", "dancing", "lying down", "lying on", "cooking", "fighting",
    "shouting", "swimming", "looking at the camera", "looking into the camera", "looking into the lens", "looking at us", "waving", "pouring", "placed on a table",
)  # fmt: skip

POSTURE = re.compile(
    r"\b(?:postures?|stands?|standing|stance|upright|slouch\w*|hunch\w*|bearing|carr(?:y|ies) (?:him|her|them)sel\w+|shoulders (?:back|down|squared?|"
    r"drawn)|leans?|square[- ]set|straight[- ]backed|moves|gait|walks|poised?|sits|tail|ears (?:up|back|pricked))\b",
    re.I,
)
EXPRESSION = re.compile(
    r"\b(?:expressions?|smil\w+|grins?|frown\w*|calm|determined|friendly|stern|serious|gentle|warm (?:look|gaze)|gaze|neutral face|wary|curious|"
    r"tired|confident|relaxed|thoughtful|composed|cheerful|amused|alert|deadpan|kind|intent|watchful|squints?|looks (?:at|away|past|down)|stares?|lips (?:closed|pressed|parted)|mischievous)\b",
    re.I,
)

# Clothes by where they are worn: two of one group do not go on one body.
GARMENTS = {
    "over the shoulders": any_of("jacket", "coat", "trench", "trench coat", "overcoat", "blazer", "hoodie", "cardigan", "parka", "windbreaker", "raincoat", "cape", "anorak"),
    "on the legs": any_of("trousers", "jeans", "skirt", "shorts", "leggings", "overalls", "dungarees", "chinos"),
    "on the feet": any_of("boots", "sneakers", "sandals", "shoes", "heels", "loafers", "trainers", "barefoot"),
    "on the head": any_of("cap", "beanie", "hat", "helmet", "headscarf", "beret", "bareheaded"),
    "under the jacket": any_of("shirt", "t shirt", "tee", "blouse", "turtleneck", "sweater", "jumper", "vest", "dress", "gown"),
}  # fmt: skip
# Pairs that cannot both be true of one body.
OPPOSED = (
    (any_of("clean shaven", "no beard", "beardless"), any_of("beard", "bearded", "stubble", "moustache", "mustache")),
    (any_of("bald", "shaved head", "hairless"), any_of("ponytail", "bun", "braid", "braids", "curly hair", "wavy hair", "long hair", "bob", "fringe")),
    (any_of("no jewellery", "no jewelry", "without jewellery"), any_of("earring", "earrings", "necklace", "bracelet", "brooch", "gold stud", "silver stud", "rings")),
    (any_of("short hair", "close cropped", "cropped hair", "buzz cut"), any_of("long hair", "waist length", "shoulder length", "mid back")),
    (any_of("no glasses", "without glasses"), any_of("glasses", "spectacles")),
    (any_of("no logo", "unbranded", "without lettering"), any_of("logo", "lettering", "brand name", "wordmark")),
    (any_of("matte", "matt"), any_of("glossy", "high gloss", "mirror finish")),
)  # fmt: skip
NEGATED = re.compile(r"(?:\bno|\bnot|\bnever|\bwithout|\bno other|\bnor)\s+(?:an?\s+)?$", re.I)
STOP = frozenset(
    "a an and at by for from in into near of off on onto or over the their his her its to under with is are just only".split()
)
