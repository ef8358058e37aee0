"""Pictures that came at once are kept before any row says so, and forgotten once they are takes."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from studio.generation import runner, spool
from studio.generation.models import Job, JobState
from studio.providers.base import ImageResult, Picture
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)


def result(data=b"some bytes\nand a second line", cost=Decimal("0.058")):
    return ImageResult((Picture(data, "image/png", 7),), cost=cost, request_id="r-9")


def file_of(settings, key):
    return Path(settings.MEDIA_ROOT) / "spool" / key


def test_it_keeps_all_of_a_result():
    key = str(uuid.uuid4())
    assert spool.get(key) is None
    spool.put(key, result())
    assert spool.get(key) == result()
    spool.put(key, result(b"another"))
    assert spool.get(key).pictures[0].data == b"another"
    spool.drop(key)
    spool.drop(key)
    assert spool.get(key) is None


def test_it_keeps_a_result_without_a_price():
    spool.put("k", result(cost=None))
    assert spool.get("k").cost is None


@pytest.mark.parametrize("cut", [0, 1, 20, -1])
def test_it_gives_nothing_that_is_not_whole(settings, cut):
    spool.put("k", result(b"x" * 5000))
    file = file_of(settings, "k")
    file.write_bytes(file.read_bytes()[:cut])
    assert spool.get("k") is None


@pytest.fixture
def job(team, panels, service):
    account = services.account(team, service("gemini"))
    found = services.ask(panels[0], account)
    Job.objects.filter(pk=found.pk).update(
        state=JobState.STARTING, worker="dead-1", attempts=1, started=timezone.now(), lease_until=timezone.now()
    )
    return found


def test_what_a_dead_worker_spooled_is_kept_without_another_call(job, service, settings):
    spool.put(str(job.key), ImageResult((Picture(makers.picture(688, 384), "image/png"),)))
    (done,) = services.run(services.worked(job.pk))
    assert (done.state, services.ours(done)) == ("done", ("charged", done.estimate))
    assert not file_of(settings, str(job.key)).exists()
    services.counted_right()


def test_what_was_spooled_in_part_is_not_known(job, settings):
    spool.put(str(job.key), ImageResult((Picture(makers.picture(688, 384), "image/png"),)))
    file = file_of(settings, str(job.key))
    file.write_bytes(file.read_bytes()[:-10])
    (lost,) = services.run(services.worked(job.pk))
    assert (lost.state, lost.charged) == ("unknown", None)


def test_it_says_that_it_was_charged_where_the_spool_is_gone_after_it_came(job):
    Job.objects.filter(pk=job.pk).update(state=JobState.SAVING, ticket={"data": {}, "at_once": True})
    (lost,) = services.run(services.worked(job.pk))
    assert (lost.state, lost.charged, services.ours(lost)[0]) == ("failed", True, "charged")
    assert "was lost" in lost.error


def test_a_spool_that_cannot_be_written_does_not_lose_the_picture(team, panels, service, monkeypatch):
    def full(key, result):
        raise OSError(28, "No space left on device")

    account = services.account(team, service("gemini"))
    job = services.ask(panels[0], account)
    monkeypatch.setattr(spool, "put", full)
    (done,) = services.run(services.worked(job.pk))
    assert done.state == "done"


def test_a_picture_that_cannot_be_read_leaves_no_file(team, panels, service, settings):
    emulator = service("gemini")
    account = services.account(team, emulator)
    job = services.ask(panels[0], account)
    spool.put(str(job.key), ImageResult((Picture(makers.picture(64, 64)[:200], "image/png"),)))
    Job.objects.filter(pk=job.pk).update(
        state=JobState.SAVING, ticket={"data": {}, "at_once": True}, started=timezone.now(), worker="", attempts=1
    )
    services.run(runner.run(job.pk))
    job.refresh_from_db()
    assert (job.state, job.charged) == ("failed", True)
    assert not list((Path(settings.MEDIA_ROOT) / "spool").glob("*"))
    assert emulator.calls == []
