"""Asking for one picture at once; watching a batch, stopping it, trying again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from studio.accounts.rights import Right
from studio.board.models import Panel
from studio.forms.drawing import AgainForm, DrawForm, EstimateForm
from studio.generation import actions, estimates, queries
from studio.generation.errors import OverCap, Refused
from studio.generation.models import Batch
from studio.lib.typing import Request
from studio.views import access, bars, estimating, htmx, pricing, ways
from studio.views.board import board_context, board_page, cards

# The inspector's form asks for another take next time: a double click is one batch, a second wish is a second.
NEXT_KEY = '<input type="hidden" name="key" id="draw-key" value="{}" hx-swap-oob="true">'


@require_POST
def panel_draw(request: Request, code: str) -> HttpResponse:
    """One picture at once, for the price its button had; more than one, a dearer one, or one that exists: the estimate first."""
    panel = access.panel_for(request, code, Right.DRAW)
    form = DrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The studio could not read that request. Load the page anew and try again.")
        return redirect("panel", panel.code)
    asked = form.cleaned_data
    batch = Batch.objects.filter(project=panel.scene.project, key=asked["key"]).first()
    deal = pricing.of_panel(panel)
    if batch is None:
        if asked["takes"] > 1 or (not deal.why_not and _look_first(deal, asked)):
            return _estimate_first(request, panel, asked["takes"])
        try:
            if deal.why_not:
                raise Refused(deal.why_not)
            batch = actions.request_takes(panels=[panel], by=request.user, key=asked["key"], choices=[deal.choice])
        except Refused as refusal:
            return _trouble(request, panel, refusal, deal)
    if request.htmx and request.htmx.target == "batch":
        answer = _changed(request, batch, [panel], f"Drawing panel {panel.label}.")
        calm = render_to_string(
            "panels/_draw_trouble.html", {"deal": deal, "panel": panel, "oob": True}, request=request
        )
        answer.content += NEXT_KEY.format(uuid.uuid4()).encode() + calm.encode()
        return answer
    return redirect(ways.ours(request, request.POST.get("next", "")) or reverse("panel", args=[panel.code]))


def _look_first(deal: pricing.Deal, asked: dict[str, Any]) -> bool:
    """It costs more than its button said, or the very same picture exists and nobody said that another one is wanted."""
    return deal.price > asked["price"] or (not asked["again"] and bool(estimates.weigh([deal.row]).exists))


def _estimate_first(request: Request, panel: Panel, takes: int) -> HttpResponse:
    project, query = panel.scene.project, {"panels": panel.code, "takes": str(takes)}
    if request.htmx:
        form = EstimateForm(query)
        form.is_valid()
        answer = estimating.shown(request, project, form)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog-host", "innerHTML"
        return answer
    return redirect(f"{reverse('estimate', args=[project.code])}?{urlencode(query)}")


def _trouble(request: Request, panel: Panel, refusal: Refused, deal: pricing.Deal) -> HttpResponse:
    """Why nothing was drawn, beside the button."""
    project = panel.scene.project
    context: dict[str, Any] = {"deal": deal, "draw_trouble": str(refusal)}
    if isinstance(refusal, OverCap):
        context["over_cap"] = True
        context["who_may_raise"] = pricing.names(pricing.who_may(project.team, Right.DELETE))
    if request.htmx:
        answer = render(
            request, "panels/_draw_trouble.html", context | {"panel": panel, "project": project}, status=422
        )
        answer["HX-Retarget"], answer["HX-Reswap"] = "#draw-trouble", "outerHTML"
        return answer
    return render(request, "board/board.html", board_page(request, project, panel, **context), status=422)


@require_GET
def batch(request: Request, code: str) -> HttpResponse:
    """The poll: the bar, and out of band the cards that changed since the moment the last answer named."""
    found = access.batch_for(request, code)
    if not request.htmx:
        return redirect("board", found.project.code)
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+")) or found.created
    changed = queries.changed_since(found, since)
    return _changed(request, found, changed)


@require_POST
def batch_cancel(request: Request, code: str) -> HttpResponse:
    """Waiting ones stop at once; those under way finish and are kept."""
    found = access.batch_for(request, code, Right.DRAW)
    before = timezone.now()
    actions.cancel_batch(batch=found, by=request.user)
    found.refresh_from_db()
    if not request.htmx:
        return redirect("board", found.project.code)
    return _changed(request, found, queries.changed_since(found, before), "Cancelled. What is under way will finish.")


@require_POST
def job_retry(request: Request, code: str) -> HttpResponse:
    """A failed picture asked for again, by a person: a new attempt with the same frozen request, for the price its button had."""
    job = access.job_for(request, code, Right.DRAW)
    try:
        again = actions.retry_job(job=job, by=request.user, shown=AgainForm(request.POST).shown())
    except Refused as refusal:
        if request.htmx and request.htmx.target == "batch":
            return _not_again(request, job.panel, refusal)
        messages.error(request, str(refusal))
        return redirect("panel", job.panel.code)
    if not request.htmx:
        return redirect("panel", job.panel.code)
    return _changed(request, again, [job.panel], f"Drawing panel {job.panel.label} again.")


def _not_again(request: Request, panel: Panel, refusal: Refused) -> HttpResponse:
    """Why it was not asked for again, beside the button: in the inspector, else on the card."""
    raised: dict[str, Any] = {"over_cap": isinstance(refusal, OverCap)}
    if raised["over_cap"]:
        raised["who_may_raise"] = pricing.names(pricing.who_may(panel.scene.project.team, Right.DELETE))
    answer = render(request, "panels/_not_again.html", {"said": str(refusal), **raised}, status=422)
    inspector = request.headers.get("HX-Trigger") == "retry-form"
    answer["HX-Retarget"] = "#retry-trouble" if inspector else f"#panel-{panel.code} .state-art"
    answer["HX-Reswap"] = "innerHTML"
    return answer


@require_POST
def job_cancel(request: Request, code: str) -> HttpResponse:
    """One picture that still waits."""
    job = access.job_for(request, code, Right.DRAW)
    actions.cancel_job(job=job, by=request.user)
    if not request.htmx:
        return redirect("panel", job.panel.code)
    return _changed(request, job.batch, [job.panel])


def _changed(request: Request, batch: Batch, panels: list[Panel], words: str = "") -> HttpResponse:
    """The bar and the given cards, out of band. When the batch is over also what the board counts and prices, and 286, which ends the poll."""
    context = bars.bar_context(batch)
    bar = context["bar"]
    body: str = render_to_string("batches/_bar.html", {**context, "project": batch.project}, request=request)
    body += cards(request, batch.project, panels)
    over = bar.finished and request.method == "GET"
    if over:
        body += render_to_string("board/_drawn.html", board_context(request, batch.project), request=request)
    response = HttpResponse(body, status=htmx.STOP_POLLING if over else 200)
    words = words or (bars.end_words(bar) if over else "")
    if panels:
        trigger_client_event(response, "panels-changed", {"codes": [panel.code for panel in panels]}, after="settle")
    return htmx.announce(response, words) if words else response
