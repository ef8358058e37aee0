"""Gemini's generateContent, as Google, Wisdom Gate and other compatible gateways speak it.

It answers at once and knows no key: a call that broke after sending may have been charged, and nothing replays it by itself.
What is sent and what may come back: docs/providers.md.
"""

from __future__ import annotations

import binascii
import re
from typing import Any

import pybase64

from studio.providers import catalog, places
from studio.providers.answer import Answer
from studio.providers.base import ImageRequest, ImageResult, Limits, Picture, ProviderError, Ticket
from studio.providers.failures import failed
from studio.providers.http import Door
from studio.providers.magic import picture_type

# Base64 characters of all pictures together: Google's own pages say 20 MB and 100 MB, a gateway's limit is not known.
INLINE_BYTES = 18 * 1024 * 1024
DEADLINE = 300.0  # seconds; 4K under load takes minutes, and giving up early loses a paid picture
SIZES = {"0.5K": "512"}  # ours → theirs, where they differ

ALPHABET = bytes.maketrans(b"-_", b"+/")  # the URL-safe alphabet → the plain one
OUTPUT_BLOCKED = {
    "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
}  # fmt: skip
NO_PICTURE = {"NO_IMAGE", "IMAGE_OTHER"}  # said so, whatever words came with it
EMPTY = {"OTHER", "STOP", "MAX_TOKENS", ""}
# codes of gateways, whatever the status
BALANCE = {"insufficient_quota", "insufficient_user_quota", "pre_consume_token_quota_failed"}
REFUSED = ("content_policy", "moderation", "sensitive", "prompt_blocked", "safety")  # in the code of an error
MARKDOWN = re.compile(r"data:image/[a-z]+;base64,([A-Za-z0-9+/=_\s-]+)")
LATE = ("deadline", "timeout", "timed out")  # then it was taken in
BROKEN_OFF = {408, 409, 499}  # given up after it was taken in: nothing is known of the money
UNANSWERED = "It may have been charged. Look at the engine’s own history before asking again."


class Gemini:
    """One account at one gateway. Its `key` argument stays here: the service has no place for it."""

    name = "gemini"
    replay_safe = False
    pauses = (0.0, 0.0)  # nothing is asked for later

    def __init__(
        self, door: Door, base: str = places.WISDOM_GATE, version: str = "v1beta", *, deadline: float = DEADLINE
    ) -> None:
        self._door, self._models, self._deadline = door, f"{base.rstrip('/')}/{version}/models", deadline
        self._base = base

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Draw one picture; the ticket holds the result. Raises ProviderError, `unknown_outcome` where it broke after sending."""
        model = catalog.get(self.name, request.model).at(self._base)
        catalog.check(request, model)
        url = f"{self._models}/{request.model}:generateContent"
        try:
            answer = await self._door.call("POST", url, body=body(request, model), deadline=self._deadline)
        except ProviderError as error:
            if error.kind == "unknown_outcome":
                raise failed("unknown_outcome", charged=None, remedy=UNANSWERED, details=error.details) from error
            raise
        return Ticket(result=read(answer))

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        return ticket.result

    async def probe(self) -> str:
        """The cheapest call there is: listing models is free. Says what was found, in words."""
        answer = await self._door.call("GET", self._models, deadline=min(self._deadline, 20))
        if answer.status != 200:
            raise failure(answer)
        listed = answer.data.get("models") if isinstance(answer.data, dict) else None
        return f"The engine accepts this key; it names {len(listed or [])} models. Checking was free."

    async def aclose(self) -> None:
        await self._door.aclose()


def body(request: ImageRequest, model: catalog.Model) -> dict[str, Any]:
    """The JSON of one request: the words, then the references in the plan's order. Raises ProviderError over 18 MB of pictures."""
    parts: list[dict[str, Any]] = [{"text": request.prompt}]
    weight = 0
    for reference in request.references:
        data = pybase64.b64encode(reference.data).decode()
        weight += len(data)
        parts.append({"inlineData": {"mimeType": reference.mime, "data": data}})
    if weight > INLINE_BYTES:
        raise failed(
            "invalid", charged=False, message=f"The references weigh {weight / 2**20:.0f} MB as sent; 18 MB go in one request.",
            remedy="Drop a reference from the plan, or send them smaller.",
        )  # fmt: skip
    options = {name: value for name, value in request.options.items() if name in model.options and value is not None}
    image: dict[str, str] = {"aspectRatio": request.aspect}
    if not model.flat:
        image["imageSize"] = SIZES.get(request.size, request.size)
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image}
    if request.seed is not None and model.seed:
        config["seed"] = request.seed % 2**31
    for name, ours in (("temperature", "temperature"), ("topP", "top_p")):
        if ours in options:
            config[name] = options[ours]
    made: dict[str, Any] = {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}
    if options.get("system"):
        made["systemInstruction"] = {"parts": [{"text": options["system"]}]}
    if options.get("web_search"):
        made["tools"] = [{"google_search": {}}]
    return made


def read(answer: Answer) -> ImageResult:
    """The picture of an answer. Raises ProviderError with every block, refusal and failure told apart.

    A refusal with HTTP 200 counted tokens at least at Google, so whether it was charged is not known: `charged` is None.
    """
    if answer.status != 200:
        raise failure(answer)
    data = answer.data
    if not isinstance(data, dict):
        raise failed("unknown_outcome", charged=None, remedy=UNANSWERED, details=answer.text[:300])
    if data.get("error"):
        raise failure(answer)
    feedback = _dict(data.get("promptFeedback") or data.get("prompt_feedback"))
    blocked = feedback.get("blockReason") or feedback.get("block_reason")
    if blocked:
        said = feedback.get("blockReasonMessage") or feedback.get("block_reason_message")
        raise _refused("The engine declined this prompt.", str(blocked), str(said or ""))
    inlined: list[str] = []
    texts: list[str] = []
    reason = message = ""
    for candidate in _dicts(data.get("candidates")):
        reason = str(candidate.get("finishReason") or candidate.get("finish_reason") or reason)
        message = str(candidate.get("finishMessage") or candidate.get("finish_message") or message)
        for part in _dicts(_dict(candidate.get("content")).get("parts")):
            if part.get("thought"):
                continue
            inline = _dict(part.get("inlineData") or part.get("inline_data"))
            if inline:
                inlined.append(str(inline.get("data") or ""))
            elif part.get("text"):
                texts.append(str(part["text"]))
    if not inlined:  # some gateways put the picture into the words
        inlined = [found[1] for text in texts for found in MARKDOWN.finditer(text)]
    if drawn := [one for one in map(_decoded, inlined) if one]:
        return ImageResult(tuple(drawn), request_id=str(data.get("responseId") or data.get("response_id") or ""))
    if inlined:
        raise failed("wrong_bytes", charged=True, details=inlined[0][:80])
    raise _without_picture(" ".join(texts).strip(), reason, message)


def _decoded(text: str) -> Picture | None:
    """A picture in either base64 alphabet, also as a data URI, broken into lines or without its padding; None for anything else.

    Its type is what its bytes say, whatever the service called it.
    """
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        data = pybase64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = _mended(text)
    return Picture(data, picture_type(data)) if picture_type(data) else None


def _mended(text: str) -> bytes:
    plain = text.encode().translate(ALPHABET, b" \t\r\n")
    try:
        return pybase64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _without_picture(text: str, reason: str, message: str) -> ProviderError:
    if reason in OUTPUT_BLOCKED:
        return _refused("The engine drew this and held it back.", reason, message or text[:600])
    if text and reason in EMPTY:
        return failed(
            "refused", charged=None, message="The engine answered with words instead of a picture.",
            remedy="Say more plainly what is to be drawn.", details=text[:2000],
        )  # fmt: skip
    details = " ".join(filter(None, [reason, message, text[:2000]]))
    if reason in EMPTY | NO_PICTURE:
        return failed("empty", charged=None, details=details)
    return failed(
        "refused", charged=None, message="The engine stopped for a reason it does not explain.",
        remedy="Change the words or try another engine.", details=details,
    )  # fmt: skip


def _refused(words: str, reason: str, message: str) -> ProviderError:
    named = reason.replace("_", " ").lower()
    return failed(
        "refused", charged=None, message=words, remedy=f"It says: {named}. Change the action or the references.",
        details=f"{reason} {message}".strip(),
    )  # fmt: skip


def failure(answer: Answer) -> ProviderError:
    """The error of a status other than 200, in Google's shape, in OpenAI's, or in none."""
    told = answer.data[0] if isinstance(answer.data, list) and answer.data else answer.data
    error = _dict(told).get("error")
    error = error if isinstance(error, dict) else {"message": error} if isinstance(error, str) else {}
    said = str(error.get("message") or answer.text[:300])
    word = str(error.get("status") or error.get("code") or error.get("type") or "")
    code, told_more = error.get("code"), _dicts(error.get("details"))
    status = code if answer.status == 200 and isinstance(code, int) else answer.status
    details = " · ".join(filter(None, [f"HTTP {answer.status}", word, said[:600]]))
    if status == 402 or word in BALANCE or error.get("type") in BALANCE:
        return failed("balance", charged=False, details=details)
    if 400 <= status < 500 and any(one in word.lower() for one in REFUSED):
        return failed("refused", charged=None, remedy=f"It says: {said[:120]}", details=details)
    no_key = "API key not valid" in said or any(one.get("reason") == "API_KEY_INVALID" for one in told_more)
    if status in {401, 403} or no_key or word == "invalid_api_key":
        return failed("key", charged=False, details=details)
    if status == 429:
        return _quota(answer, told_more, details)
    if status == 404:
        return failed(
            "invalid", charged=False, message="The engine does not know this model.", remedy="Choose its successor.", details=details
        )  # fmt: skip
    if status == 400 and word == "FAILED_PRECONDITION":
        return failed("key", charged=False, message="The engine does not serve this account here.", details=details)
    if status == 503 and error and not any(one in said.lower() for one in LATE):
        return failed("busy", charged=False, retry_after=_wait(answer, told_more), details=details)
    if 400 <= status < 500 and status not in BROKEN_OFF:
        return failed("invalid", charged=False, details=details)
    return failed("unknown_outcome", charged=None, remedy=UNANSWERED, details=details)


def _quota(answer: Answer, found: list[dict[str, Any]], details: str) -> ProviderError:
    """A quota for the day is over until tomorrow; one for the minute is waited for as told."""
    violations = [one for detail in found for one in _dicts(detail.get("violations"))]
    named = [f"{one.get('quotaId', '')} {one.get('quotaMetric', '')}".lower().replace("_", "") for one in violations]
    if any("perday" in one for one in named):
        return failed("quota", charged=False, details=details)
    wait = _wait(answer, found)
    return failed("rate", charged=False, retry_after=20.0 if wait is None else wait, details=details)


def _wait(answer: Answer, found: list[dict[str, Any]]) -> float | None:
    """Seconds of RetryInfo, else of the header."""
    for detail in found:
        if told := re.fullmatch(r"(\d{1,6}(?:\.\d+)?)s", str(detail.get("retryDelay", ""))):
            return min(float(told[1]), 3600.0)
    return answer.wait()


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
