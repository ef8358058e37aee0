"""The prompt page: what will be said and what will be seen, before anything is spent."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from studio.board.models import Panel, Take
from studio.prompting import compiler, freeze
from studio.prompting.types import Prompt
from studio.providers import registry
from studio.views import access
from studio.views.drawing import ENGINE
from studio.views.takes import with_images


@require_GET
def prompt(request: HttpRequest, code: str) -> HttpResponse:
    """The words by source or as sent, the numbered references with their reasons, and what stayed out."""
    panel = access.panel_for(request, code)
    limits = registry.get(ENGINE).limits(ENGINE)
    (ready,) = freeze.prepare([panel], limits)
    frozen = freeze.frozen_plan(ready.plan)
    team_id = panel.scene.project.team_id
    length = len(ready.prompt.text)
    numbers = Take.objects.filter(panel=panel).order_by("-number").values_list("number", flat=True)
    context = {
        "panel": panel, "project": panel.scene.project, "prompt": ready.prompt, "plan": frozen, "key": uuid.uuid4(),
        "rows": _rows(ready.prompt, panel, ready.brief), "show": "sent" if request.GET.get("show") == "sent" else "source",
        "slots": with_images(frozen["slots"], team_id), "out": with_images(frozen["out"], team_id),
        "length": length, "limit": limits.prompt_characters, "length_left": max(0, limits.prompt_characters - length),
        "strategy": compiler.STRATEGIES[ready.prompt.strategy], "next_take": (numbers.first() or 0) + 1,
    }  # fmt: skip
    return render(request, "prompts/prompt.html", context)


def _rows(prompt: Prompt, panel: Panel, brief: Any) -> list[tuple[str, list[dict[str, str]]]]:
    """Rows of spans, each with where it comes from: a marker or bible leads to the subject, the shot to the panel."""
    subjects = {m.code: m.name for m in brief.cast}
    subjects |= {s.code: s.name for s in (brief.location, brief.style) if s}
    markers = {line.key: (m.code, m.name) for m in brief.cast for line in m.markers}
    outfits = {m.outfit.code: m.outfit.name for m in brief.cast if m.outfit}
    here = reverse("panel", args=[panel.code])

    def link(kind: str, source: str) -> tuple[str, str]:
        if kind == "marker" and source in markers:
            code, name = markers[source]
            return f"{reverse('subject', args=[code])}#markers", f"Marker of {name}"
        if kind == "outfit" and source in outfits:
            return reverse("outfit", args=[source]), f"Outfit: {outfits[source]}"
        if kind in {"bible", "style"} and source in subjects:
            return reverse("subject", args=[source]), f"Bible of {subjects[source]}"
        if kind in {"shot", "action"}:
            return here, "This panel"
        if kind == "scene":
            return here, f"Cast of this panel: {subjects[source]}" if source in subjects else "This scene"
        return "", ""

    rows = []
    for label, spans in prompt.rows:
        pieces = []
        for span in spans:
            href, title = link(span.kind, span.source)
            pieces.append({"text": span.text, "kind": span.kind, "source": span.source, "href": href, "title": title})
        rows.append((label, pieces))
    return rows
