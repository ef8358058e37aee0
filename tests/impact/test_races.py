"""The same act from several tabs in the same moment: locked once, drawn once, said once."""

from __future__ import annotations

import uuid

import pytest

from studio.board import continuity
from studio.library import actions as library
from studio.library import approval
from studio.models import Batch, Event, Job, Marker, MeantSo, ReferenceSet, StillFine, SubjectVersion
from tests import makers
from tests.impact.test_redraw import MARKS, drawn

TABS = 6
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS)
    makers.reference(noor.default_set, "front", makers.bare_image(team))
    return noor


@pytest.fixture
def project(team, noor):
    """1A in a coat, 1B in none."""
    scene = makers.scene(makers.project(team))
    for outfit in (makers.outfit(noor, "Coat"), None):
        panel = makers.panel(scene)
        makers.appearance(panel, noor, outfit=outfit)
        drawn(panel)
    return scene.project


@pytest.fixture
def at_once(tabs, pavel):
    return tabs(pavel)


@pytest.mark.parametrize("keys", [1, TABS])
def test_a_version_is_locked_and_drawn_from_once(at_once, project, noor, mei, keys):
    """One form six times is one batch; six forms of six people are one batch and five refusals."""
    draft = library.next_version(subject=noor, by=mei)
    Marker.objects.filter(version=draft, phrase="rust-orange cap").update(phrase="moss-green cap")
    panel = project.scenes.get().panels.first()
    made = [str(uuid.uuid4()) for _ in range(keys)]
    form = {"number": "2", "revision": str(draft.revision), "panel": [panel.code], f"price-{panel.code}": "0"}
    answers = at_once(f"/subjects/{noor.code}/redraw/", [{**form, "key": made[at % keys]} for at in range(TABS)])
    if keys == 1:
        assert set(answers) == {302}
    else:
        assert set(answers) <= {302, 409, 422}
    assert SubjectVersion.objects.filter(subject=noor).exclude(locked_at=None).count() == 2
    assert Event.objects.filter(verb="subject.locked").count() == 1
    assert Batch.objects.count() == Job.objects.count() == 1


def test_one_break_is_meant_once(at_once, project):
    scene = project.scenes.get()
    (one,) = continuity.of(scene).open
    assert set(at_once(f"/scenes/{scene.code}/continuity/", [{"key": one.key}] * TABS)) == {302}
    assert MeantSo.objects.count() == 1


def test_a_take_is_called_fine_once(at_once, project):
    take = project.scenes.get().panels.first().picked
    assert set(at_once(f"/takes/{take.code}/fine/", [{"fine": "a" * 64}] * TABS)) == {302}
    assert StillFine.objects.count() == 1


def test_a_set_is_approved_once(at_once, noor):
    own = ReferenceSet.objects.get(pk=noor.default_set.pk)
    seen = approval.fingerprint(own)
    assert set(at_once(f"/sets/{own.code}/approve/", [{"seen": seen}] * TABS)) == {302}
    assert Event.objects.filter(verb="set.approved").count() == 1
