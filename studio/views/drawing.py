"""Asking for pictures: one at once, more through the estimate; watching a batch, stopping it, trying again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from studio.accounts.rights import Right
from studio.board.models import Panel, Project
from studio.forms.drawing import SIZES, TAKES, DrawForm, EstimateForm
from studio.generation import actions, cost, queries
from studio.generation.errors import Refused
from studio.generation.models import Batch
from studio.lib.typing import Request
from studio.prompting.references import KINDS
from studio.prompting.types import Warning
from studio.views import access, bars, htmx, ways
from studio.views.board import cards

ENGINE = "sketch"
# The inspector's form asks for another take next time: a double click is one batch, a second wish is a second.
NEXT_KEY = '<input type="hidden" name="key" id="draw-key" value="{}" hx-swap-oob="true">'
WARNINGS_SHOWN = 4


@require_POST
def panel_draw(request: Request, code: str) -> HttpResponse:
    """One picture at once; more than one passes through the estimate first."""
    panel = access.panel_for(request, code, Right.DRAW)
    form = DrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The studio could not read that request. Load the page anew and try again.")
        return redirect("panel", panel.code)
    asked = form.cleaned_data
    if asked["takes"] > 1:
        where = reverse("estimate", args=[panel.scene.project.code])
        return redirect(f"{where}?{urlencode({'panels': panel.code, 'takes': asked['takes'], 'size': asked['size']})}")
    try:
        batch = actions.request_takes(
            panels=[panel], by=request.user, key=asked["key"], engine=ENGINE, size=asked["size"]
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("panel", panel.code)
    if request.htmx and request.htmx.target == "batch":
        answer = _changed(request, batch, [panel], f"Drawing panel {panel.label}.")
        answer.content += NEXT_KEY.format(uuid.uuid4()).encode()
        return answer
    return redirect(ways.ours(request, request.POST.get("next", "")) or reverse("panel", args=[panel.code]))


@require_GET
def estimate(request: Request, code: str) -> HttpResponse:
    """What a scene, a selection or all that is missing would take: pictures, price, time, and what may not hold."""
    project = access.project_for(request, code, Right.DRAW)
    form = EstimateForm(request.GET)
    if not form.is_valid():
        form = EstimateForm({})
        form.is_valid()
    title, panels = _asked_for(request, project, form)
    return htmx.dialog(request, "batches/estimate.html", _estimate(request, project, form, title, panels))


def _estimate(
    request: Request, project: Project, form: EstimateForm, title: str, panels: list[Panel]
) -> dict[str, Any]:
    data = form.cleaned_data
    found = cost.estimate(panels=panels, takes=data["takes"], engine=ENGINE, size=data["size"])
    by_words: dict[Warning, list[str]] = defaultdict(list)
    for warned in found.warnings:
        for warning in warned.warnings:
            by_words[warning].append(warned.panel.label)
    gravest = sorted(by_words.items(), key=lambda one: KINDS.index(one[0].kind))
    warnings = [{"said": said, "labels": f"In {', '.join(labels[:8])}."} for said, labels in gravest]
    return {
        "project": project, "title": title, "asked": form.asked(), "key": uuid.uuid4(), "estimate": found, "panel_count": len(panels), "time": time_words(found.seconds),
        "take_counts": TAKES, "takes": data["takes"], "sizes": SIZES, "size": data["size"], "only_missing": data["only_missing"],
        "warnings": warnings[:WARNINGS_SHOWN], "more_warnings": max(0, len(warnings) - WARNINGS_SHOWN),
    }  # fmt: skip


def time_words(seconds: int | None) -> str:
    """ "about 90 s" for an estimate; empty with no history."""
    return bars.eta_words(seconds).removesuffix(" left")


def _asked_for(request: Request, project: Project, form: EstimateForm) -> tuple[str, list[Panel]]:
    """A title and the panels, in board order, with what a brief needs selected."""
    data = form.cleaned_data
    rows = Panel.objects.on_board().filter(scene__project=project).select_related("scene__project")
    title = "Draw the board"
    if data["scene"]:
        scene = access.scene_for(request, data["scene"], Right.DRAW)
        rows, title = rows.filter(scene=scene), f"Draw scene {scene.number}"
    elif form.codes():
        rows = rows.filter(code__in=form.codes())
    if data["missing"] or data["only_missing"]:
        rows = rows.filter(takes=None)
    panels = list(rows)
    if data["missing"] and not data["scene"]:
        title = "Draw what is missing"
    elif form.codes():
        title = f"Draw panel {panels[0].label}" if len(panels) == 1 else f"Draw {len(panels)} panels"
    return title, panels


@require_POST
def batch_start(request: Request, code: str) -> HttpResponse:
    """The batch that the estimate showed. The same form sent twice is one batch."""
    project = access.project_for(request, code, Right.DRAW)
    form, chosen = DrawForm(request.POST), EstimateForm(request.POST)
    if not (form.is_valid() and chosen.is_valid()):
        messages.error(request, "The studio could not read that request. Nothing was drawn.")
        return redirect("board", project.code)
    batch = Batch.objects.filter(project=project, key=form.cleaned_data["key"]).first()
    if batch is None:  # the same form sent again finds its batch, though nothing is missing any more
        title, panels = _asked_for(request, project, chosen)
        if not panels:
            messages.info(request, "Every panel here has a picture already. Nothing was drawn.")
            return redirect("board", project.code)
        try:
            batch = actions.request_takes(
                panels=panels, by=request.user, key=form.cleaned_data["key"], takes=form.cleaned_data["takes"],
                engine=ENGINE, size=form.cleaned_data["size"], title=title,
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("board", project.code)
    return redirect(f"{reverse('board', args=[project.code])}?batch={batch.code}")


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
    """A failed picture asked for again, by a person: a new attempt with the same frozen request."""
    job = access.job_for(request, code, Right.DRAW)
    try:
        again = actions.retry_job(job=job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("panel", job.panel.code)
    if not request.htmx:
        return redirect("panel", job.panel.code)
    return _changed(request, again, [job.panel], f"Drawing panel {job.panel.label} again.")


@require_POST
def job_cancel(request: Request, code: str) -> HttpResponse:
    """One picture that still waits."""
    job = access.job_for(request, code, Right.DRAW)
    actions.cancel_job(job=job, by=request.user)
    if not request.htmx:
        return redirect("panel", job.panel.code)
    return _changed(request, job.batch, [job.panel])


def _changed(request: Request, batch: Batch, panels: list[Panel], words: str = "") -> HttpResponse:
    """The bar and the given cards, out of band. 286 when the batch is over, which ends the poll."""
    context = bars.bar_context(batch)
    bar = context["bar"]
    body: str = render_to_string("batches/_bar.html", {**context, "project": batch.project}, request=request)
    body += cards(request, batch.project, panels)
    over = bar.finished and request.method == "GET"
    response = HttpResponse(body, status=htmx.STOP_POLLING if over else 200)
    words = words or (bars.end_words(bar) if over else "")
    if panels:
        trigger_client_event(response, "panels-changed", {"codes": [panel.code for panel in panels]}, after="settle")
    return htmx.announce(response, words) if words else response
