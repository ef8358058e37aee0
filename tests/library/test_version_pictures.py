"""A version keeps what the reference sets held when it was locked, and its page shows the difference."""

from __future__ import annotations

import pytest

from studio.library import actions, pictures
from studio.models import Reference, Subject, SubjectVersion
from tests import makers


def row(code, image="", note="", view="front"):
    return {"code": code, "image": image or code, "view": view, "detail": "", "note": note, "label": view.title()}


def held(*rows, of="own", name=""):
    return {"set": of, "name": name, "pictures": list(rows)}


def words(old, new):
    return [(c.word, (c.now or c.was)["code"]) for one in pictures.difference(old, new) for c in one.changes]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("abc", "abc", ["Same a", "Same b", "Same c"]),
        ("abc", "bc", ["Same b", "Same c", "Gone a"]),
        ("abc", "cab", ["Moved c", "Same a", "Same b"]),
        ("ab", "axb", ["Same a", "Added x", "Same b"]),
        ("", "a", ["Added a"]),
        ("a", "", ["Gone a"]),
        ("", "", []),
    ],
)
def test_it_says_what_came_went_and_moved(old, new, found):
    assert [f"{word} {code}" for word, code in words([held(*map(row, old))], [held(*map(row, new))])] == found


def test_a_note_or_another_view_is_a_change_and_a_picture_put_back_is_the_same():
    (one,) = pictures.difference(
        [held(row("a"), row("b"), row("c"))], [held(row("a", note="use"), row("b", view="back"), row("z", "c"))]
    )
    assert [c.word for c in one.changes] == ["Changed", "Changed", "Same"]
    assert one.changes[0].notes == ("", "use")
    assert pictures.said([one]) == "2 pictures changed"


def test_an_outfit_that_is_gone_comes_last():
    old = [held(row("a")), held(row("k"), of="coat", name="Coat"), held(of="hat", name="Hat")]
    assert [(one.name, one.different[0].word) for one in pictures.difference(old, [held(row("b"))])] == [
        ("", "Added"),
        ("Coat", "Gone"),
    ]


@pytest.fixture
def noor(team):
    noor = makers.subject(team, bible="A pilot with a narrow face.", markers=[("narrow face", "face", "")])
    for view in ("front", "back", "profile_left"):
        makers.reference(noor.default_set, view, makers.bare_image(team))
    coat = makers.outfit(noor, "Coat")
    makers.reference(coat.reference_set, "front", makers.bare_image(team))
    return noor


def locked(subject, by):
    draft = SubjectVersion.objects.select_related("subject").get(subject=subject, locked_at=None)
    actions.lock_version(version=draft, by=by)
    return SubjectVersion.objects.get(pk=draft.pk)


def test_it_keeps_them_at_the_lock(noor, pavel):
    found = locked(noor, pavel).pictures
    assert [(one["name"], [p["label"] for p in one["pictures"]]) for one in found] == [
        ("", ["Front", "Back", "Left profile"]), ("Coat", ["Front"]),
    ]  # fmt: skip


def test_the_page_sets_two_versions_side_by_side(noor, team, pavel, viktor, outsider, signed_in):
    locked(noor, pavel)
    here = f"/subjects/{noor.code}/history/"
    front, back, _ = noor.default_set.references.all()
    actions.remove_reference(reference=back, by=pavel)
    actions.edit_reference(reference=front, by=pavel, revision=1, view="front", note_text="the face")
    client = signed_in(viktor)
    assert "Since v1 was locked: 1 picture gone, 1 changed" in client.get(here).content.decode()
    actions.next_version(subject=Subject.objects.get(pk=noor.pk), by=pavel)
    assert "as they are now" in client.get(here).content.decode()
    locked(noor, pavel)
    makers.reference(noor.default_set, "top", makers.bare_image(team))  # after the lock: of no version yet
    page = client.get(here, {"version": 2, "against": 1})
    (own, coat) = page.context["pictures"]
    assert [c.word for c in own.different] == ["Changed", "Gone"]
    assert (own.same, coat.same) == (1, 1)
    shown = page.content.decode()
    assert "1. Front" in shown
    assert "the face" in shown
    assert "Since v2 was locked: 1 picture added" in shown
    assert page.context["rows"][0]["note"] == "1 picture gone, 1 changed"
    assert Reference.objects.filter(reference_set=noor.default_set).count() == 3
    assert signed_in(outsider).get(here).status_code == 404


def test_a_version_locked_before_that_says_so(team, mei, signed_in):
    old = makers.subject(team, locked=True)
    page = signed_in(mei).get(f"/subjects/{old.code}/history/").content.decode()
    assert "nobody can say which pictures its sets held" in page
