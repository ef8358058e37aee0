"""Twenty at once: one note of one form, one answer, numbers given one after the other."""

from __future__ import annotations

import uuid

import pytest

from studio.accounts.models import Event
from studio.review import actions
from studio.review.models import Note, Round
from tests.review import made

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


@pytest.fixture
def panel(team, ada):
    return actions.send_round(project=made.a_board(team), by=ada).panels.first()


@pytest.fixture
def at_once(tabs, mei):
    return tabs(mei, HX_Request="true")


def notes_of(panel):
    return f"/rounds/{panel.round.code}/panels/{panel.code}/notes/"


def test_it_writes_one_note_of_one_form(at_once, panel):
    form = {"text": "White, please.", "key": uuid.uuid4()}
    assert at_once(notes_of(panel), [form] * MANY) == [200] * MANY
    assert Note.objects.count() == 1
    assert Event.objects.filter(verb="note_written").count() == 1


def test_it_numbers_notes_one_after_the_other(at_once, panel):
    before = Round.objects.get().revision
    forms = [{"text": f"Note {n}", "key": uuid.uuid4()} for n in range(MANY)]
    assert at_once(notes_of(panel), forms) == [200] * MANY
    assert sorted(Note.objects.values_list("number", flat=True)) == list(range(1, MANY + 1))
    assert Round.objects.get().revision == before + MANY


def test_it_resolves_once(at_once, panel, mei):
    note = made.a_note(panel, made.By(user=mei))
    assert at_once(f"/rounds/{panel.round.code}/notes/{note.code}/resolve/", [{}] * MANY) == [200] * MANY
    assert Event.objects.filter(verb="note_resolved").count() == 1
