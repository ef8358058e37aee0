"""Many jobs claimed and moved at the price of one: the same limits, the same care, and as many questions for three as for thirty."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.generation import actions, line, runner, states
from studio.generation.models import EngineAccount, Job, JobEvent, JobState
from studio.providers.base import ImageResult, Picture, Ticket
from tests import makers
from tests.generation import services
from tests.generation.test_accounts_limits import asked, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_left_over():
    yield
    line._taken.clear()


def pks(jobs):
    return [job.pk for job in jobs]


def state(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_it_takes_as_many_as_there_is_room_for_the_first_first(team, scene):
    account = makers.account(team, concurrency=5, per_minute=None)
    jobs = asked(scene, account, 8)
    line.take(pks(jobs[::-1]))
    assert [state(job) for job in jobs] == ["queued"] * 3 + ["starting"] * 5
    line.take(pks(jobs))
    assert Job.objects.filter(state=JobState.STARTING).count() == 5


def test_what_was_taken_is_given_out_without_a_question(team, scene, django_assert_num_queries):
    account = makers.account(team, per_minute=None)
    jobs = asked(scene, account, 3)
    line.take(pks(jobs))
    with django_assert_num_queries(0):
        claimed = [line.claim(job.pk) for job in jobs]
        assert [job.panel.scene.project.team for job in claimed] == [team] * 3
        assert [job.account for job in claimed] == [account] * 3
        assert {job.batch.team for job in claimed} == {team}
    assert all((job.state, job.attempts, job.error) == (JobState.STARTING, 1, "") for job in claimed)
    assert [line.claim(job.pk) for job in jobs] == [None] * 3
    written = list(JobEvent.objects.filter(after=JobState.STARTING).values_list("job", "before").order_by("job"))
    assert written == [(job.pk, "queued") for job in jobs]


@pytest.mark.parametrize("name", ["runware", "sketch"])
def test_thirty_ask_as_often_as_three(team, scene, mei, name):
    account = makers.account(team, concurrency=100, per_minute=None) if name == "runware" else None
    counts = []
    for count in (3, 30):
        if account:
            jobs = asked(scene, account, count)
        else:
            panels = [makers.panel(scene) for _ in range(count)]
            jobs = list(actions.request_takes(panels=panels, by=mei, key=makers.uuid.uuid4()).jobs.all())
        with CaptureQueriesContext(connection) as asked_for:
            line.take(pks(jobs))
        assert Job.objects.filter(pk__in=pks(jobs), state=JobState.STARTING).count() == count
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_who_take_at_the_same_moment_take_different_ones(team, scene):
    account = makers.account(team, concurrency=7, per_minute=None)
    jobs = asked(scene, account, 12)
    found = together(4, lambda _: line.take(pks(jobs)))
    assert not [one for one in found if isinstance(one, Exception)]
    assert Job.objects.filter(state=JobState.STARTING).count() == 7
    assert JobEvent.objects.filter(after=JobState.STARTING).count() == 7


def test_what_was_cancelled_is_left_alone(team, scene, mei):
    account = makers.account(team, per_minute=None)
    jobs = asked(scene, account, 3)
    stopped = Job.objects.select_related("batch").get(pk=jobs[1].pk)
    assert states.stop(stopped, by=mei)
    line.take(pks(jobs))
    assert [state(job) for job in jobs] == ["starting", "cancelled", "starting"]


@pytest.mark.parametrize("why", [{"on": False}, {"rests_until": timezone.now() + dt.timedelta(hours=1)}])
def test_an_account_that_is_off_or_rests_gives_none(team, scene, why):
    account = makers.account(team, per_minute=None)
    jobs = asked(scene, account, 3)
    EngineAccount.objects.update(**why)
    line.take(pks(jobs))
    assert Job.objects.filter(state=JobState.QUEUED).count() == 3


def test_each_takes_a_turn_of_the_minute_where_one_call_makes_the_picture(team, scene):
    account = makers.account(team, "gemini", "gemini", concurrency=50, per_minute=30)
    jobs = asked(scene, account, 8)
    line.take(pks(jobs))
    assert Job.objects.filter(state=JobState.STARTING).count() == 3  # a tenth of the minute's calls may come at once
    account.refresh_from_db()
    assert account.rests_until > timezone.now()


def test_accounts_do_not_stand_in_each_others_way(team, scene):
    full, free = (makers.account(team, name, concurrency=2, per_minute=None) for name in ("full", "free"))
    jobs = asked(scene, full, 3) + asked(scene, free, 2)
    line.take(pks(jobs))
    assert [state(job) for job in jobs] == ["starting", "starting", "queued", "starting", "starting"]


def test_what_was_taken_long_ago_is_not_given_out(team, scene, settings):
    account = makers.account(team, per_minute=None)
    (job,) = asked(scene, account, 1)
    line.take([job.pk])
    line._taken[job.pk].lease_until = timezone.now() - dt.timedelta(seconds=1)
    assert line.claim(job.pk) is None  # its row says that it is held


def test_only_what_is_still_ours_is_moved(team, scene):
    account = makers.account(team, per_minute=None)
    line.take(pks(asked(scene, account, 3)))
    mine, theirs, over = line._taken.values()
    Job.objects.filter(pk=theirs.pk).update(worker="another")
    Job.objects.filter(pk=over.pk).update(state=JobState.UNKNOWN)
    tickets = [(job, Ticket({"task": str(job.pk)})) for job in (mine, theirs, over)]
    assert runner._accepted(tickets) == [True, False, False]
    mine.refresh_from_db()
    assert (mine.state, mine.ticket) == ("waiting", {"data": {"task": str(mine.pk)}, "at_once": False})
    assert (state(theirs), state(over)) == ("starting", "unknown")
    assert runner._drawn([mine]) == [True]
    assert runner._drawn([theirs]) == [False]
    assert (mine.state, state(mine)) == ("saving", "saving")


def test_an_answer_that_could_not_be_written_is_written_again(team, scene, monkeypatch):
    account = makers.account(team, "gemini", "gemini", per_minute=None)
    line.take(pks(asked(scene, account, 2)))
    jobs = list(line._taken.values())
    given = [(job, Ticket(result=ImageResult((Picture(b"", "", None),)))) for job in jobs]
    move_all = states.move_all

    def broken(those, after, **given):
        if after == JobState.SAVING:
            raise OperationalError("the server went away")
        return move_all(those, after, **given)

    monkeypatch.setattr(states, "move_all", broken)
    with pytest.raises(OperationalError):
        runner._accepted(given)
    assert [state(job) for job in jobs] == ["starting"] * 2
    monkeypatch.setattr(states, "move_all", move_all)
    assert runner._accepted(given) == [True, True]
    assert [state(job) for job in jobs] == ["saving"] * 2


def test_a_wave_becomes_takes(team, scene, service):
    emulator = service("runware")
    account = services.account(team, emulator)
    jobs = asked(scene, account, 6)
    line.take(pks(jobs))
    services.run(*(runner.run(job.pk) for job in jobs))
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert len(emulator.charged()) == 6
    services.counted_right()
