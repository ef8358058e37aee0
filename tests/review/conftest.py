"""A board with three drawn panels and one without a picture, and a round of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.review import actions
from studio.review.reviewers import Reviewer
from tests import makers


@pytest.fixture
def project(team, mei):
    project = makers.project(team, "Night ferry", client="Norte Solar")
    scene = makers.scene(project)
    for action in ("She looks at us.", "She waits.", "She leaves."):
        makers.take(makers.panel(scene, action=action), makers.image(team), picked=True, drawn_by=mei)
    makers.panel(scene, action="Nothing drawn.")
    return project


@pytest.fixture
def panels(project):
    return list(project.scenes.get().panels.all())


@pytest.fixture
def round(project, pavel):
    """v1, sent by the producer; anyone decides."""
    return actions.send_round(project=project, by=pavel, message="Please look.")


@pytest.fixture
def sent(round):
    return list(round.panels.all())


@pytest.fixture
def link_to():
    """`link_to(round, by, **options)` gives the link and its token."""

    def make(round, by, **options):
        return actions.make_link(round=round, by=by, **options)

    return make


@pytest.fixture
def linked(round, pavel):
    """A link for Dana, by name."""
    return actions.make_link(round=round, by=pavel, name="Dana Okafor")


@pytest.fixture
def dana(round, linked):
    return Reviewer(round=round, base="/r/x/", link=linked[0], guest=linked[0].guests.get())


@pytest.fixture
def reviewer():
    """`reviewer(user, round)`: somebody of the team."""

    def of(user, round):
        return Reviewer(round=round, base=f"/rounds/{round.code}/", user=user, membership=user.memberships.get())

    return of


@pytest.fixture
def guest():
    """`guest(token)`: a browser that came in by the link."""

    def come(token, **headers):
        client = Client(headers=headers)
        answer = client.get(f"/r/{token}/")
        assert answer.status_code == 302, answer.status_code
        return client

    return come


@pytest.fixture
def count():
    """How many queries an act asks."""

    def counted(act):
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    return counted
