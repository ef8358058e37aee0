"""Names with an @: whom a text calls, who is proposed to whom, and how a call is shown."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from studio.accounts.models import Event, User
from studio.review import actions, mentions
from studio.review.actions import notes
from tests import makers
from tests.review import made


def people_of(names):
    return [User(pk=n, name=name, email="one@example.com") for n, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("@Mei see", ["Mei Tan"], [("@Mei", "Mei Tan")]),
        ("(@mei  tan)", ["Mei Tan"], [("@mei  tan", "Mei Tan")]),
        ("@Meilin and a@mei", ["Mei Tan"], []),
        ("@Ana and @Ana Maria", ["Ana", "Ana Maria"], [("@Ana", "Ana"), ("@Ana Maria", "Ana Maria")]),
        ("@Rosa", ["Rosa Lind", "Rosa Sand"], []),
        ("@Ola (a+b)* x", ["Ola (a+b)*"], [("@Ola (a+b)*", "Ola (a+b)*")]),
        ("@Straße", ["Straße"], [("@Straße", "Straße")]),
        ("@İnci hello", ["Mei"], []),
    ],
)
def test_it_finds_whom_a_text_calls(text, names, found):
    pieces = mentions.pieces(people_of(names), text)
    assert [(piece.text, str(piece.who)) for piece in pieces if piece.who] == found
    assert "".join(piece.text for piece in pieces) == text


@pytest.fixture
def panel(sent):
    return sent[0]


def write(panel, by, text, **more):
    return notes.write_note(round=panel.round, on=panel, by=by, text=text, key=uuid.uuid4(), **more)


def proposed(page):
    found = re.search(r'<script id="callable" type="application/json">(.*?)</script>', page, re.S)
    return json.loads(found[1]) if found else None


def test_the_team_is_offered_everybody_but_oneself_and_names_that_two_have(signed_in, team, panel, mei, rosa):
    makers.member(team, str(rosa), "artist")
    names = proposed(signed_in(mei).get(f"/rounds/{panel.round.code}/panels/{panel.code}/").content.decode())
    assert "Pavel Novak" in names
    assert str(mei) not in names
    assert str(rosa) not in names  # two of that name: which of them nobody could tell
    assert names == sorted(names, key=str.casefold)


def test_a_guest_is_offered_and_calls_only_names_that_the_link_shows(panel, linked, guest, dana, rosa, mei, outsider):
    client, page = guest(linked[1]), f"/r/{linked[1]}/panels/{panel.code}/"
    write(panel, made.By(user=rosa), "For us alone.", internal=True)
    assert proposed(client.get(page).content.decode()) == ["Pavel Novak"]  # who sent it
    write(panel, made.By(user=mei), "It is white now.")
    assert proposed(client.get(page).content.decode()) == sorted([str(mei), "Pavel Novak"])
    note = write(panel, dana, f"@{mei} thanks; @{rosa}, @{outsider} are nobody I know")
    assert list(note.mentions.all()) == [mei]
    assert [event.data["user"] for event in Event.objects.filter(verb="mentioned")] == [mei.pk]
    shown = client.get(page).content.decode()
    assert f'<mark class="mention">@{mei}</mark> thanks; @{rosa}' in shown


def test_nothing_is_offered_where_nothing_can_be_written(signed_in, panel, round, pavel, link_to, guest):
    _, token = link_to(round, pavel, name="Ines", may_comment=False)
    assert proposed(guest(token).get(f"/r/{token}/panels/{panel.code}/").content.decode()) is None
    actions.close_round(round=round, by=pavel)
    page = signed_in(pavel).get(f"/rounds/{round.code}/panels/{panel.code}/").content.decode()
    assert proposed(page) is None


def test_a_call_is_shown_as_typed_and_runs_nothing(signed_in, team, panel, mei, pavel):
    hostile = makers.member(team, "<b>Eve</b> O'Hara", "artist").name
    write(panel, made.By(user=mei), f"@{hostile} <i>&</i>\n@Pavel look")
    page = signed_in(pavel).get(f"/rounds/{panel.round.code}/panels/{panel.code}/").content.decode()
    assert "<b>Eve" not in page
    assert "@&lt;b&gt;Eve&lt;/b&gt; O&#x27;Hara</mark> &lt;i&gt;&amp;&lt;/i&gt;<br>" in page
    assert '<mark class="mention" data-me>@Pavel</mark> look' in page


def test_calls_ask_no_more_queries_however_many(signed_in, panel, mei, pavel, count):
    client = signed_in(pavel)
    path = f"/rounds/{panel.round.code}/panels/{panel.code}/"
    write(panel, made.By(user=mei), "@Pavel one")
    client.get(path)
    one = count(lambda: client.get(path))
    for n in range(8):
        write(panel, made.By(user=mei), f"@Pavel and @Rosa {n}")
    client.get(path)
    assert count(lambda: client.get(path)) == one
