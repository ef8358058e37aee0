"""Clients at emulators: a real line over loopback, nothing replaced."""

from __future__ import annotations

import asyncio
import hashlib
import io
import uuid

from PIL import Image

from studio.providers.base import ImageRequest, SentReference
from studio.providers.egress import Gate
from studio.providers.gemini import Gemini
from studio.providers.hiapi import HiApi
from studio.providers.http import Door
from studio.providers.runware import Runware
from tests.emulators.pictures import picture

CANARY = "canary-7f3a-never-to-be-seen"
MODELS = {"runware": "google:4@3", "hiapi": "Nano-Banana-Pro", "gemini": "gemini-3-pro-image-preview"}
HEADERS = {
    "runware": {"authorization": "Bearer {}"},
    "hiapi": {"authorization": "Bearer {}"},
    "gemini": {"x-goog-api-key": "{}"},
}


def reference(n=0, role="identity", size=64):
    data = picture(size, size, "JPG", f"reference {n}")
    return SentReference(data, "image/jpeg", role, f"character-{n}", "front", hashlib.sha256(data).hexdigest())


def asked(
    engine, *, model="", aspect="16:9", size="1K", seed=7, references=0, prompt="Nova on the roof at dawn", **options
):
    sent = tuple(reference(n) for n in range(references))
    return ImageRequest(model or MODELS[engine], prompt, aspect, size, 1376, 768, seed, sent, {}, options)


def link(sent, key):
    return f"https://studio.example/signed/{key}/{sent.sha256[:12]}.jpg"


def client(emulator, *, key=None, patience=5.0, **more):
    headers = {name: value.format(key or emulator.key) for name, value in HEADERS[emulator.name].items()}
    door = Door(Gate(emulator.base), headers, patience=patience)
    if emulator.name == "hiapi":
        return HiApi(door, emulator.base, more.pop("link", link), **more)
    return {"runware": Runware, "gemini": Gemini}[emulator.name](door, emulator.base, **more)


def attempt():
    return str(uuid.uuid4())


async def draw(engine, request, key, *, times=400):
    """Start and collect, as the runner does: the result, or the error that either step raised."""
    ticket = await engine.start(request, key)
    return await finish(engine, ticket, times=times)


async def finish(engine, ticket, *, times=400):
    result = ticket.result
    for _ in range(times):
        if result is not None:
            return result
        result = await engine.collect(ticket)
        if result is None:
            await asyncio.sleep(0.01)
    assert result is not None, "no picture came"
    return result


def using(emulator, act, **more):
    """Run `act(client)` and close the client. Gives what it returns."""

    async def go():
        engine = client(emulator, **more)
        try:
            return await act(engine)
        finally:
            await engine.aclose()

    return asyncio.run(go())


def drawn(emulator, request=None, key=None, **more):
    request = request or asked(emulator.name)
    return using(emulator, lambda engine: draw(engine, request, key or attempt()), **more)


def size_of(picture_):
    return Image.open(io.BytesIO(picture_.data), formats=["JPEG", "PNG", "WEBP"]).size


def posts(emulator, *, start=True):
    """The bodies of paid calls, as they came."""
    return [
        call.body[0] if isinstance(call.body, list) else call.body
        for call in emulator.calls
        if call.method == "POST"
        and (not start or not isinstance(call.body, list) or call.body[0]["taskType"] == "imageInference")
    ]
