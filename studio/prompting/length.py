"""What to leave out first where the words are longer than an engine reads. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from studio.prompting.hand import text_of
from studio.prompting.types import Prompt

# What costs least to lose, first. Who it is and what is kept are never offered.
FIRST = ("By hand", "Style", "Place", "Together", "Light", "Action", "Wardrobe", "Bible")
WHERE = {
    "By hand": "your own sentences", "Style": "the style’s words: a reference picture says them shorter", "Place": "the place’s words: a reference picture says them shorter",
    "Together": "how things touch", "Light": "the light of the scene", "Action": "the panel’s action", "Wardrobe": "the outfit’s description",
    "Bible": "the bible of whoever has no picture: add one and its words go",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trim:
    """A row that could go or be shortened: its length in characters, and whose words they are."""

    label: str
    characters: int
    what: str


def trims(prompt: Prompt, limit: int) -> list[Trim]:
    """The rows to shorten, first first, until the text would fit; empty where it fits."""
    over = len(prompt.text) - limit
    lengths = {label: len(text_of(spans)) for label, spans in prompt.rows}
    found: list[Trim] = []
    for label in FIRST:
        if over > 0 and lengths.get(label):
            found.append(Trim(label, lengths[label], WHERE[label]))
            over -= lengths[label]
    return found
