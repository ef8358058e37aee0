import pytest

from studio.library.models import Character, Kind, Subject
from studio.models import Event
from tests import makers


def fresh(subject):
    return Subject.objects.get(pk=subject.pk)


@pytest.mark.parametrize(
    ("slug", "kind"),
    [("characters", "character"), ("products", "product"), ("locations", "location"), ("styles", "style")],
)
def test_it_adds_a_subject_of_each_kind_with_its_draft_and_its_set(team, mei, signed_in, slug, kind):
    client = signed_in(mei)
    answer = client.post(f"/library/{slug}/new/", {"name": "  Tern\x00 ", "bible": "Squat."})
    made = Subject.objects.get()
    assert answer["Location"] == f"/subjects/{made.code}/"
    assert (made.name, made.kind, made.team, made.draft.number, made.draft.bible) == ("Tern", kind, team, 1, "Squat.")
    assert made.default_set.outfit is None
    assert made.species == ("person" if kind == "character" else "")
    assert Event.objects.get(verb="subject.created").code == made.code
    page = client.get(answer["Location"]).content.decode()
    assert ('id="wardrobe-title"' in page) == (kind == "character")


def test_an_animal_is_a_character(team, mei, signed_in):
    signed_in(mei).post("/library/characters/new/", {"name": "Biscuit", "species": "animal"})
    assert Character.objects.get().species == "animal"


def test_it_asks_for_a_name_and_keeps_the_bible(team, mei, signed_in):
    answer = signed_in(mei).post("/library/characters/new/", {"name": " ", "bible": "A pilot."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give it a name." in page
    assert "A pilot." in page
    assert not Subject.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("mei", 200), ("rosa", 403), ("viktor", 403)])
def test_who_may_add(who, status, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get("/library/characters/new/").status_code == status


def test_a_kind_that_does_not_exist_is_not_there(mei, signed_in):
    assert signed_in(mei).get("/library/vehicles/").status_code == 404
    assert signed_in(mei).get("/library/vehicles/new/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(team, client):
    noor = makers.subject(team)
    assert client.get("/library/characters/")["Location"].startswith("/sign-in/")
    assert client.get(f"/subjects/{noor.code}/")["Location"].startswith("/sign-in/")


def test_the_list_shows_the_teams_own_by_kind_with_coverage_version_and_use(team, viktor, outsider, signed_in):
    noor = makers.subject(team, "Noor", locked=True)
    makers.subject(team, "Tern flask", Kind.PRODUCT)
    for view in ("front", "back"):
        makers.reference(noor.default_set, view, makers.bare_image(team))
    scene = makers.scene(makers.project(team))
    for picked in (True, False):
        panel = makers.panel(scene)
        makers.appearance(panel, noor)
        if picked:
            makers.take(panel, picked=True)
    page = signed_in(viktor).get("/library/characters/").content.decode()
    assert "Noor" in page
    assert "Tern flask" not in page
    assert "In 1 project, 1 picture" in page
    assert "/8" in page
    assert ">v1<" in page
    assert "Add character" not in page
    assert "Noor" not in signed_in(outsider).get("/library/characters/").content.decode()


def test_a_location_counts_the_panels_of_its_scenes(team, mei, signed_in):
    pier = makers.subject(team, "Pier", Kind.LOCATION)
    scene = makers.scene(makers.project(team), location=pier)
    makers.take(makers.panel(scene), picked=True)
    assert "In 1 project, 1 picture" in signed_in(mei).get("/library/locations/").content.decode()


def test_the_list_finds_by_name(team, mei, signed_in):
    makers.subject(team, "Noor")
    makers.subject(team, "Tove")
    page = signed_in(mei).get("/library/characters/?q=noo").content.decode()
    assert "Noor" in page
    assert "Tove" not in page
    assert "Nothing here is called" in signed_in(mei).get("/library/characters/?q=zz").content.decode()


def test_an_empty_list_says_what_to_do(mei, signed_in):
    assert "No styles yet" in signed_in(mei).get("/library/styles/").content.decode()


def test_it_renames(team, mei, signed_in):
    noor = makers.subject(team)
    answer = signed_in(mei).post(
        f"/subjects/{noor.code}/field/", {"name": "Noor H.", "revision": 1, "species": "person"}
    )
    assert answer["Location"] == f"/subjects/{noor.code}/"
    assert (fresh(noor).name, fresh(noor).revision) == ("Noor H.", 2)


def test_deleting_says_where_the_subject_is_still_seen_and_can_be_undone(team, mei, signed_in):
    noor = makers.subject(team)
    scene = makers.scene(makers.project(team, "Night ferry"))
    for _ in range(2):
        makers.appearance(makers.panel(scene), noor)
    client = signed_in(mei)
    answer = client.post(f"/subjects/{noor.code}/delete/", follow=True)
    page = answer.content.decode()
    assert "Noor is out of the library. Night ferry 1A, 1B still show Noor, and keep it." in page
    assert client.get(f"/subjects/{noor.code}/").status_code == 404
    assert scene.panels.first().appearances.count() == 1
    assert client.post(f"/subjects/{noor.code}/restore/", follow=True).status_code == 200
    assert client.get(f"/subjects/{noor.code}/").status_code == 200
    assert list(Event.objects.filter(code=noor.code).values_list("verb", flat=True)) == [
        "subject.restored",
        "subject.deleted",
    ]


@pytest.mark.parametrize("act", ["field", "delete", "restore"])
@pytest.mark.parametrize(("who", "status"), [("viktor", 403), ("rosa", 403), ("outsider", 404)])
def test_who_may_not_change_a_subject(team, act, who, status, request, signed_in):
    noor = makers.subject(team)
    if act == "restore":
        from django.utils import timezone

        Subject.objects.filter(pk=noor.pk).update(deleted=timezone.now())
    client = signed_in(request.getfixturevalue(who))
    assert client.post(f"/subjects/{noor.code}/{act}/", {"name": "X", "revision": 1}).status_code == status
    assert fresh(noor).name == "Noor"


def test_an_outsider_does_not_see_the_page(team, outsider, signed_in):
    noor = makers.subject(team)
    assert signed_in(outsider).get(f"/subjects/{noor.code}/").status_code == 404


def test_a_long_list_says_that_it_goes_on(team, mei, signed_in, monkeypatch):
    from studio.views import subjects

    monkeypatch.setattr(subjects, "SHOWN", 2)
    for name in ("Ana", "Bo", "Cy"):
        makers.subject(team, name)
    client = signed_in(mei)
    page = client.get("/library/characters/").content.decode()
    assert "The first 2 by name." in page
    assert "Cy" not in page
    assert "Cy" in client.get("/library/characters/?q=cy").content.decode()
