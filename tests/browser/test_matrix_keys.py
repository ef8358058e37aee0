"""A matrix of six markers by eight panels filled by keyboard alone: 48 cells, one key each, and no pointer anywhere."""

from __future__ import annotations

import itertools

import pytest

from studio.models import Verdict
from tests import makers

pytestmark = pytest.mark.journey
MARKS = [
    ("narrow oval face", "face", ""), ("a mole under the left eye", "mark", ""), ("black bob", "hair", "#1d1a1b"),
    ("rust-orange cap", "item", "#b4542b"), ("silver whistle", "item", ""), ("upright, calm", "posture", ""),
]  # fmt: skip
PANELS = 8
GIVEN = {"s": "same", "d": "drifted", "w": "wrong", "x": "missing", "h": "hidden"}


@pytest.fixture
def project(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS)
    picture = makers.image(team)
    makers.reference(noor.default_set, "front", picture)
    scene = makers.scene(makers.project(team))
    for _ in range(PANELS):
        panel = makers.panel(scene, action="She looks at us.")
        makers.appearance(panel, noor)
        makers.take(panel, picture, picked=True, versions={noor.code: 1})
    return scene.project


def test_forty_eight_cells_take_forty_eight_keys(page, signed, mei, project):
    signed(page, mei).goto(f"/projects/{project.code}/")
    page.wait_for_function("() => window.studio?.keys")
    page.get_by_role("link", name="Consistency").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('.matrix .marker[tabindex="0"]')
    page.keyboard.press("m")
    keys = list(itertools.islice(itertools.cycle("ssdswxsh"), len(MARKS) * PANELS))
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("() => document.querySelector('#matrix-open').textContent === '0 not judged' && !document.querySelector('.marker[aria-busy]')", timeout=90_000)  # fmt: skip
    said = Verdict.objects.order_by("take__panel__position", "marker__position").values_list("result", flat=True)
    assert list(said) == [GIVEN[key] for key in keys]
    # One that was wrong is gone back to with the arrows, and said again.
    for key in ("ArrowUp", "ArrowLeft", "d"):
        page.keyboard.press(key)
    page.wait_for_function("() => document.activeElement.dataset.result === 'drifted' && !document.querySelector('.marker[aria-busy]')")  # fmt: skip
    assert Verdict.objects.filter(replaced=None).count() == len(keys)
