"""Asking for changes on the whole round: a note that stands on every panel's page."""

from __future__ import annotations

import uuid

from studio.models import Decision, Note, Panel, RoundPanel


def test_it_asks_for_changes_throughout(round, sent, rosa, signed_in):
    client, key = signed_in(rosa), str(uuid.uuid4())
    asked = {"seen": sent[1].code, "verdict": "changes", "text": "Too dark, all of it.", "key": key}
    for _ in range(2):  # pressed twice
        answer = client.post(f"/rounds/{round.code}/decide/", asked)
        assert (answer.status_code, answer.url) == (302, f"/rounds/{round.code}/panels/{sent[1].code}/")
    note = Note.objects.get()
    assert (note.on, note.number, note.text) == (None, 1, "Too dark, all of it.")
    assert Decision.objects.get(replaced=None).on is None
    for row in sent:
        page = client.get(f"/rounds/{round.code}/panels/{row.code}/").content.decode()
        assert "Too dark, all of it." in page
        assert "You asked for changes on all of v1" in page
    assert set(RoundPanel.objects.values_list("state", flat=True)) == {Panel.State.REVIEW}


def test_it_wants_words(round, sent, rosa, signed_in):
    asked = {"seen": sent[1].code, "verdict": "changes", "text": " ", "key": str(uuid.uuid4())}
    answer = signed_in(rosa).post(f"/rounds/{round.code}/decide/", asked)
    assert answer.status_code == 422
    assert "Say what should change" in answer.content.decode()
    assert not Decision.objects.exists()


def test_it_is_answered_from_any_panel(round, sent, rosa, pavel, signed_in):
    asked = {"seen": sent[0].code, "verdict": "changes", "text": "Too dark.", "key": str(uuid.uuid4())}
    signed_in(rosa).post(f"/rounds/{round.code}/decide/", asked)
    here = f"/rounds/{round.code}/panels/{sent[1].code}/"
    htmx = signed_in(pavel, HX_Request="true", HX_Current_URL=f"http://testserver{here}")
    answer = htmx.post(f"/rounds/{round.code}/notes/{Note.objects.get().code}/resolve/")
    assert answer.status_code == 200
    assert f"Notes on <bdi>{sent[1].label}</bdi>" in answer.content.decode()
    assert Note.objects.get().resolved


def test_an_outsider_finds_nothing(round, sent, outsider, signed_in):
    asked = {"seen": sent[0].code, "verdict": "changes", "text": "Mine.", "key": str(uuid.uuid4())}
    assert signed_in(outsider).post(f"/rounds/{round.code}/decide/", asked).status_code == 404
    assert not Note.objects.exists()
