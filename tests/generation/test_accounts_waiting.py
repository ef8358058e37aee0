"""Told to wait, or an account that somebody has to mend: nothing is lost, nothing is tried in vain, and it goes on by itself."""

from __future__ import annotations

import pytest
from django.utils import timezone

from studio.accounts.models import Event
from studio.generation import actions, engines, health, line, retrying, runner
from studio.generation.models import EngineAccount, Job, JobState
from studio.generation.queries import states_for
from studio.providers.failures import failed
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)
ENGINES = ["runware", "hiapi", "gemini"]
pause = retrying.pause


@pytest.fixture(params=ENGINES)
def begun(request, team, panels, service):
    """emulator, account, and a job for each of three panels."""
    emulator = service(request.param)
    account = services.account(team, emulator)
    return emulator, account, [services.ask(panel, account) for panel in panels]


def seconds_left(moment):
    return (moment - timezone.now()).total_seconds()


def test_it_waits_as_told_and_lets_the_whole_account_rest(begun, monkeypatch):
    monkeypatch.setattr(retrying, "pause", pause)
    emulator, account, (job, *_) = begun
    emulator.break_at("start", "status", (429, {"Retry-After": "40"}), key=account.key)
    services.run(runner.run(job.pk))
    job.refresh_from_db()
    account.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert 38 < seconds_left(job.not_before) < 41
    assert 38 < seconds_left(account.rests_until) < 41
    assert line.due(10) == []
    assert "told us to wait" in states_for([job.panel])[job.panel_id].error
    services.run(*(runner.run(one) for one in Job.objects.values_list("pk", flat=True)))
    assert len(emulator.charged()) == 0
    Job.objects.update(not_before=None)
    EngineAccount.objects.update(rests_until=None)
    assert len(line.due(10)) == 3
    done = services.run(*(services.worked(one) for one in Job.objects.values_list("pk", flat=True)))
    assert {one.state for one in done} == {"done"}
    services.counted_right()


def test_turns_are_no_attempts(begun):
    """Many turns told, and then a busy moment: that is its first failure, not its last."""
    emulator, account, (job, *_) = begun
    emulator.break_at("start", "status", (429, {}), times=retrying.ATTEMPTS + 2, key=account.key)
    emulator.break_at("start", "status", (503, {}), key=account.key)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.attempts) == ("done", 2)
    assert services.theirs(emulator, account)[0] == 1


@pytest.mark.parametrize(("status", "after"), [(401, "key"), (402, "balance")])
def test_it_pauses_the_account_once_and_goes_on_when_it_is_mended(begun, status, after):
    emulator, account, jobs = begun
    emulator.break_at("start", "status", (status, {}), times=3, key=account.key)
    waiting = services.run(*(services.worked(job.pk) for job in jobs))
    account.refresh_from_db()
    assert {job.state for job in waiting} == {"queued"}
    assert (account.health, account.paused) == (after, True)
    assert Event.objects.filter(verb="account.paused").count() == 1
    assert line.due(10) == []
    for job in waiting:
        work = states_for([job.panel])[job.panel_id]
        assert work.state == "queued"
        assert "check the account" in work.remedy
    services.counted_right()
    asked = len(emulator.calls)
    services.run(*(runner.run(job.pk) for job in jobs))
    assert len(emulator.calls) == asked  # nothing is tried in vain
    emulator.faults.clear()
    services.mend(account)
    assert len(line.due(10)) == 3
    assert {job.state for job in services.run(*(services.worked(job.pk) for job in jobs))} == {"done"}
    assert services.theirs(emulator, account)[0] == 3
    services.counted_right()


def test_it_tells_again_when_it_happens_again(team):
    account = makers.account(team)
    assert health.unwell(account, failed("key", charged=False))
    assert not health.unwell(account, failed("key", charged=False))
    services.mend(account)
    assert health.unwell(account, failed("key", charged=False))
    assert Event.objects.filter(verb="account.paused").count() == 2


def test_a_failure_of_the_old_key_does_not_pause_the_new_one(team, ada):
    account = makers.account(team)
    old = EngineAccount.objects.get(pk=account.pk)
    actions.rotate_key(account=account, by=ada, key="another-key-0123456789")
    assert not health.unwell(old, failed("key", charged=False))
    assert not EngineAccount.objects.get(pk=account.pk).paused


def test_what_went_well_does_not_lift_what_somebody_has_to_mend(team):
    account = makers.account(team)
    health.unwell(account, failed("balance", charged=False))
    health.well(account)
    assert EngineAccount.objects.get(pk=account.pk).health == "balance"


def test_it_rests_for_an_hour_where_the_quota_of_the_day_is_used_up(team, panels, service):
    emulator = service("gemini")
    account = services.account(team, emulator)
    jobs = [services.ask(panel, account) for panel in panels]
    emulator.break_at("start", "quota_day", key=account.key)
    (job,) = services.run(services.worked(jobs[0].pk))
    account.refresh_from_db()
    assert (job.state, account.health, account.paused) == ("queued", "quota", False)
    assert 3500 < seconds_left(account.rests_until) <= 3600
    assert line.due(10) == []
    assert not Event.objects.filter(verb="account.paused").exists()
    assert "quota" in states_for([jobs[1].panel])[jobs[1].panel_id].error
    EngineAccount.objects.update(rests_until=timezone.now())
    assert {one.state for one in services.run(*(services.worked(one.pk) for one in jobs))} == {"done"}


@pytest.mark.parametrize("name", ["runware", "hiapi"])
def test_it_keeps_the_ticket_and_its_place_until_the_key_is_changed(team, panels, service, ada, name):
    """The key is withdrawn while it draws; the picture is fetched with the next one."""
    emulator = service(name)
    account = services.account(team, emulator, concurrency=1)
    job, after = services.ask(panels[0], account), services.ask(panels[1], account)
    emulator.break_at("poll", "status", (401, {}), times=1000, key=account.key)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.worker, bool(job.ticket)) == ("waiting", "", True)
    assert states_for([job.panel])[job.panel_id].remedy
    emulator.faults.clear()
    account.refresh_from_db()
    key = account.key
    actions.rotate_key(account=account, by=ada, key=f"{key}-changed")
    emulator.also.add(f"{key}-changed")
    if name == "hiapi":  # its tasks belong to the account, not to the key
        for task in emulator.tasks.values():
            task.account = f"{key}-changed"
    assert line.claim(after.pk) is None  # the place is taken
    (job,) = services.run(services.worked(job.pk))
    assert job.state == "done"
    assert len(emulator.ledger) == 1


@pytest.mark.parametrize("name", ["runware", "hiapi"])
def test_it_fetches_the_picture_after_the_studio_was_off_for_long(team, panels, service, name):
    emulator = service(name)
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    emulator.break_at("poll", "status", (401, {}), key=account.key)
    services.run(services.worked(job.pk))
    long_ago = timezone.now() - retrying.KEEPING * 0.9
    Job.objects.filter(pk=job.pk).update(started=long_ago, worker="dead-1", lease_until=None)
    services.mend(account)
    emulator.break_at("poll", "drop_before", times=3, key=account.key)  # the line is not up yet
    (job,) = services.run(services.worked(job.pk))
    assert job.state == "done"


def test_a_picture_at_an_unlisted_host_is_fetched_once_the_account_lists_it(team, panels, service):
    emulator = service("runware")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    emulator.break_at("link", "redirect_inside", key=account.key)
    services.run(runner.run(job.pk))
    job.refresh_from_db()
    assert (job.state, bool(job.ticket)) == ("waiting", True)
    assert "result hosts" in states_for([job.panel])[job.panel_id].remedy
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)


def test_a_full_disk_keeps_what_is_paid_for(team, panels, service, monkeypatch):
    from studio.media import actions as media
    from studio.media import intake

    emulator = service("gemini")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    full = [intake.Refused("disk", "No."), intake.Refused("disk", "No."), None]
    write, seen = media.write, []

    def written(**given):
        seen.append(Job.objects.get(pk=job.pk).error)
        if refusal := full.pop(0):
            raise refusal
        return write(**given)

    monkeypatch.setattr(media, "write", written)
    monkeypatch.setattr(runner, "ROOM", 0.01)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.error, len(emulator.calls)) == ("done", "", 1)
    assert "disk is full" in seen[-1]


def test_an_intake_that_is_busy_is_asked_again(team, panels, service, monkeypatch):
    from studio.media import intake

    emulator = service("hiapi")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    read, busy = intake.read, [intake.Refused("busy", "Many."), intake.Refused("time", "Slow.")]

    def opened(*args, **given):
        if busy:
            raise busy.pop()
        return read(*args, **given)

    monkeypatch.setattr(intake, "read", opened)
    monkeypatch.setattr(runner, "ROOM", 0.01)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)


def test_a_database_that_is_away_costs_no_picture(team, panels, service, monkeypatch):
    from django.db import OperationalError

    from studio.generation import ending

    emulator = service("runware")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    monkeypatch.setattr(runner, "WRITING", 0.0)
    accepted, away = runner._accepted, [OperationalError("away")]

    def written(*args):
        if away:
            raise away.pop()
        return accepted(*args)

    monkeypatch.setattr(runner, "_accepted", written)
    services.run(runner.run(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.STARTING
    Job.objects.update(lease_until=None)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)
    assert ending.still_ours(job).count() == 0


def test_news_of_health_that_cannot_be_written_lose_no_ticket(team, panels, service, monkeypatch):
    from django.db import OperationalError

    def away(*_):
        raise OperationalError("away")

    emulator = service("runware")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    monkeypatch.setattr(health, "well", away)
    monkeypatch.setattr(health, "unwell", away)
    emulator.break_at("start", "status", (503, {}), key=account.key)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)
    assert engines.known("runware")
