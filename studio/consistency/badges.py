"""What a panel's card says of its markers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F

from studio.consistency.models import FAILED, Verdict


def failures(panels: Iterable[int]) -> dict[int, str]:
    """By panel id: "1 drifted, 2 missing" of its picked take; panels where nothing failed are left out. One query."""
    rows = Verdict.objects.filter(
        replaced=None, result__in=FAILED, take__panel__in=list(panels), take__panel__picked=F("take")
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for panel, result, number in rows.order_by().values_list("take__panel", "result").annotate(Count("pk")):
        counts[panel][result] = number
    return {
        panel: ", ".join(f"{found[result]} {result.value}" for result in FAILED if result in found)
        for panel, found in counts.items()
    }
