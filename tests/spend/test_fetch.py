"""Charged, and its picture never came: it is asked for once more, for nothing."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from studio.generation import actions, attempts, retrying
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job, JobState
from studio.generation.queries import states_for
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = {"hiapi": "Nano-Banana-Pro", "runware": "google:4@3"}
FAULT = ("link", "expired")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(retrying, "pause", lambda tries, told=None: 0.01)
    monkeypatch.setattr(retrying.Pace, "next", lambda pace: 0.01)


@pytest.fixture
def paid(panel, services, run, settings):
    """`paid("runware")`: drawn and charged there, and each of its links had run out; the link works again when `mended`."""
    settings.PUBLIC = False

    def made(engine):
        account, service = services(engine)
        service.break_at(*FAULT, times=10_000, key=service.key)
        batch = actions.request_takes(
            panels=[panel], by=None, key=uuid.uuid4(), account=account, model=MODELS[engine], size="1K"
        )
        job = run(batch.jobs.get())
        assert (job.state, job.charged, job.take) == (JobState.FAILED, True, None), job.error
        return job, account, service

    return made


def mended(service):
    service.faults.clear()


@pytest.mark.parametrize("engine", ["runware", "hiapi"])
def test_it_is_fetched_again_and_paid_once(engine, paid, mei, run, ledger_of, team):
    job, _, service = paid(engine)
    before, counted = ledger_of(job), job.counted
    mended(service)
    assert (actions.way(job).how, actions.way(job).free) == ("ticket", True)
    assert actions.check_job(job=job, by=mei)
    assert Job.objects.get(pk=job.pk).counted == counted  # it counts all the while
    job = run(job)
    assert (job.state, job.charged, job.error) == (JobState.DONE, True, "")
    assert job.panel.takes.get() == job.take
    assert ledger_of(job) == before
    assert job.counted == counted
    assert len(service.charged(str(job.key)) or service.charged()) == 1
    assert before[-1][2] == ("service" if engine == "runware" else "table")


def test_it_stays_charged_where_the_link_is_dead_still(paid, mei, run, ledger_of):
    job, _, _ = paid("runware")
    before = ledger_of(job)
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert (job.state, job.charged, job.take) == (JobState.FAILED, True, None)
    assert "expired" in job.error
    assert "charged before" in job.remedy
    assert ledger_of(job) == before
    assert actions.way(job).free  # as often as one likes


def test_it_stays_charged_where_the_service_has_forgotten_it(paid, mei, run, ledger_of):
    job, _, service = paid("runware")
    before = ledger_of(job)
    service.tasks.clear()
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert (job.state, job.charged) == (JobState.FAILED, True)
    assert "does not know this attempt" in job.error
    assert ledger_of(job) == before
    assert not job.uncertain


def test_two_clicks_fetch_once(paid, mei):
    job, _, _ = paid("runware")
    twin = Job.objects.get(pk=job.pk)
    assert actions.check_job(job=job, by=mei)
    assert not actions.check_job(job=twin, by=mei)
    assert job.events.filter(after="waiting").count() == 2


def test_what_a_person_settled_as_paid_can_be_fetched(attempt, services, mei, pavel, run, ledger_of):
    account, _ = services("runware")
    job = attempt("unknown", account=account, model="google:4@3", seed=7)
    actions.settle_job(job=job, by=pavel, amount=Decimal("0.2"), why="On the bill")
    job.refresh_from_db()
    assert actions.way(job).free
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert (job.state, job.charged, job.counted) == (JobState.FAILED, True, Decimal("0.2"))
    assert ledger_of(job)[-1] == ("charged", Decimal("0.2"), "hand")


def test_what_a_person_settled_as_unpaid_is_not_asked_for(attempt, services, mei, pavel):
    account, _ = services("runware")
    job = attempt("unknown", account=account, model="google:4@3")
    stale = Job.objects.get(pk=job.pk)
    actions.settle_job(job=job, by=pavel, amount=Decimal(0), why="Not on the bill")
    with pytest.raises(Refused):
        actions.check_job(job=stale, by=mei)


@pytest.mark.parametrize("engine", ["gemini", "hiapi"])
def test_what_cannot_be_asked_for_says_why(attempt, team, mei, engine):
    """One engine keeps nothing; the other gave no number."""
    job = attempt("failed", charged=True, account=makers.account(team, "Other", engine))
    assert not actions.way(job).how
    assert attempts.doubt(job.code) is None
    with pytest.raises(Refused, match=r"cannot be asked"):
        actions.check_job(job=job, by=mei)


def test_what_was_flagged_is_not_fetched(attempt, services, mei):
    account, _ = services("runware")
    job = attempt("refused", charged=True, account=account)
    assert not actions.way(job).how


def test_the_pages_offer_it(paid, mei, pavel, viktor, signed_in, team):
    job, account, _ = paid("runware")
    card = signed_in(mei).get(reverse("panel", args=[job.panel.code])).content.decode()
    assert "Fetch it again" in card
    assert reverse("job_check", args=[job.code]) in card
    assert "Settle by hand" not in card
    books = signed_in(pavel).get(reverse("spend")).content.decode()
    assert "Fetch it again" in books
    assert signed_in(viktor).post(reverse("job_check", args=[job.code])).status_code == 403
    answer = signed_in(mei).post(reverse("job_check", args=[job.code]), follow=True)
    assert f"Fetching panel {job.panel.label} again." in answer.content.decode()
    assert states_for([job.panel])[job.panel_id].state == "working"
    EngineAccount.objects.filter(pk=account.pk).update(on=False)
    assert "Fetch it again" not in signed_in(mei).get(reverse("panel", args=[job.panel.code])).content.decode()
