"""hiapi's asynchronous tasks: create, poll, fetch. One task is one picture.

The same Idempotency-Key with the same body gives the same task for about a day, so a create whose answer was lost is sent again
with the same key, byte for byte. References go as links only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from studio.providers import catalog, places
from studio.providers.answer import Answer
from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, ProviderError, SentReference, Ticket
from studio.providers.failures import after_drawing, by_key, failed, while_waiting
from studio.providers.http import Door

DONE = {"success", "succeeded"}
LOST = {"fail", "failed", "timeout"}
REFUSED = ("safety", "policy", "moderation", "prohibited", "sensitive", "nsfw", "blocked")
CODES = {
    "TASK_TIMEOUT": "slow", "TASK_FAILED": "failed", "MODEL_UNAVAILABLE": "busy", "STORAGE_UNAVAILABLE": "broken",
    "IDEMPOTENCY_KEY_PROCESSING": "rate", "IDEMPOTENCY_KEY_MISMATCH": "invalid", "RATE_LIMIT_EXCEEDED": "rate",
}  # fmt: skip
BY_STATUS = {400: "invalid", 401: "key", 402: "balance", 403: "key", 404: "invalid", 429: "rate", 503: "busy"}
UNPAID = {"rate", "busy", "key", "balance", "invalid"}

Link = Callable[[SentReference, str], str]


class HiApi:
    """One account. `link(reference, key)` is a short-lived public address of a reference; without it none can be sent.

    It has to give the same address for the same key however often it is asked, also after a restart: another address
    makes another body, and the service refuses its key.
    """

    name = "hiapi"
    replay_safe = True
    pauses = (3.0, 6.0)  # seconds between questions: they count against the 60 calls a minute

    def __init__(
        self, door: Door, base: str = places.HIAPI, link: Link | None = None, *, deadline: float = 60.0
    ) -> None:
        self._door, self._tasks, self._link, self._deadline = door, f"{base.rstrip('/')}/v1/tasks", link, deadline

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Create the task. A second call with the same key and request finds the first one's task."""
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        made = body(request, model, self._link, key)
        try:
            answer = await self._door.call(
                "POST", self._tasks, body=made, headers={"idempotency-key": key}, deadline=self._deadline
            )
        except ProviderError as error:
            if error.kind == "unknown_outcome":
                raise by_key(error.details) from error
            raise
        data = _data(answer)
        named = data.get("taskId") or data.get("id")
        if not isinstance(named, str):
            raise by_key(answer.text[:300])
        return Ticket({"task": named})

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        """The picture once it is there, None before. Raises ProviderError where the task failed, or could not be asked for."""
        task = await self._state(ticket.data["task"])
        state = str(task.get("status", "")).lower()
        if state in LOST:
            raise _lost(task, state)
        if state not in DONE:
            return None  # an unknown word is not an end
        url = _first_picture(task.get("output"))
        if not url:
            raise failed(
                "empty", charged=None, message="The engine finished without a picture.", details=str(task)[:300]
            )
        try:
            data, mime = await self._door.download(url)
        except ProviderError as error:
            raise after_drawing(error) from error
        return ImageResult((Picture(data, mime),), request_id=ticket.data["task"])

    async def probe(self) -> str:
        """Listing one's own tasks is free."""
        answer = await self._door.call("GET", f"{self._tasks}?page=1&size=1", deadline=self._deadline)
        _data(answer)
        return "The engine accepts this key. Checking was free."

    async def aclose(self) -> None:
        await self._door.aclose()

    async def _state(self, named: str) -> dict[str, Any]:
        try:
            answer = await self._door.call("GET", f"{self._tasks}/{quote(named, safe='')}", deadline=self._deadline)
            return _data(answer)
        except ProviderError as error:
            if error.kind == "invalid":  # 404: unknown, or not ours. It was accepted, so where it went is not known
                raise failed("unknown_outcome", charged=None, details=error.details) from error
            raise while_waiting(error) from error


def body(request: ImageRequest, model: catalog.Model, link: Link | None, key: str) -> dict[str, Any]:
    """The JSON of one create. `resolution` never goes to the flat model: it answers 400."""
    made: dict[str, Any] = {"prompt": request.prompt, "aspect_ratio": request.aspect}
    if request.references:
        if link is None:
            raise failed(
                "invalid", charged=False, message="This engine fetches references by link, and the studio has no public address.",
                remedy="Set STUDIO_PUBLIC_URL, or choose another engine.",
            )  # fmt: skip
        made["image_input"] = [link(reference, key) for reference in request.references]
    if not model.flat:
        made["resolution"] = request.size
    made["output_format"] = "png" if model.flat else "jpg"
    callback = request.options.get("callback")
    return {
        "model": request.model,
        "input": made,
        **({"callback": {"url": callback, "when": "final"}} if callback else {}),
    }


def _data(answer: Answer) -> dict[str, Any]:
    """The data of an envelope, or of a body without one. Raises ProviderError for everything else."""
    told = answer.data
    if 200 <= answer.status < 300 and isinstance(told, dict):
        bare = isinstance(told.get("status"), str) and bool(told.get("id") or told.get("taskId"))
        if bare:
            return told
        data = told.get("data", told)
        if _code(told) in (None, 200) and not told.get("error") and isinstance(data, dict):
            return data
    raise failure(answer)


def failure(answer: Answer) -> ProviderError:
    """Both error shapes: {code, message, error_code} and {error: {code, type, request_id}}."""
    told = answer.data if isinstance(answer.data, dict) else {}
    inner = told.get("error")
    nested: dict[str, Any] = inner if isinstance(inner, dict) else {"message": inner} if isinstance(inner, str) else {}
    code = str(told.get("error_code") or nested.get("code") or "").upper()
    said = str(told.get("message") or nested.get("message") or answer.text[:300])
    status = answer.status if answer.status >= 300 else _code(told) or 0
    named = str(nested.get("request_id") or told.get("request_id") or "")
    details = " · ".join(filter(None, [f"HTTP {answer.status}", code, said[:600], named]))
    kind = CODES.get(code, "")
    if not kind and any(word in (f"{code} {said}" if status == 400 else code).lower() for word in REFUSED):
        kind = "refused"  # a 403 that says "blocked" may mean the account
    if not kind and ("BALANCE" in code or "INSUFFICIENT" in code):
        kind = "balance"
    kind = kind or BY_STATUS.get(status, "unknown_outcome")
    if kind == "busy" and not told:
        kind = "unknown_outcome"  # something on the way answered, and may have done so after passing the request on
    if kind == "unknown_outcome":
        return by_key(details)
    if code == "IDEMPOTENCY_KEY_PROCESSING":
        return failed(
            kind, charged=None, message="The engine is still taking this request in.", retry_after=answer.wait() or 3.0, details=details
        )  # fmt: skip
    if code == "IDEMPOTENCY_KEY_MISMATCH" or (status == 422 and code not in CODES):
        return failed(
            "invalid", charged=None, message="This attempt was sent before with other words.",
            remedy="Look at the engine’s own history, then ask again as a new attempt.", details=details,
        )  # fmt: skip
    charged = False if kind in UNPAID or kind == "refused" else None
    wait = answer.wait() if answer.wait() is not None or kind != "rate" else 10.0
    return failed(kind, charged=charged, retry_after=wait, details=details)


def _lost(task: dict[str, Any], state: str) -> ProviderError:
    """A task that ended badly. Whether such tasks are billed is nowhere said, so nothing is said here."""
    inner = task.get("error")
    error: dict[str, Any] = inner if isinstance(inner, dict) else {"message": str(inner or "")}
    code, said = str(error.get("code") or ""), str(error.get("message") or "")
    details = f"{code} {said}".strip()[:600]
    if any(word in details.lower() for word in REFUSED):
        return failed("refused", charged=None, remedy=f"It says: {said[:120]}" if said else "", details=details)
    if "TIMEOUT" in code.upper() or state == "timeout":
        return failed("slow", charged=None, permanent=True, remedy="Ask again.", details=details)
    return failed("failed", charged=None, details=details)


def _first_picture(output: Any) -> str:
    """The first picture's link of an output, as documented, or bare as some examples show."""
    for one in output if isinstance(output, list) else [output]:
        if isinstance(one, str):
            return one
        if (
            isinstance(one, dict)
            and str(one.get("type") or "image").startswith("image")
            and isinstance(one.get("url"), str)
        ):
            return str(one["url"])
    return ""


def _code(told: dict[str, Any]) -> int | None:
    """The number in an envelope; 0 where there is something else in its place."""
    code = told.get("code")
    if isinstance(code, str) and code.isdecimal() and len(code) < 4:
        return int(code)
    return None if code is None else code if isinstance(code, int) else 0
