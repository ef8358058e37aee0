"""hiapi's asynchronous tasks: create, poll, fetch. One task is one picture.

The same Idempotency-Key with the same body gives the same task for about a day, so a create whose answer was lost is sent again
with the same key, byte for byte. References go as links only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from studio.providers import catalog
from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, ProviderError, SentReference, Ticket
from studio.providers.http import Answer, Door

BASE = "https://api.hiapi.ai"
WORKING = {"queued", "handling", "archiving", "pending", "processing", "running"}
DONE = {"success", "succeeded"}
LOST = {"fail", "failed", "timeout"}
REFUSED = ("safety", "policy", "moderation", "prohibited", "sensitive", "nsfw", "blocked")
TOLERANCE = 300  # seconds between a callback's stamp and now

Link = Callable[[SentReference], str]


class HiApi:
    """One account. `link` makes a short-lived public address of a reference; without it only models that see none can be used."""

    name = "hiapi"
    replay_safe = True

    def __init__(self, door: Door, base: str = BASE, link: Link | None = None) -> None:
        self._door, self._tasks, self._link = door, f"{base.rstrip('/')}/v1/tasks", link

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Create the task. A second call with the same key and request finds the first one's task."""
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        made = body(request, model, self._link)
        answer = await self._door.call("POST", self._tasks, body=made, headers={"idempotency-key": key}, deadline=60)
        data = _data(answer)
        task = str(data.get("taskId") or data.get("id") or "")
        if not task:
            raise ProviderError(
                "The engine took the request and named no task.", kind="unknown_outcome", remedy="It is asked again by its key.", details=answer.text
            )  # fmt: skip
        return Ticket({"task": task, "price": str(model.price(request.size))})

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        """The picture once it is there, None before. Raises ProviderError where the task failed."""
        answer = await self._door.call("GET", f"{self._tasks}/{ticket.data['task']}", deadline=40)
        task = _data(answer)
        state = str(task.get("status", "")).lower()
        if state in LOST:
            raise _lost(task)
        if state not in DONE:
            return None  # an unknown word is not an end
        output = task.get("output") or []
        url = str(output[0].get("url", "")) if output and isinstance(output[0], dict) else ""
        if not url:
            raise ProviderError(
                "The engine finished without a picture.",
                kind="empty",
                permanent=True,
                charged=None,
                details=answer.text,
            )
        try:
            data, mime = await self._door.download(url)
        except ProviderError as error:
            if error.kind == "expired":
                raise ProviderError(
                    "The picture’s address had expired before it could be fetched.", kind="expired",
                    remedy="It was charged. Ask again, or fetch it from the service’s own page.", permanent=True, charged=True, details=error.details,
                ) from error  # fmt: skip
            raise
        return ImageResult((Picture(data, mime),), cost=Decimal(ticket.data["price"]), request_id=ticket.data["task"])

    async def probe(self) -> str:
        """Listing one's own tasks is free."""
        answer = await self._door.call("GET", f"{self._tasks}?page=1&size=1", deadline=20)
        _data(answer)
        return "The engine accepts this key. Checking was free."

    async def aclose(self) -> None:
        await self._door.aclose()


def body(request: ImageRequest, model: catalog.Model, link: Link | None) -> dict[str, Any]:
    """`resolution` never goes to the flat model: it answers 400."""
    made: dict[str, Any] = {"prompt": request.prompt, "aspect_ratio": request.aspect}
    if request.references:
        if link is None:
            raise ProviderError(
                "This engine fetches references by link, and the studio has no public address.",
                kind="invalid", remedy="Set STUDIO_PUBLIC_URL, or choose another engine.", permanent=True, charged=False,
            )  # fmt: skip
        made["image_input"] = [link(reference) for reference in request.references]
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
    if answer.status == 200 and isinstance(answer.data, dict):
        code = answer.data.get("code", 200)
        if code == 200 and not answer.data.get("error"):
            data = answer.data.get("data", answer.data)
            if isinstance(data, dict):
                return data
    raise failure(answer)


def failure(answer: Answer) -> ProviderError:
    """Both error shapes: {code, message, error_code} and {error: {code, type, request_id}}."""
    data = answer.data if isinstance(answer.data, dict) else {}
    nested = data.get("error") if isinstance(data.get("error"), dict) else {}
    code = str(data.get("error_code") or nested.get("code") or "")
    said = str(data.get("message") or nested.get("message") or answer.text[:300])
    status = answer.status if answer.status != 200 else int(data.get("code") or 500)
    details = f"{status} {code} {said} {nested.get('request_id', '')}".strip()
    if status == 401:
        return ProviderError(
            "The engine did not accept our key.",
            kind="key",
            remedy="Drawing is paused; nothing is lost.",
            permanent=True,
            charged=False,
            details=details,
        )
    if status == 402 or "BALANCE" in code.upper() or "INSUFFICIENT" in code.upper():
        return ProviderError(
            "The account’s balance is used up.",
            kind="balance",
            remedy="Top it up, then try again.",
            permanent=True,
            charged=False,
            details=details,
        )
    if status == 403:
        return ProviderError(
            "The engine does not let this key do that.",
            kind="key",
            remedy="Drawing is paused; nothing is lost.",
            permanent=True,
            charged=False,
            details=details,
        )
    if status == 409 and "PROCESSING" in code.upper():
        return ProviderError(
            "The engine is still taking this request in.",
            kind="rate",
            charged=False,
            retry_after=answer.wait() or 3.0,
            details=details,
        )
    if status == 422:
        return ProviderError(
            "This attempt was sent before with other words.",
            kind="invalid",
            remedy="Ask again as a new attempt.",
            permanent=True,
            charged=False,
            details=details,
        )
    if status == 429:
        return ProviderError(
            "Waiting for the engine.",
            kind="rate",
            remedy="It starts by itself.",
            charged=False,
            retry_after=answer.wait() or 10.0,
            details=details,
        )
    if status in {503} or code in {"MODEL_UNAVAILABLE", "STORAGE_UNAVAILABLE"}:
        return ProviderError(
            "The engine is busy.",
            kind="busy",
            remedy="Usually passes on a second try.",
            charged=False,
            retry_after=answer.wait(),
            details=details,
        )
    if status >= 500:
        return ProviderError(
            "The engine took too long.", kind="unknown_outcome", remedy="It is asked again by its key.", details=details
        )
    if any(word in f"{code} {said}".lower() for word in REFUSED):
        return ProviderError(
            "The engine declined this one.",
            kind="refused",
            remedy="Change the action or the references.",
            permanent=True,
            charged=False,
            details=details,
        )
    return ProviderError(
        "The engine did not accept this request.", kind="invalid", permanent=True, charged=False, details=details
    )


def _lost(task: dict[str, Any]) -> ProviderError:
    error = task.get("error") if isinstance(task.get("error"), dict) else {"message": str(task.get("error") or "")}
    code, said = str(error.get("code", "")), str(error.get("message", ""))
    details = f"{code} {said}".strip()
    if any(word in details.lower() for word in REFUSED):
        return ProviderError(
            "The engine declined this one.",
            kind="refused",
            remedy=f"It says: {said[:120]}",
            permanent=True,
            details=details,
        )
    if "TIMEOUT" in code.upper():
        return ProviderError(
            "The engine took too long.",
            kind="slow",
            remedy="Usually passes on a second try.",
            permanent=True,
            details=details,
        )
    return ProviderError(
        "The engine could not draw this one.",
        kind="failed",
        remedy="Try again, or change the words.",
        permanent=True,
        details=details,
    )


def signed(secret: str, stamp: str, signature: str, raw: bytes, now: float) -> bool:
    """Whether a callback is the service's: HMAC-SHA256 over stamp, dot and raw body, at most five minutes old. Never raises."""
    try:
        fresh = abs(now - int(stamp)) <= TOLERANCE
    except ValueError:
        return False
    wanted = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return fresh and hmac.compare_digest(wanted.encode(), signature.strip().lower().encode("utf-8", "replace"))
