"""Cancelling, and asking again for what was lost."""

from __future__ import annotations

import uuid

import pytest

from studio.accounts.models import Event
from studio.board.models import Take
from studio.generation import actions, states
from studio.generation.errors import Refused
from studio.generation.models import Batch, Job, JobState
from tests import makers


def test_it_stops_what_has_not_begun_and_leaves_the_rest(ask, mei):
    batch = ask()
    begun = batch.jobs.order_by("pk").first()
    states.move(begun, JobState.STARTING)
    assert actions.cancel_batch(batch=batch, by=mei) == 2
    assert list(batch.jobs.order_by("pk").values_list("state", flat=True)) == ["starting", "cancelled", "cancelled"]
    assert batch.cancelled
    assert not batch.finished
    assert sorted(batch.jobs.filter(spends__kind="released").values_list("state", flat=True)) == ["cancelled"] * 2
    assert Event.objects.get(verb="batch.cancelled").data["stopped"] == 2
    states.move(begun, JobState.DONE)
    batch.refresh_from_db()
    assert batch.finished


def test_it_stops_a_batch_twice_with_one_effect(ask, mei):
    batch = ask()
    assert actions.cancel_batch(batch=batch, by=mei) == 3
    first = batch.cancelled
    assert actions.cancel_batch(batch=batch, by=mei) == 0
    assert batch.cancelled == first
    assert Event.objects.filter(verb="batch.cancelled").count() == 1


def test_it_ends_a_batch_that_was_stopped_whole(ask, mei):
    batch = ask()
    actions.cancel_batch(batch=batch, by=mei)
    assert batch.finished


def test_it_leaves_a_batch_that_is_over_as_it_is(ask, mei):
    batch = ask()
    for job in batch.jobs.all():
        states.lose(job, JobState.FAILED, error="No.", charged=False)
    assert actions.cancel_batch(batch=batch, by=mei) == 0
    assert batch.cancelled is None


def test_it_stops_one_picture(ask, mei):
    job = ask().jobs.first()
    assert actions.cancel_job(job=job, by=mei)
    assert not actions.cancel_job(job=job, by=mei)
    assert [event.after for event in job.events.all()] == ["queued", "cancelled"]


def test_it_does_not_stop_what_began_meanwhile(ask, mei):
    stale = ask().jobs.first()
    states.move(Job.objects.get(pk=stale.pk), JobState.STARTING)
    assert not actions.cancel_job(job=stale, by=mei)
    assert not states.stop(stale, by=mei)


@pytest.mark.django_db(transaction=True)
def test_it_never_draws_what_was_stopped(ask, mei, run, engines):
    job = ask(engine="obedient").jobs.first()
    actions.cancel_job(job=job, by=mei)
    assert run(job).state == JobState.CANCELLED
    assert not engines("obedient").asked
    assert not Take.objects.exists()


def test_it_asks_again_with_the_same_request_and_a_new_key(ask, mei, panels):
    lost = ask().jobs.first()
    states.lose(lost, JobState.FAILED, error="No.", charged=False)
    panels[0].action = "Something else."
    panels[0].save()
    again = actions.retry_job(job=lost, by=mei).jobs.get()
    assert again.request == lost.request
    assert (again.seed, again.panel, again.engine) == (lost.seed, lost.panel, lost.engine)
    assert again.key != lost.key
    assert again.priority == actions.BY_HAND
    assert again.spends.get().kind == "reserved"


def test_it_asks_again_once_for_two_clicks(ask, mei):
    lost = ask().jobs.first()
    states.lose(lost, JobState.UNKNOWN, error="Who knows.", charged=None)
    assert actions.retry_job(job=lost, by=mei) == actions.retry_job(job=lost, by=mei)
    assert Batch.objects.count() == 2


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.WAITING, JobState.DONE])
def test_it_does_not_ask_again_for_what_comes_or_came(ask, mei, state):
    job = ask().jobs.first()
    Job.objects.filter(pk=job.pk).update(state=state)
    with pytest.raises(Refused):
        actions.retry_job(job=job, by=mei)
    assert Batch.objects.count() == 1


def test_it_changes_a_state_once(ask):
    job = ask().jobs.first()
    other = Job.objects.get(pk=job.pk)
    assert states.move(job, JobState.STARTING)
    assert not states.move(other, JobState.CANCELLED)
    assert job.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_batch_of_twenty_clicks_at_once(panels, mei):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    key = uuid.uuid4()

    def click(_):
        try:
            return actions.request_takes(panels=panels, by=mei, key=key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as people:
        answers = set(people.map(click, range(20)))
    assert len(answers) == 1
    assert Job.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_it_ends_a_batch_whose_last_two_pictures_end_together(panels, mei):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    batch = actions.request_takes(panels=panels[:2], by=mei, key=uuid.uuid4())

    def end(job):
        try:
            return states.move(job, JobState.DONE)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        assert all(workers.map(end, batch.jobs.select_related("batch")))
    batch.refresh_from_db()
    assert batch.finished


def test_it_keeps_every_key_apart(ask):
    makers.team("Another")
    assert ask().pk != ask().pk
