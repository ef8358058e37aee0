"""A panel's markers in its inspector and on its compare page."""

from studio.consistency import actions, beside, queries
from studio.models import Panel, Take
from tests import makers

HTMX = {"HX-Request": "true", "HX-Target": "marks"}


def test_the_inspector_says_how_they_came_out(signed_in, mei, rosa, takes, marks):
    for marker, result in zip(marks, ("same", "same", "drifted"), strict=True):
        actions.judge(take=takes[0], marker=marker, result=result, by=mei, revision=0)
    page = f"/panels/{takes[0].panel.code}/"
    for user, words in ((mei, "Judge"), (rosa, "See which")):
        html = signed_in(user).get(page).content.decode()
        assert "Markers: 2 of 3 same, 1 drifted." in html
        assert f'/compare/?take=1#marks" data-key="m">{words}</a>' in html


def test_the_inspector_says_nothing_where_nothing_is_locked(signed_in, mei, takes):
    Take.objects.update(versions={})
    assert "Markers:" not in signed_in(mei).get(f"/panels/{takes[0].panel.code}/").content.decode()


def test_compare_lists_them_for_the_take_at_hand(signed_in, mei, noor, takes, marks):
    panel = takes[0].panel
    other = makers.take(panel, versions={noor.code: 1})
    for marker in marks:
        actions.judge(take=takes[0], marker=marker, result="same", by=mei, revision=0)
    actions.judge(take=other, marker=marks[2], result="missing", by=mei, revision=0)
    html = signed_in(mei).get(f"/panels/{panel.code}/compare/?take=2").content.decode()
    assert "All markers same" in html  # under take 1
    assert "1 missing" in html
    assert "0 of 1 same, 1 missing, 2 not judged" in html
    assert html.count("data-mark ") == 3


def test_compare_judges_them(signed_in, mei, takes, marks, address):
    client = signed_in(mei)
    answer = client.post(
        address(takes[0], marks[0]), {"result": "same", "revision": 0, "then": "compare"}, headers=HTMX
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="marks"' in html
    assert "1 of 1 same, 2 not judged" in html
    answer = client.post(address(takes[0], marks[1]), {"result": "wrong", "revision": 0, "then": "compare"})
    assert answer["Location"] == f"/panels/{takes[0].panel.code}/compare/?take=1#marks"
    again = client.post(address(takes[0], marks[1]), {"result": "same", "revision": 0}, headers=HTMX)
    assert again.status_code == 409
    assert "Mei Tan judged a mole under the left eye in 1A first: wrong" in again.content.decode()


def test_compare_shows_verdicts_to_those_who_only_look(signed_in, rosa, outsider, mei, takes, marks):
    actions.judge(take=takes[0], marker=marks[0], result="same", by=mei, revision=0)
    page = f"/panels/{takes[0].panel.code}/compare/"
    html = signed_in(rosa).get(page).content.decode()
    assert "1 of 1 same" in html
    assert "mark-button" not in html
    assert signed_in(outsider).get(page).status_code == 404


def test_it_asks_as_often_for_a_crowd_as_for_one(signed_in, mei, team, takes, count):
    """Nine more in the cast, with ten markers each."""
    client, panel = signed_in(mei), takes[0].panel
    pages = [f"/panels/{panel.code}/compare/", f"/panels/{panel.code}/inspector/"]
    few = []
    for page in pages:
        client.get(page, headers={"HX-Request": "true"})
        few.append(count(lambda page=page: client.get(page, headers={"HX-Request": "true"})))
    for n in range(9):
        crowd = makers.subject(team, f"Ilse {n}", locked=True, markers=[(f"mark {m}", "face", "") for m in range(10)])
        makers.appearance(panel, crowd)
        takes[0].versions[crowd.code] = 1
    takes[0].save()
    for page, wanted in zip(pages, few, strict=True):
        assert count(lambda page=page: client.get(page, headers={"HX-Request": "true"})) == wanted


def test_the_library_says_how_each_came_out_over_all_boards(signed_in, rosa, mei, noor, takes, marks):
    actions.judge(take=takes[0], marker=marks[2], result="same", by=mei, revision=0)
    actions.judge(take=takes[1], marker=marks[2], result="missing", by=mei, revision=0)
    beaten = makers.take(takes[0].panel, versions={noor.code: 1})  # not picked: it counts nowhere
    actions.judge(take=beaten, marker=marks[2], result="wrong", by=mei, revision=0)
    html = signed_in(rosa).get(f"/subjects/{noor.code}/").content.decode()
    assert "<small>Signature item · 1 of 2 same, 1 missing</small>" in html
    assert "<small>Face</small>" in html


def slot(image, subject, **more):
    return {
        "n": 1, "role": "identity", "subject": f"character-{subject.code}", "name": subject.name, "view": "front",
        "detail": "", "reference": "x", "image_key": image.key, "sha256": image.sha256, "why": "", **more,
    }  # fmt: skip


def test_it_lays_the_pictures_beside_it_that_were_sent(team, noor, takes, marks):
    front, back, worn, face = (makers.bare_image(team) for _ in range(4))
    takes[0].plan = {
        "slots": [
            slot(front, noor), slot(back, noor, n=2, view="back"), slot(worn, noor, n=3, role="outfit"),
            slot(face, noor, n=4, view="detail", detail="Face"), slot(makers.bare_image(team), makers.subject(team, "Ilse"), n=5),
        ]
    }  # fmt: skip
    found = beside.references(takes[0], marks[0], "back")
    assert [one.n for one in found] == [4, 2, 1, 3]
    assert [one.n for one in beside.references(takes[0], marks[2], "back")] == [2, 1, 4, 3]


def test_it_lays_what_there_is_now_where_none_was_sent(noor, takes, marks):
    makers.reference(noor.default_set, "profile_left")
    makers.reference(noor.default_set, "front")
    found = beside.references(takes[0], marks[0], "front")
    assert [(one.view, one.sent) for one in found] == [("front", False), ("profile_left", False)]


def test_the_page_of_a_cell_shows_both_and_the_way_to_other_references(signed_in, rosa, noor, takes, marks, address):
    first = makers.reference(noor.default_set, "front")
    second = makers.reference(noor.default_set, "back")
    client = signed_in(rosa)
    html = client.get(address(takes[0], marks[0])).content.decode()
    assert first.image.key in html
    assert takes[0].image.key in html
    shown = client.get(address(takes[0], marks[0]), {"reference": second.code})
    assert shown.context["shown"].code == second.code
    assert client.get(address(takes[0], marks[0]), {"reference": "nonsense"}).context["shown"].code == first.code
    part = client.get(address(takes[0], marks[0]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_take_of_a_panel_without_its_cast_hides_nothing(takes, marks):
    Panel.objects.get(pk=takes[1].panel_id).appearances.all().delete()
    assert queries.cell(takes[1], marks[0]).result == ""
