"""Typing into a draft: saved, refused with the text kept, or a conflict with both texts."""

import pytest

from studio.library import actions
from studio.library.models import Subject
from studio.models import Event
from tests import makers


@pytest.fixture
def noor(team):
    return makers.subject(team, bible="A pilot.")


def send(client, noor, bible, revision=1, **more):
    return client.post(f"/subjects/{noor.code}/field/", {"bible": bible, "revision": revision, **more})


def draft(noor):
    return Subject.objects.get(pk=noor.pk).draft


def test_it_saves_and_says_so(noor, mei, signed_in):
    answer = send(signed_in(mei, HX_Request="true"), noor, "A pilot of 34.")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Saved" in page
    assert 'name="revision" value="2"' in page
    assert "<textarea" not in page
    assert draft(noor).bible == "A pilot of 34."


def test_saving_the_same_again_changes_nothing(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    for _ in range(2):
        assert send(client, noor, "A pilot of 34.").status_code == 200
    assert draft(noor).revision == 2
    assert Event.objects.filter(verb="subject.bible").count() == 1


def test_a_stale_form_gets_both_texts_and_a_choice(noor, mei, pavel, signed_in):
    actions.save_bible(version=noor.draft, by=pavel, revision=1, bible="Pavel's text.")
    client = signed_in(mei, HX_Request="true")
    answer = send(client, noor, "Mei's text.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Pavel Novak changed this meanwhile. Yours is kept." in page
    assert "Pavel&#x27;s text." in page
    assert 'name="over" value="2"' in page
    assert draft(noor).bible == "Pavel's text."
    assert send(client, noor, "Mei's text.", over=2).status_code == 200
    assert draft(noor).bible == "Mei's text."


def test_writing_over_is_refused_when_a_third_text_came(noor, mei, pavel, signed_in):
    actions.save_bible(version=noor.draft, by=pavel, revision=1, bible="Second.")
    actions.save_bible(version=noor.draft, by=pavel, revision=2, bible="Third.")
    assert send(signed_in(mei, HX_Request="true"), noor, "Mine.", over=2).status_code == 409
    assert draft(noor).bible == "Third."


def test_ones_own_other_tab_is_called_that(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    send(client, noor, "First tab.")
    assert "You changed this in another tab." in send(client, noor, "Second tab.").content.decode()


def test_without_scripts_a_conflict_keeps_both_texts_in_the_page(noor, mei, pavel, signed_in):
    actions.save_bible(version=noor.draft, by=pavel, revision=1, bible="There already.")
    answer = send(signed_in(mei), noor, "What I typed.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What I typed." in page
    assert "There already." in page
    assert "Keep mine" in page
    assert "</html>" in page


def test_without_scripts_it_saves_and_goes_back(noor, mei, signed_in):
    answer = send(signed_in(mei), noor, "A pilot of 34.")
    assert (answer.status_code, answer["Location"]) == (302, f"/subjects/{noor.code}/")


def test_ten_thousand_characters_are_refused_with_a_sentence_and_kept(noor, mei, signed_in):
    long = "word " * 2000
    answer = send(signed_in(mei, HX_Request="true"), noor, long)
    assert answer.status_code == 422
    assert "9,999 characters; 6,000 are the most." in answer.content.decode()
    assert answer["HX-Retarget"] == "#state-bible"
    kept = send(signed_in(mei), noor, long)
    assert kept.status_code == 422
    assert long.strip()[-200:] in kept.content.decode()
    assert draft(noor).bible == "A pilot."


def test_six_thousand_are_taken(noor, mei, signed_in):
    assert send(signed_in(mei, HX_Request="true"), noor, "x" * 6000).status_code == 200
    assert len(draft(noor).bible) == 6000


def test_control_characters_go_and_every_script_stays(noor, mei, signed_in):
    typed = "A\x00 pilot\x07,\r\nطيّارة 👩🏽‍✈️ 船\u202ereversed\u202c"
    assert send(signed_in(mei, HX_Request="true"), noor, typed).status_code == 200
    assert draft(noor).bible == "A pilot,\nطيّارة 👩🏽‍✈️ 船reversed"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_a_nonsense_revision_is_a_stale_one(noor, mei, signed_in, revision):
    assert send(signed_in(mei, HX_Request="true"), noor, "Mine.", revision=revision).status_code == 409


def test_a_version_locked_meanwhile_is_not_written(noor, mei, pavel, signed_in):
    actions.add_marker(version=noor.draft, by=mei, phrase="scar")
    actions.lock_version(version=noor.draft, by=pavel)
    answer = send(signed_in(mei, HX_Request="true"), noor, "Too late.")
    assert answer.status_code == 409
    assert "This version was locked meanwhile." in answer.content.decode()
    assert Subject.objects.get(pk=noor.pk).locked.bible == "A pilot."


@pytest.mark.parametrize(("who", "status"), [("rosa", 403), ("viktor", 403), ("outsider", 404)])
def test_who_may_not_write(noor, who, status, request, signed_in):
    assert send(signed_in(request.getfixturevalue(who)), noor, "Theirs.").status_code == status
    assert draft(noor).bible == "A pilot."


def test_a_deleted_subject_is_gone_for_its_open_tab(noor, mei, signed_in):
    actions.delete_subject(subject=noor, by=mei)
    assert send(signed_in(mei, HX_Request="true"), noor, "Mine.").status_code == 404


def test_markup_in_a_bible_is_text(noor, mei, signed_in):
    send(signed_in(mei), noor, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in signed_in(mei).get(f"/subjects/{noor.code}/").content.decode()
