"""What the page of projects says of all reviews of a team: what waits for me, what is overdue, who asks to go on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from studio.models import Project, Round
from studio.review import actions
from tests import makers
from tests.review import made


@pytest.fixture
def ask(team, pavel):
    """`ask(title, *people, due=days from today)` sends a board of three panels."""

    def send(title, *people, due=None, by=pavel):
        day = None if due is None else timezone.localdate() + dt.timedelta(days=due)
        return actions.send_round(project=made.a_board(team, title=title), by=by, people=people, due=day)

    return send


def told(client):
    """[(title and version, sign, note, path)], in the order of the page."""
    waits = client.get("/projects/").context["waits"]
    return [(f"{one.round.project.title} {one.round}", one.sign, one.note, one.path) for one in waits]


def test_it_lists_what_waits_for_me_in_every_project_the_overdue_first(ask, signed_in, rosa, viktor, reviewer):
    late, soon, some = ask("Late", rosa, due=-2), ask("Soon", rosa, due=1), ask("Some", rosa)
    ask("Others", viktor)
    first, second, _ = some.panels.all()
    actions.decide(by=reviewer(rosa, some), on=first, verdict="approve")
    day = timezone.localdate() + dt.timedelta(days=1)
    client = signed_in(rosa)
    assert told(client) == [
        ("Late v1", "2 days overdue", "3 panels wait for you, 0 of 3 approved", f"/rounds/{late.code}/panels/{late.panels.first().code}/"),
        ("Soon v1", "Waits for you", f"3 panels wait for you, due {day.day} {day:%b}, 0 of 3 approved", f"/rounds/{soon.code}/panels/{soon.panels.first().code}/"),
        ("Some v1", "Waits for you", "2 panels wait for you, 1 of 3 approved", f"/rounds/{some.code}/panels/{second.code}/"),
    ]  # fmt: skip
    page = client.get("/projects/").content.decode()
    assert "For you in review" in page
    assert "2 days overdue" in page
    actions.decide(by=reviewer(rosa, late), on=None, verdict="approve")
    assert [title for title, *_ in told(client)] == ["Soon v1", "Some v1"]


def test_the_overdue_is_told_to_sender_and_producers_not_to_everybody(ask, signed_in, ada, pavel, rosa, viktor):
    late = ask("Late", rosa, due=-1)
    for person in (ada, pavel):
        assert told(signed_in(person)) == [("Late v1", "1 day overdue", "0 of 3 approved", f"/rounds/{late.code}/")]
    assert told(signed_in(viktor)) == []
    actions.close_round(round=late, by=pavel)
    assert told(signed_in(pavel)) == []


def test_who_asks_to_go_on_is_told_to_producers_until_a_version_answers(ask, signed_in, pavel, rosa, reviewer):
    closed = actions.close_round(round=ask("Night", rosa), by=pavel)
    actions.ask_again(by=reviewer(rosa, closed))
    assert told(signed_in(pavel)) == [
        ("Night v1", "Asks to go on", "1 person asks to go on with it", f"/rounds/{closed.code}/")
    ]
    assert told(signed_in(rosa)) == []
    actions.send_round(project=closed.project, by=pavel)
    assert told(signed_in(pavel)) == []


def test_it_tells_nothing_of_other_teams_and_of_projects_put_away(ask, signed_in, rosa, outsider):
    gone = ask("Gone", rosa, due=-3)
    Project.objects.filter(pk=gone.project_id).update(deleted=timezone.now())
    theirs = made.a_board(outsider.teams.get(), title="Theirs")
    actions.send_round(project=theirs, by=outsider, people=[outsider], due=timezone.localdate() - dt.timedelta(days=4))
    assert told(signed_in(rosa)) == []
    assert "Theirs" not in signed_in(rosa).get("/projects/").content.decode()


def test_it_asks_as_often_for_many_rounds_as_for_two(ask, signed_in, rosa, ada, count):
    client = signed_in(ada)
    shared = makers.image(ada.teams.get())

    def grow(many):
        for n in range(many):
            round = ask(f"Board {n}", ada, rosa, due=n - 3)
            round.panels.update(image=shared)

    grow(2)
    client.get("/projects/")
    few = count(lambda: client.get("/projects/"))
    grow(8)
    assert count(lambda: client.get("/projects/")) == few
    page = client.get("/projects/").content.decode()
    assert "5 more" in page  # behind the first five, not left out
    assert Round.objects.count() == page.count(" v1</b>")
