"""Which picks were drawn from versions that are not the newest any more: a word on the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Max

from studio.library.models import SubjectVersion

Versions = Mapping[str, int]  # subject code -> number, as a take keeps them


def drawn_from(picks: Mapping[int, Versions]) -> dict[int, str]:
    """By the keys of `picks`: the oldest version in words, "v3", where a newer one is locked. One query, none without picks.

    Takes drawn from an unlocked draft are test shots, which say so themselves.
    """
    newest = _newest({code for versions in picks.values() for code in versions})
    found = {}
    for key, versions in picks.items():
        old = [number for code, number in versions.items() if 0 < number < newest.get(code, 0)]
        if old:
            found[key] = f"v{min(old)}"
    return found


def _newest(codes: Iterable[str]) -> dict[str, int]:
    wanted = set(codes)
    if not wanted:
        return {}
    locked = SubjectVersion.objects.filter(subject__code__in=wanted).exclude(locked_at=None).order_by()
    return dict(locked.values_list("subject__code").annotate(Max("number")))
