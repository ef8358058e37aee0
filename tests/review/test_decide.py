"""What people say of a panel, and when that makes it approved."""

from __future__ import annotations

import uuid

import pytest

from studio.models import Decision, Event, Marker, Note, Panel, RoundPanel
from studio.review import actions
from studio.review.errors import Closed, Refused
from studio.review.reviewers import Reviewer
from tests import makers


def note_by(who, on, **more):
    return Note.objects.create(
        round=who.round, on=on, user=who.user, guest=who.guest, name=who.name, text="The lamp is red.", **more
    )


def state(row):
    """Of the panel in the round, and on the board."""
    row = RoundPanel.objects.select_related("panel").get(pk=row.pk)
    return row.state, row.panel.state


@pytest.fixture
def ask(project, pavel):
    """`ask(rule, …)` sends a round by that rule."""

    def send(rule, *people, **more):
        return actions.send_round(project=project, by=pavel, rule=rule, people=people, **more)

    return send


def named(round, by, name):
    link, _ = actions.make_link(round=round, by=by, name=name)
    return Reviewer(round=round, base="/r/x/", link=link, guest=link.guests.get())


def test_it_approves(round, sent, rosa, reviewer):
    made = actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    assert (made.name, made.by, made.verdict) == ("Rosa Lind", f"user:{rosa.pk}", "approve")
    assert state(sent[0]) == ("approved", "approved")
    event = Event.objects.get(verb="decided")
    assert (event.actor, event.data["label"], event.data["verdict"]) == (rosa, "1A", "approve")


def test_it_counts_every_change_of_the_round(round, sent, rosa, reviewer):
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    round.refresh_from_db()
    assert round.revision == 2
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")  # says what stands
    round.refresh_from_db()
    assert (round.revision, Decision.objects.count()) == (2, 1)


def test_it_keeps_what_was_said_before(round, sent, dana):
    actions.decide(by=dana, on=sent[0], verdict="approve")
    note_by(dana, sent[0], resolved=round.sent)
    actions.decide(by=dana, on=sent[0], verdict="changes", reason="light")
    assert state(sent[0]) == ("changes", "changes")
    actions.decide(by=dana, on=sent[0], verdict="")
    assert state(sent[0]) == ("review", "review")
    rows = list(Decision.objects.order_by("pk").values_list("verdict", "reason"))
    assert rows == [("approve", ""), ("changes", "light"), ("", "")]
    assert Decision.objects.filter(replaced=None).count() == 1


def test_it_wants_a_note_with_asked_changes(round, sent, dana, rosa, reviewer):
    note_by(reviewer(rosa, round), sent[0])  # somebody else's
    with pytest.raises(Refused, match="write one note") as refused:
        actions.decide(by=dana, on=sent[0], verdict="changes")
    assert refused.value.field == "note"
    note_by(dana, sent[1])  # on another panel
    with pytest.raises(Refused):
        actions.decide(by=dana, on=sent[0], verdict="changes")
    note_by(dana, sent[0])
    assert actions.decide(by=dana, on=sent[0], verdict="changes")


def test_open_notes_hold_it_up_until_they_are_done_or_waived(round, sent, dana, rosa, reviewer):
    note = note_by(dana, sent[0])
    with pytest.raises(Refused, match="1 note is open on 1A"):
        actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    Note.objects.filter(pk=note.pk).update(waived=round.sent)
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    assert state(sent[0])[0] == "approved"


def test_a_guest_never_learns_of_internal_notes(round, sent, dana, rosa, reviewer):
    note_by(reviewer(rosa, round), sent[0], internal=True)
    actions.decide(by=dana, on=sent[0], verdict="approve")
    assert state(sent[0])[0] == "approved"
    with pytest.raises(Refused, match="open"):
        actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")


def test_one_who_asks_for_changes_outweighs_approvals(round, sent, dana, rosa, reviewer):
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    note_by(dana, sent[0], waived=round.sent)
    actions.decide(by=dana, on=sent[0], verdict="changes")
    assert state(sent[0]) == ("changes", "changes")


def test_everyone_named(ask, pavel, rosa, mei, reviewer):
    round = ask("all", rosa, mei)
    dana = named(round, pavel, "Dana")
    row = round.panels.first()
    for who in (reviewer(rosa, round), reviewer(pavel, round), dana):
        actions.decide(by=who, on=row, verdict="approve")
        assert state(row)[0] == "review"
    actions.decide(by=reviewer(mei, round), on=row, verdict="approve")
    assert state(row)[0] == "approved"


def test_a_revoked_link_is_asked_no_more(ask, pavel, rosa, reviewer):
    round = ask("all", rosa)
    dana = named(round, pavel, "Dana")
    row = round.panels.first()
    actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    assert state(row)[0] == "review"
    actions.revoke_link(link=dana.link, by=pavel)
    assert state(row)[0] == "approved"


def test_a_number_of_those_named(ask, rosa, mei, ada, pavel, reviewer):
    round = ask("count", rosa, mei, ada, needed=2)
    row = round.panels.first()
    actions.decide(by=reviewer(pavel, round), on=row, verdict="approve")  # not asked: does not count
    actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    assert state(row)[0] == "review"
    actions.decide(by=reviewer(ada, round), on=row, verdict="approve")
    assert state(row)[0] == "approved"


def test_the_team_first(ask, pavel, rosa, reviewer):
    round = ask("order", rosa)
    dana = named(round, pavel, "Dana")
    row = round.panels.first()
    with pytest.raises(Refused, match="The team looks first"):
        actions.decide(by=dana, on=row, verdict="approve")
    actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    assert state(row)[0] == "review"
    actions.decide(by=dana, on=row, verdict="approve")
    assert state(row)[0] == "approved"


def test_the_clients_page_says_that_the_team_looks_first(ask, pavel, rosa, reviewer, guest):
    round = ask("order", rosa)
    _, token = actions.make_link(round=round, by=pavel, name="Dana")
    client, row = guest(token), round.panels.first()
    page = client.get(f"/r/{token}/panels/{row.code}/").content.decode()
    assert "The team looks first" in page
    assert 'id="approve"' not in page
    actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    page = client.get(f"/r/{token}/panels/{row.code}/").content.decode()
    assert "The team looks first" not in page
    assert 'id="approve"' in page


def test_who_drew_it_is_not_enough(ask, mei, rosa, reviewer):
    round = ask("anyone", apart=True)
    row = round.panels.first()
    actions.decide(by=reviewer(mei, round), on=row, verdict="approve")  # she drew it
    assert state(row)[0] == "review"
    actions.decide(by=reviewer(rosa, round), on=row, verdict="approve")
    assert state(row)[0] == "approved"


def test_the_whole(round, sent, rosa, dana, reviewer):
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    assert [state(row)[0] for row in sent] == ["approved"] * 3
    actions.decide(by=reviewer(rosa, round), on=None, verdict="")
    assert [state(row)[0] for row in sent] == ["review"] * 3


def test_the_whole_waits_for_what_is_open(round, sent, rosa, dana, reviewer):
    note = note_by(dana, sent[1])
    with pytest.raises(Refused, match="1 note is open on 1B"):
        actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    Note.objects.filter(pk=note.pk).update(waived=round.sent)
    actions.decide(by=dana, on=sent[1], verdict="changes")
    with pytest.raises(Refused, match="You asked for changes on 1B"):
        actions.decide(by=dana, on=None, verdict="approve")
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    assert [state(row)[0] for row in sent] == ["approved", "changes", "approved"]


def test_a_picture_picked_since_stays_a_draft(round, sent, panels, rosa, mei, reviewer):
    take = makers.take(panels[0], drawn_by=mei)
    Panel.objects.filter(pk=panels[0].pk).update(picked=take, state="draft")
    actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    assert state(sent[0]) == ("approved", "draft")


def test_a_reason_and_a_marker(round, sent, rosa, reviewer, team):
    who = reviewer(rosa, round)
    note = note_by(who, sent[0])
    with pytest.raises(Refused, match="Choose one of the reasons"):
        actions.decide(by=who, on=sent[0], verdict="changes", reason="weather", note=note)
    with pytest.raises(Refused, match="Choose the marker"):
        actions.decide(by=who, on=sent[0], verdict="changes", reason="marker", note=note)
    makers.subject(team, locked=True, markers=[("a mole", "mark", "")])
    mole = Marker.objects.get()
    made = actions.decide(by=who, on=sent[0], verdict="changes", reason="marker", marker=mole, note=note)
    assert (made.reason, made.marker, made.note) == ("marker", mole, note)


def test_it_refuses_who_may_not(round, sent, viktor, pavel, reviewer):
    with pytest.raises(Refused, match="Your role"):
        actions.decide(by=reviewer(viktor, round), on=sent[0], verdict="approve")
    link, _ = actions.make_link(round=round, by=pavel, name="Dana", may_decide=False)
    dana = Reviewer(round=round, base="/r/x/", link=link, guest=link.guests.get())
    with pytest.raises(Refused, match="This link"):
        actions.decide(by=dana, on=sent[0], verdict="approve")
    open_link, _ = actions.make_link(round=round, by=pavel)
    with pytest.raises(Refused, match="Say who you are") as refused:
        actions.decide(by=Reviewer(round=round, base="/r/x/", link=open_link), on=sent[0], verdict="approve")
    assert refused.value.field == "name"
    assert not Decision.objects.exists()


def test_it_refuses_a_panel_of_another_round(round, sent, project, pavel, rosa, reviewer):
    second = actions.send_round(project=project, by=pavel)
    with pytest.raises(Refused, match="another version"):
        actions.decide(by=reviewer(rosa, second), on=sent[0], verdict="approve")


@pytest.mark.parametrize("end", [actions.close_round, actions.withdraw_round])
def test_nothing_is_decided_once_it_is_over(round, sent, pavel, rosa, reviewer, end):
    end(round=round, by=pavel)
    with pytest.raises(Closed):
        actions.decide(by=reviewer(rosa, round), on=sent[0], verdict="approve")
    with pytest.raises(Closed):
        end(round=round, by=pavel)
    with pytest.raises(Closed):
        actions.make_link(round=round, by=pavel, key=uuid.uuid4())


def test_a_carried_panel_can_be_sent_back(round, sent, project, pavel, rosa, reviewer):
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    second = actions.send_round(project=project, by=pavel)
    row = second.panels.first()
    assert state(row) == ("approved", "approved")
    who = reviewer(rosa, second)
    actions.decide(by=who, on=row, verdict="changes", note=note_by(who, row))
    assert state(row) == ("changes", "changes")


def test_the_team_names_a_marker_by_the_form(round, sent, rosa, team, signed_in, guest, linked):
    noor = makers.subject(team, "Noor", locked=True, markers=[("a mole under the left eye", "mark", "")])
    other = makers.subject(team, "Ilse", locked=True, markers=[("a scar", "mark", "")])
    sent[0].take.versions = {noor.code: 1}
    sent[0].take.save()
    mole, scar = Marker.objects.get(version__subject=noor), Marker.objects.get(version__subject=other)
    client, path = signed_in(rosa), f"/rounds/{round.code}/panels/{sent[0].code}/"
    page = client.get(path).content.decode()
    assert f'value="marker:{mole.pk}"' in page
    assert f'value="marker:{scar.pk}"' not in page
    assert "marker:" not in guest(linked[1]).get(f"/r/{linked[1]}/panels/{sent[0].code}/").content.decode()
    form = {"panel": sent[0].code, "verdict": "changes", "text": "The mole is gone."}
    decide = f"/rounds/{round.code}/decide/"
    assert client.post(decide, {**form, "reason": f"marker:{scar.pk}"}).status_code == 404
    assert client.post(decide, {**form, "reason": "marker:x"}).status_code == 404
    assert client.post(decide, {**form, "reason": f"marker:{mole.pk}"}).status_code == 302
    assert Decision.objects.get().marker == mole
    assert "a mole under the left eye" in client.get(f"/rounds/{round.code}/").content.decode()
