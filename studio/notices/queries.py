"""What other pages say of letters."""

from __future__ import annotations

from django.conf import settings

from studio.notices.models import Letter

State = Letter.State
WORDS = {
    State.WAITING: "on its way",
    State.SENDING: "on its way",
    State.SENT: "sent",
    State.FAILED: "not sent, the mail server did not take it. A new address is sent again",
    State.UNKNOWN: "may have been sent, the studio stopped meanwhile. A new address is sent again",
    State.DROPPED: "not sent, nothing is wanted there or the link was closed before",
}


def letters_of(round_code: str) -> dict[str, str]:
    """What became of the letters to clients, by their link's code, in words; of several the newest. One query."""
    rows = Letter.objects.filter(about=round_code).order_by("pk").values_list("key", "state")
    if not settings.EMAIL_HOST:
        return {key.split(":")[1]: "not sent, no mail server is set" for key, _ in rows}
    return {key.split(":")[1]: WORDS[State(state)] for key, state in rows}
