"""Campaign grids: places and styles down, subjects in their outfits across. Panels are made first; drawing them is priced as ever."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board import queries as boards
from studio.board import vocabulary
from studio.board.errors import Refused as BoardRefused
from studio.board.models import Panel, Project
from studio.forms.making import CampaignForm
from studio.generation import cost, tiers
from studio.generation.errors import Refused
from studio.lib.typing import Request
from studio.library.models import Kind, Outfit, Subject
from studio.making import actions
from studio.making.actions import Column, Row
from studio.making.models import Campaign
from studio.templatetags.studio_tags import price
from studio.views import access, working

SHOWN = 20  # grids on the page


@require_http_methods(["GET", "POST"])
def campaign(request: Request, code: str) -> HttpResponse:
    """The form of a new grid, and those that were made, with their pictures."""
    project = access.project_for(request, code, Right.DRAW if request.method == "POST" else Right.SEE)
    error = ""
    if request.method == "POST":
        form = CampaignForm(request.POST)
        error = "The studio could not read that request. Nothing was made."
        if form.is_valid():
            rows, columns = _asked(request, project)
            try:
                made = actions.make_campaign(
                    project=project, rows=rows, columns=columns, by=request.user, **form.cleaned_data
                )
                return redirect(f"{reverse('campaign', args=[code])}#grid-{made.code}")
            except (Refused, BoardRefused) as refused:
                error = str(refused)
    return render(request, "making/campaign.html", _context(request, project, error), status=422 if error else 200)


def _asked(request: Request, project: Project) -> tuple[list[Row], list[Column]]:
    """What was ticked, of this team's library only, in the order of the page."""
    subjects = _subjects(project)
    places, styles = (set(request.POST.getlist(name)) for name in ("places", "styles"))
    wanted = set(request.POST.getlist("columns"))
    here: list[Subject | None] = [one for one in subjects if one.kind == Kind.LOCATION and one.code in places]
    looks: list[Subject | None] = [one for one in subjects if one.kind == Kind.STYLE and one.code in styles]
    rows = [Row(place, look) for place in here or [None] for look in looks or [None] if place or look]
    return rows, [column for key, column in _columns(project, subjects) if key in wanted]


def _subjects(project: Project) -> list[Subject]:
    return list(Subject.objects.for_team(project.team).prefetch_related("versions").order_by("name", "pk"))


def _columns(project: Project, subjects: list[Subject]) -> list[tuple[str, Column]]:
    """Characters and products, each followed by its outfits, with the value of its box."""
    found: list[tuple[str, Column]] = []
    outfits = list(Outfit.objects.filter(subject__team=project.team, deleted=None))
    for subject in subjects:
        if subject.kind in {Kind.CHARACTER, Kind.PRODUCT}:
            found.append((subject.code, Column(subject)))
            found += [
                (f"{subject.code}:{one.code}", Column(subject, one)) for one in outfits if one.subject_id == subject.pk
            ]
    return found


def _context(request: Request, project: Project, error: str) -> dict[str, Any]:
    subjects = _subjects(project)
    grids = list(Campaign.objects.filter(project=project).select_related("by")[:SHOWN])
    return {
        "project": project, "tab": "campaign", "error": error, "key": request.POST.get("key") or uuid.uuid4(), "typed": request.POST,
        "places": [one for one in subjects if one.kind == Kind.LOCATION], "styles": [one for one in subjects if one.kind == Kind.STYLE],
        "columns": _columns(project, subjects), "sizes": vocabulary.choices("shot_size"), "grids": _grids(project, grids),
        "ticked": {name: set(request.POST.getlist(name)) for name in ("places", "styles", "columns")},
    }  # fmt: skip


def _grids(project: Project, grids: list[Campaign]) -> list[dict[str, Any]]:
    """Each with its cells as cards (None where a panel was deleted) and what is missing: a constant number of queries."""
    codes = {code for grid in grids for row in grid.rows for code in row["panels"]}
    panels = Panel.objects.on_board().filter(scene__project=project, code__in=codes)
    cards = {card.code: card for card in working.merged_cards(boards.cards(panels.values_list("pk", flat=True)))}
    by_quality = tiers.all_choices(project.team)
    each = by_quality.get(project.tier) or by_quality["draft"]
    found = []
    for grid in grids:
        rows = [{"name": row["name"], "cells": [cards.get(code) for code in row["panels"]]} for row in grid.rows]
        there = [card for row in rows for card in row["cells"] if card]
        missing = [card.code for card in there if card.picture is None and card.state not in ("queued", "working")]
        found.append(
            {"grid": grid, "rows": rows, "panels": len(there), "missing": missing, "price": _price(each, len(missing))}
        )
    return found


def _price(choice: tiers.Choice, pictures: int) -> str:
    """What drawing so many comes to before their references are known: "free", "from $0.40"."""
    try:
        amount = cost.price(choice.engine, choice.model, choice.size) * pictures
    except Refused:
        return price(None)
    return f"{'from ' if amount else ''}{price(amount)}"
