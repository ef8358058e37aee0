"""Panels that no longer match what they would be drawn from: of a board, or of a subject; which to draw again, which to leave."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.forms.drawing import EstimateForm
from studio.generation import actions, caps, impact
from studio.generation.errors import Refused
from studio.generation.impact import Affected, Impact
from studio.lib.typing import Request
from studio.library.models import Subject
from studio.views import access, estimating, htmx, ways


@require_GET
def project_impact(request: Request, code: str) -> HttpResponse:
    """The board's panels that no longer match. `redraw=1` with `panel=` (several) leads to the estimate of those."""
    project = access.project_for(request, code, Right.DRAW if request.GET.get("redraw") else Right.SEE)
    if request.GET.get("redraw"):
        panels = access.panels_for(request, project, request.GET.getlist("panel")[:500])
        if not panels:
            messages.info(request, "No panel was chosen. Nothing was drawn.")
            return redirect("project_impact", project.code)
        asked_for = {"panels": ",".join(panel.code for panel in panels)}
        if request.htmx:
            form = EstimateForm(asked_for)
            form.is_valid()
            return estimating.shown(request, project, form)
        query = urlencode(asked_for)
        return redirect(f"{reverse('estimate', args=[project.code])}?{query}")
    found = impact.of_project(project)
    return htmx.page(request, "impact/project.html", {"project": project, "impact": found, "tab": "impact"})


@require_POST
def take_fine(request: Request, code: str) -> HttpResponse:
    """The take may stay. `fine` has the fingerprints of what was seen, comma between."""
    take = access.take_for(request, code, Right.DRAW)
    try:
        actions.call_fine(take=take, against=request.POST.get("fine", "").split(","), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    back = reverse("project_impact", args=[take.panel.scene.project.code])
    return redirect(ways.ours(request, request.POST.get("next", "")) or back)


@require_GET
def subject_impact(request: Request, code: str) -> HttpResponse:
    """What drawing the ticked panels again comes to: the button alone, when a tick changes."""
    subject = access.subject_for(request, code, Right.PRODUCE)
    if not request.htmx:
        return redirect("subject_history", code)
    found = of_subject(subject)
    return render(request, "impact/_total.html", {"subject": subject, **total(found, request.GET.getlist("panel"))})


def key_of(request: Request) -> uuid.UUID:
    """The form's key: the same form sent twice is one batch. A form without one is a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def of_subject(subject: Subject) -> Impact:
    """As if its draft were locked where there is one."""
    return impact.of_subject(subject, draft=subject.draft)


def context(request: Request, subject: Subject) -> dict[str, Any]:
    """For the side of the versions page and the lock dialog."""
    found = of_subject(subject)
    ticked = [one.panel.code for one in found.open if one.shows and not one.wrong]
    return {"impact": found, "impact_key": uuid.uuid4(), "impact_left": _left(subject), **total(found, ticked)}


def total(found: Impact, ticked: Sequence[str]) -> dict[str, Any]:
    chosen = found.chosen(ticked)
    return {"ticked": [one.panel.code for one in chosen], "redraw_count": len(chosen), "redraw_amount": _sum(chosen)}


def asked(request: Request, found: Impact) -> tuple[list[Affected], dict[str, Decimal]]:
    """The panels that were ticked, and the price that each was shown with."""
    chosen = found.chosen(request.POST.getlist("panel"))
    prices = {}
    for one in chosen:
        try:
            prices[one.panel.code] = Decimal(request.POST.get(f"price-{one.panel.code}", "")[:20])
        except InvalidOperation:
            prices[one.panel.code] = Decimal(0)
    return chosen, {code: price for code, price in prices.items() if price.is_finite()}


def _sum(rows: Sequence[Affected]) -> Decimal:
    return sum((row.price for row in rows), Decimal(0))


def _left(subject: Subject) -> caps.Room | None:
    """The team's limit of the month, where one is set."""
    return next((room for room in caps.rooms(team=subject.team) if room.kind == "team"), None)
