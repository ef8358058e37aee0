"""The engine room: who draws, what waits and why, what needs somebody, and what may be done about it."""

from __future__ import annotations

import socket
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions, room, workers
from studio.generation.errors import dollars
from studio.generation.models import EngineAccount, Job, JobState, Worker
from studio.lib import engine
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(team):
    return makers.account(team, "Runware, main", concurrency=2)


@pytest.fixture
def panels(team):
    scene = makers.scene(makers.project(team, "Harbour"))
    return [makers.panel(scene) for _ in range(4)]


@pytest.fixture
def ask(panels, mei, account):
    def asked(number=1, **given):
        given = {"account": account, "model": "google:4@3", "by": mei, "key": uuid.uuid4(), **given}
        return list(actions.request_takes(panels=panels[:number], **given).jobs.order_by("pk"))

    return asked


@pytest.fixture
def worker(db):
    workers.beat()


def under_way(job, state=JobState.WAITING):
    Job.objects.filter(pk=job.pk).update(state=state, started=timezone.now() - timedelta(seconds=14), worker="w-1")


def lost(job, state=JobState.UNKNOWN, charged=None, **fields):
    fields = {"error": "The line broke after sending.", "finished": timezone.now(), **fields}
    Job.objects.filter(pk=job.pk).update(state=state, charged=charged, **fields)


def line_of(team, job, show="all"):
    return next(line for line in room.room(team, show).lines if line.job.pk == job.pk)


def test_it_shows_who_draws_how_much(team, ask, account, worker):
    jobs = ask(3)
    under_way(jobs[0])
    found = room.room(team)
    queue, own = found.queues
    assert (queue.name, queue.places, queue.waiting, queue.state) == ("Runware, main", (True, False), 2, "working")
    assert (own.name, own.busy, own.state) == ("Sketch, on this machine", 0, "ready")
    assert (found.drawing, found.waiting, found.needing) == (1, 2, 0)
    assert [line.word for line in found.lines] == ["Drawing", "Waiting, next", "Waiting, 2nd"]
    assert found.lines[0].lasts == "14 s"


def test_it_says_why_something_waits(team, ask, account, worker):
    first, second = ask(2)
    assert line_of(team, first).why == "It is about to begin."
    under_way(first)
    EngineAccount.objects.update(concurrency=1)
    assert line_of(team, second).why.startswith("All 1 places of Runware, main are taken")
    EngineAccount.objects.update(rests_until=timezone.now() + timedelta(seconds=20), per_minute=60)
    assert line_of(team, second).why == "It takes 60 calls a minute; the next starts in about 20 s."
    EngineAccount.objects.update(health="quota", rests_until=timezone.now() + timedelta(hours=1))
    assert line_of(team, second).why == "Today’s quota of Runware, main is used up; it is tried again in about 60 min."
    EngineAccount.objects.update(health="key", said="The engine did not accept our key.")
    assert line_of(team, second).why == "Runware, main is paused: The engine did not accept our key."
    EngineAccount.objects.update(on=False)
    assert line_of(team, second).why == "Runware, main is switched off."
    Worker.objects.update(seen=timezone.now() - timedelta(minutes=1))
    assert line_of(team, second).why.startswith("No worker runs.")


def test_what_is_uncertain_needs_somebody_until_it_is_settled(team, ask, worker):
    (job,) = ask()
    lost(job, finished=timezone.now() - timedelta(days=40))
    line = line_of(team, job, "needs")
    assert line.needs
    assert line.why == f"The line broke after sending. Possibly {dollars(job.estimate)}."
    Job.objects.filter(pk=job.pk).update(counted=Decimal(0), charged=False)
    assert room.room(team, "needs").lines == []


def test_it_says_what_to_do_next_and_says_the_money_once(client, mei, team, ask, worker):
    (job,) = ask()
    lost(job, JobState.FAILED, charged=True, error="It is gone.", remedy="It was charged. Fetching it again is free.")
    line = line_of(team, job)
    assert (line.why, line.step) == ("It is gone. Charged.", "Fetching it again is free.")
    client.force_login(mei)
    assert "<b>Fetching it again is free.</b>" in client.get(reverse("queue")).content.decode()


def test_what_is_asked_again_by_its_key_says_so_with_or_without_a_reason(team, ask, worker):
    (job,) = ask()
    under_way(job, JobState.STARTING)
    Job.objects.update(doubtful=True)
    assert line_of(team, job).why == "Asked again by its key."
    Job.objects.update(error="The line broke.")
    assert line_of(team, job).why == "Asked again by its key. The line broke."


def test_what_cannot_be_fetched_until_somebody_mends_the_account_says_so(team, ask, worker):
    (job,) = ask()
    under_way(job)
    assert (line_of(team, job).why, line_of(team, job).step) == ("The engine draws", "")
    Job.objects.update(error="The engine did not accept our key.", remedy="Nothing is lost.")
    assert (line_of(team, job).why, line_of(team, job).step) == (
        "The engine did not accept our key.",
        "Nothing is lost.",
    )


def test_a_failure_needs_nobody_once_something_came_after_it(team, ask, worker):
    (job,) = ask()
    lost(job, JobState.FAILED, charged=False)
    assert line_of(team, job, "needs").why.endswith("Not charged.")
    ask()
    assert room.room(team, "needs").lines == []


def test_what_is_under_way_comes_before_what_is_over(team, ask, account, worker):
    first, second = ask(2)
    lost(first)
    assert [line.job.pk for line in room.room(team).lines] == [second.pk, first.pk]


def test_a_worker_that_was_killed_is_forgotten_by_the_next_one_on_its_machine(team, worker):
    Worker.objects.create(name=f"{engine.machine()}-1-abcdef", host="here", seen=timezone.now())
    Worker.objects.create(name="another-1-abcdef", host="there", seen=timezone.now())
    workers.beat()
    assert {hand.host for hand in room.room(team).hands} == {socket.gethostname()[:80], "there"}


def test_a_lost_worker_is_named(team, worker):
    assert [hand.word for hand in room.room(team).hands] == ["Ready"]
    Worker.objects.update(seen=timezone.now() - timedelta(seconds=31))
    assert [hand.word for hand in room.room(team).hands] == ["Lost"]
    workers.gone()
    assert room.room(team).hands == []


@pytest.mark.parametrize("show", ["all", "waiting"])
def test_it_asks_as_much_for_many_as_for_few(team, ask, worker, django_assert_max_num_queries, show):
    ask(1)
    with django_assert_max_num_queries(9):
        room.room(team, show)
    for _ in range(8):
        ask(4)
    with django_assert_max_num_queries(9):
        assert len(room.room(team, show).lines) == 33


def test_one_may_be_brought_to_the_front(client, mei, team, ask, worker):
    first, second = ask(2)
    client.force_login(mei)
    assert client.post(reverse("queue_act", args=[second.code, "front"]), {"show": "waiting"}).status_code == 302
    assert [line.job.pk for line in room.room(team, "waiting").lines] == [second.pk, first.pk]
    under_way(second)
    assert actions.hurry_job(job=second, by=mei) is False


def test_one_may_be_cancelled_or_asked_for_again(client, mei, team, ask, worker):
    first, second = ask(2)
    client.force_login(mei)
    client.post(reverse("queue_act", args=[first.code, "cancel"]))
    first.refresh_from_db()
    assert (first.state, first.counted) == (JobState.CANCELLED, 0)
    lost(second, JobState.FAILED, charged=False)
    client.post(reverse("queue_act", args=[second.code, "retry"]))
    assert Job.objects.filter(panel=second.panel, state=JobState.QUEUED).count() == 1


def test_the_page_says_what_it_knows(client, mei, ask, worker):
    job = ask()[0]
    client.force_login(mei)
    page = client.get(reverse("queue")).content.decode()
    assert f"Harbour {job.panel.label}" in page
    assert "0 of 2 places busy" in page
    assert client.get(reverse("queue"), {"show": "nonsense"}).status_code == 200


def test_a_stranger_sees_and_stops_nothing(client, outsider, ask, worker):
    job = ask()[0]
    client.force_login(outsider)
    assert "Harbour" not in client.get(reverse("queue")).content.decode()
    assert client.post(reverse("queue_act", args=[job.code, "cancel"])).status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_a_reviewer_is_not_let_in(client, rosa, ask):
    client.force_login(rosa)
    assert client.get(reverse("queue")).status_code == 403
    assert client.post(reverse("queue_act", args=[ask()[0].code, "cancel"])).status_code == 403
