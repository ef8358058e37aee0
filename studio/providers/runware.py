"""Runware over REST: an array of tasks in, `data` and `errors` out, matched by task UUID, never by position.

The task's UUID is our attempt's id. The same UUID again is not billed again: `conflictTaskUUID` means that it was accepted, and
the result is asked for by getResponse. Pictures come as links and are fetched at once.
"""

from __future__ import annotations

import asyncio
import binascii
import hashlib
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import pybase64

from studio.providers import catalog, places
from studio.providers.answer import Answer
from studio.providers.base import (
    ImageRequest,
    ImageResult,
    Limits,
    Picture,
    ProviderError,
    Remembered,
    SentReference,
    Ticket,
    Uploads,
)
from studio.providers.failures import FETCH, after_drawing, by_key, failed, while_waiting
from studio.providers.http import Door
from studio.providers.magic import picture_type
from studio.providers.runware_errors import code_of, errors, failure, is_conflict, rows

INLINE = 4 * 1024 * 1024  # bytes of one reference that still goes as a data URI where uploading failed
TOGETHER = 50  # questions in one POST, where many are allowed
GATHERING = 0.05  # seconds in which questions for one POST gather
BUSY_NOW = {408, 429, 500, 502, 503, 504}
# the service's name for an option, and ours
SETTINGS = {"systemPrompt": "system", "temperature": "temperature", "topP": "top_p", "thinking": "thinking"}
GOOGLE = {"safetyTolerance": "safety_tolerance", "webSearch": "web_search", "imageSearch": "image_search"}
PLAIN = {"outputFormat": "format", "outputQuality": "quality", "numberResults": "results", "ttl": "ttl"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished task: its results by their UUID, and what all of it cost."""

    rows: dict[str, dict[str, Any]]
    cost: Decimal | None


class Runware:
    """One account. `deadline` is seconds for one call; with `many`, the questions of several tasks share a POST.

    With `check_content` the service looks through every picture, and what it flags is refused. `uploads` remembers which references
    lie at the service already.
    """

    name = "runware"
    replay_safe = True
    pauses = (1.0, 10.0)  # seconds between questions: the first, and the longest

    def __init__(
        self,
        door: Door,
        base: str = places.RUNWARE,
        *,
        deadline: float = 90.0,
        many: bool = False,
        check_content: bool = False,
        uploads: Uploads | None = None,
    ) -> None:
        self._door, self._base, self._deadline, self._many = door, base, deadline, many
        self._always = {"check_content": True} if check_content else {}
        self._uploaded = uploads or Remembered()
        self._uploading: dict[str, asyncio.Lock] = {}
        self._asked: dict[str, asyncio.Future[Answer]] = {}
        self.fetches_well = False  # nothing is known yet

    def limits(self, model: str) -> Limits:
        return catalog.get(self.name, model).limits

    async def start(self, request: ImageRequest, key: str) -> Ticket:
        """Hand the task in. `key` is a v4 UUID; sent a second time while the first is known, it finds the first."""
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        request = replace(request, options={**self._always, **request.options})
        made = task(request, model, key, await self._references(request))
        answer = await self._sent(made)
        if _minds_references(answer, key) and request.references:
            for reference in request.references:  # what was uploaded once is gone there; nothing was accepted
                await self._uploaded.forget(_print(reference))
            made = task(request, model, key, await self._references(request))
            answer = await self._sent(made)
        ticket = Ticket({"task": key, "wanted": made["numberResults"]})
        wrong = errors(answer, key)
        if any(is_conflict(error) for error in wrong):
            return ticket
        if wrong or answer.status != 200:
            raise failure(answer, wrong[0] if wrong else None)
        if not rows(answer, key):
            raise by_key(answer.text[:300])
        return ticket

    async def collect(self, ticket: Ticket) -> ImageResult | None:
        """Ask for the result; None while any of it is drawn. Several results are given once the last has come or failed."""
        drawn = await self.drawn(ticket)
        return None if drawn is None else await self.fetch(drawn)

    async def drawn(self, ticket: Ticket) -> Drawn | None:
        """The first half of `collect`: where the pictures lie, and what they cost."""
        key, wanted = ticket.data["task"], int(ticket.data.get("wanted", 1))
        answer = await self._ask(key)
        found, wrong = rows(answer, key), errors(answer, key)
        known = found or wrong  # the status may be that of another task asked for in the same call
        if answer.status in BUSY_NOW or (answer.status != 200 and not known) or not isinstance(answer.data, dict):
            raise while_waiting(failure(answer, wrong[0] if wrong else None))
        over = {str(row.get("imageUUID") or n): row for n, row in enumerate(found) if _over(row)}
        waiting = any(not _over(row) for row in found)
        if len(over) + len(wrong) < wanted and (waiting or not wrong):
            return None
        done = {name: row for name, row in over.items() if _link(row) and row.get("NSFWContent") is not True}
        if not done:
            raise _without_picture(list(over.values())) if over else failure(answer, wrong[0], accepted=True)
        return Drawn(done, _cost(over.values()))

    async def fetch(self, drawn: Drawn) -> ImageResult:
        """The second half of `collect`: the pictures themselves."""
        try:
            pictures = [await self._picture(row, drawn.cost) for row in drawn.rows.values()]
        except ProviderError:
            self.fetches_well = False
            raise
        self.fetches_well = True
        return ImageResult(tuple(pictures), cost=drawn.cost, request_id=next(iter(drawn.rows)))

    async def find(self, key: str) -> Ticket | None:
        """The ticket of a task whose answer was lost, where the service has it at work or done; None where it shows nothing."""
        answer = await self._ask(key)
        found, wrong = rows(answer, key), errors(answer, key)
        if found:
            return Ticket({"task": key, "wanted": len(found) + len(wrong)})
        if wrong and answer.status == 200 and failure(answer, wrong[0]).kind != "unknown_outcome":
            raise failure(answer, wrong[0], accepted=True)
        if answer.status != 200 and answer.status not in {400, 404}:
            raise while_waiting(failure(answer, wrong[0] if wrong else None))
        return None

    async def price(self, request: ImageRequest) -> Decimal | None:
        """The exact price, by the dry-run header: validated and priced, neither drawn nor charged. None where it says none.

        It has a UUID of its own: the attempt's must be new when the attempt is sent.
        """
        model = catalog.get(self.name, request.model)
        catalog.check(request, model)
        key = str(uuid.uuid4())
        request = replace(request, options={**self._always, **request.options})
        made = task(request, model, key, await self._references(request))
        answer = await self._post([made], headers={"x-runware-dry-run": "1"})
        wrong = errors(answer, key)
        if wrong or answer.status != 200:
            raise failure(answer, wrong[0] if wrong else None)
        priced = rows(answer, key)
        return _cost(priced) if priced else None

    async def probe(self) -> str:
        """Asks for a task that never was: the key is looked at, and nothing is charged."""
        task = str(uuid.uuid4())
        answer = await self._post(_questions(task))
        wrong = errors(answer)
        error = failure(answer, wrong[0] if wrong else None) if wrong or answer.status != 200 else None
        understood = answer.status == 200 or any(row.get("taskUUID") == task for row in wrong)  # not just anybody's 404
        if error and not (wrong and understood and error.kind in {"unknown_outcome", "invalid"}):
            raise error
        return "The engine accepts this key. Checking was free."

    async def aclose(self) -> None:
        await self._door.aclose()

    async def _sent(self, made: dict[str, Any]) -> Answer:
        try:
            return await self._post([made])
        except ProviderError as error:
            if error.kind == "unknown_outcome":
                raise by_key(error.details) from error
            raise

    async def _post(self, tasks: list[dict[str, Any]], *, headers: dict[str, str] | None = None) -> Answer:
        return await self._door.call("POST", self._base, body=tasks, headers=headers, deadline=self._deadline)

    async def _ask(self, key: str) -> Answer:
        """getResponse for one task; with `many`, together with the others that ask in the same moment."""
        try:
            if not self._many:
                return await self._post(_questions(key))
            if not self._asked:
                self._sending = asyncio.create_task(self._ask_many())
            waiting = self._asked.setdefault(key, asyncio.get_running_loop().create_future())
            return await asyncio.shield(waiting)
        except ProviderError as error:
            raise while_waiting(error) from error

    async def _ask_many(self) -> None:
        await asyncio.sleep(GATHERING)
        asked, self._asked = self._asked, {}
        keys = list(asked)
        for start in range(0, len(keys), TOGETHER):
            await self._answered({key: asked[key] for key in keys[start : start + TOGETHER]})

    async def _answered(self, asked: dict[str, asyncio.Future[Answer]]) -> None:
        try:
            answer = await self._post(_questions(*asked))
        except Exception as error:  # whatever it was, nobody may wait for ever
            for waiting in asked.values():
                waiting.set_exception(error)
            return
        if answer.status == 400 and len(asked) > 1 and not rows(answer):
            self._many = False  # it is not allowed there: one by one from now on
            await asyncio.gather(*(self._answered({key: waiting}) for key, waiting in asked.items()))
            return
        for waiting in asked.values():
            waiting.set_result(answer)

    async def _references(self, request: ImageRequest) -> list[str]:
        return list(await asyncio.gather(*(self._reference(reference) for reference in request.references)))

    async def _reference(self, reference: SentReference) -> str:
        """A reference's UUID at the service, uploaded once; a data URI where uploading did not work."""
        sha256 = _print(reference)
        async with self._uploading.setdefault(sha256, asyncio.Lock()):
            if lies := await self._uploaded.get(sha256):
                return lies
            inline = f"data:{reference.mime};base64,{pybase64.b64encode(reference.data).decode()}"
            key = str(uuid.uuid4())
            try:
                upload = {"taskType": "mediaStorage", "taskUUID": key, "operation": "upload", "media": inline}
                kept = rows(await self._post([upload]), key)
            except ProviderError:
                kept = []
            for row in kept:
                if found := row.get("mediaUUID") or row.get("imageUUID"):
                    await self._uploaded.put(sha256, str(found))
                    return str(found)
        if len(reference.data) > INLINE:
            raise failed("busy", charged=False, message="A reference could not be handed to the engine.")
        return inline

    async def _picture(self, row: dict[str, Any], cost: Decimal | None) -> Picture:
        seed = row.get("seed") if isinstance(row.get("seed"), int) else None
        if row.get("imageURL"):
            try:
                data, mime = await self._door.download(str(row["imageURL"]))
            except ProviderError as error:
                raise after_drawing(error, cost) from error
            return Picture(data, mime, seed)
        raw = str(row.get("imageBase64Data") or row.get("imageDataURI")).rpartition(",")[2]
        try:
            data = pybase64.b64decode(raw, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if not picture_type(data):
            raise failed("wrong_bytes", charged=True, details=raw[:80], cost=cost)
        return Picture(data, picture_type(data), seed)


def task(request: ImageRequest, model: catalog.Model, key: str, references: list[str]) -> dict[str, Any]:
    """One imageInference task: width and height from the vendor's own table, references by UUID or inline.

    With the option `follow_reference` and a reference, `resolution` goes instead, and the picture has the reference's ratio.
    """
    options = {name: value for name, value in request.options.items() if name in model.options and value is not None}
    made: dict[str, Any] = {
        "taskType": "imageInference",
        "taskUUID": key,
        "model": request.model,
        "positivePrompt": request.prompt,
        "numberResults": 1,
        "outputType": "URL",
        "outputFormat": "JPG",
        "outputQuality": 95,
        "includeCost": True,
        "deliveryMethod": "async",
    }
    if options.get("follow_reference") and references:
        made["resolution"] = request.size
    else:
        made["width"], made["height"] = catalog.pixels(model, request.aspect, request.size)
    if references:
        made["inputs"] = {"referenceImages": references}
    if request.seed is not None and model.seed:
        made["seed"] = request.seed % 2**31
    made |= {name: options[ours] for name, ours in PLAIN.items() if ours in options}
    if options.get("thinking") not in model.thinking:
        options.pop("thinking", None)
    if settings := {name: options[ours] for name, ours in SETTINGS.items() if ours in options}:
        made["settings"] = settings
    if google := {name: options[ours] for name, ours in GOOGLE.items() if options.get(ours)}:
        made["providerSettings"] = {"google": google}
    if options.get("check_content"):
        made["safety"] = {"checkContent": True, "mode": "fast"}
    if request.options.get("callback"):
        made["webhookURL"] = request.options["callback"]
    return made


def _questions(*keys: str) -> list[dict[str, Any]]:
    return [{"taskType": "getResponse", "taskUUID": key} for key in keys]


def _print(reference: SentReference) -> str:
    """Of the bytes that go out: `sha256` is the original's, and one original may be sent in several sizes."""
    return hashlib.sha256(reference.data).hexdigest()


def _minds_references(answer: Answer, key: str) -> bool:
    """Whether the answer is a refusal of a reference picture: then the task was not taken in."""
    return any(
        "referenceimage" in f"{error.get('parameter')} {code_of(error)}".lower() or code_of(error) in {"medianotfound", "mediaexpired"}
        for error in errors(answer, key)
        if not is_conflict(error)
    )  # fmt: skip


def _link(row: dict[str, Any]) -> bool:
    return bool(row.get("imageURL") or row.get("imageBase64Data") or row.get("imageDataURI"))


def _over(row: dict[str, Any]) -> bool:
    """Whether this result will not change any more: it has its picture, or is called a success without one."""
    return _link(row) or row.get("status") == "success" or (not row.get("status") and bool(row.get("imageUUID")))


def _without_picture(over: list[dict[str, Any]]) -> ProviderError:
    """Why results that are over give no picture: flagged by the content check, or a success that shows none.

    What they say they cost was charged; where they say nothing, nobody knows.
    """
    cost = _cost(over)
    charged = None if cost is None else cost > 0
    if any(row.get("NSFWContent") is True for row in over):
        return failed(
            "refused", charged=charged, cost=cost, details="NSFWContent: true",
            message="The engine drew this, and its content check flagged it.",
        )  # fmt: skip
    named = ", ".join(str(row["imageUUID"]) for row in over if row.get("imageUUID"))
    return failed(
        "no_picture",
        charged=charged,
        cost=cost,
        remedy=FETCH if charged else "",
        details=f"status success, no imageURL. {named}".strip(),
    )


def _cost(items: Any) -> Decimal | None:
    """The sum of what the items say they cost; None where one of them says nothing."""
    total = Decimal(0)
    for item in items:
        try:
            one = Decimal(str(item["cost"]))
        except (KeyError, InvalidOperation):
            return None
        if not one.is_finite() or one < 0:
            return None
        total += one
    return total
