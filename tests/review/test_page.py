"""The page of one panel: for the team and for guests, as one set of templates with what each may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.review import actions
from studio.review.models import Note, Round
from tests import makers
from tests.review import made


@pytest.fixture
def project(team):
    return made.a_board(team)


@pytest.fixture
def round(project, ada):
    return actions.send_round(project=project, by=ada, message="Look at the lamp.")


@pytest.fixture
def panel(round):
    return round.panels.first()


@pytest.fixture
def guest(client, round):
    """Gives a client that came in by a link, and the link's base."""

    def come(round=round, name="Dana Okafor", **may):
        link, token = actions.make_link(round=round, by=round.sent_by, name=name, **may)
        base = f"/r/{token}/"
        client.get(base)
        return client, base, link

    return come


def of(panel):
    return f"/rounds/{panel.round.code}/panels/{panel.code}/"


def by_guest(link):
    return made.By(guest=link.guests.get())


def test_it_shows_one_panel_with_its_notes_and_two_buttons(signed_in, rosa, panel):
    made.a_note(panel, made.By(user=rosa), marks=[{"kind": "pin", "x": 0.9, "y": 0.1}])
    page = signed_in(rosa).get(of(panel)).content.decode()
    assert "Action 1." in page
    assert "1 of 3" in page
    assert "The lamp reads as a warning light." in page
    assert "--x:90.00%;--y:10.00%" in page
    assert "Upper right" in page
    assert page.count('aria-current="page"') == 1
    assert "Ask for changes" in page
    assert 'id="approve"' in page


def test_it_is_the_same_page_for_a_guest_without_anything_of_the_studio(guest, panel):
    client, base, link = guest()
    made.a_note(panel, by_guest(link), marks=[{"kind": "box", "from": [0.1, 0.1], "to": [0.2, 0.2]}])
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    assert "The lamp reads as a warning light." in page
    assert 'class="under"' in page
    assert f"{base}pictures/{panel.code}/1280/" in page
    for kept in (
        "/media/",
        "/projects/",
        "/panels/" + panel.panel.code,
        "/rounds/",
        "Redraw",
        "Team only",
        "May stay",
        "Let it",
    ):
        assert kept not in page


def test_it_keeps_what_is_inside_from_guests(guest, panel, ada):
    """The canary: no byte of an internal note, its answers, its count, its number's mark, by any way."""
    client, base, link = guest()
    inside = made.a_note(
        panel, made.By(user=ada), "CANARY inside", internal=True, marks=[{"kind": "pin", "x": 0.123, "y": 0.5}]
    )
    open_one = made.a_note(panel, by_guest(link), "Outside")
    made.a_note(panel, made.By(user=ada), "CANARY answer", parent=open_one, internal=True)
    made.a_note(panel, made.By(user=ada), "CANARY below", parent=inside)
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(f"{base}panels/{panel.code}/", headers=headers).content.decode()
        assert "Outside" in answer
        assert "CANARY" not in answer
        assert "12.30%" not in answer
        assert "1 open note" in answer
        assert inside.code not in answer
    for act in ("reply", "edit", "delete", "resolve", "reopen", "waive"):
        assert client.post(f"{base}notes/{inside.code}/{act}/", {"text": "x"}).status_code == 404
    assert (
        client.post(
            f"{base}panels/{panel.code}/notes/", {"text": "Hello", "internal": "on"}, headers={"HX-Request": "true"}
        ).status_code
        == 200
    )
    assert not Note.objects.get(text="Hello").internal


def test_it_is_nobody_elses(signed_in, outsider, client, panel, project, ada):
    other = made.a_round(made.a_board(outsider.teams.get()), sent_by=outsider)
    assert signed_in(outsider).get(of(panel)).status_code == 404
    assert signed_in(ada).get(f"/rounds/{panel.round.code}/panels/{other.panels.first().code}/").status_code == 404
    assert client.get(of(panel)).status_code == 302
    assert signed_in(ada).get(f"/rounds/{panel.round.code}/panels/%00/").status_code == 404


def test_it_reads_by_the_same_queries_however_much_was_said(signed_in, ada, guest, team, django_assert_max_num_queries):
    few = actions.send_round(project=made.a_board(team, 2, "Few"), by=ada)
    many = actions.send_round(project=made.a_board(team, 12, "Many"), by=ada)
    for round, times in ((few, 1), (many, 6)):
        for panel in round.panels.all():
            for n in range(times):
                note = made.a_note(panel, made.By(user=ada), resolved=round.sent if n % 2 else None)
                made.a_note(panel, made.By(user=ada), parent=note)
    client = signed_in(ada)
    counts = []
    for round in (few, many):
        client.get(of(round.panels.first()))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(of(round.panels.first())).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    counts = []
    for round in (few, many):
        visitor, base, _ = guest(round)
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(f"{base}panels/{round.panels.first().code}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 20


def test_it_leads_from_panel_to_panel(signed_in, ada, round):
    first, second, last = (of(panel) for panel in round.panels.all())
    client = signed_in(ada)
    assert f'href="{first}" rel="prev"' in (page := client.get(second).content.decode())
    assert f'href="{last}" rel="next"' in page
    assert 'rel="prev"' not in client.get(first).content.decode()


def test_it_shows_notes_of_the_version_before_until_they_are_answered(signed_in, ada, mei, project, panel, guest):
    dana, base, link = guest()
    note = made.a_note(panel, by_guest(link), "White lamp, please.")
    made.a_note(panel, made.By(user=ada), "Inside of v1", internal=True)
    drawn = makers.take(panel.panel, picked=True)
    second = actions.send_round(project=project, by=ada)
    again = second.panels.first()
    page = signed_in(ada).get(of(again)).content.decode()
    assert "White lamp, please." in page
    assert "From earlier versions" in page
    resolve = f"/rounds/{panel.round.code}/notes/{note.code}/resolve/"
    assert resolve in page
    answer = signed_in(mei).post(resolve, {"then": of(again)})
    assert answer.url == f"{of(again)}#note-{note.code}"
    note.refresh_from_db()
    assert note.resolved_in == drawn
    assert "Done in v2" in signed_in(ada).get(of(again)).content.decode()
    dana, base, link = guest(second)
    page = dana.get(f"{base}panels/{again.code}/").content.decode()
    assert "Done in v2" in page
    assert "Inside of v1" not in page
    dana, base, link = guest(second, may_compare=False)
    assert "White lamp" not in dana.get(f"{base}panels/{again.code}/").content.decode()


def test_it_shows_only_open_notes_where_asked(signed_in, ada, panel):
    made.a_note(panel, made.By(user=ada), "Still to do")
    made.a_note(panel, made.By(user=ada), "Long done", resolved=panel.round.sent)
    client = signed_in(ada)
    assert "Long done" in client.get(of(panel)).content.decode()
    page = client.get(of(panel), {"notes": "open"}).content.decode()
    assert "Still to do" in page
    assert "Long done" not in page
    assert "1 open, 1 done" in page


def test_it_can_be_read_when_it_is_over(guest, panel, round):
    client, base, link = guest()
    made.a_note(panel, by_guest(link))
    Round.objects.filter(pk=round.pk).update(state=Round.State.CLOSED, closed=round.sent)
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    assert "This review closed on" in page
    assert "warning light" in page
    for control in ("note-form", 'id="approve"', "Reply", "Edit"):
        assert control not in page


def test_it_asks_a_guest_for_a_name_once(guest, panel):
    client, base, _link = guest(name="")
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    assert 'name="name"' in page
    assert "note-form" not in page
    refused = client.post(f"{base}panels/{panel.code}/notes/", {"text": "Hello"})
    assert refused.status_code == 422
    assert not Note.objects.exists()
    client.post(f"{base}name/", {"name": "Dana <b>Okafor</b>", "next": f"{base}panels/{panel.code}/"})
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    assert "note-form" in page
    assert "Dana &lt;b&gt;Okafor" in page


def test_it_shows_a_link_that_only_looks_no_controls(guest, panel):
    client, base, _link = guest(may_comment=False, may_decide=False)
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    for control in ("note-form", 'id="approve"', "data-markable"):
        assert control not in page
    assert client.post(f"{base}panels/{panel.code}/notes/", {"text": "Hello"}).status_code == 403


def test_it_shows_a_panel_without_a_picture(signed_in, ada, project):
    makers.panel(project.scenes.get(), "1Z", action="Not drawn yet.")
    round = made.a_round(project, number=7)
    page = signed_in(ada).get(of(round.panels.last())).content.decode()
    assert "No picture yet" in page


def test_it_draws_the_marks_of_an_earlier_version_where_asked(signed_in, ada, project, panel, guest):
    _, _, link = guest()
    corner = [{"kind": "pin", "x": 0.9, "y": 0.1}, {"kind": "box", "from": [0.1, 0.2], "to": [0.3, 0.4]}]
    note = made.a_note(panel, by_guest(link), "Here.", marks=corner)
    makers.take(panel.panel, picked=True)
    again = actions.send_round(project=project, by=ada).panels.first()
    client = signed_in(ada)
    page = client.get(of(again)).content.decode()
    assert "?marks=1" in page
    assert f"pin-{note.code}" not in page
    page = client.get(of(again), {"marks": "1"}).content.decode()
    assert f'id="pin-{note.code}"' in page
    assert 'aria-label="Note 1 on v1 by Dana Okafor, upper right"' in page
    assert 'data-earlier><path class="under" d="M100.0' in page
    assert "Hide the marks of v1" in page
    assert 'name="marks" value="" data-marks' in page  # nothing of it goes into the next note
    answer = client.post(f"{of(again)}notes/", {"text": "Seen."}, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{of(again)}?marks=1")  # fmt: skip
    assert f'id="pin-{note.code}"' in answer.content.decode()  # they stay while one works
    for nothing in ("7", "1e3", "<b>"):
        assert f"pin-{note.code}" not in client.get(of(again), {"marks": nothing}).content.decode()
    for compare, there in ((True, True), (False, False)):
        dana, base, _ = guest(again.round, may_compare=compare)
        page = dana.get(f"{base}panels/{again.code}/", {"marks": "1"}).content.decode()
        assert (f"pin-{note.code}" in page) == there


def test_it_draws_no_marks_on_a_picture_of_another_shape(signed_in, ada, team, project, panel):
    made.a_note(panel, made.By(user=ada), marks=[{"kind": "pin", "x": 0.9, "y": 0.1}])
    tall = makers.image(team, data=makers.picture(480, 640))
    makers.take(panel.panel, tall, picked=True)
    again = actions.send_round(project=project, by=ada).panels.first()
    page = signed_in(ada).get(of(again), {"marks": "1"}).content.decode()
    assert "Upper right" in page  # in words, beside the note
    assert "?marks=1" not in page
    assert 'id="pin-' not in page


def test_it_offers_the_picture_where_the_link_lets_it_be_kept(guest, panel):
    for may in (True, False):
        client, base, _ = guest(may_download=may)
        path = f"{base}pictures/{panel.code}/original/"
        assert (path in client.get(f"{base}panels/{panel.code}/").content.decode()) == may
        assert (client.get(path).status_code == 403) == (not may)


def test_a_guest_reads_what_the_sender_wrote(guest, panel):
    client, base, _ = guest()
    page = client.get(f"{base}panels/{panel.code}/").content.decode()
    assert "Look at the lamp." in page.partition('id="notes"')[2]
