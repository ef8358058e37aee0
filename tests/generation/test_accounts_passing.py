"""Fail-over: another account of the tier takes over what was surely not accepted, where the team wants it and the request fits."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from studio.generation import actions, queries, quotes, tiers
from studio.generation.models import EngineAccount, Job, JobState, Quote, TierEntry
from tests import makers
from tests.generation import services

pytestmark = pytest.mark.django_db(transaction=True)
BUSY = (503, {})


@pytest.fixture
def tier(team, service):
    """`tier("runware", "gemini")`: emulators and accounts, in the order of the production tier; fail-over is on."""
    team.fail_over = True
    team.save()

    def made(*names):
        found = []
        for place, name in enumerate(names):
            emulator = service(name)
            account = services.account(team, emulator, label=f"{name} {place}")
            model, size = services.MODELS[name]
            TierEntry.objects.create(
                team=team, tier="production", position=place, account=account, model=model, size=size
            )
            found.append((emulator, account))
        return found

    return made


@pytest.fixture
def draw(panels):
    def drawn(account, **more):
        job = services.ask(panels[0], account, tier="production", **more)
        services.run(services.worked(job.pk))
        while follower := Job.objects.filter(follows=job).first():
            services.run(services.worked(follower.pk))
            job = follower
        job.refresh_from_db()
        return job

    return drawn


def states():
    return list(Job.objects.order_by("pk").values_list("engine", "state"))


@pytest.mark.parametrize("fault", ["busy", "refused connection", "rate"])
def test_the_next_account_takes_over_before_acceptance(tier, draw, fault):
    (first, account), (second, other) = tier("runware", "gemini")
    if fault == "refused connection":
        EngineAccount.objects.filter(pk=account.pk).update(base_url="http://127.0.0.1:9/v1")
    else:
        first.break_at("start", "status", BUSY if fault == "busy" else (429, {"Retry-After": "60"}), times=99)
    job = draw(account)
    assert states() == [("runware", "passed"), ("gemini", "done")]
    assert job.follows.key != job.key
    assert (services.theirs(first, account)[0], services.theirs(second, other)[0]) == (0, 1)
    assert services.ours(job.follows)[0] == "released"
    assert services.ours(job) == ("charged", Decimal("0.0580"))
    bar = queries.bar(job.batch)
    assert (bar.total, bar.done, bar.cost, bar.cost_of) == (1, 1, Decimal("0.0580"), Decimal("0.0580"))
    job.batch.refresh_from_db()
    assert job.batch.finished
    services.counted_right()


def test_a_short_wait_is_waited_for(tier, draw):
    (first, account), _ = tier("runware", "gemini")
    first.break_at("start", "status", (429, {"Retry-After": "3"}))
    draw(account)
    assert states() == [("runware", "done")]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "html", "status"])
def test_nothing_is_passed_on_after_an_ambiguous_failure(tier, draw, fault):
    (first, account), (second, _) = tier("gemini", "runware")
    first.break_at("start", fault, (500, {}) if fault == "status" else None)
    draw(account)
    assert states() == [("gemini", "unknown")]
    assert second.calls == []


def test_nothing_is_passed_on_once_it_is_in_doubt(tier, draw):
    (first, account), (second, _) = tier("hiapi", "runware")
    first.break_at("start", "drop_before")
    first.break_at("start", "status", BUSY, times=3)
    draw(account)
    assert states() == [("hiapi", "done")]
    assert second.calls == []


@pytest.mark.parametrize("status", [401, 402])
def test_an_account_to_mend_is_waited_for(tier, draw, status):
    (first, account), (second, _) = tier("runware", "gemini")
    first.break_at("start", "status", (status, {}))
    draw(account)
    assert states() == [("runware", "queued")]
    assert second.calls == []


def test_it_stays_where_the_team_did_not_switch_it_on(tier, draw, team):
    (first, account), (second, _) = tier("runware", "gemini")
    team.fail_over = False
    team.save()
    first.break_at("start", "status", BUSY)
    draw(account)
    assert states() == [("runware", "done")]
    assert second.calls == []


def test_it_stays_where_a_model_was_asked_for_by_name(tier, panels):
    (first, account), (second, _) = tier("runware", "gemini")
    first.break_at("start", "status", BUSY)
    job = services.ask(panels[0], account)
    services.run(services.worked(job.pk))
    assert states() == [("runware", "done")]
    assert second.calls == []


def test_the_chain_ends_with_the_tier(tier, draw):
    (first, account), (second, _), (third, _) = tier("runware", "gemini", "runware")
    for emulator in (first, second, third):
        emulator.break_at("start", "status", BUSY, times=99)
    job = draw(account)
    assert states() == [("runware", "passed"), ("gemini", "passed"), ("runware", "failed")]
    assert job.charged is False
    assert Job.objects.filter(counted__gt=0).count() == 0
    services.counted_right()


@pytest.mark.parametrize("other", ["paused", "switched off", "removed", "resting"])
def test_it_is_not_passed_to_an_account_that_does_not_draw(tier, draw, other):
    (first, account), (second, next_one) = tier("runware", "gemini")
    fields = {
        "paused": {"health": "key"},
        "switched off": {"on": False},
        "removed": {"deleted": timezone.now()},
        "resting": {"rests_until": timezone.now() + dt.timedelta(hours=1)},
    }
    EngineAccount.objects.filter(pk=next_one.pk).update(**fields[other])
    first.break_at("start", "status", BUSY)
    draw(account)
    assert states() == [("runware", "done")]
    assert second.calls == []


@pytest.fixture
def with_reference(panels, team):
    noor = makers.subject(team, "Noor", locked=True)
    makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor)


def passes_to(second, model="", size="", **more):
    entry = TierEntry.objects.get(account__engine=second, position=1)
    TierEntry.objects.filter(pk=entry.pk).update(
        **{name: value for name, value in (("model", model), ("size", size)) if value}
    )


@pytest.mark.parametrize("model", ["Nano-Banana", "Nano-Banana-2"])
def test_a_plan_with_references_stays_where_the_other_cannot_take_them(tier, draw, with_reference, model, settings):
    """The flat model takes none, and without a public address nobody can fetch them."""
    settings.PUBLIC = False
    (first, account), (second, _) = tier("runware", "hiapi")
    passes_to("hiapi", model)
    first.break_at("start", "status", BUSY)
    draw(account)
    assert states() == [("runware", "done")]
    assert second.calls == []


def test_a_model_the_catalogue_has_not_is_left_out(tier, draw):
    (first, account), (second, _other) = tier("runware", "gemini")
    passes_to("gemini", "gemini-of-tomorrow")
    first.break_at("start", "status", BUSY)
    draw(account)
    assert states() == [("runware", "done")]
    assert second.calls == []


@pytest.mark.parametrize("pool", ["people", "objects"])
def test_a_plan_with_more_than_the_other_holds_stays(tier, draw, with_reference, monkeypatch, pool):
    from studio.generation import engines

    limits = engines.limits

    def none(engine, model):
        return dataclasses.replace(limits(engine, model), **({pool: 0} if engine == "gemini" else {}))

    (first, account), (second, _) = tier("runware", "gemini")
    monkeypatch.setattr(engines, "limits", none)
    first.break_at("start", "status", BUSY, times=2)
    draw(account)
    assert states() == ([("runware", "done")] if pool == "people" else [("runware", "passed"), ("gemini", "done")])
    assert bool(second.calls) == (pool == "objects")


def test_it_takes_its_references_along(tier, draw, with_reference):
    (first, account), (second, _) = tier("runware", "gemini")
    first.break_at("start", "status", BUSY, times=99)
    job = draw(account)
    assert job.state == JobState.DONE
    (call,) = second.calls
    assert sum("inlineData" in part for part in call.body["contents"][0]["parts"]) == 1


def test_a_limit_that_the_dearer_one_would_pass_keeps_it_where_it_is(tier, draw, team):
    """The first's money is given back and held again: nothing of the refused one is left, and the first goes on."""
    (first, account), (second, other) = tier("runware", "gemini")
    EngineAccount.objects.filter(pk=other.pk).update(monthly_cap=Decimal("0.05"))
    first.break_at("start", "status", BUSY)
    job = draw(account)
    assert states() == [("runware", "done")]
    assert [row.kind for row in job.spends.all()] == ["reserved", "charged"]
    assert second.calls == []
    services.counted_right()


def test_the_next_one_is_held_against_the_caps_without_the_first(tier, draw, team):
    """0.0466 is given back before 0.0580 is held: together they would pass the limit, one after the other they do not."""
    (first, account), _ = tier("runware", "gemini")
    team.monthly_cap = Decimal("0.06")
    team.save()
    first.break_at("start", "status", BUSY)
    draw(account)
    assert states() == [("runware", "passed"), ("gemini", "done")]


def test_asking_again_begins_a_chain_of_its_own(tier, draw, mei):
    (first, account), (second, _) = tier("runware", "gemini")
    for emulator in (first, second):
        emulator.break_at("start", "status", BUSY, times=99)
    job = draw(account)
    assert job.state == JobState.FAILED
    second.faults.clear()
    again = actions.retry_job(job=job, by=mei).jobs.get()
    assert (again.follows, again.account_id) == (None, job.account_id)


def test_it_holds_what_the_next_service_said_itself(tier, draw):
    (first, account), (_, other) = tier("gemini", "runware")
    model, size = services.MODELS["runware"]
    first.break_at("start", "status", BUSY, times=99)
    asked = services.ask(makers.panel(makers.scene(makers.project(other.team))), other, tier="production")
    choice = tiers.Choice("production", "runware", model, size, other)
    Quote.objects.create(
        account=other, shape=quotes.sort(choice, asked.request)[1], model=model, amount=Decimal("0.05"), answered=timezone.now()
    )  # fmt: skip
    job = draw(account)
    assert (job.account, job.estimate, job.quoted) == (other, Decimal("0.05"), True)
    assert job.spends.get(kind="reserved").source == "service"
    assert services.ours(job) == ("charged", Decimal("0.04657"))  # what it charged in the end
