import re

import pytest

from studio.library import actions
from studio.library.models import Marker
from studio.models import Event
from tests import makers

MARKS = [("narrow face", "face", ""), ("wool cap", "item", "#c9962c"), ("black hair", "hair", "")]


@pytest.fixture
def noor(team):
    return makers.subject(team, markers=MARKS)


def phrases(noor):
    return list(Marker.objects.filter(version__subject=noor).values_list("phrase", flat=True))


def named(phrase):
    return Marker.objects.get(phrase=phrase)


def test_it_adds_one(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    sent = {"phrase": "small  scar", "category": "mark", "colour": "#AA3311", "colour_on": "on"}
    answer = client.post(f"/subjects/{noor.code}/markers/", sent)
    assert answer.status_code == 200
    made = named("small scar")
    assert (made.category, made.colour, made.position) == ("mark", "#aa3311", 3)
    assert 'id="markers"' in answer.content.decode()
    assert Event.objects.get(verb="marker.added").data["phrase"] == "small scar"


def test_a_colour_that_is_switched_off_is_none(noor, mei, signed_in):
    signed_in(mei).post(f"/subjects/{noor.code}/markers/", {"phrase": "scar", "category": "mark", "colour": "#aa3311"})
    assert named("scar").colour == ""


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"phrase": " "}, "Say it in a few words."),
        ({"phrase": "x" * 121}, "121 characters; 120 are the most."),
        ({"category": "shoes"}, "Choose a category."),
        ({"colour": "red;--x:url(//a)", "colour_on": "on"}, "A colour looks like #b4542b."),
    ],
)
def test_it_refuses_with_a_sentence_and_keeps_what_was_typed(noor, mei, signed_in, sent, words):
    good = {"phrase": "scar", "category": "mark"}
    for client in (signed_in(mei, HX_Request="true"), signed_in(mei)):
        answer = client.post(f"/subjects/{noor.code}/markers/", good | sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert (good | sent)["phrase"].strip() in answer.content.decode()
    assert len(phrases(noor)) == 3


def test_its_row_saves_as_it_is_typed(noor, mei, signed_in):
    marker = named("narrow face")
    sent = {"phrase": "narrow oval face", "category": "face", "revision": 1}
    answer = signed_in(mei, HX_Request="true").post(f"/markers/{marker.pk}/", sent)
    assert "Saved" in answer.content.decode()
    marker.refresh_from_db()
    assert (marker.phrase, marker.revision) == ("narrow oval face", 2)


def test_a_stale_row_is_a_conflict(noor, mei, pavel, signed_in):
    marker = named("narrow face")
    actions.edit_marker(marker=marker, by=pavel, revision=1, phrase="round face", category="face")
    answer = signed_in(mei, HX_Request="true").post(
        f"/markers/{marker.pk}/", {"phrase": "long face", "category": "face", "revision": 1}
    )
    assert answer.status_code == 409
    assert "round face" in answer.content.decode()


def test_it_moves_behind_a_neighbour(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    cap, hair = named("wool cap"), named("black hair")
    client.post(f"/markers/{hair.pk}/move/", {"after": ""})
    assert phrases(noor) == ["black hair", "narrow face", "wool cap"]
    client.post(f"/markers/{hair.pk}/move/", {"after": cap.pk})
    assert phrases(noor) == ["narrow face", "wool cap", "black hair"]
    client.post(f"/markers/{cap.pk}/move/", {"step": "earlier"})
    assert phrases(noor) == ["wool cap", "narrow face", "black hair"]
    client.post(f"/markers/{cap.pk}/move/", {"step": "later"})
    assert phrases(noor) == ["narrow face", "wool cap", "black hair"]


def test_a_neighbour_that_is_gone_leaves_it_at_the_end(noor, mei, signed_in):
    signed_in(mei, HX_Request="true").post(f"/markers/{named('narrow face').pk}/move/", {"after": "999999"})
    assert phrases(noor) == ["wool cap", "black hair", "narrow face"]


def test_it_is_removed_and_comes_back_with_its_key_in_its_place(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    cap = named("wool cap")
    page = client.post(f"/markers/{cap.pk}/delete/").content.decode()
    assert phrases(noor) == ["narrow face", "black hair"]
    assert "is removed." in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    for _ in range(2):
        assert client.post(f"/subjects/{noor.code}/markers/", {"token": token}).status_code == 200
    assert phrases(noor) == ["narrow face", "wool cap", "black hair"]
    assert (named("wool cap").key, named("wool cap").colour) == (cap.key, "#c9962c")


def test_a_forged_or_foreign_undo_brings_nothing_back(team, noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    other = makers.subject(team, "Tove")
    page = client.post(f"/markers/{named('wool cap').pk}/delete/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert client.post(f"/subjects/{other.code}/markers/", {"token": token}).status_code == 404
    assert client.post(f"/subjects/{noor.code}/markers/", {"token": token + "x"}).status_code == 404
    assert not Marker.objects.filter(version__subject=other).exists()


def test_fewer_than_three_get_a_hint(team, mei, signed_in):
    few = makers.subject(team, markers=MARKS[:2])
    client = signed_in(mei)
    assert "Three or more make a likeness" in client.get(f"/subjects/{few.code}/").content.decode()
    actions.add_marker(version=few.draft, by=mei, phrase="scar")
    assert "Three or more make a likeness" not in client.get(f"/subjects/{few.code}/").content.decode()


def test_a_locked_versions_markers_are_refused_in_words(noor, mei, pavel, signed_in):
    marker = named("wool cap")
    actions.lock_version(version=noor.draft, by=pavel)
    client = signed_in(mei, HX_Request="true")
    for url, sent in (
        (f"/subjects/{noor.code}/markers/", {"phrase": "scar", "category": "mark"}),
        (f"/markers/{marker.pk}/delete/", {}),
        (f"/markers/{marker.pk}/move/", {"after": ""}),
        (f"/markers/{marker.pk}/", {"phrase": "cap", "category": "item", "revision": 1}),
    ):
        answer = client.post(url, sent)
        assert answer.status_code in (409, 422)
        assert "locked" in answer.content.decode()
    assert phrases(noor) == [phrase for phrase, _, _ in MARKS]


def test_there_is_an_end_to_them(noor, mei, signed_in):
    for n in range(37):
        actions.add_marker(version=noor.draft, by=mei, phrase=f"mark {n}")
    answer = signed_in(mei, HX_Request="true").post(
        f"/subjects/{noor.code}/markers/", {"phrase": "more", "category": "mark"}
    )
    assert answer.status_code == 422
    assert "40 markers are the most." in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("rosa", 403), ("viktor", 403), ("outsider", 404)])
def test_who_may_not_touch_them(noor, who, status, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    pk = named("wool cap").pk
    for url in (f"/subjects/{noor.code}/markers/", f"/markers/{pk}/", f"/markers/{pk}/delete/", f"/markers/{pk}/move/"):
        assert client.post(url, {"phrase": "x", "category": "face", "revision": 1, "after": ""}).status_code == status
    assert phrases(noor) == [phrase for phrase, _, _ in MARKS]
