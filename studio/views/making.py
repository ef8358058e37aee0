"""References that are drawn: asking for sides that are missing, watching them come, accepting or discarding what came."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.forms.making import RulingForm, SideForm, SidesForm
from studio.generation import estimates, tiers
from studio.generation.cost import Ready
from studio.generation.errors import OverCap, Refused
from studio.generation.models import Batch
from studio.lib.typing import Request
from studio.library import actions as library
from studio.library import sets
from studio.library.coverage import OUTFIT, WANTED
from studio.library.models import ReferenceSet, View
from studio.making import actions, queries, sides
from studio.prompting.sheet import Side
from studio.views import access, access_making, estimating, htmx, offers, pricing
from studio.views.references import page_of

TAKES = (1, 2, 4)
DEARER = "The price has changed since this page was opened. Nothing was drawn yet: look at the total, then draw."


@require_GET
def set_making(request: Request, code: str) -> HttpResponse:
    """The poll: what is under way and what came, with the missing views; 286 when nothing more is to come."""
    reference_set = access.reference_set_for(request, code)
    if not request.htmx:
        return redirect(f"{page_of(reference_set)}#making-{code}")
    page = sets.page(reference_set, request.GET.get("order", ""))
    context = {"page": page, "subject": reference_set.subject, "views": View.choices, **offers.of(request, page)}
    over = context["over"] = not context["making"].busy
    response = render(request, "making/_answer.html", context, status=htmx.STOP_POLLING if over else 200)
    return htmx.announce(response, "The drawings are done.") if over else response


@require_POST
def set_draw(request: Request, code: str) -> HttpResponse:
    """One side at once, for the price its button had; a dearer one is shown first."""
    reference_set = access.reference_set_for(request, code, Right.DRAW)
    back = f"{page_of(reference_set)}#making-{code}"
    form = SideForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The studio could not read that request. Nothing was drawn.")
        return redirect(back)
    data = form.cleaned_data
    side, choice = sides.named(data["view"], data["detail"]), sides.usual(reference_set.subject.team)
    try:
        if not Batch.objects.filter(key=data["key"]).exists():
            (row,) = sides.ready(reference_set, [side], choice)
            if row.price > data["price"]:
                return redirect(f"{reverse('set_sides', args=[code])}?asked=1&views={side.view}")
        actions.draw_sides(reference_set=reference_set, sides=[side], choice=choice, by=request.user, key=data["key"])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(back)


@require_http_methods(["GET", "POST"])
def set_sides(request: Request, code: str) -> HttpResponse:
    """The estimate for several sides; then the batch. The same form sent twice is one batch."""
    reference_set = access.reference_set_for(request, code, Right.DRAW)
    form = SidesForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        form = SidesForm({})
        form.is_valid()
    trouble, status = "", 200
    if request.method == "POST":
        try:
            _start(request, reference_set, form)
            return redirect(f"{page_of(reference_set)}#making-{code}")
        except Refused as refused:
            trouble, status = "" if isinstance(refused, OverCap) else str(refused), 422
    return htmx.dialog(
        request, "making/sides_dialog.html", _context(request, reference_set, form, trouble), status=status
    )


def _start(request: Request, reference_set: ReferenceSet, form: SidesForm) -> Batch:
    data = form.cleaned_data
    there = Batch.objects.filter(key=data["key"], team=reference_set.subject.team).first() if data["key"] else None
    if there is not None:
        return there
    chosen, choice = _chosen(reference_set, form), _choice(reference_set, form)
    rows = sides.ready(reference_set, chosen, choice)
    if estimates.weigh(rows, takes=data["takes"], most=data["most"] or 0).amount > data["amount"]:
        raise Refused(DEARER)
    return actions.draw_sides(
        reference_set=reference_set, sides=chosen, choice=choice, by=request.user, key=data["key"] or uuid.uuid4(),
        takes=data["takes"], most=data["most"] or 0,
    )  # fmt: skip


def _choice(reference_set: ReferenceSet, form: SidesForm) -> tiers.Choice:
    team, quality = reference_set.subject.team, form.cleaned_data["quality"]
    return tiers.choice(team, quality) if quality else sides.usual(team)


def _chosen(reference_set: ReferenceSet, form: SidesForm) -> list[Side]:
    """The sides that are ticked; before anything was, those that are missing and that no proposal waits for."""
    data = form.cleaned_data
    if data["asked"]:
        ticked = set(data["views"])
    else:
        drawn = {one.view for one in queries.of(reference_set).open}
        ticked = {one.view for one in sets.page(reference_set).coverage.missing} - drawn
    found = [side for side in sides.wanted(reference_set) if side.view in ticked]
    if data["detail"].strip():
        found.append(sides.named("detail", data["detail"]))
    return list(dict.fromkeys(found))


def _context(request: Request, reference_set: ReferenceSet, form: SidesForm, trouble: str) -> dict[str, Any]:
    data = form.cleaned_data
    chosen, choice = _chosen(reference_set, form), _choice(reference_set, form)
    rows: list[Ready] = []
    try:
        rows = sides.ready(reference_set, chosen, choice)
    except Refused as refused:
        trouble = trouble or str(refused)
    found = estimates.weigh(rows, takes=data["takes"])
    project = rows[0].panel.scene.project if rows else None
    kind = OUTFIT if reference_set.outfit_id else reference_set.subject.kind
    prices = _prices(reference_set, choice)
    own = next((side for side in chosen if side not in sides.wanted(reference_set)), None)
    by_quality = tiers.all_choices(reference_set.subject.team)
    return {
        "reference_set": reference_set, "subject": reference_set.subject, "back": page_of(reference_set), "trouble": trouble,
        "views": [(one, Side(one.view, one.detail) in chosen, prices.get(Side(one.view, one.detail))) for one in WANTED[kind]],
        "own": own.detail if own else "",
        "estimate": found, "time": estimating.time_words(found.seconds), "key": data["key"] or uuid.uuid4(),
        "takes": data["takes"], "take_counts": TAKES, "blocked": found.blocked[:4],
        "qualities": [(one, estimating.ICONS[one.word], one.choice == choice) for one in pricing.qualities(by_quality)],
        "may_mend": request.membership.may(Right.ADMIN), "warnings": _warnings(rows),
        **(estimating.limits(request, project, found) if project else {"short": None}),
    }  # fmt: skip


def _prices(reference_set: ReferenceSet, choice: tiers.Choice) -> dict[Side, Decimal]:
    """What each side that the set wants would cost, ticked or not; empty where none can be drawn."""
    every = sides.wanted(reference_set)
    try:
        return {side: row.price for side, row in zip(every, sides.ready(reference_set, every, choice), strict=True)}
    except Refused:
        return {}


def _warnings(rows: list[Ready]) -> list[Any]:
    """What is said of each side, once."""
    return list(dict.fromkeys(one for row in rows for one in row.prepared.plan.warnings))[:4]


@require_POST
def proposal_accept(request: Request, code: str) -> HttpResponse:
    """It becomes a reference of the set it was drawn for."""
    take = access_making.proposal_for(request, code, Right.DRAW)
    form = RulingForm(request.POST)
    asked = form.cleaned_data if form.is_valid() else {"view": "", "detail": ""}
    bench = take.panel.bench
    try:
        made = actions.accept(take=take, by=request.user, **asked)
        messages.success(request, f"{sets.label(made)} is a reference now.")
    except (library.Refused, Refused) as refused:
        messages.error(request, str(refused))
    return redirect(page_of(bench.reference_set))


@require_POST
def proposal_discard(request: Request, code: str) -> HttpResponse:
    take = access_making.proposal_for(request, code, Right.DRAW)
    try:
        if actions.discard(take=take, by=request.user):
            messages.success(request, "Discarded. It stays under “Decided”, where it can still be accepted.")
    except (library.Refused, Refused) as refused:
        messages.error(request, str(refused))
    return redirect(f"{page_of(take.panel.bench.reference_set)}#making-{take.panel.bench.reference_set.code}")
