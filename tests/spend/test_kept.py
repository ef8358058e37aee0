"""What was paid stays in the ledger, whatever is taken away."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from studio.board import actions as board
from studio.generation import ledger
from studio.models import Project, Spend, Subject
from studio.sample import actions as sample
from tests import makers


def spent(team):
    return ledger.figures(team, ledger.month()).spent


def test_it_outlives_the_sample(team, ada, pavel, signed_in, attempt):
    played = makers.project(team, "The sample", sample=True)
    free = makers.project(team, "The other sample", sample=True)
    panel = makers.panel(makers.scene(played))
    someone = makers.subject(team, "Halvard")
    Subject.objects.filter(pk=someone.pk).update(sample=True)
    makers.appearance(panel, someone)
    attempt(on=panel)
    makers.panel(makers.scene(free))
    assert sample.remove(team=team, by=ada) == []
    assert [project.title for project in Project.objects.for_team(team)] == ["Night ferry"]
    assert not Project.objects.filter(pk=free.pk).exists()
    assert not Subject.objects.filter(team=team).exists()
    assert spent(team) == Decimal("0.17")
    assert Spend.objects.filter(team=team).count() == 2
    shown = signed_in(pavel).get(reverse("spend")).content.decode()
    assert "The sample 1A" in shown
    assert reverse("panel", args=[panel.code]) not in shown
    assert "The sample" not in signed_in(pavel).get(reverse("projects")).content.decode()
    assert sample.remove(team=team, by=ada) == []  # once more changes nothing


def test_it_outlives_a_project_and_a_panel(team, ada, attempt, project, panel):
    attempt()
    board.delete_panels(panels=[panel], by=ada)
    board.delete_project(project=project, by=ada)
    assert spent(team) == Decimal("0.17")


def test_it_outlives_whoever_asked(team, mei, pavel, signed_in, attempt):
    attempt()
    mei.delete()
    assert spent(team) == Decimal("0.17")
    shown = signed_in(pavel).get(reverse("spend"), {"by": "person"}).content.decode()
    assert "The studio" in shown


def test_it_outlives_the_account(team, ada, attempt, hiapi, pavel, signed_in):
    attempt("unknown")
    from studio.generation import actions

    actions.remove_account(account=hiapi, by=ada)
    shown = signed_in(pavel).get(reverse("spend")).content.decode()
    assert "hiapi, main was removed." in shown
    assert 'Check <span class="cost">' not in shown
