"""Everything a picture will be drawn from, as JSON for the job: made before anything is sent, never changed after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from studio.board.models import Panel
from studio.prompting import brief as briefs
from studio.prompting import compiler, frame, layout, references
from studio.prompting.types import Brief, Plan, Prompt
from studio.providers.base import Limits


@dataclass(frozen=True, slots=True)
class Prepared:
    """One panel ready to be drawn: what the prompt page shows and what the job freezes."""

    brief: Brief
    plan: Plan
    prompt: Prompt


def prepare(panels: Sequence[Panel], limits: Limits) -> list[Prepared]:
    """Brief, plan and prompt for each panel, in order; a constant number of queries."""
    ready = []
    for brief in briefs.for_panels(panels):
        plan = references.plan(brief, limits)
        ready.append(Prepared(brief, plan, compiler.compile(brief, plan)))
    return ready


def request_for(
    prepared: Prepared, limits: Limits, *, size: str = "1K", options: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The frozen request: prompt, spans, plan, layout, aspect, size, width and height in pixels, options, versions, test_shot.

    `crop` is the safe crop (left, top, right, bottom in 0–1) where the engine lacks the project's ratio, else None.
    """
    brief, plan, prompt = prepared.brief, prepared.plan, prepared.prompt
    aspect = frame.drawn_aspect(brief.aspect, limits.aspects)
    width, height = frame.pixels(aspect, size)
    versions = {one.code: one.version for one in (*brief.cast, brief.location, brief.style) if one}
    return {
        "prompt": prompt.text,
        "strategy": prompt.strategy,
        "template_version": prompt.version,
        "plan": frozen_plan(plan),
        "layout": layout.of(brief),
        "aspect": aspect,
        "crop": None if aspect == brief.aspect else frame.safe_crop(aspect, brief.aspect),
        "size": size,
        "width": width,
        "height": height,
        "options": options or {},
        "versions": versions,
        "test_shot": 0 in versions.values(),
    }


def frozen_plan(plan: Plan) -> dict[str, Any]:
    """{limit, slots: [{n, role, subject, name, view, reference, image_key, sha256, why}], out: [{…, why}], warnings: [{…}]}."""

    def line(one: Any) -> dict[str, Any]:
        return {
            "role": one.role,
            "subject": one.subject,
            "name": one.name,
            "view": one.pic.view,
            "detail": one.pic.detail,
            "reference": one.pic.code,
            "image_key": one.pic.image_key,
            "sha256": one.pic.sha256,
            "why": one.why,
        }

    return {
        "limit": plan.limit,
        "slots": [{"n": slot.n, **line(slot)} for slot in plan.slots],
        "out": [line(one) for one in plan.out],
        "warnings": [asdict(warning) for warning in plan.warnings],
    }
