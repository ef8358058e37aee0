"""Every fault at every engine it applies to: named, and true to the emulator's ledger. `-s` prints the table."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import time
from dataclasses import dataclass

import pytest

from studio.media import intake
from studio.providers.base import ProviderError
from studio.providers.failures import KINDS
from tests.providers.conftest import KINDS as EMULATORS
from tests.providers.engines import CANARY, asked, attempt, client, draw, drawn, using

ASYNC = ("runware", "hiapi")
ALL = (*ASYNC, "gemini")
MINUTE = "a date in a minute"


@dataclass(frozen=True)
class Case:
    """`kind`, `charged` and `permanent` are what the client must say; `bought` is how many pictures the ledger must show as charged."""

    name: str
    at: str
    fault: str
    kind: str
    charged: bool | None
    bought: int
    engines: tuple[str, ...] = ALL
    value: object = None
    permanent: bool | None = None
    wait: float | None = None
    patience: float = 20.0
    deadline: float = 20.0


def soon(name, at, *rest, **more):
    """A case that is over when the client's own time is."""
    return Case(name, at, *rest, **{"patience" if at == "link" else "deadline": 0.5}, **more)


CASES = [
    # before acceptance
    Case("429, Retry-After 7", "start", "status", "rate", False, 0, value=(429, {"Retry-After": "7"}), wait=7, permanent=False),
    Case("429, Retry-After a date", "start", "status", "rate", False, 0, value=(429, {"Retry-After": MINUTE}), wait=60, permanent=False),
    Case("402", "start", "status", "balance", False, 0, value=(402, {}), permanent=True),
    Case("401", "start", "status", "key", False, 0, value=(401, {}), permanent=True),
    Case("503", "start", "status", "busy", False, 0, value=(503, {}), permanent=False),
    Case("500", "start", "status", "broken", None, 0, ("runware",), value=(500, {}), permanent=False),
    Case("500", "start", "status", "unknown_outcome", None, 0, ("hiapi",), value=(500, {}), permanent=False),
    Case("500", "start", "status", "unknown_outcome", None, 0, ("gemini",), value=(500, {}), permanent=True),
    Case("504", "start", "status", "slow", None, 0, ("runware",), value=(504, {}, "timeoutProvider"), permanent=False),
    Case("504", "start", "status", "unknown_outcome", None, 0, ("hiapi",), value=(504, {}), permanent=False),
    Case("504", "start", "status", "unknown_outcome", None, 0, ("gemini",), value=(504, {}), permanent=True),
    Case("HTML 502", "start", "html", "unknown_outcome", None, 0),
    Case("HTML 503", "start", "html", "unknown_outcome", None, 0, value=503),
    Case("refused connection", "", "refused", "unreachable", False, 0, permanent=False),
    Case("drop before charging", "start", "drop_before", "unknown_outcome", None, 0),
    # after acceptance, before our ticket
    Case("drop after charging", "start", "drop_after", "unknown_outcome", None, 1),
    Case("500 after charging", "start", "status_after", "unknown_outcome", None, 1, ("hiapi", "gemini"), value=(500, {})),
    Case("500 after charging", "start", "status_after", "broken", None, 1, ("runware",), value=(500, {})),
    soon("slow header", "start", "slow", "unknown_outcome", None, 1, value=30),
    soon("one byte at a time", "start", "drip", "unknown_outcome", None, 1, value=0.5),
    Case("truncated JSON", "start", "cut", "unknown_outcome", None, 1),
    Case("half JSON, whole length", "start", "broken_json", "unknown_outcome", None, 1),
    Case("HTML for JSON, 200", "start", "html_after", "unknown_outcome", None, 1),
    # the service's own
    Case("conflict on the first send", "start", "conflict", "", None, 0, ("runware",)),
    Case("key in flight", "start", "processing", "rate", None, 0, ("hiapi",), wait=2, permanent=False),
    Case("fails after acceptance", "start", "fail_later", "slow", None, 0, ("runware",)),
    Case("declined after acceptance", "start", "fail_later", "refused", None, 0, ("runware",), ("providerContentPolicyViolation", "No."), True),
    Case("fails after acceptance", "start", "fail_later", "failed", None, 0, ("hiapi",), permanent=True),
    Case("declined after acceptance", "start", "fail_later", "refused", None, 0, ("hiapi",), ("CONTENT_POLICY", "No."), True),
    Case("service time-out after acceptance", "start", "fail_later", "slow", None, 0, ("hiapi",), ("TASK_TIMEOUT", "late"), True),
    Case("done without a picture", "poll", "empty", "empty", None, 1, ("hiapi",), permanent=True),
    Case("task forgotten", "poll", "forgotten", "unknown_outcome", None, 1, ASYNC),
    Case("prompt blocked", "start", "prompt_blocked", "refused", None, 0, ("gemini",), permanent=True),
    Case("output blocked", "start", "image_safety", "refused", None, 0, ("gemini",), permanent=True),
    Case("output prohibited", "start", "image_prohibited", "refused", None, 0, ("gemini",), permanent=True),
    Case("recitation", "start", "recitation", "refused", None, 0, ("gemini",), permanent=True),
    Case("text only", "start", "text_only", "refused", None, 0, ("gemini",), permanent=True),
    Case("no image", "start", "no_image", "empty", None, 0, ("gemini",), permanent=True),
    Case("200 without candidates", "start", "no_candidates", "empty", None, 0, ("gemini",), permanent=True),
    Case("unknown finish reason", "start", "unknown_reason", "refused", None, 0, ("gemini",), permanent=True),
    Case("quota of the minute", "start", "quota_minute", "rate", False, 0, ("gemini",), wait=22, permanent=False),
    Case("quota of the day", "start", "quota_day", "quota", False, 0, ("gemini",), permanent=True),
    Case("picture is no picture", "start", "not_a_picture", "wrong_bytes", True, 1, ("gemini",), permanent=True),
    # while it is waited for: the picture is bought, asking again costs nothing
    Case("429 to a question", "poll", "status", "rate", None, 1, ASYNC, (429, {"Retry-After": "3"}), False, 3),
    Case("500 to a question", "poll", "status", "slow", None, 1, ASYNC, (500, {}), False),
    Case("503 to a question", "poll", "status", "slow", None, 1, ASYNC, (503, {"Retry-After": "4"}), False, 4),
    Case("HTML to a question", "poll", "html", "slow", None, 1, ASYNC, None, False),
    Case("line drops on a question", "poll", "drop_after", "slow", None, 1, ASYNC, None, False),
    Case("half JSON to a question", "poll", "broken_json", "slow", None, 1, ASYNC, None, False),
    Case("key withdrawn while waiting", "poll", "status", "key", None, 1, ASYNC, (401, {}), True),
    # the picture itself: it is bought, whatever arrives
    Case("link 404", "link", "404", "expired", True, 1, ASYNC, permanent=True),
    Case("link expired", "link", "expired", "expired", True, 1, ASYNC, permanent=True),
    Case("link 503", "link", "503", "download", True, 1, ASYNC, permanent=False),
    Case("link gives HTML", "link", "html", "wrong_bytes", True, 1, ASYNC, permanent=True),
    Case("link gives another type", "link", "wrong_type", "wrong_bytes", True, 1, ASYNC, permanent=True),
    Case("link cut off", "link", "cut", "download", True, 1, ASYNC, permanent=False),
    soon("link one byte at a time", "link", "drip", "download", True, 1, engines=ASYNC, value=0.5, permanent=False),
    Case("link without end", "link", "huge", "too_large", True, 1, ASYNC, permanent=True),
    Case("link packs 64 MB into little", "link", "gzip_bomb", "too_large", True, 1, ASYNC, permanent=True),
    Case("link leads to the metadata service", "link", "redirect_inside", "refused_address", True, 1, ASYNC, permanent=True),
    Case("link leads round in circles", "link", "redirect_loop", "download", True, 1, ASYNC, permanent=True),
    # bytes that pass for a picture until they are opened
    Case("half a picture", "link", "half", "intake", True, 1, ("runware",)),
    Case("a picture of 900 megapixels", "link", "pixel_bomb", "intake", True, 1, ("hiapi",)),
]  # fmt: skip
ROWS = [(case, engine) for case in CASES for engine in case.engines]
TABLE: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def table():
    yield
    print("\n" + "\n".join(["fault · engine → kind · charged · permanent · wait · ledger", *TABLE]))


@pytest.fixture(params=[pytest.param(row, id=f"{row[0].name}-{row[1]}".replace(" ", "_")) for row in ROWS])
def row(request):
    case, name = request.param
    with EMULATORS[name](key=CANARY) as emulator:
        if name == "hiapi":
            emulator.per_minute = 6000
        yield case, emulator


async def outcome(case, emulator, key):
    engine = client(emulator, patience=case.patience, deadline=case.deadline)
    try:
        with emulator.refusing() if case.fault == "refused" else contextlib.nullcontext():
            result = await draw(engine, asked(emulator.name), key, times=5)
        intake.read(result.pictures[0].data, "panel")
    finally:
        await engine.aclose()


def settled(emulator, wanted):
    """Pictures charged, once the service has come to its end: it may still be drawing what nobody waits for."""
    limit = time.monotonic() + 20
    while len(emulator.charged()) < wanted and time.monotonic() < limit:
        time.sleep(0.02)
    return len(emulator.charged())


def test_it_names_each_fault_and_is_truthful_about_money(row):
    case, emulator = row
    key = attempt()
    value = case.value
    if value == (429, {"Retry-After": MINUTE}):
        value = (429, {"Retry-After": email.utils.formatdate(time.time() + 60, usegmt=True)})
    if case.at:
        emulator.break_at(case.at, case.fault, value)
    if (
        case.fault == "conflict"
    ):  # the first send is refused as known: then only the poll can tell, and it knows of nothing
        with pytest.raises(AssertionError, match="no picture came"):
            asyncio.run(outcome(case, emulator, key))
        assert emulator.ledger == []
        TABLE.append(f"{case.name:38} {emulator.name:8} accepted, and waited for")
        return
    with pytest.raises((ProviderError, intake.Refused)) as caught:
        asyncio.run(outcome(case, emulator, key))
    error, bought = caught.value, settled(emulator, case.bought)
    assert bought == case.bought
    if case.kind == "intake":
        assert isinstance(error, intake.Refused)
        TABLE.append(f"{case.name:38} {emulator.name:8} refused by intake · {bought}")
        return
    assert isinstance(error, ProviderError)
    said = "unknown" if error.charged is None else error.charged
    TABLE.append(
        f"{case.name:38} {emulator.name:8} {error.kind:16} {said!s:8} {error.permanent!s:6} {error.retry_after or '':>6} {bought}"
    )
    assert error.kind == case.kind
    assert error.kind in KINDS
    assert error.charged is case.charged
    if error.charged is not None:
        assert error.charged is (bought > 0)
    if case.permanent is not None:
        assert error.permanent is case.permanent
    if case.wait is None:
        assert error.retry_after is None or case.kind == "rate"
    else:
        assert error.retry_after == pytest.approx(case.wait, abs=30 if case.wait == 60 else 0.01)
    assert error.message[-1] == "."
    assert error.remedy
    assert CANARY not in f"{error} {error.details} {error.remedy} {error!r}"


AGAIN = [
    ("drop_before", None),
    ("drop_after", None),
    ("cut", None),
    ("broken_json", None),
    ("html_after", None),
    ("html", 502),
    ("slow", 30),
]


@pytest.mark.parametrize("name", ASYNC)
@pytest.mark.parametrize(("fault", "value"), AGAIN)
def test_it_buys_once_where_the_same_key_goes_again(name, fault, value):
    key = attempt()

    async def lost(engine):
        with pytest.raises(ProviderError) as caught:
            await engine.start(asked(name), key)
        assert (caught.value.kind, caught.value.permanent) == ("unknown_outcome", False)

    with EMULATORS[name](key=CANARY) as emulator:
        emulator.break_at("start", fault, value)
        using(emulator, lost, deadline=0.5 if fault == "slow" else 20)
        assert drawn(emulator, key=key).pictures  # as after a restart: nothing is left of the first client
        assert len(emulator.charged(key)) == len(emulator.ledger) == 1
        TABLE.append(f"{fault + ', then the same key again':38} {name:8} a picture · 1")


def test_it_never_repeats_the_key_that_an_answer_repeats(emulator):
    for status in (400, 401, 500):
        emulator.break_at("start", "echo", status)
        with pytest.raises(ProviderError) as caught:
            asyncio.run(outcome(CASES[0], emulator, attempt()))
        assert "[key]" in caught.value.details
        assert CANARY not in caught.value.details
