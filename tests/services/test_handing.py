"""References on their way to a service: by a signed address, while their attempt is under way."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions, links
from studio.generation.models import Job, JobState
from studio.providers.base import SentReference
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(team, mei):
    panel = makers.panel(makers.scene(makers.project(team)))
    noor = makers.subject(team, locked=True)
    makers.reference(noor.reference_sets.get())
    makers.appearance(panel, noor)
    account = makers.account(team)
    batch = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), account=account, model="google:4@3")
    found = batch.jobs.get()
    Job.objects.filter(pk=found.pk).update(state=JobState.WAITING)
    return found


@pytest.fixture
def address(job):
    slot = job.request["plan"]["slots"][0]
    sent = SentReference(b"", "", slot["role"], slot["subject"], slot["view"], slot["sha256"])
    return links.reference(sent, str(job.key)).partition("//")[2].partition("/")[2]


def get(client, address):
    return client.get(f"/{address}")


def test_it_hands_out_the_reference_as_it_is_sent(client, address):
    answer = get(client, address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_it_is_the_same_address_for_the_same_attempt(job, address):
    slot = job.request["plan"]["slots"][0]
    sent = SentReference(b"other bytes", "", slot["role"], slot["subject"], slot["view"], slot["sha256"])
    assert links.reference(sent, str(job.key)).endswith(address)


def test_it_ends_an_hour_after_the_attempt(client, job, address):
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished=now - timedelta(minutes=50))
    assert get(client, address).status_code == 200
    Job.objects.filter(pk=job.pk).update(finished=now - timedelta(minutes=61))
    assert get(client, address).status_code == 404


def test_a_wrong_mark_another_picture_or_another_attempt_is_nothing(client, job, address, team):
    path = f"/{address}"
    assert client.get(path[:-2] + ("a" if path[-2] != "a" else "b") + "/").status_code == 404
    other = makers.image(team)
    mark = links.reference_mark(str(job.key), other.sha256)
    assert client.get(reverse("handed", args=[job.key, other.sha256, mark])).status_code == 404
    slot = job.request["plan"]["slots"][0]["sha256"]
    stranger = uuid.uuid4()
    mark = links.reference_mark(str(stranger), slot)
    assert client.get(reverse("handed", args=[stranger, slot, mark])).status_code == 404
