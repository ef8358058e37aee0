"""Picks drawn again in hero quality: what differs and what it costs, before the money; and a picture that exists, used."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board.models import Panel, Project, Take
from studio.forms.drawing import PromoteForm
from studio.generation import actions, estimates, tiers
from studio.generation.actions import promoting
from studio.generation.errors import OverCap, Refused
from studio.generation.estimates import Estimate
from studio.generation.models import Batch, Tier
from studio.lib.typing import Request
from studio.views import access, estimating, htmx, pricing, ways

SHOWN = 6
NOT_SET_UP = "No engine is set up for hero quality."


@require_http_methods(["GET", "POST"])
def take_promote(request: Request, code: str) -> HttpResponse:
    """One take in hero quality."""
    take = access.take_for(request, code, Right.DRAW)
    return _answer(request, take.panel.scene.project, [take], reverse("take_promote", args=[take.code]))


@require_http_methods(["GET", "POST"])
def promote(request: Request, code: str) -> HttpResponse:
    """The picks of a selection or of the whole board in hero quality; `approved` leaves the others out."""
    project = access.project_for(request, code, Right.DRAW)
    form = _form(request)
    takes = _picks(project, form.codes(), form.cleaned_data["approved"])
    return _answer(request, project, takes, reverse("promote", args=[project.code]), many=True)


def _form(request: Request) -> PromoteForm:
    data = request.POST if request.method == "POST" else request.GET
    form = PromoteForm({**data.dict(), "panels": ",".join(data.getlist("panels"))})
    if not form.is_valid():
        form = PromoteForm({})
        form.is_valid()
    return form


def _picks(project: Project, codes: list[str], approved: bool) -> list[Take]:
    """The picked takes in board order, with what planning reads of them."""
    rows = Panel.objects.on_board().filter(scene__project=project, picked__isnull=False)
    if codes:
        rows = rows.filter(code__in=codes)
    if approved:
        rows = rows.filter(state=Panel.State.APPROVED)
    order = list(rows.values_list("picked_id", flat=True))
    takes = Take.objects.with_picture().select_related("panel__scene__project__team").in_bulk(order)
    return [takes[pk] for pk in order if pk is not None]


def _answer(request: Request, project: Project, takes: list[Take], here: str, *, many: bool = False) -> HttpResponse:
    form = _form(request)
    data = form.cleaned_data
    choice = tiers.choice(project.team, Tier.HERO)
    takes = [take for take in takes if not _hero_already(take, choice)] if many else takes
    trouble, status = "", 200
    if request.method == "POST":
        batch = Batch.objects.filter(project=project, key=data["key"]).first() if data["key"] else None
        try:
            batch = batch or _start(request, takes, choice, data)
            return redirect(f"{reverse('board', args=[project.code])}{f'?batch={batch.code}' if batch else ''}")
        except Refused as refusal:
            trouble, status = "" if isinstance(refusal, OverCap) else str(refusal), 422
    context = _context(request, project, takes, choice, form) | {"here": here, "many": many}
    context |= {"trouble": trouble or context["trouble"]}
    return htmx.dialog(request, "batches/promote.html", context, status=status)


def _hero_already(take: Take, choice: tiers.Choice) -> bool:
    return (take.engine, take.model, take.size) == (choice.engine, choice.model, choice.size)


def _weighed(takes: list[Take], choice: tiers.Choice, **more: Any) -> tuple[list[promoting.Promotion], Estimate]:
    planned = actions.promotions(takes=takes, choice=choice)
    rows, seeds = [one.row for one in planned], [one.seed for one in planned]
    return planned, estimates.weigh(rows, seeds=seeds, **more)


def _start(request: Request, takes: list[Take], choice: tiers.Choice, data: dict[str, Any]) -> Batch | None:
    """The batch; None where every picture existed and was used. Raises Refused."""
    if choice.account is None:
        raise Refused(NOT_SET_UP)
    if not takes:
        raise Refused("Nothing is picked here that is not drawn in hero quality already.")
    most = data["most"] or 0
    _, found = _weighed(takes, choice, reuse=data["reuse"], most=most)
    if found.amount > data["amount"]:
        raise Refused(estimating.CHANGED)
    reused = found.exists if data["reuse"] else {}
    batch = None
    if found.pictures or not reused:
        batch = actions.promote(
            takes=takes, choice=choice, by=request.user, key=data["key"] or uuid.uuid4(), skip=reused, most=most
        )
    for take in takes:
        if take.panel_id in reused:
            actions.use_existing(take=reused[take.panel_id], panel=take.panel, by=request.user)
    return batch


def _context(
    request: Request, project: Project, takes: list[Take], choice: tiers.Choice, form: PromoteForm
) -> dict[str, Any]:
    trouble = ""
    planned: list[promoting.Promotion] = []
    try:
        planned, found = _weighed(takes, choice, reuse=form.cleaned_data["reuse"])
    except Refused as refused:
        found, trouble = estimates.weigh([]), str(refused)
    data = form.cleaned_data
    return {
        "project": project, "estimate": found, "planned": planned[:SHOWN], "more_planned": planned[SHOWN:],
        "take": takes[0] if takes else None, "choice": choice, "drawn_with": pricing.said(choice), "trouble": trouble,
        "time": estimating.time_words(found.seconds), "key": data["key"] or uuid.uuid4(), "panels": data["panels"],
        "approved": data["approved"], "reuse": data["reuse"], "may_mend": request.membership.may(Right.ADMIN),
        "why_not": choice.why_not or ("" if choice.account else NOT_SET_UP),
        **estimating.warned(found), **estimating.limits(request, project, found), **estimating.existing(found, 1),
    }  # fmt: skip


@require_POST
def panel_use(request: Request, code: str) -> HttpResponse:
    """A picture of the team that exists already becomes the panel's pick: nothing is drawn, nothing is spent."""
    panel = access.panel_for(request, code, Right.DRAW)
    take = access.take_for(request, request.POST.get("take", ""), Right.DRAW)
    try:
        actions.use_existing(take=take, panel=panel, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(ways.ours(request, request.POST.get("next", "")) or reverse("panel", args=[panel.code]))
