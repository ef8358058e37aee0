"""What a service posts when a task is over: it only hurries, and only whoever knows the address may."""

import hashlib
import hmac
import json
import time
import uuid

import pytest
from django.urls import reverse

from studio.generation import actions, links
from studio.generation.models import Job, JobState
from studio.lib import signing
from studio.views import services
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    heard = []
    monkeypatch.setattr(services.engine, "called", lambda kind, *ids: heard.extend(ids))
    return heard


@pytest.fixture
def job(team, mei):
    panel = makers.panel(makers.scene(makers.project(team)))
    account = makers.account(team)
    batch = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), account=account, model="google:4@3")
    found = batch.jobs.get()
    ticket = {"data": {"task": "tk-hiapi-1"}, "at_once": False}
    Job.objects.filter(pk=found.pk).update(state=JobState.WAITING, ticket=ticket)
    found.refresh_from_db()
    return found


def post(client, account, body, secret=None, **headers):
    address = reverse("callback", args=[account.code, secret or links.callback_secret(account.code)])
    return client.post(address, body, content_type="application/json", headers=headers)


def test_it_hurries_the_jobs_that_are_named(client, job, rung):
    by_key = {"data": [{"taskUUID": str(job.key), "imageURL": "https://elsewhere.example/x.png"}]}
    assert post(client, job.account, json.dumps(by_key)).status_code == 204
    assert post(client, job.account, json.dumps({"taskId": "tk-hiapi-1", "status": "success"})).status_code == 204
    assert rung == [job.pk, job.pk]
    job.refresh_from_db()
    assert job.state == JobState.WAITING  # nothing of what was posted is believed


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"taskId": 5}', '{"data": "x"}', "x" * 2_000_000, "[" * 100_000]
)
def test_it_survives_whatever_is_posted(client, job, rung, body):
    assert post(client, job.account, body).status_code == 204
    assert rung == []


def test_it_knows_only_its_own_jobs(client, job, rung, team):
    other = makers.account(team, "Second")
    assert post(client, other, json.dumps({"taskUUID": str(job.key)})).status_code == 204
    assert rung == []


def test_a_wrong_secret_is_a_stranger(client, job, rung, team):
    other = makers.account(team, "Second")
    for secret in ("x", links.callback_secret(other.code)):
        assert post(client, job.account, json.dumps({"taskUUID": str(job.key)}), secret).status_code == 404
    assert rung == []


def test_a_signing_secret_is_insisted_on_where_there_is_one(client, job, rung):
    secret, body = "s" * 32, json.dumps({"taskId": "tk-hiapi-1"})
    job.account.callback_sealed = signing.seal(secret)
    job.account.save()

    def signature(stamp, key=secret):
        return hmac.new(key.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()

    now, old = str(int(time.time())), str(int(time.time()) - 3600)
    for stamp, mark in ((None, None), (now, "0" * 64), (now, signature(now, "t" * 32)), (old, signature(old))):
        headers = {"X-HiAPI-Timestamp": stamp, "X-HiAPI-Signature": mark} if stamp else {}
        assert post(client, job.account, body, **headers).status_code == 403
    headers = {"X-HiAPI-Timestamp": now, "X-HiAPI-Signature": signature(now)}
    assert post(client, job.account, body, **headers).status_code == 204
    assert rung == [job.pk]
