"""What Runware minds in an imageInference, and what it costs. Written from its pages, not from our catalogue."""

from __future__ import annotations

import base64
import binascii
import io
import re
import uuid
from typing import Any

from PIL import Image

FLAT = "1024x1024 1248x832 832x1248 1184x864 864x1184 1152x896 896x1152 1344x768 768x1344 1536x672"
HALF = "512x512 632x424 424x632 600x448 448x600 464x576 576x464 384x688 688x384 792x168"
ONE = "1024x1024 1264x848 848x1264 1200x896 896x1200 928x1152 1152x928 768x1376 1376x768"
TWO = "2048x2048 2528x1696 1696x2528 2400x1792 1792x2400 1856x2304 2304x1856 1536x2752 2752x1536 3168x1344"
FOUR = "4096x4096 5056x3392 3392x5056 4800x3584 3584x4800 3712x4608 4608x3712 3072x5504 5504x3072 6336x2688"
LONG = {
    "0.5K": "1024x256 256x1024 1536x192 192x1536", "1K": "2048x512 512x2048 3072x384 384x3072",
    "2K": "4096x1024 1024x4096 6144x768 768x6144", "4K": "8192x2048 2048x8192 12288x1536 1536x12288",
}  # fmt: skip
# model → tier → (pairs, dollars a picture)
MODELS: dict[str, dict[str, tuple[set[str], float]]] = {
    "google:4@1": {"1K": (set(FLAT.split()), 0.039)},
    "google:4@2": {
        "1K": ({*ONE.split(), "1548x672"}, 0.138),
        "2K": (set(TWO.split()), 0.138),
        "4K": ({*FOUR.split(), "5096x3392", "3392x5096"}, 0.244),
    },
    "google:4@3": {
        "0.5K": ({*HALF.split(), *LONG["0.5K"].split()}, 0.04657),
        "1K": ({*ONE.split(), "1584x672", *LONG["1K"].split()}, 0.06895),
        "2K": ({*TWO.split(), *LONG["2K"].split()}, 0.10255),
        "4K": ({*FOUR.split(), *LONG["4K"].split()}, 0.15295),
    },
}
FIELDS = {
    "taskType", "taskUUID", "model", "positivePrompt", "width", "height", "resolution", "inputs", "numberResults", "outputType",
    "outputFormat", "outputQuality", "ttl", "includeCost", "seed", "deliveryMethod", "webhookURL", "uploadEndpoint", "safety",
    "settings", "providerSettings",
}  # fmt: skip
SETTINGS = {"systemPrompt", "temperature", "topP", "thinking"}
GOOGLE = {"safetyTolerance", "webSearch", "imageSearch"}
NUMBERS = {"numberResults": (1, 20), "outputQuality": (20, 99), "ttl": (60, 10**9), "seed": (0, 2**31 - 1)}
CHOICES = {
    "outputType": ("URL", "base64Data", "dataURI"), "outputFormat": ("JPG", "PNG", "WEBP"), "deliveryMethod": ("sync", "async"),
}  # fmt: skip


class Minds(Exception):
    """A task is refused. `body` is the error as it goes out, without the task's name."""

    def __init__(self, code: str, message: str, parameter: Any = "", *, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "code": code, "message": message, "parameter": parameter, **more, "documentation": "https://runware.ai/docs/platform/errors",
        }  # fmt: skip


def checked(task: dict[str, Any], media: dict[str, float]) -> None:
    """Raises Minds for the first thing that is wrong."""
    try:
        version = uuid.UUID(str(task.get("taskUUID"))).version
    except ValueError:
        version = None
    if version != 4:
        raise Minds("invalidTaskUUID", "taskUUID must be a UUID v4.", "taskUUID")
    for name in task:
        if name not in FIELDS:
            raise Minds("unsupportedParameter", f"{name} is not supported.", name)
    model = task.get("model")
    if model not in MODELS:
        raise Minds("invalidModel", "There is no such model.", "model")
    prompt = task.get("positivePrompt")
    if not isinstance(prompt, str):
        raise Minds("missingPositivePrompt", "positivePrompt is required.", "positivePrompt")
    if not 3 <= len(prompt) <= 45000:
        raise Minds(
            "invalidPositivePrompt", "3 to 45000 characters.", "positivePrompt", type="string", min=3, max=45000
        )
    for name, (low, high) in NUMBERS.items():
        value = task.get(name, low)
        if type(value) is not int or not low <= value <= high:
            raise Minds(
                f"invalid{name[0].upper()}{name[1:]}", f"{low} to {high}.", name, type="integer", min=low, max=high
            )
    for name, words in CHOICES.items():
        if task.get(name, words[0]) not in words:
            raise Minds(f"invalid{name[0].upper()}{name[1:]}", f"One of {', '.join(words)}.", name)
    _sized(task)
    _referring(task, media)
    _set(task)


def _sized(task: dict[str, Any]) -> None:
    tiers = MODELS[task["model"]]
    pair, resolution = ("width" in task, "height" in task), task.get("resolution")
    if resolution is not None:
        if any(pair):
            raise Minds(
                "incompatibleParameters", "Either width and height, or resolution.", ["width", "height", "resolution"]
            )
        if resolution not in tiers or task["model"] == "google:4@1":
            raise Minds("invalidResolution", "The model has no such preset.", "resolution")
        return
    if not all(pair):
        raise Minds("missingWidth" if not pair[0] else "missingHeight", "Width and height go together.", "width")
    wanted = f"{task['width']}x{task['height']}"
    if not any(wanted in pairs for pairs, _ in tiers.values()):
        raise Minds("invalidWidth", f"{wanted} is not supported by this model.", ["width", "height"])


def _referring(task: dict[str, Any], media: dict[str, float]) -> None:
    inputs = task.get("inputs", {})
    if not isinstance(inputs, dict) or set(inputs) - {"referenceImages"}:
        raise Minds("unsupportedParameter", "inputs takes referenceImages.", "inputs")
    found = inputs.get("referenceImages", [])
    if "inputs" in task and not 1 <= len(found) <= 14:
        raise Minds(
            "invalidReferenceImages", "1 to 14 pictures.", "inputs.referenceImages", type="array", min=1, max=14
        )
    for one in found:
        if re.fullmatch(r"[0-9a-f-]{36}", one):
            if one not in media:
                raise Minds("invalidReferenceImages", "There is no such stored picture.", "inputs.referenceImages")
            continue
        if one.startswith(("http://", "https://")):
            continue
        try:
            data = base64.b64decode(one.partition(",")[2] or one, validate=True)
            Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]).load()
        except (binascii.Error, OSError, SyntaxError):
            raise Minds("invalidReferenceImages", "This is no picture.", "inputs.referenceImages") from None


def _set(task: dict[str, Any]) -> None:
    second = task["model"] == "google:4@3"
    settings, safety = task.get("settings", {}), task.get("safety", {})
    for name in ("settings", "safety", "providerSettings"):
        if not isinstance(task.get(name, {}), dict):
            raise Minds(f"invalid{name[0].upper()}{name[1:]}", "An object.", name)
    if "ttl" in task and task.get("outputType", "URL") != "URL":
        raise Minds("incompatibleParameters", "ttl is for links.", ["ttl", "outputType"])
    if set(safety) - {"checkContent", "mode"} or safety.get("mode", "none") not in {"none", "fast"}:
        raise Minds("invalidSafety", "checkContent, and mode none or fast.", "safety")
    if not 1 <= len(settings.get("systemPrompt", "x")) <= 50000:
        raise Minds("invalidSettings", "1 to 50000 characters.", "settings.systemPrompt")
    allowed = SETTINGS if second else SETTINGS - {"thinking"}
    if set(settings) - allowed:
        raise Minds(
            "unsupportedParameter", "The model has no such setting.", f"settings.{min(set(settings) - allowed)}"
        )
    if not 0 <= settings.get("temperature", 0) <= 1 or not 0 <= settings.get("topP", 0) <= 1:
        raise Minds("invalidSettings", "0 to 1.", "settings.temperature")
    if settings.get("thinking", "HIGH") not in {"MINIMAL", "HIGH"}:
        raise Minds("invalidSettings", "MINIMAL or HIGH.", "settings.thinking")
    other = set(task.get("providerSettings", {})) - {"google"}
    if other:
        raise Minds("mismatchProviderSettingsProvider", "This model is Google’s.", f"providerSettings.{min(other)}")
    google = task.get("providerSettings", {}).get("google", {})
    if set(google) - (GOOGLE if second else GOOGLE - {"imageSearch"}):
        raise Minds("unsupportedParameter", "The model has no such setting.", "providerSettings.google")
    if google.get("safetyTolerance", "none") not in {"high", "medium", "low", "none", "off"}:
        raise Minds(
            "invalidSafetyTolerance", "high, medium, low, none or off.", "providerSettings.google.safetyTolerance"
        )


def price(task: dict[str, Any]) -> float:
    """Dollars for one result."""
    tiers = MODELS[task["model"]]
    wanted = task.get("resolution") or f"{task['width']}x{task['height']}"
    amount = next(dollars for tier, (pairs, dollars) in tiers.items() if wanted == tier or wanted in pairs)
    if task["model"] == "google:4@3":
        google = task.get("providerSettings", {}).get("google", {})
        amount += 0.00028 * len(task.get("inputs", {}).get("referenceImages", []))
        amount += 0.14 * bool(google.get("webSearch") or google.get("imageSearch"))
    return round(amount, 6)
