"""The prompt page: what will be said and what will be seen, before anything is spent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from studio.board.models import Panel, Take
from studio.generation import estimates
from studio.prompting import compiler, difference, freeze, hand, length, references, versions
from studio.prompting.types import Brief, Edit, Prompt
from studio.views import access, pricing
from studio.views.takes import with_images


@require_GET
def prompt(request: HttpRequest, code: str) -> HttpResponse:
    """The words by source or as sent, the numbered references with their reasons, and what stayed out."""
    panel = access.panel_for(request, code)
    deal = pricing.of_panel(panel)
    ready, limits = deal.row.prepared, deal.row.limits
    frozen = freeze.frozen_plan(ready.plan)
    team_id = panel.scene.project.team_id
    count = len(ready.prompt.text)
    numbers = Take.objects.filter(panel=panel).order_by("-number").values_list("number", flat=True)
    pinned = panel.scene.project.template_version
    context = {
        "pinned": pinned, "newest": versions.NEWEST,
        "difference": difference.against(ready, versions.NEWEST) if pinned != versions.NEWEST else (),
        "panel": panel, "project": panel.scene.project, "prompt": ready.prompt, "plan": frozen, "key": uuid.uuid4(),
        "rows": _rows(ready.prompt, panel, ready.brief), "show": "sent" if request.GET.get("show") == "sent" else "source",
        "slots": with_images(frozen["slots"], team_id), "out": with_images(frozen["out"], team_id),
        "length": count, "limit": limits.prompt_characters, "length_left": max(0, limits.prompt_characters - count),
        "trims": length.trims(ready.prompt, limits.prompt_characters) if deal.row.wrong else (),
        "chosen": _chosen(request.GET.get("marker", ""), ready.prompt, ready.brief), "left_by_hand": compiler.BY_HAND,
        "own": _own(ready.brief), "gone": _gone(ready.prompt), "hand": ready.brief.hand, "strategies": compiler.STRATEGIES,
        "chosen_strategy": compiler.STRATEGIES[compiler.strategy_for(ready.brief, ready.plan)], "by_hand_out": references.BY_HAND,
        "steered": ready.brief.hand.pinned or ready.brief.hand.dropped or ready.brief.hand.order,
        "deal": deal, "left": estimates.left_out(deal.row),
        "strategy": compiler.STRATEGIES[ready.prompt.strategy], "next_take": (numbers.first() or 0) + 1,
    }  # fmt: skip
    return render(request, "prompts/prompt.html", context)


def _chosen(key: str, prompt: Prompt, brief: Brief) -> dict[str, Any] | None:
    """The marker that explains itself: whose, in which row of the words, and whether a person sends it against the shot."""
    row = next(
        (label for label, spans in prompt.rows if any(s.kind == "marker" and s.source == key for s in spans)), ""
    )
    for member in brief.cast:
        for line in member.markers:
            if row and line.key == key:
                anyway = key in brief.hand.sent_anyway
                return {"line": line, "member": member, "row": row, "anyway": anyway}
    return None


def _rows(prompt: Prompt, panel: Panel, brief: Brief) -> list[dict[str, Any]]:
    """Rows of spans, each with where it comes from (a marker or bible leads to the subject, the shot to the panel) and its edit."""
    subjects = {m.code: m.name for m in brief.cast}
    subjects |= {s.code: s.name for s in (brief.location, brief.style) if s}
    markers = {line.key: m.name for m in brief.cast for line in m.markers}
    outfits = {m.outfit.code: m.outfit.name for m in brief.cast if m.outfit}
    here = reverse("panel", args=[panel.code])

    def link(kind: str, source: str) -> tuple[str, str]:
        if kind == "marker" and source in markers:
            name = markers[source]
            return f"?marker={source}#marker-chosen", f"Marker of {name}"
        if kind == "outfit" and source in outfits:
            return reverse("outfit", args=[source]), f"Outfit: {outfits[source]}"
        if kind in {"bible", "style"} and source in subjects:
            return reverse("subject", args=[source]), f"Bible of {subjects[source]}"
        if kind in {"shot", "action"}:
            return here, "This panel"
        if kind == "scene":
            return here, f"Cast of this panel: {subjects[source]}" if source in subjects else "This scene"
        return "", ""

    edits = {edit.section or edit.id: edit for edit in brief.hand.edits}
    lost = {edit.id for edit in prompt.conflicts}
    plain = dict(prompt.plain)
    rows: list[dict[str, Any]] = []
    for label, spans in prompt.rows:
        pieces = []
        for span in spans:
            href, title = link(span.kind, span.source)
            pieces.append({"text": span.text, "kind": span.kind, "source": span.source, "href": href, "title": title})
        edit = edits.get(label)
        rows.append({
            "label": label, "slug": slugify(label), "pieces": pieces, "plain": plain.get(label, ""), "sent": hand.text_of(spans).strip(),
            "edit": edit, "at": _when(edit), "lost": edit is not None and edit.id in lost,
        })  # fmt: skip
    return rows


def _own(brief: Brief) -> list[dict[str, Any]]:
    """The sentences that somebody added."""
    return [{"edit": edit, "at": _when(edit)} for edit in brief.hand.edits if not edit.section]


def _gone(prompt: Prompt) -> list[dict[str, Any]]:
    """Edits of parts that the prompt has no more."""
    labels = {label for label, _ in prompt.rows}
    return [{"edit": edit, "at": _when(edit)} for edit in prompt.conflicts if edit.section not in labels]


def _when(edit: Edit | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(edit.at) if edit and edit.at else None
