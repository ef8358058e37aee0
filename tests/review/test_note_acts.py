"""Writing through the page's forms: by htmx the parts that changed, without scripts the page again."""

from __future__ import annotations

import json
import uuid

import pytest

from studio.review import actions
from studio.review.models import Note
from tests.review import made

HTMX = {"HX-Request": "true"}


@pytest.fixture
def panel(team, ada):
    return actions.send_round(project=made.a_board(team), by=ada).panels.first()


@pytest.fixture
def base(panel):
    return f"/rounds/{panel.round.code}/"


def write(client, base, panel, **data):
    data = {"text": "Can the lamp be white?", "key": uuid.uuid4(), **data}
    return client.post(f"{base}panels/{panel.code}/notes/", data, headers=HTMX)


def act(client, base, note, name, **data):
    return client.post(f"{base}notes/{note.code}/{name}/", data, headers=HTMX)


def test_it_answers_with_the_parts_that_changed_and_a_fresh_form(signed_in, mei, base, panel):
    key = uuid.uuid4()
    marks = json.dumps([{"kind": "pin", "x": 0.5, "y": 0.5}, {"kind": "arrow", "from": [0, 0], "to": [1, 1]}])
    answer = write(signed_in(mei), base, panel, key=key, marks=marks)
    page = answer.content.decode()
    for part in ('id="notes"', 'id="pins"', 'id="film"', 'id="verdict"', 'id="composer"', 'id="revision"'):
        assert part in page
    assert str(key) not in page
    assert 'class="under"' in page
    assert json.loads(answer["HX-Trigger-After-Settle"])["review-changed"]["sent"] == f"note-{panel.code}"
    assert Note.objects.get().marks[0]["kind"] == "pin"


def test_it_is_one_note_however_often_the_form_comes(signed_in, mei, base, panel):
    key, client = uuid.uuid4(), signed_in(mei)
    assert [write(client, base, panel, key=key).status_code for _ in range(3)] == [200, 200, 200]
    assert Note.objects.count() == 1


def test_it_works_without_scripts(signed_in, mei, base, panel):
    client = signed_in(mei)
    answer = client.post(f"{base}panels/{panel.code}/notes/", {"text": "No scripts here.", "key": uuid.uuid4()})
    note = Note.objects.get()
    assert answer.url == f"{base}panels/{panel.code}/#note-{note.code}"
    answer = client.post(f"{base}notes/{note.code}/reply/", {"text": "Nor here."})
    assert answer.url == f"{base}panels/{panel.code}/#note-{note.code}"
    page = client.post(f"{base}panels/{panel.code}/notes/", {"text": ""})
    assert page.status_code == 422
    assert "<h1" in page.content.decode()


@pytest.mark.parametrize(
    "data",
    [{"text": ""}, {"text": "x" * 10_000}, {"marks": "{"}, {"marks": "\0"}, {"marks": '[{"kind": "pin"}]'}, {"text": "\0"}],
)  # fmt: skip
def test_it_gives_back_what_was_typed_with_the_reason(signed_in, mei, base, panel, data):
    answer = write(signed_in(mei), base, panel, **data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert (data.get("text", "Can the lamp be white?")).replace("\0", "")[:100] in answer.content.decode()
    assert not Note.objects.exists()


def test_it_shows_text_as_typed_and_runs_none_of_it(signed_in, mei, base, panel):
    hostile = "<img src=x onerror=alert(1)> {{ 7|add:7 }} \u202e evil 👩‍🚀 ' \" `"
    page = write(signed_in(mei), base, panel, text=hostile).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "{{ 7|add:7 }}" in page
    assert "\u202e" not in page


def test_it_edits_with_what_was_seen_and_keeps_both_where_that_is_old(signed_in, mei, ada, base, panel):
    client = signed_in(mei)
    write(client, base, panel)
    note = Note.objects.get()
    assert act(client, base, note, "edit", text="A white lamp.", was=note.text).status_code == 200
    answer = act(client, base, note, "edit", text="A green lamp.", was=note.text)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A green lamp." in page
    assert "It now reads: “<bdi>A white lamp.</bdi>”" in page
    assert act(signed_in(ada), base, note, "edit", text="Ada's", was="A white lamp.").status_code == 422
    assert Note.objects.get().text == "A white lamp."


def test_it_deletes_with_an_undo(signed_in, mei, base, panel):
    client = signed_in(mei)
    write(client, base, panel)
    note = Note.objects.get()
    page = act(client, base, note, "delete").content.decode()
    assert f"{base}notes/{note.code}/restore/" in page
    assert "Can the lamp" not in page
    assert act(client, base, note, "edit", text="x", was=note.text).status_code == 404
    assert "Can the lamp" in act(client, base, note, "restore").content.decode()


def test_it_resolves_and_opens_again(signed_in, mei, rosa, base, panel):
    write(signed_in(mei), base, panel)
    note = Note.objects.get()
    page = act(signed_in(rosa), base, note, "resolve").content.decode()
    assert "Done" in page
    assert "1 done" in page
    assert "1 open" in act(signed_in(rosa), base, note, "reopen").content.decode()


def test_it_lets_only_producers_waive(signed_in, mei, pavel, base, panel):
    write(signed_in(mei), base, panel)
    note = Note.objects.get()
    assert act(signed_in(mei), base, note, "waive").status_code == 403
    assert "May stay open" in act(signed_in(pavel), base, note, "waive").content.decode()
    assert act(signed_in(pavel), base, note, "hold").status_code == 200


def test_it_is_not_for_viewers_and_strangers(signed_in, viktor, outsider, mei, base, panel):
    write(signed_in(mei), base, panel)
    note = Note.objects.get()
    assert write(signed_in(viktor), base, panel).status_code == 403
    assert write(signed_in(outsider), base, panel).status_code == 404
    for name in ("reply", "edit", "delete", "restore", "resolve", "reopen", "waive", "hold"):
        assert act(signed_in(viktor), base, note, name, text="x").status_code in (403, 404)
        assert act(signed_in(outsider), base, note, name, text="x").status_code == 404
    assert act(signed_in(mei), base, note, "explode").status_code == 404
    assert signed_in(mei).get(f"{base}notes/{note.code}/resolve/").status_code == 405
    assert Note.objects.count() == 1


def test_it_asks_for_changes_with_the_note_in_one_go(signed_in, rosa, base, panel):
    client = signed_in(rosa)
    asked = {"panel": panel.code, "verdict": "changes"}
    answer = client.post(f"{base}decide/", asked, headers=HTMX)
    assert answer.status_code == 422
    assert "data-needs-note" in answer.content.decode()
    answer = client.post(f"{base}decide/", {**asked, "text": "White lamp.", "key": uuid.uuid4()}, headers=HTMX)
    assert answer.status_code == 200
    assert "You asked for changes" in answer.content.decode()
    panel.refresh_from_db()
    assert panel.state == "changes"
    assert Note.objects.get().text == "White lamp."


def test_it_says_beside_the_buttons_why_it_cannot_be_approved(signed_in, rosa, mei, base, panel):
    write(signed_in(mei), base, panel)
    answer = signed_in(rosa).post(f"{base}decide/", {"panel": panel.code, "verdict": "approve"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 note is open" in page[page.index('id="verdict"') :]
    act(signed_in(mei), base, Note.objects.get(), "resolve")
    answer = signed_in(rosa).post(f"{base}decide/", {"panel": panel.code, "verdict": "approve"}, headers=HTMX)
    assert "You approved" in answer.content.decode()


def test_it_is_the_same_for_a_guest(client, ada, mei, panel):
    link, token = actions.make_link(round=panel.round, by=ada, name="Dana Okafor")
    base = f"/r/{token}/"
    client.get(base)
    assert write(client, base, panel).status_code == 200
    note = Note.objects.get()
    assert (note.guest.link, note.name, note.user) == (link, "Dana Okafor", None)
    assert act(client, base, note, "edit", text="A white lamp.", was=note.text).status_code == 200
    assert act(client, base, note, "reply", text="Or none.").status_code == 200
    page = act(client, base, note, "delete").content.decode()
    assert f"{base}notes/{note.code}/restore/" in page
    assert "This note was deleted." in page  # its answer stays
    assert "Or none." in page
    assert act(client, base, note, "restore").status_code == 200
    assert "1 done" in act(client, base, note, "resolve").content.decode()
    theirs = made.a_note(panel, made.By(user=mei), "Of the team")
    for name in ("edit", "delete", "resolve"):
        assert act(client, base, theirs, name, text="x", was=theirs.text).status_code == 422
    assert act(client, base, theirs, "waive").status_code == 403


def test_it_reaches_no_other_round_by_a_link(client, team, ada, panel):
    other = actions.send_round(project=made.a_board(team, title="Another"), by=ada).panels.first()
    note = made.a_note(other, made.By(user=ada))
    _, token = actions.make_link(round=panel.round, by=ada, name="Dana")
    client.get(f"/r/{token}/")
    assert act(client, f"/r/{token}/", note, "reply", text="Hello").status_code == 404
    assert write(client, f"/r/{token}/", other).status_code == 404
    assert client.get(f"/r/{token}/panels/{other.code}/").status_code == 404
    assert client.get(f"/r/{token}/panels/{other.code}/compare/").status_code == 404


def test_it_approves_all_panels_at_once(signed_in, rosa, base, panel):
    client = signed_in(rosa)
    assert "All 3 panels at once" in client.get(f"{base}panels/{panel.code}/").content.decode()
    client.post(f"{base}decide/", {"verdict": "approve"})
    assert set(panel.round.panels.values_list("state", flat=True)) == {"approved"}
    assert "You approved all of v1" in client.get(f"{base}panels/{panel.code}/").content.decode()
    client.post(f"{base}decide/", {"verdict": ""})
    assert set(panel.round.panels.values_list("state", flat=True)) == {"review"}


def test_it_lists_the_keys_for_a_guest(client, db):
    page = client.get("/keys/", {"page": "review"}).content.decode()
    assert "Note: arrows move the pin" in page
    assert "/sign-in/" in client.get("/keys/", {"page": "board"}).url


def test_it_takes_no_flood_from_a_link(client, settings, ada, panel):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guest_note": "3/h/ip"}
    _, token = actions.make_link(round=panel.round, by=ada, name="Dana")
    client.get(f"/r/{token}/")
    statuses = [write(client, f"/r/{token}/", panel, text=f"Note {n}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 422]
    assert act(client, f"/r/{token}/", Note.objects.first(), "reply", text="More").status_code == 422
    assert Note.objects.count() == 3
