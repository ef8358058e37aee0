"""A project with two scenes, three panels in the first and one in the second."""

import pytest

from tests import makers


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


@pytest.fixture
def shed(project):
    scene = makers.scene(project, "1", place="boat shed")
    for _ in range(3):
        makers.panel(scene)
    return scene


@pytest.fixture
def wall(project, shed):
    scene = makers.scene(project, "2", place="harbour wall")
    makers.panel(scene)
    return scene


@pytest.fixture
def labels():
    """`labels(scene)` in board order."""
    return lambda scene: list(
        scene.panels.filter(deleted=None).order_by("position", "pk").values_list("label", flat=True)
    )


@pytest.fixture
def named():
    """`named(scene, "1B")` is that panel, fresh."""
    return lambda scene, label: scene.project.scenes.model.objects.get(pk=scene.pk).panels.get(label=label)
