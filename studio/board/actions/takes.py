"""Takes arrive and are picked."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts.events import record
from studio.board.models import Panel, Take
from studio.media.models import Image

TRIES = 50  # each lost race means that another take got in, so this is far beyond any queue for one panel


def add_take(
    *, panel: Panel, job_key: uuid.UUID, image: Image, engine: str, model: str, by: Any = None, **fields: Any
) -> Take:
    """Keep a drawn picture as the panel's next take, and pick it where the panel has no pick.

    Called again with the same `job_key` it gives the take it made the first time, whatever happened in between. The
    number is the next free one, however many arrive at once. `fields` are the plain fields of `Take`: seed, prompt, plan …
    """
    for _ in range(TRIES):
        with suppress(Take.DoesNotExist):
            return Take.objects.get(job_key=job_key)
        number = (Take.objects.filter(panel=panel).aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                take = Take.objects.create(
                    panel=panel,
                    job_key=job_key,
                    image=image,
                    number=number,
                    engine=engine,
                    model=model,
                    drawn_by=by,
                    **fields,
                )
                Panel.objects.filter(pk=panel.pk, picked=None).update(picked=take, updated=timezone.now())
                _record("take.drawn", take, by)
                return take
        except IntegrityError:
            continue
    raise IntegrityError(f"No free take number for panel {panel.pk}")


def copy_take(*, take: Take, panel: Panel, by: Any, job_key: uuid.UUID) -> Take:
    """The same picture as a take of another panel, at no cost, with all it was made from. The same key again: the same copy."""
    return add_take(
        panel=panel, job_key=job_key, image=take.image, engine=take.engine, model=take.model, by=by, size=take.size,
        aspect=take.aspect, seed=take.seed, prompt=take.prompt, template_version=take.template_version, plan=take.plan,
        parameters={**take.parameters, "copied_from": take.code}, versions=take.versions, test_shot=take.test_shot, cost=0,
    )  # fmt: skip


def pick_take(*, take: Take, by: Any) -> Take:
    """Make this the panel's picture. An approval was for the picture before it, so it ends; picking the pick changes nothing."""
    with transaction.atomic():
        panel = Panel.objects.select_for_update().get(pk=take.panel_id)
        if panel.picked_id == take.pk:
            return take
        changes: dict[str, Any] = {"picked": take, "updated": timezone.now()}
        if panel.state == Panel.State.APPROVED:
            changes["state"] = Panel.State.DRAFT
        Panel.objects.filter(pk=panel.pk).update(**changes)
        _record("take.picked", take, by)
    return take


def _record(verb: str, take: Take, by: Any) -> None:
    project = take.panel.scene.project
    record(
        verb=verb,
        team=project.team,
        actor=by,
        about="panel",
        code=take.panel.code,
        project=project.code,
        label=take.panel.label,
        take=take.number,
    )
