"""The pages of the house answer those who may see them."""

import pytest
from django.urls import reverse

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
