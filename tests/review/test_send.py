"""Sending freezes the board as its next version, and asks only about what changed."""

from __future__ import annotations

import uuid

import pytest

from studio.board.actions import edit_field, pick_take
from studio.models import Panel, Round
from studio.review import actions
from studio.review.errors import Refused
from tests import makers


def states(round):
    return [row.state for row in round.panels.all()]


def test_it_freezes_what_is_picked(round, project, panels):
    rows = list(round.panels.all())
    assert [row.label for row in rows] == ["1A", "1B", "1C"]  # 1D has no picture
    assert [row.sha256 for row in rows] == [panel.picked.image.sha256 for panel in panels[:3]]
    assert rows[0].shot == "Medium, eye level"
    assert rows[0].alt == "Medium, eye level: She looks at us."
    assert (round.number, round.state, round.message) == (1, "open", "Please look.")
    panels[0].refresh_from_db()
    panels[3].refresh_from_db()
    assert (panels[0].state, panels[3].state) == ("review", "draft")


def test_it_stays_frozen(round, project, panels, mei):
    edit_field(panel=panels[0], field="action", value="She turns.", revision=1, by=mei)
    assert round.panels.first().action == "She looks at us."


def test_it_refuses_a_board_without_pictures(team, pavel):
    project = makers.project(team)
    makers.panel(makers.scene(project))
    with pytest.raises(Refused, match="No panel has a picture"):
        actions.send_round(project=project, by=pavel)
    assert not Round.objects.exists()


def test_it_sends_once_for_a_key(project, pavel):
    key = uuid.uuid4()
    first = actions.send_round(project=project, by=pavel, key=key)
    assert actions.send_round(project=project, by=pavel, key=key) == first
    assert Round.objects.count() == 1


def test_it_replaces_the_round_before(round, project, pavel):
    second = actions.send_round(project=project, by=pavel)
    round.refresh_from_db()
    assert (second.number, round.state) == (2, "replaced")


def test_it_copies_the_rules(project, pavel):
    actions.set_rules(project=project, rule="count", needed=2, apart=True, revision=1, by=pavel)
    sent = actions.send_round(project=project, by=pavel)
    actions.set_rules(project=project, rule="anyone", needed=1, apart=False, revision=2, by=pavel)
    sent.refresh_from_db()
    assert (sent.rule, sent.needed, sent.apart) == ("count", 2, True)


def test_it_asks_again_only_for_what_changed(round, project, panels, pavel, rosa, mei, reviewer):
    for row in round.panels.all():
        actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    assert states(round) == ["approved"] * 3
    pick_take(take=makers.take(panels[0], makers.image(project.team), drawn_by=mei), by=mei)
    panels[1].refresh_from_db()
    edit_field(panel=panels[1], field="action", value="She waits no more.", revision=panels[1].revision, by=mei)
    second = actions.send_round(project=project, by=pavel)
    assert states(second) == ["review", "review", "approved"]
    kept = second.panels.last()
    assert kept.carried.round == round
    assert [panel.state for panel in Panel.objects.order_by("position")[:3]] == ["review", "review", "approved"]
    third = actions.send_round(project=project, by=pavel)
    assert third.panels.last().carried.round == round  # where it was approved, not where it was carried last


def test_it_does_not_carry_what_was_withdrawn(round, project, pavel, rosa, reviewer):
    actions.decide(by=reviewer(rosa, round), on=round.panels.first(), verdict="approve")
    actions.withdraw_round(round=round, by=pavel)
    assert not Panel.objects.exclude(state="draft").exists()
    assert states(actions.send_round(project=project, by=pavel)) == ["review"] * 3


def test_a_panel_that_lost_its_picture_is_a_draft_again(round, project, panels, pavel):
    Panel.objects.filter(pk=panels[0].pk).update(picked=None)
    assert actions.send_round(project=project, by=pavel).panels.count() == 2
    panels[0].refresh_from_db()
    assert panels[0].state == "draft"
