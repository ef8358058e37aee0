"""A brief as plain JSON for a layout artist: the keys are in docs/layout.md."""

from __future__ import annotations

from typing import Any

from studio.prompting.types import Brief, Member, Setting


def of(brief: Brief) -> dict[str, Any]:
    """The layout of one panel. Nothing in it is a secret or an id: codes, words, colours."""
    return {
        "panel": brief.label,
        "shot_size": brief.shot_size,
        "angle": brief.angle,
        "framing": brief.framing,
        "lens": brief.lens,
        "movement": brief.movement,
        "action": brief.action[:600],
        "int_ext": brief.int_ext,
        "place": brief.place,
        "time_of_day": brief.time_of_day,
        "light": brief.light,
        "weather": brief.light,
        "location": _setting(brief.location),
        "style": _setting(brief.style),
        "cast": [_member(member) for member in brief.cast],
    }


def _setting(setting: Setting | None) -> dict[str, Any] | None:
    return {"key": setting.key, "name": setting.name, "palette": list(setting.colours)} if setting else None


def _member(member: Member) -> dict[str, Any]:
    return {
        "key": member.key,
        "kind": member.kind,
        "species": member.species,
        "name": member.name,
        "position": member.where,
        "doing": member.doing,
        "holding": list(member.holding),
        "view": member.view,
        "outfit": member.outfit.name if member.outfit else "",
        "outfit_colours": list(member.outfit.colours) if member.outfit else [],
        "markers": [{"category": m.category, "phrase": m.phrase, "colour": m.colour} for m in member.markers],
    }
