"""The ledger and the summary as files: streamed, for spreadsheets, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions
from studio.lib import tables
from studio.models import Panel, User
from tests import makers


def read(answer):
    assert answer.status_code == 200
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_it_has_a_line_for_each_attempt(pavel, mei, signed_in, attempt):
    attempt(told=Decimal("0.1625"))
    attempt("failed", charged=False)
    unknown = attempt("unknown", price="0.08")
    actions.settle_job(job=attempt("unknown", price="0.30"), by=pavel, amount=Decimal("0.29"), why="Bill of 1 December")
    answer = signed_in(pavel).get(reverse("spend_csv"))
    month = timezone.localtime()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="ledger-{month:%Y-%m}.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    settled, open_, failed, drawn = read(answer)
    assert (drawn["held"], drawn["charged"], drawn["figure_of"]) == ("0.17", "0.1625", "hiapi, main")
    assert (drawn["project"], drawn["scene"], drawn["panel"], drawn["by"]) == ("Night ferry", "1", "1A", "Mei Tan")
    assert (drawn["engine"], drawn["model"], drawn["size"], drawn["quality"]) == (
        "hiapi",
        "Nano-Banana-Pro",
        "1K",
        "hero",
    )
    assert dt.datetime.fromisoformat(drawn["asked"]).tzinfo
    assert (failed["charged"], failed["possibly_charged"]) == ("0", "")
    assert (open_["attempt"], open_["charged"], open_["possibly_charged"]) == (unknown.code, "", "0.08")
    assert (settled["charged"], settled["settled_by"], settled["reason"]) == (
        "0.29",
        "Pavel Novak",
        "Bill of 1 December",
    )


def test_it_is_what_the_page_shows(pavel, team, signed_in, attempt):
    other = makers.panel(makers.scene(makers.project(team, "Salt road")))
    attempt(on=other)
    attempt("failed", charged=False, at=timezone.now() - dt.timedelta(days=70))
    client = signed_in(pavel)
    assert [row["project"] for row in read(client.get(reverse("spend_csv")))] == ["Salt road"]
    then = (timezone.localtime() - dt.timedelta(days=70)).strftime("%Y-%m")
    assert len(read(client.get(reverse("spend_csv"), {"month": then, "outcome": "unpaid"}))) == 1
    assert read(client.get(reverse("spend_csv"), {"month": then, "outcome": "drawn"})) == []


def test_it_sums_up(pavel, signed_in, attempt):
    job = attempt(told=Decimal("0.16"))
    Panel.objects.filter(pk=job.panel_id).update(picked=job.take)
    attempt("failed", charged=True, price="0.17")
    rows = read(signed_in(pavel).get(reverse("spend_summary_csv")))
    by = {row["by"]: row for row in rows}
    assert set(by) == {"Day", "Project", "Scene", "Engine", "Model", "Quality", "Person"}
    assert by["Day"]["name"] == str(timezone.localdate())
    for row in rows:
        assert (row["attempts"], row["drawn"], row["usable"], row["spent"], row["a_usable_picture"]) == (
            "2", "1", "1", "0.33", "0.33",
        )  # fmt: skip


@pytest.mark.parametrize("route", ["spend_csv", "spend_summary_csv"])
def test_it_is_for_those_who_may_see_the_ledger(route, ada, mei, viktor, outsider, signed_in, attempt):
    attempt()
    for user in (mei, viktor):
        assert signed_in(user).get(reverse(route)).status_code == 403
    assert read(signed_in(ada).get(reverse(route)))
    assert read(signed_in(outsider).get(reverse(route))) == []


HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '"=1"', "a\r\n=1,b", "=HYPERLINK(\"http://x\",\"y\")")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_it_runs_in_no_spreadsheet(text, pavel, team, signed_in, attempt):
    panel = makers.panel(makers.scene(makers.project(team, text), number="=2", place=text), label="=3")
    account = makers.account(team, text, "hiapi")
    who = makers.member(team, text, "artist")
    User.objects.filter(pk=who.pk).update(name=text)
    who.refresh_from_db()
    job = attempt("unknown", on=panel, account=account, by=who, error=text)
    actions.settle_job(job=job, by=who, amount=Decimal("0.1"), why=text)
    for route in ("spend_csv", "spend_summary_csv"):
        rows = read(signed_in(pavel).get(reverse(route)))
        assert rows
        for row in rows:
            assert None not in row
            for cell in row.values():
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", " ", "＝")), cell
                assert "\n" not in cell


def test_its_cells():
    assert tables.cell(None) == ""
    assert tables.cell(Decimal("1E+2")) == "100"
    assert tables.cell(Decimal("-0.5")) == "-0.5"
    assert tables.cell(dt.date(2026, 11, 2)) == "2026-11-02"
    assert tables.cell("\x00=1") == "'=1"
    assert tables.cell("Inês, “3 €”") == "Inês, “3 €”"


def test_it_holds_many_without_more_questions(pavel, signed_in, attempt, django_assert_max_num_queries):
    client = signed_in(pavel)
    attempt()
    read(client.get(reverse("spend_csv")))
    with CaptureQueriesContext(connection) as few:
        read(client.get(reverse("spend_csv")))
    for _ in range(12):
        attempt()
    with django_assert_max_num_queries(len(few)):
        assert len(read(client.get(reverse("spend_csv")))) == 13
