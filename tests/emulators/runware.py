"""Runware's REST service: POST /v1 with an array of tasks. Rules as documented; what is not documented is a switch."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.fetching import OPENER, looked_at
from tests.emulators.runware_media import Media
from tests.emulators.runware_rules import MODELS, Minds, checked, price
from tests.emulators.serving import Emulator
from tests.emulators.wire import Call, Reply

FORMS = {"JPG": "jpeg", "PNG": "png", "WEBP": "webp"}
PATIENCE = 120.0  # seconds that a synchronous call is held


@dataclass
class Task:
    """One accepted imageInference. `ready` are the moments its results are there; `bad` says which of them fail, and of what."""

    asked: dict[str, Any]
    account: str
    amount: float  # of one result
    ready: list[float]
    bad: dict[int, tuple[str, str]] = field(default_factory=dict)
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    billed: bool = False
    unsafe: bool = False


class RunwareEmulator(Emulator):
    """Switches: `conflict_after` (a finished task's UUID is still taken), `mixed_status`, `many` (questions in one POST),
    `nested_errors` (a failed task stands in `data` with status error), `upload_object` (the older reply of an upload),
    `stagger` (seconds between the results of one task).
    """

    name = "runware"
    ENDED = 404

    def __init__(self, port: int = 0, **more: Any) -> None:
        self.tasks: dict[str, Task] = {}
        self.media = Media()
        self._open: dict[str, Task] = {}  # those that are not billed yet
        self.conflict_after, self.many, self.nested_errors, self.upload_object = True, True, False, False
        self.mixed_status, self.stagger, self.balance = 200, 0.0, 1e9
        super().__init__(port, **more)

    @property
    def base(self) -> str:
        return f"{self.root}/v1"

    def account(self, call: Call) -> str:
        key = call.headers.get("authorization", "").removeprefix("Bearer ")
        for task in _tasks(call)[:1]:
            if task.get("taskType") == "authentication":
                key = str(task.get("apiKey"))
        return key

    def step(self, call: Call) -> str:
        kinds = [str(task.get("taskType")) for task in _tasks(call) if task.get("taskType") != "authentication"]
        steps = {"getResponse": "poll", "getTaskDetails": "poll", "mediaStorage": "upload", "imageUpload": "upload"}
        if kinds[:1] == ["imageInference"] and call.headers.get("x-runware-dry-run") == "1":
            return "price"
        return steps.get(kinds[0], "start" if kinds[0] == "imageInference" else "other") if kinds else "other"

    def who(self, call: Call) -> tuple[str, ...]:
        return (self.account(call), *(str(task.get("taskUUID")) for task in _tasks(call)))

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        codes = {
            400: "invalidRequest",
            401: "invalidApiKey",
            402: "insufficientCredits",
            403: "forbidden",
            404: "notFound",
            429: "rateLimitExceeded",
            503: "noAvailableServer",
        }
        named = code or codes.get(status, "internalServerError")
        return {"data": [], "errors": [{"code": named, "message": message or f"The service says {named}."}]}

    async def routed(self, call: Call, raw: bytes) -> Reply:
        if call.path != "/v1" or call.method != "POST":
            return Reply(404, self.error(404, "notFound"))
        tasks = call.body
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            return Reply(400, self.error(400, "invalidRequest", "The body must be an array of task objects."))
        account = self.account(call)
        tasks = [task for task in tasks if task.get("taskType") != "authentication"]
        if not self.known(account):
            minds = {
                "code": "invalidApiKey", "message": "Invalid API key. Get one at https://my.runware.ai/signup",
                "parameter": "apiKey", "taskType": "authentication",
            }  # fmt: skip
            return Reply(401, {"errors": [minds]})
        dry = call.headers.get("x-runware-dry-run") == "1"
        data: list[Any] = []
        errors: list[Any] = []
        statuses = set()
        lost = [await looked_at(_links(task)) for task in tasks] if self.fetches else [""] * len(tasks)
        with self.lock:
            for task, link in zip(tasks, lost, strict=True):
                status = self._one(task, data, errors, account=account, dry=dry, alone=len(tasks) == 1, lost=link)
                statuses.add(status)
        for row in [row for row in data if "hold" in row]:
            data.remove(row)
            left = row["hold"] - time.time()
            await self.rest(min(left, PATIENCE * self.scale) + 0.001 if left > 0 else 0)
            if left > max(PATIENCE * self.scale, 0.01):
                return Reply(close=True)  # it goes on drawing, for nobody
            with self.lock:
                self._told(row["taskUUID"], data, errors)
        if errors and not data:
            return Reply(max(statuses), {"data": [], "errors": errors})
        if self.upload_object and len(data) == 1 and data[0]["taskType"] in {"mediaStorage", "imageUpload"}:
            return Reply(200, {"data": data[0]})
        status = self.mixed_status if errors else 200
        return Reply(status, {"data": data, **({"errors": errors} if errors else {})})

    def _one(
        self, task: dict[str, Any], data: list[Any], errors: list[Any], *, account: str, dry: bool, alone: bool, lost: str
    ) -> int:  # fmt: skip
        kind, key = task.get("taskType"), task.get("taskUUID")
        try:
            if kind == "getResponse":
                if not alone and not self.many:
                    raise Minds("invalidRequest", "One getResponse at a time.", "taskType")
                self._told(str(key), data, errors)
            elif kind == "imageInference":
                if lost:
                    raise Minds("invalidReferenceImages", f"{lost} gives no picture.", "inputs.referenceImages")
                self._taken_in(task, data, account=account, dry=dry)
            elif kind in {"mediaStorage", "imageUpload"}:
                data.append(self._stored(task))
            elif kind == "getTaskDetails":
                data.append(self._details(str(key)))
            elif kind == "ping":
                data.append({"taskType": "ping", "pong": True})
            else:
                raise Minds("unsupportedTaskType", f"There is no task {kind!r}.", "taskType")
        except Minds as minds:
            errors.append({**minds.body, "taskType": kind, "taskUUID": key})
            return minds.status
        return 200

    def _taken_in(self, asked: dict[str, Any], data: list[Any], *, account: str, dry: bool) -> None:
        self.media.forget(self.scale)
        checked(asked, self.media)
        key, count = asked["taskUUID"], asked.get("numberResults", 1)
        amount = price(asked)
        if dry:
            data.append({"taskType": "imageInference", "taskUUID": key, "cost": round(amount * count, 6)})
            return
        self.settle()
        old = self.tasks.get(key)
        if (old and (self.conflict_after or len(old.items) + len(old.bad) < count)) or self.taken(
            "start", "conflict", who=(account, key)
        ):
            raise Minds("conflictTaskUUID", "A task with this UUID exists.", "taskUUID")
        if self.balance < amount * count:
            raise Minds("insufficientCredits", "The balance is insufficient.", "", status=402)
        now = time.time() + self.takes()
        task = Task(asked, account, amount, [now + n * self.stagger for n in range(count)])
        self.media.used(asked.get("inputs", {}).get("referenceImages", []))
        task.unsafe = self.taken("start", "nsfw", who=(account, key)) is not None
        fault = self.taken("start", "fail_later", "fail_one", who=(account, key))
        if fault:
            failing = range(count) if fault.name == "fail_later" else [count - 1]
            task.bad = dict.fromkeys(failing, fault.value or ("timeoutProvider", "The external provider did not respond within the timeout window. The request was automatically terminated."))  # fmt: skip
        self.tasks[key] = self._open[key] = task
        self.peak = max(self.peak, len(self._open))
        self._counted(account)
        held = {} if asked.get("deliveryMethod") == "async" else {"hold": max(task.ready)}
        data.append({"taskType": "imageInference", "taskUUID": key, **held})
        if asked.get("webhookURL"):
            threading.Thread(target=self._call_back, args=(key, asked["webhookURL"]), daemon=True).start()

    def settle(self) -> None:
        now, over = time.time(), []
        for key, task in self._open.items():
            for n, moment in enumerate(task.ready):
                if moment <= now and n not in task.items and n not in task.bad:
                    task.items[n] = self._made(key, task, n)
            if not task.billed and max(task.ready) <= now:
                task.billed = True
                over.append(key)
                asked, count = task.asked, len(task.items)
                size = asked.get("resolution") or f"{asked['width']}x{asked['height']}"
                self.charge(
                    key=key, model=asked["model"], size=size, amount=round(task.amount * count, 6), charged=count > 0,
                    account=task.account, words=asked["positivePrompt"],
                )  # fmt: skip
        for account in {self._open.pop(key).account for key in over}:
            self._counted(account)

    def _counted(self, account: str) -> None:
        self.seen.under_way(account, sum(task.account == account for task in self._open.values()))

    def _made(self, key: str, task: Task, n: int) -> dict[str, Any]:
        asked = task.asked
        width, height = (asked["width"], asked["height"]) if "width" in asked else self._followed(asked)
        form, name = asked.get("outputFormat", "JPG"), str(uuid.uuid4())
        data = self.drawn(width, height, form, f"{key} {n}", asked["positivePrompt"])
        item: dict[str, Any] = {"taskType": "imageInference", "taskUUID": key, "imageUUID": name, "status": "success"}
        if asked.get("outputType", "URL") == "URL":
            item["imageURL"] = self.keep(
                data, f"image/{FORMS[form]}", name=name, life=asked.get("ttl", 86400) * self.scale, who=(task.account, key)
            )  # fmt: skip
        elif asked["outputType"] == "base64Data":
            item["imageBase64Data"] = data.base64()
        else:
            item["imageDataURI"] = f"data:image/{FORMS[form]};base64,{data.base64()}"
        item["seed"] = asked["seed"] + n if "seed" in asked else random.getrandbits(32)
        if asked.get("safety", {}).get("checkContent"):
            item["NSFWContent"] = task.unsafe
        if asked.get("includeCost"):
            item["cost"] = task.amount
        return item

    def _followed(self, asked: dict[str, Any]) -> tuple[int, int]:
        """With `resolution` the picture has the ratio of its first reference: the listed pair that is nearest."""
        wide, high = self.media.size([*asked.get("inputs", {}).get("referenceImages", []), "http://none"][0])
        pairs = [tuple(map(int, pair.split("x"))) for pair in MODELS[asked["model"]][asked["resolution"]][0]]
        return min(((w, h) for w, h in pairs), key=lambda pair: abs(pair[0] * high / (pair[1] * wide) - 1))

    def _told(self, key: str, data: list[Any], errors: list[Any]) -> None:
        self.settle()
        known = self.tasks.get(key)
        fault = self.taken("poll", "empty", "forgotten", "no_picture", who=(known.account if known else "", key))
        if fault and fault.name == "forgotten":
            raise Minds("taskNotFound", "The task was not found or has expired.", "taskUUID", status=404)
        task = known
        if task is None:
            return  # answered like a running one, without a row
        now = time.time()
        for n, moment in enumerate(task.ready):
            failing = n in task.bad and moment <= now
            if (n not in task.items and not failing) or (fault and fault.name == "empty"):
                data.append({"taskType": "imageInference", "taskUUID": key, "status": "processing"})
            elif failing:
                code, message = task.bad[n]
                error = {
                    "code": code,
                    "message": message,
                    "status": "error",
                    "taskType": "imageInference",
                    "taskUUID": key,
                }
                if self.nested_errors:
                    data.append({"taskType": "imageInference", "taskUUID": key, "status": "error", "error": error})
                else:
                    errors.append(error)
            else:
                named = fault is not None and fault.name == "no_picture"  # a success that lacks what it is about
                data.append(
                    {name: one for name, one in task.items[n].items() if not (named and name.startswith("image"))}
                )

    def _stored(self, task: dict[str, Any]) -> dict[str, Any]:
        older = task["taskType"] == "imageUpload"
        given = str(task.get("image" if older else "media") or "")
        if not older and task.get("operation", "upload") == "delete":
            self.media.pop(given, None)
            return {"taskType": task["taskType"], "taskUUID": task.get("taskUUID"), "mediaUUID": given}
        try:
            name, picture, mime = self.media.take_in(given)
        except ValueError:
            raise Minds("invalidMedia", "This is no picture.", "image" if older else "media") from None
        url = self.keep(picture, mime, name=name, life=30 * 86400 * self.scale)
        one = {"imageUUID": name, "imageURL": url} if older else {"mediaUUID": name, "mediaURL": url}
        return {"taskType": task["taskType"], "taskUUID": task.get("taskUUID"), **one}

    def _details(self, key: str) -> dict[str, Any]:
        task = self.tasks.get(key)
        if task is None:
            raise Minds("taskNotFound", "The task was not found.", "taskUUID", status=404)
        told: list[Any] = []
        self._told(key, told, [])
        return {"taskType": "getTaskDetails", "taskUUID": key, "request": [task.asked], "response": {"data": told}}

    def _call_back(self, key: str, url: str) -> None:
        """One POST an item once it is there; tried again where the answer is no 2xx.

        `callback` faults: twice, together (both in the same moment), malformed, late (those of later results come before it), never,
        unsigned (the secret in the address is gone).
        """
        task = self.tasks[key]
        for n, moment in enumerate(task.ready):
            if self.stop.wait(max(0.0, moment - time.time()) + 0.01):
                return
            with self.lock:
                self.settle()
                item = task.items.get(n)
            body = json.dumps(
                {"data": [item]} if item else {"errors": [{"code": task.bad[n][0], "taskUUID": key}]}
            ).encode()
            fault = self.taken("callback", who=(task.account, key))
            name = fault.name if fault else ""
            if name == "malformed":
                body = body[: len(body) // 2]
            to = urlsplit(url)._replace(query="").geturl() if name == "unsigned" else url
            if fault and name in {"late", "together"}:
                for _ in range(2 if name == "together" else 1):
                    beside = (to, body, fault.value if name == "late" else 0.0)
                    threading.Thread(target=self._posted, args=beside, daemon=True).start()
                continue
            for _ in range({"twice": 2, "never": 0}.get(name, 1)):
                self._posted(to, body)

    def _posted(self, url: str, body: bytes, first: float = 0.0) -> None:
        if self.stop.wait(first):
            return
        for pause in (0.0, 1.0, 5.0):
            if self.stop.wait(pause * self.scale):
                return
            request = urllib.request.Request(url, body, {"content-type": "application/json"})
            try:
                with OPENER.open(request, timeout=5):
                    return
            except OSError:
                continue


def _tasks(call: Call) -> list[dict[str, Any]]:
    return [task for task in call.body if isinstance(task, dict)] if isinstance(call.body, list) else []


def _links(task: dict[str, Any]) -> list[str]:
    inputs = task.get("inputs")
    found = inputs.get("referenceImages") if isinstance(inputs, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


__all__ = ["MODELS", "RunwareEmulator"]
