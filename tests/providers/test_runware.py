"""Runware's client at its emulator."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from studio.providers.answer import Answer
from studio.providers.base import Finds, ProviderError, Ticket
from studio.providers.runware import _cost, _minds_references, _over
from tests.providers.engines import (
    CANARY,
    asked,
    attempt,
    client,
    draw,
    drawn,
    finish,
    posts,
    reference,
    size_of,
    using,
)


def test_it_draws_a_picture_of_the_listed_size_and_says_what_it_cost(runware):
    key = attempt()
    result = drawn(runware, key=key)
    assert size_of(result.pictures[0]) == (1376, 768)
    assert result.pictures[0].mime == "image/jpeg"
    assert result.pictures[0].seed == 7
    assert result.cost == Decimal("0.06895")
    assert [row["amount"] for row in runware.charged(key)] == [0.06895]


def test_it_waits_while_the_picture_is_drawn(runware):
    runware.latency, key = 1000, attempt()

    async def act(engine):
        ticket = await engine.start(asked("runware"), key)
        assert await engine.collect(ticket) is None
        assert runware.ledger == []
        runware.tasks[key].ready = [0]
        return await engine.collect(ticket)

    assert using(runware, act).pictures


def test_it_hands_each_reference_over_once_however_many_ask_at_the_same_moment(runware):
    async def act(engine):
        request = asked("runware", references=3)
        await asyncio.gather(*(draw(engine, request, attempt()) for _ in range(5)))

    using(runware, act)
    uploads = [call for call in runware.calls if call.body and call.body[0]["taskType"] == "mediaStorage"]
    assert len(uploads) == 3
    sent = {tuple(body["inputs"]["referenceImages"]) for body in posts(runware)}
    assert len(sent) == 1
    assert set(sent.pop()) == set(runware.media)
    assert {row["amount"] for row in runware.charged()} == {0.06979}


def test_it_tells_two_sizes_of_one_original_apart(runware):
    one, other = reference(0, size=64), replace(reference(0, size=96), sha256=reference(0).sha256)
    assert one.sha256 == other.sha256

    async def act(engine):
        for sent in (one, other, one):
            await draw(engine, replace(asked("runware"), references=(sent,)), attempt())

    using(runware, act)
    first, second, third = (body["inputs"]["referenceImages"] for body in posts(runware))
    assert first == third != second


def test_it_reads_either_reply_of_handing_over(runware):
    runware.upload_object = True
    assert drawn(runware, asked("runware", references=1)).pictures
    assert posts(runware)[0]["inputs"]["referenceImages"] == list(runware.media)


def test_it_sends_a_reference_inline_where_handing_over_fails(runware):
    runware.break_at("upload", "status", (500, {}), times=2)
    assert drawn(runware, asked("runware", references=2)).pictures
    assert all(one.startswith("data:image/jpeg;base64,") for one in posts(runware)[0]["inputs"]["referenceImages"])


def test_it_sends_nothing_where_a_large_reference_cannot_be_handed_over(runware):
    runware.break_at("upload", "status", (500, {}))
    request = replace(asked("runware"), references=(replace(reference(0), data=bytes(4 * 1024 * 1024 + 1)),))
    with pytest.raises(ProviderError) as caught:
        drawn(runware, request)
    assert (caught.value.kind, caught.value.charged, caught.value.permanent) == ("busy", False, False)
    assert posts(runware) == []


@pytest.mark.parametrize("status", [408, 429, 500, 503, 504])
def test_it_takes_no_trouble_of_a_question_for_the_end_of_the_task(runware, status):
    async def act(engine):
        ticket = await engine.start(asked("runware"), attempt())
        runware.break_at("poll", "status", (status, {"Retry-After": "2"}, "timeoutProvider"))
        with pytest.raises(ProviderError) as caught:
            await engine.collect(ticket)
        return caught.value, await engine.collect(ticket)

    error, result = using(runware, act)
    assert (error.charged, error.permanent) == (None, False)
    assert result.pictures


def test_it_hands_a_reference_over_anew_where_the_service_has_lost_it(runware):
    key = attempt()

    async def act(engine):
        await draw(engine, asked("runware", references=1), attempt())
        runware.media.clear()
        return await draw(engine, asked("runware", references=1), key)

    assert using(runware, act).pictures
    assert len(runware.charged(key)) == 1


def test_it_bills_once_where_the_answer_was_lost_and_the_same_key_goes_again(runware):
    key, request = attempt(), asked("runware")
    runware.break_at("start", "drop_after")
    runware.latency = 0.1

    async def act(engine):
        with pytest.raises(ProviderError) as caught:
            await engine.start(request, key)
        assert caught.value.kind == "unknown_outcome"
        assert caught.value.charged is None
        assert not caught.value.permanent
        return await draw(engine, request, key)

    assert using(runware, act).pictures
    assert len(posts(runware)) == 2
    assert runware.tasks.keys() == {key}
    assert [row["key"] for row in runware.charged()] == [key]


@pytest.mark.parametrize("again", [True, False])
def test_it_finds_an_attempt_whose_answer_was_lost_before_sending_again(runware, again):
    """Without the rule against duplicates once the first is done, only looking first keeps it from being billed twice."""
    key, request = attempt(), asked("runware")
    runware.conflict_after = again
    runware.break_at("start", "drop_after")

    async def act(engine):
        with pytest.raises(ProviderError):
            await engine.start(request, key)
        assert isinstance(engine, Finds)
        ticket = await engine.find(key)
        assert ticket is not None
        return await finish(engine, ticket)

    assert using(runware, act).pictures
    assert len(runware.charged(key)) == 1


def test_it_does_not_find_what_never_arrived(runware):
    assert using(runware, lambda engine: engine.find(attempt())) is None
    runware.break_at("poll", "forgotten")
    assert using(runware, lambda engine: engine.find(attempt())) is None
    assert runware.ledger == []


def test_it_gives_several_results_only_when_all_have_come(runware):
    runware.latency, key = 1000, attempt()

    async def act(engine):
        ticket = await engine.start(asked("runware", results=3), key)
        for n in range(3):
            assert await engine.collect(ticket) is None
            runware.tasks[key].ready[n] = 0
        return await engine.collect(ticket)

    result = using(runware, act)
    assert len({one.data for one in result.pictures}) == 3
    assert result.cost == Decimal("0.20685")
    assert [row["amount"] for row in runware.charged(key)] == [0.20685]


def test_it_gives_the_results_that_came_where_another_failed(runware):
    runware.stagger = 0.05
    runware.break_at("start", "fail_one", ("providerContentPolicyViolation", "Not this one."))
    result = drawn(runware, asked("runware", results=3))
    assert len(result.pictures) == 2
    assert [row["amount"] for row in runware.charged()] == [float(result.cost)]


def test_it_refuses_what_the_content_check_flags_and_says_what_it_cost(runware):
    runware.break_at("start", "nsfw")
    with pytest.raises(ProviderError) as caught:
        using(runware, lambda engine: draw(engine, asked("runware"), attempt()), check_content=True)
    assert (caught.value.kind, caught.value.charged, caught.value.cost) == ("refused", True, Decimal("0.06895"))
    assert "flagged" in caught.value.message
    assert not [call for call in runware.calls if call.method == "GET"]  # the picture is not fetched
    drawn(runware)  # unasked, the service checks nothing
    sent = [task for call in runware.calls for task in call.body or [] if task["taskType"] == "imageInference"]
    assert [task.get("safety") for task in sent] == [{"checkContent": True, "mode": "fast"}, None]


def test_it_tells_a_success_that_shows_no_picture_from_one_that_is_drawn_still(runware):
    runware.break_at("poll", "no_picture", times=3)
    with pytest.raises(ProviderError) as caught:
        drawn(runware)
    assert (caught.value.kind, caught.value.charged, caught.value.cost) == ("no_picture", True, Decimal("0.06895"))


@pytest.mark.parametrize("nested", [False, True])
def test_it_reads_a_failed_task_in_either_place(runware, nested):
    runware.nested_errors = nested
    runware.break_at("start", "fail_later")
    with pytest.raises(ProviderError) as caught:
        drawn(runware)
    assert caught.value.kind == "slow"
    assert caught.value.charged is None
    assert "timeoutProvider" in caught.value.details


def test_it_asks_for_many_tasks_in_one_call_where_that_is_switched_on(runware):
    runware.latency = 0.3

    async def act(engine):
        keys = [attempt() for _ in range(20)]
        return await asyncio.gather(*(draw(engine, asked("runware"), key) for key in keys))

    results = using(runware, act, many=True)
    assert len({one.pictures[0].data for one in results}) == 20
    polls = [call.body for call in runware.calls if call.body and call.body[0]["taskType"] == "getResponse"]
    assert max(len(body) for body in polls) > 5
    assert sum(len(body) for body in polls) > 3 * len(polls)
    assert len(runware.charged()) == 20


def test_it_tells_all_who_ask_together_that_the_line_broke(runware):
    async def act(engine):
        tickets = [await engine.start(asked("runware"), attempt()) for _ in range(3)]
        runware.break_at("poll", "drop_before")
        broken = await asyncio.gather(*(engine.collect(one) for one in tickets), return_exceptions=True)
        return broken, [await engine.collect(one) for one in tickets]

    broken, after = using(runware, act, many=True)
    assert [(one.kind, one.charged) for one in broken] == [("slow", None)] * 3
    assert all(after)


def test_it_asks_one_by_one_where_many_in_one_call_are_not_allowed(runware):
    runware.many, runware.latency = False, 0.2

    async def act(engine):
        keys = [attempt() for _ in range(5)]
        results = await asyncio.gather(*(draw(engine, asked("runware"), key) for key in keys))
        return results, await engine.collect(Ticket({"task": keys[0], "wanted": 1}))

    results, again = using(runware, act, many=True)
    assert len({one.pictures[0].data for one in results}) == 5
    assert again
    polls = [len(call.body) for call in runware.calls if call.body and call.body[0]["taskType"] == "getResponse"]
    assert [size for size in polls if size > 1] == [5]  # tried once


def test_it_takes_the_status_of_a_mixed_answer_for_the_one_that_failed_only(runware):
    runware.mixed_status = 400

    async def act(engine):
        good = await engine.start(asked("runware"), attempt())
        runware.break_at("start", "fail_later")
        bad = await engine.start(asked("runware"), attempt())
        return await asyncio.gather(engine.collect(good), engine.collect(bad), return_exceptions=True)

    good, bad = using(runware, act, many=True)
    assert good.pictures
    assert (bad.kind, bad.charged) == ("slow", None)


@pytest.mark.parametrize("code", ["conflictTaskUUID", "duplicateTaskUUID"])
def test_it_takes_a_second_use_of_its_key_for_acceptance(runware, code):
    key = attempt()
    runware.break_at("start", "status_after", (400, {}, code))
    assert drawn(runware, key=key).pictures
    assert len(runware.charged(key)) == 1


def test_it_finds_all_results_of_an_attempt_whose_answer_was_lost(runware):
    key, request = attempt(), asked("runware", results=3)
    runware.stagger = 0.1
    runware.break_at("start", "drop_after")

    async def act(engine):
        with pytest.raises(ProviderError):
            await engine.start(request, key)
        return await finish(engine, await engine.find(key))

    assert len(using(runware, act).pictures) == 3


@pytest.mark.parametrize(
    ("row", "over"),
    [({"status": "processing"}, False), ({"status": "pending", "progress": 40}, False), ({"status": "processing", "imageUUID": "a"}, False),
     ({"imageUUID": "a"}, True), ({"imageUUID": "a", "imageURL": "u"}, True), ({"status": "success"}, True), ({}, False)],
)  # fmt: skip
def test_it_tells_a_result_from_one_that_is_drawn_still(row, over):
    assert _over(row) is over


@pytest.mark.parametrize(
    ("said", "cost"),
    [([0.1, 0.2], "0.3"), (["0.1"], "0.1"), ([0.1, None], None), ([float("nan")], None), ([float("inf")], None), ([-1], None), ([{}], None)],
)  # fmt: skip
def test_it_believes_no_price_that_is_none(said, cost):
    assert _cost([{"cost": one} for one in said]) == (None if cost is None else Decimal(cost))


def test_it_sees_that_a_reference_is_minded_wherever_it_says_so():
    for error in (
        {"code": "invalidInputs", "parameter": "inputs.referenceImages"},
        {"code": "invalidReferenceImages"},
        {"code": "mediaNotFound"},
        {"code": "mediaExpired", "parameter": ["inputs"]},
    ):
        assert _minds_references(Answer(400, {}, b"", {"data": [], "errors": [error]}), "a")
    for error in ({"code": "conflictTaskUUID", "parameter": "referenceImages"}, {"code": "invalidWidth"}):
        assert not _minds_references(Answer(400, {}, b"", {"data": [], "errors": [error]}), "a")


def test_it_learns_the_exact_price_without_buying(runware):
    request = asked("runware", references=3)
    assert using(runware, lambda engine: engine.price(request)) == Decimal("0.06979")
    assert using(runware, lambda engine: engine.price(asked("runware", web_search=True))) == Decimal("0.20895")
    assert runware.ledger == []
    assert runware.tasks == {}


def test_it_tries_a_key_for_nothing(runware):
    assert "free" in using(runware, lambda engine: engine.probe())
    runware.break_at("poll", "forgotten")
    assert "free" in using(runware, lambda engine: engine.probe())
    with pytest.raises(ProviderError) as caught:
        using(runware, lambda engine: engine.probe(), key="another-key-altogether")
    assert caught.value.kind == "key"
    assert runware.ledger == []


@pytest.mark.parametrize(
    ("status", "code", "kind", "charged"),
    [(200, "providerError", "broken", None), (400, "providerAuthenticationFailed", "broken", None), (400, "modelDisabled", "broken", None), (400, "invalidApiKey", "key", False),
     (400, "timeoutProvider", "slow", None), (400, "providerGatewayTimeout", "slow", None), (400, "invalidProviderContent", "refused", None),
     (400, "providerSomethingNew", "broken", None), (400, "missingApiKey", "key", False), (403, "accountDisabled", "key", False),
     (402, "quotaExceeded", "balance", False), (400, "mismatchProviderSettingsProvider", "invalid", False),
     (400, "nsfwContentDetected", "refused", None), (400, "arrayTooSmall", "invalid", False), (400, "modelNotFound", "invalid", False),
     (402, "thirdPartyInsufficientCredits", "balance", False), (429, "inferenceRateLimitRequestTooLarge", "rate", False),
     (503, "noAvailableServer", "busy", False), (504, "somethingNew", "unknown_outcome", None), (500, "internalServerError", "broken", None)],
)  # fmt: skip
def test_it_sorts_the_vendors_codes(runware, status, code, kind, charged):
    runware.break_at("start", "status", (status, {}, code))
    with pytest.raises(ProviderError) as caught:
        drawn(runware)
    assert (caught.value.kind, caught.value.charged) == (kind, charged)
    assert code in caught.value.details
    assert runware.ledger == []


def test_it_takes_an_older_reply_of_an_upload_and_a_picture_in_the_answer(runware):
    from studio.providers.runware_errors import errors, failure, rows

    older = Answer(200, {}, b"", {"data": {"taskType": "imageUpload", "taskUUID": "a", "imageUUID": "b"}})
    assert rows(older, "a")[0]["imageUUID"] == "b"
    oldest = Answer(
        200, {}, b"", {"error": True, "errorMessageContentId": 1212, "errorId": 19, "errorMessage": "Invalid api key"}
    )
    assert failure(oldest, errors(oldest)[0]).kind == "key"
    listed = Answer(
        400,
        {},
        b"",
        {"data": [], "errors": [{"code": "invalidSize", "parameter": ["width", "height"], "message": "x"}]},
    )
    assert "width, height" in failure(listed, errors(listed)[0]).details
    mixed = Answer(
        200,
        {},
        b"",
        {
            "data": [{"taskUUID": "a", "status": "processing"}],
            "errors": [{"code": "x"}, {"code": "y", "taskUUID": "b"}],
        },
    )
    assert (errors(mixed, "a"), [one["code"] for one in errors(mixed, "b")]) == ([], ["y"])
    assert [one["code"] for one in errors(mixed, "c")] == ["x"]
    for odd in ({"data": "x", "errors": "y"}, {"data": [None, 3], "errors": [None]}, [], None, {"error": {}}):
        assert rows(Answer(200, {}, b"", odd), "a") == []
        errors(Answer(200, {}, b"", odd), "a")


def test_it_keeps_the_key_to_its_own_base(runware):
    drawn(runware)
    seen = {call.path.split("/")[1]: "authorization" in call.headers for call in runware.calls}
    assert seen == {"v1": True, "files": False}
    assert client(runware).name == "runware"
    assert runware.key == CANARY
