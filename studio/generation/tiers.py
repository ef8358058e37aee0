"""Qualities: which account, model and size a panel is drawn with, in the team's own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from studio.accounts.models import Team
from studio.board.models import Panel
from studio.generation import engines, usable
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Tier, TierEntry
from studio.providers import catalog, registry
from studio.providers.base import Limits, ProviderError

SKETCH = "sketch"  # a quality of its own: whatever the tiers hold, the embedded engine can be asked for
QUALITIES: Mapping[str, str] = {SKETCH: "Sketch", **dict(Tier.choices)}
UNREACHED = "It fetches reference pictures from this studio, which has no public address (STUDIO_PUBLIC_URL)."


@dataclass(frozen=True, slots=True)
class Choice:
    """What will draw: no account means the embedded engine. `tier` is empty where a model was chosen by name.

    `why_not` says, in words, why nothing can be drawn with it at the moment; empty where it can.
    """

    tier: str
    engine: str
    model: str
    size: str
    account: EngineAccount | None = None
    why_not: str = ""

    @property
    def name(self) -> str:
        """The model's own name: "Nano Banana 2"; "Sketch" for the embedded engine."""
        if self.account is None:
            return QUALITIES[SKETCH]
        try:
            return catalog.get(self.engine, self.model).name
        except ProviderError:
            return self.model

    @property
    def limits(self) -> Limits:
        """Raises ProviderError for a model that the catalogue has not."""
        return engines.limits(self.engine, self.model)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """What no vendor page confirms, in words: "price", "how many references" …"""
        if self.account is None:
            return ()
        try:
            return usable.unconfirmed(catalog.get(self.engine, self.model))
        except ProviderError:
            return ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that may be asked for by name. `key` goes into a form; `why_not` greys it."""

    key: str
    choice: Choice
    sizes: tuple[str, ...]

    @property
    def why_not(self) -> str:
        return self.choice.why_not


def sketch(tier: str = Tier.DRAFT) -> Choice:
    return Choice(tier, SKETCH, registry.default_model(SKETCH), "1K")


def entries(team: Team) -> dict[str, list[TierEntry]]:
    """The team's order of each tier, one query."""
    found: dict[str, list[TierEntry]] = {tier: [] for tier in Tier}
    rows = TierEntry.objects.filter(team=team).select_related("account").order_by("tier", "position", "pk")
    for row in rows:
        if row.account is None or row.account.deleted is None:
            found[row.tier].append(row)
    return found


def choice(team: Team, tier: str, listed: Sequence[TierEntry] | None = None) -> Choice:
    """The first of a tier that may draw; the embedded engine where the tier has no entry. Where none of it can, the first one,
    with why."""
    if tier == SKETCH:
        return sketch("")
    rows = entries(team)[tier] if listed is None else listed
    if not rows:
        return sketch(tier)
    found = [_of(row) for row in rows]
    return next((one for one in found if not one.why_not), found[0])


def all_choices(team: Team) -> dict[str, Choice]:
    """What each quality is drawn with, by its word: one query."""
    listed = entries(team)
    return {quality: choice(team, quality, listed.get(quality, [])) for quality in QUALITIES}


def for_panels(panels: Sequence[Panel], by_quality: Mapping[str, Choice]) -> list[Choice]:
    """What each panel is drawn with as the board says."""
    return [by_quality.get(for_panel(panel)) or by_quality[Tier.DRAFT] for panel in panels]


def offers(team: Team) -> list[Offer]:
    """Every model of every account, and the embedded engine: what may be asked for by name. One query."""
    drawn_here = sketch("")
    found = [Offer(SKETCH, drawn_here, drawn_here.limits.sizes)]
    for account in EngineAccount.objects.of(team):
        for model in catalog.models(account.engine):
            sizes = tuple(model.prices)
            made = Choice("", account.engine, model.id, sizes[0], account, why_not(account, model.id))
            found.append(Offer(f"{account.code}:{model.id}", made, sizes))
    return found


def by_name(listed: Sequence[Offer], key: str, size: str = "") -> Choice:
    """The offer of that key; a size that its model has not becomes its first. Raises Refused for a key that nothing has."""
    for offer in listed:
        if offer.key == key:
            made = offer.choice
            wanted = size if size in offer.sizes else offer.sizes[0]
            return Choice("", made.engine, made.model, wanted, made.account, made.why_not)
    raise Refused("That model is not there any more. Choose another one.")


def for_panel(panel: Panel) -> str:
    """The quality a panel is drawn in: its own, else its project's."""
    return panel.tier or panel.scene.project.tier or Tier.DRAFT


def _of(row: TierEntry) -> Choice:
    if row.account is None:
        return Choice(row.tier, SKETCH, registry.default_model(SKETCH), row.size)
    return Choice(row.tier, row.account.engine, row.model, row.size, row.account, why_not(row.account, row.model))


def why_not(account: EngineAccount, model: str) -> str:
    """Why this account draws nothing at the moment; empty where it does."""
    if not account.on:
        return f"{account} is switched off."
    if account.health == EngineAccount.Health.KEY:
        return f"{account} did not accept our key. Drawing is paused; nothing is lost."
    if account.health == EngineAccount.Health.BALANCE:
        return f"The balance of {account} is used up. Top it up, then check the account."
    try:
        listed = catalog.get(account.engine, model).at(account.base_url)
    except ProviderError as unknown:
        return unknown.message
    if listed.retired:
        return listed.ended
    if account.engine == EngineAccount.Engine.HIAPI and listed.references and not settings.PUBLIC:
        return UNREACHED
    return ""
