"""What a picture costs by our table, what it would be drawn from, and how long pictures like it took lately."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from studio.board.models import Panel, Take
from studio.generation import engines, quotes, sending
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job
from studio.generation.tiers import Choice
from studio.prompting import brief as briefs
from studio.prompting import freeze
from studio.prompting.types import Brief, Unapproved
from studio.providers import catalog, registry
from studio.providers.base import Limits, ProviderError

HISTORY = 20  # pictures that a time is guessed from
FREE = Decimal("0")


@dataclass(frozen=True, slots=True)
class Ready:
    """One panel as its engine would draw it: the frozen request and its price in US dollars.

    `wrong` says why this engine cannot draw it; then there is no price. `table` is our price table's, where `price` is what the service
    said itself.
    """

    panel: Panel
    choice: Choice
    limits: Limits
    prepared: freeze.Prepared
    request: Mapping[str, Any]
    price: Decimal = FREE
    wrong: str = ""
    table: Decimal | None = None

    @property
    def quoted(self) -> bool:
        """The price is the service's own."""
        return self.table is not None

    @property
    def unapproved(self) -> tuple[Unapproved, ...]:
        """The sets that have to be approved before it is drawn; empty where the project does not demand it."""
        return self.prepared.brief.unapproved if self.panel.scene.project.approved_only else ()


def ready(
    panels: Sequence[Panel], choices: Sequence[Choice], *, options: Mapping[str, Any] | None = None
) -> list[Ready]:
    """Each panel planned, worded and priced by what its own choice takes; a constant number of queries.

    Raises Refused where the catalogue has no such model, or the model no such size.
    """
    found = []
    for panel, choice, brief in zip(panels, choices, briefs.for_panels(panels), strict=True):
        limits = limits_of(choice)
        prepared = freeze.prepared(brief, limits)
        request = freeze.request_for(prepared, limits, size=choice.size, options=dict(options or {}))
        try:
            approved(panel, brief)
            checked(request, choice.engine, choice.model)
        except Refused as refused:
            found.append(Ready(panel, choice, limits, prepared, request, wrong=str(refused)))
        else:
            found.append(Ready(panel, choice, limits, prepared, request, of(choice.engine, choice.model, request)))
    return as_quoted(found)


def as_quoted(found: Sequence[Ready]) -> list[Ready]:
    """The same with the service's own price where it was asked lately: at most one query."""
    said = quotes.known(
        quotes.sort(row.choice, row.request) for row in found if quotes.can(row.choice) and not row.wrong
    )
    if not said:
        return list(found)
    prices = [None if row.wrong else said.get(quotes.sort(row.choice, row.request)) for row in found]
    return [
        row if price is None else replace(row, price=price, table=row.price)
        for row, price in zip(found, prices, strict=True)
    ]


def approved(panel: Panel, brief: Brief) -> None:
    """Raises Refused, naming the sets, where the project demands approved references and the panel draws on others."""
    if not panel.scene.project.approved_only or not brief.unapproved:
        return
    empty = [one.name for one in brief.unapproved if one.empty]
    names = [one.name for one in brief.unapproved if not one.empty]
    said = [f"Not approved: the references of {'; '.join(names)}." if names else ""]
    said.append(f"No picture to approve yet: {'; '.join(empty)}." if empty else "")
    raise Refused(f"{' '.join(filter(None, said))} This project draws from approved references only.")


def limits_of(choice: Choice) -> Limits:
    """What the choice takes. Raises Refused for a model the catalogue has not, or a size that the model has not."""
    try:
        limits = choice.limits
    except ProviderError as unknown:
        raise Refused(unknown.message) from None
    if choice.size not in limits.sizes:
        raise Refused(f"This engine does not draw {choice.size}. Choose {' or '.join(limits.sizes)}.")
    return limits


def price(engine: str, model: str, size: str, references: int = 0, *, search: bool = False) -> Decimal:
    """US dollars for one picture by our price table. What is drawn on this machine is free. Raises Refused for a size it has not."""
    if engine not in engines.USUAL:
        registry.get(engine)
        return FREE
    try:
        return catalog.get(engine, model).price(size, references, search=search)
    except KeyError:
        raise Refused(f"{model} does not draw {size}. Nothing was sent.") from None
    except ProviderError as unknown:
        raise Refused(f"{unknown.message} {unknown.remedy}".strip()) from None


def of(engine: str, model: str, frozen: Mapping[str, Any]) -> Decimal:
    """The price of a frozen request, with its references and searches."""
    options = frozen.get("options") or {}
    searches = bool(options.get("web_search") or options.get("image_search"))
    return price(engine, model, frozen["size"], len(frozen["plan"]["slots"]), search=searches)


def agreed(choice: Choice, frozen: Mapping[str, Any]) -> tuple[Decimal, bool]:
    """The price of one frozen request, and whether it is the service's own, asked lately, instead of our table's. Raises Refused."""
    table = of(choice.engine, choice.model, frozen)
    said = quotes.known([quotes.sort(choice, frozen)] if quotes.can(choice) else [])
    return next(((amount, True) for amount in said.values()), (table, False))


def again(jobs: Iterable[Job]) -> dict[int, Decimal]:
    """What another attempt at the same picture would cost, by job id; one that the engine no longer has is missing. At most two
    queries, none where there are no jobs."""
    by_pk = {job.pk: job for job in jobs}
    requests = dict(Job.objects.filter(pk__in=by_pk).values_list("pk", "request")) if by_pk else {}
    found, sorts = {}, {}
    for pk, frozen in requests.items():
        choice = drawn_by(by_pk[pk], frozen)
        try:
            found[pk] = of(choice.engine, choice.model, frozen)
        except (Refused, KeyError):
            continue
        if quotes.can(choice):
            sorts[pk] = quotes.sort(choice, frozen)
    said = quotes.known(sorts.values())
    return found | {pk: said[sort] for pk, sort in sorts.items() if sort in said}


def drawn_by(job: Job, frozen: Mapping[str, Any]) -> Choice:
    """What an attempt was asked of."""
    return Choice(job.tier, job.engine, job.model, str(frozen.get("size") or ""), job.account)


def varies(engine: str, model: str) -> bool:
    """Whether its price depends on more than the size."""
    if engine not in engines.USUAL:
        return False
    try:
        return catalog.get(engine, model).reference_price > 0
    except ProviderError:
        return False


def dated(engine: str, model: str) -> dt.date | None:
    """The date of the price table that has this model; None for what is free here."""
    if engine not in engines.USUAL:
        return None
    try:
        return catalog.get(engine, model).dated
    except ProviderError:
        return None


def checked(frozen: dict[str, Any], engine: str, model: str) -> dict[str, Any]:
    """The frozen request with the pixels this engine really draws. Raises Refused for what its catalogue says it does not take."""
    if engine not in engines.USUAL:
        return frozen
    listed = catalog.get(engine, model)
    try:
        catalog.check(sending.outline(model, frozen), listed)
        if listed.pixels:
            frozen["width"], frozen["height"] = catalog.pixels(listed, frozen["aspect"], frozen["size"])
    except ProviderError as refusal:
        raise Refused(f"{refusal.message} {refusal.remedy}".strip()) from None
    return frozen


def seconds_each(engine: str, size: str) -> float | None:
    """The median of the last twenty pictures of this engine and size, None with no history."""
    past = Take.objects.filter(engine=engine, size=size, seconds__gt=0).order_by("-pk")
    last = list(past.values_list("seconds", flat=True)[:HISTORY])
    return statistics.median(last) if last else None


def time_for(pictures: int, engine: str, size: str, account: EngineAccount | None = None) -> int | None:
    """Seconds for so many pictures, in steps of ten; None with no history. An account draws as many at once as it may, and
    begins no more in a minute than it may."""
    each = seconds_each(engine, size)
    if each is None or not pictures:
        return None
    slots = account.concurrency if account is not None else registry.slots(engine)
    seconds = each * max(1.0, pictures / max(1, slots))
    if account is not None and account.per_minute:
        seconds = max(seconds, each + (pictures / account.per_minute - 1) * 60)
    return max(10, -int(-seconds // 10) * 10)
