"""What a control that spends says before it is pressed: what would draw, its price, and why it cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from studio.accounts.models import Membership, Team
from studio.accounts.rights import RIGHTS, Right
from studio.board.models import Panel, Project, Take
from studio.generation import cost, quotes, tiers
from studio.generation.errors import Refused
from studio.generation.estimates import Estimate
from studio.generation.models import Tier
from studio.generation.tiers import Choice
from studio.templatetags.studio_tags import price as words_for


@dataclass(frozen=True, slots=True)
class Quality:
    """One entry of a quality select: its word, how it is called with what draws it, and what one picture costs."""

    word: str
    label: str
    choice: Choice
    price: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Deal:
    """One picture of one panel. `why_not` says why it cannot be drawn, empty where it can."""

    choice: Choice
    row: cost.Ready
    why_not: str
    by_quality: Mapping[str, Choice]

    @property
    def price(self) -> Decimal:
        return self.row.price

    @property
    def dated(self) -> Any:
        """The date of the price table, None for what is free."""
        return cost.dated(self.choice.engine, self.choice.model)

    @property
    def engine(self) -> str:
        return said(self.choice)


@dataclass(slots=True)
class BoardPrices:
    """Words: for all that is missing (empty where nothing is), for what is missing of each scene (by id) and all of it, and for one picture."""

    missing: str = "free"
    each: str = "free"
    hero: str = ""  # empty where hero quality is not set up
    scenes: dict[int, str] = field(default_factory=dict)
    whole: dict[int, str] = field(default_factory=dict)


def said(choice: Choice) -> str:
    """ "Nano Banana 2, 2K"; "Sketch, 1K"."""
    return f"{choice.name}, {choice.size}"


def of_panel(panel: Panel) -> Deal:
    """What the next take of this panel would be: a constant number of queries."""
    by_quality = tiers.all_choices(panel.scene.project.team)
    (choice,) = tiers.for_panels([panel], by_quality)
    why_not = choice.why_not
    try:
        (row,) = cost.ready([panel], [choice])
    except Refused as refused:  # the tier names a model that is gone: the plan is shown as the sketch would have it
        (row,) = cost.ready([panel], [tiers.sketch()])
        why_not = why_not or str(refused)
    return Deal(choice, row, why_not or row.wrong, by_quality)


def is_sketch(choice: Choice) -> bool:
    """Whether it is just what asking for a sketch gives."""
    return choice.account is None and choice.size == tiers.sketch().size


def qualities(by_quality: Mapping[str, Choice]) -> list[Quality]:
    """Every quality that the team has set up, the sketch first."""
    found = []
    for word, choice in by_quality.items():
        if is_sketch(choice) and word != tiers.SKETCH:
            continue  # nothing is set up for it: it would be the sketch under another name
        label = tiers.QUALITIES[word]
        found.append(
            Quality(
                word, label if word == tiers.SKETCH else f"{label}, {choice.size}", choice, each(choice), choice.why_not
            )
        )
    return found


def quality_of(project: Project) -> str:
    """How the project's own quality is called."""
    return tiers.QUALITIES.get(project.tier, tiers.QUALITIES["draft"])


def hero_price(by_quality: Mapping[str, Choice], take: Take | None = None) -> str:
    """What one picture in hero quality costs; empty where only the sketch would draw it, or the take is of that quality already."""
    hero = by_quality[Tier.HERO]
    already = take is not None and (take.engine, take.model, take.size) == (hero.engine, hero.model, hero.size)
    return "" if hero.account is None or already else each(hero)


def each(choice: Choice) -> str:
    """What one picture costs, before its references are known: "from" where they have a price of their own."""
    try:
        amount = cost.price(choice.engine, choice.model, choice.size)
    except Refused:
        return "price unknown"
    return f"from {exactly(amount)}" if cost.varies(choice.engine, choice.model) else exactly(amount)


def exactly(amount: Decimal) -> str:
    """The price of one picture, to a tenth of a cent where two decimals would not tell it: $0.076."""
    rounded = amount.quantize(Decimal("0.001"))
    return words_for(amount) if rounded == rounded.quantize(Decimal("0.01")) else f"${rounded}"


def of_board(project: Project) -> BoardPrices:
    """The words on a board's buttons, in two queries however many panels there are."""
    rows = Panel.objects.filter(scene__project=project, deleted=None, scene__deleted=None).order_by()
    counted = rows.values_list("scene_id", "tier").annotate(
        missing=Count("pk", filter=Q(takes=None), distinct=True), every=Count("pk", distinct=True)
    )
    by_quality = tiers.all_choices(project.team)
    found, missing, used = BoardPrices(), _Sum(), [by_quality.get(project.tier) or by_quality["draft"]]
    by_scene: dict[int, _Sum] = defaultdict(_Sum)
    whole: dict[int, _Sum] = defaultdict(_Sum)
    for scene, tier, lacking, every in counted:
        choice = by_quality.get(tier or project.tier) or by_quality["draft"]
        used.append(choice)
        for total, pictures in ((missing, lacking), (by_scene[scene], lacking), (whole[scene], every)):
            total.add(choice, pictures)
    found.missing = str(missing) if any(lacking for _, _, lacking, _ in counted) else ""
    found.scenes = {pk: str(total) for pk, total in by_scene.items()}
    found.whole = {pk: str(total) for pk, total in whole.items()}
    prices = {one: _amount(one) for one in used}
    lowest = min(prices.values())
    varied = len(set(prices.values())) > 1 or any(cost.varies(one.engine, one.model) for one in used)
    found.hero = hero_price(by_quality)
    found.each = "free" if not any(prices.values()) else f"{'from ' if varied else ''}{words_for(lowest)} each"
    return found


def _amount(choice: Choice) -> Decimal:
    try:
        return cost.price(choice.engine, choice.model, choice.size)
    except Refused:
        return cost.FREE


class _Sum:
    """Adds up pictures; "from" as soon as one of them may cost more than the table's price of its size."""

    def __init__(self) -> None:
        self.amount, self.varies = cost.FREE, False

    def add(self, choice: Choice, pictures: int) -> None:
        self.amount += _amount(choice) * pictures
        self.varies |= bool(pictures) and cost.varies(choice.engine, choice.model)

    def __str__(self) -> str:
        return f"{'from ' if self.varies else ''}{words_for(self.amount)}"


def who_may(team: Team, right: Right) -> list[str]:
    """The names of those who may: whom to ask. One query."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    rows = Membership.objects.filter(team=team, role__in=roles).select_related("user").order_by("pk")
    return [str(one.user) for one in rows]


@dataclass(frozen=True, slots=True)
class Exact:
    """How the services' own prices for an estimate stand. `accounts` names whom one can ask; `said` why one of them named none."""

    accounts: str
    asking: bool
    all_known: bool
    said: str

    @property
    def ask(self) -> bool:
        """There is somebody to ask, and something to be learned."""
        return bool(self.accounts) and not self.asking and not self.all_known


def exact(found: Estimate) -> Exact | None:
    """For the estimate page; None where no service of these says a price beforehand. One query."""
    able = [row for row in found.rows if quotes.can(row.choice) and not row.wrong] if found.pictures else []
    if not able:
        return None
    sorts = {quotes.sort(row.choice, row.request) for row in able}
    there = quotes.standing(sorts)
    known = [one for one, row in there.items() if row.amount is not None and quotes.fresh(row)]
    said = next((row.said for row in there.values() if row.said and quotes.fresh(row)), "")
    asking = any(quotes.open_(row) for row in there.values())
    labels = dict.fromkeys(str(row.choice.account) for row in able)
    return Exact(" and ".join(labels), asking, len(known) == len(sorts), said)


def names(found: Iterable[str]) -> str:
    """ "Ada", "Ada or Pavel", "Ada, Pavel or somebody else who may"."""
    listed = list(found)
    if len(listed) > 2:
        return f"{', '.join(listed[:2])} or somebody else who may"
    return " or ".join(listed)
