"""A panel drawn in passes: two or three of the cast first, then each picture as what the next one is drawn upon."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board.models import Panel, Take
from studio.forms.making import PassForm
from studio.generation import queries, tiers
from studio.generation.cost import Ready
from studio.generation.errors import Refused
from studio.generation.models import Batch
from studio.lib.typing import Request
from studio.making import actions, upon
from studio.making import queries as made
from studio.views import access, estimating, htmx, pricing
from studio.views.making import DEARER


@require_http_methods(["GET", "POST"])
def passes(request: Request, code: str) -> HttpResponse:
    """The tree of what was drawn upon what, with the cost of each; and the form of the next pass. POST draws it."""
    panel = access.panel_for(request, code, Right.DRAW if request.method == "POST" else Right.SEE)
    form = PassForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        form = PassForm({})
        form.is_valid()
    base = _base(panel, form.cleaned_data["base"])
    added = _added(request)
    trouble, status = "", 200
    if request.method == "POST":
        try:
            _draw(request, panel, base, added, form)
            return redirect(f"{reverse('passes', args=[code])}{f'?base={base.number}' if base else ''}")
        except Refused as refused:
            trouble, status = str(refused), 422
    context = _context(panel, base, added, form, trouble)
    return htmx.page(request, "making/passes.html", context, partial="making/_passes.html", status=status)


def _base(panel: Panel, number: int | None) -> Take | None:
    return Take.objects.with_picture().filter(panel=panel, number=number).first() if number else None


def _added(request: Request) -> set[str]:
    data = request.POST if request.method == "POST" else request.GET
    return {word for word in data.getlist("add") if len(word) < 60}


def _choice(panel: Panel, quality: str) -> tiers.Choice:
    by_quality = tiers.all_choices(panel.scene.project.team)
    return by_quality[quality] if quality else tiers.for_panels([panel], by_quality)[0]


def _draw(request: Request, panel: Panel, base: Take | None, added: set[str], form: PassForm) -> Batch:
    data, choice = form.cleaned_data, _choice(panel, form.cleaned_data["quality"])
    there = Batch.objects.filter(key=data["key"], project=panel.scene.project).first() if data["key"] else None
    if there is not None:
        return there
    if not data["key"]:
        raise Refused("The studio could not read that request. Nothing was drawn.")
    if upon.pass_ready(panel, base, added, choice).price > data["price"]:
        raise Refused(DEARER)
    return actions.draw_pass(panel=panel, base=base, added=added, choice=choice, by=request.user, key=data["key"])


def _context(panel: Panel, base: Take | None, added: set[str], form: PassForm, trouble: str) -> dict[str, Any]:
    elements = upon.elements(panel, base)
    data = form.cleaned_data
    if not data["asked"]:  # before anything was ticked: the next ones in the cast's order
        added = {one.member.key for one in [one for one in elements if not one.there][: 2 if base else upon.MOST_NEW]}
    by_quality = tiers.all_choices(panel.scene.project.team)
    choice = _choice(panel, data["quality"])
    row: Ready | None = None
    why_not = choice.why_not
    try:
        row = upon.pass_ready(panel, base, added, choice)
        why_not = why_not or row.wrong
    except Refused as refused:
        why_not = why_not or str(refused)
    work = queries.states_for([panel]).get(panel.pk)
    return {
        "panel": panel, "project": panel.scene.project, "tab": "board", "base": base, "tree": made.tree(panel),
        "others": _others(panel), "elements": [(one, one.member.key in added) for one in elements], "row": row, "why_not": why_not,
        "all_there": bool(elements) and all(one.there for one in elements), "work": work, "trouble": trouble,
        "busy": work is not None and work.state != "failed", "key": data["key"] or uuid.uuid4(), "choice": choice,
        "qualities": [(one, estimating.ICONS[one.word], one.choice == choice) for one in pricing.qualities(by_quality)],
        "engine": pricing.said(choice),
    }  # fmt: skip


def _others(panel: Panel) -> list[int]:
    """Numbers of all takes: any of them can be drawn upon."""
    return list(Take.objects.filter(panel=panel).order_by("number").values_list("number", flat=True))
