"""Measuring a marker's colour: who may, what is kept, what happens when two do it at once."""

import pytest

from studio.consistency import patches
from studio.consistency.actions import Refused
from studio.media.region import Box
from studio.models import ColourPatch, Take, Verdict
from tests import makers

SPOT = Box(450, 450, 100, 100)  # in the middle of a drawing, where its mark is
CAP = {"on": "take", "left": "45", "top": "45", "width": "10", "height": "10", "revision": 0}


def colour_of(take, marker):
    return f"/takes/{take.code}/markers/{marker.pk}/colour/"


@pytest.fixture
def drawn(team, noor, takes):
    """1A and 1B with real pictures: a cap of nearly the colour, and a green one. One reference."""
    for take, mark in zip(takes, ("#b0502a", "#2f7a4a"), strict=True):
        image = makers.image(team, data=makers.picture(mark=mark))
        Take.objects.filter(pk=take.pk).update(image=image)
        take.refresh_from_db()
    makers.reference(noor.default_set, img=makers.image(team, data=makers.picture(mark="#b85a30")))
    return takes


@pytest.fixture
def cap(marks):
    return marks[2]


def test_it_measures_and_says_how_it_differs(signed_in, mei, drawn, cap):
    client = signed_in(mei)
    answer = client.post(colour_of(drawn[0], cap), CAP)
    assert answer.status_code == 302
    row = ColourPatch.objects.get()
    assert (row.take, row.by, row.box, row.swatch) == (drawn[0], mei, SPOT, "#b4542b")
    assert row.code == "#b0502a"
    html = client.get(answer["Location"]).content.decode()
    assert "<strong>Close</strong> <span>to the swatch" in html
    client.post(colour_of(drawn[1], cap), CAP)
    html = client.get(colour_of(drawn[1], cap)).content.decode()
    assert "Another hue" in html
    assert "Difference, CIEDE2000" in html
    assert not Verdict.objects.exists()  # a measure judges nothing


def test_it_holds_takes_against_the_reference_once_that_is_measured(signed_in, mei, noor, drawn, cap):
    client = signed_in(mei)
    key = noor.default_set.references.get().image.key
    client.post(colour_of(drawn[0], cap), CAP)
    answer = client.post(colour_of(drawn[0], cap), {**CAP, "on": "reference", "reference": key})
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert "to the reference" in html
    assert "Close to the swatch" in html
    assert patches.of_reference(cap).image.key == key


def test_it_keeps_what_was_measured_before(mei, pavel, drawn, cap):
    first = patches.measure_take(take=drawn[0], marker=cap, box=SPOT, by=mei, revision=0)
    second = patches.measure_take(take=drawn[0], marker=cap, box=Box(0, 0, 50, 50), by=pavel, revision=1)
    first.refresh_from_db()
    assert first.replaced
    assert patches.of_take(drawn[0], cap) == second
    assert (second.revision, second.code[:6]) == (2, "#8899a")  # the engines' picture is a JPEG


def test_it_refuses_a_measure_on_top_of_one_that_was_not_seen(signed_in, mei, pavel, drawn, cap):
    patches.measure_take(take=drawn[0], marker=cap, box=SPOT, by=pavel, revision=0)
    answer = signed_in(mei).post(colour_of(drawn[0], cap), {**CAP, "left": 1, "top": 1})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Pavel Novak measured this meanwhile: #b0502a" in html
    assert "Yours would be #8899a" in html
    assert 'name="left" min="0" max="99.9" step="0.1" value="1"' in html  # the box stays
    assert ColourPatch.objects.count() == 1


def test_it_follows_a_marker_from_version_to_version_while_its_swatch_stays(mei, noor, drawn, cap):
    from studio.library import actions as library

    picture = noor.default_set.references.get().image
    patches.measure_reference(image=picture, marker=cap, box=SPOT, by=mei, revision=0)
    newer = library.next_version(subject=noor, by=mei)
    same = newer.markers.get(key=cap.key)
    assert patches.of_reference(same)
    library.edit_marker(
        marker=same, by=mei, revision=same.revision, phrase=same.phrase, category=same.category, colour="#224466"
    )
    same.refresh_from_db()
    assert patches.of_reference(same) is None
    assert patches.base_of(same, None).code == "#224466"
    assert patches.of_reference(cap)  # for what was drawn from the first


@pytest.mark.parametrize(
    "given",
    [
        {"left": ""}, {"left": "x"}, {"width": "0"}, {"width": "-3"}, {"left": "95", "width": "10"}, {"top": "1e9"}, {"height": "nan"},
        {"left": "9" * 10_000}, {"top": "\x00"}, {"revision": "x"}, {"on": "both"}, {"on": "reference", "reference": "nothing"}, {"left": "٤٠"},
    ],
)  # fmt: skip
def test_it_stands_odd_boxes(signed_in, mei, drawn, cap, given):
    answer = signed_in(mei).post(colour_of(drawn[0], cap), {**CAP, **given})
    if given != {"on": "reference", "reference": "nothing"} and given != {"left": "٤٠"}:
        assert answer.status_code == 422
        assert not ColourPatch.objects.exists()
    assert answer.status_code < 500


def test_it_needs_a_swatch_and_the_version_of_the_take(signed_in, mei, team, drawn, marks, cap):
    assert signed_in(mei).get(colour_of(drawn[0], marks[0])).status_code == 404
    theirs = makers.subject(team, "Ilse", locked=True, markers=[("red scarf", "item", "#aa2222")])
    other = theirs.versions.get().markers.get()
    assert signed_in(mei).post(colour_of(drawn[0], other), CAP).status_code == 404
    with pytest.raises(Refused):
        patches.measure_take(take=drawn[0], marker=other, box=SPOT, by=mei, revision=0)
    with pytest.raises(Refused):
        patches.measure_take(take=drawn[0], marker=marks[0], box=SPOT, by=mei, revision=0)


def test_it_is_not_for_those_who_only_look(signed_in, rosa, viktor, outsider, drawn, cap):
    address = colour_of(drawn[0], cap)
    for user, get, post in ((rosa, 200, 403), (viktor, 200, 403), (outsider, 404, 404)):
        client = signed_in(user)
        assert client.get(address).status_code == get
        assert client.post(address, CAP).status_code == post
    assert "Measure the take" not in signed_in(rosa).get(address).content.decode()
    assert not ColourPatch.objects.exists()


def test_it_takes_no_picture_of_another_team(mei, drawn, cap):
    theirs = makers.image(makers.team("Others"))
    with pytest.raises(Refused):
        patches.measure_reference(image=theirs, marker=cap, box=SPOT, by=mei, revision=0)


def test_the_strip_shows_each_panel_and_what_stands_out(signed_in, rosa, mei, project, drawn, cap):
    for take in drawn:
        patches.measure_take(take=take, marker=cap, box=SPOT, by=mei, revision=0)
    html = signed_in(rosa).get(f"/projects/{project.code}/colours/").content.decode()
    assert "1 marker with a swatch, 2 panels" in html
    assert 'aria-label="rust-orange cap in 1A: close"' in html
    assert 'aria-label="rust-orange cap in 1B: another hue, stands out"' in html
    assert "2 measured, 1 stands out" in html


def test_the_strip_says_what_is_not_measured(signed_in, mei, outsider, project, takes):
    html = signed_in(mei).get(f"/projects/{project.code}/colours/").content.decode()
    assert 'aria-label="rust-orange cap in 1A: not measured"' in html
    assert signed_in(outsider).get(f"/projects/{project.code}/colours/").status_code == 404


def test_the_strip_says_where_nothing_has_a_swatch(signed_in, mei, team):
    empty = makers.project(team, "Empty")
    assert "No colour to follow." in signed_in(mei).get(f"/projects/{empty.code}/colours/").content.decode()


def test_the_strip_asks_the_same_queries_on_any_board(signed_in, mei, team, noor, project, drawn, cap, count):
    client = signed_in(mei)
    patches.measure_take(take=drawn[0], marker=cap, box=SPOT, by=mei, revision=0)
    address = f"/projects/{project.code}/colours/"
    client.get(address)
    few = count(lambda: client.get(address))
    scene = project.scenes.get()
    for n in range(6):
        panel = makers.panel(scene, action=f"She waits, {n}.")
        makers.appearance(panel, noor)
        patches.measure_take(
            take=makers.take(panel, drawn[0].image, picked=True, versions={noor.code: 1}),
            marker=cap, box=SPOT, by=mei, revision=0,
        )  # fmt: skip
    assert count(lambda: client.get(address)) == few


def test_the_page_asks_the_same_queries_with_any_number_of_references(signed_in, mei, team, noor, drawn, cap, count):
    client = signed_in(mei)
    address = colour_of(drawn[0], cap)
    client.get(address)
    few = count(lambda: client.get(address))
    for view in ("back", "profile_left", "full_body"):
        makers.reference(noor.default_set, view)
    assert count(lambda: client.get(address)) == few


def test_the_judging_page_says_what_was_measured(signed_in, mei, rosa, drawn, marks, cap, address):
    html = signed_in(mei).get(address(drawn[0], cap)).content.decode()
    assert "Colour not measured" in html
    assert "Measure it" in html
    assert "Measure it" not in signed_in(rosa).get(address(drawn[0], cap)).content.decode()
    patches.measure_take(take=drawn[1], marker=cap, box=SPOT, by=mei, revision=0)
    assert "Another hue than the swatch" in signed_in(mei).get(address(drawn[1], cap)).content.decode()
    assert (
        "Colour"
        not in signed_in(mei).get(address(drawn[0], marks[0])).content.decode().split("judge-said")[1].split("form")[0]
    )


def test_it_proposes_where_to_look_and_keeps_nothing(signed_in, mei, rosa, team, noor, drawn, cap):
    from bench import panels

    reference, panel = panels.reference(0, "#b4542b"), panels.panel(0, "#b4542b", "even", 92)
    image = makers.image(team, data=reference.data)
    Take.objects.filter(pk=drawn[0].pk).update(image=makers.image(team, data=panel.data))
    client, address = signed_in(mei), colour_of(drawn[0], cap)
    assert "Propose where to look" not in client.get(address).content.decode()
    answer = client.post(address, {"do": "look"})
    assert answer.status_code == 422
    assert "Measure it in the reference first" in answer.content.decode()
    patches.measure_reference(image=image, marker=cap, box=reference.patch, by=mei, revision=0)
    html = client.post(address, {"do": "look"}).content.decode()
    assert "The box on the take is a proposal" in html
    assert ColourPatch.objects.count() == 1
    assert signed_in(rosa).post(address, {"do": "look"}).status_code == 403
    html = client.post(colour_of(drawn[1], cap), {"do": "look"}).content.decode()
    assert "Look for it yourself." in html


def test_it_goes_on_to_the_next_panel_that_is_not_measured(signed_in, mei, project, drawn, cap):
    client = signed_in(mei)
    answer = client.post(colour_of(drawn[0], cap), {**CAP, "then": "next"})
    assert answer["Location"] == colour_of(drawn[1], cap)
    answer = client.post(colour_of(drawn[1], cap), {**CAP, "then": "next"})
    assert answer["Location"] == f"/projects/{project.code}/colours/"
