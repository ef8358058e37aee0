"""Saying how a marker came out: who may, what is kept, what happens when two say it at once."""

import pytest

from studio.consistency import actions
from studio.consistency.actions import Conflict, Refused
from studio.models import Event, Marker, Verdict
from tests import makers

HTMX = {"HX-Request": "true", "HX-Target": "cell"}


def said(take, marker):
    return list(Verdict.objects.filter(take=take, marker=marker).values_list("revision", "result", "by__name"))


def test_it_keeps_every_verdict_and_counts_the_last(takes, marks, mei, pavel):
    take, mole = takes[0], marks[1]
    first = actions.judge(take=take, marker=mole, result="same", by=mei, revision=0)
    second = actions.judge(take=take, marker=mole, result="missing", by=pavel, revision=first.revision)
    assert said(take, mole) == [(2, "missing", pavel.name), (1, "same", mei.name)]
    assert actions.standing(take, mole) == second
    first.refresh_from_db()
    assert first.replaced


def test_it_refuses_a_verdict_on_top_of_one_that_was_not_seen(takes, marks, mei, pavel):
    take, mole = takes[0], marks[1]
    actions.judge(take=take, marker=mole, result="same", by=mei, revision=0)
    with pytest.raises(Conflict) as conflict:
        actions.judge(take=take, marker=mole, result="wrong", by=pavel, revision=0)
    assert conflict.value.verdict.by == mei
    assert said(take, mole) == [(1, "same", mei.name)]


def test_it_changes_nothing_where_that_is_said_already(takes, marks, mei, pavel):
    take, mole = takes[0], marks[1]
    first = actions.judge(take=take, marker=mole, result="same", by=mei, revision=0)
    assert actions.judge(take=take, marker=mole, result="same", by=pavel, revision=0) == first
    assert len(said(take, mole)) == 1


@pytest.mark.parametrize("result", ["", "fine", "SAME", None])
def test_it_knows_five_verdicts(takes, marks, mei, result):
    with pytest.raises(Refused):
        actions.judge(take=takes[0], marker=marks[0], result=result, by=mei, revision=0)


def test_it_judges_only_what_the_take_was_drawn_from(team, noor, takes, marks, mei):
    from studio.library import actions as library

    newer = library.next_version(subject=noor, by=mei)
    library.lock_version(version=newer, by=mei)
    theirs = makers.subject(team, "Ilse", locked=True, markers=[("thin brows", "face", "")])
    for marker in (newer.markers.first(), Marker.objects.get(version__subject=theirs)):
        with pytest.raises(Refused):
            actions.judge(take=takes[0], marker=marker, result="same", by=mei, revision=0)
    test_shot = makers.take(takes[0].panel, versions={noor.code: 0})
    with pytest.raises(Refused):
        actions.judge(take=test_shot, marker=marks[0], result="same", by=mei, revision=0)
    assert not Verdict.objects.exists()


def test_it_answers_a_key_with_the_cell_and_both_totals(signed_in, mei, takes, marks, address):
    answer = signed_in(mei).post(address(takes[0], marks[1]), {"result": "drifted", "revision": 0}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="cell-{takes[0].code}-{marks[1].pk}"' in html
    assert 'data-result="drifted" data-revision="1"' in html
    assert f'id="row-{marks[1].key}" hx-swap-oob="true"' in html
    assert "0 of 1 same" in html
    assert f'id="column-{takes[0].code}" hx-swap-oob="true" data-failed>0 of 1' in html
    assert "drifted" in answer["HX-Trigger-After-Settle"]


def test_it_says_who_was_first_and_shows_what_stands(signed_in, mei, pavel, takes, marks, address):
    actions.judge(take=takes[0], marker=marks[1], result="same", by=pavel, revision=0)
    answer = signed_in(mei).post(address(takes[0], marks[1]), {"result": "wrong", "revision": 0}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-result="same" data-revision="1"' in html
    assert "Pavel Novak judged a mole under the left eye in 1A first: same, now." in html
    again = signed_in(mei).post(address(takes[0], marks[1]), {"result": "wrong", "revision": 1}, headers=HTMX)
    assert again.status_code == 200
    assert actions.standing(takes[0], marks[1]).result == "wrong"


def test_it_goes_on_to_the_next_without_scripts(signed_in, mei, takes, marks, address):
    client = signed_in(mei)
    answer = client.post(address(takes[0], marks[0]), {"result": "same", "revision": 0, "then": "next"})
    assert answer.status_code == 302
    assert answer["Location"] == address(takes[0], marks[1])
    for take, marker in ((takes[0], marks[1]), (takes[0], marks[2])):
        answer = client.post(address(take, marker), {"result": "same", "revision": 0, "then": "next"})
    assert answer["Location"] == address(takes[1], marks[2])  # face and mole are hidden from behind
    answer = client.post(address(takes[1], marks[2]), {"result": "same", "revision": 0, "then": "next"})
    assert "/consistency/#cell-" in answer["Location"]


def test_it_shows_the_page_again_where_somebody_was_first(signed_in, mei, pavel, takes, marks, address):
    actions.judge(take=takes[0], marker=marks[1], result="same", by=pavel, revision=0)
    answer = signed_in(mei).post(address(takes[0], marks[1]), {"result": "wrong", "revision": 0})
    assert answer.status_code == 409
    assert "Somebody was faster." in answer.content.decode()


@pytest.mark.parametrize("result", ["\x00", "sàme", "same" * 999])
def test_it_stands_odd_results(signed_in, mei, takes, marks, address, result):
    answer = signed_in(mei).post(address(takes[0], marks[0]), {"result": result, "revision": 0}, headers=HTMX)
    assert answer.status_code == 409
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999", "²"])
def test_it_stands_odd_revisions(signed_in, mei, takes, marks, address, revision):
    answer = signed_in(mei).post(address(takes[0], marks[0]), {"result": "same", "revision": revision}, headers=HTMX)
    assert answer.status_code in {200, 409}


def test_it_is_not_for_those_who_only_look(signed_in, rosa, viktor, outsider, takes, marks, address):
    place = address(takes[0], marks[0])
    for user in (rosa, viktor):
        client = signed_in(user)
        assert client.post(place, {"result": "same", "revision": 0}).status_code == 403
        page = client.get(place)
        assert page.status_code == 200
        assert "data-verdict" not in page.content.decode()
    assert signed_in(outsider).post(place, {"result": "same", "revision": 0}).status_code == 404
    assert signed_in(outsider).get(place).status_code == 404
    assert not Verdict.objects.exists()


def test_it_never_pairs_our_take_with_a_marker_of_others(signed_in, mei, outsider, takes, address):
    theirs = makers.subject(outsider.teams.get(), "Noor", locked=True, markers=[("thin brows", "face", "")])
    marker = Marker.objects.get(version__subject=theirs)
    takes[0].versions = {**takes[0].versions, theirs.code: 1}
    takes[0].save()
    assert signed_in(mei).get(address(takes[0], marker)).status_code == 404


def test_it_leaves_the_history_and_no_event(takes, marks, mei):
    before = Event.objects.count()
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    assert Event.objects.count() == before


@pytest.mark.parametrize("size", [2, 20])
def test_it_answers_a_key_in_as_many_queries_whatever_the_board(
    signed_in, mei, team, noor, marks, takes, size, count, address
):
    scene = takes[0].panel.scene
    for _ in range(size):
        panel = makers.panel(scene)
        makers.appearance(panel, noor)
        take = makers.take(panel, picked=True, versions={noor.code: 1})
        actions.judge(take=take, marker=marks[2], result="same", by=mei, revision=0)
    client = signed_in(mei)
    place = address(takes[0], marks[2])
    client.post(place, {"result": "same", "revision": 0}, headers=HTMX)  # last seen is written once
    asked = count(lambda: client.post(place, {"result": "drifted", "revision": 1}, headers=HTMX))
    assert asked == 15
