"""Check: the service is asked by key what became of an attempt. Never a second payment."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions, line, retrying
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job, JobState
from studio.models import Event
from tests import makers
from tests.providers.engines import asked, using
from tests.spend.conftest import HX, WORDS

pytestmark = pytest.mark.django_db(transaction=True)
MODELS = {"hiapi": "Nano-Banana-Pro", "runware": "google:4@3"}


@pytest.fixture
def lost(attempt, services):
    """`lost("hiapi")`: an attempt that was sent and never answered, its account and its service."""

    def made(engine, state="unknown", **fields):
        account, service = services(engine)
        fields = {"error": "The line broke after sending.", "doubtful": True, "model": MODELS[engine], **fields}
        return attempt(state, account=account, seed=7, **fields), account, service

    return made


def drawn_there(service, job):
    """The service took the attempt in and drew it; we never heard. Says what its ticket would have been."""

    async def go(client):
        ticket = await client.start(asked(service.name, model=job.model, prompt=job.request["prompt"]), str(job.key))
        return dict(ticket.data)

    return using(service, go, key=service.key)


def charges(service, job):
    return service.charged(str(job.key))


def test_runware_is_asked_and_the_picture_becomes_the_take(lost, mei, run, ledger_of):
    job, _, service = lost("runware")
    drawn_there(service, job)
    assert actions.check_job(job=job, by=mei)
    assert (job.state, job.batch.__class__.objects.get(pk=job.batch_id).finished) == (JobState.WAITING, None)
    assert (job.pk, 0) in line.due(10)
    job = run(job)
    assert (job.state, job.charged) == (JobState.DONE, True)
    assert job.panel.takes.get() == job.take
    row = charges(service, job)[0]
    assert len(charges(service, job)) == 1
    assert [kind for kind, *_ in ledger_of(job)] == ["reserved", "uncertain", "charged"]
    assert ledger_of(job)[-1] == ("charged", Decimal(str(row["amount"])), "service")
    assert job.counted == Decimal(str(row["amount"]))
    job.batch.refresh_from_db()
    assert job.batch.finished


def test_what_runware_does_not_know_stays_uncertain_in_words(lost, mei, run, ledger_of):
    job, _, service = lost("runware")
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert (job.state, job.charged, job.counted) == (JobState.UNKNOWN, None, Decimal("0.17"))
    assert "does not know this attempt" in job.error
    assert "settle" in job.remedy
    assert [kind for kind, *_ in ledger_of(job)] == ["reserved", "uncertain"]
    assert not charges(service, job)
    starts = [call for call in service.calls if "imageInference" in str(call.body)]
    assert not starts  # nothing was drawn, let alone paid, by asking
    assert actions.check_job(job=job, by=mei)  # it may be asked as often as one likes
    assert run(job).state == JobState.UNKNOWN


def test_hiapi_is_asked_by_its_ticket(lost, mei, run):
    job, _, service = lost("hiapi", state="failed", doubtful=False)
    job.ticket = {"data": drawn_there(service, job), "at_once": False}
    job.save(update_fields=["ticket"])
    assert actions.way(job).free
    posts = sum(call.method == "POST" for call in service.calls)
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert job.state == JobState.DONE
    assert len(charges(service, job)) == 1
    assert sum(call.method == "POST" for call in service.calls) == posts  # only asked for


def test_a_ticket_that_hiapi_forgot_stays_uncertain(lost, mei, run):
    job, _, service = lost("hiapi", ticket={"data": {"task": "tk-hiapi-gone"}, "at_once": False})
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert (job.state, job.charged) == (JobState.UNKNOWN, None)
    assert "does not know this attempt" in job.error
    assert not service.ledger


def test_hiapi_without_a_ticket_gets_the_same_key_and_bills_once(lost, mei, run):
    """It was drawn there: the key finds it."""
    job, _, service = lost("hiapi")
    assert (actions.way(job).how, actions.way(job).free) == ("key", False)
    first = drawn_there_like_us(service, job)
    assert actions.check_job(job=job, by=mei)
    assert job.state == JobState.STARTING
    job = run(job)
    assert job.state == JobState.DONE
    assert job.ticket["data"] == first
    assert len(charges(service, job)) == 1
    assert service.replays == 1


def drawn_there_like_us(service, job):
    """The very request that the runner sends."""
    from studio.generation import sending

    request = sending.request_of(Job.objects.select_related("account", "batch").get(pk=job.pk))

    async def go(client):
        return dict((await client.start(request, str(job.key))).data)

    return using(service, go, key=service.key)


def test_hiapi_that_never_got_it_draws_it_once_for_the_money_held(lost, mei, run):
    job, _, service = lost("hiapi")
    assert actions.check_job(job=job, by=mei)
    job = run(job)
    assert job.state == JobState.DONE
    assert len(charges(service, job)) == 1
    assert job.counted == job.estimate == Decimal(str(charges(service, job)[0]["amount"]))


def test_a_key_that_hiapi_may_have_forgotten_is_never_sent_again(lost, mei, pavel):
    job, account, service = lost("hiapi", at=timezone.now() - dt.timedelta(hours=23, minutes=1))
    assert actions.way(job).why_not == f"{account} forgets a key after a day."
    with pytest.raises(Refused, match="settle it by hand"):
        actions.check_job(job=job, by=mei)
    job.ticket = {"data": {"task": "tk-1"}, "at_once": False}
    assert actions.way(job).how == "ticket"  # what has a ticket is asked for however old
    assert not service.calls


def test_a_refusal_of_the_second_asking_is_not_taken_for_not_charged(lost, mei, run):
    job, _, service = lost("hiapi")
    service.balance = 0
    retry, retrying.BY_KEY = retrying.BY_KEY, 1
    try:
        assert actions.check_job(job=job, by=mei)
        job = run(job)
    finally:
        retrying.BY_KEY = retry
    assert job.charged is None
    assert job.counted == Decimal("0.17")


def test_an_engine_without_keys_cannot_be_asked(attempt, team, mei):
    job = attempt("unknown", account=makers.account(team, "Wisdom Gate", "gemini"))
    assert actions.way(job).why_not == "This engine cannot be asked."
    with pytest.raises(Refused, match="cannot be asked"):
        actions.check_job(job=job, by=mei)
    job.refresh_from_db()
    assert job.uncertain


@pytest.mark.parametrize("fields", [{"on": False}, {"health": EngineAccount.Health.KEY}, {"deleted": timezone.now()}])
def test_a_paused_account_is_not_asked(fields, lost, mei):
    job, account, service = lost("runware")
    EngineAccount.objects.filter(pk=account.pk).update(**fields)
    with pytest.raises(Refused):
        actions.check_job(job=Job.objects.get(pk=job.pk), by=mei)
    assert not service.calls


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_what_is_decided_is_not_asked(state, lost, mei):
    job, _, _ = lost("runware", state=state)
    with pytest.raises(Refused):
        actions.check_job(job=job, by=mei)


def test_two_clicks_ask_once(lost, mei):
    job, _, _ = lost("runware")
    twin = Job.objects.get(pk=job.pk)
    assert actions.check_job(job=job, by=mei)
    assert not actions.check_job(job=twin, by=mei)
    assert job.events.filter(after="waiting").count() == 1
    assert Event.objects.filter(verb="attempt.checked").count() == 1


def test_what_was_settled_is_not_asked(lost, mei, pavel):
    job, _, _ = lost("runware")
    actions.settle_job(job=Job.objects.get(pk=job.pk), by=pavel, amount=Decimal(0), why="Not on the bill")
    with pytest.raises(Refused):
        actions.check_job(job=job, by=mei)


def test_it_is_not_settled_while_it_is_asked_for(lost, mei, pavel):
    job, _, _ = lost("runware")
    actions.check_job(job=job, by=mei)
    with pytest.raises(Refused, match="at the moment"):
        actions.settle_job(job=job, by=pavel, amount=Decimal(0), why="Not on the bill")


def test_a_worker_that_dies_over_it_changes_nothing(lost, mei, run):
    job, _, service = lost("runware")
    drawn_there(service, job)
    actions.check_job(job=job, by=mei)
    dead = {"worker": "dead-1", "lease_until": timezone.now() - dt.timedelta(seconds=1)}
    Job.objects.filter(pk=job.pk).update(**dead)
    job = run(job)
    assert job.state == JobState.DONE
    assert len(charges(service, job)) == 1


def test_the_page_and_the_inspector_have_the_button(lost, mei, viktor, outsider, signed_in):
    job, _, _ = lost("runware")
    address = reverse("job_check", args=[job.code])
    assert signed_in(viktor).post(address).status_code == 403
    assert signed_in(outsider).post(address).status_code == 404
    answer = signed_in(mei).post(address, headers={**HX, "hx-target": "batch"})
    assert 'id="batch"' in answer.content.decode()
    assert f'id="panel-{job.panel.code}"' in answer.content.decode()
    again = signed_in(mei).post(address, {"next": "/team/spend/"})
    assert again.url == "/team/spend/"


def test_the_page_says_why_not(attempt, team, mei, signed_in):
    job = attempt("unknown", account=makers.account(team, "Wisdom Gate", "gemini"))
    answer = signed_in(mei).post(reverse("job_check", args=[job.code]), follow=True)
    assert "This engine cannot be asked. Look at the bill, then settle it by hand." in answer.content.decode()


def test_asking_again_is_a_new_attempt_with_a_price_of_its_own(lost, mei, signed_in):
    job, _, _ = lost("hiapi")
    signed_in(mei).post(reverse("job_retry", args=[job.code]))
    again = Job.objects.exclude(pk=job.pk).get()
    assert again.key != job.key
    assert again.counted == Decimal("0.17")
    job.refresh_from_db()
    assert job.uncertain  # and the first one still counts


@pytest.mark.parametrize("what", ["the words", "the model", "the key"])
def test_a_no_of_our_own_is_not_taken_for_not_charged(what, lost, mei, run):
    """What we would not send today may have been sent then."""
    fields = (
        {"request": {**WORDS, "prompt": "x"}}
        if what == "the words"
        else {"model": "Nano-Banana-Gone"}
        if what == "the model"
        else {}
    )
    job, account, service = lost("hiapi", **fields)
    actions.check_job(job=job, by=mei)
    if what == "the key":
        EngineAccount.objects.filter(pk=account.pk).update(key_sealed="not to be opened", revision=9)
    job = run(job)
    assert job.charged is None
    assert job.counted == Decimal("0.17")
    assert not service.ledger
