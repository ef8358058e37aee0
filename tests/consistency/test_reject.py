"""Turning a take down with a reason, and taking that back."""

import pytest

from studio.consistency import actions
from studio.consistency.actions import Refused
from studio.models import Event, Rejection
from tests import makers

HTMX = {"HX-Request": "true", "HX-Target": "marks"}


def standing(take):
    return Rejection.objects.filter(take=take, withdrawn=None).first()


@pytest.mark.parametrize("reason", ["composition", "light", "anatomy", "text", "other"])
def test_it_takes_a_reason(takes, mei, reason):
    made = actions.reject(take=takes[0], reason=reason, by=mei, note="  Too dark.  ")
    assert (made.reason, made.note, made.by, made.marker) == (reason, "Too dark.", mei, None)
    assert Event.objects.filter(verb="take.rejected", actor=mei).count() == 1


def test_it_names_the_marker_that_failed(takes, marks, mei):
    assert actions.reject(take=takes[0], reason="marker", marker=marks[1], by=mei).marker == marks[1]


def test_it_wants_to_know_which_marker(team, takes, mei):
    theirs = makers.subject(team, "Ilse", locked=True, markers=[("thin brows", "face", "")])
    for marker in (None, theirs.versions.get().markers.get()):
        with pytest.raises(Refused):
            actions.reject(take=takes[0], reason="marker", marker=marker, by=mei)
    with pytest.raises(Refused):
        actions.reject(take=takes[0], reason="ugly", by=mei)
    assert not Rejection.objects.exists()


def test_it_keeps_a_note_on_one_line(signed_in, mei, takes):
    note = "Too\x00 dark,\n\ttoo \u202efar. " + "x" * 300
    assert signed_in(mei).post(f"/takes/{takes[0].code}/reject/", {"reason": "light", "note": note}).status_code == 302
    kept = standing(takes[0]).note
    assert kept.startswith("Too dark, too far. xxx")
    assert len(kept) == 200


def test_it_keeps_the_reason_before_it(takes, mei, pavel):
    first = actions.reject(take=takes[0], reason="light", by=mei)
    second = actions.reject(take=takes[0], reason="anatomy", by=pavel)
    first.refresh_from_db()
    assert first.withdrawn
    assert first.withdrawn_by == pavel
    assert standing(takes[0]) == second


def test_it_is_taken_back_and_kept(takes, mei, pavel):
    actions.reject(take=takes[0], reason="light", by=mei)
    assert actions.unreject(take=takes[0], by=pavel)
    assert not actions.unreject(take=takes[0], by=pavel)
    assert standing(takes[0]) is None
    assert Rejection.objects.get().withdrawn_by == pavel


def test_it_shows_on_the_compare_page(signed_in, mei, rosa, takes, marks):
    client, take = signed_in(mei), takes[0]
    page = f"/panels/{take.panel.code}/compare/"
    answer = client.post(f"/takes/{take.code}/reject/", {"reason": f"marker-{marks[1].pk}", "note": "Gone."})
    assert answer["Location"] == f"{page}?take=1#marks"
    html = signed_in(rosa).get(page).content.decode()
    assert "Turned down: a mole under the left eye" in html
    assert "“Gone.” Mei Tan, now." in html
    assert "unreject" not in html
    client.post(f"/takes/{take.code}/unreject/")
    assert "Turned down:" not in client.get(page).content.decode()


def test_it_answers_with_the_part_and_the_tag(signed_in, mei, takes):
    answer = signed_in(mei).post(f"/takes/{takes[0].code}/reject/", {"reason": "light"}, headers=HTMX)
    html = answer.content.decode()
    assert 'id="marks"' in html
    assert f'id="tag-{takes[0].code}" hx-swap-oob="true"' in html


@pytest.mark.parametrize("reason", ["", "ugly", "marker", "marker-", "marker-x", "marker-²"])
def test_it_says_what_is_missing(signed_in, mei, takes, reason):
    answer = signed_in(mei).post(f"/takes/{takes[0].code}/reject/", {"reason": reason}, headers=HTMX)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert not Rejection.objects.exists()


def test_it_is_not_for_those_who_only_look(signed_in, rosa, outsider, takes, marks):
    for user, status in ((rosa, 403), (outsider, 404)):
        client = signed_in(user)
        for reason in ("light", f"marker-{marks[0].pk}"):
            assert client.post(f"/takes/{takes[0].code}/reject/", {"reason": reason}).status_code == status
        assert client.post(f"/takes/{takes[0].code}/unreject/").status_code == status
    assert not Rejection.objects.exists()
