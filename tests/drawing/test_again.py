"""Trying again after a failure: the price on the button, and why not beside it."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.board.models import Panel
from studio.generation import actions, cost, queries, quotes, states, tiers
from studio.generation.models import EngineAccount, Job, JobState, Quote
from tests.drawing.conftest import TWO

HX = {"hx-request": "true", "hx-target": "batch"}


@pytest.fixture
def failed(board, account, mei):
    """A production picture that the engine did not draw."""
    panel = Panel.objects.select_related("scene__project__team").order_by("pk").first()
    choices = [tiers.choice(panel.scene.project.team, "production")]
    job = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), choices=choices).jobs.get()
    states.move(job, JobState.STARTING)
    states.lose(job, JobState.FAILED, error="The engine took too long.", charged=False)
    return job


def test_it_says_what_trying_again_costs(failed, mei, viktor, signed_in):
    address = reverse("panel", args=[failed.panel.code])
    page = signed_in(mei).get(address).content.decode()
    assert page.count('Try again <span class="cost">$0.10</span>') == 2  # on the card and in the inspector
    assert "Try again" not in signed_in(viktor).get(address).content.decode()
    assert signed_in(mei).post(reverse("job_retry", args=[failed.code]), headers=HX).status_code == 200
    again = Job.objects.latest("pk")
    assert (again.model, again.estimate, again.account) == (TWO, failed.estimate, failed.account)


def test_it_is_free_where_it_is_free(board, mei, signed_in):
    panel = board[2][0]
    job = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4()).jobs.get()
    states.move(job, JobState.STARTING)
    states.lose(job, JobState.FAILED, error="It stopped.", charged=False)
    page = signed_in(mei).get(reverse("panel", args=[panel.code])).content.decode()
    assert 'Try again <span class="cost">free</span>' in page


@pytest.mark.parametrize(
    ("trigger", "target"), [("retry-form", "#retry-trouble"), ("", "#panel-{} .state-art")], ids=["inspector", "card"]
)
def test_it_says_beside_the_button_that_a_limit_is_reached(failed, cap, mei, signed_in, trigger, target):
    cap("0.05")
    answer = signed_in(mei).post(
        reverse("job_retry", args=[failed.code]), headers={**HX, **({"hx-trigger": trigger} if trigger else {})}
    )
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == target.format(failed.panel.code)
    words = answer.content.decode()
    assert "$0.05 left, this needs $0.10" in words
    assert "to raise it" in words
    assert Job.objects.count() == 1


def test_it_is_not_asked_of_an_account_that_is_gone(failed, mei, signed_in):
    EngineAccount.objects.update(deleted=timezone.now())
    answer = signed_in(mei).post(reverse("job_retry", args=[failed.code]), headers=HX)
    assert "Runware was removed" in answer.content.decode()
    assert Job.objects.count() == 1


def test_it_is_for_those_who_draw(failed, rosa, outsider, signed_in):
    assert signed_in(rosa).post(reverse("job_retry", args=[failed.code])).status_code == 403
    assert signed_in(outsider).post(reverse("job_retry", args=[failed.code])).status_code == 404
    assert Job.objects.count() == 1


def say(job, amount):
    """The service named this price for pictures of the job's sort."""
    _, shape = quotes.sort(cost.drawn_by(job, job.request), job.request)
    now = timezone.now()
    Quote.objects.create(account=job.account, shape=shape, model=job.model, amount=Decimal(amount), answered=now)


def test_it_costs_what_the_service_said_meanwhile(failed, mei, signed_in):
    say(failed, "0.15")
    page = signed_in(mei).get(reverse("panel", args=[failed.panel.code])).content.decode()
    assert page.count('Try again <span class="cost">$0.15</span>') == 2
    assert 'name="price" value="0.150000"' in page
    assert '"price": "0.150000"' in page  # the card's button
    address = reverse("job_retry", args=[failed.code])
    old = signed_in(mei).post(address, {"price": str(failed.estimate)}, headers=HX)
    assert old.status_code == 422
    assert "This costs $0.15 now, not $0.10" in old.content.decode()
    assert Job.objects.count() == 1
    assert signed_in(mei).post(address, {"price": "0.15"}, headers=HX).status_code == 200
    again = Job.objects.latest("pk")
    assert (again.estimate, again.quoted) == (Decimal("0.15"), True)
    assert again.spends.get().source == "service"


def test_the_engine_room_asks_for_the_same_price(failed, mei, signed_in):
    say(failed, "0.15")
    assert 'name="price" value="0.150000"' in signed_in(mei).get(reverse("queue")).content.decode()
    address = reverse("queue_act", args=[failed.code, "retry"])
    old = signed_in(mei).post(address, {"price": "0.1"}, follow=True)
    assert "This costs $0.15 now, not $0.10" in old.content.decode()
    signed_in(mei).post(address, {"price": "0.15"})
    assert Job.objects.latest("pk").estimate == Decimal("0.15")


def test_a_panel_that_failed_is_priced_with_as_many_queries_as_many(board, account, mei):
    project, _, panels = board
    choices = [tiers.choice(project.team, "production")] * len(panels)
    for panel, choice in zip(panels, choices, strict=True):
        job = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), choices=[choice]).jobs.get()
        states.move(job, JobState.STARTING)
        states.lose(job, JobState.FAILED, error="The engine took too long.", charged=False)
    counts = []
    for some in (panels[:1], panels):
        with CaptureQueriesContext(connection) as found:
            assert len(queries.states_for(some)) == len(some)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 7
