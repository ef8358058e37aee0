"""From a brief and a plan to the words that are sent, each piece with what produced it."""

from __future__ import annotations

from studio.prompting import hand, shown, versions
from studio.prompting.types import Brief, LeftOut, MarkerLine, Plan, Prompt, Span

BY_HAND = "left out by hand"
STRATEGIES = {"reference_first": "Pictures carry who", "bible_first": "Words carry who"}


def strategy_for(brief: Brief, plan: Plan) -> str:
    """Reference first where the engine is shown at least one cast member, bible first where it sees nobody."""
    seen = any(slot.role in {"identity", "product"} for slot in plan.slots)
    return "reference_first" if seen or not brief.cast else "bible_first"


def compile(brief: Brief, plan: Plan, *, version: str = "", strategy: str = "") -> Prompt:
    """The prompt by a template version (the brief's by default), with what was changed by hand. Raises KeyError for a version that never was."""
    template = versions.BY_NAME[version or brief.template_version]
    strategy = strategy or brief.hand.strategy or strategy_for(brief, plan)
    visible: dict[str, tuple[MarkerLine, ...]] = {}
    left_out: list[LeftOut] = []
    for member in brief.cast:
        kept = []
        for line in member.markers:
            why = "" if line.key in brief.hand.sent_anyway else shown.hidden(line, member, shot_size=brief.shot_size)
            if line.key in brief.hand.left_out:
                why = BY_HAND
            if why:
                left_out.append(LeftOut(line.key, member.name, line.phrase, why))
            else:
                kept.append(line)
        visible[member.key] = tuple(kept)
    rows = tuple(
        (label, tuple(Span(*span) for span in spans))
        for label, spans in template.compile(brief, plan.slots, visible, strategy)
    )
    plain = tuple((label, hand.text_of(spans).strip()) for label, spans in rows)
    rows, conflicts = hand.apply(rows, brief.hand.edits)
    text = "".join(hand.text_of(spans) for _, spans in rows).strip()
    return Prompt(template.VERSION, strategy, rows, tuple(left_out), text, conflicts, plain)
