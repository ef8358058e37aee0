"""What the board's pages share: the states of jobs merged into cards, the inspector."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from studio.accounts.rights import RIGHTS
from studio.board import queries, vocabulary
from studio.board.models import Panel, Project
from studio.forms.board import CastForm, people_and_products
from studio.generation.queries import PanelWork, states_for
from studio.library.models import Kind
from studio.views import bars


def may(request: HttpRequest) -> dict[str, bool]:
    """What this person may do in the team whose object was fetched last."""
    return {right.value: True for right in RIGHTS[request.membership.role]}  # type: ignore[attr-defined]


def merged(board: queries.Board) -> queries.Board:
    """The board with waiting, drawing and failed from its jobs."""
    every = [card for scene in board.scenes for card in scene.cards]
    found = iter(merged_cards(every))
    for scene in board.scenes:
        scene.cards = [next(found) for _ in scene.cards]
    return board


def merged_cards(cards: list[queries.Card]) -> list[queries.Card]:
    """The same cards, those whose jobs say so waiting, drawing or failed. A card's pk is its panel's."""
    work = states_for(cards)  # type: ignore[arg-type]
    return [_with_work(card, work[card.pk]) if card.pk in work else card for card in cards]


def _with_work(card: queries.Card, work: PanelWork) -> queries.Card:
    return card._replace(
        state=work.state,
        place=work.place,
        elapsed=work.elapsed,
        take=work.take,
        error=work.error,
        remedy=work.remedy,
        charged=work.charged,
        job=work.job_code,
    )


def batch_context(project: Project) -> dict[str, Any]:
    """The bar of the project's live batch."""
    return bars.bar_context(bars.live(project))


def inspector_context(request: HttpRequest, panel: Panel, **more: Any) -> dict[str, Any]:
    """Everything the inspector shows of one panel, in a constant number of queries."""
    project = panel.scene.project
    takes = list(panel.takes.with_picture())
    rows = list(panel.appearances.select_related("subject").prefetch_related("subject__versions", "subject__outfits"))
    library = people_and_products(project.team).exclude(pk__in=[row.subject_id for row in rows])
    before, after = queries.neighbours(panel)
    card = merged_cards(queries.cards([panel.pk]))
    return {
        "panel": panel,
        "project": project,
        "card": card[0] if card else None,
        "chosen": panel.code,
        "takes": takes,
        "picked": next((take for take in takes if take.pk == panel.picked_id), None),
        "appearances": rows,
        "addable": list(library) if may(request).get("draw") else [],
        "before": before,
        "after": after,
        "fields": {kind: vocabulary.choices(kind, project, getattr(panel, kind)) for kind in SELECTS},
        "ratio": queries.css_ratio(project.aspect),
        "key": uuid.uuid4(),
        "character": Kind.CHARACTER,
        "may": may(request),
        "CastForm": CastForm,
        **more,
    }


SELECTS = ("shot_size", "angle", "lens", "framing", "movement")


def after_inspector(
    request: HttpRequest, project: Project, panel: Panel | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The inspector again after one of its parts changed; without scripts, the panel's page."""
    if not request.htmx or panel is None:
        return redirect(reverse("panel", args=[panel.code]) if panel else reverse("board", args=[project.code]))
    context = inspector_context(request, panel, **more)
    return render(request, "panels/_inspector_and_card.html", context, status=status)
