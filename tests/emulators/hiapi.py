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

from tests.emulators.fetching import OPENER, looked_at
from tests.emulators.serving import Emulator
from tests.emulators.wire import Call, Reply, query

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
    account: str
    output: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False


class HiApiEmulator(Emulator):
    """Switches: `per_minute` and `concurrent` limits, `blog_errors` and `blog_tasks` (the other shapes), `secret` (signs callbacks),
    `life` (seconds of a result's link), `replays` (how often a key was answered with its first task).
    """

    name = "hiapi"

    def __init__(
        self, port: int = 0, *, concurrency: int | None = 10, per_minute: int | None = 60, **more: Any
    ) -> None:
        self.tasks: dict[str, Task] = {}
        self.keys: dict[
            tuple[str, str], tuple[str, str, float]
        ] = {}  # account, idempotency key → hash of the body, task, moment
        self.per_minute, self.concurrent, self.life = per_minute or 60, concurrency or 10, 7 * DAY
        self.blog_errors = self.blog_tasks = False
        self.secret, self.replays, self.balance = "", 0, 1e9
        self._recent: dict[str, deque[float]] = {}
        self._open: dict[str, Task] = {}
        super().__init__(port, concurrency=self.concurrent, per_minute=self.per_minute, **more)

    def step(self, call: Call) -> str:
        return "start" if call.method == "POST" else "poll"

    def who(self, call: Call) -> tuple[str, ...]:
        task = self.tasks.get(urlsplit(call.path).path.removeprefix("/v1/tasks/"))
        return (self.account(call), call.headers.get("idempotency-key", ""), task.key if task else "")

    def error(self, status: int, code: str = "", message: str = "") -> Any:
        codes = {400: "INVALID_REQUEST", 401: "UNAUTHORIZED", 402: "INSUFFICIENT_BALANCE", 403: "FORBIDDEN", 404: "NOT_FOUND", 429: "RATE_LIMIT_EXCEEDED", 503: "MODEL_UNAVAILABLE"}  # fmt: skip
        named = code or codes.get(status, "INTERNAL_ERROR")
        if self.blog_errors:
            return {"error": {"code": named.lower(), "type": "hiapi_error", "message": message, "request_id": "req_1"}}
        return {"code": status, "message": message or f"The service says {named}.", "data": None, "error_code": named}

    async def routed(self, call: Call, raw: bytes) -> Reply:
        account = self.account(call)
        if not self.known(account):
            return Reply(401, self.error(401))
        path = urlsplit(call.path).path
        lost = await looked_at(_links(call.body)) if self.fetches else ""
        with self.lock:
            limits = self._limits(account)
            if int(limits["X-RateLimit-Remaining"]) < 0:
                return Reply(
                    429,
                    self.error(429),
                    {**limits, "X-RateLimit-Remaining": "0", "Retry-After": limits["X-RateLimit-Reset"]},
                )
            self.settle()
            if call.method == "POST" and path == "/v1/tasks":
                reply = self._create(call, raw, account, lost)
            elif call.method == "GET" and path == "/v1/tasks":
                asked = query(call.path)
                page, size = int(asked.get("page", 1)), int(asked.get("size", 20))
                own = [name for name, task in self.tasks.items() if task.account == account]
                newest = sorted(own, key=lambda name: -self.tasks[name].created)
                listed = [self._told(name) for name in newest[(page - 1) * size : page * size]]
                reply = Reply(200, self._wrapped({"tasks": listed, "page": page, "size": size, "total": len(newest)}))
            elif call.method == "GET" and self._is_of(path.removeprefix("/v1/tasks/"), account):
                if self.taken("poll", "forgotten", who=self.who(call)):
                    return Reply(404, self.error(404))
                told = self._told(path.removeprefix("/v1/tasks/"))
                reply = Reply(200, told if self.blog_tasks else self._wrapped(told))
            else:
                reply = Reply(404, self.error(404, message="task not found"))
        reply.headers |= limits
        return reply

    def _is_of(self, name: str, account: str) -> bool:
        return name in self.tasks and self.tasks[name].account == account

    def _limits(self, account: str) -> dict[str, str]:
        now, window = time.time(), 60 * self.scale
        recent = self._recent.setdefault(account, deque())
        while recent and recent[0] < now - window:
            recent.popleft()
        recent.append(now)
        reset = max(0.0, recent[0] + window - now)
        return {
            "X-RateLimit-Limit": str(self.per_minute), "X-RateLimit-Remaining": str(self.per_minute - len(recent)),
            "X-RateLimit-Reset": str(int(reset) + 1),
        }  # fmt: skip

    def _wrapped(self, data: Any) -> Any:
        return {"code": 200, "message": "success", "data": data}

    def _create(self, call: Call, raw: bytes, account: str, lost: str) -> Reply:
        if len(raw) > LARGEST:
            return Reply(413, self.error(413, "BODY_TOO_LARGE"))
        key, print_ = call.headers.get("idempotency-key", ""), hashlib.sha256(raw).hexdigest()
        who = (account, key)
        if self.taken("start", "processing", who=who):
            return Reply(409, self.error(409, "IDEMPOTENCY_KEY_PROCESSING"), {"Retry-After": "2"})
        known = self.keys.get((account, key))
        if key and known and time.time() - known[2] < DAY * self.scale:
            if known[0] != print_:
                return Reply(422, self.error(422, "IDEMPOTENCY_KEY_MISMATCH"))
            self.replays += 1
            return Reply(200, self._wrapped({"taskId": known[1]}), {"Idempotent-Replay": "true"})
        wrong = minds(call.body) or (f"image_input: {lost} gives no picture" if lost else "")
        if wrong:
            return Reply(400, self.error(400, "INVALID_REQUEST", wrong))
        amount = MODELS[call.body["model"]][4][_tier(call.body)]
        if self.balance < amount:
            return Reply(402, self.error(402))
        under_way = sum(task.account == account for task in self._open.values())
        if under_way >= self.concurrent:
            self.seen.refused(account, under_way + 1)
            wait = self.taken("start", "dated", who=who)
            word = formatdate(time.time() + 2, usegmt=True) if wait else "2"
            return Reply(429, self.error(429, message="too many concurrent tasks"), {"Retry-After": word})
        name = "tk-hiapi-" + "".join(random.choices(CROCKFORD, k=26))
        now = time.time()
        fault = self.taken("start", "fail_later", who=who)
        fails = (fault.value or ("TASK_FAILED", "the model could not draw this")) if fault else None
        takes = self.takes()
        steps = (now + takes * 0.1, now + takes * 0.9, now + takes)
        self.tasks[name] = self._open[name] = Task(call.body, now, steps, fails, amount, key, account)
        self.peak = max(self.peak, len(self._open))
        self.seen.under_way(account, under_way + 1)
        if key:
            self.keys[account, key] = (print_, name, now)
        if call.body.get("callback"):
            threading.Thread(target=self._call_back, args=(name, call.body["callback"]["url"]), daemon=True).start()
        return Reply(200, self._wrapped({"taskId": name}))

    def settle(self) -> None:
        now = time.time()
        for name, task in list(self._open.items()):
            if task.steps[2] > now:
                continue
            task.over = True
            del self._open[name]
            self.seen.under_way(task.account, sum(one.account == task.account for one in self._open.values()))
            tier = _tier(task.asked)
            if not task.fails:
                asked = task.asked["input"]
                form = "PNG" if asked.get("output_format", "png") == "png" else "JPG"
                width, height = _sides(asked.get("aspect_ratio", "auto"), SIDES[tier])
                data = self.drawn(width, height, form, name, asked["prompt"])
                url = self.keep(
                    data, "image/png" if form == "PNG" else "image/jpeg", name=name, life=self.life * self.scale,
                    who=(task.account, task.key),
                )  # fmt: skip
                task.output = [{"url": url, "type": "image", "expireAt": int(now + self.life * self.scale)}]
            self.charge(
                key=task.key,
                task=name,
                model=task.asked["model"],
                size=tier,
                amount=task.amount,
                charged=not task.fails,
                account=task.account,
                words=task.asked["input"]["prompt"],
            )

    def _told(self, name: str) -> dict[str, Any]:
        task, now = self.tasks[name], time.time()
        fault = self.taken("poll", "empty", "odd_word", who=(task.account, task.key))
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
        """The data object of GET, signed over stamp, dot and raw body.

        `callback` faults: twice, together (both in the same moment), malformed, late, never, unsigned, forged (signed with another
        secret), old (signed an hour ago).
        """
        task = self.tasks[name]
        if self.stop.wait(max(0.0, task.steps[2] - time.time()) + 0.01):
            return
        with self.lock:
            self.settle()
            body = json.dumps(self._told(name)).encode()
        fault = self.taken("callback", who=(task.account, task.key))
        what = fault.name if fault else ""
        if what == "malformed":
            body = body[: len(body) // 2]
        if what == "late" and fault and self.stop.wait(fault.value):
            return
        headers = {"content-type": "application/json"}
        if self.secret and what != "unsigned":
            stamp = str(int(time.time()) - 3600 * (what == "old"))
            secret = "another-secret" if what == "forged" else self.secret
            digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
            headers |= {"X-HiAPI-Timestamp": stamp, "X-HiAPI-Signature": digest.hexdigest()}
        if what == "together":
            threading.Thread(target=self._posted, args=(url, body, headers), daemon=True).start()
        for _ in range({"twice": 2, "never": 0}.get(what, 1)):
            self._posted(url, body, headers)

    def _posted(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        for pause in (0.0, 1.0, 5.0):
            if self.stop.wait(pause * self.scale):
                return
            try:
                with OPENER.open(urllib.request.Request(url, body, headers), timeout=5):
                    return
            except OSError:
                continue


def _links(body: Any) -> list[str]:
    asked = body.get("input") if isinstance(body, dict) else None
    found = asked.get("image_input") if isinstance(asked, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


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
