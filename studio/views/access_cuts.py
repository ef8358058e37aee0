"""Cuts of references, fetched with the right to see or decide about them. As `access`."""

from __future__ import annotations

from django.http import HttpRequest

from studio.accounts.rights import Right
from studio.library.models import Cut
from studio.views import access


def cut_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Cut:
    rows = Cut.objects.select_related(
        "reference_set__subject__team", "reference_set__outfit", "reference__image", "source", "image", "by", "made"
    )
    rows = rows.filter(reference_set__subject__deleted=None)
    return access._fetch(request, rows, right, "reference_set__subject__team_id", code=code)
