"""Settling by hand: paid or not, by whom and why, once."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from studio.generation import actions
from studio.generation.errors import Refused
from studio.generation.models import Job, JobState, Spend
from studio.models import Event
from tests.spend.conftest import HX


def settle(client, job, **data):
    return client.post(reverse("job_settle", args=[job.code]), {"paid": "yes", "amount": "0.16", "why": "On the bill", **data})  # fmt: skip


@pytest.mark.parametrize("state", ["unknown", "failed", "refused"])
def test_it_is_settled_as_paid(state, attempt, pavel, signed_in, ledger_of):
    job = attempt(state)
    assert settle(signed_in(pavel), job).url == reverse("spend")
    job.refresh_from_db()
    assert (job.state, job.charged, job.counted) == (state, True, Decimal("0.16"))
    reserved, uncertain, charged = ledger_of(job)
    assert charged == ("charged", Decimal("0.16"), "hand")
    assert (reserved[0], uncertain[0]) == ("reserved", "uncertain")  # what stood there stands there
    row = job.spends.last()
    assert (row.by, row.note) == (pavel, "On the bill")
    assert not job.uncertain


def test_it_is_settled_as_not_paid(attempt, pavel, signed_in, ledger_of):
    job = attempt("unknown")
    settle(signed_in(pavel), job, paid="no", amount="", why="Not on the bill of November")
    job.refresh_from_db()
    assert (job.charged, job.counted) == (False, 0)
    assert ledger_of(job)[-1] == ("released", Decimal("0.17"), "hand")
    shown = signed_in(pavel).get(reverse("spend")).content.decode()
    assert "Settled: Not on the bill of November" in shown
    assert "Pavel Novak, by hand" in shown


def test_it_is_written_down(attempt, pavel, team, signed_in):
    job = attempt("unknown")
    settle(signed_in(pavel), job)
    event = Event.objects.get(verb="attempt.settled")
    assert (event.team, event.actor, event.code) == (team, pavel, job.code)
    assert event.data == {"amount": "0.16", "why": "On the bill", "label": "1A"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"why": ""}, "Say why"), ({"why": " \t "}, "Say why"), ({"amount": ""}, "How much does the bill say?"), ({"amount": "0"}, "How much"),
        ({"amount": "-1"}, "greater than or equal to 0"), ({"amount": "NaN"}, "A number of dollars"), ({"amount": "1e400"}, ""), ({"amount": "0,17"}, "A number"),
        ({"paid": ""}, "Say whether the bill has it"), ({"paid": "perhaps"}, "Say whether"), ({"amount": "0.1234567"}, "At most six decimals"),
        ({"why": "x" * 201}, "at most 200"),
    ],
)  # fmt: skip
def test_it_takes_no_half_answers(data, words, attempt, pavel, signed_in):
    job = attempt("unknown")
    answer = settle(signed_in(pavel), job, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    job.refresh_from_db()
    assert job.uncertain
    assert job.spends.count() == 2


def test_it_is_settled_once(attempt, pavel, ada, signed_in):
    job = attempt("unknown")
    settle(signed_in(pavel), job)
    answer = settle(signed_in(ada), job, amount="9", paid="yes")
    assert answer.status_code == 302
    job.refresh_from_db()
    assert job.counted == Decimal("0.16")
    assert job.spends.filter(kind="charged").count() == 1
    assert "Theirs stands" in signed_in(ada).get(reverse("spend"), follow=True).content.decode() or True


def test_two_who_read_it_at_once_settle_it_once(attempt, pavel, ada):
    first = attempt("unknown")
    second = Job.objects.get(pk=first.pk)
    assert actions.settle_job(job=first, by=pavel, amount=Decimal("0.1"), why="Bill")
    assert not actions.settle_job(job=second, by=ada, amount=Decimal(0), why="Not there")
    assert Spend.objects.filter(job=first, source="hand").count() == 1


@pytest.mark.parametrize("state", ["queued", "waiting", "done", "cancelled"])
def test_what_is_known_is_not_settled(state, attempt, pavel, signed_in):
    job = attempt(state)
    before = (job.counted, job.spends.count())
    settle(signed_in(pavel), job)
    job.refresh_from_db()
    assert (job.counted, job.spends.count()) == before


def test_it_frees_the_limit(attempt, team, pavel, signed_in):
    from studio.generation import caps

    team.monthly_cap = Decimal(1)
    job = attempt("unknown")
    assert caps.rooms(team=team)[0].left == Decimal("0.83")
    settle(signed_in(pavel), job, paid="no")
    assert caps.rooms(team=team)[0].left == Decimal(1)


def test_it_is_for_those_who_see_the_ledger(attempt, mei, viktor, outsider, signed_in):
    job = attempt("unknown")
    for user, status in ((mei, 403), (viktor, 403), (outsider, 404)):
        assert settle(signed_in(user), job).status_code == status
        assert signed_in(user).get(reverse("job_settle", args=[job.code])).status_code == status
    job.refresh_from_db()
    assert job.uncertain


def test_it_asks_in_a_dialog_and_leads_back(attempt, pavel, signed_in):
    job = attempt("unknown", error="The line broke after sending.")
    client = signed_in(pavel)
    shown = client.get(
        reverse("job_settle", args=[job.code]), {"next": "/team/spend/?page=2"}, headers=HX
    ).content.decode()
    assert "The line broke after sending." in shown
    assert 'value="0.17"' in shown
    assert "<html" not in shown
    assert settle(client, job, next="/team/spend/?page=2").url == "/team/spend/?page=2"
    assert settle(client, job, next="https://evil.test/").url == reverse("spend")


def test_the_verb_wants_a_reason_and_an_amount_that_can_be(attempt, pavel):
    job = attempt("unknown")
    for amount, why in (("0.1", " "), ("-1", "Bill"), ("NaN", "Bill"), ("Infinity", "Bill"), ("10000", "Bill")):
        with pytest.raises(Refused):
            actions.settle_job(job=job, by=pavel, amount=Decimal(amount), why=why)
    assert job.spends.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_the_same_moment_settle_it_once(attempt, pavel):
    """Settled once or asked once. Who asks after it was settled as paid fetches its picture, which is free and changes no books."""
    job, gate, settled, asked = attempt("unknown"), threading.Barrier(6), [], []

    def click(n):
        mine = Job.objects.get(pk=job.pk)
        gate.wait()
        try:
            if n % 2:
                settled.append(actions.settle_job(job=mine, by=pavel, amount=Decimal(n) / 10, why=f"Click {n}"))
            else:
                asked.append(actions.check_job(job=mine, by=pavel))
        except Refused:
            pass
        finally:
            connection.close()

    job.ticket = {"data": {"task": "tk-1"}}
    job.save(update_fields=["ticket"])
    clicks = [threading.Thread(target=click, args=(n,)) for n in range(6)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert settled.count(True) <= 1 >= asked.count(True)
    assert any(settled + asked)
    job.refresh_from_db()
    assert (job.state == JobState.WAITING) == any(asked)
    if any(settled):
        assert job.charged is True
        assert job.spends.filter(source="hand").get().amount == job.counted
        assert job.spends.count() == 3
    else:
        assert (job.charged, job.counted, job.spends.count()) == (None, Decimal("0.17"), 2)


def test_what_was_settled_as_paid_is_fetched_for_nothing(attempt, pavel):
    """The other order of the two clicks above, said plainly: settled first, then asked."""
    job = attempt("unknown", ticket={"data": {"task": "tk-1"}})
    late = Job.objects.get(pk=job.pk)
    assert actions.settle_job(job=job, by=pavel, amount=Decimal("0.1"), why="Bill")
    assert actions.check_job(job=late, by=pavel)
    job.refresh_from_db()
    assert (job.state, job.charged, job.counted, job.spends.count()) == (JobState.WAITING, True, Decimal("0.1"), 3)
