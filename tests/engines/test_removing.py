"""Removing an account: refused while pictures are under way, its key forgotten, the books kept."""

import uuid
from decimal import Decimal

import pytest

from studio.generation import actions
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job, JobState, Spend, TierEntry
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(team, ada, account):
    panels = [makers.panel(makers.scene(makers.project(team))) for _ in range(2)]
    batch = actions.request_takes(
        panels=panels[:1], by=ada, key=uuid.uuid4(), account=account, model="google:4@3", takes=2
    )
    return list(batch.jobs.order_by("pk"))


def remove(signed_in, user, account, headers=None):
    answer = signed_in(user).post(f"/team/engines/{account.code}/remove/", headers=headers)
    account.refresh_from_db()
    return answer


def test_it_removes_an_account(signed_in, ada, account, jobs):
    client = signed_in(ada)
    assert "2 pictures wait for it" in client.get(f"/team/engines/{account.code}/remove/").content.decode()
    assert remove(signed_in, ada, account)["Location"] == "/team/engines/"
    assert account.deleted
    assert (account.key_sealed, account.key_tail, account.callback_sealed) == ("", "", "")
    assert not TierEntry.objects.filter(account=account).exists()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.CANCELLED}
    assert Job.objects.filter(account=account, counted=Decimal(0)).count() == 2
    assert Spend.objects.filter(kind=Spend.Kind.RELEASED, account=account).count() == 2
    event = Event.objects.get(verb="account.removed")
    assert (event.actor, event.data["stopped"]) == (ada, 2)
    assert (
        account.label
        not in client.get("/team/engines/").content.decode().replace("is removed", "", 1).split("toasts")[0]
    )
    assert client.get(f"/team/engines/{account.code}/").status_code == 404


@pytest.mark.parametrize("state", [JobState.STARTING, JobState.WAITING, JobState.SAVING])
def test_it_stays_while_it_draws(signed_in, ada, account, jobs, state):
    Job.objects.filter(pk=jobs[0].pk).update(state=state)
    answer = remove(signed_in, ada, account, HTMX)
    assert answer.status_code == 422
    assert "drawing 1 picture, and fetching takes its key" in answer.content.decode()
    assert account.deleted is None
    assert account.key_sealed
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1  # nothing was stopped either


def test_it_says_what_cannot_be_asked_any_more(signed_in, ada, account, jobs):
    Job.objects.filter(pk=jobs[0].pk).update(state=JobState.UNKNOWN, charged=None)
    text = signed_in(ada).get(f"/team/engines/{account.code}/remove/").content.decode()
    assert "Of 1 attempt nobody knows yet whether it was charged" in text


def test_it_stays_while_the_environment_would_bring_it_back(signed_in, account, ada, monkeypatch):
    EngineAccount.objects.update(from_environment="RUNWARE_API_KEY")
    account.refresh_from_db()
    monkeypatch.setenv("RUNWARE_API_KEY", "something")
    with pytest.raises(Refused, match="RUNWARE_API_KEY"):
        actions.remove_account(account=account, by=ada)
    text = signed_in(ada).get(f"/team/engines/{account.code}/remove/").content.decode()
    assert "Take RUNWARE_API_KEY out there" in text
    assert "disabled" in text


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert remove(signed_in, user, account).status_code == 403
    assert remove(signed_in, outsider, account).status_code == 404
    assert account.deleted is None
