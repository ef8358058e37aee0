"""Panel cards, rendered once: a card is the same HTML as long as it holds the same values."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from studio.board import vocabulary
from studio.board.queries import Card

register = template.Library()
KEPT = 8_000  # cards held in memory, about 3 KB each


@lru_cache(maxsize=KEPT)
def card_html(card: Card, draw: bool = False, current: bool = False) -> SafeString:
    """The card's <li>. `draw`: the person may draw and edit; `current`: it is in the inspector. The key is all it shows."""
    found = get_template("panels/_card.html").template  # type: ignore[attr-defined]
    shown = {**card._asdict(), "state_word": card.state_word, "draw": draw, "current": current}
    if card.picture:
        shown["picture"] = card.picture._asdict()  # a template looks into dictionaries much faster than into tuples
    return found.render(template.Context(shown))


def cards_html(cards: Iterable[Card], draw: bool, chosen: str = "") -> SafeString:
    return mark_safe("".join([card_html(card, draw, card.code == chosen) for card in cards]))


def out_of_band(cards: Iterable[Card], draw: bool, chosen: str = "") -> SafeString:
    """The cards as parts of another answer: each replaces the one with its id, keeping focus and choice."""
    parts = [
        card_html(card, draw, card.code == chosen).replace("<li ", '<li hx-swap-oob="morph" ', 1) for card in cards
    ]
    return mark_safe("".join(parts))


@register.simple_tag(takes_context=True)
def panel_cards(context: template.Context, cards: Iterable[Card]) -> SafeString:
    """All cards of a scene."""
    return cards_html(cards, bool(context["may"].get("draw")), context.get("chosen") or "")


@register.filter
def word(code: str, kind: str) -> str:
    """The full word of a code: `{{ panel.shot_size|word:"shot_size" }}`."""
    return vocabulary.label(kind, code)


@register.filter
def at(mapping: Any, key: str) -> Any:
    """A value by a key that is itself a variable; empty where there is none."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""
