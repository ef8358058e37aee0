"""What to do about a failure: the retry table. Whether money may have been spent comes first, then whether it may pass by itself.

failure                         before acceptance, surely unpaid     after it, or nobody knows
rate (429)                      waits as told, then again            the same key, waiting as told
busy, unreachable, 503          backs off, six times, or fails over  the same key, a few times, then UNKNOWN
slow, broken                    backs off where unpaid               asked again for the picture, the ticket is kept
key, balance, quota             the account pauses; the job waits    kept for a day, until the account is mended
download, expired, wrong_bytes  -                                    asked for and fetched again, five times
no_picture                      -                                    asked for again, five times
refused_address                 -                                    kept for an hour, until the account lists the host
unknown_outcome                 the same key where it is billed once; UNKNOWN elsewhere, and only a person asks again
refused, invalid, all others    never repeated

Whoever is told to wait, or finds nobody there, lets the whole account rest for that long.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict, deque
from enum import Enum

from django.utils import timezone

from studio.generation.models import Job
from studio.providers.base import ProviderError
from studio.providers.failures import FETCH, failed

ATTEMPTS = 6  # of a call that was surely not accepted
TURNS = 100  # times that a job is told to wait its turn
BY_KEY = 7  # times that the same key is sent, or asked for, while nobody knows
FETCHES = 5  # of a picture that is drawn
LONGEST = 60.0  # seconds between tries
PATIENCE = dt.timedelta(minutes=30)  # for an accepted request to bring its picture
AT_LEAST = dt.timedelta(minutes=2)  # for each worker that asks, however long the studio had been off before
KEEPING = dt.timedelta(days=1)  # of what may be paid for, while its account waits to be mended
HOSTING = dt.timedelta(hours=1)  # of a drawn picture that lies at a host which the account does not list
ASKING_BACK = dt.timedelta(minutes=2)  # for one that a person had asked after
MENDING = 30.0  # seconds between questions while an account is paused
WORTH_PASSING = 15.0  # seconds of waiting that another account is tried for
PASSING = {"rate", "busy", "unreachable", "slow", "broken", "download"}
RESTING = {"rate", "busy", "unreachable"}  # these let the whole account rest
ACCOUNT = {"key", "balance", "quota"}
TO_MEND = {*ACCOUNT, "refused_address"}  # a person has to change the account
FETCHED_AGAIN = {"download", "expired", "wrong_bytes", "no_picture"}  # a new question may bring another link
SAID_AT_ONCE = {"invalid", "refused"}  # the same key would be told the same again


class Step(Enum):
    GIVE_UP = "the job is over"
    LATER = "back into the queue, with the same key"
    WAIT_TURN = "back into the queue until the account may be used"
    SAME_KEY = "nobody knows: the same key again, by this worker"
    ASIDE = "nobody knows, and the account has to be mended before it can be asked"
    PASS = "another account of the tier, else as LATER"


def after_asking(job: Job, error: ProviderError, replay_safe: bool) -> Step:
    """What follows a request that failed before it brought a ticket."""
    passing = not error.permanent and (error.kind in PASSING or error.retry_after is not None)
    open_end = error.kind == "unknown_outcome" or (job.doubtful and error.kind not in SAID_AT_ONCE)
    if open_end or (error.charged is None and passing and job.account is not None):
        if replay_safe and error.kind in ACCOUNT:
            return Step.ASIDE
        return Step.SAME_KEY if replay_safe and not error.permanent else Step.GIVE_UP
    if error.kind in ACCOUNT:
        return Step.WAIT_TURN if job.account is not None and error.charged is False else Step.GIVE_UP
    if not passing or not (error.charged is False or replay_safe):
        return Step.GIVE_UP
    if job.attempts >= ATTEMPTS and error.kind != "rate":
        return Step.GIVE_UP
    if error.kind in {"busy", "unreachable"} or (error.kind == "rate" and (error.retry_after or 0) > WORTH_PASSING):
        return Step.PASS
    return Step.LATER


def after_collecting(job: Job, error: ProviderError, pace: Pace) -> float:
    """Seconds until the picture is asked for again. Raises the error where it is the job's end."""
    if error.kind in ACCOUNT or (error.kind == "refused_address" and _since(job) < HOSTING):
        return MENDING
    if error.kind == "unknown_outcome" and asked_back(job):
        raise not_known_there(error.details)
    failures = pace.failed()
    if error.kind in FETCHED_AGAIN:
        return _fetched_again(error, failures)
    if error.kind == "unknown_outcome" and error.charged is None:
        if failures >= FETCHES:
            raise never_known(error)
    elif error.permanent or error.kind not in PASSING:
        raise error
    return pause(failures, error.retry_after)


def _fetched_again(error: ProviderError, failures: int) -> float:
    if failures < FETCHES:
        return pause(failures, error.retry_after)
    if error.permanent:
        raise error
    raise failed(
        "download", charged=error.charged, permanent=True, details=error.details, cost=error.cost,
        remedy=FETCH if error.charged else "Ask again.",
    )  # fmt: skip


def pause(tries: int, told: float | None = None) -> float:
    """Seconds: as told, else doubling from one second, with jitter and a ceiling."""
    if told is not None:
        return told + random.uniform(0.05, 0.5)
    return min(LONGEST, 2.0 ** max(tries - 1, 0)) * random.uniform(0.8, 1.2)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def _since(job: Job) -> dt.timedelta:
    assert job.started
    return timezone.now() - job.started


def never_known(error: ProviderError) -> ProviderError:
    """The same key was sent as often as is decent, and nobody could say what became of it."""
    return failed(
        "unknown_outcome", charged=None, permanent=True, details=error.details, remedy="Check it at the service, then settle it or ask again."
    )  # fmt: skip


def asked_back(job: Job) -> bool:
    """Whether a person had the service asked what became of this attempt: see `actions.settling`."""
    return bool((job.ticket or {}).get("asked_back"))


def not_known_there(details: str = "") -> ProviderError:
    """The service was asked by key, and knows nothing of it now. That says nothing of the bill."""
    return failed(
        "unknown_outcome", charged=None, permanent=True, message="The engine does not know this attempt, or not any more.",
        remedy="It may have been charged all the same: look at the bill, then settle it.", details=details,
    )  # fmt: skip


def never_came(job: Job) -> ProviderError:
    """Asked for as long as is decent, and no picture."""
    if asked_back(job):
        return failed(
            "unknown_outcome", charged=None, permanent=True, message="The engine was asked and brought no picture.",
            remedy="Check it again later, or look at the bill and settle it.",
        )  # fmt: skip
    return failed(
        "unknown_outcome", charged=None, permanent=True, message="The engine accepted the request but brought no picture.",
        remedy="It may have been charged. Check it at the service, then settle it or ask again.",
    )  # fmt: skip


MOST_EARLY = (
    6  # then the next question comes in half the time; a service that is always quicker is asked at once anyway
)


class _Past:
    """When the last pictures of one sort were there, seconds after they were accepted."""

    def __init__(self) -> None:
        self.times: deque[float] = deque(maxlen=64)  # more than come at once: the last of a wave are its slowest
        self.early = 0  # how often in a row the first question came too late to say when
        self.learned: dt.datetime | None = None


_typical: dict[tuple[int | None, str, str], _Past] = defaultdict(_Past)


class Pace:
    """When a job is asked for next: at growing intervals, and first when pictures like it usually came.

    `pauses` are the engine's own: seconds before the first question, and the longest between two. `accepted` is when the ticket came,
    where this worker saw it come; else it is when its row says so.
    """

    def __init__(self, job: Job, pauses: tuple[float, float], accepted: dt.datetime | None = None) -> None:
        assert job.started
        self._first, self._longest = pauses
        self._started = accepted or job.changed  # the asking itself may have taken its time
        self._until = max(job.started + (ASKING_BACK if asked_back(job) else PATIENCE), timezone.now() + AT_LEAST)
        self._failures = 0
        self._asked = self._not_yet = 0.0  # seconds after it was accepted
        self._past = _typical[job.account_id, job.model, str(job.request.get("size"))]
        self._asked_back = asked_back(job)

    def next(self) -> float:
        """Seconds from this question to the next."""
        elapsed = self._asked = (timezone.now() - self._started).total_seconds()
        past = sorted(self._past.times)
        soon = past[len(past) // 10] if past else 0.0
        if elapsed < soon:
            return min(max(soon - elapsed, self._first / 10), self._longest)
        if past and elapsed < past[-1] * 1.1:  # it must be there any moment
            return min(max(self._first / 10, elapsed * 0.02), self._longest)
        return min(max(self._first / 2, elapsed * 0.12), self._longest)

    def failed(self) -> int:
        """One more question in a row that was not answered; says how many."""
        self._failures += 1
        return self._failures

    def answered(self) -> None:
        """The question that `next` was called before has its answer: not yet."""
        self._failures = 0
        self._not_yet = self._asked

    def done(self) -> None:
        """It was there: since some moment after the question before; where it was the first, since nobody knows when. Then the next
        ones are asked for earlier, the more so the oftener in a row, counted once for all that were under way together."""
        if self._asked_back:  # it was drawn long before
            return
        past, now = self._past, timezone.now()
        if self._not_yet:
            past.early = 0
            return past.times.append((self._not_yet + self._asked) / 2)
        if past.learned is None or self._started > past.learned:
            past.early, past.learned = min(past.early + 1, MOST_EARLY), now
        past.times.append(self._asked * (1 - min(0.5, 0.015 * 2 ** (past.early - 1))))

    def too_late(self) -> bool:
        return timezone.now() > self._until
