"""How a project decides."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from studio.accounts.events import record
from studio.board.models import Project
from studio.review.errors import Refused
from studio.review.models import ReviewRules, Rule


class Conflict(Exception):
    """Somebody else changed the rules first. `rules` is how they are now; nothing was written."""

    def __init__(self, rules: ReviewRules) -> None:
        super().__init__("Somebody else changed the rules first.")
        self.rules = rules


def set_rules(*, project: Project, rule: str, needed: int, apart: bool, revision: int, by: Any) -> ReviewRules:
    """For rounds sent from now on; those that were sent keep theirs. Raises Refused, Conflict for another revision."""
    if rule not in Rule.values:
        raise Refused("Choose one of the rules.", field="rule")
    if not 1 <= needed <= 99:
        raise Refused("A number from 1 to 99.", field="needed")
    values = {"rule": rule, "needed": needed, "apart": apart}
    try:
        with transaction.atomic():
            rows = ReviewRules.objects.filter(project=project)
            if not rows.filter(revision=revision).update(**values, revision=F("revision") + 1):
                there = rows.first()
                if there is not None:
                    raise Conflict(there)
                ReviewRules.objects.create(project=project, **values, revision=2)
            record(
                verb="review_rules", team=project.team, actor=by, about="project", code=project.code,
                project=project.code, **values,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(ReviewRules.objects.get(project=project)) from None
    return ReviewRules.objects.get(project=project)
