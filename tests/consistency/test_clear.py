"""Taking a verdict back."""

import pytest

from studio.consistency import actions, queries
from studio.consistency.actions import Conflict

HTMX = {"HX-Request": "true", "HX-Target": "cell"}


def test_it_leaves_the_marker_open_and_keeps_what_was_said(takes, marks, mei):
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    actions.clear(take=takes[0], marker=marks[0], by=mei, revision=1)
    assert [one.result for one in queries.history(takes[0], marks[0])] == ["", "same"]
    cell = queries.cell(takes[0], marks[0])
    assert (cell.result, cell.revision) == ("", 2)


def test_it_gives_back_what_the_shot_hides(takes, marks, mei):
    face = marks[0]
    assert queries.cell(takes[1], face).why == "the face is turned away"
    actions.judge(take=takes[1], marker=face, result="same", by=mei, revision=0)
    assert not queries.cell(takes[1], face).prefilled
    actions.clear(take=takes[1], marker=face, by=mei, revision=1)
    assert queries.cell(takes[1], face).prefilled


def test_it_can_be_judged_again(takes, marks, mei):
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    actions.clear(take=takes[0], marker=marks[0], by=mei, revision=1)
    assert actions.judge(take=takes[0], marker=marks[0], result="wrong", by=mei, revision=2).revision == 3


def test_it_does_nothing_where_nobody_judged(takes, marks, mei):
    assert actions.clear(take=takes[0], marker=marks[0], by=mei, revision=0) is None


def test_it_refuses_to_take_back_what_was_not_seen(takes, marks, mei, pavel):
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    actions.judge(take=takes[0], marker=marks[0], result="wrong", by=pavel, revision=1)
    with pytest.raises(Conflict):
        actions.clear(take=takes[0], marker=marks[0], by=mei, revision=1)


def test_it_is_a_key_on_the_page(signed_in, mei, takes, marks, address):
    client = signed_in(mei)
    place = address(takes[0], marks[0])
    client.post(place, {"result": "same", "revision": 0}, headers=HTMX)
    answer = client.post(place, {"result": "", "revision": 1}, headers=HTMX)
    assert 'data-result="" data-revision="2"' in answer.content.decode()


def test_it_is_not_for_strangers(signed_in, outsider, rosa, takes, marks, mei, address):
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    place = address(takes[0], marks[0])
    assert signed_in(outsider).post(place, {"result": "", "revision": 1}).status_code == 404
    assert signed_in(rosa).post(place, {"result": "", "revision": 1}).status_code == 403
    assert actions.standing(takes[0], marks[0]).result == "same"
