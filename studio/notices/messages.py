"""What a webhook is sent: ids, names and a sentence. Never secrets, prompts, prices or what is for the team alone."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from studio.notices.facts import Facts
from studio.notices.kinds import HookKind
from studio.notices.models import Hook
from studio.review.models import Decision

SENTENCES = {
    "round_sent": "{who} sent {what} for review",
    "round_closed": "{who} closed the review of {what}",
    "round_withdrawn": "{who} withdrew {what}",
    "note_written": "{who} wrote on {what}",
    "note_resolved": "{who} resolved a note on {what}",
    "export.made": "A file of {what} is ready",
}


def sentence(found: Facts) -> str:
    """In one line, plain text."""
    if found.event.verb == "decided":
        words = (
            "{who} approved {what}"
            if found.get("verdict") == Decision.Verdict.APPROVE
            else "{who} asked for changes on {what}"
        )
    else:
        words = SENTENCES[found.event.verb]
    return words.replace("{who}", found.who, 1).replace("{what}", found.what, 1)


def body(found: Facts, kind: str, shape: str) -> str:
    """The JSON as it is signed and sent."""
    url = f"{settings.PUBLIC_URL}{found.path}" if found.path else ""
    if shape == Hook.Shape.SLACK:
        return _json({"text": slack(sentence(found), url, found.quote)})
    data: dict[str, Any] = {
        "text": sentence(found),
        "url": url,
        "by": {"name": found.who, "guest": not found.event.actor_id},
    }
    if found.event.team:
        data["team"] = {"code": found.event.team.code, "name": found.event.team.name}
    if found.project:
        data["project"] = {"code": found.project.code, "title": found.project.title}
    if found.round:
        data["round"] = {"code": found.round.code, "version": found.round.number, "state": found.round.state}
    if found.on:
        data["panel"] = {"code": found.get("panel") or found.event.code, "label": found.on.label}
    if found.note:
        data["note"] = {"code": found.note.code, "excerpt": found.quote}
    if kind == HookKind.DECIDED:
        data["decision"] = {"verdict": found.get("verdict"), "reason": found.get("reason") or ""}
    if kind == HookKind.EXPORT_MADE:
        data["export"] = {"code": found.event.code, "format": found.get("format")}
    return _json({"type": str(kind), "timestamp": found.event.at.isoformat(), "data": data})


def ping(hook: Hook, by: Any) -> str:
    """What a try brings."""
    text = f"{by} tries the webhook “{hook.name}” of {hook.team}"
    if hook.shape == Hook.Shape.SLACK:
        return _json({"text": slack(text, "", "")})
    return _json(
        {"type": str(HookKind.PING), "timestamp": hook.made.isoformat(), "data": {"text": text, "webhook": hook.code}}
    )


def slack(text: str, url: str, quote: str) -> str:
    """Slack's own marks: what people typed is escaped, so that it calls nobody and links nowhere."""
    words = f"<{url}|{_escaped(text).replace('|', '/')}>" if url else _escaped(text)
    return f"{words}\n>{_escaped(quote)}" if quote else words


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _json(what: dict[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))
