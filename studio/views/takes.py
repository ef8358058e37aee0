"""Takes: choosing one, comparing them, and all that a project has."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.board import actions, vocabulary
from studio.board.models import Panel, Take
from studio.board.queries import css_ratio
from studio.consistency import queries as verdicts
from studio.generation.models import Job
from studio.lib.typing import Request
from studio.library.models import View
from studio.media.models import Image
from studio.views import access, comparing, consistency, pricing, steps, ways, working

SURROUNDS = ("dark", "black", "grey", "white")
PANELS_A_PAGE = 40
CAME_FROM = {
    "promoted_from": "Promoted from",
    "copied_from": "The same picture as",
    "base": "Drawn upon",
    "restyled_from": "Restyled from",
}


@require_POST
def take_pick(request: Request, code: str) -> HttpResponse:
    """The take that stands for its panel from now on."""
    take = access.take_for(request, code, Right.DRAW)
    actions.pick_take(take=take, by=request.user)
    if request.htmx and request.htmx.target == "inspector":
        panel = access.panel_for(request, take.panel.code, Right.DRAW)
        return working.after_inspector(request, panel.scene.project, panel)
    return redirect(ways.ours(request, request.POST.get("next", "")) or reverse("panel", args=[take.panel.code]))


@require_GET
def panel_pictures(request: Request, code: str) -> HttpResponse:
    """The picture and the strip of the inspector, when a take arrived while somebody looks."""
    panel = access.panel_for(request, code)
    if not request.htmx:
        return redirect("panel", panel.code)
    return render(request, "panels/_pictures.html", working.inspector_context(request, panel))


@require_GET
def take(request: Request, code: str) -> HttpResponse:
    """A take's own address: its place on the compare page."""
    found = access.take_for(request, code)
    return redirect(f"{reverse('compare', args=[found.panel.code])}?take={found.number}#take-{found.code}")


@require_GET
def compare(request: Request, code: str) -> HttpResponse:
    """A panel's takes in a grid, two side by side or in one frame; one of them explained."""
    panel = access.panel_for(request, code)
    asked = request.GET.get("view", "")
    view = asked if asked in {name for name, _, _ in comparing.VIEWS} else "grid"
    rows = list(Take.objects.with_picture().filter(panel=panel).order_by("number"))
    by_number = {row.number: row for row in rows}
    chosen = by_number.get(_number(request, "take")) or next(
        (r for r in rows if r.pk == panel.picked_id), rows[-1] if rows else None
    )
    context: dict[str, Any] = {
        "panel": panel, "project": panel.scene.project, "view": view, "views": comparing.VIEWS, "takes": rows, "shown": rows, "take": chosen,
        "surrounds": SURROUNDS, "key": uuid.uuid4(), "ratio": css_ratio(panel.scene.project.aspect).replace(" ", ""),
        "deal": pricing.of_panel(panel), "shot_line": shot_line(panel), "drawing": Job.objects.active().filter(panel=panel).exists(),
    }  # fmt: skip
    context["hero_price"] = pricing.hero_price(context["deal"].by_quality, chosen)
    judged = verdicts.of_takes(panel, rows)
    for row in rows:
        row.marks = judged[row.pk]  # type: ignore[attr-defined]
        row.alt = f"Take {row.number}: {context['shot_line']}. {panel.action[:200]}"  # type: ignore[attr-defined]
    if chosen:
        context |= {
            "marks": judged[chosen.pk],
            "steps": steps.of_marks(panel.scene.project.team, judged[chosen.pk]),
            **consistency.marks_context(),
        }
        context |= about(request, chosen, next((r for r in rows if r.pk == panel.picked_id), None))
        context["foot"] = comparing.foot(rows, judged)
        context["laid_over"] = next((one for one in context["references"] if one["image"]), None)
    if view in comparing.LAYERED and chosen:
        context |= comparing.layers(request, view, rows, chosen, context["references"])
    if view == "side" and rows:
        context |= _side(request, rows, chosen or rows[0], context["references"])
    if view != "grid" and rows:
        context["between"] = comparing.between(view, context, rows, differences)
    return render(request, "takes/compare.html", context)


def _side(request: Request, rows: list[Take], chosen: Take, references: list[dict[str, Any]]) -> dict[str, Any]:
    """The two takes beside each other; a lone take stands beside its first reference."""
    by_number = {row.number: row for row in rows}
    left = by_number.get(_number(request, "left"), chosen)
    right = by_number.get(_number(request, "right")) or next((r for r in reversed(rows) if r.pk != left.pk), None)
    beside = [] if right else [r for r in references if r["image"]][:1]
    return {
        "shown": [left, *([right] if right else [])],
        "left": left.number,
        "right": right.number if right else 0,
        "beside": beside,
    }


def _number(request: Request, name: str) -> int:
    word = request.GET.get(name, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else 0


def about(request: Request, take: Take, picked: Take | None) -> dict[str, Any]:
    """What a take was made from, for people: its references as pictures, the versions, what differs from the pick."""
    return {
        "references": with_images(take.plan.get("slots", []), take.panel.scene.project.team_id),
        "asked_with": _asked_with(take),
        "came_from": _came_from(take),
        "differs": differences(take, picked) if picked and picked.pk != take.pk else "",
    }


def _came_from(take: Take) -> list[dict[str, Any]]:
    """The takes that this one was promoted or copied from, with what it is to each: one query, none for most takes."""
    links = {take.parameters.get(name): words for name, words in CAME_FROM.items() if take.parameters.get(name)}
    found = Take.objects.filter(code__in=links, panel__scene__project__team=take.panel.scene.project.team_id)
    rows = found.select_related("panel") if links else found.none()
    return [{"words": links[row.code], "take": row, "here": row.panel_id == take.panel_id} for row in rows]


def with_images(lines: list[dict[str, Any]], team_id: int) -> list[dict[str, Any]]:
    """Frozen plan lines with `image` (None where it was removed since) and a `label`: two queries."""
    keys = [line["image_key"] for line in lines]
    images = {i.key: i for i in Image.objects.with_renditions().filter(team_id=team_id, key__in=keys)}
    labels = dict(View.choices)
    return [
        {
            **line,
            "image": images.get(line["image_key"]),
            "label": ", ".join(filter(None, [line["name"], labels.get(line["view"], "").lower()])),
        }
        for line in lines
    ]


def _asked_with(take: Take) -> str:
    count = len(take.plan.get("slots", []))
    versions = sorted({v for v in take.versions.values() if v})
    bible = (
        f"Bible v{versions[0]}"
        if len(versions) == 1
        else f"{len(versions)} bibles"
        if versions
        else "Unlocked drafts"
        if take.versions
        else "No bible"
    )
    return f"{bible}, {count} reference{'' if count == 1 else 's'}"


def differences(one: Take, other: Take) -> str:
    """What differs between two takes' recipes, most telling first; "Seed only" where nothing else does."""
    found = []
    if one.engine != other.engine or one.model != other.model:
        found.append("engine")
    if one.size != other.size:
        found.append("size")
    if [s["sha256"] for s in one.plan.get("slots", [])] != [s["sha256"] for s in other.plan.get("slots", [])]:
        found.append("references")
    if one.versions != other.versions:
        found.append("bible version")
    if one.template_version != other.template_version:
        found.append("template")
    if one.prompt != other.prompt:
        found.append("words")
    if one.seed != other.seed:
        found.append("seed")
    return "Seed only" if found == ["seed"] else ", ".join(found).capitalize() if found else "Nothing"


def shot_line(panel: Panel) -> str:
    """Medium · low · 35 mm · 2.5 s."""
    parts = [vocabulary.label("shot_size", panel.shot_size), vocabulary.label("angle", panel.angle).lower(), panel.lens]
    return " · ".join([*(part for part in parts if part), f"{panel.seconds} s"])


@require_GET
def project_takes(request: Request, code: str) -> HttpResponse:
    """Every take of the project by panel, or those of one batch."""
    project = access.project_for(request, code)
    batch = access.batch_for(request, request.GET["batch"]) if request.GET.get("batch") else None
    takes = Take.objects.with_picture().filter(
        panel__scene__project=project, panel__deleted=None, panel__scene__deleted=None
    )
    if batch:
        takes = takes.filter(job__batch=batch)
    panels_drawn = Panel.objects.on_board().filter(scene__project=project, pk__in=takes.values("panel"))
    page = Paginator(panels_drawn, PANELS_A_PAGE).get_page(request.GET.get("page"))
    groups = {panel.pk: {"panel": panel, "takes": []} for panel in page}
    for row in takes.filter(panel__in=list(groups)).order_by("panel", "number"):
        groups[row.panel_id]["takes"].append(row)  # type: ignore[attr-defined]
    return render(
        request,
        "takes/project.html",
        {
            "project": project, "batch": batch, "groups": list(groups.values()), "count": takes.count(),
            "ratio": css_ratio(project.aspect).replace(" ", ""), "more": page.has_next(), "next_page": page.number + 1,
        },
    )  # fmt: skip
