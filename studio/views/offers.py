"""What a reference set's page says of drawing: which sides are missing, what one would cost, why none can be drawn, what came."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from studio.generation import cost
from studio.generation.errors import Refused
from studio.generation.tiers import Choice
from studio.lib.typing import Request
from studio.library.models import ReferenceSet
from studio.library.sets import SetPage
from studio.making import queries, sides
from studio.making.queries import Making
from studio.media.models import Image
from studio.prompting.sheet import Side
from studio.views import pricing


@dataclass(frozen=True, slots=True)
class Offer:
    """By view: the price of a missing side and the key of its form. `todo` are those that nothing waits for yet, `total` is for
    them; `why_not` says why none can be drawn."""

    choice: Choice
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    keys: Mapping[str, uuid.UUID] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()  # views that are being drawn
    waiting: Mapping[str, str] = field(default_factory=dict)  # views of open proposals: the code of the newest
    total: Decimal = cost.FREE
    why_not: str = ""

    @property
    def todo(self) -> list[str]:
        return [view for view in self.prices if view not in self.waiting]

    @property
    def engine(self) -> str:
        return pricing.said(self.choice)


def of(request: Request, page: SetPage) -> dict[str, Any]:
    """`making`, `offer` (None for what is not drawn from its sides), `origins` and `made_from` for a set's templates: a constant
    number of queries."""
    reference_set = page.reference_set
    making = queries.of(reference_set)
    offer = _offer(reference_set, page, making) if reference_set.subject.kind in sides.DRAWN_KINDS else None
    origins = queries.origins(tile.reference.code for tile in page.tiles)
    return {"making": making, "offer": offer, "origins": origins, "made_from": _pictures(making)}


def _offer(reference_set: ReferenceSet, page: SetPage, making: Making) -> Offer:
    choice = sides.usual(reference_set.subject.team)
    busy = frozenset(one.view for one in making.works if one.work.state != "failed")
    missing = [Side(one.view, one.detail) for one in page.coverage.missing if one.view not in busy]
    try:
        rows = sides.ready(reference_set, missing, choice)
    except Refused as refused:
        return Offer(choice, busy=busy, why_not=str(refused))
    wrong = choice.why_not or next((row.wrong for row in rows if row.wrong), "")
    prices = {side.view: row.price for side, row in zip(missing, rows, strict=True)}
    keys = {side.view: uuid.uuid4() for side in missing}
    waiting = {one.view: one.take.code for one in reversed(making.open)}
    total = sum((price for view, price in prices.items() if view not in waiting), cost.FREE)
    return Offer(choice, prices, keys, busy, waiting, total, wrong)


def _pictures(making: Making) -> dict[str, Image]:
    """The pictures that open proposals were drawn from, by key."""
    keys = {slot["image_key"] for one in making.open for slot in one.take.plan.get("slots", [])}
    if not keys:
        return {}
    return {image.key: image for image in Image.objects.filter(key__in=keys).with_renditions()}
