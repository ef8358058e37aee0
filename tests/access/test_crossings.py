"""One request that names things of two teams, by somebody who belongs to both: nothing may pass from one into the other."""

from __future__ import annotations

import uuid

import pytest

from studio.models import Membership
from tests.access.matrix import ROWS
from tests.access.test_matrix import Visitor, why
from tests.access.world import THEIRS

# name, method, what of theirs goes into the form beside our object
FORMS = [
    ("cast_add", lambda w: {"subject": w.subject.code}),
    ("cast_edit", lambda w: {"outfit": w.outfit.pk, "where": "left"}),
    ("cast_edit", lambda w: {"held_by": w.appearance.pk}),
    ("scene_edit", lambda w: {"number": "1", "place": "loft", "location": w.location.pk, "revision": 1}),
    ("scene_edit", lambda w: {"number": "1", "place": "loft", "style": w.style.pk, "revision": 1}),
    ("scene_add", lambda w: {"number": "9", "int_ext": "INT", "location": w.location.pk}),
    ("scene_move", lambda w: {"after": w.scene.code}),
    ("panel_move", lambda w: {"scene": w.scene.code}),
    ("panel_move", lambda w: {"after": w.panel.code}),
    ("panel_add", lambda w: {"after": w.panel.code}),
    ("panels_bulk", lambda w: {"panels": w.panel.code, "act": "delete"}),
    ("panels_bulk", lambda w: {"panels": w.panel.code, "act": "edit", "seconds": "9"}),
    ("panels_bulk", lambda w: {"panels": w.lost_panel.code, "act": "restore"}),
    ("project_words", lambda w: {"kind": "shot_size", "word": "Hip shot", "panel": w.panel.code}),
    ("reference_transfer", lambda w: {"to": w.reference_set.code}),
    ("reference_move", lambda w: {"after": w.reference.code}),
    ("marker_move", lambda w: {"after": w.marker.pk}),
    ("batch_start", lambda w: {"panels": w.panel.code, "takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    ("batch_start", lambda w: {"scene": w.scene.code, "takes": 1, "key": uuid.uuid4(), "engine": "sketch"}),
    ("batch_start", lambda w: {"key": w.batch.key, "panels": w.panel.code, "takes": 1, "engine": "sketch"}),
    ("export_new", lambda w: {"format": "zip", "key": w.export.key}),
    ("take_pick", lambda w: {"panel": w.panel.code}),
]
QUERIES = [
    ("estimate", lambda w: {"panels": w.panel.code}),
    ("estimate", lambda w: {"scene": w.scene.code}),
    ("project_takes", lambda w: {"batch": w.batch.code}),
    ("panels_bulk", lambda w: {"panels": w.panel.code}),
    ("board", lambda w: {"batch": w.batch.code}),
    ("board", lambda w: {"panel": w.panel.code}),
    ("compare", lambda w: {"take": w.take.code, "takes": w.take.code}),
    ("exports", lambda w: {"export": w.export.code}),
    ("export_new", lambda w: {"format": "pdf", "scene": w.scene.code}),
    ("subject", lambda w: {"outfit": w.outfit.code, "version": "2"}),
]
BY_NAME = {row.name: row for row in ROWS}


@pytest.fixture
def both(houses):
    """Mei is an artist in both teams; the two worlds."""
    Membership.objects.create(user=houses.mei, team=houses.theirs.team, role="artist")
    return Visitor(houses.mei), houses.ours, houses.theirs


def fingerprint(world):
    """Everything of a team that a crossing could reach into."""
    team = world.team
    tables = [
        team.projects.values(), team.subjects.values(), team.batches.values(), team.exports.values(),
        team.projects.values("scenes__pk", "scenes__position", "scenes__deleted", "scenes__location", "scenes__style"),
        team.projects.values(
            "scenes__panels__pk", "scenes__panels__position", "scenes__panels__deleted", "scenes__panels__seconds",
            "scenes__panels__shot_size", "scenes__panels__picked", "scenes__panels__jobs", "scenes__panels__takes",
            "scenes__panels__appearances__subject", "scenes__panels__appearances__outfit",
            "scenes__panels__appearances__held_by",
        ),
        team.subjects.values("reference_sets__references__pk", "reference_sets__references__position"),
        team.subjects.values("versions__markers__pk", "versions__markers__position"),
    ]  # fmt: skip
    return [sorted(map(str, rows)) for rows in tables]


def foreign(world, other):
    """Whether anything of this team points at something of the other's."""
    mine, theirs = str(fingerprint(world)), other.team
    subjects = theirs.subjects.values_list("pk", flat=True)
    leads = world.team.projects.filter(scenes__panels__appearances__subject__in=subjects)
    places = world.team.projects.filter(scenes__location__in=subjects) | world.team.projects.filter(
        scenes__style__in=subjects
    )
    worn = world.team.projects.filter(scenes__panels__appearances__outfit__subject__in=subjects)
    return THEIRS in mine or leads.exists() or places.exists() or worn.exists()


@pytest.mark.parametrize("at", range(len(FORMS)), ids=[f"{n}-{name}" for n, (name, _) in enumerate(FORMS)])
def test_it_takes_nothing_across_by_a_form(both, at):
    visitor, ours, theirs = both
    name, data = FORMS[at]
    before, seen = fingerprint(theirs), []

    def look():
        seen.append((fingerprint(theirs) == before, foreign(ours, theirs)))

    answer = visitor.ask(BY_NAME[name], ours, "POST", data=data(theirs), look=look)
    assert answer.status_code < 500, why(BY_NAME[name], "POST", answer, "a refusal")
    untouched, mixed = seen[0]
    assert untouched, f"{name} changed the other team"
    assert not mixed, f"{name} brought something of the other team in"
    assert THEIRS.encode() not in answer.body, f"{name} showed something of the other team"


@pytest.mark.parametrize("at", range(len(QUERIES)), ids=[f"{n}-{name}" for n, (name, _) in enumerate(QUERIES)])
def test_it_shows_nothing_across_by_a_query(both, at):
    visitor, ours, theirs = both
    name, query = QUERIES[at]
    for headers in ({}, {"HX-Request": "true"}):
        answer = visitor.ask(BY_NAME[name], ours, "GET", headers, query=query(theirs))
        assert answer.status_code < 500, why(BY_NAME[name], "GET", answer, "a refusal")
        assert THEIRS.encode() not in answer.body
