"""What the engines' page asks: the accounts with their health, money and work, and the tiers with their prices.

Constant numbers of queries, however many accounts and places there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone

from studio.accounts.models import Team
from studio.generation import caps, tiers, usable
from studio.generation.actions.accounts import in_environment
from studio.generation.models import UNDER_WAY, Check, EngineAccount, Job, JobState, Tier, TierEntry
from studio.providers import catalog, registry
from studio.providers.base import ProviderError
from studio.providers.catalog import Model
from studio.providers.failures import KINDS

Health = EngineAccount.Health
SIGNS = {Health.READY: "approved", Health.UNCHECKED: "draft", Health.QUOTA: "changes", Health.UNREACHABLE: "changes"}
ICONS = {Tier.DRAFT: "zap", Tier.PRODUCTION: "image", Tier.HERO: "gem"}
FRESH = dt.timedelta(minutes=10)
SLOW = dt.timedelta(seconds=30)  # a check that nobody took up by then: is there a worker?


@dataclass(frozen=True, slots=True)
class Money:
    """US dollars this month, and how much the account may."""

    used: Decimal
    cap: Decimal | None

    @property
    def rest(self) -> Decimal:
        return max(Decimal(0), (self.cap or Decimal(0)) - self.used)

    @property
    def tone(self) -> str:
        return "changes" if self.cap is not None and self.used >= self.cap * Decimal("0.9") else "working"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as the page shows it. `state` is the sign's, `health` and `note` its words; `trouble` says what it means."""

    row: EngineAccount
    places: str
    money: Money
    waiting: int
    drawing: int
    check: Check | None
    environment: bool

    @property
    def checking(self) -> bool:
        return self.check is not None and self.check.answered is None

    @property
    def unheard(self) -> bool:
        """A check that no worker has taken up."""
        return self.checking and self.check is not None and timezone.now() - self.check.asked > SLOW

    @property
    def state(self) -> str:
        return (
            "working" if self.checking else "draft" if not self.row.on else SIGNS.get(Health(self.row.health), "failed")
        )

    @property
    def health(self) -> str:
        if self.checking:
            return "Being checked"
        if not self.row.on:
            return "Off"
        if self.failed and self.row.health == Health.UNCHECKED:
            return "Could not be checked"
        return self.row.said if self.row.health == Health.READY and self.row.said else self.row.get_health_display()

    @property
    def fresh(self) -> bool:
        """It was checked just now, and is well: what the check said is worth reading."""
        check = self.check
        return bool(check and check.good and check.answered and timezone.now() - check.answered < FRESH)

    @property
    def failed(self) -> str:
        """What the last check met that is no state of the account: a busy service, an address that is not its own."""
        check = self.check
        if check is None or check.answered is None or check.good or not self.row.on or self.trouble:
            return ""
        if self.row.health == Health.READY and self.row.seen and self.row.seen > check.answered:
            return ""  # it has taken a request since
        return check.said

    @property
    def trouble(self) -> str:
        """What keeps it from drawing, as a heading; empty where nothing does."""
        if not self.row.on or self.checking:
            return ""
        return {
            Health.KEY: f"{self.row} did not accept our key.",
            Health.BALANCE: f"The balance of {self.row} is used up.",
            Health.QUOTA: f"The quota of {self.row} is used up.",
            Health.UNREACHABLE: f"{self.row} was not reached.",
        }.get(Health(self.row.health), "")

    @property
    def said(self) -> str:
        """What the service said, where that is more than the heading says."""
        usual = {words.message for words in KINDS.values()}
        return "" if self.row.said in usual else self.row.said

    @property
    def paused(self) -> bool:
        return self.row.on and self.row.health in {Health.KEY, Health.BALANCE}


@dataclass(frozen=True, slots=True)
class SizePrice:
    size: str
    price: Decimal | None  # None: the catalogue has none


@dataclass(frozen=True, slots=True)
class ModelOption:
    """A model to choose; `why_not` says why it may not be chosen, `short` the same in a word or two."""

    id: str
    name: str
    why_not: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a tier: what it would draw with and what that costs. `listed` is None for the embedded engine."""

    row: TierEntry
    number: int
    last: bool
    options: tuple[ModelOption, ...]
    sizes: tuple[SizePrice, ...]
    listed: Model | None
    price: Decimal | None
    why_not: str  # the account's or the model's reason not to draw
    limits: str

    @property
    def unconfirmed(self) -> str:
        return unconfirmed(self.listed) if self.listed else ""

    @property
    def successor(self) -> str:
        """The id of the model that replaces a retired one, where it may be chosen."""
        wanted = self.listed.successor if self.listed and self.listed.retired else ""
        return next((one.id for one in self.options if one.id == wanted and not one.why_not), "")

    @property
    def name(self) -> str:
        return str(self.row.account) if self.row.account else "Sketch"

    @property
    def blind(self) -> bool:
        return self.listed is not None and self.listed.references == 0

    @property
    def by_link(self) -> bool:
        return self.listed is not None and usable.needs_public(self.listed)

    @property
    def public_host(self) -> str:
        return urlsplit(settings.PUBLIC_URL).netloc

    @property
    def cheaper(self) -> tuple[SizePrice, SizePrice] | None:
        """A larger size that costs less than the chosen one: (larger, chosen)."""
        return cheaper(self.sizes, self.row.size)


@dataclass(frozen=True, slots=True)
class TierCard:
    tier: str
    label: str
    icon: str
    places: tuple[Place, ...]

    @property
    def first(self) -> Place | None:
        """What draws at the moment: the first place that can."""
        return next((one for one in self.places if not one.why_not), None)

    @property
    def next(self) -> Place | None:
        """What takes over where the first refuses before accepting."""
        able = [one for one in self.places if not one.why_not]
        return able[1] if len(able) > 1 else None


Order = Mapping[str, Sequence[TierEntry]]  # the places of each tier, as tiers.entries gives them


def accounts(team: Team, order: Order) -> list[AccountLine]:
    """The team's accounts in the order they came: three queries."""
    rows = list(EngineAccount.objects.of(team).select_related("check_row"))
    if not rows:
        return []
    waiting, under_way = Count("pk", filter=Q(state=JobState.QUEUED)), Count("pk", filter=Q(state__in=UNDER_WAY))
    work = _by_account(Job.objects.filter(account__in=rows).active(), waiting=waiting, drawing=under_way)
    month = Job.objects.filter(account__in=rows, created__gte=caps.month_start())
    money = _by_account(month, used=Sum("counted"))
    places = _places(order)
    return [
        AccountLine(
            row=row,
            places=places.get(row.pk, "Not in a tier"),
            money=Money(money.get(row.pk, {}).get("used") or Decimal(0), row.monthly_cap),
            waiting=work.get(row.pk, {}).get("waiting", 0),
            drawing=work.get(row.pk, {}).get("drawing", 0),
            check=getattr(row, "check_row", None),
            environment=in_environment(row),
        )
        for row in rows
    ]


def cards(order: Order) -> list[TierCard]:
    """The tiers, from draft to hero. No query."""
    return [
        TierCard(
            tier.value,
            tier.label,
            ICONS[tier],
            tuple(_place(row, n, n + 1 == len(order[tier])) for n, row in enumerate(order[tier])),
        )
        for tier in Tier
    ]


def sketch_places(listed: Sequence[TierCard]) -> str:
    """Where the embedded engine stands in the tiers, as said of an account."""
    at = [card.label.lower() for card in listed if any(place.row.account_id is None for place in card.places)]
    empty = [card.label.lower() for card in listed if not card.places]
    return (
        f"Built in; in {_and(at)}" if at else f"Built in; draws {_and(empty)}" if empty else "Built in, on this machine"
    )


def ties(account: EngineAccount) -> dict[str, int]:
    """What still hangs on an account: pictures waiting, under way, and with an outcome that nobody knows."""
    jobs = Job.objects.filter(account=account)
    return {
        "waiting": jobs.filter(state=JobState.QUEUED).count(),
        "drawing": jobs.filter(state__in=UNDER_WAY).count(),
        "unknown": jobs.uncertain().count(),
    }


def unconfirmed(model: Model) -> str:
    """Which of a model's values no vendor's page confirms, in words; empty where all are."""
    return ", ".join(usable.unconfirmed(model))


def limits_in_words(model: Model) -> str:
    """Reference limits, the longest prompt, ratios and seed, in a few words."""
    if not model.references:
        said = ["No references"]
    else:
        kinds = ((model.people, "people"), (model.objects, "objects"), (model.styles, "styles"))
        parts = [f"{count} {word}" for count, word in kinds if count]
        said = [f"{model.references} references" + (f", {_and(parts)} of them in full likeness" if parts else "")]
    said.append(f"{model.prompt:,} characters")
    said.append(f"{len(model.aspects)} ratios")
    if not model.seed:
        said.append("no seed")
    return ", ".join(said) + "."


def cheaper(sizes: Sequence[SizePrice], size: str) -> tuple[SizePrice, SizePrice] | None:
    """The largest size that costs less than this smaller one, with it: (larger, this)."""
    at = next((n for n, one in enumerate(sizes) if one.size == size), None)
    if at is None or sizes[at].price is None:
        return None
    mine = sizes[at]
    less = [
        one for one in sizes[at + 1 :] if one.price is not None and mine.price is not None and one.price < mine.price
    ]
    return (less[-1], mine) if less else None


def _place(row: TierEntry, number: int, last: bool) -> Place:
    if row.account is None:
        limits = registry.get("sketch").limits(row.model)
        sizes = tuple(SizePrice(size, Decimal(0)) for size in limits.sizes)
        words = f"{limits.references} references, drawn on this machine, free."
        return Place(row, number, last, (ModelOption(row.model, "Sketch"),), sizes, None, Decimal(0), "", words)
    account = row.account
    models = catalog.models(account.engine, account.base_url)
    try:
        listed = catalog.get(account.engine, row.model).at(account.base_url)
    except ProviderError:
        listed = None
    options = tuple(_option(one) for one in models)
    if listed is None:
        options += (ModelOption(row.model, row.model, "It is not in the catalogue any more."),)
        sizes = (SizePrice(row.size, None),)
        return Place(row, number, last, options, sizes, None, None, tiers.why_not(account, row.model), "")
    sizes = tuple(SizePrice(size, price) for size, price in listed.prices.items())
    price = listed.prices.get(row.size)
    why = tiers.why_not(account, row.model)
    if not why and price is None:
        why = f"{listed.name} does not draw {row.size}. Choose {' or '.join(listed.prices)}."
    return Place(row, number, last, options, sizes, listed, price, why, limits_in_words(listed))


def _option(model: Model) -> ModelOption:
    why = usable.barred(model)
    return ModelOption(
        model.id, model.name, why, ("retired" if model.retired else "needs a public address") if why else ""
    )


def _by_account(jobs: Any, **sums: Any) -> dict[int, dict[str, Any]]:
    rows = jobs.order_by().values("account").annotate(**sums)
    return {row["account"]: row for row in rows}


def _places(order: Order) -> dict[int, str]:
    """Where each account stands: "First for draft, second for production and hero"."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for tier, rows in order.items():
        seen: set[int] = set()
        for place, row in enumerate(rows):
            if row.account_id and row.account_id not in seen:
                found[row.account_id][place].append(Tier(tier).label.lower())
                seen.add(row.account_id)
    told = {
        pk: ", ".join(f"{_ordinal(n)} for {_and(names)}" for n, names in sorted(at.items())) for pk, at in found.items()
    }
    return {pk: said[:1].upper() + said[1:] for pk, said in told.items()}


def _ordinal(place: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    return words[place] if place < len(words) else f"place {place + 1}"


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""
