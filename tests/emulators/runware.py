"""Runware's REST service: POST /v1 with an array of tasks. Rules as documented; what is not documented is a switch."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import threading
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.runware_rules import MODELS, SIZES, Minds, checked, price
from tests.emulators.serving import Call, Emulator, Handler, Reply

FORMS = {"JPG": "jpeg", "PNG": "png", "WEBP": "webp"}


@dataclass
class Task:
    """One accepted imageInference. `ready` are the moments its results are there; `bad` says which of them fail, and of what."""

    asked: dict[str, Any]
    amount: float  # of one result
    ready: list[float]
    bad: dict[int, tuple[str, str]] = field(default_factory=dict)
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    billed: bool = False


class RunwareHandler(Handler):
    def _step(self, call: Call) -> str:
        first = call.body[0] if isinstance(call.body, list) and call.body and isinstance(call.body[0], dict) else {}
        return {"getResponse": "poll", "mediaStorage": "upload", "imageUpload": "upload"}.get(
            first.get("taskType"), "start"
        )


class RunwareEmulator(Emulator):
    """Switches: `conflict_after` (a finished task's UUID is still taken), `mixed_status`, `many` (questions in one POST),
    `nested_errors` (a failed task stands in `data` with status error), `upload_object` (the older reply of an upload),
    `stagger` (seconds between the results of one task).
    """

    name = "runware"
    handler = RunwareHandler

    def __init__(self, port: int = 0, **more: Any) -> None:
        self.tasks: dict[str, Task] = {}
        self.media: dict[str, float] = {}
        self.conflict_after, self.many, self.nested_errors, self.upload_object = True, True, False, False
        self.mixed_status, self.stagger, self.balance = 200, 0.0, 1e9
        super().__init__(port, **more)

    @property
    def base(self) -> str:
        return f"{self.root}/v1"

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        codes = {
            401: "invalidApiKey",
            402: "insufficientCredits",
            403: "forbidden",
            429: "rateLimitExceeded",
            503: "noAvailableServer",
        }
        named = code or codes.get(status, "internalServerError")
        return {"data": [], "errors": [{"code": named, "message": message or f"The service says {named}."}]}

    def routed(self, call: Call, raw: bytes) -> Reply:
        if call.path != "/v1" or call.method != "POST":
            return Reply(404, self.error(404, "notFound"))
        tasks = call.body
        if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
            return Reply(400, self.error(400, "invalidRequest", "The body must be an array of task objects."))
        key = call.headers.get("authorization", "").removeprefix("Bearer ")
        if tasks and tasks[0].get("taskType") == "authentication":
            key = str(tasks.pop(0).get("apiKey"))
        if key != self.key:
            minds = {
                "code": "invalidApiKey", "message": "Invalid API key. Get one at https://my.runware.ai/signup",
                "parameter": "apiKey", "taskType": "authentication",
            }  # fmt: skip
            return Reply(401, {"errors": [minds]})
        dry = call.headers.get("x-runware-dry-run") == "1"
        data: list[Any] = []
        errors: list[Any] = []
        statuses = set()
        with self.lock:
            for task in tasks:
                status = self._one(task, data, errors, dry=dry, alone=len(tasks) == 1)
                statuses.add(status)
        for row in [row for row in data if "hold" in row]:
            data.remove(row)
            self.stop.wait(min(max(0.0, row["hold"] - time.time()), 120 * self.scale) + 0.001)
            with self.lock:
                self._told(row["taskUUID"], data, errors)
        if errors and not data:
            return Reply(max(statuses), {"data": [], "errors": errors})
        if self.upload_object and len(data) == 1 and data[0]["taskType"] in {"mediaStorage", "imageUpload"}:
            return Reply(200, {"data": data[0]})
        status = self.mixed_status if errors else 200
        return Reply(status, {"data": data, **({"errors": errors} if errors else {})})

    def _one(self, task: dict[str, Any], data: list[Any], errors: list[Any], *, dry: bool, alone: bool) -> int:
        kind, key = task.get("taskType"), task.get("taskUUID")
        try:
            if kind == "getResponse":
                if not alone and not self.many:
                    raise Minds("invalidRequest", "One getResponse at a time.", "taskType")
                self._told(str(key), data, errors)
            elif kind == "imageInference":
                self._taken_in(task, data, dry=dry)
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

    def _taken_in(self, asked: dict[str, Any], data: list[Any], *, dry: bool) -> None:
        checked(asked, self.media)
        key, count = asked["taskUUID"], asked.get("numberResults", 1)
        amount = price(asked)
        if dry:
            data.append({"taskType": "imageInference", "taskUUID": key, "cost": round(amount * count, 6)})
            return
        self.settle()
        old = self.tasks.get(key)
        if (old and (self.conflict_after or len(old.items) + len(old.bad) < count)) or self.taken("start", "conflict"):
            raise Minds("conflictTaskUUID", "A task with this UUID exists.", "taskUUID")
        if self.balance < amount * count:
            raise Minds("insufficientCredits", "The balance is insufficient.", "", status=402)
        now = time.time() + self.latency
        task = Task(asked, amount, [now + n * self.stagger for n in range(count)])
        fault = self.taken("start", "fail_later", "fail_one")
        if fault:
            failing = range(count) if fault.name == "fail_later" else [count - 1]
            task.bad = dict.fromkeys(failing, fault.value or ("timeoutProvider", "The external provider did not respond within the timeout window. The request was automatically terminated."))  # fmt: skip
        self.tasks[key] = task
        self.peak = max(self.peak, sum(not one.billed for one in self.tasks.values()))
        held = {} if asked.get("deliveryMethod") == "async" else {"hold": max(task.ready)}
        data.append({"taskType": "imageInference", "taskUUID": key, **held})
        if asked.get("webhookURL"):
            threading.Thread(target=self._call_back, args=(key, asked["webhookURL"]), daemon=True).start()

    def settle(self) -> None:
        now = time.time()
        for key, task in self.tasks.items():
            for n, moment in enumerate(task.ready):
                if moment <= now and n not in task.items and n not in task.bad:
                    task.items[n] = self._made(key, task, n)
            if not task.billed and max(task.ready) <= now:
                task.billed = True
                asked, count = task.asked, len(task.items)
                size = asked.get("resolution") or f"{asked['width']}x{asked['height']}"
                self.charge(
                    key=key, model=asked["model"], size=size, amount=round(task.amount * count, 6), charged=count > 0
                )

    def _made(self, key: str, task: Task, n: int) -> dict[str, Any]:
        asked = task.asked
        width, height = (asked["width"], asked["height"]) if "width" in asked else SIZES[asked["resolution"]]
        form, name = asked.get("outputFormat", "JPG"), str(uuid.uuid4())
        data = self.drawn(width, height, form, f"{key} {n}", asked["positivePrompt"])
        item: dict[str, Any] = {"taskType": "imageInference", "taskUUID": key, "imageUUID": name, "status": "success"}
        if asked.get("outputType", "URL") == "URL":
            item["imageURL"] = self.keep(
                data, f"image/{FORMS[form]}", name=name, life=asked.get("ttl", 86400) * self.scale
            )
        elif asked["outputType"] == "base64Data":
            item["imageBase64Data"] = base64.b64encode(data).decode()
        else:
            item["imageDataURI"] = f"data:image/{FORMS[form]};base64,{base64.b64encode(data).decode()}"
        item["seed"] = asked["seed"] + n if "seed" in asked else random.getrandbits(32)
        if asked.get("safety", {}).get("checkContent"):
            item["NSFWContent"] = False
        if asked.get("includeCost"):
            item["cost"] = task.amount
        return item

    def _told(self, key: str, data: list[Any], errors: list[Any]) -> None:
        self.settle()
        fault = self.taken("poll", "empty", "forgotten")
        if fault and fault.name == "forgotten":
            raise Minds("taskNotFound", "The task was not found or has expired.", "taskUUID", status=404)
        task = self.tasks.get(key)
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
                data.append(dict(task.items[n]))

    def _stored(self, task: dict[str, Any]) -> dict[str, Any]:
        older = task["taskType"] == "imageUpload"
        media = str(task.get("image" if older else "media") or "")
        try:
            decoded = base64.b64decode(media.partition(",")[2] or media, validate=True)
        except ValueError:
            decoded = b""
        if not media.startswith("http") and len(decoded) < 8:
            raise Minds("invalidMedia", "This is no picture.", "image" if older else "media")
        name = str(uuid.UUID(bytes=hashlib.sha256(decoded).digest()[:16], version=4))
        self.media[name] = time.time()
        one = {"imageUUID": name} if older else {"mediaUUID": name, "mediaURL": f"{self.root}/files/{name}"}
        return {"taskType": task["taskType"], "taskUUID": task.get("taskUUID"), **one}

    def _details(self, key: str) -> dict[str, Any]:
        task = self.tasks.get(key)
        if task is None:
            raise Minds("taskNotFound", "The task was not found.", "taskUUID", status=404)
        told: list[Any] = []
        self._told(key, told, [])
        return {"taskType": "getTaskDetails", "taskUUID": key, "request": [task.asked], "response": {"data": told}}

    def _call_back(self, key: str, url: str) -> None:
        """One POST an item once it is there; tried again where the answer is no 2xx. `callback` faults: twice, malformed."""
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
            fault = self.taken("callback", "twice", "malformed", "late")
            if fault and fault.name == "malformed":
                body = body[: len(body) // 2]
            if fault and fault.name == "late" and self.stop.wait(fault.value):
                return
            for _ in range(2 if fault and fault.name == "twice" else 1):
                self._posted(url, body)

    def _posted(self, url: str, body: bytes) -> None:
        for pause in (0.0, 1.0, 5.0):
            if self.stop.wait(pause * self.scale):
                return
            request = urllib.request.Request(url, body, {"content-type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=5):
                    return
            except OSError:
                continue


__all__ = ["MODELS", "RunwareEmulator"]
