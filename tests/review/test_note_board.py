"""Notes on the team's side: counted on the board's cards, listed in the inspector, answered from there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import Panel
from studio.review import actions
from tests import makers
from tests.review import made


@pytest.fixture
def project(team):
    return made.a_board(team)


@pytest.fixture
def on(project, ada):
    return actions.send_round(project=project, by=ada).panels.first()


@pytest.fixture
def note(on, rosa):
    return made.a_note(on, made.By(user=rosa), "<b>White</b> lamp, please.")


def test_it_counts_open_notes_on_the_card(signed_in, mei, project, on, note):
    made.a_note(on, made.By(user=mei), "Done", resolved=on.round.sent)
    made.a_note(on, made.By(user=mei), "Answer", parent=note)
    page = signed_in(mei).get(f"/projects/{project.code}/").content.decode()
    assert page.count('title="1 open note"') == 1
    assert 'data-state="review"' in page


def test_it_lists_them_in_the_inspector_and_quotes_the_one_to_redraw(signed_in, mei, on, note):
    client = signed_in(mei)
    page = client.get(f"/panels/{on.panel.code}/").content.decode()
    assert "Notes from review" in page
    assert "&lt;b&gt;White" in page
    assert "quoted" not in page
    page = client.get(f"/panels/{on.panel.code}/", {"note": note.code}).content.decode()
    assert "callout quoted" in page
    assert page.index("callout quoted") > page.index("Notes from review")
    assert client.get(f"/panels/{on.panel.code}/", {"note": "nonsense"}).status_code == 200


def test_it_is_answered_from_the_inspector(signed_in, mei, viktor, outsider, on, note):
    drawn = makers.take(on.panel, picked=True)
    then = f"/panels/{on.panel.code}/"
    act = f"/rounds/{on.round.code}/notes/{note.code}/resolve/"
    assert signed_in(outsider).post(act, {"then": then}).status_code == 404
    assert signed_in(viktor).post(act, {"then": then}).status_code == 403
    assert signed_in(mei).post(act, {"then": then}).url == f"{then}#note-{note.code}"
    note.refresh_from_db()
    assert note.resolved_in == drawn
    assert "Notes from review" not in signed_in(mei).get(then).content.decode()


@pytest.mark.parametrize(
    "then", ["//evil.test/rounds/x/", "https://evil.test/", "/rounds/../../x/", "/sign-out/", "/r/x/"]
)
def test_it_leads_nowhere_else(signed_in, mei, on, note, then):
    answer = signed_in(mei).post(f"/rounds/{on.round.code}/notes/{note.code}/resolve/", {"then": then})
    assert answer.url.startswith(f"/rounds/{on.round.code}/panels/")


def test_it_costs_the_board_the_same_queries_however_many(signed_in, team, ada):
    counts = []
    for panels in (2, 10):
        project = made.a_board(team, panels, f"{panels}")
        round = actions.send_round(project=project, by=ada)
        for row in round.panels.all():
            for _ in range(panels):
                made.a_note(row, made.By(user=ada))
        client = signed_in(ada)
        panel = Panel.objects.filter(scene__project=project).first()
        for address in (f"/projects/{project.code}/", f"/panels/{panel.code}/"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
