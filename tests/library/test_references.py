import re

import pytest

from studio.library import actions
from studio.library.models import Reference
from studio.models import Event
from tests import makers


@pytest.fixture
def noor(team):
    return makers.subject(team)


@pytest.fixture
def three(team, noor):
    return [makers.reference(noor.default_set, view, makers.bare_image(team)) for view in ("back", "front", "")]


def order(noor):
    return [r.pk for r in Reference.objects.filter(reference_set=noor.default_set)]


def test_a_view_is_set_and_the_dial_follows(noor, three, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    answer = client.post(
        f"/references/{three[2].code}/", {"view": "profile_left", "note": "By the window", "revision": 1}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.startswith(f'<ul class="tiles" id="tiles-{noor.default_set.code}"')
    assert 'hx-swap-oob="true"' in page
    three[2].refresh_from_db()
    assert (three[2].view, three[2].note, three[2].revision) == ("profile_left", "By the window", 2)


def test_a_details_name_goes_when_it_is_no_detail(noor, three, mei):
    made = actions.edit_reference(reference=three[0], by=mei, revision=1, view="detail", detail="Hands")
    assert made.detail == "Hands"
    assert actions.edit_reference(reference=made, by=mei, revision=2, view="back", detail="Hands").detail == ""


def test_a_stale_tile_is_a_conflict_beside_its_own_control(three, mei, pavel, signed_in):
    actions.edit_reference(reference=three[2], by=pavel, revision=1, view="base")
    answer = signed_in(mei, HX_Request="true").post(f"/references/{three[2].code}/", {"view": "top", "revision": 1})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == f"#state-ref-{three[2].code}"
    assert "Pavel Novak changed this meanwhile." in answer.content.decode()
    three[2].refresh_from_db()
    assert three[2].view == "base"


@pytest.mark.parametrize(
    ("sent", "words"), [({"view": "sideways"}, "No such view."), ({"note": "x" * 201}, "200 are the most")]
)
def test_it_refuses_in_words(three, mei, signed_in, sent, words):
    answer = signed_in(mei, HX_Request="true").post(
        f"/references/{three[0].code}/", {"view": "back", "revision": 1} | sent
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_by_view_and_in_order_sent(noor, three, mei, signed_in):
    client = signed_in(mei)
    shown = lambda query: re.findall(r'id="ref-(\w+)"', client.get(f"/subjects/{noor.code}/{query}").content.decode())  # noqa: E731
    back, front, unsaid = (r.code for r in three)
    assert shown("") == [front, back, unsaid]
    assert shown("?order=sent") == [back, front, unsaid]


def test_it_moves_behind_a_neighbour_and_says_where(noor, three, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    a, b, c = (r.pk for r in three)
    answer = client.post(f"/references/{three[0].code}/move/?order=sent", {"after": c})
    assert order(noor) == [b, c, a]
    assert "moved to 3 of 3" in answer.headers["HX-Trigger-After-Settle"]
    client.post(f"/references/{three[0].code}/move/?order=sent", {"after": ""})
    assert order(noor) == [a, b, c]
    client.post(f"/references/{three[2].code}/move/?order=sent", {"step": "earlier"})
    assert order(noor) == [a, c, b]


def test_two_who_move_at_once_lose_nothing(noor, three, mei, pavel):
    a, b, c = three
    actions.move_reference(reference=a, by=mei, after=c.pk)
    actions.move_reference(reference=b, by=pavel, after=None)
    assert sorted(order(noor)) == sorted(r.pk for r in three)
    assert list(Reference.objects.filter(reference_set=noor.default_set).values_list("position", flat=True)) == [
        0,
        1,
        2,
    ]


def test_it_is_removed_and_brought_back_in_its_place(noor, three, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    was = order(noor)
    page = client.post(f"/references/{three[1].code}/delete/").content.decode()
    assert order(noor) == [was[0], was[2]]
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    for _ in range(2):
        assert client.post(f"/sets/{noor.default_set.code}/restore/", {"token": token}).status_code == 200
    back = list(Reference.objects.filter(reference_set=noor.default_set))
    assert [(r.code, r.view) for r in back] == [(r.code, r.view) for r in three]
    assert back[1].image == three[1].image
    assert Event.objects.filter(verb="reference.restored").count() == 1


def test_a_token_of_one_set_opens_no_other(team, noor, three, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    page = client.post(f"/references/{three[1].code}/delete/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    other = makers.subject(team, "Tove").default_set
    assert client.post(f"/sets/{other.code}/restore/", {"token": token}).status_code == 404
    assert client.post(f"/sets/{noor.default_set.code}/restore/", {"token": "x"}).status_code == 404


def test_without_scripts_the_undo_stands_on_the_page(noor, three, mei, signed_in):
    page = signed_in(mei).post(f"/references/{three[1].code}/delete/", follow=True).content.decode()
    assert "Front is removed." in page
    assert f'action="/sets/{noor.default_set.code}/restore/"' in page


def test_it_goes_to_another_set_of_the_same_subject(team, noor, three, mei, signed_in):
    worn = makers.outfit(noor).reference_set
    client = signed_in(mei)
    client.post(f"/references/{three[0].code}/transfer/", {"to": worn.code})
    three[0].refresh_from_db()
    assert three[0].reference_set == worn
    stranger = makers.subject(team, "Tove").default_set
    said = client.post(f"/references/{three[1].code}/transfer/", {"to": stranger.code}, follow=True).content.decode()
    assert "That set belongs to somebody else." in said
    twin = Reference.objects.create(reference_set=worn, image=three[1].image, sha256=three[1].sha256)
    said = client.post(f"/references/{three[1].code}/transfer/", {"to": worn.code}, follow=True).content.decode()
    assert "The picture is in this set already." in said
    assert twin.reference_set == worn


@pytest.mark.parametrize(("who", "status"), [("rosa", 403), ("viktor", 403), ("outsider", 404)])
def test_who_may_not_touch_them(noor, three, who, status, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    code = three[0].code
    for url in (f"/references/{code}/", *(f"/references/{code}/{act}/" for act in ("move", "delete", "transfer"))):
        assert client.post(url, {"view": "top", "revision": 1, "to": noor.default_set.code}).status_code == status
    assert client.post(f"/sets/{noor.default_set.code}/restore/", {"token": "x"}).status_code == status
    assert order(noor) == [r.pk for r in three]


def test_a_viewer_sees_views_and_no_controls(noor, three, viktor, signed_in):
    page = signed_in(viktor).get(f"/subjects/{noor.code}/").content.decode()
    assert "<b>Front</b>" in page
    assert 'name="view"' not in page
    assert "dropzone" not in page
