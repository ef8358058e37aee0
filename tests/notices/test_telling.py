"""Who is told what, once, and in which words."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from studio.accounts.events import record
from studio.models import Notice, Untold
from studio.notices import actions, outbox


def told(user):
    return [f"{row.who} {row.did} {row.what}" for row in Notice.objects.filter(user=user).order_by("pk")]


def test_it_tells_whoever_is_asked_and_whoever_drew(sent, tell, rosa, mei, pavel, viktor):
    tell()
    assert told(rosa) == told(mei) == ["Pavel Novak sent Night ferry v1"]
    assert told(pavel) == told(viktor) == []  # he did it himself; she has nothing to do with it
    assert Notice.objects.get(user=rosa).path == f"/rounds/{sent.code}/"


def test_it_tells_the_sender_and_the_one_who_drew_of_a_decision(sent, decide, tell, rosa, mei, pavel):
    tell()
    Notice.objects.all().delete()
    decide(rosa, "approve", on=sent.panels.get(label="1B"))
    tell()
    assert told(pavel) == told(mei) == ["Rosa Lind approved Night ferry 1B"]
    notice = Notice.objects.get(user=pavel)
    assert notice.image == sent.panels.get(label="1B").image
    assert notice.path == f"/rounds/{sent.code}/panels/{sent.panels.get(label='1B').code}/"


def test_it_says_nothing_of_a_decision_that_is_taken_back(sent, decide, tell, rosa, pavel):
    decide(rosa, "approve", on=sent.panels.get(label="1B"))
    tell()
    Notice.objects.all().delete()
    decide(rosa, "", on=sent.panels.get(label="1B"))
    tell()
    assert told(pavel) == []


def test_it_tells_of_a_note_or_of_the_mention_in_it_not_of_both(sent, write, tell, rosa, mei, pavel):
    tell()
    Notice.objects.all().delete()
    write(rosa, "The lamp reads red, @Mei can you?", on=sent.panels.get(label="1A"))
    tell()
    assert told(mei) == ["Rosa Lind mentioned you on Night ferry 1A"]
    assert told(pavel) == ["Rosa Lind wrote on Night ferry 1A"]
    assert Notice.objects.get(user=mei).quote == "The lamp reads red, @Mei can you?"


def test_it_tells_the_author_of_an_answer(sent, write, tell, rosa, viktor, ada):
    first = write(ada, "Brighter?", on=sent.panels.get(label="1A"))
    tell()
    Notice.objects.all().delete()
    write(rosa, "Yes.", on=None, parent=first)
    tell()
    assert told(ada) == ["Rosa Lind answered on Night ferry 1A"]


def test_it_tells_nobody_who_has_left(sent, tell, rosa, team):
    rosa.memberships.filter(team=team).delete()
    tell()
    assert told(rosa) == []


def test_it_keeps_silent_where_somebody_wants_silence(sent, tell, rosa, mei):
    actions.set_wishes(user=rosa, wanted={"round": (False, "off")})
    actions.set_wishes(user=mei, wanted={"round": (False, "now")})
    tell()
    assert told(rosa) == []
    assert Notice.objects.get(user=mei).here is False


def test_it_remembers_only_what_somebody_may_be_told_of(project, pavel, team):
    record(verb="panel.edited", team=team, actor=pavel, about="panel", code="x", project=project.code)
    record(verb="user.password", team=None, actor=pavel)
    assert not Untold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_tells_once_however_many_workers_there_are(sent, rosa):
    event = Untold.objects.get().pk
    gate, failures = threading.Barrier(8), []

    def work():
        gate.wait()
        try:
            outbox.run(event)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failures
    assert len(told(rosa)) == 1
    assert not Untold.objects.exists()


def test_it_lets_what_cannot_be_told_rest(sent, tell, monkeypatch):
    pk = Untold.objects.get().pk

    def broken(_):
        raise ValueError

    monkeypatch.setattr(outbox, "tell", broken)
    with pytest.raises(ValueError):
        outbox.run(pk)
    assert Untold.objects.filter(pk=pk).exists()
    assert outbox.due(9) == []
    outbox._resting.clear()
    assert outbox.due(9) == [(pk, 0)]
