"""The estimate: what a scene, a selection or all that is missing would take, in which quality; then the batch."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.board.models import Panel, Project
from studio.forms.drawing import NAMED, TAKES, EstimateForm, StartForm
from studio.generation import actions, estimates, tiers
from studio.generation.errors import OverCap, Refused
from studio.generation.estimates import Estimate
from studio.generation.models import Batch
from studio.generation.tiers import Choice
from studio.lib.typing import Request
from studio.prompting.types import Warning
from studio.views import access, bars, htmx, pricing

WARNINGS_SHOWN = 4
KINDS = ("left", "missing", "draft", "weak")  # gravest first: what this engine leaves out, then what it will guess
ICONS = {"sketch": "pencil", "draft": "zap", "production": "image", "hero": "gem"}
CHANGED = "The price has changed since this page was opened. Nothing was drawn yet: look at the total, then draw."


@require_GET
def estimate(request: Request, code: str) -> HttpResponse:
    """Pictures, price, time, what is left of the limits, what may not hold, and what exists already."""
    project = access.project_for(request, code, Right.DRAW)
    form = EstimateForm(request.GET)
    if not form.is_valid():
        form = EstimateForm({})
        form.is_valid()
    return shown(request, project, form)


def shown(
    request: Request, project: Project, form: EstimateForm, *, trouble: str = "", key: Any = None, status: int = 200
) -> HttpResponse:
    """The dialog. `trouble` is why the last try was refused; `key` keeps a form that was sent already the same batch."""
    title, panels = _asked_for(request, project, form)
    context = {"project": project, "title": title, "key": key or uuid.uuid4(), "panel_count": len(panels)}
    context |= _context(request, project, form, panels) | ({"trouble": trouble} if trouble else {})
    return htmx.dialog(request, "batches/estimate.html", context, status=status)


def _context(request: Request, project: Project, form: EstimateForm, panels: list[Panel]) -> dict[str, Any]:
    data = form.cleaned_data
    offers, by_quality = tiers.offers(project.team), tiers.all_choices(project.team)
    choices, trouble = _choices(form, panels, offers, by_quality), ""
    try:
        found = estimates.of(panels=panels, choices=choices, takes=data["takes"], reuse=data["reuse"])
    except Refused as refused:
        found, trouble = estimates.of(panels=[], choices=[]), str(refused)
    chosen, mixed = _quality(form, panels, by_quality)
    named = next((offer for offer in offers if offer.key == data["model"]), None)
    return {
        "asked": form.asked(), "estimate": found, "trouble": trouble, "time": time_words(found.seconds),
        "take_counts": TAKES, "takes": data["takes"], "only_missing": data["only_missing"], "reuse": data["reuse"],
        "qualities": [(one, ICONS[one.word], one.word == chosen) for one in pricing.qualities(by_quality)],
        "quality": chosen, "mixed": mixed, "by_name": chosen == NAMED,
        "groups": _groups(offers), "model": named.key if named else "", "sizes": named.sizes if named else (),
        "size": data["size"] if named and data["size"] in named.sizes else named.sizes[0] if named else "",
        "exact": pricing.exact(found), "only_sketch": len(offers) == 1, "may_mend": request.membership.may(Right.ADMIN), **warned(found), **limits(request, project, found),
        **existing(found, data["takes"]),
    }  # fmt: skip


def _choices(
    form: EstimateForm, panels: list[Panel], offers: list[tiers.Offer], by_quality: dict[str, Choice]
) -> list[Choice]:
    """What draws each panel. A name that is gone, or none yet, is the first on the list."""
    data = form.cleaned_data
    if data["quality"] == NAMED:
        try:
            return [tiers.by_name(offers, data["model"] or offers[0].key, data["size"])] * len(panels)
        except Refused:
            return [tiers.by_name(offers, offers[0].key)] * len(panels)
    if data["quality"]:
        return [by_quality[data["quality"]]] * len(panels)
    return tiers.for_panels(panels, by_quality)


def _quality(form: EstimateForm, panels: list[Panel], by_quality: dict[str, Choice]) -> tuple[str, bool]:
    """Which quality is chosen (empty: as each panel says), and whether the panels say different ones."""
    own = {_listed(tiers.for_panel(panel), by_quality) for panel in panels}
    asked, mixed = form.cleaned_data["quality"], len(own) > 1
    if asked:
        return (asked if asked == NAMED else _listed(asked, by_quality)), mixed
    return ("" if mixed or not own else own.pop()), mixed


def _listed(quality: str, by_quality: dict[str, Choice]) -> str:
    """A quality that nothing is set up for is drawn, and called, by the sketch."""
    known = quality if quality in by_quality else "draft"
    return tiers.SKETCH if pricing.is_sketch(by_quality[known]) else known


def _groups(offers: list[tiers.Offer]) -> list[tuple[str, list[tuple[tiers.Offer, str]]]]:
    """The offers by account, each with what a picture costs at its first size."""
    found: dict[str, list[tuple[tiers.Offer, str]]] = defaultdict(list)
    for offer in offers:
        account = offer.choice.account
        found[str(account) if account else "This machine"].append((offer, pricing.each(offer.choice)))
    return list(found.items())


def warned(found: Estimate) -> dict[str, Any]:
    """The same words once, with the panels they are true of; the gravest first."""
    by_words: dict[Warning, list[str]] = defaultdict(list)
    for one in found.warnings:
        for warning in one.warnings:
            by_words[warning].append(one.panel.label)
    by_words |= found.left_out
    gravest = sorted(by_words.items(), key=lambda one: KINDS.index(one[0].kind))
    warnings = [{"said": said, "labels": f"In {', '.join(labels[:8])}."} for said, labels in gravest]
    fit = [row.panel.code for row in found.rows if not row.wrong and not row.choice.why_not]
    return {
        "warnings": warnings[:WARNINGS_SHOWN], "more_warnings": max(0, len(warnings) - WARNINGS_SHOWN),
        "blocked": found.blocked[:WARNINGS_SHOWN], "more_blocked": max(0, len(found.blocked) - WARNINGS_SHOWN), "fit": fit,
    }  # fmt: skip


def limits(request: Request, project: Project, found: Estimate) -> dict[str, Any]:
    """Which limit these pictures do not fit in, and who can raise it."""
    if found.short is None:
        return {"short": None}
    who = pricing.names(pricing.who_may(project.team, Right.DELETE))
    dearest = max(row.price for row in found.rows)
    words = str(OverCap(room=found.short.room, needs=found.short.needs, each=dearest))
    mine = request.membership.may(Right.DELETE)
    return {"short": found.short, "short_words": words, "may_raise": mine, "who_may_raise": who}


def existing(found: Estimate, takes: int) -> dict[str, Any]:
    """What the same request gave before: the pictures, one of them with its own button where one panel is asked for."""
    panels = {row.panel.pk: row.panel for row in found.rows}
    pairs = [(panels[pk], take) for pk, take in found.exists.items()]
    return {"exists": pairs[:WARNINGS_SHOWN], "exist_count": len(pairs), "alone": len(panels) == 1 and takes == 1}


def time_words(seconds: int | None) -> str:
    """ "about 90 s" for an estimate; empty with no history."""
    return bars.eta_words(seconds).removesuffix(" left")


@require_POST
def estimate_price(request: Request, code: str) -> HttpResponse:
    """Have the worker ask the services what this costs exactly; the estimate shows the answer beside the table's."""
    project = access.project_for(request, code, Right.DRAW)
    form = EstimateForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The studio could not read that request. Nothing was asked.")
        return redirect("estimate", project.code)
    _, panels = _asked_for(request, project, form)
    trouble = ""
    try:
        choices = _choices(form, panels, tiers.offers(project.team), tiers.all_choices(project.team))
        actions.ask_prices(panels=panels, choices=choices, by=request.user)
    except Refused as refusal:
        trouble = str(refusal)
    if request.htmx or trouble:
        return shown(request, project, form, trouble=trouble, status=422 if trouble else 200)
    given = {name: request.POST[name] for name in EstimateForm.base_fields if request.POST.get(name)}
    return redirect(f"{reverse('estimate', args=[project.code])}?{urlencode(given)}")


def _asked_for(request: Request, project: Project, form: EstimateForm) -> tuple[str, list[Panel]]:
    """A title and the panels, in board order, with what a brief needs selected."""
    data = form.cleaned_data
    rows = Panel.objects.on_board().filter(scene__project=project).select_related("scene__project__team")
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
    """The batch that the estimate showed. The same form sent twice is one batch; a price that rose meanwhile is shown first."""
    project = access.project_for(request, code, Right.DRAW)
    form = StartForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The studio could not read that request. Nothing was drawn.")
        return redirect("board", project.code)
    batch = Batch.objects.filter(project=project, key=form.cleaned_data["key"]).first()
    if batch is None:  # the same form sent again finds its batch, though nothing is missing any more
        title, panels = _asked_for(request, project, form)
        if not panels:
            messages.info(request, "Every panel here has a picture already. Nothing was drawn.")
            return redirect("board", project.code)
        try:
            batch = _start(request, project, form, title, panels)
        except Refused as refusal:
            trouble = "" if isinstance(refusal, OverCap) else str(refusal)  # the limit is told beside the total
            return shown(request, project, form, trouble=trouble, key=form.cleaned_data["key"], status=422)
        if batch is None:
            return redirect("board", project.code)
    return redirect(f"{reverse('board', args=[project.code])}?batch={batch.code}")


def _start(request: Request, project: Project, form: StartForm, title: str, panels: list[Panel]) -> Batch | None:
    """The batch; None where every picture existed and was used. Raises Refused."""
    data = form.cleaned_data
    choices = _choices(form, panels, tiers.offers(project.team), tiers.all_choices(project.team))
    found = estimates.of(
        panels=panels, choices=choices, takes=data["takes"], reuse=data["reuse"], most=data["most"] or 0
    )
    if found.amount > data["amount"]:
        raise Refused(CHANGED)
    reused = found.exists if data["reuse"] else {}
    batch = None
    if found.pictures:
        batch = actions.request_takes(
            panels=panels, by=request.user, key=data["key"], takes=data["takes"], choices=choices, title=title,
            skip=reused, most=data["most"] or 0,
        )  # fmt: skip
    for panel in panels:
        if panel.pk in reused:
            actions.use_existing(take=reused[panel.pk], panel=panel, by=request.user)
    return batch
