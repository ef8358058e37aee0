"""One job from waiting to picture, and again after its worker died."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from studio.board.models import Take
from studio.generation import line, retrying, runner
from studio.generation.models import Job, JobState, Spend
from studio.lib import threads
from studio.media.models import Image
from studio.providers.base import ProviderError
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(ask, panels, engines):
    def asked(engine="obedient", **given):
        return ask(panels=panels[:1], engine=engine, **given).jobs.get()

    return asked


def left_behind(job, state, **fields):
    """As a worker leaves it that was killed."""
    Job.objects.filter(pk=job.pk).update(
        state=state, worker="dead-1", attempts=1, started=timezone.now(), lease_until=timezone.now(), **fields
    )
    return job


def money(job):
    return {(row.kind, row.amount) for row in job.spends.all()}


def test_it_draws(job, run, engines, panels, mei):
    drawn = run(job())
    assert drawn.state == JobState.DONE
    assert [event.after for event in drawn.events.all()] == ["queued", "starting", "waiting", "saving", "done"]
    take = panels[0].takes.get()
    assert (take, take.job_key, take.drawn_by, take.seed) == (drawn.take, drawn.key, mei, drawn.seed)
    assert take.image.source == Image.Source.DRAWN
    assert take.image.renditions.count() == 4
    assert take.seconds > 0
    assert take.cost == Decimal("0.04")
    assert take.prompt == drawn.request["prompt"]
    assert engines("obedient").asked == [str(drawn.key)]
    assert money(drawn) == {("reserved", Decimal(0)), ("charged", Decimal("0.04"))}
    assert drawn.batch.finished
    panels[0].refresh_from_db()
    assert panels[0].picked == take


def test_it_draws_with_the_embedded_engine(ask, panels, run, settings):
    drawn = run(ask(panels=panels[:1]).jobs.get())
    assert drawn.state == JobState.DONE, drawn.details
    assert (drawn.take.image.width, drawn.take.image.height) == (1376, 768)
    assert drawn.charged is False


def test_it_sends_the_references_in_order(job, run, engines, panels, team):
    noor = makers.subject(team, locked=True)
    front = makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor)
    run(job())
    (sent,) = engines("obedient").requests[0].references
    assert (sent.role, sent.view, sent.sha256, sent.mime) == ("identity", "front", front.sha256, "image/jpeg")
    assert sent.data[:2] == b"\xff\xd8"


def test_it_draws_what_was_frozen_whatever_changes_after(job, run, engines, panels):
    asked = job()
    panels[0].action = "Something else entirely."
    panels[0].save()
    run(asked)
    assert engines("obedient").requests[0].prompt == asked.request["prompt"]


def test_it_does_nothing_twice(job, run, engines):
    once = job()
    run(run(once))
    assert len(engines("obedient").asked) == 1
    assert Take.objects.count() == 1


def test_it_is_drawn_once_by_two_at_the_same_time(job, engines):
    asked = job()

    async def both():
        await asyncio.gather(*(runner.run(asked.pk) for _ in range(4)))

    asyncio.run(both())
    threads.let_go()
    assert len(engines("obedient").asked) == 1
    assert Take.objects.count() == 1


def test_it_leaves_what_is_in_other_hands(job, run, engines):
    held = left_behind(job(), JobState.STARTING)
    Job.objects.filter(pk=held.pk).update(lease_until=timezone.now() + dt.timedelta(seconds=30))
    assert run(held).state == JobState.STARTING
    assert not engines("obedient").asked


def test_it_asks_again_with_the_same_key_where_that_is_billed_once(job, run, engines):
    again = run(left_behind(job(), JobState.STARTING))
    assert (again.state, again.attempts) == (JobState.DONE, 2)
    assert engines("obedient").asked == [str(again.key)]


def test_it_does_not_ask_again_where_every_call_is_billed(job, run, engines):
    open_end = run(left_behind(job("once"), JobState.STARTING, estimate=Decimal("0.13")))
    assert open_end.state == JobState.UNKNOWN
    assert open_end.charged is None
    assert open_end.remedy
    assert not engines("once").asked
    assert ("uncertain", Decimal("0.13")) in money(open_end)
    assert run(open_end).state == JobState.UNKNOWN


def test_it_collects_what_was_accepted_instead_of_asking(job, run, engines):
    waiting = left_behind(job("polled"), JobState.WAITING, ticket={"data": {"id": "t-1"}, "at_once": False})
    assert run(waiting).state == JobState.DONE
    assert engines("polled").collected == [{"id": "t-1"}]
    assert not engines("polled").asked


def test_it_polls_for_its_picture(job, run, engines):
    assert run(job("polled")).state == JobState.DONE
    assert len(engines("polled").asked) == len(engines("polled").collected) == 1


def test_it_makes_one_take_when_it_died_after_the_take(job, run):
    done = run(job())
    left_behind(done, JobState.SAVING, ticket={"data": {}, "at_once": True})
    again = run(done)
    assert again.state == JobState.DONE
    assert Take.objects.count() == 1
    assert len(money(again)) == 2


def test_it_writes_nothing_once_another_worker_has_it(job, run, engines):
    slow = job()

    def taken():
        import threading  # a second worker, with its own connection

        steal = Job.objects.filter(pk=slow.pk)
        thread = threading.Thread(target=lambda: steal.update(worker="other-2"))
        thread.start()
        thread.join()

    engines("obedient").before = taken
    assert run(slow).state == JobState.STARTING
    assert not Take.objects.exists()
    assert slow.worker == "other-2"


def test_it_gives_up_on_a_picture_that_kills_its_workers(job, run, engines):
    deadly = left_behind(job(), JobState.STARTING)
    Job.objects.filter(pk=deadly.pk).update(attempts=line.DEATHS)
    assert run(deadly).state == JobState.FAILED
    assert not engines("obedient").asked


@pytest.mark.parametrize(
    ("error", "state", "charged", "kind"),
    [
        (ProviderError("No such face.", kind="refused", permanent=True, charged=False), "refused", False, "released"),
        (ProviderError("Not that size.", kind="invalid", permanent=True, charged=False), "failed", False, "released"),
        (ProviderError("It was drawn, badly.", kind="broken", permanent=True, charged=True), "failed", True, "charged"),
        (ProviderError("The line went dead.", kind="unknown_outcome", charged=None), "unknown", None, "uncertain"),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_it_says_how_it_was_lost(job, run, engines, error, state, charged, kind):
    engines("once").errors = [error]
    lost = run(job("once"))
    assert (lost.state, lost.error, lost.charged) == (state, error.message, charged)
    assert lost.remedy
    assert kind in {row.kind for row in lost.spends.all()}
    assert lost.batch.finished


def test_it_waits_as_told_and_tries_again(job, run, engines):
    engines("obedient").errors = [ProviderError("Too many.", kind="rate", retry_after=30, charged=False)]
    waiting = run(job())
    assert waiting.state == JobState.QUEUED
    assert 25 < (waiting.not_before - timezone.now()).total_seconds() <= 31
    assert runner.due(10) == []
    assert run(waiting).state == JobState.QUEUED  # not before its time
    Job.objects.update(not_before=timezone.now())
    assert run(waiting).state == JobState.DONE
    assert engines("obedient").asked == [str(waiting.key)] * 2
    assert {row.kind for row in waiting.spends.all()} == {"reserved", "charged"}


def test_it_stops_trying_after_a_while(job, run, engines):
    engines("obedient").errors = [ProviderError("Busy.", kind="slow", charged=False) for _ in range(9)]
    busy = job()
    for _ in range(9):
        run(busy)
        Job.objects.update(not_before=None)
    assert busy.state == JobState.FAILED
    assert len(engines("obedient").asked) == retrying.ATTEMPTS


def test_it_never_repeats_by_itself_what_may_have_been_paid(job, run, engines):
    engines("once").errors = [ProviderError("Broken off.", kind="broken", charged=None)]
    assert run(job("once")).state == JobState.FAILED
    assert len(engines("once").asked) == 1
    assert Spend.objects.filter(kind=Spend.Kind.UNCERTAIN).exists()


def test_it_trusts_no_picture(job, run, engines):
    engines("obedient").answer = b"<html>Bad gateway</html>"
    spoilt = run(job())
    assert spoilt.state == JobState.FAILED
    assert "could not be read" in spoilt.error
    assert not Image.objects.exists()


def test_it_fails_where_there_is_no_picture(job, run, engines):
    engines("obedient").answer = b""
    assert run(job()).state == JobState.FAILED


def test_it_says_that_a_reference_is_gone(job, run, engines, panels, team):
    noor = makers.subject(team, "Noor", locked=True)
    front = makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor)
    asked = job()
    front.image.renditions.all().delete()
    gone = run(asked)
    assert (gone.state, gone.charged) == (JobState.FAILED, False)
    assert gone.error == "Reference picture 1 (Noor) is gone."
    assert not engines("obedient").asked


def test_it_survives_a_fault_in_the_engine(job, run, engines):
    engines("obedient").errors = [RuntimeError("boom")] * retrying.ATTEMPTS
    faulty = job()
    for _ in range(retrying.ATTEMPTS):
        run(faulty)
        Job.objects.update(not_before=None)
    assert faulty.state == JobState.FAILED
    assert "boom" in faulty.details


def test_it_takes_up_what_dead_workers_of_this_machine_left(job):
    asked = left_behind(job(), JobState.STARTING)
    Job.objects.filter(pk=asked.pk).update(worker="abcd-77-x", lease_until=timezone.now() + dt.timedelta(minutes=1))
    assert runner.due(10) == []
    runner.forsake("other", "other-1-y")
    assert runner.due(10) == []
    runner.forsake("abcd", "abcd-78-y")
    assert runner.due(10) == [(asked.pk, asked.priority)]


def test_it_takes_the_urgent_first_then_the_oldest(ask, panels):
    batch = ask()
    by_hand = ask(panels=panels[2:])
    order = [by_hand.jobs.get().pk, *batch.jobs.order_by("pk").values_list("pk", flat=True)]
    assert [pk for pk, _ in runner.due(10)] == order
    assert len(runner.due(2)) == 2
