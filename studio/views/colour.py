"""A marker's colour: measured in a box of a reference and of a take, and over the whole board."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from studio.accounts.rights import Right
from studio.board.models import Take
from studio.board.queries import css_ratio
from studio.consistency import beside, patches, queries
from studio.consistency import colour as words
from studio.consistency.actions import Refused
from studio.consistency.beside import Beside
from studio.consistency.models import ColourPatch
from studio.forms.colour import BoxForm
from studio.lib.typing import Request
from studio.library.kinds import CATEGORY_ICONS
from studio.library.models import Category, Marker
from studio.media.colour import lab
from studio.media.intake import Refused as Unopened
from studio.media.models import Image
from studio.media.region import Box
from studio.templatetags.studio_tags import moment
from studio.views import access, htmx

MIDDLE = Box(400, 400, 200, 200)
SIDES = ("reference", "take")


@require_GET
def strip(request: Request, code: str) -> HttpResponse:
    """Each marker with a swatch, and its colour in every panel of the board."""
    project = access.project_for(request, code)
    matrix = queries.matrix(project)
    context = {
        "project": project, "matrix": matrix, "bands": patches.strips(project, matrix), "icons": CATEGORY_ICONS,
        "ratio": css_ratio(project.aspect),
    }  # fmt: skip
    return htmx.page(request, "consistency/colours.html", context)


@require_http_methods(["GET", "POST"])
def colour(request: Request, code: str, pk: int) -> HttpResponse:
    """Reference and take with a box on each; POST measures in one of them (`on`)."""
    take, marker = access.judged_for(request, code, pk, Right.DRAW if request.method == "POST" else Right.SEE)
    if not marker.colour:
        raise Http404
    if request.method == "POST":
        acts = {"look": _proposed, "stand": _stood}
        return acts.get(request.POST.get("do", ""), _measured)(request, take, marker)
    return _page(request, take, marker)


def _proposed(request: Request, take: Take, marker: Marker) -> HttpResponse:
    """The page with the box where the marker may be. Nothing is kept: a person measures there, or elsewhere."""
    try:
        place = patches.propose(take=take, marker=marker)
    except (Refused, Unopened) as refused:
        return _page(request, take, marker, trouble=str(refused), status=422)
    if place is None:
        return _page(
            request, take, marker, hint="Nothing in this take is enough like the reference's box. Look for it yourself."
        )
    hint = "The box on the take is a proposal, by colour and look. If it is there, measure it; if not, move the box."
    return _page(request, take, marker, hint=hint, boxes={"take": place})


def _stood(request: Request, take: Take, marker: Marker) -> HttpResponse:
    """An earlier measure of a reference is what takes are held against again."""
    asked, seen = request.POST.get("patch", ""), request.POST.get("revision", "")
    patch = next((one for one in patches.earlier(marker) if str(one.pk) == asked), None)
    if patch is None:
        return _page(request, take, marker, trouble="That measure is not on the list any more. Look again.", status=422)
    try:
        patches.stand(
            patch=patch, marker=marker, by=request.user, revision=int(seen) if re.fullmatch(r"[0-9]{1,8}", seen) else 0
        )
    except Refused as refused:
        return _page(request, take, marker, trouble=str(refused), status=422)
    except patches.Conflict as conflict:
        return _page(request, take, marker, trouble=_faster(conflict), status=409)
    return redirect(f"{reverse('colour', args=[take.code, marker.pk])}?reference={patch.image.key}#measured")


def _measured(request: Request, take: Take, marker: Marker) -> HttpResponse:
    side, form = request.POST.get("on", ""), BoxForm(request.POST)
    shown = _shown(take, marker, request.POST.get("reference", ""))[1]
    if side not in SIDES or (side == "reference" and shown is None):
        return _page(request, take, marker, trouble="Choose the picture to measure in.", status=422)
    if not form.is_valid():
        trouble = "The box needs four numbers from 0 to 100: left, top, width and height in percent of the picture."
        return _page(request, take, marker, trouble=trouble, status=422)
    box = form.box()
    act: Any = {"marker": marker, "box": box, "by": request.user, "revision": form.cleaned_data["revision"] or 0}
    try:
        if side == "take":
            patches.measure_take(take=take, **act)
        else:
            assert shown is not None
            patches.measure_reference(image=shown.image, **act)
    except (Refused, Unopened) as refused:
        return _page(request, take, marker, trouble=str(refused), boxes={side: box}, status=422)
    except patches.Conflict as conflict:
        return _page(request, take, marker, trouble=_faster(conflict), boxes={side: box}, status=409)
    if request.POST.get("then") == "next":
        return redirect(_onward(take, marker))
    asked = f"?reference={shown.image.key}" if shown else ""
    return redirect(f"{reverse('colour', args=[take.code, marker.pk])}{asked}#measured")


def _onward(take: Take, marker: Marker) -> str:
    """The next panel where this marker is not measured, else the strip."""
    project = take.panel.scene.project
    ahead = patches.next_open(patches.strips(project, queries.matrix(project)), take, marker)
    return reverse("colour", args=ahead) if ahead else reverse("colours", args=[project.code])


def _faster(conflict: patches.Conflict) -> str:
    now = conflict.patch
    who = (now.by.name if now and now.by else "") or "Somebody"
    theirs = f"{now.code}, {moment(now.measured)}" if now else "nothing"
    return f"{who} measured this meanwhile: {theirs}. Yours would be {conflict.mine.code} and was not kept; measure again to replace theirs."


def _page(
    request: Request,
    take: Take,
    marker: Marker,
    *,
    trouble: str = "",
    hint: str = "",
    boxes: dict[str, Box] | None = None,
    status: int = 200,
) -> HttpResponse:
    panel, asked = take.panel, request.POST.get("reference", "") or request.GET.get("reference", "")
    pictures, shown = _shown(take, marker, asked)
    patch, reference = patches.of_take(take, marker), patches.of_reference(marker)
    here = reference if reference and shown and reference.image_id == shown.image.pk else None
    boxes = {"reference": here.box if here else MIDDLE, "take": patch.box if patch else MIDDLE, **(boxes or {})}
    context = {
        "take": take, "marker": marker, "panel": panel, "project": panel.scene.project, "pictures": pictures, "shown": shown,
        "patch": patch, "reference": reference, "here": here, "earlier": patches.earlier(marker),
        "standing": next((one for one in pictures if reference and one.image.pk == reference.image_id), None), "boxes": {side: _percents(box) for side, box in boxes.items()},
        "trouble": trouble, "hint": hint, "at_patch": patch and boxes["take"] == patch.box, "icon": CATEGORY_ICONS.get(Category(marker.category), "circle-dot"), **told(marker, patch, reference),
    }  # fmt: skip
    return htmx.page(request, "consistency/colour.html", context, status=status)


def line(take: Take, marker: Marker) -> dict[str, Any]:
    """What was measured of it, for the page where it is judged: two queries, none for a marker without a swatch."""
    if not marker.colour:
        return {}
    patch, reference = patches.of_take(take, marker), patches.of_reference(marker)
    return {"patch": patch, "reference": reference, **told(marker, patch, reference)}


def told(marker: Marker, patch: ColourPatch | None, reference: ColourPatch | None) -> dict[str, Any]:
    """What the measures say: of the take beside its base, and of the reference beside the swatch."""
    base = patches.base_of(marker, reference)
    return {
        "base": base,
        "said": words.said(base.lab, patch.lab) if patch else None,
        "reference_said": words.said(lab(marker.colour), reference.lab) if reference else None,
        "mixed": [one for one in (reference, patch) if one and one.spread > words.MIXED],
    }


def _percents(box: Box) -> dict[str, str]:
    return {name: f"{value / 10:g}" for name, value in box._asdict().items()}


def _shown(take: Take, marker: Marker, asked: str) -> tuple[list[Beside], Beside | None]:
    """The reference pictures, and the one to look at: asked for by its image's key, else where it was measured, else the best."""
    pictures = beside.references(take, marker, queries.view_in(take, marker.version.subject))
    reference = patches.of_reference(marker)
    if reference and all(one.image.pk != reference.image_id for one in pictures):
        pictures.append(_elsewhere(reference.image))
    wanted = asked or (reference.image.key if reference else "")
    return pictures, next((one for one in pictures if one.image.key == wanted), pictures[0] if pictures else None)


def _elsewhere(image: Image) -> Beside:
    return Beside("", image, "Measured here", "", "", False, False)
