"""hiapi's client at its emulator."""

import asyncio
import contextlib

import pytest

from studio.providers import catalog
from studio.providers.answer import Answer
from studio.providers.base import ProviderError
from studio.providers.hiapi import LOST, _data, _first_picture, _lost, failure
from tests.providers.engines import asked, attempt, draw, drawn, finish, link, posts, size_of, using


@pytest.mark.parametrize(
    ("model", "size", "amount"),
    [
        ("Nano-Banana", "1K", 0.05),
        ("Nano-Banana-2", "1K", 0.085),
        ("Nano-Banana-2", "2K", 0.076),
        ("Nano-Banana-Pro", "4K", 0.30),
    ],
)
def test_it_draws_one_picture_a_task_at_the_models_price(hiapi, model, size, amount):
    key = attempt()
    result = drawn(hiapi, asked("hiapi", model=model, size=size, aspect="1:1"), key)
    assert len(result.pictures) == 1
    assert size_of(result.pictures[0])[0] == {"1K": 1024, "2K": 2048, "4K": 4096}[size]
    assert result.cost is None  # the service says nothing; the table's price is no figure of theirs
    assert [row["amount"] for row in hiapi.charged(key)] == [amount]
    assert float(catalog.get("hiapi", model).price(size)) == amount


def test_it_waits_through_every_state_and_through_an_unknown_word(hiapi):
    hiapi.latency = 1000
    later, seen = 1e12, []

    async def act(engine):
        ticket = await engine.start(asked("hiapi"), attempt())
        (task,) = hiapi.tasks.values()
        for steps in ((later, later, later), (0, later, later), (0, 0, later)):
            task.steps = steps
            seen.append(hiapi._told(ticket.data["task"])["status"])
            assert await engine.collect(ticket) is None
        task.steps = (0, 0, 0)
        hiapi.break_at("poll", "odd_word")
        assert await engine.collect(ticket) is None
        return await engine.collect(ticket)

    assert using(hiapi, act).pictures
    assert seen == ["queued", "handling", "archiving"]


def test_it_gets_the_same_task_where_the_answer_was_lost_and_is_billed_once(hiapi):
    key, request = attempt(), asked("hiapi", references=2)
    hiapi.break_at("start", "drop_after", times=2)

    async def act(engine):
        for _ in range(2):
            with pytest.raises(ProviderError) as caught:
                await engine.start(request, key)
            assert (caught.value.kind, caught.value.charged, caught.value.permanent) == ("unknown_outcome", None, False)
        return await draw(engine, request, key)

    assert using(hiapi, act).pictures
    assert hiapi.replays == 2
    assert len(hiapi.tasks) == 1
    assert len(hiapi.charged(key)) == 1
    assert len({str(body) for body in posts(hiapi)}) == 1
    assert {call.headers["idempotency-key"] for call in hiapi.calls if call.method == "POST"} == {key}


def test_it_says_that_nothing_is_known_where_the_key_went_out_with_other_words(hiapi):
    key = attempt()

    async def act(engine):
        await draw(engine, asked("hiapi"), key)
        await engine.start(asked("hiapi", prompt="quite another prompt"), key)

    with pytest.raises(ProviderError) as caught:
        using(hiapi, act)
    assert (caught.value.kind, caught.value.charged, caught.value.permanent) == ("invalid", None, True)
    assert len(hiapi.charged(key)) == 1


def test_it_waits_while_the_first_request_is_taken_in(hiapi):
    hiapi.break_at("start", "processing")
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert (caught.value.kind, caught.value.charged, caught.value.retry_after) == ("rate", None, 2.0)


def test_it_obeys_the_limit_of_calls_and_of_tasks_at_once(hiapi):
    hiapi.concurrent, hiapi.latency = 2, 5

    async def crowd(engine):
        return await asyncio.gather(
            *(engine.start(asked("hiapi"), attempt()) for _ in range(3)), return_exceptions=True
        )

    outcomes = using(hiapi, crowd)
    refused = [one for one in outcomes if isinstance(one, ProviderError)]
    assert [(one.kind, one.charged, one.retry_after) for one in refused] == [("rate", False, 2.0)]
    hiapi.per_minute = 3
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert caught.value.kind == "rate"
    assert 1 <= caught.value.retry_after <= 61


def test_it_reads_the_other_shapes_that_the_vendor_shows(hiapi):
    hiapi.blog_tasks = True
    assert drawn(hiapi).pictures
    hiapi.blog_errors = True
    hiapi.break_at("start", "status", (429, {"Retry-After": "4"}))
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert (caught.value.kind, caught.value.retry_after) == ("rate", 4.0)
    assert "req_1" in caught.value.details
    hiapi.break_at("start", "fail_later", ("TASK_TIMEOUT", "too long"))
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert caught.value.kind == "slow"


@pytest.mark.parametrize(
    "odd",
    [
        [],
        None,
        "text",
        {"code": "two hundred", "data": {}},
        {"code": 200, "data": []},
        {"error": "no"},
        {"data": {"taskId": 7}},
    ],
)
def test_it_reads_no_answer_as_a_task_that_is_none(odd):

    told = {}
    with contextlib.suppress(ProviderError):
        told = _data(Answer(200, {}, b"odd", odd))
    assert not isinstance(told.get("taskId"), str)


@pytest.mark.parametrize(
    ("body", "task"),
    [({"code": "200", "message": "success", "data": {"taskId": "a"}}, "a"), ({"data": {"taskId": "a"}}, "a"), ({"taskId": "a"}, "a"),
     ({"id": "a", "status": "pending"}, "a"), ({"id": "a"}, "a")],
)  # fmt: skip
def test_it_reads_a_task_in_any_envelope(body, task):
    data = _data(Answer(200, {}, b"", body))
    assert (data.get("taskId") or data.get("id")) == task


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(200, {"code": 429, "message": "slow down", "data": None, "error_code": "RATE_LIMIT_EXCEEDED"}, "rate"),
     (200, {"code": "402", "message": "no money", "data": None}, "balance"), (200, {"error": {"code": "rate_limit_exceeded"}}, "rate"),
     (409, {"error": {"code": "idempotency_key_processing", "type": "hiapi_error"}}, "rate"), (409, None, "unknown_outcome"),
     (422, {"error": {"code": "idempotency_key_mismatch"}}, "invalid"), (503, None, "unknown_outcome"), (429, None, "rate"),
     (401, None, "key")],
)  # fmt: skip
def test_it_reads_an_error_in_either_shape_wherever_it_stands(status, body, kind):
    with pytest.raises(ProviderError) as caught:
        _data(Answer(status, {}, b"", body))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "output",
    [[{"url": "u", "type": "image", "expireAt": 1}], [{"url": "u", "type": "image/png", "expireAt": "2026-11-20T00:00:00Z"}], [{"url": "u"}],
     ["u"], {"url": "u"}, "u", [{"url": "v", "type": "video"}, {"url": "u", "type": "image"}]],
)  # fmt: skip
def test_it_reads_an_output_as_documented_and_as_articles_show_it(output):
    assert _first_picture(output) == "u"


@pytest.mark.parametrize(
    ("status", "headers", "code", "wait"),
    [(429, {}, "RATE_LIMIT_EXCEEDED", 10.0), (429, {"retry-after": "4"}, "RATE_LIMIT_EXCEEDED", 4.0), (409, {}, "IDEMPOTENCY_KEY_PROCESSING", 3.0),
     (409, {"retry-after": "9"}, "IDEMPOTENCY_KEY_PROCESSING", 9.0), (503, {"retry-after": "5"}, "MODEL_UNAVAILABLE", 5.0)],
)  # fmt: skip
def test_it_waits_as_told_and_a_while_where_nothing_is_said(status, headers, code, wait):
    assert failure(Answer(status, headers, b"", {"code": status, "error_code": code, "data": None})).retry_after == wait


@pytest.mark.parametrize(
    ("task", "kind"),
    [({"status": "fail", "error": {"code": "TASK_TIMEOUT"}}, "slow"), ({"status": "timeout"}, "slow"), ({"status": "failed"}, "failed"),
     ({"status": "fail", "error": "flagged by moderation"}, "refused"), ({"status": "fail", "error": {"code": "CONTENT_POLICY", "message": "x"}}, "refused")],
)  # fmt: skip
def test_it_reads_how_a_task_ended(task, kind):
    assert task["status"] in LOST
    error = _lost(task, task["status"])
    assert (error.kind, error.charged, error.permanent) == (kind, None, True)


def test_it_sends_no_reference_where_there_is_no_public_address(hiapi):
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi, asked("hiapi", references=1), link=None)
    assert (caught.value.kind, caught.value.charged) == ("invalid", False)
    assert "STUDIO_PUBLIC_URL" in caught.value.remedy
    assert hiapi.calls == []
    assert drawn(hiapi, link=None).pictures


def test_it_asks_for_a_link_of_the_attempt_so_that_the_same_body_goes_out_again(hiapi):
    key = attempt()
    request = asked("hiapi", references=2)
    drawn(hiapi, request, key)
    assert posts(hiapi)[0]["input"]["image_input"] == [link(one, key) for one in request.references]


def test_it_does_not_guess_where_a_task_went(hiapi):
    hiapi.break_at("poll", "forgotten")
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert (caught.value.kind, caught.value.charged) == ("unknown_outcome", None)


def test_it_tries_a_key_for_nothing(hiapi):
    assert "free" in using(hiapi, lambda engine: engine.probe())
    with pytest.raises(ProviderError) as caught:
        using(hiapi, lambda engine: engine.probe(), key="another-key-altogether")
    assert caught.value.kind == "key"
    assert hiapi.ledger == []


def test_it_collects_with_nothing_but_the_stored_ticket(hiapi):
    import json

    from studio.providers.base import Ticket

    ticket = using(hiapi, lambda engine: engine.start(asked("hiapi"), attempt()))
    stored = json.loads(json.dumps(dict(ticket.data)))
    assert using(hiapi, lambda engine: finish(engine, Ticket(stored))).pictures
    assert len(hiapi.charged()) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind", "charged"),
    [(400, "INVALID_REQUEST", "invalid", False), (400, "CONTENT_POLICY", "refused", False), (403, "CONTENT_POLICY", "refused", False),
     (403, "ACCOUNT_SUSPENDED", "key", False), (402, "", "balance", False), (400, "INSUFFICIENT_BALANCE", "balance", False),
     (503, "MODEL_UNAVAILABLE", "busy", False), (500, "STORAGE_UNAVAILABLE", "broken", None), (504, "TASK_TIMEOUT", "slow", None),
     (422, "TASK_FAILED", "failed", None), (418, "", "unknown_outcome", None)],
)  # fmt: skip
def test_it_sorts_the_services_codes(hiapi, status, code, kind, charged):
    hiapi.break_at("start", "status", (status, {}, code))
    with pytest.raises(ProviderError) as caught:
        drawn(hiapi)
    assert (caught.value.kind, caught.value.charged) == (kind, charged)
    assert hiapi.ledger == []
