"""Cropping a reference and cutting it out: the tool, and the page where one looks at what it made before taking it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.forms.colour import BoxForm
from studio.forms.library import ReferenceForm, first_error
from studio.lib.typing import Request
from studio.library import sets
from studio.library.actions import cuts
from studio.library.actions.base import Refused
from studio.library.models import Cut, Reference, View
from studio.media.intake import Refused as Unopened
from studio.media.region import Box
from studio.views import access
from studio.views.access_cuts import cut_for
from studio.views.references import page_of

START = Box(100, 100, 800, 800)
NOT_NUMBERS = "The box needs four numbers from 0 to 100: left, top, width and height in percent of the picture."


@require_http_methods(["GET", "POST"])
def reference_cut(request: Request, code: str) -> HttpResponse:
    """The tool. POST `way`: crop with a box, or plain; the answer leads to what was made."""
    reference = access.reference_for(request, code, Right.DRAW)
    if request.method == "GET":
        return _tool(request, reference)
    form = BoxForm(request.POST)
    crop = request.POST.get("way") == Cut.Way.CROP
    if crop and not form.is_valid():
        return _tool(request, reference, trouble=NOT_NUMBERS, status=422)
    act: Any = {"reference": reference, "by": request.user, "key": _key(request)}
    try:
        made = cuts.crop_reference(box=form.box(), **act) if crop else cuts.plain_reference(**act)
    except (Refused, Unopened) as refused:
        return _tool(request, reference, trouble=str(refused), box=form.box() if crop else START, status=422)
    return redirect("cut", made.code)


def _key(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _tool(
    request: Request, reference: Reference, *, trouble: str = "", box: Box = START, status: int = 200
) -> HttpResponse:
    context = {
        "reference": reference, "image": reference.image, "label": sets.label(reference), "trouble": trouble,
        "box": {name: f"{value / 10:g}" for name, value in box._asdict().items()},
        "keys": (uuid.uuid4(), uuid.uuid4()), "cuts": _open(reference), "back": page_of(reference.reference_set),
        "origin": Cut.objects.filter(made=reference).select_related("reference").first(),
    }  # fmt: skip
    return render(request, "library/cut_tool.html", context, status=status)


def _open(reference: Reference) -> list[Cut]:
    """What was made from this picture, newest first."""
    return list(Cut.objects.filter(reference=reference).select_related("image", "made", "by")[:24])


@require_http_methods(["GET", "POST"])
def cut(request: Request, code: str) -> HttpResponse:
    """Before and after. POST `do`: take it into the set, with the view it shows, or lay it aside."""
    found = cut_for(request, code, Right.DRAW)
    if request.method == "GET":
        return _preview(request, found)
    form = ReferenceForm(request.POST)
    try:
        if request.POST.get("do") == "aside":
            cuts.lay_cut_aside(cut=found, by=request.user)
            messages.success(request, "Laid aside. It stays on the page of its original.")
        elif not form.is_valid():
            return _preview(request, found, trouble=first_error(form), status=422)
        else:
            view, detail = form.cleaned_data["view"], form.cleaned_data.get("detail", "")
            cuts.take_cut(cut=found, by=request.user, view=view, detail=detail)
            messages.success(request, "The new picture stands behind its original.")
    except Refused as refused:
        return _preview(request, cut_for(request, code, Right.DRAW), trouble=str(refused), status=409)
    return redirect(page_of(found.reference_set))


def _preview(request: Request, found: Cut, *, trouble: str = "", status: int = 200) -> HttpResponse:
    context = {
        "cut": found, "reference_set": found.reference_set, "subject": found.reference_set.subject, "trouble": trouble,
        "views": View.choices, "back": page_of(found.reference_set),
        "view": found.reference.view if found.reference else "", "detail": found.reference.detail if found.reference else "",
    }  # fmt: skip
    return render(request, "library/cut.html", context, status=status)
