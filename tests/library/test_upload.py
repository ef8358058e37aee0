"""Files in: by script one at a time, by a plain form several; good ones, bad ones, the same ones."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.library import actions
from studio.library.models import Reference
from studio.models import Event, Image
from tests import makers


@pytest.fixture
def noor(team):
    return makers.subject(team)


def file(data=None, name="front.png", kind="image/png"):
    return SimpleUploadedFile(name, makers.picture() if data is None else data, kind)


def send(client, noor, *files, **more):
    return client.post(f"/sets/{noor.default_set.code}/upload/", {"file": list(files), **more})


def test_one_file_is_answered_with_its_tile_and_the_dial(noor, mei, signed_in):
    answer = send(signed_in(mei, HX_Request="true"), noor, file(), view="front")
    page = answer.content.decode()
    made = Reference.objects.get()
    assert answer.status_code == 200
    assert page.lstrip().startswith(f'<li class="reference-tile" id="ref-{made.code}"')
    assert f'id="coverage-{noor.default_set.code}"' in page
    assert f'id="missing-{noor.default_set.code}"' in page
    assert page.count('hx-swap-oob="true"') >= 3
    assert "Soft: 640 px, wants 1024" in page
    assert (made.view, made.image.team, made.image.uploaded_by) == ("front", noor.team, mei)
    assert Event.objects.get(verb="reference.added").data["name"] == "front.png"


def test_a_detail_brings_its_name(noor, mei, signed_in):
    send(signed_in(mei, HX_Request="true"), noor, file(), view="detail", detail="Hands")
    assert Reference.objects.get().detail == "Hands"


def test_a_view_that_does_not_exist_is_left_unsaid(noor, mei, signed_in):
    send(signed_in(mei, HX_Request="true"), noor, file(), view="sideways")
    assert Reference.objects.get().view == ""


def test_the_same_bytes_are_skipped_and_said(noor, mei, signed_in):
    client = signed_in(mei, HX_Request="true")
    data = makers.picture()
    send(client, noor, file(data))
    answer = send(client, noor, file(data, "again.png"))
    assert (answer.status_code, answer.content.decode()) == (409, "again.png is in this set already.")
    assert answer["Content-Type"].startswith("text/plain")
    assert (Reference.objects.count(), Image.objects.count()) == (1, 1)


def test_the_same_bytes_in_another_set_are_stored_once(noor, mei, outsider):
    data = makers.picture()
    worn = makers.outfit(noor)
    first = actions.add_reference(reference_set=noor.default_set, by=mei, name="a.png", data=data)
    second = actions.add_reference(reference_set=worn.reference_set, by=mei, name="b.png", data=data)
    assert first.image == second.image
    elsewhere = makers.subject(outsider.teams.get(), "Theirs")
    third = actions.add_reference(reference_set=elsewhere.default_set, by=outsider, name="c.png", data=data)
    assert third.image != first.image


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.png", "empty.png is empty."),
        (makers.picture()[:900], "cut.png", "cut.png is cut off"),
        (b"%PDF-1.7 not a picture", "scan.png", "scan.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "logo.svg"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, "noise.png", "noise.png"),
    ],
)
def test_a_bad_file_gets_a_plain_sentence(noor, mei, signed_in, data, name, words):
    answer = send(signed_in(mei, HX_Request="true"), noor, file(data, name))
    assert answer.status_code == 422
    assert answer.content.decode().startswith(words)
    assert not Reference.objects.exists()
    assert not Image.objects.exists()


def test_a_file_over_the_limit_is_not_read(noor, mei, signed_in, settings):
    settings.UPLOAD_BYTES = 1000
    answer = send(signed_in(mei, HX_Request="true"), noor, file())
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()


def test_a_name_with_folders_is_only_a_name(noor, mei, signed_in):
    answer = send(signed_in(mei, HX_Request="true"), noor, file(b"", "../../etc/pass\u202ewd.png"))
    assert answer.content.decode().startswith("passwd.png is empty.")


def test_markup_in_a_name_is_text(noor, mei, signed_in):
    page = send(signed_in(mei), noor, file(b"", "<b>x.png")).content.decode()
    assert "<b>x.png" not in page


def test_a_plain_form_takes_several_and_says_what_became_of_each(noor, mei, signed_in):
    data = makers.picture(mark="#112233")
    good, twice, bad = file(data, "good.png"), file(data, "twice.png"), file(b"", "bad.png")
    answer = send(signed_in(mei), noor, good, twice, bad)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 of 3 pictures added" in page
    assert "twice.png is in this set already." in page
    assert "bad.png is empty." in page
    assert Reference.objects.count() == 1


def test_a_plain_form_that_went_well_leads_back(noor, mei, signed_in):
    answer = send(signed_in(mei), noor, file(), file(makers.picture(mark="#ff0000"), "two.png"))
    assert (answer.status_code, answer["Location"]) == (302, f"/subjects/{noor.code}/")
    assert list(Reference.objects.values_list("position", flat=True)) == [0, 1]


def test_no_file_is_said(noor, mei, signed_in):
    client = signed_in(mei)
    assert (
        "No file was chosen." in client.post(f"/sets/{noor.default_set.code}/upload/", {}, follow=True).content.decode()
    )


def test_there_is_an_end_to_a_set(noor, mei, signed_in, monkeypatch):
    from studio.library.actions import references

    monkeypatch.setattr(references, "MOST", 1)
    client = signed_in(mei, HX_Request="true")
    send(client, noor, file())
    answer = send(client, noor, file(makers.picture(mark="#ff0000"), "two.png"))
    assert answer.status_code == 422
    assert answer.content.decode() == "two.png was not added: 1 pictures are the most in one set."


def test_a_deleted_outfits_set_takes_nothing(noor, mei, signed_in):
    worn = makers.outfit(noor)
    actions.delete_subject(subject=noor, by=mei)
    answer = signed_in(mei, HX_Request="true").post(f"/sets/{worn.reference_set.code}/upload/", {"file": file()})
    assert answer.status_code == 404


@pytest.mark.parametrize(("who", "status"), [("rosa", 403), ("viktor", 403), ("outsider", 404)])
def test_who_may_not_add(noor, who, status, request, signed_in):
    assert send(signed_in(request.getfixturevalue(who)), noor, file()).status_code == status
    assert not Image.objects.exists()


def test_the_form_works_without_scripts(noor, mei, signed_in):
    page = signed_in(mei).get(f"/subjects/{noor.code}/?add=profile_left").content.decode()
    assert f'action="/sets/{noor.default_set.code}/upload/"' in page
    assert 'enctype="multipart/form-data"' in page
    assert '<option value="profile_left" selected>' in page
