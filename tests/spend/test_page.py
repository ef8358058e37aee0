"""The spend page: figures, lines, limits, the ledger and its filters, without scripts."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.generation.actions.asking import AGAIN
from studio.models import Batch, Membership, Panel, Team
from tests import makers


def page(client, **query):
    answer = client.get(reverse("spend"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def picked(job):
    Panel.objects.filter(pk=job.panel_id).update(picked=job.take)


def test_it_is_for_those_who_may_see_the_ledger(ada, pavel, mei, rosa, viktor, outsider, signed_in, attempt):
    attempt()
    assert "Night ferry" in page(signed_in(ada))
    assert "Night ferry" in page(signed_in(pavel))
    for user in (mei, rosa, viktor):
        assert signed_in(user).get(reverse("spend")).status_code == 403
    assert "Night ferry" not in page(signed_in(outsider))
    assert "No engine was asked for anything" in page(signed_in(outsider))


def test_it_says_what_was_spent_held_and_possibly_spent(pavel, signed_in, attempt):
    picked(attempt(price="0.17"))
    attempt("failed", charged=True)
    attempt("failed", charged=False)
    attempt("waiting", price="0.05")
    attempt("unknown", price="0.08")
    shown = page(signed_in(pavel))
    for words in (
        "$0.34",
        "1 picture from engines",
        "Held for 1 under way",
        "$0.05",
        "1 outcome unknown, held until settled",
        "$0.08",
    ):
        assert words in shown
    assert "1 of 1 usable" in shown


def test_it_counts_only_what_is_usable(pavel, signed_in, attempt):
    attempt()
    shown = page(signed_in(pavel))
    assert shown.count("no usable picture yet") == 2  # the figure, and the line of its engine
    picked(attempt())
    shown = page(signed_in(pavel))
    assert "1 of 2 usable" in shown
    assert "<b>$0.34</b>" in shown  # two were paid for the one


def test_it_says_that_nothing_was_spent(pavel, signed_in, project):
    shown = page(signed_in(pavel))
    month = timezone.localtime()
    assert f"Nothing was spent in {month:%B %Y}" in shown
    assert "No limit is set" in shown
    assert "free and not counted" in shown


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("project", "Night ferry"), ("scene", "Scene 1"), ("engine", "hiapi, main"), ("model", "Nano-Banana-Pro"), ("tier", "Hero"),
        ("person", "Mei Tan"), ("day", "The same as a table"),
    ],
)  # fmt: skip
def test_it_adds_up_by(by, words, pavel, signed_in, attempt):
    attempt(told="0.1234")
    attempt("unknown", price="0.08")
    shown = page(signed_in(pavel), by=by)
    box = shown[shown.index('id="by-title"') : shown.index('id="left"')]
    assert words in box
    assert "$0.12" in box


def test_it_draws_a_bar_for_each_day_and_tier(pavel, signed_in, attempt):
    attempt(told="1.50", tier="hero")
    attempt(told="0.25", tier="draft")
    attempt(told="0.10", tier="")
    shown = page(signed_in(pavel))
    today = timezone.localtime()
    day = f"{today.day} {today:%b}"
    for title in (f"{day}, hero: $1.50", f"{day}, draft: $0.25", f"{day}, chosen by name: $0.10"):
        assert f"<title>{title}</title>" in shown
    assert f"Most on {day}, $1.85." in shown
    assert shown.count("<rect data-series=") == 3


def test_it_says_what_is_left(pavel, mei, team, project, hiapi, signed_in, attempt):
    Team.objects.filter(pk=team.pk).update(monthly_cap=10)
    type(project).objects.filter(pk=project.pk).update(cap="0.30")
    type(hiapi).objects.filter(pk=hiapi.pk).update(monthly_cap=2)
    attempt()
    attempt("unknown", price="0.12")
    shown = page(signed_in(pavel))
    for words in ("$9.71 left of $10", "$0.01 left of $0.30", "$1.71 left of $2"):
        assert words in shown
    assert 'data-state="changes"' in shown  # the project's is nearly used up
    assert "Change limits" in shown


def test_it_tells_each_attempt(pavel, signed_in, attempt, hiapi):
    attempt(told="0.16")
    attempt("failed", charged=False)
    attempt("refused", error="The engine declined this one.", charged=False)
    attempt("cancelled")
    attempt("queued")
    attempt(price="0.05")
    shown = page(signed_in(pavel))
    for words in (
        "$0.16", "The engine took too long, not charged", "The engine declined this one, not charged", "Cancelled, not charged",
        "never sent", "Waiting", "price table, ", "6 attempts, newest first",
    ):  # fmt: skip
        assert words in shown
    assert "data-attention" not in shown


def test_it_offers_what_can_be_done_about_an_unknown_one(pavel, signed_in, attempt, team):
    asked = attempt(
        "unknown", error="The line broke after sending.", ticket={"data": {"task": "tk-1"}, "at_once": False}
    )
    mute = attempt("unknown", account=makers.account(team, "Wisdom Gate", "gemini"), model="gemini-3-pro-image-preview")
    shown = page(signed_in(pavel), outcome="uncertain")
    row = shown[shown.index(f'id="attempt-{asked.code}"') :].split("</tr>")[0]
    assert "data-attention" in row
    assert "Unknown, possibly $0.17" in row
    assert 'Check <span class="cost">free' in row
    assert 'Ask again <span class="cost">$0.17' in row
    assert "Settle by hand" in row
    row = shown[shown.index(f'id="attempt-{mute.code}"') :].split("</tr>")[0]
    assert "This engine cannot be asked." in row
    assert "Check" not in row
    Batch.objects.create(
        team=team, project=asked.panel.scene.project, key=uuid.uuid5(AGAIN, str(asked.key))
    )  # asked again
    assert "Ask again" not in page(signed_in(pavel), account=asked.account.code)


def test_it_narrows_the_ledger_by_the_address(pavel, ada, team, signed_in, attempt):
    other = makers.panel(makers.scene(makers.project(team, "Salt road")))
    attempt(on=other, by=ada, tier="draft")
    attempt("failed", charged=False)
    client = signed_in(pavel)
    code = other.scene.project.code
    for query, there, gone in (
        ({"project": code}, "Salt road 1A", "Night ferry 1A"),
        ({"outcome": "unpaid"}, "Night ferry 1A", "Salt road 1A"),
        ({"outcome": "drawn"}, "Salt road 1A", "Night ferry 1A"),
        ({"tier": "draft"}, "Salt road 1A", "Night ferry 1A"),
        ({"person": ada.pk}, "Salt road 1A", "Night ferry 1A"),
    ):
        shown = page(client, **query)
        assert there in shown, query
        assert gone not in shown, query
        assert "1 attempt, newest first" in shown
    assert "No attempt of" in page(client, outcome="settled")


def test_it_narrows_to_nothing_of_another_team(pavel, outsider, signed_in, attempt):
    """Somebody of both teams, who looks at one and names what belongs to the other."""
    other = outsider.teams.get()
    Membership.objects.create(user=pavel, team=other, role="producer")
    theirs = makers.panel(makers.scene(makers.project(other, "Salt road")))
    job = attempt(on=theirs, account=makers.account(other, "Theirs", "hiapi"), by=outsider)
    client = signed_in(pavel)
    for query in ({}, {"project": theirs.scene.project.code}, {"account": job.account.code}, {"person": outsider.pk}):
        shown = page(client, **query)
        assert "0 attempts" in shown
        assert "Salt road" not in shown
        assert "Theirs" not in shown
    client.post(reverse("spend_limits"), {f"project-{theirs.scene.project.code}": "5"})
    theirs.scene.project.refresh_from_db()
    assert theirs.scene.project.cap is None


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"}, {"month": "0000-00"}, {"month": "9999-12"}, {"month": "٢٠٢٦-١١"}, {"month": "x" * 500}, {"by": "nothing"}, {"page": "0"},
        {"page": "-4"}, {"page": "99999999999"}, {"outcome": "'"}, {"project": "\x00"}, {"person": "1e9"}, {"person": "9" * 40}, {"tier": "gold"},
    ],
)  # fmt: skip
def test_it_shows_something_for_every_address(query, pavel, signed_in, attempt):
    attempt()
    assert "1 attempt, newest first" in page(signed_in(pavel), **query)


def test_it_has_fifty_to_a_page(pavel, signed_in, attempt):
    for n in range(52):
        attempt("failed", charged=False, at=timezone.now() - dt.timedelta(seconds=n))
    client = signed_in(pavel)
    first, second = page(client), page(client, page=2)
    assert first.count('id="attempt-') == 50
    assert "1 to 50 of 52" in first
    assert second.count('id="attempt-') == 2
    assert "Newer" in second
    assert page(client, page=77).count('id="attempt-') == 2


def test_it_leaves_out_what_costs_nothing(pavel, signed_in, attempt):
    attempt("done", price="0", account=None, told=None)
    shown = page(signed_in(pavel))
    assert "0 attempts" in shown


def test_it_shows_what_people_wrote_as_they_wrote_it(pavel, team, signed_in, attempt):
    other = makers.panel(makers.scene(makers.project(team, "<script>x</script>")))
    attempt(on=other, error="<b>no</b>", state="failed", charged=False)
    for by in ("day", "project", "scene"):
        shown = page(signed_in(pavel), by=by)
        assert "<script>x" not in shown
        assert "<b>no" not in shown


def test_it_names_no_panel_that_is_gone(pavel, signed_in, attempt):
    job = attempt()
    Panel.objects.filter(pk=job.panel_id).update(deleted=timezone.now())
    shown = page(signed_in(pavel))
    assert "Night ferry 1A" in shown
    assert reverse("panel", args=[job.panel.code]) not in shown


def test_it_asks_as_many_questions_whatever_there_is(pavel, team, signed_in, attempt, django_assert_max_num_queries):
    client = signed_in(pavel)
    Team.objects.filter(pk=team.pk).update(monthly_cap=10)

    def some(n):
        for _ in range(n):
            panel = makers.panel(makers.scene(makers.project(team, f"Film {n}", cap=5)))
            account = makers.account(team, "More", "runware", monthly_cap=4)
            attempt(on=panel, account=account, model="google:4@3")
            attempt("unknown", on=panel)
            attempt("unknown", on=panel, account=account, model="google:4@3")

    some(1)
    for by in ("day", "scene"):
        page(client, by=by)
        with CaptureQueriesContext(connection) as few:
            page(client, by=by)
        some(4)
        with django_assert_max_num_queries(len(few)):
            page(client, by=by)


def test_half_a_cent_is_never_rounded_away(pavel, signed_in, attempt):
    attempt(price="0.085")
    assert '<dd class="figures">$0.09</dd>' in page(signed_in(pavel))
