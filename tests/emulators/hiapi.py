"""hiapi's unified tasks: POST /v1/tasks, GET /v1/tasks/ID. Rules as documented; what is not documented is a switch."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.serving import Call, Emulator, Handler, Reply, query

TEN = {"auto", "1:1", "16:9", "9:16", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9"}
# model → ratios, most references (None: no such field), longest prompt, formats, dollars by tier ("" where it has none)
MODELS: dict[str, tuple[set[str], int | None, int, tuple[str, ...], dict[str, float]]] = {
    "Nano-Banana": (TEN, None, 5000, ("png", "jpeg"), {"": 0.05}),
    "Nano-Banana-2": (
        TEN | {"1:4", "1:8", "4:1", "8:1"},
        14,
        5000,
        ("png", "jpg"),
        {"1K": 0.085, "2K": 0.076, "4K": 0.114},
    ),
    "Nano-Banana-Pro": (TEN, 8, 10000, ("png", "jpg"), {"1K": 0.17, "2K": 0.17, "4K": 0.30}),
}
SIDES = {"": 1024, "1K": 1024, "2K": 2048, "4K": 4096}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LARGEST = 10 * 1024 * 1024
DAY = 86400.0


@dataclass
class Task:
    asked: dict[str, Any]
    created: float
    steps: tuple[float, float, float]  # moments of handling, archiving and the end
    fails: tuple[str, str] | None
    amount: float
    key: str
    output: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False


class HiApiHandler(Handler):
    def _step(self, call: Call) -> str:
        return "start" if call.method == "POST" else "poll"


class HiApiEmulator(Emulator):
    """Switches: `per_minute` and `concurrent` limits, `blog_errors` and `blog_tasks` (the other shapes), `secret` (signs callbacks),
    `life` (seconds of a result's link), `replays` (how often a key was answered with its first task).
    """

    name = "hiapi"
    handler = HiApiHandler

    def __init__(self, port: int = 0, **more: Any) -> None:
        self.tasks: dict[str, Task] = {}
        self.keys: dict[str, tuple[str, str, float]] = {}  # idempotency key → hash of the body, task, moment
        self.per_minute, self.concurrent, self.life = 60, 10, 7 * DAY
        self.blog_errors = self.blog_tasks = False
        self.secret, self.replays, self.balance = "", 0, 1e9
        self._recent: deque[float] = deque()
        super().__init__(port, **more)

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        codes = {400: "INVALID_REQUEST", 401: "UNAUTHORIZED", 402: "INSUFFICIENT_BALANCE", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "RATE_LIMIT_EXCEEDED", 503: "MODEL_UNAVAILABLE"}  # fmt: skip
        named = code or codes.get(status, "INTERNAL_ERROR")
        if self.blog_errors:
            return {"error": {"code": named.lower(), "type": "hiapi_error", "message": message, "request_id": "req_1"}}
        return {"code": status, "message": message or f"The service says {named}.", "data": None, "error_code": named}

    def routed(self, call: Call, raw: bytes) -> Reply:
        if call.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(401, self.error(401))
        path = urlsplit(call.path).path
        with self.lock:
            limits = self._limits()
            if int(limits["X-RateLimit-Remaining"]) < 0:
                return Reply(
                    429,
                    self.error(429),
                    {**limits, "X-RateLimit-Remaining": "0", "Retry-After": limits["X-RateLimit-Reset"]},
                )
            self.settle()
            if call.method == "POST" and path == "/v1/tasks":
                reply = self._create(call, raw)
            elif call.method == "GET" and path == "/v1/tasks":
                asked = query(call.path)
                page, size = int(asked.get("page", 1)), int(asked.get("size", 20))
                newest = sorted(self.tasks, key=lambda name: -self.tasks[name].created)
                listed = [self._told(name) for name in newest[(page - 1) * size : page * size]]
                reply = Reply(200, self._wrapped({"tasks": listed, "page": page, "size": size, "total": len(newest)}))
            elif call.method == "GET" and path.removeprefix("/v1/tasks/") in self.tasks:
                if self.taken("poll", "forgotten"):
                    return Reply(404, self.error(404))
                told = self._told(path.removeprefix("/v1/tasks/"))
                reply = Reply(200, told if self.blog_tasks else self._wrapped(told))
            else:
                reply = Reply(404, self.error(404, message="task not found"))
        reply.headers |= limits
        return reply

    def _limits(self) -> dict[str, str]:
        now, window = time.time(), 60 * self.scale
        while self._recent and self._recent[0] < now - window:
            self._recent.popleft()
        self._recent.append(now)
        reset = max(0.0, self._recent[0] + window - now)
        return {
            "X-RateLimit-Limit": str(self.per_minute), "X-RateLimit-Remaining": str(self.per_minute - len(self._recent)),
            "X-RateLimit-Reset": str(int(reset) + 1),
        }  # fmt: skip

    def _wrapped(self, data: Any) -> Any:
        return {"code": 200, "message": "success", "data": data}

    def _create(self, call: Call, raw: bytes) -> Reply:
        if len(raw) > LARGEST:
            return Reply(413, self.error(413, "BODY_TOO_LARGE"))
        key, print_ = call.headers.get("idempotency-key", ""), hashlib.sha256(raw).hexdigest()
        if self.taken("start", "processing"):
            return Reply(409, self.error(409, "IDEMPOTENCY_KEY_PROCESSING"), {"Retry-After": "2"})
        known = self.keys.get(key)
        if key and known and time.time() - known[2] < DAY * self.scale:
            if known[0] != print_:
                return Reply(422, self.error(422, "IDEMPOTENCY_KEY_MISMATCH"))
            self.replays += 1
            return Reply(200, self._wrapped({"taskId": known[1]}), {"Idempotent-Replay": "true"})
        wrong = minds(call.body)
        if wrong:
            return Reply(400, self.error(400, "INVALID_REQUEST", wrong))
        asked = call.body["input"]
        amount = MODELS[call.body["model"]][4][_tier(call.body)]
        if self.balance < amount:
            return Reply(402, self.error(402))
        if sum(not task.over for task in self.tasks.values()) >= self.concurrent:
            wait = self.taken("start", "dated")
            word = formatdate(time.time() + 2, usegmt=True) if wait else "2"
            return Reply(429, self.error(429, message="too many concurrent tasks"), {"Retry-After": word})
        name = "tk-hiapi-" + "".join(random.choices(CROCKFORD, k=26))
        now = time.time()
        fault = self.taken("start", "fail_later")
        fails = (fault.value or ("TASK_FAILED", "the model could not draw this")) if fault else None
        steps = (now + self.latency * 0.1, now + self.latency * 0.9, now + self.latency)
        self.tasks[name] = Task(call.body, now, steps, fails, amount, key)
        self.peak = max(self.peak, sum(not one.over for one in self.tasks.values()))
        if key:
            self.keys[key] = (print_, name, now)
        if call.body.get("callback"):
            threading.Thread(target=self._call_back, args=(name, call.body["callback"]["url"]), daemon=True).start()
        assert asked
        return Reply(200, self._wrapped({"taskId": name}))

    def settle(self) -> None:
        now = time.time()
        for name, task in self.tasks.items():
            if task.over or task.steps[2] > now:
                continue
            task.over = True
            tier = _tier(task.asked)
            if not task.fails:
                asked = task.asked["input"]
                form = "PNG" if asked.get("output_format", "png") == "png" else "JPG"
                width, height = _sides(asked.get("aspect_ratio", "auto"), SIDES[tier])
                data = self.drawn(width, height, form, name, asked["prompt"])
                url = self.keep(
                    data, "image/png" if form == "PNG" else "image/jpeg", name=name, life=self.life * self.scale
                )
                task.output = [{"url": url, "type": "image", "expireAt": int(now + self.life * self.scale)}]
            self.charge(
                key=task.key,
                task=name,
                model=task.asked["model"],
                size=tier,
                amount=task.amount,
                charged=not task.fails,
            )

    def _told(self, name: str) -> dict[str, Any]:
        task, now = self.tasks[name], time.time()
        fault = self.taken("poll", "empty", "odd_word")
        words = ("queued", "handling", "archiving", "fail" if task.fails else "success")
        state = (
            "success"
            if task.over and not task.fails
            else "fail"
            if task.over
            else words[sum(step <= now for step in task.steps[:2])]
        )
        if fault and fault.name == "odd_word":
            state = "reticulating"
        told: dict[str, Any] = {
            "taskId": name, "model": task.asked["model"], "status": state, "created": int(task.created),
            "completed": int(task.steps[2]) if task.over else 0,
        }  # fmt: skip
        if state == "success":
            told["output"] = [] if fault and fault.name == "empty" else task.output
        if state == "fail":
            assert task.fails
            told["error"] = {"code": task.fails[0], "message": task.fails[1]}
        if self.blog_tasks:
            told = {**told, "id": name, "status": {"success": "succeeded", "fail": "failed"}.get(state, "pending")}
            del told["taskId"]
        return told

    def _call_back(self, name: str, url: str) -> None:
        """The data object of GET, signed over stamp, dot and raw body. `callback` faults: twice, unsigned, malformed, late."""
        if self.stop.wait(self.latency + 0.01):
            return
        with self.lock:
            self.settle()
            body = json.dumps(self._told(name)).encode()
        fault = self.taken("callback")
        what = fault.name if fault else ""
        if what == "malformed":
            body = body[: len(body) // 2]
        if what == "late" and fault and self.stop.wait(fault.value):
            return
        headers = {"content-type": "application/json"}
        if self.secret and what != "unsigned":
            stamp = str(int(time.time()))
            digest = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
            headers |= {"X-HiAPI-Timestamp": stamp, "X-HiAPI-Signature": digest.hexdigest()}
        for _ in range(2 if what == "twice" else 1):
            for pause in (0.0, 1.0, 5.0):
                if self.stop.wait(pause * self.scale):
                    return
                try:
                    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5):
                        break
                except OSError:
                    continue


def minds(body: Any) -> str:
    """What is wrong with a create, or ""."""
    if not isinstance(body, dict) or not isinstance(body.get("input"), dict):
        return "model and input are required"
    if set(body) - {"model", "input", "callback", "route", "storage"}:
        return "unknown field"
    model, asked = body.get("model"), body["input"]
    if model not in MODELS:
        return "unknown model"
    ratios, references, longest, forms, tiers = MODELS[model]
    fields = {"prompt", "aspect_ratio", "output_format", *(["resolution"] if "" not in tiers else []), *(["image_input"] if references else [])}  # fmt: skip
    for name in asked:
        if name not in fields:
            return f"{name} is not supported by {model}"
    if not isinstance(asked.get("prompt"), str) or not 1 <= len(asked["prompt"]) <= longest:
        return f"prompt: 1 to {longest} characters"
    if asked.get("aspect_ratio", "auto") not in ratios:
        return "aspect_ratio is not supported"
    if asked.get("output_format", "png") not in forms:
        return "output_format is not supported"
    if "" not in tiers and asked.get("resolution", "1K") not in tiers:
        return "resolution: 1K, 2K or 4K"
    links = asked.get("image_input", [])
    if len(links) > (references or 0):
        return f"image_input: at most {references}"
    if not all(isinstance(link, str) and link.startswith(("http://", "https://")) for link in links):
        return "image_input: links only"
    callback = body.get("callback")
    if callback is not None and (
        not str(callback.get("url", "")).startswith("http") or callback.get("when") != "final"
    ):
        return "callback: url and when=final"
    return ""


def _tier(body: dict[str, Any]) -> str:
    return "" if body["model"] == "Nano-Banana" else body["input"].get("resolution", "1K")


def _sides(ratio: str, side: int) -> tuple[int, int]:
    wide, _, high = ("1:1" if ratio == "auto" else ratio).partition(":")
    exact = int(wide) / int(high)
    return round(side * exact**0.5 / 16) * 16, round(side / exact**0.5 / 16) * 16
