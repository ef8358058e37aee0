"""Everything a picture will be drawn from, as JSON for the job: made before anything is sent, never changed after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from studio.board.models import Panel
from studio.library import lint, lint_cast
from studio.prompting import brief as briefs
from studio.prompting import compiler, frame, layout, references
from studio.prompting.types import Brief, Member, Plan, Prompt, Warning
from studio.providers.base import Limits


@dataclass(frozen=True, slots=True)
class Prepared:
    """One panel ready to be drawn: what the prompt page shows and what the job freezes."""

    brief: Brief
    plan: Plan
    prompt: Prompt


def prepare(panels: Sequence[Panel], limits: Limits) -> list[Prepared]:
    """Brief, plan and prompt for each panel, in order; a constant number of queries."""
    return [prepared(brief, limits) for brief in briefs.for_panels(panels)]


def prepared(brief: Brief, limits: Limits, *, version: str = "") -> Prepared:
    """One brief, planned and worded for what these limits allow, by a template version (the project's by default)."""
    plan = references.plan(brief, limits)
    prompt = compiler.compile(brief, plan, version=version)
    return Prepared(brief, replace(plan, warnings=(*plan.warnings, *_doubts(brief, prompt))), prompt)


def _doubts(brief: Brief, prompt: Prompt) -> list[Warning]:
    """Words that no longer fit, and what two of the cast say against each other."""
    lost = "The text under them changed. They are left out until somebody looks at the prompt."
    found = [
        Warning(f"Words by hand for “{edit.section}” no longer fit", lost, kind="weak") for edit in prompt.conflicts
    ]
    against = [finding for finding in lint_cast.between(brief.cast) if finding.weight == lint.GRAVE]
    return found + [Warning(one.title, f"{one.reason} {one.mend}", kind="weak") for one in against]


def request_for(
    prepared: Prepared, limits: Limits, *, size: str = "1K", options: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The frozen request: prompt, plan, shot, layout, aspect, size, width and height in pixels, options, versions, test_shot.

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
        "shot": shot(brief),
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


def shot(brief: Brief) -> dict[str, Any]:
    """What the panel is, as JSON that the take keeps: `board.shown.as_drawn` and `generation.impact` read it.

    {shot_size, angle, framing, lens, movement, action, int_ext, place, time_of_day, light, location, style: codes,
    sent: marker keys that are said though the shot hides them, cast: [{code, kind, name, view, outfit, wears, where, doing, holding}]}.
    """
    words = ("shot_size", "angle", "framing", "lens", "movement", "action", "int_ext", "place", "time_of_day", "light")
    return {
        **{name: getattr(brief, name) for name in words},
        "location": brief.location.code if brief.location else "",
        "style": brief.style.code if brief.style else "",
        "sent": list(brief.hand.sent_anyway),
        "cast": [_in_shot(member) for member in brief.cast],
    }


def _in_shot(member: Member) -> dict[str, Any]:
    worn = member.outfit
    return {
        "code": member.code, "kind": member.kind, "name": member.name, "view": member.view, "outfit": worn.code if worn else "",
        "outfit_name": worn.name if worn else "", "wears": worn.description if worn else "", "colours": list(worn.colours) if worn else [],
        "where": member.where, "doing": member.doing, "holding": list(member.holding),
    }  # fmt: skip


def frozen_plan(plan: Plan) -> dict[str, Any]:
    """{limit, slots: [{n, role, subject, name, view, reference, image_key, sha256, why}, a pinned one says so], out: [{…, why}], warnings: [{…}]}."""

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
        "slots": [{"n": slot.n, **line(slot), **({"pinned": True} if slot.pinned else {})} for slot in plan.slots],
        "out": [line(one) for one in plan.out],
        "warnings": [asdict(warning) for warning in plan.warnings],
    }
