"""A board with a drawn-from character, and the three ways a job may be asked for."""

from __future__ import annotations

import uuid

import pytest

from studio.generation import actions
from tests import makers


@pytest.fixture
def project(team):
    return makers.project(team)


@pytest.fixture
def scene(project):
    return makers.scene(project)


@pytest.fixture
def panels(scene):
    return [makers.panel(scene) for _ in range(3)]


@pytest.fixture
def ask(panels, mei):
    """`ask()` asks for one take of each panel; any argument of request_takes may be given."""

    def asked(**given):
        given = {"panels": panels, "by": mei, "key": uuid.uuid4(), **given}
        return actions.request_takes(**given)

    return asked
