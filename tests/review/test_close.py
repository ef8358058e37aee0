"""Closing freezes what was decided, with names, times and hashes; withdrawing takes it back."""

from __future__ import annotations

import pytest

from studio.models import Panel
from studio.review import actions
from tests import makers


@pytest.fixture
def closed(round, sent, rosa, dana, pavel, reviewer):
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    actions.decide(by=dana, on=sent[1], verdict="approve")
    return actions.close_round(round=round, by=pavel)


def test_it_signs_off(closed, sent, pavel):
    signed = closed.signed
    assert (closed.state, closed.closed_by, signed["by"], signed["approved"]) == ("closed", pavel, "Pavel Novak", False)
    first, second, third = signed["panels"]
    assert [row["sha256"] for row in signed["panels"]] == [row.sha256 for row in sent]
    assert [(one["name"], one["who"], one["verdict"]) for one in first["said"]] == [("Rosa Lind", "team", "approve")]
    assert [(one["name"], one["who"]) for one in second["said"]] == [("Dana Okafor", "client")]
    assert third["said"] == []
    assert first["said"][0]["at"]


def test_undecided_panels_are_drafts_again(closed):
    assert list(Panel.objects.order_by("position").values_list("state", flat=True)) == [
        "approved", "approved", "draft", "draft",
    ]  # fmt: skip


def test_who_approved_the_whole_signs_every_panel(round, sent, rosa, dana, pavel, reviewer, signed_in):
    actions.decide(by=dana, on=sent[1], verdict="approve")
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    page = signed_in(pavel).get(f"/rounds/{round.code}/").content.decode()
    assert "Nothing yet" not in page
    signed = actions.close_round(round=round, by=pavel).signed
    assert signed["approved"]
    assert [[one["name"] for one in row["said"]] for row in signed["panels"]] == [
        ["Rosa Lind"], ["Dana Okafor", "Rosa Lind"], ["Rosa Lind"],
    ]  # fmt: skip


def test_signing_asks_no_more_for_many_panels(project, rosa, pavel, reviewer, team, count):
    def twice():
        round = actions.send_round(project=project, by=pavel)
        actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
        carried = actions.send_round(project=project, by=pavel)
        return count(lambda: actions.close_round(round=carried, by=pavel))

    few = twice()
    for _ in range(10):
        makers.take(makers.panel(project.scenes.get()), makers.bare_image(team), picked=True)
    assert twice() == few


def test_a_carried_approval_keeps_its_name(round, rosa, reviewer, project, pavel):
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    second = actions.close_round(round=actions.send_round(project=project, by=pavel), by=pavel)
    assert second.signed["approved"]
    assert {row["since"] for row in second.signed["panels"]} == {"v1"}
    assert {row["said"][0]["name"] for row in second.signed["panels"]} == {"Rosa Lind"}


def test_the_sign_off_is_a_page(closed, signed_in, viktor, outsider, round):
    page = signed_in(viktor).get(f"/rounds/{closed.code}/signed/")
    assert page.status_code == 200
    text = page.content.decode()
    assert closed.signed["panels"][0]["sha256"] in text
    assert "Rosa Lind" in text
    assert "closed without the approval of every panel" in text
    assert signed_in(outsider).get(f"/rounds/{closed.code}/signed/").status_code == 404


def test_the_dialogs_close_and_withdraw(round, project, signed_in, pavel, mei):
    client = signed_in(pavel)
    assert "0 of 3 panels are approved" in client.get(f"/rounds/{round.code}/close/").content.decode()
    assert signed_in(mei).post(f"/rounds/{round.code}/close/").status_code == 403
    assert client.post(f"/rounds/{round.code}/close/").headers["Location"] == f"/rounds/{round.code}/signed/"
    again = client.post(f"/rounds/{round.code}/close/", follow=True)
    assert "This review closed on" in again.content.decode()
    second = actions.send_round(project=project, by=pavel)
    assert client.post(f"/rounds/{second.code}/withdraw/").headers["Location"] == f"/projects/{project.code}/review/"
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_what_nobody_decided_is_no_longer_in_review(closed, sent, signed_in, pavel):
    client = signed_in(pavel)
    for path in (f"/rounds/{closed.code}/", f"/rounds/{closed.code}/panels/{sent[2].code}/"):
        page = client.get(path).content.decode()
        assert "Not decided" in page
        assert "In review" not in page
