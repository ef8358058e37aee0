"""A board with Noor in three panels, drawn from her first version."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers

MARKS = [
    ("narrow oval face", "face", ""),
    ("a mole under the left eye", "mark", ""),
    ("rust-orange cap", "item", "#b4542b"),
]


@pytest.fixture
def noor(team):
    return makers.subject(team, "Noor", locked=True, markers=MARKS)


@pytest.fixture
def marks(noor):
    """Her markers, in order: face, mole, cap."""
    return list(noor.versions.get().markers.all())


@pytest.fixture
def project(team, noor):
    """1A from the front, 1B from behind, 1C without a picture."""
    project = makers.project(team, "Night ferry")
    scene = makers.scene(project)
    for action in ("She looks at us.", "Seen from behind, she waits.", "She leaves."):
        makers.appearance(makers.panel(scene, action=action), noor)
    for panel in list(scene.panels.all())[:2]:
        makers.take(panel, picked=True, versions={noor.code: 1})
    return project


@pytest.fixture
def takes(project):
    """The picked takes of 1A and 1B."""
    return [panel.picked for panel in project.scenes.get().panels.all() if panel.picked]


@pytest.fixture
def address():
    def of(take, marker):
        return f"/takes/{take.code}/markers/{marker.pk}/"

    return of


@pytest.fixture
def count():
    """How many queries an act asks."""

    def counted(act):
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    return counted
