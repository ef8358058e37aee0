"""A break in a scene's continuity that is meant, said by name, and taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.events import record
from studio.board import continuity
from studio.board.errors import Refused
from studio.board.models import MeantSo, Scene


def mean_so(*, scene: Scene, key: str, by: Any) -> bool:
    """Say that a break is meant: it stays quiet as long as both its panels stay as they are. False where it was said already.

    Raises Refused where there is no such break any more.
    """
    with transaction.atomic():
        list(Scene.objects.select_for_update().filter(pk=scene.pk).values_list("pk"))
        found = continuity.of(scene)
        if any(one.key == key for one, _ in found.meant):
            return False
        one = next((one for one in found.open if one.key == key), None)
        if one is None:
            raise Refused("That is not like this any more: one of the panels changed.")
        MeantSo.objects.create(scene=scene, key=key, said=one.said[:300], by=by)
        _record("scene.meant", scene, by, one.said[:200])
    return True


def not_meant(*, scene: Scene, key: str, by: Any) -> bool:
    """Take that back: the break is told again. False where nobody said it."""
    with transaction.atomic():
        rows = MeantSo.objects.filter(scene=scene, key=key, withdrawn=None)
        said = rows.values_list("said", flat=True).first()
        gone = rows.update(withdrawn=timezone.now(), withdrawn_by=by)
        if gone:
            _record("scene.unmeant", scene, by, (said or "")[:200])
    return bool(gone)


def _record(verb: str, scene: Scene, by: Any, said: str) -> None:
    project = scene.project
    record(
        verb=verb, team=project.team, actor=by, about="scene", code=scene.code, project=project.code,
        number=scene.number, said=said,
    )  # fmt: skip
