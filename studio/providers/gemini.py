"""Gemini's generateContent, as Google, Wisdom Gate and other compatible gateways speak it.

It answers at once and knows no key: a call that broke after sending may have been charged, and nothing replays it by itself.
What is sent and what may come back: docs/providers.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from studio.providers import catalog
from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, ProviderError, Ticket
from studio.providers.http import Answer, Door

WISDOM_GATE = "https://wisdom-gate.juheapi.com"
GOOGLE = "https://generativelanguage.googleapis.com"
INLINE_BYTES = (
    18 * 1024 * 1024
)  # of all pictures together: Google's own pages say 20 MB and 100 MB, a gateway's limit is not known
DEADLINE = 300.0  # seconds; 4K under load takes minutes, and giving up early loses a paid picture
SIZES = {"0.5K": "512"}  # ours → theirs, where they differ

PROMPT_BLOCKED = {"SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"}
OUTPUT_BLOCKED = {
    "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
}  # fmt: skip
EMPTY = {"NO_IMAGE", "IMAGE_OTHER", "OTHER", "STOP", "MAX_TOKENS"}
MARKDOWN = re.compile(r"data:(image/[a-z]+);base64,([A-Za-z0-9+/=_-]+)")


class Gemini:
    """One account at one gateway. Its `key` argument stays here: the service has no place for it."""

    name = "gemini"
    replay_safe = False

    def __init__(self, door: Door, base: str = WISDOM_GATE, version: str = "v1beta") -> None:
        self._door, self._base, self._version = door, base.rstrip("/"), version

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Draw one picture; the ticket holds the result. Raises ProviderError, `unknown_outcome` where it broke after sending."""
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        url = f"{self._base}/{self._version}/models/{request.model}:generateContent"
        answer = await self._door.call("POST", url, body=body(request, model), deadline=DEADLINE)
        return Ticket(result=read(answer))

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        return ticket.result

    async def probe(self) -> str:
        """The cheapest call there is: listing models is free. Says what was found, in words."""
        answer = await self._door.call("GET", f"{self._base}/{self._version}/models", deadline=20)
        if answer.status == 200:
            count = len((answer.data or {}).get("models", [])) if isinstance(answer.data, dict) else 0
            return f"The engine accepts this key; it names {count} models. Checking was free."
        raise failure(answer)

    async def aclose(self) -> None:
        await self._door.aclose()


def body(request: ImageRequest, model: catalog.Model) -> dict[str, Any]:
    """The JSON of one request: the words, then the references in the plan's order. Raises ProviderError over 18 MB of pictures."""
    weight = sum(len(reference.data) for reference in request.references) * 4 // 3
    if weight > INLINE_BYTES:
        raise ProviderError(
            f"The references weigh {weight / 2**20:.0f} MB; 18 MB go in one request.",
            kind="invalid", remedy="Drop a reference from the plan.", permanent=True, charged=False,
        )  # fmt: skip
    parts: list[dict[str, Any]] = [{"text": request.prompt}]
    parts += [
        {"inlineData": {"mimeType": r.mime, "data": base64.b64encode(r.data).decode()}} for r in request.references
    ]
    image: dict[str, str] = {"aspectRatio": request.aspect}
    if not model.flat:
        image["imageSize"] = SIZES.get(request.size, request.size)
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image}
    if request.seed is not None and model.seed:
        config["seed"] = request.seed % 2**31
    made: dict[str, Any] = {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}
    if request.options.get("system"):
        made["systemInstruction"] = {"parts": [{"text": request.options["system"]}]}
    if request.options.get("web_search"):
        made["tools"] = [{"google_search": {}}]
    return made


def read(answer: Answer) -> ImageResult:
    """The picture of an answer. Raises ProviderError with every block, refusal and failure told apart.

    A refusal with HTTP 200 counted tokens at least at Google, so whether it was charged is not known: `charged` is None.
    """
    if answer.status != 200:
        raise failure(answer)
    if not isinstance(answer.data, dict):
        raise ProviderError(
            "The engine’s answer could not be read.", kind="unknown_outcome", remedy="It may have been charged.", permanent=True, details=answer.text
        )  # fmt: skip
    data = answer.data
    feedback = data.get("promptFeedback") or data.get("prompt_feedback") or {}
    blocked = feedback.get("blockReason") or feedback.get("block_reason")
    if blocked:
        raise _refused("The engine declined this prompt.", str(blocked), feedback.get("blockReasonMessage", ""))
    texts: list[str] = []
    reason = message = ""
    for candidate in data.get("candidates") or []:
        reason = candidate.get("finishReason") or candidate.get("finish_reason") or reason
        message = candidate.get("finishMessage") or message
        for part in (candidate.get("content") or {}).get("parts") or []:
            if part.get("thought"):
                continue
            found = _inline(part)
            if found:
                return ImageResult((found,), cost=None, request_id=str(data.get("responseId", "")))
            texts.append(str(part.get("text", "")))
    raise _without_picture(" ".join(texts).strip(), reason, message)


def _inline(part: dict[str, Any]) -> Picture | None:
    inline = part.get("inlineData") or part.get("inline_data")
    if inline:
        mime = inline.get("mimeType") or inline.get("mime_type") or ""
        return Picture(_decode(inline.get("data", "")), mime)
    found = MARKDOWN.search(part.get("text") or "")  # some gateways put the picture into the words
    return Picture(_decode(found[2]), found[1]) if found else None


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise ProviderError(
            "The picture did not arrive whole.", kind="wrong_bytes", permanent=True, details=repr(broken)
        ) from broken


def _without_picture(text: str, reason: str, message: str) -> ProviderError:
    if reason in OUTPUT_BLOCKED:
        return _refused("The engine drew this and held it back.", reason, message)
    if text:
        return ProviderError(
            "The engine answered with words instead of a picture.",
            kind="refused", remedy="Say more plainly what is to be drawn.", permanent=True, details=text[:2000],
        )  # fmt: skip
    if reason in EMPTY or not reason:
        return ProviderError(
            "The engine answered without a picture.",
            kind="empty",
            remedy="Usually passes on a second try.",
            permanent=True,
            details=reason or message,
        )
    return ProviderError(
        "The engine stopped for a reason it does not explain.",
        kind="refused",
        remedy="Change the words or try another engine.",
        permanent=True,
        details=f"{reason} {message}",
    )


def _refused(words: str, reason: str, message: str) -> ProviderError:
    named = reason.replace("_", " ").lower()
    return ProviderError(
        words,
        kind="refused",
        remedy=f"It says: {named}. Change the action or the references.",
        permanent=True,
        details=message or reason,
    )


def failure(answer: Answer) -> ProviderError:
    """The error of a status other than 200, in Google's shape, in OpenAI's, or in none."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    error = error if isinstance(error, dict) else {}
    said = str(error.get("message") or answer.text[:300])
    status, details = answer.status, error.get("details") or []
    if status in {401, 403} or "API key not valid" in said:
        return ProviderError(
            "The engine did not accept our key.",
            kind="key",
            remedy="Drawing is paused; nothing is lost.",
            permanent=True,
            charged=False,
            details=said,
        )
    if status == 402:
        return ProviderError(
            "The account’s balance is used up.",
            kind="balance",
            remedy="Top it up, then try again.",
            permanent=True,
            charged=False,
            details=said,
        )
    if status == 429:
        return _quota(answer, details, said)
    if status == 404:
        return ProviderError(
            "The engine does not know this model.",
            kind="invalid",
            remedy="Choose its successor.",
            permanent=True,
            charged=False,
            details=said,
        )
    if status in {500, 502, 503, 504, 408}:
        charged = False if status == 503 else None
        kind = "busy" if status == 503 else "unknown_outcome"
        return ProviderError(
            "The engine took too long.",
            kind=kind,
            remedy="Usually passes on a second try.",
            charged=charged,
            retry_after=answer.wait(),
            details=said,
        )
    return ProviderError(
        "The engine did not accept this request.", kind="invalid", permanent=True, charged=False, details=said
    )


def _quota(answer: Answer, details: list[Any], said: str) -> ProviderError:
    """A quota for the day is over until tomorrow; one for the minute is waited for as told."""
    daily, wait = False, answer.wait()
    for detail in details:
        if not isinstance(detail, dict):
            continue
        kind = str(detail.get("@type", ""))
        if kind.endswith("QuotaFailure"):
            ids = [str(v.get("quotaId", "")) + str(v.get("quotaMetric", "")) for v in detail.get("violations") or []]
            daily = daily or any("perday" in one.lower().replace("_", "") for one in ids)
        if kind.endswith("RetryInfo"):
            found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
            wait = float(found[1]) if found else wait
    if daily:
        return ProviderError(
            "The engine’s quota for today is used up.",
            kind="quota",
            remedy="It opens again tomorrow, or use another account.",
            permanent=True,
            charged=False,
            details=said,
        )
    return ProviderError(
        "Waiting for the engine.",
        kind="rate",
        remedy="It starts by itself.",
        charged=False,
        retry_after=wait if wait is not None else 20.0,
        details=said,
    )
