"""generateContent as Google and its compatible gateways answer it: at once, without a task, every accepted call a new charge."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.emulators.pictures import bomb
from tests.emulators.runware_rules import FOUR, HALF, LONG, ONE, TWO
from tests.emulators.serving import Emulator
from tests.emulators.wire import Call, Reply, query

TEN = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]
ALL = [*TEN, "1:4", "4:1", "1:8", "8:1"]
# model → ratios, dollars by size ("" for the one without sizes), output tokens by size
MODELS: dict[str, tuple[list[str], dict[str, float], dict[str, int]]] = {
    "gemini-2.5-flash-image": (TEN, {"": 0.039}, {"": 1290}),
    "gemini-3-pro-image": (TEN, {"1K": 0.134, "2K": 0.134, "4K": 0.24}, {"1K": 1120, "2K": 1120, "4K": 2000}),
    "gemini-3.1-flash-image": (
        ALL, {"512": 0.045, "1K": 0.067, "2K": 0.101, "4K": 0.151}, {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
    ),
    "gemini-nano-banana-2.1": (ALL, {"1K": 0.0336, "2K": 0.0504, "4K": 0.0756}, {"1K": 1120, "2K": 1680, "4K": 2520}),
}  # fmt: skip
MODELS["gemini-3-pro-image-preview"] = MODELS["gemini-3-pro-image"]
MODELS["gemini-3.1-flash-image-preview"] = (
    ALL, dict.fromkeys(("512", "1K", "2K", "4K"), 0.058), MODELS["gemini-3.1-flash-image"][2],
)  # fmt: skip
MIMES = {"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"}
TOP = {
    "contents",
    "tools",
    "toolConfig",
    "generationConfig",
    "safetySettings",
    "systemInstruction",
    "cachedContent",
    "labels",
}
CONFIG = {"responseModalities", "imageConfig", "temperature", "topP", "topK", "seed", "candidateCount", "maxOutputTokens", "stopSequences", "thinkingConfig"}  # fmt: skip
BLOCKS = {
    # name → (promptFeedback, finishReason, finishMessage, text): how an answer without a picture looks
    "prompt_blocked": ("PROHIBITED_CONTENT", "", "", ""),
    "prompt_safety": ("SAFETY", "", "", ""),
    "image_safety": ("", "IMAGE_SAFETY", "Unable to show the generated image.", ""),
    "image_prohibited": ("", "IMAGE_PROHIBITED_CONTENT", "", ""),
    "recitation": ("", "RECITATION", "", ""),
    "image_recitation": ("", "IMAGE_RECITATION", "", ""),
    "no_image": ("", "NO_IMAGE", "", ""),
    "image_other": ("", "IMAGE_OTHER", "", ""),
    "unknown_reason": ("", "IMAGE_MELANCHOLY", "The model was sad.", ""),
    "text_only": ("", "STOP", "", "I would rather talk about the weather."),
    "empty": ("", "STOP", "", ""),
}
# what may lie in a picture's place: its bytes → those that come
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "bad_picture": lambda data: data,  # the base64 itself is broken
    "not_a_picture": lambda data: b"<html>not a picture</html>",
    "wrong_type": lambda data: b"GIF89a" + bytes(200),
    "half": lambda data: data[: len(data) // 2],
    "pixel_bomb": lambda data: bomb(),
}
SIGNATURE = "c2ln"


class Wrong(Exception):
    """400 INVALID_ARGUMENT unless said otherwise."""

    def __init__(self, message: str, status: int = 400, word: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.status, self.word = status, word


class GeminiEmulator(Emulator):
    """Switches: `most_bytes` of a body, `retired` model ids, `openai_errors`, `markdown` (the picture inside the words), `url_safe`
    (the other base64 alphabet), `pictures` (how many come), `thoughts`, `charges_blocks` (an HTTP 200 without a picture costs),
    `signatures` (a picture of an earlier turn must come with the signature that was given for it).

    Blocks by name are in BLOCKS; `blocked` with a promptFeedback reason and `finish` with a finishReason give any other.
    """

    name = "gemini"

    def __init__(self, port: int = 0, **more: Any) -> None:
        self.most_bytes, self.retired = 20 * 1024 * 1024, {"gemini-2.5-flash-image", "gemini-3.1-flash-image"}
        self.openai_errors = self.markdown = self.url_safe = self.charges_blocks = False
        self.pictures, self.thoughts, self.snake, self.signatures = 1, True, False, False
        self.balance = 1e9
        self._at_work: dict[str, int] = {}  # by account
        super().__init__(port, **more)

    @property
    def working(self) -> int:
        """Pictures under way now."""
        return sum(self._at_work.values())

    def account(self, call: Call) -> str:
        return call.headers.get("x-goog-api-key") or query(call.path).get("key", "")

    def step(self, call: Call) -> str:
        return "start" if call.method == "POST" else "models"

    def error(self, status: int, code: str = "", message: str = "", details: Any = None) -> Any:
        words = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 402: "RESOURCE_EXHAUSTED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}  # fmt: skip
        said = message or {503: "The model is overloaded. Please try again later."}.get(
            status, f"The service says {status}."
        )
        if self.openai_errors:
            return {
                "error": {
                    "message": said,
                    "type": "upstream_error",
                    "code": code or words.get(status, "unknown").lower(),
                }
            }
        more = {"details": details} if details else {}
        return {"error": {"code": status, "message": said, "status": code or words.get(status, "UNKNOWN"), **more}}

    def quota(self, *, daily: bool, delay: str = "22s") -> Any:
        """The body of a 429 as Google writes it."""
        per = "PerDay" if daily else "PerMinute"
        violation = {
            "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests", "quotaValue": "10",
            "quotaId": f"GenerateRequests{per}PerProjectPerModel", "quotaDimensions": {"location": "global"},
        }  # fmt: skip
        return self.error(429, details=[
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
            {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"description": "Quotas", "url": "https://ai.google.dev"}]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
        ])  # fmt: skip

    async def routed(self, call: Call, raw: bytes) -> Reply:
        path, account = urlsplit(call.path).path, self.account(call)
        if not self.known(account):
            return Reply(403, self.error(403, message="API key not valid. Please pass a valid API key."))
        found = re.fullmatch(r"/(?:v1beta|v1)/models(?:/([^/:]+):generateContent)?", unquote(path))
        if not found:
            return Reply(404, self.error(404))
        if call.method == "GET" and found[1] is None:
            return Reply(200, {"models": [{"name": f"models/{name}"} for name in sorted(set(MODELS) - self.retired)]})
        fault = self.taken("start", "quota_day", "quota_minute", who=(account,))
        if fault:
            return Reply(429, self.quota(daily=fault.name == "quota_day"))
        try:
            asked = self._read(str(found[1]), call.body, len(raw))
        except Wrong as wrong:
            return Reply(wrong.status, self.error(wrong.status, wrong.word, str(wrong)))
        if self.balance < MODELS[str(found[1])][1][asked["size"]]:
            return Reply(402, self.error(402, message="Your prepayment credits are depleted."))
        with self.lock:
            self._counted(account, 1)
        try:
            await self.rest(self.takes())
            with self.lock:
                return self._drawn(str(found[1]), asked, account)
        finally:
            with self.lock:
                self._counted(account, -1)

    def _counted(self, account: str, more: int) -> None:
        self._at_work[account] = self._at_work.get(account, 0) + more
        self.peak = max(self.peak, self.working)
        self.seen.under_way(account, self._at_work[account])

    def _read(self, model: str, body: Any, weight: int) -> dict[str, Any]:
        if model not in MODELS or model in self.retired:
            raise Wrong(
                f"models/{model} is not found for API version v1beta, or is not supported for generateContent.",
                404,
                "NOT_FOUND",
            )
        if weight > self.most_bytes:
            raise Wrong(f"Request payload size exceeds the limit: {self.most_bytes} bytes.")
        if not isinstance(body, dict):
            raise Wrong("Invalid JSON payload received.")
        body = camel(body)
        config = body.get("generationConfig") or {}
        for place, fields, allowed in (("", body, TOP), ("generation_config", config, CONFIG)):
            for name in fields:
                if name not in allowed:
                    raise Wrong(
                        f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find field."
                    )
        ratios, prices, _ = MODELS[model]
        image = config.get("imageConfig") or {}
        if set(image) - {"aspectRatio", "imageSize"}:
            raise Wrong("Unknown name in 'generation_config.image_config'.")
        if image.get("aspectRatio", "1:1") not in ratios:
            raise Wrong("Invalid value at 'generation_config.image_config.aspect_ratio'.")
        size = image.get("imageSize", "" if "" in prices else "1K")
        if size not in prices or ("" in prices and "imageSize" in image):
            raise Wrong("Invalid value at 'generation_config.image_config.image_size'.")
        words, sent = self._parts(body)
        if sent > 14:
            raise Wrong("Too many images: at most 14.")
        modes = {str(mode).upper() for mode in config.get("responseModalities") or ("TEXT", "IMAGE")}
        if modes - {"TEXT", "IMAGE"}:
            raise Wrong("Invalid value at 'generation_config.response_modalities'.")
        ratio = image.get("aspectRatio", "1:1")
        return {"ratio": ratio, "size": size, "words": words, "sent": sent, "talks": "TEXT" in modes}

    def _parts(self, body: dict[str, Any]) -> tuple[str, int]:
        words, sent = "", 0
        contents = body.get("contents")
        if not contents:
            raise Wrong("contents is not specified")
        for content in contents:
            for part in content.get("parts", []):
                if "text" in part:
                    words = words or part["text"]
                elif "inlineData" in part:
                    sent += 1
                    if self.signatures and content.get("role") == "model" and part.get("thoughtSignature") != SIGNATURE:
                        raise Wrong("Image part is missing a thought_signature, or it is corrupted.")
                    if part["inlineData"].get("mimeType") not in MIMES:
                        raise Wrong("Unsupported MIME type.")
                    try:
                        base64.b64decode(part["inlineData"]["data"].translate(str.maketrans("-_", "+/")), validate=True)
                    except (ValueError, KeyError):
                        raise Wrong("Base64 decoding failed for inline data.") from None
                else:
                    raise Wrong("Unknown part.")
        return words, sent

    def _drawn(self, model: str, asked: dict[str, Any], account: str) -> Reply:
        _, prices, tokens = MODELS[model]
        named = ("blocked", "finish", "no_candidates", *SPOILT)
        fault = self.taken("start", *BLOCKS, *named, who=(account,))
        name = fault.name if fault else ""
        block = BLOCKS.get(name)
        if fault and name == "blocked":
            block = (fault.value, "", "", "")
        if fault and name == "finish":
            block = ("", fault.value, "", "")
        count = 0 if block or name == "no_candidates" else self.pictures
        spent = tokens[asked["size"]] * count
        usage = {
            "promptTokenCount": len(asked["words"]) // 4 + 560 * asked["sent"], "candidatesTokenCount": spent, "thoughtsTokenCount": 240,
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": spent}], "totalTokenCount": 240 + spent,
        }  # fmt: skip
        self.charge(
            key=f"call {len(self._charges) + 1}", model=model, size=asked["size"], amount=prices[asked["size"]],
            charged=count > 0 or self.charges_blocks, account=account, words=asked["words"],
        )  # fmt: skip
        told: dict[str, Any] = {
            "usageMetadata": usage,
            "modelVersion": model,
            "responseId": f"r{random.getrandbits(60):x}",
        }
        if block:
            prompt, reason, message, text = block
            if prompt:
                return Reply(200, {**told, "promptFeedback": {"blockReason": prompt}})
            content: dict[str, Any] = {"role": "model", **({"parts": [{"text": text}]} if text else {})}
            candidate = {
                "content": content,
                "finishReason": reason,
                "index": 0,
                **({"finishMessage": message} if message else {}),
            }
            return Reply(200, {**told, "candidates": [candidate]})
        if name == "no_candidates":
            return Reply(200, told)
        width, height = pixels(model, asked["ratio"], asked["size"])
        parts: list[dict[str, Any]] = []
        if self.thoughts and model != "gemini-2.5-flash-image":
            parts += [
                {"text": "I am thinking of light.", "thought": True},
                self._inline(64, 64, "interim", thought=True),
            ]
        if asked["talks"]:
            parts.append({"text": "Here is your picture."})
        for n in range(count):
            parts.append(self._inline(width, height, f"{time.time_ns()} {n}", words=asked["words"], spoilt=name))
        if self.snake:
            parts = [snake(part) for part in parts]
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
        return Reply(200, packed({**told, "candidates": [candidate]}))

    def _inline(
        self, width: int, height: int, mark: str, *, words: str = "", thought: bool = False, spoilt: str = ""
    ) -> dict[str, Any]:
        data = self.drawn(width, height, "JPG" if self.weight else "PNG", mark, words)
        text = data.base64()
        if spoilt in SPOILT:
            text = base64.b64encode(SPOILT[spoilt](bytes(data))).decode()
        if self.url_safe:
            text = text.translate(str.maketrans("+/", "-_"))
        if spoilt == "bad_picture":
            text = text[: len(text) // 2] + "!!!"
        mime = "image/jpeg" if self.weight else "image/png"
        if self.markdown and not thought:
            return {"text": f"![picture](data:{mime};base64,{text})"}
        return {
            "inlineData": {"mimeType": mime, "data": text},
            "thoughtSignature": SIGNATURE,
            **({"thought": True} if thought else {}),
        }


def packed(told: dict[str, Any]) -> bytes:
    """JSON, with its pictures laid in afterwards: a megabyte of base64 needs no looking through for what JSON escapes."""
    large: list[str] = []

    def thinned(value: Any) -> Any:
        if isinstance(value, list):
            return [thinned(one) for one in value]
        if isinstance(value, dict):
            return {name: thinned(one) for name, one in value.items()}
        if isinstance(value, str) and len(value) > 10_000 and not value.startswith("!"):
            large.append(value)
            return f"<{len(large) - 1} of the large>"
        return value

    text = json.dumps(thinned(told))
    for n, one in enumerate(large):
        before, _, text = text.partition(f"<{n} of the large>")
        large[n] = before + one
    return ("".join(large) + text).encode()


def pixels(model: str, ratio: str, size: str) -> tuple[int, int]:
    """The pair of the tables whose ratio is nearest. Google prints 1584x672 for 21:9 at 1K."""
    pairs = {"": ONE, "512": HALF, "1K": ONE + " 1584x672", "2K": TWO, "4K": FOUR}[size].split()
    pairs += LONG[{"": "1K", "512": "0.5K"}.get(size, size)].split()
    wide, _, high = ratio.partition(":")
    wanted = int(wide) / int(high)
    sized = [tuple(map(int, pair.split("x"))) for pair in pairs]
    return min(((w, h) for w, h in sized), key=lambda pair: abs(pair[0] / pair[1] - wanted) / wanted)


def camel(value: Any) -> Any:
    """Either spelling of every name; a mix is fine, as the service has it."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if isinstance(value, dict):
        return {re.sub(r"_([a-z])", lambda m: m[1].upper(), name): camel(one) for name, one in value.items()}
    return value


def snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {re.sub(r"([A-Z])", lambda m: "_" + m[1].lower(), name): snake(one) for name, one in value.items()}
    return value
