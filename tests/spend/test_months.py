"""Months and days are the studio's own, whatever its time zone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from studio.generation import caps, ledger


def moment(text):
    return dt.datetime.fromisoformat(text)


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"])
def zone(request):
    with timezone.override(ZoneInfo(request.param)):
        yield ZoneInfo(request.param)


def test_it_belongs_to_the_month_of_the_studio(zone, team, attempt):
    start = dt.datetime(2026, 3, 1, tzinfo=zone)
    attempt(price="0.01", at=start - dt.timedelta(microseconds=1))
    attempt(price="0.02", at=start)
    attempt(price="0.04", at=dt.datetime(2026, 4, 1, tzinfo=zone) - dt.timedelta(microseconds=1))
    attempt(price="0.08", at=dt.datetime(2026, 4, 1, tzinfo=zone))
    spent = {key: ledger.figures(team, ledger.month(key)).spent for key in ("2026-02", "2026-03", "2026-04")}
    assert spent == {"2026-02": Decimal("0.01"), "2026-03": Decimal("0.06"), "2026-04": Decimal("0.08")}
    days = ledger.by_day_and_tier(team, ledger.month("2026-03"))
    assert sorted(days) == [dt.date(2026, 3, 1), dt.date(2026, 3, 31)]


def test_the_month_begins_where_the_limits_begin(zone):
    now = ledger.month()
    assert now.start == caps.month_start()
    assert now.start <= timezone.now() < now.end
    assert (now.after, now.start.day, now.end.day) == ("", 1, 1)


@pytest.mark.parametrize(
    ("key", "days", "before", "after"),
    [
        ("2024-02", 29, "2024-01", "2024-03"),
        ("2025-12", 31, "2025-11", "2026-01"),
        ("2026-01", 31, "2025-12", "2026-02"),
    ],
)
def test_it_knows_its_neighbours(zone, key, days, before, after):
    found = ledger.month(key)
    assert (found.key, found.days, found.before, found.after) == (key, days, before, after)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-00", "2026-13", "20266-1", "2999-01", "-026-11", "a-b", "2026-1 ", "²026-11"]
)
def test_what_is_no_month_is_this_one(text):
    assert ledger.month(text) == ledger.month()


def test_it_leads_to_what_is_open_in_other_months(team, attempt, pavel, signed_in):
    attempt("unknown", at=moment("2026-03-05T12:00:00+00:00"))
    attempt("unknown", at=moment("2026-03-06T12:00:00+00:00"))
    attempt("unknown", at=moment("2026-01-06T12:00:00+00:00"))
    found = [(month.key, number) for month, number in ledger.unsettled_elsewhere(team, ledger.month())]
    assert found == [("2026-01", 1), ("2026-03", 2)]
    shown = signed_in(pavel).get("/team/spend/").content.decode()
    assert "2 from March 2026" in shown
    assert "3 unknown" in shown  # on the tab
    assert "2 from March 2026" not in signed_in(pavel).get("/team/spend/?month=2026-03").content.decode()
