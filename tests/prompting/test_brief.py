"""From rows to a brief: what is read, what is remembered, and in how many queries."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.board.models import Panel
from studio.prompting import brief, freeze
from studio.providers.base import Limits
from tests import makers


def board(team, panels=1):
    project = makers.project(team, aspect="2.39:1")
    place = makers.subject(team, "Pier", "location")
    scene = makers.scene(project, int_ext="EXT", place="pier", location=place, time_of_day="dawn")
    noor = makers.subject(team, locked=True, markers=[("teal cap", "item", "#1f7a78")])
    makers.reference(noor.reference_sets.get(), "front", makers.bare_image(team))
    flask = makers.subject(team, "Flask", "product")
    coat = makers.outfit(noor, "Oat trench")
    for _ in range(panels):
        panel = makers.panel(scene)
        holder = makers.appearance(panel, noor, outfit=coat, where="left")
        makers.appearance(panel, flask, held_by=holder)
    return project


def rows(project):
    return list(Panel.objects.on_board().filter(scene__project=project).select_related("scene__project"))


def test_it_reads_who_is_there_in_what_and_holding_what(team):
    found = brief.of(rows(board(team))[0])
    noor, flask = found.cast
    assert (noor.name, noor.version, noor.outfit.name, noor.where) == ("Noor", 1, "Oat trench", "left")
    assert noor.holding == (flask.key,)
    assert flask.version == 0
    assert found.location.name == "Pier"
    assert noor.markers[0].colour == "#1f7a78"


def test_it_takes_the_newest_locked_version_not_the_draft(team):
    project = board(team)
    noor = project.scenes.get().panels.get().appearances.first().subject
    noor.versions.create(number=2, bible="A newer draft.")
    assert brief.of(rows(project)[0]).cast[0].version == 1


def test_it_reads_many_panels_in_as_many_queries_as_one(team):
    counts = []
    for panels in (1, 12):
        project = board(team, panels)
        found = rows(project)
        with CaptureQueriesContext(connection) as queries:
            brief.for_panels(found)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_it_freezes_everything_a_picture_is_drawn_from(team):
    (ready,) = freeze.prepare(rows(board(team)), Limits(references=14, aspects=("16:9", "21:9")))
    request = freeze.request_for(ready, Limits(references=14, aspects=("16:9", "21:9")))
    assert request["aspect"] == "21:9"
    assert request["crop"] is not None
    assert request["test_shot"] is True  # the flask is not locked
    assert request["plan"]["slots"][0]["role"] == "identity"
    assert request["layout"]["cast"][0]["holding"] == [request["layout"]["cast"][1]["key"]]
    assert set(request["versions"].values()) == {0, 1}


def test_it_forgets_deleted_outfits_and_places(team):
    project = board(team)

    scene = project.scenes.get()
    type(scene.location).objects.filter(pk=scene.location_id).update(deleted=timezone.now())
    scene.panels.get().appearances.exclude(outfit=None).get().outfit.__class__.objects.update(deleted=timezone.now())
    found = brief.of(rows(project)[0])
    assert found.location is None
    assert found.cast[0].outfit is None
