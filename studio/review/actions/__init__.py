"""What people do with rounds. Every verb is keyword-only and refuses in plain words (`errors.Refused`)."""

from studio.review.actions.decisions import decide
from studio.review.actions.links import downloaded, make_link, name_guest, new_address, opened, revoke_link
from studio.review.actions.pleas import ask_again
from studio.review.actions.rounds import close_round, seen, send_round, withdraw_round
from studio.review.actions.rules import set_rules

__all__ = [
    "ask_again",
    "close_round",
    "decide",
    "downloaded",
    "make_link",
    "name_guest",
    "new_address",
    "opened",
    "revoke_link",
    "seen",
    "send_round",
    "set_rules",
    "withdraw_round",
]
