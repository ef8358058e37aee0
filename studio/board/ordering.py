"""Places and names in a list that several people reorder at once: neighbours, never indexes; labels never move on their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from studio.board.models import Panel, Project, Scene

CHUNK = 400  # rows of one renumbering statement: SQLite counts its variables


def hold(project: Project) -> None:
    """One change of order or labels at a time in a project. Inside a transaction; SQLite's own lock does the same."""
    list(Project.objects.select_for_update().filter(pk=project.pk).values_list("pk"))


def renumber(rows: QuerySet[Any], wanted: Sequence[int]) -> None:
    """Give the rows (pks in the wanted order) the positions 0, 1, 2 …; only those that change are written."""
    now = dict(rows.filter(pk__in=wanted).order_by().values_list("pk", "position"))
    moved = [(pk, at) for at, pk in enumerate(wanted) if now.get(pk) != at]
    for start in range(0, len(moved), CHUNK):
        part = moved[start : start + CHUNK]
        cases = [When(pk=pk, then=Value(at)) for pk, at in part]
        rows.filter(pk__in=[pk for pk, _ in part]).update(position=Case(*cases, output_field=IntegerField()))


def place(order: list[int], moving: Sequence[int], after: int | None) -> list[int]:
    """The order with `moving` (kept in its own order) right after `after`; at the start where that is None.

    A neighbour that is no longer there puts them at the end.
    """
    rest = [pk for pk in order if pk not in set(moving)]
    if after is None:
        at = 0
    else:
        at = rest.index(after) + 1 if after in rest else len(rest)
    return [*rest[:at], *moving, *rest[at:]]


def panel_order(scene: Scene) -> list[int]:
    """Pks in order, deleted ones too: they come back where they were."""
    return list(Panel.objects.filter(scene=scene).order_by("position", "pk").values_list("pk", flat=True))


def scene_order(project: Project) -> list[int]:
    return list(Scene.objects.filter(project=project).order_by("position", "pk").values_list("pk", flat=True))


def letters(n: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as columns of a sheet are named."""
    word = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        word = chr(65 + rest) + word
    return word


def number_of(word: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    n = 0
    for letter in word:
        n = n * 26 + ord(letter) - 64
    return n - 1


def next_label(project: Project, scene: Scene, taken: Iterable[str] | None = None) -> str:
    """The next free letter of the scene's number: after 1C comes 1D, after 1Z comes 1AA. A label that was deleted stays free of use."""
    if taken is None:
        taken = Panel.objects.filter(scene__project=project).values_list("label", flat=True)
    have = {label.casefold() for label in taken}
    pattern = re.compile(rf"{re.escape(scene.number.casefold())}([a-z]{{1,3}})")
    used = [number_of(found[1].upper()) for label in have if (found := pattern.fullmatch(label))]
    n = max(used, default=-1) + 1
    while f"{scene.number}{letters(n)}".casefold() in have:
        n += 1
    return f"{scene.number}{letters(n)}"


def next_number(project: Project) -> str:
    """One more than the highest number of a scene that is still on the board."""
    numbers = Scene.objects.filter(project=project, deleted=None).values_list("number", flat=True)
    found = [int(match[0]) for number in numbers if (match := re.match(r"\d+", number))]
    return str(max(found, default=0) + 1)
