"""A project's settings save themselves, field by field."""

import pytest

from studio import models
from studio.board import actions
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


def save(client, project, field, value, revision=1, **more):
    data = {"field": field, field: value, "revision": revision, **more}
    return client.post(f"/projects/{project.code}/field/", data, headers={"HX-Request": "true"})


def test_it_saves_one_field(signed_in, mei, project):
    client = signed_in(mei)
    answer = save(client, project, "title", "Salt road")
    assert answer.status_code == 200
    assert 'data-state="saved" data-revision="2"' in answer.content.decode()
    words = "Petzval 58\n35 mm\n"  # the second is known already
    assert save(client, project, "own_lens", words, **{"was-own_lens": ""}).status_code == 200
    project.refresh_from_db()
    assert (project.title, project.words, project.revision) == ("Salt road", {"lens": ["Petzval 58"]}, 3)
    assert models.Event.objects.filter(verb="project.edited", code=project.code, actor=mei).count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("title", " ", "A project needs a title."),
        ("aspect", "7:3", "Select a valid choice"),
        ("own_angle", "x" * 41, "longer than 40 characters"),
        ("revision", "4", "A project has no such field."),
        ("cap", "4", "A project has no such field."),
    ],
)
def test_it_says_why_not_and_writes_nothing(signed_in, mei, project, field, typed, words):
    answer = save(signed_in(mei), project, field, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    project.refresh_from_db()
    assert (project.title, project.revision) == ("Night ferry", 1)


def test_it_tells_the_second_of_two_who_change_one_field(signed_in, ada, mei, project):
    assert save(signed_in(ada), project, "title", "Hers").status_code == 200
    client = signed_in(mei)
    assert save(client, project, "client", "Harbour", **{"was-client": ""}).status_code == 200  # another field
    answer = save(client, project, "title", "Mine", **{"was-title": "Night ferry"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-value="Hers"' in page
    assert 'data-revision="3"' in page
    assert save(client, project, "title", "Mine", revision=3, **{"was-title": "Hers"}).status_code == 200


def test_it_loses_no_word_that_was_added_on_the_board_meanwhile(signed_in, ada, mei, project):
    actions.add_word(project=project, kind="lens", word="Petzval 58", by=ada)
    answer = save(signed_in(mei), project, "own_lens", "Helios 44", **{"was-own_lens": ""})
    assert answer.status_code == 409
    assert "Petzval 58" in answer.content.decode()


def test_it_refuses_viewers_and_hides_from_outsiders(signed_in, viktor, outsider, project):
    assert save(signed_in(viktor), project, "title", "No.").status_code == 403
    assert save(signed_in(outsider), project, "title", "No.").status_code == 404
    project.refresh_from_db()
    assert project.revision == 1
