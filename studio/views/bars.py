"""The batch bar's words: what a live batch says of itself on the page and aloud."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from studio.board.models import Project
from studio.generation import queries
from studio.generation.models import Batch


def bar_context(batch: Batch | None) -> dict[str, Any]:
    """`bar` for batches/_bar.html (None: no bar), with the moment that the next poll asks from."""
    if batch is None:
        return {"bar": None}
    now = timezone.now()
    bar = queries.bar(batch)
    return {
        "bar": bar,
        "bar_moment": now.isoformat(),
        "bar_eta": "taking longer than usual"
        if late(bar, (now - batch.created).total_seconds())
        else eta_words(bar.eta),
        "bar_over": bar.total - bar.drawing - bar.waiting,
    }


def live(project: Project) -> Batch | None:
    """The project's batch that is not over; of several the newest."""
    running = queries.running(project)
    return running[-1] if running else None


def late(bar: queries.Bar, elapsed: float) -> bool:
    """It runs for more than twice what pictures like these took lately; a little grace for the start."""
    left = bar.drawing + bar.waiting
    return bool(bar.eta and left and elapsed > 2 * bar.eta * bar.total / left + 20)


def eta_words(seconds: int | None) -> str:
    """ "about 20 s left", "about 3 min left"; empty with no history to guess from."""
    if seconds is None:
        return ""
    return f"about {seconds} s left" if seconds < 120 else f"about {round(seconds / 60)} min left"


def end_words(bar: queries.Bar) -> str:
    """What is said aloud when a batch is over."""
    parts = [f"{bar.done} drawn"]
    if bar.failed:
        parts.append(f"{bar.failed} failed")
    if bar.cancelled:
        parts.append(f"{bar.cancelled} cancelled")
    money = "free" if not bar.cost_of else f"${bar.cost:.2f}"
    return f"{bar.title} done: {', '.join(parts)}, {money}."
