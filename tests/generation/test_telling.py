"""What the pages are told: a panel's state, a batch's bar, what changed."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.generation import actions, cost, queries, states
from studio.generation.models import Batch, Job, JobState
from studio.providers import registry
from tests import makers


def test_it_tells_nothing_of_a_quiet_panel(panels):
    assert queries.states_for(panels) == {}
    assert queries.states_for([]) == {}


def test_it_looks_at_no_more_rows_where_a_panel_had_hundreds_of_attempts(panels, team):
    """Twins: three panels with one lost attempt, and with many. SQLite counts the steps it takes, in hundreds."""

    def attempts(number):
        project, keys = panels[0].scene.project, [uuid.uuid4() for _ in range(number)]
        batches = Batch.objects.bulk_create([Batch(team=team, project=project, key=key) for key in keys])
        Job.objects.bulk_create(
            [Job(batch=one, panel=panel, engine="sketch", state=JobState.FAILED) for one in batches for panel in panels]
        )

    def told():
        steps = []
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(lambda: steps.append(1), 100)
        with CaptureQueriesContext(connection) as asked:
            found = queries.states_for(panels)
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
        return found, len(asked), len(steps)

    attempts(1)
    first, asked, steps = told()
    attempts(300)
    last, asked_later, steps_later = told()
    assert {work.state for work in (*first.values(), *last.values())} == {"failed"}
    assert last[panels[0].pk].job_code == Job.objects.filter(panel=panels[0]).latest("pk").code
    assert asked == asked_later
    assert steps_later <= steps * 3 + 10


def test_it_tells_of_the_newest_batch_that_was_not_cancelled(ask, panels):
    first = ask(panels=panels[:1]).jobs.get()
    states.lose(first, JobState.FAILED, error="No.", charged=False)
    states.stop(ask(panels=panels[:1]).jobs.get(), by=None)
    assert queries.states_for(panels)[panels[0].pk].job_code == first.code
    drawn = ask(panels=panels[:1]).jobs.get()
    states.move(drawn, JobState.DONE)
    assert queries.states_for(panels) == {}


def test_it_tells_the_place_in_line(ask, panels):
    batch = ask()
    told = queries.states_for(panels)
    assert [told[panel.pk].place for panel in panels] == [1, 2, 3]
    assert {told[panel.pk].state for panel in panels} == {"queued"}
    assert told[panels[0].pk].batch_code == batch.code
    ask(panels=panels[2:])
    told = queries.states_for(panels)
    assert [told[panel.pk].place for panel in panels] == [2, 3, 1]


def test_it_tells_what_is_being_drawn(ask, panels):
    makers.take(panels[0])
    job = ask(takes=2).jobs.order_by("pk").first()
    states.move(job, JobState.STARTING, started=timezone.now() - dt.timedelta(seconds=7))
    work = queries.states_for(panels)[panels[0].pk]
    assert (work.state, work.elapsed, work.take, work.job_code) == ("working", 7, 2, job.code)


def test_it_tells_what_failed_and_what_to_do(ask, panels):
    job = ask(panels=panels[:1]).jobs.get()
    states.lose(job, JobState.REFUSED, error="It was declined.", remedy="Change the words.", charged=None)
    work = queries.states_for(panels)[panels[0].pk]
    assert (work.state, work.error, work.remedy, work.charged) == (
        "failed",
        "It was declined.",
        "Change the words.",
        None,
    )
    assert not work.unknown


def test_it_forgets_a_failure_once_it_was_drawn_after_all(ask, panels, mei):
    job = ask(panels=panels[:1]).jobs.get()
    states.lose(job, JobState.FAILED, error="No.", charged=False)
    again = actions.retry_job(job=job, by=mei).jobs.get()
    assert queries.states_for(panels)[panels[0].pk].state == "queued"
    states.move(again, JobState.DONE)
    assert queries.states_for(panels) == {}


def test_it_still_tells_a_failure_when_the_next_try_was_stopped(ask, panels, mei):
    job = ask(panels=panels[:1]).jobs.get()
    states.lose(job, JobState.FAILED, error="No.", charged=False)
    actions.cancel_job(job=actions.retry_job(job=job, by=mei).jobs.get(), by=mei)
    assert queries.states_for(panels)[panels[0].pk].state == "failed"


def test_it_asks_no_more_for_more_panels(ask, scene, django_assert_max_num_queries):
    panels = [makers.panel(scene) for _ in range(30)]
    batch = ask(panels=panels)
    for job in batch.jobs.all()[:10]:
        states.move(job, JobState.STARTING, started=timezone.now())
    with django_assert_max_num_queries(4):
        assert len(queries.states_for(panels)) == 30
    with django_assert_max_num_queries(5):
        queries.bar(batch)


def test_it_counts_a_batch(ask, panels, mei):
    batch = ask(takes=2)
    first, second, third, *_ = batch.jobs.order_by("pk")
    Job.objects.update(estimate=Decimal("0.04"))
    models.QuerySet.update(
        batch.jobs.first().spends.model.objects.all(), amount=Decimal("0.04")
    )  # as if they cost that
    states.move(first, JobState.DONE)
    states.settle(first, True, told=Decimal("0.03"))
    states.lose(second, JobState.UNKNOWN, error="Who knows.", charged=None)
    states.move(third, JobState.STARTING)
    bar = queries.bar(batch)
    assert (bar.total, bar.done, bar.failed, bar.unknown, bar.drawing, bar.waiting) == (6, 1, 1, 1, 1, 3)
    assert (bar.cost, bar.cost_of) == (Decimal("0.03"), Decimal("0.24"))
    assert bar.share == 2 / 6
    assert not bar.finished
    actions.cancel_batch(batch=batch, by=mei)
    bar = queries.bar(batch)
    assert (bar.cancelled, bar.waiting, bar.stopped, bar.finished) == (3, 0, True, False)


def test_it_guesses_the_time_from_the_last_twenty(ask, panels):
    batch = ask(takes=4)
    assert queries.bar(batch).eta is None
    for seconds in [500.0] * 10 + [8.0] * 20:
        makers.take(panels[0], size="1K", seconds=seconds)
    makers.take(panels[0], size="2K", seconds=900)
    eta = queries.bar(batch).eta
    assert eta % 10 == 0
    assert eta - 10 < 8 * 12 / registry.slots("sketch") <= eta
    assert cost.time_for(1, "sketch", "1K") == 10
    for job in batch.jobs.all():
        states.move(job, JobState.DONE)
    assert queries.bar(batch).eta is None
    assert queries.bar(batch).finished


def test_it_tells_which_panels_changed(ask, panels):
    batch = ask()
    Job.objects.update(changed=timezone.now() - dt.timedelta(minutes=1))
    moment = timezone.now()
    assert queries.changed_since(batch, moment) == []
    states.move(batch.jobs.get(panel=panels[1]), JobState.STARTING)
    assert queries.changed_since(batch, moment) == [panels[1]]


def test_it_tells_which_batches_run(ask, project):
    first, second = ask(), ask()
    for job in first.jobs.all():
        states.move(job, JobState.DONE)
    assert queries.running(project) == [second]
