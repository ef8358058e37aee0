"""The engine room: who draws, what is under way, what waits and why, and what needs somebody. A constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from studio.accounts.models import Team
from studio.generation import cost
from studio.generation.errors import dollars
from studio.generation.models import (
    ACTIVE,
    AT_SERVICE,
    LOST,
    UNDER_WAY,
    EngineAccount,
    Job,
    JobEvent,
    JobState,
    Worker,
)
from studio.generation.workers import SILENT
from studio.providers import registry

SHOWN = 100  # pictures on the page
RECENT = dt.timedelta(days=7)  # for as long a lost picture asks for somebody
WORDS = {"starting": "Sending", "waiting": "Drawing", "saving": "Saving", "failed": "Failed", "refused": "Declined"}


@dataclass(frozen=True, slots=True)
class Queue:
    """One account, or this machine's own engine. `state` and `word` for its sign; `places` true where one is taken."""

    name: str
    state: str
    word: str
    places: tuple[bool, ...]
    waiting: int
    begun: int  # in the last minute
    per_minute: int | None
    next: str
    account: EngineAccount | None = None

    @property
    def busy(self) -> int:
        return sum(self.places)


@dataclass(frozen=True, slots=True)
class Line:
    """One picture. `acts`: what may be done about it, of retry, cancel, front."""

    job: Job
    state: str
    word: str
    why: str
    since: dt.datetime
    lasts: str  # since then: "14 s", "3 min", "2 h", "4 days"
    step: str = ""  # what to do next
    needs: bool = False
    acts: tuple[str, ...] = ()
    again: Decimal = Decimal(0)  # US dollars: what the same picture costs now


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker: `state` working, ready or lost."""

    host: str
    state: str
    word: str
    started: dt.datetime
    seen: dt.datetime
    pictures: int


@dataclass(frozen=True, slots=True)
class Room:
    queues: list[Queue]
    lines: list[Line]
    hands: list[Hand]
    drawing: int
    waiting: int
    needing: int
    show: str = "all"
    more: int = 0


def room(team: Team, show: str = "all") -> Room:
    """All that the page shows; `show` is all, drawing, waiting or needs. Eleven queries, however much there is."""
    now = timezone.now()
    accounts = list(EngineAccount.objects.of(team))
    ours = Job.objects.filter(batch__team=team)
    states = Counter({(a, s): n for a, s, n in _by_state(ours.filter(state__in=ACTIVE))})
    begun = dict(
        JobEvent.objects.filter(job__batch__team=team, after=JobState.STARTING, at__gt=now - dt.timedelta(minutes=1))
        .order_by()
        .values_list("job__account")
        .annotate(Count("pk"))
    )
    hands = _hands(now)
    someone = any(hand.state != "lost" for hand in hands)
    queues = [_queue(account, states, begun.get(account.pk, 0), now) for account in accounts]
    queues.append(_own(states, begun.get(None, 0)))
    by_account = {queue.account.pk if queue.account else None: queue for queue in queues}

    needs = _needing(ours, now)
    wanted = {
        "drawing": ours.filter(state__in=UNDER_WAY),
        "waiting": ours.filter(state=JobState.QUEUED),
        "needs": needs,
        "all": ours.filter(Q(state__in=ACTIVE) | Q(pk__in=needs.values("pk"))),
    }[show]
    rows = list(_ordered(wanted)[: SHOWN + 1])
    place = _places(rows)
    again = cost.again(job for job in rows[:SHOWN] if job.state in LOST)
    lines = [
        _line(job, by_account.get(job.account_id), place.get(job.pk, 0), someone, now, again) for job in rows[:SHOWN]
    ]
    drawing = sum(n for (_, state), n in states.items() if state in UNDER_WAY)
    waiting = sum(n for (_, state), n in states.items() if state == JobState.QUEUED)
    needing = sum(line.needs for line in lines) if show == "all" and len(rows) <= SHOWN else needs.count()
    return Room(queues, lines, hands, drawing, waiting, needing, show, more=max(0, len(rows) - SHOWN))


def _by_state(jobs: Any) -> Any:
    return jobs.order_by().values_list("account", "state").annotate(Count("pk"))


def _needing(ours: Any, now: dt.datetime) -> Any:
    """Lost lately, and nothing came after it for the panel; or uncertain money, however old."""
    later = Job.objects.filter(panel=OuterRef("panel"), pk__gt=OuterRef("pk")).exclude(state=JobState.CANCELLED)
    lost = ours.filter(state__in=LOST, panel__deleted=None).annotate(later=Exists(later))
    uncertain = Q(charged=None, counted__gt=0)
    return lost.filter(uncertain | Q(later=False, finished__gt=now - RECENT))


def _ordered(jobs: Any) -> Any:
    rows = jobs.select_related("account", "batch__created_by", "panel__scene__project")
    active_first = F("finished").desc(nulls_first=True)  # databases differ in where they put what has no end yet
    return rows.order_by(active_first, "-priority", "created", "pk").defer("request", "ticket")


def _places(rows: Sequence[Job]) -> dict[int, int]:
    """1 for the next of its account, among those shown."""
    counts: Counter[int | None] = Counter()
    found = {}
    for job in rows:
        if job.state == JobState.QUEUED:
            counts[job.account_id] += 1
            found[job.pk] = counts[job.account_id]
    return found


def _queue(account: EngineAccount, states: Counter[Any], begun: int, now: dt.datetime) -> Queue:
    busy = min(sum(states[account.pk, state] for state in AT_SERVICE), account.concurrency)
    places = tuple(n < busy for n in range(account.concurrency))
    resting = account.rests_until is not None and account.rests_until > now
    state, word = ("working", "Drawing") if busy else ("ready", "Idle")
    then = "at once" if busy < account.concurrency else "when a place is free"
    if not account.on:
        state, word, then = "off", "Switched off", "when it is switched on"
    elif account.health == EngineAccount.Health.KEY:
        state, word, then = "failed", "Paused, key", "after a new key"
    elif account.health == EngineAccount.Health.BALANCE:
        state, word, then = "failed", "Paused, balance", "after it is topped up and checked"
    elif resting and account.rests_until:
        word = "Quota used up" if account.health == EngineAccount.Health.QUOTA else word
        then = _in(account.rests_until, now)
    elif account.health == EngineAccount.Health.UNREACHABLE:
        state, word = "unknown", "Not reached"
    waiting = states[account.pk, JobState.QUEUED]
    return Queue(str(account), state, word, places, waiting, begun, account.per_minute, then, account)


def _own(states: Counter[Any], begun: int) -> Queue:
    busy, slots = sum(states[None, state] for state in UNDER_WAY), registry.slots("sketch")
    places = tuple(n < busy for n in range(max(slots, busy)))
    word = "Drawing" if busy else "Idle"
    then = "at once" if busy < slots else "when a place is free"
    return Queue(
        "Sketch, on this machine", "working" if busy else "ready", word, places, states[None, JobState.QUEUED], begun, None, then
    )  # fmt: skip


def _line(
    job: Job, queue: Queue | None, place: int, someone: bool, now: dt.datetime, again: dict[int, Decimal]
) -> Line:
    if job.state == JobState.QUEUED:
        why = why_waiting(job, queue, someone, now)
        acts = ("cancel",) if place == 1 else ("front", "cancel")
        return Line(job, "queued", f"Waiting, {_nth(place)}", why, job.created, _for(job.created, now), acts=acts)
    if job.state in UNDER_WAY:
        why = {
            "starting": "Being sent",
            "waiting": "The engine draws",
            "saving": "Drawn; the picture is fetched and checked",
        }[job.state]
        why = f"Asked again by its key. {job.error}".strip() if job.doubtful else job.error or why
        since = job.started or job.created
        return Line(job, "working", WORDS[job.state], why, since, _for(since, now), step=_step(job))
    unknown = job.state == JobState.UNKNOWN or (job.charged is None and job.counted > 0)
    money = (
        "Not charged." if job.charged is False else "Charged." if job.charged else f"Possibly {dollars(job.counted)}."
    )
    word = "Unknown" if job.state == JobState.UNKNOWN else WORDS[job.state]
    return Line(
        job, "unknown" if unknown else "failed", word, f"{job.error} {money}".strip(), job.finished or job.created, _for(job.finished or job.created, now), step=_step(job), needs=True, acts=("retry",),
        again=again.get(job.pk, job.estimate),
    )  # fmt: skip


def _step(job: Job) -> str:
    """The remedy without what stands before it already: what it cost."""
    return job.remedy.removeprefix("It was charged. ").removeprefix("It may have been charged. ")


def why_waiting(job: Job, queue: Queue | None, someone: bool, now: dt.datetime) -> str:
    """Why this picture has not begun, in one sentence."""
    account = queue.account if queue else None
    if not someone:
        return "No worker runs. It begins when one is started."
    if account is not None and not account.on:
        return f"{account} is switched off."
    if account is not None and account.paused:
        return f"{account} is paused: {account.said or account.get_health_display().lower()}"
    if job.not_before and job.not_before > now:
        return f"{job.error or 'Tried before.'} Tried again {_in(job.not_before, now)}."
    if account is not None and account.rests_until and account.rests_until > now:
        if account.health == EngineAccount.Health.QUOTA:
            return f"Today’s quota of {account} is used up; it is tried again {_in(account.rests_until, now)}."
        takes = f"It takes {account.per_minute} calls a minute" if account.per_minute else "It told us to wait"
        return f"{takes}; the next starts {_in(account.rests_until, now)}."
    if queue is not None and queue.busy >= len(queue.places):
        return f"All {len(queue.places)} places of {queue.name} are taken; a panel asked for by hand goes first."
    return "It is about to begin."


def _hands(now: dt.datetime) -> list[Hand]:
    held = dict(
        Job.objects.filter(state__in=UNDER_WAY).order_by().values_list("worker").annotate(Count("pk"))
    )  # of all teams: a worker serves them together
    found = []
    for worker in Worker.objects.order_by("started"):
        lost, pictures = now - worker.seen > SILENT, held.get(worker.name, 0)
        state, word = ("failed", "Lost") if lost else ("working", "Working") if pictures else ("ready", "Ready")
        found.append(Hand(worker.host, "lost" if lost else state, word, worker.started, worker.seen, pictures))
    return found


def _nth(place: int) -> str:
    return {1: "next", 2: "2nd", 3: "3rd"}.get(place, f"{place}th")


def _for(moment: dt.datetime, now: dt.datetime) -> str:
    seconds = max(0, int((now - moment).total_seconds()))
    steps = ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h"))
    return next((f"{seconds // one} {name}" for most, one, name in steps if seconds < most), f"{seconds // 86400} days")


def _in(moment: dt.datetime, now: dt.datetime) -> str:
    seconds = max(1, round((moment - now).total_seconds()))
    return f"in about {seconds} s" if seconds < 90 else f"in about {round(seconds / 60)} min"
