"""How engines fail, in words for the person who asked: one table, so that the same failure reads the same at every engine."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from studio.providers.base import ProviderError


@dataclass(frozen=True, slots=True)
class Words:
    message: str
    remedy: str
    passing: bool = False  # may pass by itself


KINDS = {
    # before acceptance, or of the account
    "unreachable": Words("The engine cannot be reached.", "Usually passes on a second try.", True),
    "rate": Words("Waiting for the engine.", "It starts by itself.", True),
    "busy": Words("The engine is busy.", "Usually passes on a second try.", True),
    "quota": Words("The engine’s quota for today is used up.", "It opens again tomorrow, or use another account."),
    "key": Words("The engine did not accept our key.", "Drawing is paused; nothing is lost."),
    "balance": Words("The account’s balance is used up.", "Top it up, then try again."),
    "invalid": Words("The engine did not accept this request.", "The details say what it minds."),
    # of the drawing
    "slow": Words("The engine took too long.", "Usually passes on a second try.", True),
    "broken": Words("The engine broke while drawing.", "Usually passes on a second try.", True),
    "failed": Words("The engine could not draw this one.", "Try again, or change the words."),
    "refused": Words("The engine declined this one.", "Change the action or the references."),
    "empty": Words("The engine answered without a picture.", "Try again, or change the words."),
    # of the picture, once it is drawn and paid for
    "download": Words("The picture did not arrive whole.", "It is fetched again.", True),
    "no_picture": Words(
        "The engine says that it is drawn, and shows no picture.", "Ask for it again, or look at the bill."
    ),
    "expired": Words("The picture’s address has expired.", "It was charged. Look for it at the service, or ask again."),
    "wrong_bytes": Words("What arrived is not a picture.", "It was charged. Look for it at the service, or ask again."),
    "too_large": Words("The picture is larger than 50 MB.", "Ask for a smaller size."),
    "refused_address": Words(
        "The picture lies where this account does not fetch from.", "Look at the account’s result hosts."
    ),
    # nobody knows
    "unknown_outcome": Words("Whether it was drawn cannot be known from here.", "It may have been charged."),
}


FETCH = "It was charged. Fetching it again is free, drawing it again is not."  # where the service can be asked for it


def failed(
    kind: str,
    *,
    charged: bool | None,
    message: str = "",
    remedy: str = "",
    permanent: bool | None = None,
    retry_after: float | None = None,
    details: str = "",
    cost: Decimal | None = None,
) -> ProviderError:
    """The error of a kind, in its usual words unless others are given. `retry_after` counts only where it may pass."""
    words = KINDS[kind]
    lasting = not words.passing if permanent is None else permanent
    return ProviderError(
        message or words.message,
        kind=kind,
        remedy=remedy or words.remedy,
        permanent=lasting,
        charged=charged,
        retry_after=None if lasting else retry_after,
        details=details,
        cost=cost,
    )


def by_key(details: str) -> ProviderError:
    """The outcome of a call is not known, and asking again with the same key is safe: it finds the first, or is the first."""
    return failed(
        "unknown_outcome", charged=None, permanent=False, remedy="It is asked again by its key.", details=details
    )


def while_waiting(error: ProviderError) -> ProviderError:
    """The failure of a question about an accepted request: the request itself lives on, so nothing is known of the money.

    A line that broke or an engine that was busy is asked again; nothing is sent a second time by asking.
    """
    kind = "slow" if error.kind in {"unreachable", "unknown_outcome", "busy", "broken"} else error.kind
    words = "The engine did not answer when asked for the picture." if kind == "slow" else error.message
    return failed(
        kind,
        charged=None,
        message=words,
        remedy="It is asked again." if KINDS[kind].passing else error.remedy,
        retry_after=error.retry_after,
        details=error.details,
    )


def after_drawing(error: ProviderError, cost: Decimal | None = None) -> ProviderError:
    """The failure of fetching a picture that is drawn: it was charged (`cost`: the service's figure), whatever happens to the bytes."""
    return failed(
        error.kind,
        charged=True,
        message=error.message,
        remedy=FETCH if error.kind in {"expired", "wrong_bytes"} else error.remedy,
        permanent=error.permanent,
        retry_after=error.retry_after,
        details=error.details,
        cost=cost,
    )
