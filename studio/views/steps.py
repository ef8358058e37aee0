"""The next step for a marker that failed, with the address where it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from studio.accounts.models import Team
from studio.board import shown
from studio.board.models import Take
from studio.consistency import queries
from studio.consistency.models import FAILED
from studio.generation import tiers
from studio.generation.usable_steps import Facts, Picture, steps
from studio.library import sets
from studio.library.models import Kind, Marker, Reference
from studio.views import pricing

Said = list[dict[str, str]]


def of_marks(team: Team, marks: queries.Marks) -> dict[int, Said]:
    """By marker id, for the markers of one take that failed. No query where none did, else three."""
    failed = [mark.marker for mark in marks.marks if mark.cell.result in FAILED]
    found = _found(team, [(marks.take, marker) for marker in failed])
    return {marker.pk: found[marks.take.code, marker.key] for marker in failed}


def of_failure(team: Team, take: Take, marker: Marker) -> Said:
    """Of one marker that failed. The marker needs its `version` and `subject`."""
    return _found(team, [(take, marker)])[take.code, marker.key]


def for_failures(team: Team, pairs: Sequence[tuple[Take, str]]) -> dict[tuple[str, str], Said]:
    """By take code and marker key; the marker is that of the version the take was drawn from. Four queries."""
    keys = {key for _, key in pairs}
    rows = Marker.objects.filter(key__in=keys, version__subject__team=team).select_related("version__subject")
    by_version = {(row.key, row.version.subject.code, row.version.number): row for row in rows}
    known = []
    for take, key in pairs:
        row = next((by_version[key, c, n] for c, n in take.versions.items() if (key, c, n) in by_version), None)
        if row is not None:
            known.append((take, row))
    return _found(team, known)


def _found(team: Team, pairs: Sequence[tuple[Take, Marker]]) -> dict[tuple[str, str], Said]:
    if not pairs:
        return {}
    subjects = {marker.version.subject_id for _, marker in pairs}
    pictures = _pictures(subjects)
    by_quality = tiers.all_choices(team)
    now = queries.views([take.panel for take, _ in pairs if shown.as_drawn(take) is None])
    made = {}
    for take, marker in pairs:
        subject = marker.version.subject
        hero = pricing.hero_price(by_quality, take)
        drawn = shown.as_drawn(take)
        view = (drawn.views if drawn else now[take.panel_id]).get(subject.code, ("", ""))[0]
        facts = _facts(take, marker, view, pictures[subject.pk], hero)
        made[take.code, marker.key] = [
            {"said": one.said, "why": one.why, "url": _address(one.where, one.view, take, marker)}
            for one in steps(facts)
        ]
    return made


def _pictures(subjects: Iterable[int]) -> dict[int, tuple[Picture, ...]]:
    """The references that each subject has now, of itself and of its outfits. One query."""
    rows = Reference.objects.filter(reference_set__subject__in=subjects).select_related(
        "image", "reference_set__subject"
    )
    found: dict[int, list[Picture]] = defaultdict(list)
    for row in rows.order_by("position", "pk"):
        weak = tuple(one.text for one in sets.weaknesses(row, row.reference_set.subject.kind))
        found[row.reference_set.subject_id].append(Picture(row.view, row.detail, weak))
    return defaultdict(tuple, {pk: tuple(pictures) for pk, pictures in found.items()})


def _facts(take: Take, marker: Marker, view: str, pictures: tuple[Picture, ...], hero: str) -> Facts:
    subject = marker.version.subject
    slots = take.plan.get("slots", [])
    named = f"{subject.kind}-{subject.code}"
    return Facts(
        phrase=marker.phrase,
        category=marker.category,
        view=view,
        pictures=pictures,
        sent=sum(slot.get("subject") == named for slot in slots),
        styles=sum(slot.get("role") == "style" for slot in slots),
        bible=marker.version.bible,
        prompt=take.prompt,
        dearer=hero,
        setting=subject.kind in (Kind.LOCATION, Kind.STYLE),
    )


def _address(where: str, view: str, take: Take, marker: Marker) -> str:
    subject = marker.version.subject
    match where:
        case "view" | "detail" | "reference":
            query = {"add": view} | ({"detail": marker.phrase[:60]} if where == "detail" else {})
            return f"{reverse('subject', args=[subject.code])}?{urlencode(query)}#add"
        case "bible":
            return f"{reverse('subject', args=[subject.code])}#bible"
        case "words":
            return f"{reverse('prompt', args=[take.panel.code])}#left-out"
        case "plan":
            return f"{reverse('prompt', args=[take.panel.code])}#references"
        case "promote":
            return reverse("take_promote", args=[take.code])
    return reverse("panel", args=[take.panel.code])
