"""The sign-off of a round: who approved what, when, and the hash of every picture, as it stays for good."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from studio.board.models import Panel
from studio.review.models import Decision, Round, RoundPanel


def sheet(round_: Round, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """As JSON: `approved` (the whole), `by`, `at`, `whole` and `panels`, each with the names and times of what was said.

    A panel that stayed approved since an earlier round names that round and whoever approved it there.
    """
    panels = list(round_.panels.select_related("carried__round"))
    asked = {row.pk: row.carried or row for row in panels}  # where each was decided
    standing = Decision.objects.filter(replaced=None).exclude(verdict=Decision.Verdict.NONE).order_by("decided", "pk")
    said: dict[int, dict[str, Decision]] = defaultdict(dict)
    for one in standing.filter(on__in=[*asked, *(row.pk for row in asked.values())]):
        said[one.on_id or 0][one.by] = one
    wholes: dict[int, list[Decision]] = defaultdict(list)
    for one in standing.filter(round__in={round_.pk, *(row.round_id for row in asked.values())}, on=None):
        wholes[one.round_id].append(one)
    whole = [_said(one) for one in wholes[round_.pk]]

    def of(row: RoundPanel) -> list[dict[str, str]]:
        """What was said here, else where the panel was approved. Who approved the whole approved what they said nothing else of."""
        for place in (row, asked[row.pk]):
            agreed = {one.by: one for one in wholes[place.round_id] if one.verdict == Decision.Verdict.APPROVE}
            if found := sorted((agreed | said[place.pk]).values(), key=lambda one: (one.decided, one.pk)):
                return [_said(one) for one in found]
        return []

    return {
        "project": round_.project.title,
        "version": str(round_),
        "sent": round_.sent.isoformat(),
        "by": str(by),
        "at": at.isoformat(),
        "approved": bool(panels) and all(row.state == Panel.State.APPROVED for row in panels)
        and not any(one["verdict"] == Decision.Verdict.CHANGES for one in whole),
        "whole": whole,
        "panels": [
            {
                "label": row.label, "state": row.state, "sha256": row.sha256, "code": row.code,
                "since": str(row.carried.round) if row.carried else "",
                "said": of(row),
            }
            for row in panels
        ],
    }  # fmt: skip


def _said(one: Decision) -> dict[str, str]:
    who = "client" if one.guest_id or one.by.startswith("guest:") else "team"
    return {"name": one.name, "who": who, "verdict": one.verdict, "at": one.decided.isoformat()}
