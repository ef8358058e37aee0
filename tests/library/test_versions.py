import pytest

from studio.library import actions
from studio.library.models import Locked, Marker, Subject, SubjectVersion
from studio.models import Event
from tests import makers

MARKS = [("narrow face", "face", ""), ("wool cap", "item", "#c9962c"), ("black hair", "hair", "")]


@pytest.fixture
def noor(team):
    return makers.subject(team, bible="A pilot with a narrow face and a wool cap.", markers=MARKS)


def lock(client, subject, **over):
    draft = subject.draft
    data = {"number": draft.number, "revision": draft.revision, **over} if draft else over
    return client.post(f"/subjects/{subject.code}/lock/", data)


def fresh(subject):
    return Subject.objects.get(pk=subject.pk)


def test_a_producer_locks_bible_and_markers(noor, pavel, signed_in):
    client = signed_in(pavel)
    asked = client.get(f"/subjects/{noor.code}/lock/").content.decode()
    assert "word for word" in asked
    assert lock(client, noor).status_code == 302
    version = fresh(noor).locked
    assert (version.number, version.locked_by) == (1, pavel)
    page = client.get(f"/subjects/{noor.code}/").content.decode()
    assert "<mark>narrow face</mark>" in page
    assert "Locked, v1" in page
    assert 'name="bible"' not in page


@pytest.mark.parametrize("who", ["mei", "rosa", "viktor"])
def test_nobody_below_a_producer_locks(noor, who, request, signed_in):
    assert lock(signed_in(request.getfixturevalue(who)), noor).status_code == 403
    assert fresh(noor).locked is None


def test_an_outsider_finds_nothing_to_lock(noor, outsider, signed_in):
    client = signed_in(outsider)
    assert lock(client, noor).status_code == 404
    assert client.get(f"/subjects/{noor.code}/history/").status_code == 404
    assert client.post(f"/subjects/{noor.code}/next/").status_code == 404


def test_it_does_not_lock_an_empty_bible(team, pavel, signed_in):
    empty = makers.subject(team, bible=" ", markers=MARKS)
    answer = lock(signed_in(pavel), empty)
    assert answer.status_code == 422
    assert "The bible is empty." in answer.content.decode()
    assert fresh(empty).locked is None


def test_it_does_not_lock_without_a_marker(team, pavel, signed_in):
    bare = makers.subject(team, bible="A pilot.")
    answer = lock(signed_in(pavel), bare)
    assert answer.status_code == 422
    assert "There is no marker yet." in answer.content.decode()


def test_a_double_click_locks_once(noor, pavel):
    version = noor.draft
    assert actions.lock_version(version=version, by=pavel) is True
    first = SubjectVersion.objects.get(pk=version.pk).locked_at
    assert actions.lock_version(version=version, by=pavel) is False
    assert SubjectVersion.objects.get(pk=version.pk).locked_at == first
    assert Event.objects.filter(verb="subject.locked", code=noor.code).count() == 1


def test_a_second_click_on_the_page_leads_back_to_it(noor, pavel, signed_in):
    client = signed_in(pavel)
    sent = {"number": 1, "revision": 1}
    assert client.post(f"/subjects/{noor.code}/lock/", sent).status_code == 302
    assert client.post(f"/subjects/{noor.code}/lock/", sent).status_code == 302
    assert fresh(noor).versions.count() == 1


def test_it_does_not_lock_what_was_not_read(noor, mei, pavel, signed_in):
    actions.save_bible(version=noor.draft, by=mei, revision=1, bible="Another text.")
    answer = lock(signed_in(pavel), noor, revision=1)
    assert answer.status_code == 409
    assert "Another text." in answer.content.decode()
    assert fresh(noor).locked is None


def test_a_locked_version_is_not_edited_by_any_verb(noor, ada):
    version = noor.draft
    marker = version.markers.first()
    actions.lock_version(version=version, by=ada)
    for verb in (
        lambda: actions.save_bible(version=version, by=ada, revision=1, bible="Else."),
        lambda: actions.add_marker(version=version, by=ada, phrase="scar"),
        lambda: actions.edit_marker(marker=marker, by=ada, revision=1, phrase="scar", category="mark"),
        lambda: actions.remove_marker(marker=marker, by=ada),
        lambda: actions.move_marker(marker=marker, by=ada, after=None),
    ):
        with pytest.raises(Locked):
            verb()
    kept = SubjectVersion.objects.get(pk=version.pk)
    assert kept.bible == "A pilot with a narrow face and a wool cap."
    assert [m.phrase for m in kept.markers.all()] == [phrase for phrase, _, _ in MARKS]


def test_a_locked_version_is_not_edited_past_the_verbs_either(team):
    version = makers.subject(team, locked=True, markers=MARKS).locked
    marker = version.markers.first()
    version.bible = "Else."
    for edit in (
        version.save,
        version.delete,
        marker.save,
        marker.delete,
        lambda: Marker.objects.create(version=version, phrase="scar"),
        lambda: version.markers.update(phrase="scar"),
        lambda: version.markers.all().delete(),
        lambda: Marker.objects.bulk_create([Marker(version=version, phrase="scar")]),
        lambda: SubjectVersion.objects.filter(pk=version.pk).update(bible="Else."),
        lambda: SubjectVersion.objects.filter(pk=version.pk).update(locked_at=None),
        lambda: SubjectVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(Locked):
            edit()
    assert SubjectVersion.objects.get(pk=version.pk).bible == "A short bible."


def test_a_locked_subject_can_still_go_with_its_team(team):
    subject = makers.subject(team, locked=True, markers=MARKS)
    subject.delete()
    assert not SubjectVersion.objects.filter(pk__gt=0).exists()


def test_the_next_version_copies_bible_and_markers_with_their_keys(noor, pavel, mei, signed_in):
    actions.lock_version(version=noor.draft, by=pavel)
    client = signed_in(mei)
    assert client.post(f"/subjects/{noor.code}/next/").status_code == 302
    after = fresh(noor)
    assert (after.locked.number, after.draft.number) == (1, 2)
    assert after.draft.bible == after.locked.bible
    was, now = (
        list(v.markers.values_list("key", "phrase", "category", "colour", "position"))
        for v in (after.locked, after.draft)
    )
    assert was == now
    page = client.get(f"/subjects/{noor.code}/").content.decode()
    assert "Panels are drawn from v1 until v2 is locked." in page


def test_asking_for_the_next_version_twice_makes_one(noor, ada):
    actions.lock_version(version=noor.draft, by=ada)
    first = actions.next_version(subject=fresh(noor), by=ada)
    assert actions.next_version(subject=fresh(noor), by=ada) == first
    assert fresh(noor).versions.count() == 2


def test_history_says_who_locked_what_and_shows_the_difference(noor, pavel, mei, signed_in):
    actions.lock_version(version=noor.draft, by=pavel)
    draft = actions.next_version(subject=fresh(noor), by=mei)
    actions.save_bible(version=draft, by=mei, revision=1, bible="A pilot with a round face and a wool cap.")
    actions.edit_marker(marker=draft.markers.first(), by=mei, revision=1, phrase="round face", category="face")
    page = signed_in(mei).get(f"/subjects/{noor.code}/history/").content.decode()
    assert "Locked by Pavel Novak" in page
    assert "<del>narrow</del>" in page
    assert "<ins>round</ins>" in page
    assert "2 more are the same" in page
    first = signed_in(mei).get(f"/subjects/{noor.code}/history/?version=1&against=7").content.decode()
    assert "v1, the first" in first
    assert "<ins>" not in first


def test_an_unlocked_draft_says_that_it_gives_test_shots(noor, viktor, signed_in):
    page = signed_in(viktor).get(f"/subjects/{noor.code}/").content.decode()
    assert "only gives test shots" in page
    assert "A producer or owner locks it." in page
    assert "<textarea" not in page
