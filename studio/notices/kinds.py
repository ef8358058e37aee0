"""What people and other programs can be told about, by verbs of accounts.Event. One table for pages, letters and webhooks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Kind(TextChoices):
    """What somebody can be told about, as the settings name it."""

    MENTION = "mention", "Someone mentions me"
    ROUND = "round", "A round is sent or closes"
    DECISION = "decision", "A decision on what I drew or sent"
    NOTE = "note", "A note on what I drew or sent"
    DUE = "due", "A round that waits for me is due"
    ENGINE = "engine", "An engine pauses"
    HOOK = "hook", "A webhook is switched off"


class Mail(TextChoices):
    NOW = "now", "At once"
    DAILY = "daily", "Once a day"
    OFF = "off", "Off"


DEFAULT_MAIL = {
    Kind.MENTION: Mail.NOW,
    Kind.ROUND: Mail.NOW,
    Kind.DECISION: Mail.NOW,
    Kind.NOTE: Mail.DAILY,
    Kind.DUE: Mail.NOW,
    Kind.ENGINE: Mail.NOW,
    Kind.HOOK: Mail.NOW,
}


class HookKind(TextChoices):
    """What a webhook can be sent: `type` of the body."""

    ROUND_SENT = "round.sent", "A round is sent"
    ROUND_CLOSED = "round.closed", "A round closes or is withdrawn"
    DECIDED = "decided", "Somebody decides"
    NOTE_WRITTEN = "note.written", "A note is written"
    NOTE_RESOLVED = "note.resolved", "A note is resolved"
    EXPORT_MADE = "export.made", "A file is made"
    PING = "ping", "A try"


ASKABLE = [kind for kind in HookKind if kind != HookKind.PING]


@dataclass(frozen=True, slots=True)
class Telling:
    """What follows from a verb: which kind of notice, and which kind of webhook ("" for none)."""

    notice: Kind | None
    hook: str = ""


TELLING = {
    "mentioned": Telling(Kind.MENTION),
    "round_sent": Telling(Kind.ROUND, HookKind.ROUND_SENT),
    "round_closed": Telling(Kind.ROUND, HookKind.ROUND_CLOSED),
    "round_withdrawn": Telling(Kind.ROUND, HookKind.ROUND_CLOSED),
    "reopen_asked": Telling(Kind.ROUND),
    "decided": Telling(Kind.DECISION, HookKind.DECIDED),
    "note_written": Telling(Kind.NOTE, HookKind.NOTE_WRITTEN),
    "note_resolved": Telling(None, HookKind.NOTE_RESOLVED),
    "account.paused": Telling(Kind.ENGINE),
    "hook.stopped": Telling(Kind.HOOK),
    "export.made": Telling(None, HookKind.EXPORT_MADE),
}
