"""Runware's errors: six shapes on the wire, some hundred codes, a dozen kinds of ours.

The vendor says that codes are being standardised and differ by model, so exact codes come first, then families, then the status.
"""

from __future__ import annotations

from typing import Any

from studio.providers.answer import Answer
from studio.providers.base import ProviderError
from studio.providers.failures import by_key, failed

EXACT = {
    "key": "unauthorized forbidden permissionDenied insufficientPermissions authenticationFailed authFailed authTimeout "
    "invalidAuthentication invalidCredentials missingAuthentication tokenExpired tokenInvalid tokenMissing tokenRevoked "
    "accountSuspended accountDisabled organizationSuspended organizationDisabled workspaceSuspended workspaceDisabled",
    "balance": "paymentRequired environmentPaused",
    "rate": "rateLimitExceeded inferenceRateLimitExceeded providerRateLimitExceeded inferenceRateLimitRequestTooLarge",
    "refused": "contentPolicyViolation providerContentPolicyViolation sensitiveContentDetected unsafeContentDetected "
    "nsfwContentDetected promptBlocked imageBlocked moderationFailed invalidProviderContent",
    "busy": "noAvailableServer modelUnavailable modelNotReady providerUnavailable serviceUnavailable serverUnavailable",
    "broken": "providerError providerBadGateway providerInternalError providerUnknownError providerAuthenticationFailed "
    "inferenceError processingFailed taskFailed downloadFailed uploadFailed modelDisabled internalServerError standardError "
    "unknownError undefinedError defaultError unrecognizedResponse mediaStorageFileCouldNotBeMoved",
    "invalid": "modelNotFound providerNotFound unknownModel mediaNotFound mediaExpired",
    "lost": "taskNotFound taskExpired taskCancelled taskFailedOrNotFound",
}  # fmt: skip
BY_CODE = {code.lower(): kind for kind, codes in EXACT.items() for code in codes.split()}
FAMILIES = (
    ("slow", ("timeout",)),  # wherever it stands: the documented timeoutProvider ends otherwise than its kin
    ("refused", ("contentpolicy", "nsfw", "moderation")),
    ("rate", ("ratelimit",)),
    ("balance", ("credits", "quota", "balance")),
    ("key", ("apikey",)),
    ("invalid", ("notfound", "expired")),
)
BEGINNINGS = (
    ("broken", ("provider",)),
    ("invalid", tuple("invalid missing conflict duplicate unsupported value array max unknownparameter incompatible mismatch validation".split())),
)  # fmt: skip
BY_STATUS = {400: "invalid", 401: "key", 402: "balance", 403: "key", 404: "invalid", 429: "rate", 503: "busy"}
# Refused at the door, where the service said so in its own words.
UNPAID = {"rate", "busy", "key", "balance", "invalid"}


def rows(answer: Answer, key: str = "") -> list[dict[str, Any]]:
    """This task's items that are no errors; `data` may be an array or, at older tasks, one object."""
    return [row for row in _of(_listed(answer, "data"), key) if row.get("status") != "error"]


def errors(answer: Answer, key: str = "") -> list[dict[str, Any]]:
    """This task's errors in any of the shapes the service has used."""
    if not isinstance(answer.data, dict):
        return []
    data = _of(_listed(answer, "data"), key)
    found = _of(_listed(answer, "errors"), key, alone=not data)
    for row in data:
        if row.get("status") == "error":
            inner = row.get("error")
            found.append(inner if isinstance(inner, dict) else row)
    nested = answer.data.get("error")
    if isinstance(nested, dict):
        found.append(nested)
    elif nested is True:
        said = str(answer.data.get("errorMessage", ""))
        found.append({"code": "invalidApiKey" if "api key" in said.lower() else "unknownError", "message": said})
    return found


def code_of(error: dict[str, Any]) -> str:
    return str(error.get("code") or "").lower()


def is_conflict(error: dict[str, Any]) -> bool:
    """Whether it says that the task's UUID was taken in before, under this name or one like it."""
    return "taskuuid" in code_of(error) and any(word in code_of(error) for word in ("conflict", "duplicate"))


def failure(answer: Answer, error: dict[str, Any] | None, *, accepted: bool = False) -> ProviderError:
    """The error of an answer, from its code, else from its status.

    `accepted` tells that the task had been taken in before: then nothing is known of the money, whatever it failed of, and it
    does not come back to life however often it is asked for.
    """
    error = error or {}
    code, said = code_of(error), str(error.get("message") or answer.text[:300])
    parameter = error.get("parameter") or ""
    named = ", ".join(map(str, parameter)) if isinstance(parameter, list) else str(parameter)
    details = " · ".join(filter(None, [f"HTTP {answer.status}", str(error.get("code") or ""), said[:600], named]))
    kind = _kind(answer, code)
    if kind == "unknown_outcome":
        return by_key(details)
    charged = False if kind in UNPAID and not accepted else None
    over = accepted and (error.get("status") == "error" or kind not in {"rate", "key", "balance"})  # the task's own end
    return failed(kind, charged=charged, permanent=True if over else None, retry_after=answer.wait(), details=details)


def _kind(answer: Answer, code: str) -> str:
    found = BY_CODE.get(code) or next((kind for kind, words in FAMILIES if any(word in code for word in words)), "")
    if found == "lost":
        return "unknown_outcome"
    found = found or next((kind for kind, words in BEGINNINGS if code.startswith(words)), "")
    if found or isinstance(answer.data, dict):
        return found or BY_STATUS.get(answer.status, "unknown_outcome")
    # not the service's own voice: something on the way answered, and may have done so after passing the request on
    return BY_STATUS[answer.status] if answer.status in {401, 402, 403, 404, 429} else "unknown_outcome"


def _listed(answer: Answer, name: str) -> list[dict[str, Any]]:
    found = answer.data.get(name) if isinstance(answer.data, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [row for row in listed if isinstance(row, dict)]


def _of(listed: list[dict[str, Any]], key: str, *, alone: bool = True) -> list[dict[str, Any]]:
    """A task's rows: those that carry its key; where there are none, those that carry no key, as of the call itself."""
    mine = [row for row in listed if not key or row.get("taskUUID") == key]
    return mine or ([row for row in listed if row.get("taskUUID") is None] if alone else [])
