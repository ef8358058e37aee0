"""The inspector says of a lost attempt what may have been charged, and what can be done about it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import makers
from tests.spend.conftest import HX


@pytest.fixture
def shown(signed_in, panel):
    """`shown(user)`: the inspector's picture and strip, as this person gets them."""

    def get(user):
        answer = signed_in(user).get(reverse("panel_pictures", args=[panel.code]), headers=HX)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_it_offers_to_check_and_to_ask_again(shown, attempt, mei, pavel):
    job = attempt("unknown", error="The line broke after sending.", ticket={"data": {"task": "tk-1"}, "at_once": False})
    html = shown(mei)
    assert "The line broke after sending." in html
    assert "Possibly $0.17; it is held until settled." in html
    assert f'action="{reverse("job_check", args=[job.code])}"' in html
    assert 'Check <span class="cost">free</span>' in html
    assert 'Ask again <span class="cost">$0.17</span>' in html
    assert "Settle by hand" not in html  # an artist sees prices, not the ledger
    assert "Settle by hand" in shown(pavel)


def test_it_says_where_nobody_can_be_asked(shown, attempt, team, mei, pavel):
    attempt("unknown", account=makers.account(team, "Wisdom Gate", "gemini"), model="gemini-3-pro-image-preview")
    html = shown(mei)
    assert "This engine cannot be asked. Possibly $0.17; it is held until settled. A producer can settle it." in html
    assert "Check" not in html
    assert "A producer can settle it." not in shown(pavel)


def test_it_says_what_asking_by_the_key_may_cost(shown, attempt, mei):
    attempt("unknown")
    html = shown(mei)
    assert 'Check <span class="cost">at most $0.17</span>' in html
    assert "billed once" in html


def test_it_offers_nothing_to_those_who_only_look(shown, attempt, viktor):
    attempt("unknown", ticket={"data": {"task": "tk-1"}, "at_once": False})
    html = shown(viktor)
    assert "Possibly $0.17" in html
    assert "<button" not in html


def test_it_is_silent_once_it_is_settled(shown, attempt, mei, pavel):
    from decimal import Decimal

    from studio.generation import actions

    job = attempt("unknown")
    actions.settle_job(job=job, by=pavel, amount=Decimal(0), why="Not on the bill")
    html = shown(mei)
    assert "Possibly" not in html
    assert "Not charged" in html


def test_what_is_known_reads_as_before(shown, attempt, mei):
    attempt("failed", charged=False)
    html = shown(mei)
    assert "Not charged" in html
    assert "held until settled" not in html


def test_it_forgets_no_attempt_that_is_old(shown, attempt, mei):
    account = attempt("unknown", at=timezone.now() - dt.timedelta(days=3)).account
    assert f"{account} forgets a key after a day." in shown(mei)


def test_the_bar_says_what_the_project_cost(signed_in, attempt, project, pavel, mei):
    attempt()
    address = reverse("board", args=[project.code])
    assert "$0.17 spent" in signed_in(pavel).get(address).content.decode()
    assert "$0.17 spent" not in signed_in(mei).get(address).content.decode()
