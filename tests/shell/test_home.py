"""The pages of the house answer those who may see them."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from studio import models
from tests import makers


def test_it_welcomes_a_team_with_nothing(team, ada, signed_in):
    answer = signed_in(ada).get("/")
    assert answer.status_code == 200
    assert "Start with who has to stay the same" in answer.content.decode()


def test_it_goes_to_the_projects_once_there_is_one(team, ada, signed_in):
    makers.project(team)
    assert signed_in(ada).get("/").url == "/projects/"


@pytest.mark.parametrize("name", ["home", "projects", "project_new", "profile", "keys"])
def test_it_asks_visitors_to_sign_in(db, client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("name", ["projects", "project_new", "profile", "keys"])
def test_it_answers(team, ada, signed_in, name):
    assert signed_in(ada).get(reverse(name)).status_code == 200


def upload(*contents):
    return {"file": [SimpleUploadedFile(f"face-{n}.png", data, "image/png") for n, data in enumerate(contents)]}


def test_it_makes_a_character_of_dropped_pictures(team, mei, signed_in):
    answer = signed_in(mei).post(
        reverse("start_with_pictures"), upload(makers.picture(), b"no picture", makers.picture(mark="#000"))
    )
    subject = models.Subject.objects.for_team(team).get()
    assert answer.url == reverse("subject", args=[subject.code])
    assert subject.default_set.references.count() == 2
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert any("face-1.png" in words for words in said)
    assert "2 pictures added. Give the character a name." in said


def test_it_makes_nothing_of_no_pictures(team, mei, viktor, signed_in):
    for files in (upload(b"no picture"), {}):
        assert signed_in(mei).post(reverse("start_with_pictures"), files).url == reverse("home")
    assert not models.Subject.objects.for_team(team).exists()
    assert signed_in(viktor).post(reverse("start_with_pictures"), upload(makers.picture())).status_code == 403


def test_it_shows_the_month_to_those_who_may_see_money(team, pavel, mei, signed_in):
    makers.take(makers.panel(makers.scene(makers.project(team))), picked=True)
    assert "1 picture" in signed_in(pavel).get("/projects/").content.decode()
    assert "Spent in" not in signed_in(mei).get("/projects/").content.decode()
    models.Team.objects.filter(pk=team.pk).update(monthly_cap=150)
    assert "of a $150 limit" in signed_in(pavel).get("/projects/").content.decode()


def test_it_counts_what_may_have_been_charged_until_it_is_settled(team, pavel, signed_in):
    project = makers.project(team)
    panel, account = makers.panel(makers.scene(project)), makers.account(team)
    batch = models.Batch.objects.create(team=team, project=project, key=uuid.uuid4())
    for state, charged, counted in (
        ("done", True, "0.10"),
        ("unknown", None, "0.10"),
        ("unknown", True, "0.10"),
        ("unknown", False, 0),
        ("waiting", None, "0.10"),
    ):
        models.Job.objects.create(
            batch=batch,
            panel=panel,
            account=account,
            engine="runware",
            model="google:4@3",
            state=state,
            charged=charged,
            counted=counted,
        )
    shown = signed_in(pavel).get("/projects/").content.decode()
    assert "$0.30" in shown
    assert "$0.10 of it possibly" in shown


def test_it_leads_to_the_sample_and_removes_it(team, pavel, mei, signed_in):
    """Loading itself is tried with the sample; here it is there already."""
    client, there = signed_in(pavel), makers.project(team, sample=True)
    assert signed_in(mei).post(reverse("sample_load")).status_code == 403
    assert client.post(reverse("sample_load")).url == reverse("board", args=[there.code])
    assert "Remove the sample" in client.get("/projects/").content.decode()
    assert signed_in(mei).post(reverse("sample_remove")).status_code == 403
    assert client.post(reverse("sample_remove")).url == "/"
    assert not models.Project.objects.for_team(team).exists()
