"""Amounts of US dollars as the spend pages print them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from studio.generation import attempts, errors, ledger
from studio.templatetags.studio_tags import cents

register = template.Library()


@register.simple_tag
def doubt_of(code: str) -> attempts.Doubt | None:
    """`{% doubt_of card.job as doubt %}`: what can be done about an attempt that may have been charged."""
    return attempts.doubt(code) if code else None


@register.simple_tag
def spent_on(project: Any) -> Decimal:
    """What a project cost so far, with what is held and what may have been charged: as its limit counts it. One query."""
    return ledger.counted(project)


@register.filter
def dollars(amount: Any) -> str:
    """ "$41.20", "$0.076": parts of a cent where there are any."""
    return "" if amount is None else errors.dollars(Decimal(amount))


@register.filter
def total(amount: Any) -> str:
    """ "$41.20": a sum, to the cent."""
    return "" if amount is None else f"${cents(amount):,.2f}"


@register.filter
def average(amount: Any) -> str:
    """ "$0.117": to a tenth of a cent, for what nobody paid exactly."""
    return "" if amount is None else errors.dollars(round(Decimal(amount), 3))


@register.filter
def cap(amount: Any) -> str:
    """ "$150", "$20.50": a limit as one types it."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"
