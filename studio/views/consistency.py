"""The consistency matrix: which markers held in which panels, and judging them one by one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from studio.accounts.rights import Right
from studio.board.models import Panel, Take
from studio.board.queries import css_ratio
from studio.consistency import actions, beside, overlay, queries
from studio.consistency.marks import STATES, Cell
from studio.consistency.models import FAILED, GIVEN, Rejection, Result
from studio.lib.typing import Request
from studio.library.kinds import CATEGORY_ICONS
from studio.library.models import Category, Marker
from studio.making.models import Campaign
from studio.templatetags.studio_tags import moment
from studio.views import access, access_making, colour, htmx, steps

KEYS = {Result.SAME: "S", Result.DRIFTED: "D", Result.WRONG: "W", Result.MISSING: "X", Result.HIDDEN: "H"}
CHOICES = [(result.value, result.label, KEYS[result]) for result in GIVEN]
REASONS = [(reason.value, reason.label) for reason in Rejection.Reason if reason != Rejection.Reason.MARKER]


@require_GET
def matrix(request: Request, code: str) -> HttpResponse:
    """The whole matrix, or that of a campaign grid, or what a subject, a marker and a state leave of it."""
    project = access.project_for(request, code)
    grid = access_making.grid_asked(request, project)
    whole = queries.matrix(project, grid.panels if grid else None)
    wanted = {name: request.GET.get(name, "") for name in ("subject", "marker", "state")}
    if wanted["state"] not in STATES:
        wanted["state"] = ""
    shown = whole.only(**wanted)
    context = {
        "project": project, "whole": whole, "matrix": shown, "wanted": wanted, "filtered": any(wanted.values()),
        "only": next((row.marker for row in whole.rows if row.key == wanted["marker"]), None),
        "grid": grid, "query": grid_query(grid), "states": STATES, "legend": GIVEN, "icons": CATEGORY_ICONS, "tally": whole.tally, "choices": CHOICES,
    }  # fmt: skip
    return htmx.page(request, "consistency/matrix.html", context)


@require_http_methods(["GET", "POST"])
def verdict(request: Request, code: str, pk: int) -> HttpResponse:
    """Reference and take beside each other, with a button for each verdict; POST judges."""
    take, marker = access.judged_for(request, code, pk, Right.DRAW if request.method == "POST" else Right.SEE)
    if request.method == "POST":
        return _judged(request, take, marker)
    return _page(request, take, marker)


def _page(request: Request, take: Take, marker: Marker, *, trouble: str = "", status: int = 200) -> HttpResponse:
    panel, now = take.panel, queries.cell(take, marker)
    grid = access_making.grid_asked(request, panel.scene.project)
    pictures = beside.references(take, marker, queries.view_in(take, marker.version.subject))
    asked, measured = request.GET.get("reference", ""), colour.line(take, marker)
    seen = next((one for one in pictures if one.code == asked), pictures[0] if pictures else None)
    context = {
        "take": take, "marker": marker, "panel": panel, "project": panel.scene.project, "choices": CHOICES,
        "cell": now, "steps": _steps(take, marker, now), "history": queries.history(take, marker), "pictures": pictures,
        "shown": seen, "laid": _laid(take, seen, measured),
        "ratio": css_ratio(panel.scene.project.aspect), "trouble": trouble, "back": _place(take, marker, grid), "grid": grid, "query": grid_query(grid),
        "icon": CATEGORY_ICONS.get(Category(marker.category), "circle-dot"), **measured,
    }  # fmt: skip
    return htmx.page(request, "consistency/judge.html", context, partial="consistency/_judge.html", status=status)


def _laid(take: Take, seen: beside.Beside | None, measured: dict[str, Any]) -> overlay.Laid | None:
    """How the reference lies over the take by the boxes of the colour check; None where it is not the one that was measured."""
    patch, reference = measured.get("patch"), measured.get("reference")
    if seen is None or not patch or not reference or reference.image_id != seen.image.pk:
        return None
    return overlay.laid(
        reference=(reference.box, seen.image.width / seen.image.height),
        take=(patch.box, take.image.width / take.image.height),
    )


def _steps(take: Take, marker: Marker, cell: Cell) -> list[dict[str, str]]:
    """What to do next where it failed."""
    if cell.result not in FAILED:
        return []
    return steps.of_failure(take.panel.scene.project.team, take, marker)


def _judged(request: Request, take: Take, marker: Marker) -> HttpResponse:
    """By a key: the cell, and the totals of its row and column. By a form: on to the next that nobody judged."""
    trouble = _judge(request, take, marker)
    if not request.htmx:
        if trouble:
            return _page(request, take, marker, trouble=trouble, status=409)
        return redirect(_onward(request, take, marker))
    if request.htmx.target == "marks":
        return marks_part(request, take, trouble=trouble)
    project, panel = take.panel.scene.project, take.panel
    now, grid = queries.cell(take, marker), access_making.grid_asked(request, project)
    context = {
        "cell": now, "marker": marker, "panel": panel, "take": take, "project": project, "trouble": trouble, "query": grid_query(grid),
        "row_tally": queries.marker_tally(project, marker, grid.panels if grid else None), "column_tally": queries.take_tally(take),
    }  # fmt: skip
    answer = render(request, "consistency/_cell_answer.html", context, status=409 if trouble else 200)
    return htmx.announce(answer, trouble or f"{marker.phrase} in {panel.label}: {_said(now)}")


def _judge(request: Request, take: Take, marker: Marker) -> str:
    """What stood in the way, in words; empty where the verdict stands now."""
    result, seen = request.POST.get("result", ""), request.POST.get("revision", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    act: Any = {"take": take, "marker": marker, "by": request.user, "revision": revision}
    try:
        if result:
            actions.judge(result=result, **act)
        else:
            actions.clear(**act)
    except actions.Refused as refused:
        return str(refused)
    except actions.Conflict as conflict:
        now = conflict.verdict
        who = (now.by.name if now and now.by else "") or "Somebody"
        what = f"{now.get_result_display().lower()}, {moment(now.judged)}" if now else "not judged"
        return f"{who} judged {marker.phrase} in {take.panel.label} first: {what}. Yours was not kept; say it again to replace it."
    return ""


def _said(cell: Cell) -> str:
    return Result(cell.result).label.lower()


def grid_query(grid: Campaign | None) -> str:
    """What keeps an address to a campaign grid; empty for the whole board."""
    return f"?grid={grid.code}" if grid else ""


def _place(take: Take, marker: Marker, grid: Campaign | None) -> str:
    """The cell's own place on the matrix."""
    here = reverse("consistency", args=[take.panel.scene.project.code])
    return f"{here}{grid_query(grid)}#cell-{take.code}-{marker.pk}"


def _onward(request: Request, take: Take, marker: Marker) -> str:
    if request.POST.get("then") == "compare":
        return f"{reverse('compare', args=[take.panel.code])}?take={take.number}#marks"
    project = take.panel.scene.project
    grid = access_making.grid_asked(request, project)
    ahead = queries.matrix(project, grid.panels if grid else None).next_open(take.code, marker.pk)
    if ahead and request.POST.get("then") == "next":
        return f"{reverse('verdict', args=ahead)}{grid_query(grid)}"
    return _place(take, marker, grid)


def marks_part(request: Request, take: Take, *, trouble: str = "") -> HttpResponse:
    """The markers of one take on the compare page, with the tag under its picture."""
    marks = queries.of_takes(take.panel, [take])[take.pk]
    context = {"take": take, "marks": marks, "trouble": trouble, **marks_context()}
    context["steps"] = steps.of_marks(take.panel.scene.project.team, marks)
    return render(request, "consistency/_marks_answer.html", context, status=409 if trouble else 200)


def marks_context() -> dict[str, Any]:
    """What the list of a take's markers needs beside the markers."""
    return {"choices": CHOICES, "reasons": REASONS, "mark_icons": CATEGORY_ICONS}


def summary(panel: Panel) -> queries.Marks | None:
    """How the markers came out in a panel's picked take, for its inspector; None where there is nothing to judge."""
    take = panel.picked
    found = queries.of_takes(panel, [take])[take.pk] if take and any(take.versions.values()) else None
    return found if found and found.marks else None
