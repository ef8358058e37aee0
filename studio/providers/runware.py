"""Runware over REST: an array of tasks in, `data` and `errors` out, matched by task UUID, never by position.

The task's UUID is our attempt's id. The same UUID again is not billed again: `conflictTaskUUID` means that it was accepted, and
the result is asked for by getResponse. Pictures come as links and are fetched at once.
"""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from studio.providers import catalog
from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, ProviderError, Ticket
from studio.providers.http import Answer, Door

BASE = "https://api.runware.ai/v1"
INLINE = 4 * 1024 * 1024  # bytes of one reference that still goes as a data URI where uploading failed
KINDS = (
    # kind, retried by itself, words that its raw codes hold, as the vendor's own clients sort them
    ("refused", ("contentpolicy", "sensitivecontent", "unsafecontent", "nsfw", "promptblocked", "imageblocked", "moderation")),
    ("balance", ("insufficientcredits", "quotaexceeded", "paymentrequired")),
    ("rate", ("ratelimit",)),
    ("key", ("apikey", "unauthorized", "forbidden", "permission", "authenticationfailed", "authfailed", "tokenexpired", "suspended", "disabled")),
    ("slow", ("timeout",)),
    ("busy", ("noavailableserver", "modelunavailable", "modelnotready", "serviceunavailable", "serverunavailable", "providerunavailable")),
    ("broken", ("providererror", "providerbadgateway", "providerinternal", "inferenceerror", "processingfailed", "taskfailed", "internalservererror", "unknownerror", "invalidprovidercontent")),
)  # fmt: skip
SAID = {
    "refused": ("The engine declined this one.", "Change the action or the references."),
    "balance": ("The account’s balance is used up.", "Top it up, then try again."),
    "rate": ("Waiting for the engine.", "It starts by itself."),
    "key": ("The engine did not accept our key.", "Drawing is paused; nothing is lost."),
    "slow": ("The engine took too long.", "Usually passes on a second try."),
    "busy": ("The engine is busy.", "Usually passes on a second try."),
    "broken": ("The engine broke while drawing.", "Usually passes on a second try."),
    "invalid": ("The engine did not accept this request.", "The details say what it minds."),
}


class Runware:
    """One account."""

    name = "runware"
    replay_safe = True

    def __init__(self, door: Door, base: str = BASE) -> None:
        self._door, self._base = door, base
        self._uploaded: dict[
            str, str
        ] = {}  # sha256 → the service's UUID, while this process lives; a lost one is uploaded anew

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Hand the task in. `key` is a v4 UUID; sent a second time it finds the first."""
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        references = [await self._reference(r.sha256, r.data, r.mime) for r in request.references]
        answer = await self._post([task(request, model, key, references)])
        error = _error_for(answer, key)
        if error and str(error.get("code", "")).lower() == "conflicttaskuuid":
            return Ticket({"task": key})
        if error or answer.status != 200:
            raise failure(answer, error)
        return Ticket({"task": key}, None)

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        """Ask for the result; None while it is drawn."""
        key = ticket.data["task"]
        answer = await self._post([{"taskType": "getResponse", "taskUUID": key}], deadline=40)
        error = _error_for(answer, key)
        if error or answer.status != 200:
            raise failure(answer, error)
        done = [
            item
            for item in _items(answer, key)
            if item.get("imageURL") or item.get("imageBase64Data") or item.get("imageDataURI")
        ]
        if not done:
            return None
        cost = [Decimal(str(item["cost"])) for item in done if item.get("cost") is not None]
        pictures = [await self._picture(item) for item in done]
        return ImageResult(
            tuple(pictures), cost=sum(cost, Decimal(0)) if cost else None, request_id=str(done[0].get("imageUUID", ""))
        )

    async def price(self, request: ImageRequest, key: str) -> Decimal | None:
        """The exact price, by the dry-run header: validated and priced, neither drawn nor charged. None where it says none."""
        model = catalog.get(self.name, request.model)
        answer = await self._post([task(request, model, key, [])], headers={"x-runware-dry-run": "1"}, deadline=20)
        costs = [item.get("cost") for item in _items(answer, key) if item.get("cost") is not None]
        return Decimal(str(costs[0])) if costs else None

    async def probe(self) -> str:
        """A ping with the key: free."""
        answer = await self._post([{"taskType": "ping", "ping": True}], deadline=20)
        error = _error_for(answer, "")
        if error or answer.status != 200:
            raise failure(answer, error)
        return "The engine accepts this key. Checking was free."

    async def aclose(self) -> None:
        await self._door.aclose()

    async def _post(
        self, tasks: list[dict[str, Any]], *, headers: dict[str, str] | None = None, deadline: float = 90
    ) -> Answer:
        return await self._door.call("POST", self._base, body=tasks, headers=headers, deadline=deadline)

    async def _reference(self, sha256: str, data: bytes, mime: str) -> str:
        """A reference's UUID at the service, uploaded once; a data URI where uploading did not work."""
        if sha256 in self._uploaded:
            return self._uploaded[sha256]
        import uuid

        inline = f"data:{mime};base64,{base64.b64encode(data).decode()}"
        key = str(uuid.uuid4())
        try:
            answer = await self._post(
                [{"taskType": "mediaStorage", "taskUUID": key, "operation": "upload", "media": inline}]
            )
        except ProviderError:
            answer = None
        for item in _items(answer, key) if answer else []:
            found = item.get("mediaUUID") or item.get("imageUUID")
            if found:
                self._uploaded[sha256] = str(found)
                return str(found)
        if len(data) > INLINE:
            raise ProviderError(
                "A reference could not be handed to the engine.",
                kind="busy",
                remedy="Usually passes on a second try.",
                charged=False,
            )
        return inline

    async def _picture(self, item: dict[str, Any]) -> Picture:
        seed = item.get("seed")
        if item.get("imageURL"):
            data, mime = await self._door.download(item["imageURL"])
            return Picture(data, mime, seed)
        raw = str(item.get("imageBase64Data") or item.get("imageDataURI") or "").rpartition(",")[2]
        return Picture(base64.b64decode(raw), "image/jpeg", seed)


def task(request: ImageRequest, model: catalog.Model, key: str, references: list[str]) -> dict[str, Any]:
    """One imageInference task: width and height from the vendor's own table, references by UUID or inline."""
    width, height = catalog.pixels(model, request.aspect, request.size)
    made: dict[str, Any] = {
        "taskType": "imageInference",
        "taskUUID": key,
        "model": request.model,
        "positivePrompt": request.prompt,
        "width": width,
        "height": height,
        "numberResults": 1,
        "outputType": "URL",
        "outputFormat": "JPG",
        "outputQuality": 95,
        "includeCost": True,
        "deliveryMethod": "async",
    }
    if references:
        made["inputs"] = {"referenceImages": references}
    if request.seed is not None:
        made["seed"] = request.seed % 2**31
    options = request.options
    settings = {
        name: options[ours]
        for name, ours in (
            ("systemPrompt", "system"),
            ("temperature", "temperature"),
            ("topP", "top_p"),
            ("thinking", "thinking"),
        )
        if options.get(ours) is not None
    }
    if settings.get("thinking") and settings["thinking"] not in model.thinking:
        del settings["thinking"]
    if settings:
        made["settings"] = settings
    google = {
        name: options[ours]
        for name, ours in (
            ("safetyTolerance", "safety_tolerance"),
            ("webSearch", "web_search"),
            ("imageSearch", "image_search"),
        )
        if options.get(ours)
    }
    if google:
        made["providerSettings"] = {"google": google}
    if options.get("check_content"):
        made["safety"] = {"checkContent": True}
    for name, ours in (("ttl", "ttl"), ("webhookURL", "callback")):
        if options.get(ours):
            made[name] = options[ours]
    return made


def _items(answer: Answer, key: str) -> list[dict[str, Any]]:
    """This task's items; `data` may be an array or, at older tasks, one object."""
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    rows = data if isinstance(data, list) else [data] if isinstance(data, dict) else []
    return [
        row
        for row in rows
        if isinstance(row, dict) and (not key or row.get("taskUUID") in (key, None)) and row.get("status") != "error"
    ]


def _error_for(answer: Answer, key: str) -> dict[str, Any] | None:
    """This task's error in any of the shapes the service has used, or None."""
    if not isinstance(answer.data, dict):
        return {} if answer.status != 200 else None
    errors = [e for e in answer.data.get("errors") or [] if isinstance(e, dict)]
    found = next((e for e in errors if not key or e.get("taskUUID") in (key, None)), None)
    if found is None:
        rows = answer.data.get("data")
        inside = (
            next(
                (
                    r
                    for r in rows or []
                    if isinstance(r, dict) and r.get("status") == "error" and r.get("taskUUID") == key
                ),
                None,
            )
            if isinstance(rows, list)
            else None
        )
        found = (inside.get("error") or inside) if inside else None
    nested = answer.data.get("error")
    if found is None and isinstance(nested, dict):
        found = nested
    if found is None and nested is True:
        found = {
            "code": "invalidApiKey" if "key" in str(answer.data.get("errorMessage", "")).lower() else "unknownError",
            "message": answer.data.get("errorMessage"),
        }
    return found


def failure(answer: Answer, error: dict[str, Any] | None) -> ProviderError:
    """An error's kind from its code, else from the status."""
    error = error or {}
    code, said = str(error.get("code", "")), str(error.get("message") or answer.text[:300])
    details = " ".join(filter(None, [str(answer.status), code, said, str(error.get("parameter") or "")]))
    kind = next((name for name, words in KINDS if any(word in code.lower() for word in words)), "")
    if not kind:
        by_status = {401: "key", 402: "balance", 403: "key", 429: "rate", 503: "busy", 504: "busy"}
        kind = by_status.get(
            answer.status,
            "unknown_outcome"
            if answer.status >= 500
            else "invalid"
            if code or answer.status >= 400
            else "unknown_outcome",
        )
    if answer.status == 200 and answer.data is None:
        kind = "unknown_outcome"
    if kind == "unknown_outcome":
        return ProviderError(
            "The engine’s answer could not be read.", kind=kind, remedy="It is asked again by its key.", details=details
        )
    words, remedy = SAID[kind]
    passing = kind in {"rate", "busy", "slow", "broken"}
    charged = False if kind in {"rate", "busy", "key", "balance", "invalid"} else None
    return ProviderError(
        words,
        kind=kind,
        remedy=remedy,
        permanent=not passing,
        charged=charged,
        retry_after=answer.wait() if passing else None,
        details=details,
    )
