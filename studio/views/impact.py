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
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board.models import Project
from studio.forms.drawing import EstimateForm
from studio.generation import actions, caps, impact, tiers
from studio.generation.errors import Refused
from studio.generation.impact import Affected, Impact
from studio.lib.typing import Request
from studio.library.models import Subject
from studio.views import access, estimating, htmx, pricing, ways


@require_http_methods(["GET", "POST"])
def project_impact(request: Request, code: str) -> HttpResponse:
    """The board's panels that no longer match. `redraw=1` with `panel=` (several) leads to the estimate of those; POST with
    `do=fine` calls all the others fine."""
    post = request.method == "POST"
    asked = request.POST if post else request.GET
    redraw = bool(asked.get("redraw")) and asked.get("do") != "fine"
    project = access.project_for(request, code, Right.DRAW if post or redraw else Right.SEE)
    if redraw:
        return _estimate(request, project, asked.getlist("panel")[:500])
    found = impact.of_project(project)
    if post:
        _call_others_fine(request, found)
        return redirect("project_impact", project.code)
    if request.htmx and "count" in asked:
        return render(request, "impact/_go.html", {"project": project, **_counts(found, asked.getlist("panel"))})
    ticked = [one.panel.code for one in found.open if one.shows and not one.wrong]
    context = {"project": project, "impact": found, "tab": "impact", "ticked": ticked, **_counts(found, ticked)}
    return htmx.page(request, "impact/project.html", context)


def _estimate(request: Request, project: Project, codes: list[str]) -> HttpResponse:
    panels = access.panels_for(request, project, codes)
    if not panels:
        messages.info(request, "No panel was chosen. Nothing was drawn.")
        return redirect("project_impact", project.code)
    asked_for = {"panels": ",".join(panel.code for panel in panels)}
    if request.htmx:
        form = EstimateForm(asked_for)
        form.is_valid()
        return estimating.shown(request, project, form)
    return redirect(f"{reverse('estimate', args=[project.code])}?{urlencode(asked_for)}")


def _call_others_fine(request: Request, found: Impact) -> None:
    """All that are open and not ticked, if the list is still the one that was seen."""
    if request.POST.get("seen") != found.seen:
        messages.error(
            request, "The list changed while you looked. Nothing was marked: this is how it is now. Look again."
        )
        return
    rows = found.others(request.POST.getlist("panel"))
    try:
        actions.call_all_fine(rows=rows, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return
    if rows:
        messages.success(
            request, f"{len(rows)} marked as fine. They are listed again when more changes, or when you say so."
        )


def _counts(found: Impact, ticked: Sequence[str]) -> dict[str, Any]:
    """How many are chosen, how many are not, and the mark of the list they were chosen from."""
    return {"redraw_count": len(found.chosen(ticked)), "others": len(found.others(ticked)), "seen": found.seen}


@require_POST
def take_fine(request: Request, code: str) -> HttpResponse:
    """The take may stay. `fine` has the fingerprints of what was seen, comma between. `do=again`: it is listed again."""
    take = access.take_for(request, code, Right.DRAW)
    try:
        if request.POST.get("do") == "again":
            actions.ask_again(take=take, by=request.user)
        else:
            actions.call_fine(take=take, against=request.POST.get("fine", "").split(","), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    back = reverse("project_impact", args=[take.panel.scene.project.code])
    return redirect(ways.ours(request, request.POST.get("next", "")) or back)


@require_http_methods(["GET", "POST"])
def subject_impact(request: Request, code: str) -> HttpResponse:
    """What drawing the ticked panels again comes to, in a quality: what follows the ticks, and the rows where that was chosen
    anew. POST calls all the others fine."""
    post = request.method == "POST"
    subject = access.subject_for(request, code, Right.DRAW if post else Right.PRODUCE)
    if post:
        _call_others_fine(request, of_subject(subject))
        return redirect("subject_history", code)
    if not request.htmx:
        return redirect("subject_history", code)
    anew = request.htmx.trigger_name == "quality"
    context = {
        "subject": subject,
        "anew": anew,
        **_priced(subject, request.GET.get("quality", ""), request.GET.getlist("panel")),
    }
    return render(request, "impact/_answer.html", context)


def key_of(request: Request) -> uuid.UUID:
    """The form's key: the same form sent twice is one batch. A form without one is a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def of_subject(subject: Subject, quality: str = "") -> Impact:
    """As if its draft were locked where there is one. A quality that is none is each panel's own."""
    known = quality if quality in tiers.QUALITIES else ""
    return impact.of_subject(subject, draft=subject.draft, quality=known)


def context(request: Request, subject: Subject) -> dict[str, Any]:
    """For the side of the versions page and the lock dialog: what is ticked at first, or as a refused form had it."""
    again = request.method == "POST" and "key" in request.POST
    quality = request.POST.get("quality", "") if again else ""
    priced = _priced(subject, quality, request.POST.getlist("panel") if again else None)
    qualities = pricing.qualities(tiers.all_choices(subject.team))
    return {
        "impact_key": uuid.uuid4(), "impact_left": _left(subject), "qualities": qualities if len(qualities) > 1 else (), **priced,
    }  # fmt: skip


def _priced(subject: Subject, quality: str, ticked: Sequence[str] | None) -> dict[str, Any]:
    """The rows in that quality, the ticks (without any: what the changes can be seen in), and what they come to."""
    found = of_subject(subject, quality)
    if ticked is None:
        ticked = [one.panel.code for one in found.open if one.shows and not one.wrong]
    chosen = found.chosen(ticked)
    return {
        "impact": found, "quality": quality, "ticked": [one.panel.code for one in chosen], "redraw_amount": _sum(chosen),
        **_counts(found, ticked),
    }  # fmt: skip


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
