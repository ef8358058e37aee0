"""The fingerprint of a picture: the same print would be the same request, word for word and reference for reference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from studio.accounts.models import Team
from studio.board.models import Take
from studio.generation.models import Job, JobState


def of(job: Job) -> str:
    """SHA-256, hex, of engine, model, prompt, the references' hashes in their order, parameters and seed."""
    return wanted(job.engine, job.model, job.request, job.seed)


def wanted(engine: str, model: str, frozen: Mapping[str, Any], seed: int | None) -> str:
    """The print that a request would have. With a random seed no other one can have it."""
    parts = {
        "engine": engine,
        "model": model,
        "prompt": frozen["prompt"],
        "references": [slot["sha256"] for slot in frozen["plan"]["slots"]],
        "layout": frozen["layout"] if engine == "sketch" else None,  # only the embedded engine looks at it
        "aspect": frozen["aspect"],
        "size": frozen["size"],
        "options": frozen["options"],
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def drawn(team: Team, prints: Iterable[str]) -> dict[str, Take]:
    """The newest picture of the team for each print that was drawn already, where it can still be seen. One query."""
    asked = {one for one in prints if one}
    if not asked:
        return {}
    rows = Job.objects.filter(batch__team=team, fingerprint__in=asked, state=JobState.DONE, take__isnull=False)
    rows = rows.filter(panel__deleted=None, panel__scene__deleted=None, panel__scene__project__deleted=None)
    rows = rows.select_related("take__panel__scene__project", "take__image").order_by("pk")
    return {row.fingerprint: row.take for row in rows.defer("request", "ticket", "details") if row.take}
