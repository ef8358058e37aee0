"""The prices on a board's buttons, read when the first of them is printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def draw_prices(project: Any) -> Any:
    """`{% draw_prices project as prices %}`: views.pricing.BoardPrices, read once a request."""
    from studio.views import pricing

    if not hasattr(project, "draw_prices"):
        project.draw_prices = pricing.of_board(project)
    return project.draw_prices


@register.filter
def exactly(amount: Any) -> str:
    """One picture's price, to a tenth of a cent where two decimals would not tell it: "$0.076"."""
    from studio.views import pricing

    return pricing.exactly(Decimal(amount))


@register.filter
def left(amount: Any) -> str:
    """What is left of a limit: "$0.00" where nothing is, unlike a price."""
    return f"${max(Decimal(0), Decimal(amount)):.2f}"
