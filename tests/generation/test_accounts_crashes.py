"""A worker dies at each named point over a job of each engine: paid at most once, one take, nothing left over, nothing stuck."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

import pytest

from studio.board.models import Take
from studio.generation.models import Job
from studio.lib import crash
from studio.lib.threads import rows
from studio.media.models import Image
from tests import makers
from tests.generation import services
from tests.providers.conftest import KINDS

pytestmark = pytest.mark.django_db(transaction=True)

CALLED = ("claimed", "before the call", "after the call")
KEPT = ("answered", "waiting", "saving", "filed", "kept", "settled", "done")
POINTS = {
    "runware": (*CALLED, "doubted", "collected", *KEPT),
    "hiapi": (*CALLED, "doubted", "collected", *KEPT),
    "gemini": (*CALLED, "spooled", *KEPT),
}
NOBODY_KNOWS = {
    "claimed": 0,
    "before the call": 0,
    "after the call": 1,
}  # at gemini: what the service charged all the same


class Killed(BaseException):
    """The worker is gone: whatever it held in memory with it."""


@pytest.fixture
def dies(monkeypatch):
    """`dies("kept", 2)`: whoever comes there is dead, twice."""
    left = {}

    def here(point):
        if left.get(point):
            left[point] -= 1
            raise Killed(point)

    monkeypatch.setattr(crash, "here", here)
    return lambda point, times=1: left.update({point: times})


def left_by_the_dead():
    """As the next worker of the machine does when it starts."""
    Job.objects.filter(lease_until__isnull=False).update(lease_until=None)


@pytest.mark.parametrize("name", list(KINDS))
def test_it_pays_once_and_loses_nothing_wherever_the_worker_dies(monkeypatch, team, dies, name, settings):
    services.hurried(monkeypatch)
    scene = makers.scene(makers.project(team))
    with KINDS[name]() as emulator:
        emulator.per_minute = emulator.concurrent = 100_000
        for deaths, point in zip(itertools.cycle((1, 2)), POINTS[name], strict=False):
            account = services.account(team, emulator)
            job = services.ask(makers.panel(scene), account)
            if point == "doubted":
                emulator.break_at("start", "drop_after", times=deaths, key=account.key)
            dies(point, deaths)
            with pytest.raises(Killed):
                services.run(services.worked(job.pk))
            left_by_the_dead()
            with contextlib.suppress(Killed):  # some points are passed only once
                services.run(services.worked(job.pk))
            left_by_the_dead()
            dies(point, 0)
            job = services.run(services.worked(job.pk))[0]
            bought, _ = services.theirs(emulator, account)
            if name == "gemini" and point in NOBODY_KNOWS:
                assert (job.state, bought, job.charged) == ("unknown", NOBODY_KNOWS[point], None), point
                assert services.ours(job)[0] == "uncertain"
                assert job.remedy
            else:
                assert (job.state, bought, services.ours(job)[0]) == ("done", 1, "charged"), (point, job.error)
            services.counted_right([job])
        done = Job.objects.filter(state="done").count()
        assert Take.objects.count() == done
        assert Image.objects.filter(source=Image.Source.DRAWN).count() == done
        assert Image.objects.filter(takes=None).count() == 0
    assert not list((Path(settings.MEDIA_ROOT) / "spool").glob("*"))


def test_it_sets_an_accepted_picture_aside_that_kills_each_worker(monkeypatch, team, dies):
    services.hurried(monkeypatch)
    panel = makers.panel(makers.scene(makers.project(team)))
    with KINDS["runware"]() as emulator:
        account = services.account(team, emulator)
        job = services.ask(panel, account)
        dies("saving", 100)
        for _ in range(20):
            try:
                job = services.run(services.worked(job.pk))[0]
                break
            except Killed:
                left_by_the_dead()
        assert (job.state, services.ours(job)[0]) == ("failed", "charged")
        assert "each time" in job.error
        assert services.theirs(emulator, account)[0] == 1
        services.counted_right()


def test_a_drawn_picture_gives_its_place_back_before_it_is_fetched_as_long_as_pictures_come(monkeypatch, team, dies):
    services.hurried(monkeypatch)
    scene = makers.scene(makers.project(team))
    with KINDS["runware"]() as emulator:
        account = services.account(team, emulator)
        first, second, third, fourth = [services.ask(makers.panel(scene), account) for _ in range(4)]

        async def in_turn():
            dies("fetching")
            assert (await services.worked(first.pk)).state == "done"  # nobody knew yet whether pictures come
            with pytest.raises(Killed):
                await services.worked(second.pk)
            await rows(second.refresh_from_db)
            assert second.state == "saving"
            await rows(left_by_the_dead)
            assert (await services.worked(second.pk)).state == "done"
            emulator.break_at("link", "503", times=100, key=str(third.key))
            assert (await services.worked(third.pk)).state == "failed"
            dies("fetching")
            return await services.worked(fourth.pk)

        assert services.run(in_turn())[0].state == "done"
        assert [entry["key"] for entry in emulator.charged()] == [
            str(job.key) for job in (first, second, third, fourth)
        ]
    assert Take.objects.count() == 3
