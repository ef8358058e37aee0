"""Notes: written once, by whom, for whom, about what; edited, deleted, answered, waived."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from studio.accounts.models import Event
from studio.board.errors import Conflict
from studio.review.actions import notes
from studio.review.errors import Refused
from studio.review.models import Decision, Note, Round, RoundPanel
from tests import makers
from tests.review import made


@pytest.fixture
def project(team):
    return made.a_board(team)


@pytest.fixture
def round(project):
    return made.a_round(project)


@pytest.fixture
def panel(round):
    return round.panels.first()


@pytest.fixture
def dana(round):
    """A guest."""
    return made.By(guest=made.a_guest(made.a_link(round)[0])[0])


@pytest.fixture
def by_mei(mei):
    return made.By(user=mei)


def write(panel, by, text="Can the lamp be white?", **more):
    return notes.write_note(round=panel.round, on=panel, by=by, text=text, key=more.pop("key", uuid.uuid4()), **more)


def test_it_counts_the_notes_of_a_panel_and_the_round_with_each(panel, dana, by_mei):
    revision = panel.round.revision
    first, second = write(panel, dana), write(panel, by_mei)
    other = write(panel.round.panels.last(), dana)
    whole = notes.write_note(round=panel.round, on=None, by=dana, text="All in all, good.", key=uuid.uuid4())
    assert [note.number for note in (first, second, other, whole)] == [1, 2, 1, 1]
    assert (first.name, first.guest, first.user) == ("Dana Okafor", dana.guest, None)
    panel.round.refresh_from_db()
    assert panel.round.revision == revision + 4


def test_it_is_one_note_however_often_the_form_is_sent(panel, dana, by_mei):
    key = uuid.uuid4()
    assert write(panel, dana, key=key) == write(panel, dana, "Sent again", key=key)
    assert Note.objects.get().text == "Can the lamp be white?"
    with pytest.raises(Refused):  # somebody else's key tells nothing of their note
        write(panel, by_mei, key=key)


def test_it_says_what_happened_for_those_who_are_told(panel, dana):
    note = write(panel, dana, "x" * 900)
    event = Event.objects.get(verb="note_written")
    assert event.actor is None
    assert event.about == "round"
    assert event.code == panel.round.code
    assert event.data["excerpt"] == "x" * 200
    assert event.data["label"] == panel.label
    assert event.data["number"] == 1
    assert event.data["note"] == note.code
    assert event.data["internal"] is False
    assert event.data["guest"] is True
    assert event.data["name"] == "Dana Okafor"


@pytest.mark.parametrize("text", ["", "  \n ", "\0\0", "x" * 5001])
def test_it_refuses_nothing_and_too_much(panel, dana, text):
    with pytest.raises(Refused):
        write(panel, dana, text)
    assert not Note.objects.exists()


def test_it_keeps_hostile_text_as_typed_without_what_disguises_it(panel, dana):
    note = write(panel, dana, "<script>alert(1)</script>\u202e\0 ok")
    assert note.text == "<script>alert(1)</script> ok"


def test_it_keeps_the_teams_own_notes_apart(panel, dana, by_mei):
    inside = write(panel, by_mei, internal=True)
    assert inside.internal
    assert not write(panel, dana, internal=True).internal  # a guest has no inside
    answer = write(panel, by_mei, parent=inside)
    assert answer.internal
    assert answer.number == 0
    assert answer.on == panel


def test_it_answers_notes_of_this_round_only(panel, dana, by_mei):
    note = write(panel, dana)
    reply = write(panel, by_mei, "Yes.", parent=note)
    other = made.a_round(panel.round.project, number=2, state="withdrawn")
    for parent, round in ((reply, panel.round), (note, other)):
        with pytest.raises(Refused):
            notes.write_note(round=round, on=panel, by=dana, text="More", key=uuid.uuid4(), parent=parent)
    notes.delete_note(note=note, by=dana)
    note.refresh_from_db()
    with pytest.raises(Refused):
        write(panel, by_mei, parent=note)


def test_it_names_people_of_the_team_with_an_at(team, panel, dana, by_mei, pavel, rosa, outsider):
    makers.member(team, "Rosa Maria Sand", "artist")
    note = write(
        panel, by_mei, "@Pavel Novak and @rosa lind, see this; @Rosa is two people, a@pavel is mail, @Otis is nobody"
    )
    assert set(note.mentions.all()) == {pavel, rosa}
    assert {e.data["user"] for e in Event.objects.filter(verb="mentioned")} == {pavel.pk, rosa.pk}
    assert not write(panel, dana, "@Pavel hello").mentions.exists()  # a guest calls nobody by guessing
    notes.edit_note(note=note, by=by_mei, text="@Pavel and @Mei", was=note.text)
    assert set(note.mentions.all()) == {pavel, by_mei.user}
    assert Event.objects.filter(verb="mentioned").count() == 3  # who was called before is not called again


def test_it_edits_and_deletes_ones_own_only(panel, dana, by_mei, ada):
    note = write(panel, dana)
    other = made.By(guest=made.a_guest(dana.guest.link, "Somebody else")[0])
    for stranger in (by_mei, made.By(user=ada), other):
        with pytest.raises(Refused):
            notes.edit_note(note=note, by=stranger, text="Mine now", was=note.text)
        with pytest.raises(Refused):
            notes.delete_note(note=note, by=stranger)
    notes.edit_note(note=note, by=dana, text="A white lamp, please.", was=note.text)
    assert note.text == "A white lamp, please."
    assert note.edited
    with pytest.raises(Conflict):
        notes.edit_note(note=note, by=dana, text="Third", was="Can the lamp be white?")
    assert notes.delete_note(note=note, by=dana)
    assert not notes.delete_note(note=note, by=dana)
    with pytest.raises(Conflict):
        notes.edit_note(note=note, by=dana, text="Third", was="A white lamp, please.")
    assert notes.restore_note(note=note, by=dana)
    note.refresh_from_db()
    assert note.deleted is None
    assert note.text == "A white lamp, please."


def test_it_resolves_once_with_the_take_that_answered(panel, dana, by_mei):
    note = write(panel, dana)
    assert notes.resolve_note(note=note, by=by_mei)
    note.refresh_from_db()
    assert (note.resolved_by, note.resolved_name, note.resolved_in) == (by_mei.user, "Mei Tan", None)
    assert notes.reopen_note(note=note, by=by_mei)
    assert not notes.reopen_note(note=note, by=by_mei)
    drawn = makers.take(panel.panel, picked=True)
    note = Note.objects.get()
    assert notes.resolve_note(note=note, by=by_mei)
    assert not notes.resolve_note(note=note, by=by_mei)
    note.refresh_from_db()
    assert note.resolved_in == drawn
    assert [e.data["take"] for e in Event.objects.filter(verb="note_resolved").order_by("pk")] == [None, 2]


def test_it_lets_a_guest_call_only_their_own_note_done(panel, dana, by_mei):
    assert notes.resolve_note(note=write(panel, dana), by=dana)
    with pytest.raises(Refused):
        notes.resolve_note(note=write(panel, by_mei), by=dana)
    with pytest.raises(Refused):  # a reply is not resolved, its thread is
        notes.resolve_note(note=write(panel, dana, parent=write(panel, dana)), by=by_mei)


def test_it_waives_and_holds(panel, dana, by_mei):
    note = write(panel, dana)
    assert notes.waive_note(note=note, by=by_mei)
    assert not notes.waive_note(note=note, by=by_mei)
    note.refresh_from_db()
    assert note.waived
    assert not note.resolved
    assert notes.waive_note(note=note, by=by_mei, waived=False)


@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_it_writes_nothing_into_a_round_that_is_over(panel, dana, by_mei, state):
    note = write(panel, dana)
    Round.objects.filter(pk=panel.round_id).update(state=state, closed=timezone.now())
    note = Note.objects.select_related("round").get()
    for act in (
        lambda: write(panel, dana),
        lambda: write(panel, by_mei, parent=note),
        lambda: notes.edit_note(note=note, by=dana, text="Else", was=note.text),
        lambda: notes.delete_note(note=note, by=dana),
        lambda: notes.resolve_note(note=note, by=dana),
        lambda: notes.waive_note(note=note, by=by_mei),
    ):
        with pytest.raises(Refused, match=r"read, not added|withdrawn"):
            act()
    assert notes.resolve_note(note=note, by=by_mei)  # the team's own tidying, which nothing signed depends on
    assert Note.objects.count() == 1


def test_it_holds_up_an_approval_while_it_is_open(panel, dana, by_mei):
    """Read anew: what this request saw of the panel is from before the approval."""
    Decision.objects.create(
        round=panel.round, on=panel, user=by_mei.user, by=f"user:{by_mei.user.pk}", name="Mei Tan", verdict="approve"
    )
    RoundPanel.objects.filter(pk=panel.pk).update(state="approved")
    note = write(panel, dana)
    assert RoundPanel.objects.get(pk=panel.pk).state == "review"
    notes.resolve_note(note=note, by=by_mei)
    assert RoundPanel.objects.get(pk=panel.pk).state == "approved"
    notes.reopen_note(note=note, by=by_mei)
    assert RoundPanel.objects.get(pk=panel.pk).state == "review"
    notes.waive_note(note=note, by=by_mei)
    assert RoundPanel.objects.get(pk=panel.pk).state == "approved"
    write(panel, by_mei, internal=True)  # nothing that a guest could learn of
    assert RoundPanel.objects.get(pk=panel.pk).state == "approved"
