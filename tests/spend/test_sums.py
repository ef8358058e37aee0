"""What the pages add up is what the limits count and what the ledger says, to the last part of a cent."""

from __future__ import annotations

import random
import uuid
from decimal import Decimal

import pytest
from django.db import models
from django.db.models import Sum

from studio.generation import actions, caps, ledger
from studio.generation.models import LOST, Batch, Job, Spend
from tests import makers


@pytest.fixture
def busy(attempt, team, mei, ada, hiapi):
    """A month of everything."""
    chance = random.Random(7)
    panels = [makers.panel(makers.scene(makers.project(team, title))) for title in ("One", "Two", "Three")]
    accounts = [hiapi, makers.account(team, "Runware", "runware")]
    for n in range(60):
        state = chance.choice(("done", "failed", "refused", "unknown", "cancelled", "queued", "waiting"))
        attempt(
            state, chance.choice(("0.05", "0.076", "0.1034")), on=chance.choice(panels), account=chance.choice(accounts),
            charged=chance.choice((True, False, None)) if state in LOST else None, by=chance.choice((mei, ada)),
            told=Decimal("0.0777") if n % 3 else None, tier=chance.choice(("draft", "hero", "")),
        )  # fmt: skip
    for job in list(Job.objects.uncertain())[:6]:
        amount = Decimal(chance.choice(("0", "0.2")))
        assert actions.settle_job(job=job, by=ada, amount=amount, why="The bill says so.")


def test_the_page_is_what_the_limits_count(busy, team):
    month = ledger.month()
    found = ledger.figures(team, month)
    counted = Job.objects.aggregate(sum=Sum("counted"))["sum"]
    assert found.spent + found.held + found.uncertain == counted
    team.monthly_cap = Decimal(1000)
    assert caps.rooms(team=team)[0].used == counted
    assert found.attempts == Job.objects.count() == 60


@pytest.mark.parametrize("by", ledger.BY)
def test_every_way_of_adding_gives_the_same(by, busy, team):
    month = ledger.month()
    whole, parts = ledger.figures(team, month), [one.figures for one in ledger.groups(team, month, by)]
    for name in ("attempts", "drawn", "usable", "spent", "held", "uncertain"):
        assert sum(getattr(one, name) for one in parts) == getattr(whole, name), name


def test_usable_and_days_add_up_too(busy, team):
    month = ledger.month()
    whole = ledger.figures(team, month)
    assert sum(one.figures.spent for one in ledger.usable(team, month)) == whole.spent
    assert sum(sum(day.values()) for day in ledger.by_day_and_tier(team, month).values()) == whole.spent


def test_the_ledger_says_the_same_as_the_jobs(busy):
    """CHARGED is the charge; without it and without RELEASED, what is held or uncertain counts."""
    for job in Job.objects.prefetch_related("spends"):
        rows = {row.kind: row for row in job.spends.all()}
        assert "reserved" in rows
        closing = rows.get("charged") or rows.get("released")
        said = Decimal(0) if "released" in rows else closing.amount if closing else rows["reserved"].amount
        assert job.counted == said, (job.state, job.charged, rows)
        assert not {"charged", "released"} <= set(rows)
        assert job.uncertain == ("uncertain" in rows and closing is None)


def test_limits_are_counted_as_when_they_are_held(busy, team, hiapi):
    type(team).objects.filter(pk=team.pk).update(monthly_cap=100)
    models.QuerySet.update(team.projects.all(), cap=50)
    type(hiapi).objects.filter(team=team).update(monthly_cap=20)
    team.refresh_from_db()
    listed = {(room.kind, room.pk): room.used for room in ledger.limits(team)}
    accounts = type(hiapi).objects.of(team)
    for project in team.projects.all():
        for room in caps.rooms(team=team, project=project, accounts=accounts):
            pk = project.pk if room.kind == "project" else room.pk
            assert listed[room.kind, pk] == room.used
    assert len(listed) == 1 + team.projects.count() + accounts.count()


def test_nobody_rewrites_the_ledger(attempt):
    row = attempt().spends.first()
    row.amount = 0
    for act in (row.save, row.delete, Spend.objects.all().delete, lambda: Spend.objects.update(amount=0), lambda: Spend.objects.filter(pk=row.pk).delete()):  # fmt: skip
        with pytest.raises(TypeError, match="append-only"):
            act()
    assert Spend.objects.get(pk=row.pk).amount == Decimal("0.17")


def test_no_code_rewrites_the_ledger():
    """Nothing but a new row is ever asked of it."""
    import re
    from pathlib import Path

    from django.conf import settings

    wrong = re.compile(r"(Spend\.objects|spends)\b[^\n]*\.(update|delete|bulk_update|update_or_create|raw)\(")
    found = [str(path) for path in Path(settings.BASE_DIR, "studio").rglob("*.py") if wrong.search(path.read_text())]
    assert not found
    assert wrong.search("Spend.objects.filter(job=job).update(amount=1)")


def test_sums_are_exact_however_many_are_added_up(team, project, panel, hiapi):
    """A database that adds up in floating point makes 6.96800000000001 of these; then the last one would not fit in its limit."""
    batch = Batch.objects.create(team=team, project=project, key=uuid.uuid4())
    each, number = Decimal("0.134"), 52
    Job.objects.bulk_create(
        Job(
            batch=batch, panel=panel, account=hiapi, engine="hiapi", model="x", state="done", charged=True, counted=each
        )
        for _ in range(number)
    )
    type(team).objects.filter(pk=team.pk).update(monthly_cap=Decimal("10.00"))
    type(project).objects.filter(pk=project.pk).update(cap=Decimal("10.00"))
    type(hiapi).objects.filter(pk=hiapi.pk).update(monthly_cap=Decimal("10.00"))
    for one in (team, project, hiapi):
        one.refresh_from_db()
    used = [room.used for room in caps.rooms(team=team, project=project, accounts=[hiapi])]
    assert used == [each * number] * 3
    assert {room.used for room in ledger.limits(team)} == {each * number}
    assert ledger.this_month(team) == (each * number, 0)
    assert ledger.counted(project) == each * number
