"""What other pages say of letters."""

from __future__ import annotations

from django.conf import settings
from django.db.models import OuterRef, Subquery

from studio.notices.models import Letter, LetterEvent

State = Letter.State
WORDS = {
    State.WAITING: "on its way",
    State.SENDING: "on its way",
    State.SENT: "sent",
    State.UNKNOWN: "may have been sent, the studio stopped meanwhile. A new address is sent again",
    State.DROPPED: "not sent, nothing is wanted there or the link was closed before",
}


def letters_of(round_code: str) -> dict[str, str]:
    """What became of the letters to clients, by their link's code, in words; of several the newest. One query."""
    last = LetterEvent.objects.filter(letter=OuterRef("pk")).order_by("-pk").values("said")[:1]
    rows = Letter.objects.filter(about=round_code).order_by("pk").annotate(said=Subquery(last))
    found = rows.values_list("key", "state", "tries", "said")
    if not settings.EMAIL_HOST:
        return {key.split(":")[1]: "not sent, no mail server is set" for key, *_ in found}
    return {key.split(":")[1]: _words(state, tries, said) for key, state, tries, said in found}


def _words(state: str, tries: int, said: str) -> str:
    if state == State.WAITING and tries:
        return f"not sent yet. {said} It is tried again by itself"
    if state == State.FAILED:
        return f"not sent. {said} A new address is sent again"
    return WORDS[State(state)]
