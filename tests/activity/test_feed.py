"""The activity: who did what when, repeated ones as one, with what may be seen by whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.events import record
from studio.models import Event
from studio.notices import actions, feed
from tests import makers


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


@pytest.fixture
def happened(team, project):
    """`happened("panel.edited", mei, panel, minutes=5)`: something that was so long ago."""
    scene = makers.scene(project)

    def act(verb, by, panel=None, *, minutes=0, label="1A", **data):
        panel = panel or scene.panels.filter(label=label).first() or makers.panel(scene, label)
        event = record(
            verb=verb,
            team=team,
            actor=by,
            about="panel",
            code=panel.code,
            project=project.code,
            label=panel.label,
            **data,
        )
        Event.objects.filter(pk=event.pk).update(at=timezone.now() - dt.timedelta(minutes=minutes))
        return panel

    return act


@pytest.fixture
def lines(ada):
    """What the team's feed says to Ada."""

    def read(**asked):
        found = feed.activity(member=ada.memberships.get(), **asked)
        return [f"{e.who} {e.did} {e.what}" for day in found.days for e in day.entries]

    return read


def test_it_says_repeated_things_once(happened, mei, lines):
    for n in range(8):
        happened("take.drawn", mei, label=f"1{chr(65 + n)}", take=1)
    assert lines() == ["Mei Tan drew 8 panels of Night ferry"]


def test_it_says_one_thing_as_it_is(happened, mei, ada, lines):
    happened("take.picked", ada, take=2)
    happened("panel.edited", mei, fields=["action"])
    happened("panel.edited", mei, fields=["dialogue"])
    assert lines() == ["Mei Tan edited Night ferry 1A", "You picked take 2 of Night ferry 1A"]


def test_it_keeps_apart_what_lies_apart(happened, mei, lines):
    happened("take.drawn", mei, label="1A", minutes=100)
    happened("take.drawn", mei, label="1B", minutes=5)
    assert lines() == ["Mei Tan drew Night ferry 1B", "Mei Tan drew Night ferry 1A"]


def test_it_leaves_out_what_somebody_may_not_know(team, ada, viktor, lines):
    record(verb="limit.team", team=team, actor=ada, about="team", code=team.code)
    record(verb="invitation.made", team=team, actor=ada, about="invitation", code="x")
    assert len(lines()) == 2
    assert feed.activity(member=viktor.memberships.get()).days == []


def test_it_says_guests_by_their_names(team, project, lines):
    record(
        verb="decided",
        team=team,
        actor=None,
        about="round",
        code="x",
        project=project.code,
        name="Dana",
        verdict="approve",
    )
    assert lines()[0].startswith("Dana approved Night ferry")


def test_it_names_no_verdict_it_does_not_know(team, project, ada, lines):
    record(verb="decided", team=team, actor=ada, about="round", code="x", project=project.code, verdict="perhaps")
    assert lines()[0].startswith("You took back")


def test_it_filters_by_person_group_and_project(happened, team, mei, pavel, lines, ada):
    happened("take.drawn", mei)
    happened("panel.edited", pavel)
    other = makers.project(team, "Other")
    record(verb="project.added", team=team, actor=pavel, about="project", code=other.code, project=other.code)
    assert lines(who=mei.pk) == ["Mei Tan drew Night ferry 1A"]
    assert lines(group="board") == ["Pavel Novak began Other", "Pavel Novak edited Night ferry 1A"]
    assert lines(project=other) == ["Pavel Novak began Other"]


def test_it_marks_what_came_since_i_looked(happened, team, mei, ada, signed_in):
    happened("take.drawn", mei, minutes=90)
    actions.read_all(user=ada, team=team)
    happened("take.drawn", mei, label="1B")
    happened("panel.edited", ada, label="1C")
    page = signed_in(ada).get("/activity/").content.decode()
    assert page.count("data-unread") == 1
    assert signed_in(ada).post("/notices/read/").status_code == 302
    assert "data-unread" not in signed_in(ada).get("/activity/").content.decode()


def test_it_goes_back_by_link(happened, mei, ada, signed_in, team, project):
    rows = [
        Event(
            team=team,
            actor=mei,
            verb=("panel.edited", "panel.moved")[n % 2],
            about="panel",
            code="x",
            project=project.code,
        )
        for n in range(feed.PER_PAGE + 5)
    ]
    Event.objects.bulk_create(rows)
    client = signed_in(ada)
    page = client.get("/activity/").content.decode()
    older = "?" + page.split('hx-get="?')[1].split('"')[0].replace("&amp;", "&")
    part = client.get(f"/activity/{older}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.count("<li") == 5
    assert "Older" not in part


@pytest.mark.parametrize("query", ["before=x", "before=99999999999999999999999", "who=-1", "group=%00", "who=٣"])
def test_it_takes_any_address(ada, signed_in, query, happened, mei):
    happened("take.drawn", mei)
    assert signed_in(ada).get(f"/activity/?{query}").status_code == 200


def test_it_shows_links_only_to_what_is_there(happened, ada, mei, signed_in):
    panel = happened("panel.edited", mei)
    assert f'href="/panels/{panel.code}/"' in signed_in(ada).get("/activity/").content.decode()
    panel.deleted = timezone.now()
    panel.save()
    assert f'href="/panels/{panel.code}/"' not in signed_in(ada).get("/activity/").content.decode()


def test_it_hides_a_project_from_outsiders(project, signed_in, outsider, happened, mei):
    happened("take.drawn", mei)
    assert signed_in(outsider).get(f"/projects/{project.code}/activity/").status_code == 404
    assert b"Night ferry" not in signed_in(outsider).get("/activity/").content


@pytest.mark.parametrize("where", ["/activity/", "/projects/{code}/activity/"])
def test_it_asks_the_database_no_more_for_many(happened, team, ada, mei, pavel, signed_in, project, where):
    client, where = signed_in(ada), where.format(code=project.code)

    def fill(n):
        panel = happened("take.drawn", mei if n % 2 else pavel, label=f"{n}A")
        makers.take(panel, makers.bare_image(team), picked=True)
        subject = makers.subject(team, f"Noor {n}")
        record(verb="subject.created", team=team, actor=mei, about="subject", code=subject.code, name=subject.name)
        record(verb="member.role", team=team, actor=ada, about="user", code=str(mei.pk), was="viewer", now="artist")

    fill(1)
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for n in range(2, 14):
        fill(n)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) == len(few), [q["sql"][:120] for q in many]
