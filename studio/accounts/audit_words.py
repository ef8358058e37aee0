"""An entry of the audit log in words: what was done, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studio.accounts.models import AuditEntry

WORDS = {
    "user.signed_in": "Signed in",
    "user.refused": "Sign-in refused",
    "user.signed_out": "Signed out",
    "user.link_asked": "Asked for a one-time link",
    "user.sessions_ended": "Ended other sessions",
    "user.password": "Set a password",
    "user.email": "Changed their address",
    "user.passkey_added": "Added a passkey",
    "user.passkey_renamed": "Renamed a passkey",
    "user.passkey_removed": "Removed a passkey",
    "user.codes_on": "Turned on codes of an app",
    "user.codes_off": "Turned off codes of an app",
    "user.recovery_codes": "Made new recovery codes",
    "user.second_step_forgotten": "Second steps were forgotten by who runs the studio",
    "member.joined": "Joined the team",
    "member.role": "Changed a role",
    "member.removed": "Removed somebody from the team",
    "team.founded": "Founded the team",
    "team.renamed": "Renamed the team",
    "team.handed_over": "Handed over the ownership",
    "team.second_step": "Changed whether everyone needs a second factor",
    "team.fail_over": "Changed what stands in for an engine",
    "invitation.made": "Made an invitation",
    "invitation.sent_again": "Made an invitation's link anew",
    "invitation.withdrawn": "Withdrew an invitation",
    "round_sent": "Sent a round for review",
    "round_closed": "Closed a round",
    "round_withdrawn": "Withdrew a round",
    "link_new_address": "Gave a review link another address",
    "hook.added": "Added a webhook",
    "hook.changed": "Changed a webhook",
    "hook.secret": "Made a webhook's secret anew",
    "hook.on": "Switched a webhook on",
    "hook.off": "Switched a webhook off",
    "hook.stopped": "Webhook stopped by the studio",
    "hook.again": "Sent a webhook's message again",
    "hook.removed": "Removed a webhook",
    "link_made": "Made a review link",
    "link_opened": "Opened a review link",
    "link_downloaded": "Downloaded a picture by a review link",
    "link_revoked": "Closed a review link",
    "account.added": "Added an engine account",
    "account.changed": "Changed an engine account",
    "account.key": "Changed an engine's key",
    "account.callbacks": "Changed an engine's callbacks",
    "account.on": "Switched an engine on",
    "account.off": "Switched an engine off",
    "account.paused": "Engine paused",
    "account.removed": "Removed an engine account",
    "limit.team": "Changed the team's limit",
    "limit.project": "Changed a project's limit",
    "limit.account": "Changed an engine's limit",
    "batch.asked": "Asked for pictures",
    "batch.cancelled": "Stopped a batch",
    "attempt.charged": "A picture was paid for",
    "attempt.uncertain": "A picture may have been paid for",
    "attempt.passed": "Asked another engine account instead",
    "job.cancelled": "Stopped a picture",
    "job.hurried": "Put a picture first in line",
    "download.log": "Downloaded the audit log",
    "download.ledger": "Downloaded the ledger",
    "attempt.checked": "Asked an engine what became of a picture",
    "attempt.settled": "Settled an attempt",
    "export.asked": "Asked for a file",
    "export.made": "A file was made",
    "export.cancelled": "Stopped a file",
    "export.downloaded": "Downloaded a file",
    "sample.removed": "Removed the sample",
}
LEFT_OUT = {"at"}  # said in columns of their own


def said(verb: str) -> str:
    """What was done. A verb without words of its own is still read: "panel.deleted" is "Panel deleted"."""
    return WORDS.get(verb) or verb.replace(".", " ").replace("_", " ").capitalize()


def details(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """(name, value) of what belongs to an entry, for people."""
    for name, value in entry.data.items():
        if name not in LEFT_OUT and value not in (None, "", [], {}):
            yield name.replace("_", " "), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(part) for part in value)
    return str(value)
