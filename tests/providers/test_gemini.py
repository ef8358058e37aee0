"""The Gemini client at an emulated gateway."""

import asyncio
import base64
import contextlib
import inspect
import re

import pytest

from studio.providers import places
from studio.providers.answer import Answer
from studio.providers.base import ProviderError
from studio.providers.egress import Gate
from studio.providers.gemini import Gemini, failure, read
from studio.providers.http import Door
from tests.emulators.gemini import BLOCKS
from tests.emulators.pictures import picture
from tests.providers.engines import asked, attempt, draw, drawn, posts, reference, size_of, using


@pytest.mark.parametrize(
    ("model", "size", "pixels"),
    [("gemini-3-pro-image-preview", "1K", (1376, 768)), ("gemini-3-pro-image", "4K", (5504, 3072)),
     ("gemini-3.1-flash-image-preview", "0.5K", (688, 384)), ("gemini-nano-banana-2.1", "2K", (2752, 1536))],
)  # fmt: skip
def test_it_draws_the_final_picture_and_skips_the_thoughts(gemini, model, size, pixels):
    result = drawn(gemini, asked("gemini", model=model, size=size))
    assert [size_of(one) for one in result.pictures] == [pixels]
    assert result.cost is None
    assert len(gemini.charged()) == 1


@pytest.mark.parametrize("switch", ["markdown", "url_safe", "snake"])
def test_it_reads_what_gateways_do_otherwise(gemini, switch):
    setattr(gemini, switch, True)
    assert size_of(drawn(gemini).pictures[0]) == (1376, 768)


def test_it_gives_every_picture_that_came(gemini):
    gemini.pictures = 2
    assert len(drawn(gemini).pictures) == 2
    gemini.pictures = 0
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.message) == (
        "refused",
        "The engine answered with words instead of a picture.",
    )


@pytest.mark.parametrize(
    ("block", "kind", "word"),
    [("prompt_blocked", "refused", "declined this prompt"), ("prompt_safety", "refused", "declined this prompt"),
     ("image_safety", "refused", "held it back"), ("image_prohibited", "refused", "held it back"), ("recitation", "refused", "held it back"),
     ("no_image", "empty", "without a picture"), ("image_other", "empty", "without a picture"), ("empty", "empty", "without a picture"),
     ("text_only", "refused", "words instead"), ("unknown_reason", "refused", "does not explain"), ("no_candidates", "empty", "without a picture")],
)  # fmt: skip
@pytest.mark.parametrize("bills", [False, True])
def test_it_tells_every_block_apart_and_claims_nothing_about_money(gemini, block, kind, word, bills):
    gemini.charges_blocks = bills
    gemini.break_at("start", block)
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert caught.value.kind == kind
    assert word in caught.value.message
    assert caught.value.charged is None
    assert caught.value.permanent
    assert {*BLOCKS, "no_candidates"} >= {block}


def test_it_keeps_what_the_engine_said_instead(gemini):
    gemini.break_at("start", "text_only")
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert caught.value.details == "I would rather talk about the weather."
    gemini.break_at("start", "unknown_reason")
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert caught.value.details == "IMAGE_MELANCHOLY The model was sad."


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_it_never_replays_what_may_have_been_charged(gemini, fault):
    gemini.break_at("start", fault)
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.charged, caught.value.permanent) == ("unknown_outcome", None, True)
    assert len(gemini.calls) == 1
    assert len(gemini.charged()) == (1 if fault == "drop_after" else 0)


def test_it_waits_for_a_slow_picture_to_its_own_deadline_and_not_longer(gemini):
    gemini.latency = 0.3
    assert drawn(gemini, deadline=20).pictures
    gemini.latency = 1000
    with pytest.raises(ProviderError) as caught:
        drawn(gemini, deadline=0.5)
    assert (caught.value.kind, caught.value.charged) == ("unknown_outcome", None)


def test_it_waits_a_minute_as_told_and_a_day_not_at_all(gemini):
    gemini.break_at("start", "quota_minute")
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.retry_after, caught.value.permanent) == ("rate", 22.0, False)
    gemini.break_at("start", "quota_day")
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.retry_after, caught.value.permanent) == ("quota", None, True)
    assert gemini.ledger == []


@pytest.mark.parametrize("openai", [False, True])
@pytest.mark.parametrize(
    ("status", "kind", "charged"),
    [(400, "invalid", False), (401, "key", False), (402, "balance", False), (403, "key", False), (404, "invalid", False), (429, "rate", False),
     (500, "unknown_outcome", None), (502, "unknown_outcome", None), (503, "busy", False), (504, "unknown_outcome", None)],
)  # fmt: skip
def test_it_reads_either_shape_of_an_error(gemini, openai, status, kind, charged):
    gemini.openai_errors = openai
    gemini.break_at("start", "status", (status, {}))
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.charged) == (kind, charged)


@pytest.mark.parametrize("odd", [[], None, "text", {"candidates": None}, {"candidates": [None, 3]}, {"candidates": [{"content": {"parts": ["x", None]}}]},
                                 {"candidates": [{"content": None}]}, {"promptFeedback": "x"}, {"error": {"code": 503, "message": "busy"}}, [{"error": {}}]])  # fmt: skip
def test_it_takes_no_odd_answer_for_a_picture(odd):
    with pytest.raises(ProviderError) as caught:
        read(Answer(200, {}, b"odd", odd))
    assert caught.value.charged is None or caught.value.kind == "busy"


PICTURE = picture(64, 64, "JPG", "a roof")
PLAIN = base64.b64encode(PICTURE).decode()


def answered(*parts, reason="STOP", message=""):
    candidate = {"content": {"parts": list(parts)}, "finishReason": reason, "finishMessage": message}
    return Answer(200, {}, b"", {"candidates": [candidate], "responseId": "r1"})


def inline(data):
    return {"inlineData": {"mimeType": "image/jpeg", "data": data}}


@pytest.mark.parametrize(
    "part",
    [
        inline("\r\n".join(re.findall(".{1,76}", PLAIN))),
        inline(PLAIN.translate(str.maketrans("+/", "-_")).rstrip("=")),
        inline(f"data:image/jpeg;base64,{PLAIN}"),
        {"inline_data": {"mime_type": "image/jpeg", "data": PLAIN}},
        {"text": f"Here: ![it](data:image/jpeg;base64,{PLAIN})"},
    ],
)
def test_it_reads_base64_as_gateways_write_it(part):
    result = read(answered(part))
    assert [(one.data, one.mime) for one in result.pictures] == [(PICTURE, "image/jpeg")]
    assert result.request_id == "r1"


def test_it_keeps_the_good_picture_of_two_and_takes_no_thought_for_one():
    thought = {**inline(base64.b64encode(picture(8, 8, "JPG", "interim")).decode()), "thought": True}
    result = read(answered(thought, inline("!!!"), inline(PLAIN)))
    assert [one.data for one in result.pictures] == [PICTURE]
    with pytest.raises(ProviderError) as caught:
        read(answered(thought))
    assert caught.value.kind == "empty"


@pytest.mark.parametrize(
    ("reason", "kind", "word"),
    [("STOP", "refused", "words instead"), ("", "refused", "words instead"), ("MAX_TOKENS", "refused", "words instead"),
     ("NO_IMAGE", "empty", "without a picture"), ("IMAGE_OTHER", "empty", "without a picture"), ("IMAGE_SAFETY", "refused", "held it back"),
     ("IMAGE_RECITATION", "refused", "held it back"), ("SPII", "refused", "held it back"), ("LANGUAGE", "refused", "does not explain"),
     ("MALFORMED_FUNCTION_CALL", "refused", "does not explain")],
)  # fmt: skip
def test_it_believes_the_reason_more_than_the_words_that_came_with_it(reason, kind, word):
    with pytest.raises(ProviderError) as caught:
        read(answered({"text": "Here is your picture."}, reason=reason))
    assert (caught.value.kind, caught.value.charged) == (kind, None)
    assert word in caught.value.message
    assert "Here is your picture." in caught.value.details


@pytest.mark.parametrize("name", ["blockReason", "block_reason"])
def test_it_says_why_a_prompt_was_blocked(name):
    feedback = {name: "JAILBREAK", f"{name}_message" if "_" in name else f"{name}Message": "Not that."}
    with pytest.raises(ProviderError) as caught:
        read(Answer(200, {}, b"", {"prompt_feedback" if "_" in name else "promptFeedback": feedback}))
    assert (caught.value.kind, caught.value.details) == ("refused", "JAILBREAK Not that.")
    assert "jailbreak" in caught.value.remedy


DAY = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "RequestsPerMinute"}, {"quotaMetric": "x/requests_per_day"}]}  # fmt: skip
MINUTE = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "RequestsPerMinute"}]}
AGAIN = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}


@pytest.mark.parametrize(
    ("status", "error", "kind", "charged", "wait"),
    [
        (403, {"code": "insufficient_user_quota", "message": "no money"}, "balance", False, None),
        (429, {"code": None, "type": "insufficient_quota", "message": "no money"}, "balance", False, None),
        (429, {"status": "RESOURCE_EXHAUSTED", "details": [MINUTE, AGAIN]}, "rate", False, 7.5),
        (429, {"status": "RESOURCE_EXHAUSTED", "details": [MINUTE]}, "rate", False, 3.0),  # the header
        (429, {"status": "RESOURCE_EXHAUSTED", "details": [{**AGAIN, "retryDelay": "999999s"}]}, "rate", False, 3600.0),
        (429, {"status": "RESOURCE_EXHAUSTED", "details": [DAY, AGAIN]}, "quota", False, None),
        (503, {"status": "UNAVAILABLE", "message": "overloaded", "details": [AGAIN]}, "busy", False, 7.5),
        (503, {"status": "UNAVAILABLE", "message": "Deadline expired before operation could complete."}, "unknown_outcome", None, None),
        (503, {"code": "bad_gateway", "message": "upstream request timed out"}, "unknown_outcome", None, None),
        (400, {"status": "INVALID_ARGUMENT", "message": "API key expired.", "details": [{"reason": "API_KEY_INVALID"}]}, "key", False, None),
        (400, {"status": "INVALID_ARGUMENT", "message": "API key not valid. Please pass a valid API key."}, "key", False, None),
        (400, {"code": "invalid_api_key", "message": "no"}, "key", False, None),
        (400, {"status": "FAILED_PRECONDITION", "message": "User location is not supported."}, "key", False, None),
        (400, {"code": "content_policy_violation", "message": "not this"}, "refused", None, None),
        (403, {"code": "sensitive_words_detected", "message": "not this"}, "refused", None, None),
        (400, {"status": "INVALID_ARGUMENT", "message": "safety_settings: no such field"}, "invalid", False, None),
        (404, {"status": "NOT_FOUND", "message": "no such model"}, "invalid", False, None),
        (413, None, "invalid", False, None),
        (408, None, "unknown_outcome", None, None),
        (409, {"status": "ABORTED", "message": "x"}, "unknown_outcome", None, None),
        (499, {"status": "CANCELLED", "message": "x"}, "unknown_outcome", None, None),
        (503, None, "unknown_outcome", None, None),  # somebody on the way, who may have passed it on
        (200, {"code": 503, "message": "overloaded"}, "busy", False, 3.0),
        (200, {"code": "odd", "message": "x"}, "unknown_outcome", None, None),
    ],
)  # fmt: skip
def test_it_sorts_errors_of_google_and_of_gateways(status, error, kind, charged, wait):
    told = {"error": error} if error else None
    for body in (told,) if status == 200 else (told, [told]):
        found = failure(Answer(status, {"retry-after": "3"}, b"<html>", body))
        assert (found.kind, found.charged, found.retry_after) == (kind, charged, wait)


@pytest.mark.parametrize("prefix", ["", "/a/gateway"])
def test_it_asks_below_whatever_base_it_has(gemini, prefix):
    async def go():
        engine = Gemini(Door(Gate(gemini.base), {"x-goog-api-key": gemini.key}), f"{gemini.base}{prefix}/")
        with contextlib.suppress(ProviderError):
            await engine.start(asked("gemini"), attempt())
        await engine.aclose()

    asyncio.run(go())
    assert gemini.calls[0].path == f"{prefix}/v1beta/models/gemini-3-pro-image-preview:generateContent"
    assert inspect.signature(Gemini).parameters["base"].default == places.WISDOM_GATE
    assert inspect.signature(Gemini).parameters["deadline"].default >= 180  # 4K under load takes minutes


@pytest.mark.parametrize("spoilt", ["bad_picture", "not_a_picture"])
def test_it_says_that_a_spoilt_picture_was_charged(gemini, spoilt):
    gemini.break_at("start", spoilt)
    with pytest.raises(ProviderError) as caught:
        drawn(gemini)
    assert (caught.value.kind, caught.value.charged) == ("wrong_bytes", True)
    assert len(gemini.charged()) == 1


def test_it_sends_up_to_fourteen_references_and_refuses_more_than_18_mb(gemini):
    assert drawn(gemini, asked("gemini", references=14)).pictures
    assert len(posts(gemini)[0]["contents"][0]["parts"]) == 15
    heavy = asked("gemini")
    big = [reference(n) for n in range(2)]
    from dataclasses import replace

    heavy = replace(heavy, references=tuple(replace(one, data=bytes(7 * 1024 * 1024)) for one in big))
    with pytest.raises(ProviderError) as caught:
        drawn(gemini, heavy)
    assert (caught.value.kind, caught.value.charged) == ("invalid", False)
    assert "18 MB" in caught.value.message
    assert len(gemini.ledger) == 1


def test_it_tries_a_key_for_nothing(gemini):
    assert "4 models" in using(gemini, lambda engine: engine.probe())
    with pytest.raises(ProviderError) as caught:
        using(gemini, lambda engine: engine.probe(), key="another-key-altogether")
    assert caught.value.kind == "key"
    assert gemini.ledger == []


def test_it_is_charged_for_every_call_so_two_calls_are_two_charges(gemini):
    key = attempt()

    async def act(engine):
        await draw(engine, asked("gemini"), key)
        await draw(engine, asked("gemini"), key)
        return engine.replay_safe

    assert using(gemini, act) is False
    assert len(gemini.charged()) == 2
