"""Limits of the team's month and of projects: who may change them, what is written down, what they say when they are reached."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions
from studio.generation.errors import OverCap, Refused
from studio.models import Event, Job, Team
from tests import makers
from tests.spend.conftest import HX


def change(client, **data):
    return client.post(reverse("spend_limits"), data)


def test_it_limits_the_month_and_a_project(pavel, team, project, signed_in):
    assert change(signed_in(pavel), team="150", **{f"project-{project.code}": "20.50"}).url == reverse("spend")
    team.refresh_from_db()
    project.refresh_from_db()
    assert (team.monthly_cap, project.cap) == (Decimal(150), Decimal("20.50"))
    first, second = Event.objects.filter(verb__startswith="limit.").order_by("pk")
    assert (first.verb, first.actor, first.data) == ("limit.team", pavel, {"was": None, "now": "150"})
    assert (second.verb, second.project, second.data["now"]) == ("limit.project", project.code, "20.50")


def test_empty_is_no_limit_and_what_is_not_named_stays(pavel, team, project, signed_in):
    Team.objects.filter(pk=team.pk).update(monthly_cap=9)
    type(project).objects.filter(pk=project.pk).update(cap=5)
    change(signed_in(pavel), team="")
    team.refresh_from_db()
    project.refresh_from_db()
    assert (team.monthly_cap, project.cap) == (None, 5)


def test_the_same_again_writes_nothing_down(pavel, team, signed_in):
    for _ in range(2):
        change(signed_in(pavel), team="9")
    assert Event.objects.filter(verb="limit.team").count() == 1


@pytest.mark.parametrize("typed", ["-1", "much", "NaN", "1e9", "0.001", "99999999999", "1,5"])
def test_it_takes_only_amounts(typed, pavel, team, signed_in):
    answer = change(signed_in(pavel), team=typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    team.refresh_from_db()
    assert team.monthly_cap is None


def test_nothing_may_be_spent_with_a_limit_of_nothing(pavel, team, signed_in):
    change(signed_in(pavel), team="0")
    team.refresh_from_db()
    assert team.monthly_cap == 0


def test_it_is_for_those_who_may_raise_limits(ada, mei, rosa, viktor, outsider, team, project, signed_in):
    for user in (mei, rosa, viktor):
        assert signed_in(user).get(reverse("spend_limits")).status_code == 403
        assert change(signed_in(user), team="5").status_code == 403
    change(signed_in(outsider), team="5", **{f"project-{project.code}": "5"})  # theirs, and nobody else's
    team.refresh_from_db()
    project.refresh_from_db()
    assert (team.monthly_cap, project.cap) == (None, None)
    assert change(signed_in(ada), team="5").status_code == 302


def test_it_is_a_dialog(pavel, project, team, signed_in):
    makers.project(team, "Gone", deleted=timezone.now())
    shown = signed_in(pavel).get(reverse("spend_limits"), headers=HX).content.decode()
    assert "Night ferry" in shown
    assert "Gone" not in shown
    assert "<html" not in shown


def test_the_verbs_take_only_amounts(team, project, pavel):
    for cap in (Decimal(-1), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 9):
        with pytest.raises(Refused):
            actions.limit_team(team=team, by=pavel, cap=cap)
        with pytest.raises(Refused):
            actions.limit_project(project=project, by=pavel, cap=cap)


def draw(panel, by, account):
    return actions.request_takes(
        panels=[panel], by=by, key=uuid.uuid4(), account=account, model="Nano-Banana-2", size="2K", tier="production"
    )


def test_it_says_whose_limit_is_reached_and_what_is_left(team, project, panel, hiapi, mei, attempt):
    month = f"{timezone.localtime():%B}"
    attempt("unknown", price="0.08")
    for limit, words in (
        (lambda cap: Team.objects.filter(pk=team.pk).update(monthly_cap=cap), f"{month}’s limit is used up."),
        (lambda cap: type(project).objects.filter(pk=project.pk).update(cap=cap), "The limit of Night ferry is used up."),
        (lambda cap: type(hiapi).objects.filter(pk=hiapi.pk).update(monthly_cap=cap), f"{month}’s limit of hiapi, main is used up."),
    ):  # fmt: skip
        limit("0.12")
        with pytest.raises(OverCap) as over:
            draw(panel, mei, hiapi)
        assert str(over.value) == f"{words} $0.04 left, this needs $0.076."
        limit(None)
    assert Job.objects.count() == 1


def test_what_is_settled_as_not_paid_may_be_spent_again(team, panel, hiapi, mei, pavel, attempt):
    lost = attempt("unknown", price="0.08")
    Team.objects.filter(pk=team.pk).update(monthly_cap="0.10")
    with pytest.raises(OverCap):
        draw(panel, mei, hiapi)
    actions.settle_job(job=lost, by=pavel, amount=Decimal(0), why="Not on the bill")
    draw(panel, mei, hiapi)
    with pytest.raises(OverCap):
        draw(panel, mei, hiapi)
