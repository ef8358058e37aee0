"""Whether a reference set is approved. The approval names the pictures that were seen: any change of them ends it, by whatever way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from studio.library.models import Reference, ReferenceSet


def fingerprint(reference_set: ReferenceSet) -> str:
    """Of the pictures and what each is said to show, whatever their order; empty for a set without pictures. Uses a prefetch where
    there is one."""
    return of(reference_set.references.all())


def of(references: Iterable[Reference]) -> str:
    """The same of pictures that are at hand."""
    parts = sorted([row.sha256, row.view, row.detail] for row in references)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest() if parts else ""


def stands(reference_set: ReferenceSet) -> bool:
    """Whether somebody approved the pictures as they are now."""
    approved = reference_set.approved_as
    return bool(approved) and approved == fingerprint(reference_set)


def lapsed(reference_set: ReferenceSet) -> bool:
    """Whether it was approved, and its pictures changed since."""
    return bool(reference_set.approved_as) and not stands(reference_set)
