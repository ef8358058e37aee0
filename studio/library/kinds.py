"""What the library calls each kind of subject, and what it asks about one."""

from __future__ import annotations

from dataclasses import dataclass

from studio.library.models import Category, Kind


@dataclass(frozen=True)
class Words:
    """The words of one kind: `slug` stands in URLs, `asks` are the six things a bible should say."""

    kind: str
    slug: str
    one: str
    many: str
    icon: str
    lead: str
    asks: tuple[str, ...]
    categories: tuple[str, ...]
    wide: bool = False  # its pictures are landscapes


CHARACTER = Words(
    Kind.CHARACTER,
    "characters",
    "character",
    "Characters",
    "user-round",
    "People and animals that have to be recognised in every panel.",
    (
        "Age, build and height",
        "Face: its shape, eyes, brows, skin",
        "Hair: colour, length, how it is worn",
        "Marks: moles, scars, freckles",
        "What is always worn or carried",
        "Bearing: how they stand and look",
    ),
    (
        Category.FACE,
        Category.HAIR,
        Category.BODY,
        Category.MARK,
        Category.ITEM,
        Category.WARDROBE,
        Category.POSTURE,
    ),
)
PRODUCT = Words(
    Kind.PRODUCT,
    "products",
    "product",
    "Products",
    "package",
    "Things whose shape, colour and label may not change.",
    (
        "Shape and proportions",
        "Materials and finish",
        "Colours, part by part",
        "Logo and lettering: where, how large",
        "Size, next to a hand",
        "What is never on it",
    ),
    (Category.BODY, Category.MATERIAL, Category.LOGO, Category.MARK, Category.ITEM),
)
LOCATION = Words(
    Kind.LOCATION,
    "locations",
    "location",
    "Locations",
    "map-pin",
    "Places that scenes come back to.",
    (
        "What kind of place, where",
        "Layout: what stands left, right, far",
        "Materials and surfaces",
        "Light: where it comes from, how hard",
        "Colours",
        "What is always there",
    ),
    (Category.BODY, Category.MATERIAL, Category.MARK, Category.ITEM, Category.CAMERA),
    wide=True,
)
STYLE = Words(
    Kind.STYLE,
    "styles",
    "style",
    "Styles",
    "palette",
    "How pictures look: line, colour, light, camera.",
    (
        "Medium: ink, gouache, film stock",
        "Line: weight, roughness",
        "Palette",
        "Light and contrast",
        "Grain and texture",
        "Camera and grade",
    ),
    (Category.CAMERA, Category.MATERIAL),
    wide=True,
)
ALL = (CHARACTER, PRODUCT, LOCATION, STYLE)
BY_KIND = {words.kind: words for words in ALL}
BY_SLUG = {words.slug: words for words in ALL}
CATEGORY_ICONS = {
    Category.FACE: "scan-face",
    Category.HAIR: "waves",
    Category.BODY: "user-round",
    Category.MARK: "circle-dot",
    Category.ITEM: "gem",
    Category.WARDROBE: "shirt",
    Category.MATERIAL: "layers",
    Category.LOGO: "fingerprint-pattern",
    Category.POSTURE: "eye",
    Category.CAMERA: "camera",
}
