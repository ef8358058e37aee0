"""What an account may spend in a month: for whoever may raise limits, and held when pictures are asked for."""

import uuid
from decimal import Decimal

import pytest

from studio.generation import actions
from studio.generation.errors import OverCap
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db


def post(signed_in, user, account, cap, headers=None):
    answer = signed_in(user).post(f"/team/engines/{account.code}/limit/", {"cap": cap}, headers=headers)
    account.refresh_from_db()
    return answer


def test_it_sets_raises_and_lifts_a_limit(signed_in, pavel, account):
    for cap, kept in (("20", Decimal(20)), ("20.50", Decimal("20.50")), ("20.50", Decimal("20.50")), ("", None)):
        assert post(signed_in, pavel, account, cap)["Location"] == "/team/engines/"
        assert account.monthly_cap == kept
    told = [
        (event.data["was"], event.data["now"]) for event in Event.objects.filter(verb="limit.account").order_by("pk")
    ]
    assert told == [(None, "20"), ("20.00", "20.50"), ("20.50", None)]
    assert account.revision == 1  # the worker's client has nothing to do with it


def test_it_is_held(signed_in, team, ada, pavel, account):
    panels = [makers.panel(makers.scene(makers.project(team)))]
    asked = {"panels": panels, "by": ada, "account": account, "model": "google:4@3"}
    post(signed_in, pavel, account, "0.10")
    actions.request_takes(key=uuid.uuid4(), **asked)
    with pytest.raises(OverCap, match="limit of Runware, Lisbon"):
        actions.request_takes(key=uuid.uuid4(), **asked)
    page = signed_in(pavel).get("/team/engines/").content.decode()
    assert "$0.07 of $0.10" in page
    post(signed_in, pavel, account, "1")
    actions.request_takes(key=uuid.uuid4(), **asked)


@pytest.mark.parametrize("typed", ["-1", "a lot", "NaN", "Infinity", "1.005", "99999999"])
def test_it_says_why_not(signed_in, pavel, account, typed):
    assert post(signed_in, pavel, account, typed, HTMX).status_code == 422
    assert account.monthly_cap is None


def test_it_asks_for_the_right(signed_in, account, ada, mei, rosa, viktor, outsider):
    for user in (mei, rosa, viktor):
        assert post(signed_in, user, account, "5").status_code == 403
    assert post(signed_in, outsider, account, "5").status_code == 404
    assert account.monthly_cap is None
    post(signed_in, ada, account, "5")
    assert account.monthly_cap == 5
