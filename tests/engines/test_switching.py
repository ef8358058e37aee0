"""Switching an account off and on: nothing new is sent, what waits goes on waiting."""

import uuid

import pytest

from studio.generation import actions, line
from studio.generation.models import EngineAccount, JobState
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db


def switch(signed_in, user, account, on, headers=None):
    answer = signed_in(user).post(f"/team/engines/{account.code}/switch/", {"on": "1"} if on else {}, headers=headers)
    account.refresh_from_db()
    return answer


def test_it_switches_off_and_on(signed_in, team, ada, account):
    batch = actions.request_takes(
        panels=[makers.panel(makers.scene(makers.project(team)))], by=ada, key=uuid.uuid4(), account=account, model="google:4@3",
    )  # fmt: skip
    job = batch.jobs.get()
    assert [pk for pk, _ in line.due(10)] == [job.pk]
    answer = switch(signed_in, ada, account, on=False, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="engines"' in answer.content.decode()
    assert "Off" in answer.content.decode()
    assert not account.on
    assert line.due(10) == []
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    switch(signed_in, ada, account, on=True)
    assert account.on
    assert [pk for pk, _ in line.due(10)] == [job.pk]
    verbs = Event.objects.filter(verb__in=["account.off", "account.on"]).order_by("pk")
    assert [(event.verb, event.actor) for event in verbs] == [("account.off", ada), ("account.on", ada)]


def test_it_works_without_scripts(signed_in, ada, account):
    assert switch(signed_in, ada, account, on=False)["Location"] == "/team/engines/"
    assert not account.on


def test_it_records_nothing_twice(signed_in, ada, account):
    for _ in range(2):
        switch(signed_in, ada, account, on=False)
    assert Event.objects.filter(verb="account.off").count() == 1


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert switch(signed_in, user, account, on=False).status_code == 403
    assert switch(signed_in, outsider, account, on=False).status_code == 404
    assert EngineAccount.objects.get().on
