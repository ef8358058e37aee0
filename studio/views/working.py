"""What the board's pages share: the states of jobs merged into cards, the inspector."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from studio.accounts.rights import RIGHTS
from studio.board import queries, vocabulary
from studio.board.actions import FIELDS
from studio.board.models import Appearance, Panel, Project
from studio.consistency.badges import failures
from studio.forms.board import people_and_products
from studio.generation import estimates
from studio.generation.queries import PanelWork, states_for
from studio.lib.typing import Request
from studio.library.models import Kind, Subject, View
from studio.media.models import Image
from studio.review import queries_page
from studio.templatetags.board_tags import out_of_band
from studio.views import access, bars, consistency, pricing


def may(request: Request) -> dict[str, bool]:
    """What this person may do in the team whose object was fetched last."""
    return {right.value: True for right in RIGHTS[request.membership.role]}


def merged(board: queries.Board) -> queries.Board:
    """The board with waiting, drawing and failed from its jobs."""
    every = [card for scene in board.scenes for card in scene.cards]
    found = iter(merged_cards(every))
    for scene in board.scenes:
        scene.cards = [next(found) for _ in scene.cards]
    return board


def merged_cards(cards: list[queries.Card]) -> list[queries.Card]:
    """The same cards, with what failed in their picks, those whose jobs say so waiting, drawing or failed. A card's pk is its panel's."""
    work = states_for(cards)  # type: ignore[arg-type]
    failed = failures([card.pk for card in cards if card.picture])
    cards = [card._replace(drifted=failed[card.pk]) if card.pk in failed else card for card in cards]
    notes = queries_page.open_notes([card.pk for card in cards])
    cards = [card._replace(notes=notes[card.pk]) if card.pk in notes else card for card in cards]
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
        again=work.price if work.state == "failed" else None,
    )


def batch_context(project: Project) -> dict[str, Any]:
    """The bar of the project's live batch."""
    return bars.bar_context(bars.live(project))


def inspector_context(request: Request, panel: Panel, **more: Any) -> dict[str, Any]:
    """Everything the inspector shows of one panel, in a constant number of queries."""
    project = panel.scene.project
    takes = list(panel.takes.with_picture())
    rows = list(panel.appearances.select_related("subject").prefetch_related("subject__versions"))
    draw = bool(may(request).get("draw"))
    before, after = queries.neighbours(panel)
    card = merged_cards(queries.cards([panel.pk]))
    notices = more.get("notices") or {}
    deal = pricing.of_panel(panel)
    return {
        "panel": panel,
        "project": project,
        "card": card[0] if card else None,
        "chosen": panel.code,
        "ratio": queries.css_ratio(project.aspect),
        "takes": takes,
        "picked": next((take for take in takes if take.pk == panel.picked_id), None),
        "alt": alt_text(panel),
        "fields": {kind: vocabulary.choices(kind, project, getattr(panel, kind)) for kind in SELECTS},
        "values": {name: _value(panel, name, notices) for name in FIELDS},
        "notices": {},
        "addable": people_and_products(project.team).exclude(pk__in=[r.subject_id for r in rows]) if draw else [],
        "before": before,
        "after": after,
        "plan": deal.row.prepared.plan,
        **draw_context(panel, deal, draw),
        "marks": consistency.summary(panel),
        **notes_context(request, panel),
        "key": uuid.uuid4(),
        "may": may(request),
        **cast_context(rows),
        **more,
    }


def notes_context(request: Request, panel: Panel) -> dict[str, Any]:
    """Open notes of reviews on this panel, and the one that it is drawn again with (`?note=`)."""
    notes = queries_page.of_panel(panel)
    asked = request.GET.get("note", "")
    return {"review_notes": notes, "quoted": next((note for note in notes if note.code == asked), None)}


def draw_context(panel: Panel, deal: pricing.Deal, draw: bool) -> dict[str, Any]:
    """What the foot of the inspector says: the quality, what one take costs, why none can be drawn."""
    return {
        "deal": deal,
        "qualities": pricing.qualities(deal.by_quality) if draw else [],
        "project_quality": pricing.quality_of(panel.scene.project),
        "deal_left": estimates.left_out(deal.row),
        "hero_price": pricing.hero_price(deal.by_quality, panel.picked) if draw else "",
    }


def _value(panel: Panel, name: str, notices: dict[str, Any]) -> str:
    """What stands in a field: what was typed where that could not be saved, else what is stored."""
    return notices[name]["mine"] if name in notices else str(getattr(panel, name))


def cast_context(rows: list[Appearance]) -> dict[str, Any]:
    """The cast rows with their portraits, outfits and one line of what is said of each; the same few queries for any number."""
    subjects = Subject.objects.with_portrait().prefetch_related("outfits").in_bulk([row.subject_id for row in rows])
    for row in rows:
        row.subject = subject = subjects[row.subject_id]
        row.portrait = portrait(subject)  # type: ignore[attr-defined]
        row.outfits = [outfit for outfit in subject.outfits.all() if not outfit.deleted]  # type: ignore[attr-defined]
        worn = next((outfit.name for outfit in row.outfits if outfit.pk == row.outfit_id), "")  # type: ignore[attr-defined]
        holder = next((other.subject.name for other in rows if other.pk == row.held_by_id), "")
        said = (worn, vocabulary.short("where", row.where), row.doing, f"held by {holder}" if holder else "")
        row.line = ", ".join(part for part in said if part)  # type: ignore[attr-defined]
    return {
        "appearances": rows,
        "holders": [row for row in rows if row.subject.kind == Kind.CHARACTER],
        "views": [("", "As the shot shows it"), *View.choices],
        "where_words": vocabulary.WHERE,
        "character": Kind.CHARACTER,
    }


def portrait(subject: Subject) -> Image | None:
    """The picture that stands for a subject fetched `with_portrait`: its front view, else its first."""
    pictures = [ref for one in subject.reference_sets.all() if one.outfit_id is None for ref in one.references.all()]
    front = next((ref for ref in pictures if ref.view == View.FRONT), None)
    chosen = front or next(iter(pictures), None)
    return chosen.image if chosen else None


def alt_text(panel: Panel) -> str:
    """Medium, low: what happens."""
    shot = ", ".join(
        part
        for part in (vocabulary.label("shot_size", panel.shot_size), vocabulary.label("angle", panel.angle).lower())
        if part
    )
    return ": ".join(part for part in (shot, panel.action[:300]) if part)


SELECTS = ("shot_size", "angle", "lens", "framing", "movement")


def after_inspector(
    request: Request, project: Project, panel: Panel | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The inspector again after one of its parts changed; without scripts, the panel's page."""
    if panel is not None:
        panel = access.panel_for(request, panel.code)
    if not request.htmx or panel is None:
        return redirect(reverse("panel", args=[panel.code]) if panel else reverse("board", args=[project.code]))
    context = inspector_context(request, panel, **more)
    context["card_oob"] = out_of_band(
        [context["card"]] if context["card"] else [], bool(may(request).get("draw")), panel.code
    )
    return render(request, "panels/_inspector_and_card.html", context, status=status)
