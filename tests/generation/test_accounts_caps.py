"""Twenty clicks at the same moment at the edge of a limit: never one picture over, and the books agree afterwards."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db.models import Sum

from studio.generation import actions, caps
from studio.generation.errors import OverCap
from studio.generation.models import Batch, EngineAccount, Job, JobState, Spend
from tests import makers
from tests.generation import services
from tests.generation.test_accounts_limits import together

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 20
EACH = Decimal("0.04657")  # google:4@3 at 0.5K


@pytest.fixture
def panels(scene):
    return [makers.panel(scene) for _ in range(CLICKS)]


def limited(which, amount, team, project, account):
    if which == "team":
        team.monthly_cap = amount
        team.save()
    elif which == "project":
        project.cap = amount
        project.save()
    else:
        EngineAccount.objects.filter(pk=account.pk).update(monthly_cap=amount)


def clicks(panels, account, mei):
    model, size = services.MODELS["runware"]

    def click(n):
        return actions.request_takes(
            panels=[panels[n]], by=mei, key=uuid.uuid4(), account=account, model=model, size=size
        )

    return together(CLICKS, click)


@pytest.mark.parametrize("which", ["team", "project", "account"])
def test_twenty_clicks_never_pass_a_limit(team, project, panels, mei, which):
    account = makers.account(team, per_minute=None)
    limited(which, Decimal("0.33"), team, project, account)  # seven of them
    found = clicks(panels, account, mei)
    assert sum(isinstance(one, Batch) for one in found) == 7
    refused = [one for one in found if isinstance(one, OverCap)]
    assert len(refused) == CLICKS - 7
    assert {one.room.kind for one in refused} == {which}
    assert {one.affordable for one in refused} == {0}
    assert Job.objects.aggregate(sum=Sum("counted"))["sum"] == 7 * EACH <= Decimal("0.33")
    assert Batch.objects.count() == 7  # what was refused left nothing
    assert Spend.objects.count() == 7
    services.counted_right()


def test_room_that_is_given_back_may_be_used_and_no_more(team, project, panels, mei):
    account = makers.account(team, per_minute=None)
    limited("team", Decimal("0.33"), team, project, account)
    first = [one for one in clicks(panels, account, mei) if isinstance(one, Batch)]
    actions.cancel_batch(batch=first[0], by=mei)
    actions.cancel_batch(batch=first[1], by=mei)
    assert sum(isinstance(one, Batch) for one in clicks(panels, account, mei)) == 2
    services.counted_right()


def test_what_nobody_knows_goes_on_counting(team, project, panels, mei, service):
    emulator = service("gemini")
    account = services.account(team, emulator, monthly_cap=Decimal("0.12"))  # two of them
    emulator.break_at("start", "drop_before")
    jobs = [services.ask(panels[n], account) for n in range(2)]
    states = [job.state for job in services.run(*(services.worked(job.pk) for job in jobs))]
    assert sorted(states) == ["done", "unknown"]
    with pytest.raises(OverCap):
        services.ask(panels[2], account)
    services.counted_right()


def test_what_was_surely_not_charged_makes_room(team, project, panels, mei, service, monkeypatch):
    from studio.generation import retrying

    monkeypatch.setattr(retrying, "ATTEMPTS", 1)
    emulator = service("gemini")
    account = services.account(team, emulator, monthly_cap=Decimal("0.06"))
    emulator.break_at("start", "status", (503, {}))
    (lost,) = services.run(services.worked(services.ask(panels[0], account).pk))
    assert (lost.state, lost.charged, lost.counted) == (JobState.FAILED, False, 0)
    services.ask(panels[1], account)
    services.counted_right()


def test_passing_on_under_many_hands_keeps_to_the_limit(team, project, panels, mei, service):
    """Eight fail over at the same moment to a dearer account, where the team's month has room for some of them only."""
    from studio.generation.models import TierEntry

    team.fail_over, team.monthly_cap = True, Decimal("0.42")  # 8 × 0.04657 = 0.37256: four may become 0.0580
    team.save()
    first, second = service("runware"), service("gemini")
    accounts = []
    for place, emulator in enumerate((first, second)):
        accounts.append(services.account(team, emulator))
        model, size = services.MODELS[emulator.name]
        TierEntry.objects.create(team=team, tier="draft", position=place, account=accounts[-1], model=model, size=size)
    first.break_at("start", "status", (503, {}), times=8)
    jobs = [services.ask(panels[n], accounts[0], tier="draft") for n in range(8)]
    services.run(*(services.worked(job.pk) for job in jobs))
    left = Job.objects.filter(state=JobState.QUEUED)
    services.run(*(services.worked(job.pk) for job in left))
    assert Job.objects.aggregate(sum=Sum("counted"))["sum"] <= Decimal("0.42")
    assert Job.objects.filter(engine="gemini", state=JobState.DONE).count() == 4
    assert Job.objects.filter(state=JobState.DONE).count() == 8
    services.counted_right()


def test_a_limit_says_what_is_left(team, project, panels, mei):
    account = makers.account(team, per_minute=None)
    limited("project", Decimal("0.10"), team, project, account)
    services.ask(panels[0], account)
    (room,) = caps.rooms(team=team, project=makers.models.Project.objects.get(pk=project.pk), accounts=[])
    assert (room.kind, room.used, room.left) == ("project", EACH, Decimal("0.10") - EACH)
