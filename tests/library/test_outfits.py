import pytest

from studio.library import actions
from studio.library.models import Kind, Outfit
from studio.models import Event
from tests import makers

WORN = {
    "name": "Oilskins",
    "description": "A yellow jacket.",
    "colour1": "#d8a520",
    "colour1_on": "on",
    "colour2": "#000000",
}


@pytest.fixture
def noor(team):
    return makers.subject(team)


def test_it_adds_one_with_a_set_of_its_own(noor, mei, signed_in):
    answer = signed_in(mei).post(f"/subjects/{noor.code}/outfits/", WORN)
    made = Outfit.objects.get()
    assert answer["Location"] == f"/outfits/{made.code}/"
    assert (made.name, made.description, made.colours) == ("Oilskins", "A yellow jacket.", ["#d8a520"])
    assert made.reference_set.subject == noor
    assert noor.default_set != made.reference_set
    page = signed_in(mei).get(answer["Location"]).content.decode()
    assert "Add a picture of the whole outfit first." in page


def test_only_characters_have_a_wardrobe(team, mei, signed_in):
    flask = makers.subject(team, "Tern flask", Kind.PRODUCT)
    answer = signed_in(mei).post(f"/subjects/{flask.code}/outfits/", WORN)
    assert answer.status_code == 422
    assert "Only characters have a wardrobe." in answer.content.decode()
    assert not Outfit.objects.exists()


def test_it_asks_for_a_name_and_keeps_the_rest(noor, mei, signed_in):
    answer = signed_in(mei).post(f"/subjects/{noor.code}/outfits/", WORN | {"name": ""})
    assert answer.status_code == 422
    assert "A yellow jacket." in answer.content.decode()


def test_it_saves_as_it_is_typed(noor, mei, signed_in):
    outfit = makers.outfit(noor)
    client = signed_in(mei, HX_Request="true")
    answer = client.post(f"/outfits/{outfit.code}/field/", WORN | {"revision": 1})
    assert "Saved" in answer.content.decode()
    outfit.refresh_from_db()
    assert (outfit.name, outfit.colours, outfit.revision) == ("Oilskins", ["#d8a520"], 2)
    stale = client.post(f"/outfits/{outfit.code}/field/", WORN | {"revision": 1, "name": "Else"})
    assert stale.status_code == 409
    assert "A yellow jacket." in stale.content.decode()


def test_a_colour_is_a_colour(noor, mei, signed_in):
    outfit = makers.outfit(noor)
    sent = WORN | {"colour1": "#fff;background:url(x)", "revision": 1}
    assert signed_in(mei, HX_Request="true").post(f"/outfits/{outfit.code}/field/", sent).status_code == 422
    outfit.refresh_from_db()
    assert outfit.colours == []


def test_deleting_one_can_be_undone(noor, mei, signed_in):
    outfit = makers.outfit(noor)
    client = signed_in(mei)
    page = client.post(f"/outfits/{outfit.code}/delete/", follow=True).content.decode()
    assert "Work jacket is out of the wardrobe." in page
    assert f"/outfits/{outfit.code}/restore/" in page
    assert f'href="/outfits/{outfit.code}/"' not in page
    assert client.get(f"/outfits/{outfit.code}/").status_code == 404
    client.post(f"/outfits/{outfit.code}/restore/")
    assert client.get(f"/outfits/{outfit.code}/").status_code == 200
    assert [e.verb for e in Event.objects.filter(code=noor.code)] == ["outfit.restored", "outfit.deleted"]


def test_deleting_twice_is_one_event(noor, mei):
    outfit = makers.outfit(noor)
    for _ in range(2):
        actions.delete_outfit(outfit=outfit, by=mei)
    assert Event.objects.filter(verb="outfit.deleted").count() == 1


@pytest.mark.parametrize(("who", "status"), [("rosa", 403), ("viktor", 403), ("outsider", 404)])
def test_who_may_not_change_a_wardrobe(noor, who, status, request, signed_in):
    outfit = makers.outfit(noor)
    client = signed_in(request.getfixturevalue(who))
    assert client.post(f"/subjects/{noor.code}/outfits/", WORN).status_code == status
    assert client.post(f"/outfits/{outfit.code}/field/", WORN | {"revision": 1}).status_code == status
    assert client.post(f"/outfits/{outfit.code}/delete/").status_code == status
    assert client.get(f"/outfits/{outfit.code}/").status_code == (200 if status == 403 else 404)
    assert Outfit.objects.get().name == "Work jacket"
