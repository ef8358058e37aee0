"""The same board in another style: picks repainted as new takes, with the estimate before the money."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board.models import Panel, Project, Take
from studio.forms.making import RestyleForm
from studio.generation import estimates, tiers
from studio.generation.cost import Ready
from studio.generation.errors import OverCap, Refused
from studio.generation.models import Batch
from studio.lib.typing import Request
from studio.library.models import Kind, Subject
from studio.making import actions, upon
from studio.views import access, estimating, htmx, pricing
from studio.views.making import DEARER


@require_http_methods(["GET", "POST"])
def restyle(request: Request, code: str) -> HttpResponse:
    """The picks of a scene, a selection or the whole board, in a style of the library."""
    project = access.project_for(request, code, Right.DRAW)
    form = _form(request)
    takes, styles = (
        _picks(project, form),
        list(Subject.objects.for_team(project.team).of_kind(Kind.STYLE).order_by("name", "pk")),
    )
    style = next((one for one in styles if one.code == form.cleaned_data["style"]), styles[0] if styles else None)
    trouble, status = "", 200
    if request.method == "POST":
        try:
            batch = _start(request, project, takes, style, form)
            return redirect(f"{reverse('board', args=[code])}?batch={batch.code}")
        except Refused as refused:
            trouble, status = "" if isinstance(refused, OverCap) else str(refused), 422
    context = _context(request, project, takes, style, form, trouble) | {"styles": styles}
    return htmx.dialog(request, "making/restyle_dialog.html", context, status=status)


def _form(request: Request) -> RestyleForm:
    data = request.POST if request.method == "POST" else request.GET
    form = RestyleForm({**data.dict(), "panels": ",".join(data.getlist("panels"))})
    if not form.is_valid():
        form = RestyleForm({})
        form.is_valid()
    return form


def _picks(project: Project, form: RestyleForm) -> list[Take]:
    """The picked takes in board order, with what planning reads of them."""
    rows = Panel.objects.on_board().filter(scene__project=project, picked__isnull=False)
    if form.cleaned_data["scene"]:
        rows = rows.filter(scene__code=form.cleaned_data["scene"])
    if form.codes():
        rows = rows.filter(code__in=form.codes())
    order = list(rows.values_list("picked_id", flat=True))
    takes = Take.objects.with_picture().select_related("panel__scene__project__team").in_bulk(order)
    return [takes[pk] for pk in order if pk is not None]


def _choice(project: Project, form: RestyleForm) -> tiers.Choice:
    by_quality = tiers.all_choices(project.team)
    return by_quality.get(form.cleaned_data["quality"] or project.tier) or by_quality["draft"]


def _start(request: Request, project: Project, takes: list[Take], style: Subject | None, form: RestyleForm) -> Batch:
    data = form.cleaned_data
    there = Batch.objects.filter(project=project, key=data["key"]).first() if data["key"] else None
    if there is not None:
        return there
    if style is None or not takes or not data["key"]:
        raise Refused("Choose a style, and panels that have a picture. Nothing was drawn.")
    choice = _choice(project, form)
    if estimates.weigh(upon.restyle_ready(takes, style, choice), most=data["most"] or 0).amount > data["amount"]:
        raise Refused(DEARER)
    return actions.restyle(
        takes=takes, style=style, choice=choice, by=request.user, key=data["key"], most=data["most"] or 0
    )


def _context(
    request: Request, project: Project, takes: list[Take], style: Subject | None, form: RestyleForm, trouble: str
) -> dict[str, Any]:
    data, choice = form.cleaned_data, _choice(project, form)
    rows: list[Ready] = []
    if style is not None and takes:
        try:
            rows = upon.restyle_ready(takes, style, choice)
        except Refused as refused:
            trouble = trouble or str(refused)
    found = estimates.weigh(rows)
    by_quality = tiers.all_choices(project.team)
    return {
        "project": project, "takes": takes, "style": style, "trouble": trouble, "estimate": found, "panels": data["panels"],
        "scene": data["scene"], "time": estimating.time_words(found.seconds), "key": data["key"] or uuid.uuid4(),
        "qualities": [(one, estimating.ICONS[one.word], one.choice == choice) for one in pricing.qualities(by_quality)],
        "may_mend": request.membership.may(Right.ADMIN), **estimating.warned(found), **estimating.limits(request, project, found),
    }  # fmt: skip
