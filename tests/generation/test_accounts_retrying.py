"""The retry table, row by row, and the pace of questions: nothing of it touches a line or a row."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from django.utils import timezone

from studio.generation import pace as minutes
from studio.generation import retrying
from studio.generation.models import EngineAccount, Job
from studio.generation.retrying import Pace, Step, after_asking, after_collecting
from studio.providers.base import ProviderError
from studio.providers.failures import KINDS, failed


def job(*, doubtful=False, attempts=1, started=None):
    account = EngineAccount(engine="runware", concurrency=1)
    return Job(
        account=account, doubtful=doubtful, attempts=attempts, request={"size": "1K"}, started=started or timezone.now()
    )


UNPAID = [
    # kind, what follows at its first failure: by key, without
    ("rate", Step.LATER, Step.LATER),
    ("busy", Step.PASS, Step.PASS),
    ("unreachable", Step.PASS, Step.PASS),
    ("slow", Step.LATER, Step.LATER),
    ("broken", Step.LATER, Step.LATER),
    ("key", Step.WAIT_TURN, Step.WAIT_TURN),
    ("balance", Step.WAIT_TURN, Step.WAIT_TURN),
    ("quota", Step.WAIT_TURN, Step.WAIT_TURN),
    ("invalid", Step.GIVE_UP, Step.GIVE_UP),
    ("refused", Step.GIVE_UP, Step.GIVE_UP),
    ("refused_address", Step.GIVE_UP, Step.GIVE_UP),
]
OPEN = [
    # the money is not known
    ("unknown_outcome", Step.GIVE_UP, Step.GIVE_UP),  # in its usual words it is for good
    ("rate", Step.SAME_KEY, Step.GIVE_UP),
    ("busy", Step.SAME_KEY, Step.GIVE_UP),
    ("slow", Step.SAME_KEY, Step.GIVE_UP),
    ("broken", Step.SAME_KEY, Step.GIVE_UP),
    ("refused", Step.GIVE_UP, Step.GIVE_UP),
    ("failed", Step.GIVE_UP, Step.GIVE_UP),
    ("empty", Step.GIVE_UP, Step.GIVE_UP),
]


@pytest.mark.parametrize(("kind", "by_key", "without"), UNPAID)
def test_what_was_surely_not_accepted(kind, by_key, without):
    error = failed(kind, charged=False)
    assert after_asking(job(), error, True) == by_key
    assert after_asking(job(), error, False) == without


@pytest.mark.parametrize(("kind", "by_key", "without"), OPEN)
def test_what_nobody_knows(kind, by_key, without):
    error = failed(kind, charged=None)
    assert after_asking(job(), error, True) == by_key
    assert after_asking(job(), error, False) == without


def test_a_lost_answer_goes_again_only_by_key():
    lost = failed("unknown_outcome", charged=None, permanent=False)
    assert after_asking(job(), lost, True) == Step.SAME_KEY
    assert after_asking(job(), lost, False) == Step.GIVE_UP


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_in_doubt_is_never_put_back_or_passed_on(kind):
    for charged, permanent in itertools.product((False, None), (True, False, None)):
        error = failed(kind, charged=charged, permanent=permanent)
        assert after_asking(job(doubtful=True), error, True) in {Step.SAME_KEY, Step.ASIDE, Step.GIVE_UP}
        assert after_asking(job(doubtful=True), error, False) == Step.GIVE_UP


@pytest.mark.parametrize("kind", ["key", "balance", "quota"])
def test_a_doubt_waits_for_its_account_to_be_mended(kind):
    assert after_asking(job(doubtful=True), failed(kind, charged=False), True) == Step.ASIDE


@pytest.mark.parametrize("kind", ["busy", "unreachable", "slow", "broken"])
def test_it_backs_off_a_few_times(kind):
    error = failed(kind, charged=False)
    assert after_asking(job(attempts=retrying.ATTEMPTS - 1), error, True) != Step.GIVE_UP
    assert after_asking(job(attempts=retrying.ATTEMPTS), error, True) == Step.GIVE_UP


def test_only_a_long_wait_is_passed_on():
    assert after_asking(job(), failed("rate", charged=False, retry_after=5), True) == Step.LATER
    assert after_asking(job(), failed("rate", charged=False, retry_after=60), True) == Step.PASS
    assert after_asking(job(attempts=90), failed("rate", charged=False, retry_after=5), True) == Step.LATER


@pytest.mark.parametrize(
    "kind", ["rate", "busy", "slow", "broken", "download", "unknown_outcome", "expired", "wrong_bytes"]
)
def test_a_question_that_fails_is_asked_again(kind):
    waiting = job()
    error = failed(kind, charged=True if kind in retrying.FETCHED_AGAIN else None)
    assert 0 < after_collecting(waiting, error, Pace(waiting, (1, 10))) <= retrying.LONGEST * 1.2


@pytest.mark.parametrize("kind", ["key", "balance", "quota", "refused_address"])
def test_a_question_waits_for_the_account_to_be_mended(kind):
    waiting = job()
    assert after_collecting(waiting, failed(kind, charged=None), Pace(waiting, (1, 10))) == retrying.MENDING


@pytest.mark.parametrize("kind", ["refused", "failed", "empty", "too_large", "invalid"])
def test_a_verdict_is_the_end(kind):
    waiting = job()
    with pytest.raises(ProviderError):
        after_collecting(waiting, failed(kind, charged=None), Pace(waiting, (1, 10)))


@pytest.mark.parametrize(("kind", "charged"), [("download", True), ("expired", True), ("unknown_outcome", None)])
def test_it_is_fetched_a_few_times(kind, charged):
    waiting = job()
    pace = Pace(waiting, (1, 10))
    for _ in range(retrying.FETCHES - 1):
        after_collecting(waiting, failed(kind, charged=charged), pace)
    with pytest.raises(ProviderError) as caught:
        after_collecting(waiting, failed(kind, charged=charged), pace)
    assert (caught.value.charged, caught.value.permanent) == (charged, True)


def test_an_answer_forgets_the_failures_before_it():
    waiting = job()
    pace = Pace(waiting, (1, 10))
    for _ in range(20):
        after_collecting(waiting, failed("download", charged=True), pace)
        pace.answered()


def test_pauses_double_to_a_ceiling_with_jitter_and_do_as_told():
    for tries in range(1, 30):
        middle = min(60, 2 ** (tries - 1))
        found = {retrying.pause(tries) for _ in range(30)}
        assert all(middle * 0.8 <= one <= middle * 1.2 for one in found)
        assert len(found) > 1
    assert all(7 <= retrying.pause(9, 7.0) <= 7.5 for _ in range(30))


def test_patience_is_counted_anew_where_the_studio_was_off():
    assert not Pace(job(started=timezone.now() - dt.timedelta(days=3)), (1, 10)).too_late()
    late = Pace(job(started=timezone.now() - dt.timedelta(days=3)), (1, 10))
    late._until = timezone.now() - dt.timedelta(seconds=1)
    assert late.too_late()


def test_questions_grow_apart():
    waiting = job()
    pace = Pace(waiting, (1.0, 10.0))
    for elapsed, least, most in ((0, 0.5, 0.6), (20, 2.3, 2.6), (300, 10, 10)):
        pace._started = timezone.now() - dt.timedelta(seconds=elapsed)
        assert least <= pace.next() <= most


def test_the_time_counts_from_the_ticket_and_not_from_the_row_that_was_written_later():
    waiting = job()
    waiting.changed = timezone.now()
    came = waiting.changed - dt.timedelta(seconds=20)
    assert 2.3 <= Pace(waiting, (1.0, 10.0), came).next() <= 2.6
    assert 0.5 <= Pace(waiting, (1.0, 10.0)).next() <= 0.6


def asked_until_there(monkeypatch, times):
    """For each picture that is there after so many seconds: how late that was noticed, and how often it was asked for."""
    clock = [timezone.now()]
    monkeypatch.setattr(retrying.timezone, "now", lambda: clock[0])
    found = []
    for seconds in times:
        waiting = job(started=clock[0])
        waiting.changed = clock[0]
        pace, there = Pace(waiting, (1.0, 10.0)), clock[0] + dt.timedelta(seconds=seconds)
        clock[0] += dt.timedelta(seconds=pace.next())
        for questions in range(1, 200):
            pause = pace.next()
            if clock[0] >= there:
                pace.done()
                pace.answered()
                found.append(((clock[0] - there).total_seconds(), questions))
                break
            pace.answered()
            clock[0] += dt.timedelta(seconds=pause)
    return found


def test_it_learns_when_pictures_come(monkeypatch):
    retrying._typical.clear()
    found = asked_until_there(monkeypatch, [5.0] * 200)
    late, questions = zip(*found[50:], strict=True)
    assert sum(late) / len(late) < 0.12
    assert sum(questions) / len(questions) < 2.5


def test_it_asks_neither_late_nor_often_where_they_differ(monkeypatch):
    retrying._typical.clear()
    dice = random.Random(7)
    found = asked_until_there(monkeypatch, [dice.uniform(4, 6) for _ in range(300)])
    late, questions = zip(*found[50:], strict=True)
    assert sum(late) / len(late) < 0.2
    assert sum(questions) / len(questions) < 14


def test_it_bears_a_service_that_is_always_quicker_than_the_first_question(monkeypatch):
    retrying._typical.clear()
    found = asked_until_there(monkeypatch, [0.01] * 3000)
    assert max(late for late, _ in found[100:]) < 0.2


def test_it_follows_a_service_that_grows_slower_or_quicker(monkeypatch):
    retrying._typical.clear()
    for seconds in (5.0, 12.0, 3.0):
        found = asked_until_there(monkeypatch, [seconds] * 60)
        assert sum(late for late, _ in found[40:]) / 20 < 0.35


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [1, 2, 3, 10, 30, 60, 61, 599])
def test_no_sliding_minute_holds_more_than_the_limit(monkeypatch, limit, seed):
    """Callers come in bursts, in trickles and after rests; every call goes when it was told to."""
    dice, now = random.Random(f"{limit} {seed}"), timezone.now()
    account = EngineAccount(engine="hiapi", per_minute=limit, concurrency=1)
    clock = [now]
    monkeypatch.setattr(minutes.timezone, "now", lambda: clock[0])
    went: list[float] = []
    for _ in range(min(limit * 6, 700)):
        clock[0] += dt.timedelta(
            seconds=dice.choice((0, 0, 0, 0.01, 60 / limit * dice.random() * 2, 90 * (dice.random() < 0.01)))
        )
        wait, account.paced_until = minutes._next(account)
        went.append((clock[0] - now).total_seconds() + wait)
    assert went == sorted(went)
    first = 0
    for last, moment in enumerate(went):
        while went[first] <= moment - 60:
            first += 1
        assert last - first + 1 <= limit
    busy = [(after - before) for before, after in itertools.pairwise(went)]
    assert min(busy) >= 0
    if limit >= 30:  # and not much fewer, where somebody always waits
        clock[0] += dt.timedelta(days=1)
        account.paced_until = None
        waits = []
        for _ in range(limit * 3):
            wait, account.paced_until = minutes._next(account)
            waits.append(wait)
        assert sum(60 <= wait < 120 for wait in waits) >= limit * 0.8
