"""What nobody knows: kept as such, never called "not charged", never sent again where every call is billed."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.utils import timezone

from studio.board.models import Take
from studio.generation import actions, line, runner, spool
from studio.generation.models import EngineAccount, Job, JobState, Spend
from studio.lib import signing
from studio.lib.threads import rows
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(team, panels, service):
    """`begun("runware")`: emulator, account, job."""

    def made(name, **more):
        emulator = service(name)
        account = services.account(team, emulator)
        return emulator, account, services.ask(panels[0], account, **more)

    return made


def left_in_doubt(job, **fields):
    """As a worker leaves it that died, or that nobody answered."""
    doubtful = {
        "state": JobState.STARTING,
        "doubtful": True,
        "worker": "dead-1",
        "attempts": 1,
        "started": timezone.now(),
    }
    Job.objects.filter(pk=job.pk).update(**doubtful, lease_until=timezone.now(), **fields)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("name", ["runware", "hiapi"])
def test_it_sends_the_same_key_again_and_pays_once(begun, name):
    emulator, account, job = begun(name)
    emulator.break_at("start", "drop_after", times=3, key=account.key)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.doubtful, job.error) == ("done", False, "")
    assert {row["key"] for row in emulator.ledger} == {str(job.key)}
    assert services.theirs(emulator, account)[0] == 1


def test_it_asks_runware_what_became_of_it_before_it_sends_again(begun):
    emulator, account, job = begun("runware")
    emulator.conflict_after = False  # a second send would buy a second picture
    emulator.break_at("start", "drop_after", key=account.key)
    (job,) = services.run(services.worked(job.pk))
    kinds = [call.body[0]["taskType"] for call in emulator.calls if call.body]
    assert kinds[:2] == ["imageInference", "getResponse"]
    assert kinds.count("imageInference") == 1
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)


def test_it_never_sends_again_where_every_call_is_billed(begun):
    emulator, account, job = begun("gemini")
    emulator.break_at("start", "drop_after", key=account.key)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.charged) == ("unknown", None)
    services.run(services.worked(job.pk))
    assert line.due(10) == []
    assert len(emulator.calls) == 1
    assert services.ours(job)[0] == "uncertain"


@pytest.mark.parametrize("name", ["runware", "hiapi"])
def test_it_stays_under_way_and_cannot_be_cancelled(begun, name, mei):
    _, _, job = begun(name)
    left_in_doubt(job)
    assert not actions.cancel_job(job=job, by=mei)
    assert actions.cancel_batch(batch=job.batch, by=mei) == 0
    assert not Spend.objects.filter(job=job, kind=Spend.Kind.RELEASED).exists()


@pytest.mark.parametrize("name", ["runware", "hiapi"])
@pytest.mark.parametrize("code", ["invalidRequest", "promptBlocked"])
def test_it_takes_no_later_answer_for_not_charged(begun, name, code):
    emulator, account, job = begun(name)
    emulator.break_at("start", "drop_before", key=account.key)
    emulator.break_at("start", "status", (400, {}, code), times=50, key=account.key)
    left_in_doubt(job)
    (job,) = services.run(services.worked(job.pk))
    assert job.state in ("unknown", "refused")
    assert (job.charged, services.ours(job)[0]) == (None, "uncertain")
    assert job.remedy
    services.counted_right()


def test_it_does_not_call_it_unpaid_where_a_reference_went_missing_since(begun, panels, team):
    noor = makers.subject(team, "Noor", locked=True)
    front = makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor)
    emulator, _, job = begun("runware")
    front.image.renditions.all().delete()
    left_in_doubt(job)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.charged) == ("unknown", None)
    assert "is gone" in job.error
    assert emulator.calls == []


def test_it_waits_where_its_key_cannot_be_opened_at_the_moment(begun):
    emulator, account, job = begun("hiapi")
    left_in_doubt(job)
    EngineAccount.objects.filter(pk=account.pk).update(key_sealed="spoilt")
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.doubtful, job.account.health) == ("starting", True, "key")
    EngineAccount.objects.filter(pk=account.pk).update(key_sealed=signing.seal(account.key), revision=2)
    services.mend(account)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, services.theirs(emulator, account)[0]) == ("done", 1)


def test_it_gives_up_on_an_account_that_nobody_mends_for_a_day(begun):
    _, account, job = begun("hiapi")
    left_in_doubt(job)
    EngineAccount.objects.filter(pk=account.pk).update(key_sealed="spoilt")
    Job.objects.filter(pk=job.pk).update(started=timezone.now() - dt.timedelta(days=2))
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.charged) == ("unknown", None)
    services.counted_right()


def test_it_takes_a_picture_that_came_when_the_job_was_given_up(begun, monkeypatch):
    """The worker stood still for so long that another took the job for dead; then it wakes, with the picture in its hands."""
    emulator, account, job = begun("gemini")

    def given_up(key, result):
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        thread = threading.Thread(target=lambda: line.claim(job.pk))
        thread.start()
        thread.join()
        assert Job.objects.get(pk=job.pk).state == JobState.UNKNOWN
        put(key, result)

    put = spool.put
    monkeypatch.setattr(spool, "put", given_up)
    (job,) = services.run(services.worked(job.pk))
    assert (job.state, job.charged) == ("done", True)
    assert Take.objects.get().job_key == job.key
    assert services.ours(job) == ("charged", job.estimate)
    assert services.theirs(emulator, account)[0] == 1
    assert job.batch.finished
    services.counted_right()


def test_it_sends_nothing_once_another_worker_may_have_the_job(begun, monkeypatch):
    """It stands still between the claim and the call, for longer than its lease."""
    emulator, _, job = begun("gemini")
    provider = runner._provider

    async def slowly(job):
        await rows(Job.objects.filter(pk=job.pk).update, lease_until=timezone.now(), worker="other-2")
        job.lease_until = timezone.now()
        return await provider(job)

    monkeypatch.setattr(runner, "_provider", slowly)
    services.run(runner.run(job.pk))
    job.refresh_from_db()
    assert emulator.calls == []
    assert (job.state, job.worker) == (JobState.STARTING, "other-2")
