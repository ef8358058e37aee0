"""A reference set approved by name, and the approval taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.library import approval
from studio.library.actions.base import Refused, note
from studio.library.models import ReferenceSet


def approve_set(*, reference_set: ReferenceSet, by: Any, seen: str) -> bool:
    """Approve the pictures as they are. `seen`: the fingerprint of those that the person looked at. False where they stand
    approved already. Raises Refused for an empty set, and where the pictures changed while somebody looked."""
    with transaction.atomic():
        held = ReferenceSet.objects.select_for_update().get(pk=reference_set.pk)
        now = approval.fingerprint(held)
        if not now:
            raise Refused("There is no picture to approve. Add a front view first.")
        if now != seen:
            raise Refused(
                "The pictures changed while you looked. These are the ones there are now: look again, then approve."
            )
        if held.approved_as == now:
            return False
        values = {"approved_at": timezone.now(), "approved_by": by, "approved_as": now}
        ReferenceSet.objects.filter(pk=held.pk).update(**values)
        note(held.subject, "set.approved", by, set=held.code, pictures=held.references.count())
    return True


def withdraw_approval(*, reference_set: ReferenceSet, by: Any) -> bool:
    """Take an approval back. False where there was none."""
    with transaction.atomic():
        rows = ReferenceSet.objects.filter(pk=reference_set.pk).exclude(approved_as="")
        gone = rows.update(approved_at=None, approved_by=None, approved_as="")
        if gone:
            note(reference_set.subject, "set.unapproved", by, set=reference_set.code)
    return bool(gone)
