"""Making, naming, deleting subjects."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import Team
from studio.library.actions.base import note, save
from studio.library.models import Kind, ReferenceSet, Subject, SubjectVersion


def create_subject(
    *, team: Team, by: Any, kind: str, name: str, species: str = "", bible: str = "", sample: bool = False
) -> Subject:
    """A subject with its draft v1 and its default reference set. Characters are persons unless said otherwise."""
    if kind != Kind.CHARACTER:
        species = ""
    with transaction.atomic():
        subject = Subject.objects.create(
            team=team,
            kind=kind,
            name=name,
            species=species or (Subject.Species.PERSON if kind == Kind.CHARACTER else ""),
            sample=sample,
            created_by=by,
        )
        SubjectVersion.objects.create(subject=subject, number=1, bible=bible)
        ReferenceSet.objects.create(subject=subject)
        note(subject, "subject.created", by, name=name, kind=kind)
    return subject


def rename_subject(*, subject: Subject, by: Any, revision: int, name: str, species: str | None = None) -> Subject:
    """Names it anew, and says whether a character is a person or an animal. Raises Stale."""
    values = {"name": name}
    if species and subject.kind == Kind.CHARACTER:
        values["species"] = species
    was = subject.name
    with transaction.atomic():
        if save(subject, revision, **values):
            note(subject, "subject.renamed", by, was=was, **values)
    return subject


def delete_subject(*, subject: Subject, by: Any) -> None:
    """Takes it out of the library. Panels that show it keep it; once more changes nothing."""
    with transaction.atomic():
        if Subject.objects.filter(pk=subject.pk, deleted=None).update(deleted=timezone.now()):
            note(subject, "subject.deleted", by, name=subject.name)


def restore_subject(*, subject: Subject, by: Any) -> None:
    with transaction.atomic():
        if Subject.objects.filter(pk=subject.pk).exclude(deleted=None).update(deleted=None):
            note(subject, "subject.restored", by, name=subject.name)
