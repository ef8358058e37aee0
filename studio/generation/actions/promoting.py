"""A picked take drawn again in a better quality, and a picture that exists used instead of being bought again."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from studio.accounts.models import User
from studio.board import actions as board
from studio.board.models import Panel, Take
from studio.generation import cost, engines, estimates
from studio.generation.actions.asking import BY_HAND, common_project, fresh_seed, may_draw, new_batch, new_job, write
from studio.generation.cost import Ready
from studio.generation.errors import Refused
from studio.generation.models import Batch, Job
from studio.generation.tiers import QUALITIES, Choice
from studio.media.decode import PROVIDER
from studio.media.models import Rendition
from studio.prompting import brief as briefs
from studio.prompting import frame, freeze, versions
from studio.prompting.types import Brief
from studio.providers.base import Limits, ProviderError
from studio.providers.registry import NoSuchEngine

USED = uuid.UUID("b5f0f2de-1c0b-4d52-9a39-0c8f8f0a7a64")
POOLS = {"style": "styles", "identity": "people", "outfit": "people", "product": "objects", "location": "objects"}


@dataclass(frozen=True, slots=True)
class Promotion:
    """A take as another engine would draw it again. `differs` says in sentences what will not be the same; `seed` is the
    take's own where both engines have one."""

    take: Take
    row: Ready
    seed: int | None
    differs: tuple[str, ...]


def promotions(*, takes: Sequence[Take], choice: Choice) -> list[Promotion]:
    """What would be sent for each take: its own words and references where the engine takes them as they are, else planned
    anew, by the same template. A constant number of queries. Raises Refused for a model or size that is not there."""
    limits = cost.limits_of(choice)
    frozen = _frozen(takes)
    kept = _kept(frozen.values())
    found = []
    for take, brief in zip(takes, briefs.for_panels([take.panel for take in takes]), strict=True):
        found.append(_promotion(take, brief, frozen[take.pk], choice, limits, kept))
    priced = cost.as_quoted([one.row for one in found])
    return [replace(one, row=row) for one, row in zip(found, priced, strict=True)]


def promote(
    *, takes: Sequence[Take], choice: Choice, by: User | None, key: uuid.UUID, skip: Collection[int] = (), most: int = 0
) -> Batch:
    """Draw the takes again with `choice`, each a new take linked to the one it came from. The same key again answers with
    its batch. `skip`: panels (by id) whose promoted picture exists; `most`: no more than so many. Raises Refused, OverCap."""
    project = common_project([take.panel for take in takes])
    may_draw(choice, project)
    cost.limits_of(choice)
    one = takes[0].panel.label if len(takes) == 1 else f"{len(takes)} picks"
    words = f"{QUALITIES.get(choice.tier, choice.name)} of {one}"
    with transaction.atomic():
        batch, made = new_batch(project, by, key, words)
        if not made:
            return batch
        planned = promotions(takes=takes, choice=choice)
        if wrong := next((one.row for one in planned if one.row.wrong), None):
            raise Refused(f"Panel {wrong.panel.label}: {wrong.wrong}")
        wanted = [one for one in planned if one.row.panel.pk not in skip]
        if not wanted:
            raise Refused("Every picture of this exists already. Nothing was drawn.")
        priority = BY_HAND if len(takes) == 1 else 0
        rows = [_job(batch, one, priority) for one in (wanted[:most] if most else wanted)]
        write(batch, rows, by)
    return batch


def use_existing(*, take: Take, panel: Panel, by: User | None) -> Take:
    """Make a picture that exists the panel's pick: its own take, or a copy of another panel's at no cost. Twice is once."""
    if take.panel.scene.project.team_id != panel.scene.project.team_id:
        raise Refused("That picture belongs to another team.")
    if take.panel_id != panel.pk:
        take = board.copy_take(take=take, panel=panel, by=by, job_key=uuid.uuid5(USED, f"{take.job_key} {panel.code}"))
    return board.pick_take(take=take, by=by)


def _job(batch: Batch, one: Promotion, priority: int) -> Job:
    seed = None
    if one.row.limits.has_seed:
        seed = one.seed if one.seed is not None else fresh_seed()
    made = new_job(batch, one.row, seed, priority)
    made.request = {**made.request, "promoted_from": one.take.code}
    return made


def _frozen(takes: Sequence[Take]) -> dict[int, dict[str, Any]]:
    """By take id, what it was drawn from: its job's frozen request, else what stands on the take itself."""
    rows = Job.objects.filter(take__in=[take.pk for take in takes]).values_list("take_id", "request")
    by_job = dict(rows)
    return {take.pk: {**_of_take(take), **by_job.get(take.pk, {})} for take in takes}


def _of_take(take: Take) -> dict[str, Any]:
    return {
        "prompt": take.prompt, "template_version": take.template_version, "plan": take.plan or {"slots": [], "out": []},
        "aspect": take.aspect, "versions": take.versions, "test_shot": take.test_shot, "layout": None,
        "shot": take.parameters.get("shot"),
    }  # fmt: skip


def _kept(frozen: Any) -> set[str]:
    """Keys of the reference pictures that can still be sent. One query."""
    keys = {slot["image_key"] for one in frozen for slot in one["plan"].get("slots", [])}
    rows = Rendition.objects.filter(spec=PROVIDER, image__key__in=keys)
    return {str(key) for key in rows.values_list("image__key", flat=True)}


def _promotion(
    take: Take, brief: Brief, frozen: Mapping[str, Any], choice: Choice, limits: Limits, kept: set[str]
) -> Promotion:
    version = str(frozen["template_version"] or "")
    version = version if version in versions.BY_NAME else ""  # drawn upon another picture: worded beside the templates
    prepared = freeze.prepared(brief, limits, version=version)
    request = freeze.request_for(prepared, limits, size=choice.size)
    slots = frozen["plan"].get("slots", [])
    same = bool(frozen["prompt"]) and not _unfit(frozen["plan"], limits) and _same_shape(take, brief)
    same = same and all(slot["image_key"] in kept for slot in slots)
    if same:
        copied = ("prompt", "template_version", "versions", "test_shot", "plan")
        request |= {name: frozen[name] for name in copied} | {"layout": frozen["layout"] or request["layout"]}
        request["plan"] = {**frozen["plan"], "limit": limits.references}
        if "strategy" in frozen:
            request["strategy"] = frozen["strategy"]
        if frozen.get("shot"):
            request["shot"] = frozen["shot"]  # drawn from the take's own words, it shows what the take shows
    row, wrong = Ready(take.panel, choice, limits, prepared, request), ""
    try:
        cost.approved(take.panel, brief)
        cost.checked(request, choice.engine, choice.model)
        row = replace(row, price=cost.of(choice.engine, choice.model, request))
    except Refused as refused:
        wrong = str(refused)
    seed = take.seed if limits.has_seed and _had_seed(take) else None
    return Promotion(
        take, replace(row, wrong=wrong), seed, _differences(take, frozen, request, choice, limits, kept, same)
    )


def _unfit(plan: Mapping[str, Any], limits: Limits) -> str:
    """Why the engine cannot take this plan as it is: it takes fewer pictures, or more than the plan had to leave out. Empty
    where it can."""
    slots = plan.get("slots", [])
    if len(slots) > limits.references:
        return f"takes {limits.references} pictures" if limits.references else "sees no pictures"
    for pool in ("people", "objects", "styles"):
        cap = getattr(limits, pool)
        if cap is not None and sum(POOLS.get(slot["role"]) == pool for slot in slots) > cap:
            return f"holds {cap} {pool}"
    lacked = any(str(one.get("why", "")).startswith(estimates.THIS) for one in plan.get("out", []))
    return f"takes {limits.references} pictures" if lacked and limits.references > len(slots) else ""


def _same_shape(take: Take, brief: Brief) -> bool:
    """Whether the project still asks for the shape that the take was drawn for: its words name it."""
    try:
        offered = engines.limits(take.engine, take.model).aspects
    except (ProviderError, NoSuchEngine):
        offered = ()
    return not take.aspect or frame.drawn_aspect(brief.aspect, offered) == take.aspect


def _had_seed(take: Take) -> bool:
    try:
        return take.seed is not None and engines.limits(take.engine, take.model).has_seed
    except (ProviderError, NoSuchEngine):
        return False


def _differences(
    take: Take,
    frozen: Mapping[str, Any],
    request: Mapping[str, Any],
    choice: Choice,
    limits: Limits,
    kept: set[str],
    same: bool,
) -> tuple[str, ...]:
    """In sentences, gravest first: what will not be as in the take."""
    found = []
    before, after = frozen["plan"].get("slots", []), request["plan"]["slots"]
    if not same:
        gone = [slot for slot in before if slot["image_key"] not in kept]
        unfit = _unfit(frozen["plan"], limits)
        why = f"{choice.name} {unfit}" if unfit else ""
        if gone:
            why = "1 of its references is gone" if len(gone) == 1 else f"{len(gone)} of its references are gone"
        moved = _moved(before, after)
        found.append(f"Planned anew{': ' + why if why else ''}.{' ' + moved if moved else ''}")
        if frozen["prompt"] and frozen["prompt"] != request["prompt"]:
            found.append("The words are written anew from the panel as it is now.")
    if take.aspect and take.aspect != request["aspect"]:
        cut = f" {frame_words(request)}" if request["crop"] else ""
        found.append(f"It draws {request['aspect']} instead of {take.aspect}.{cut}")
    if _had_seed(take) and not limits.has_seed:
        found.append(f"{choice.name} has no seed: the layout will differ.")
    elif not _had_seed(take) and limits.has_seed:
        found.append("The take has no seed to keep: the layout will differ.")
    elif (take.engine, take.model) != (choice.engine, choice.model):
        found.append("Another model draws it: alike, not the same in every detail.")
    return tuple(found)


def frame_words(request: Mapping[str, Any]) -> str:
    left, _, _, _ = request["crop"]
    return f"The frame is cut from its middle: {'left and right' if left else 'top and bottom'} go."


def _moved(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> str:
    def key(slot: Mapping[str, Any]) -> tuple[str, str, str]:
        return slot["role"], slot["subject"], slot["sha256"]

    was, now = {key(slot) for slot in before}, {key(slot) for slot in after}
    stay = [slot["name"] for slot in before if key(slot) not in now]
    join = [slot["name"] for slot in after if key(slot) not in was]
    parts = []
    for names, verb in ((stay, "out"), (join, "in")):
        if names:
            listed = ", ".join(dict.fromkeys(names))
            one = len(names) == 1
            said = {"out": "stays out" if one else "stay out", "in": "is added" if one else "are added"}[verb]
            parts.append(f"{len(names)} reference{'' if one else 's'} {said}: {listed}.")
    return " ".join(parts)
