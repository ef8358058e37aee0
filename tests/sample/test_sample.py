"""The sample: whole, drawn from locked versions, loaded once, and taken out without a trace of it and nothing else."""

from __future__ import annotations

import json
import uuid
import zlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from studio import models
from studio.exports import actions as exports
from studio.generation.models import Job
from studio.library import actions as library
from studio.library.models import Category, Kind, View
from studio.sample import actions, pictures
from studio.sample.people import DETAILS, EVERYONE
from studio.sample.stories import STORIES
from tests import makers


def files():
    return {str(p) for p in Path(storages["default"].path("")).rglob("*") if p.is_file()}


def rows():
    """How many rows each table has; the log of events stays by design."""
    return {
        m.__name__: m.objects.count() for m in vars(models).values() if isinstance(m, type) and m is not models.Event
    }


def quick(name):
    """A small stand-in for a reference picture, its own for each name."""
    colour = zlib.crc32(name.encode()) & 0xFFFFFF
    return makers.picture(96, 72, colour=f"#{colour:06x}", mark=f"#{colour ^ 0x5A5A5A:06x}")


@pytest.fixture
def loaded(team, ada):
    return actions.load(team=team, by=ada, artist=quick)


def test_it_is_whole_and_locked_and_mostly_asked_for(loaded, team):
    """One loaded sample, looked at from three sides."""
    it_is_whole(loaded, team)
    it_locks_everyone_as_version_one(team)
    it_asks_for_all_but_two_panels(team)


def it_is_whole(loaded, team):
    projects = models.Project.objects.filter(team=team).order_by("pk")
    assert [(p.title, p.kind, p.aspect, p.sample) for p in projects] == [
        ("Last light on the breakwater", "storyboard", "16:9", True),
        ("Sunniva, three looks", "lookbook", "3:4", True),
    ]
    board, looks = projects
    assert loaded == board
    assert board.scenes.count() == 3
    labels = [p.label for p in models.Panel.objects.on_board().filter(scene__project=board)]
    assert labels == ["1A", "1B", "1C", "1D", "2A", "2B", "2C", "2D", "3A", "3B", "3C"]
    assert looks.scenes.count() == 3
    kinds = models.Subject.objects.filter(team=team, sample=True).values_list("kind", flat=True)
    assert sorted(kinds) == sorted(["character"] * 3 + ["product"] + ["location"] * 3 + ["style"])
    sunniva = models.Subject.objects.get(name="Sunniva")
    assert [o.name for o in sunniva.outfits.all()] == ["Oat trench", "Ink knit and kilt", "Moss suit"]
    for outfit in models.Outfit.objects.all():
        assert outfit.reference_set.references.exists(), outfit


def it_locks_everyone_as_version_one(team):
    for subject in models.Subject.objects.filter(team=team).prefetch_related("versions__markers"):
        assert subject.draft is None
        assert subject.locked.number == 1
        assert 5 <= subject.locked.markers.count() <= 7
        assert len(subject.locked.bible) > 200
        assert subject.default_set.references.exists()
    for marker in models.Marker.objects.all():
        marker.full_clean()


def it_asks_for_all_but_two_panels(team):
    jobs = Job.objects.filter(batch__team=team)
    assert jobs.count() == 18
    waiting = models.Panel.objects.exclude(pk__in=jobs.values("panel_id"))
    assert sorted(p.label for p in waiting) == ["2D", "3C"]
    assert set(jobs.values_list("engine", flat=True)) == {"sketch"}
    assert all(job.request["versions"] and 0 not in job.request["versions"].values() for job in jobs)


def test_it_is_loaded_once(loaded, team, ada):
    before = rows()
    assert actions.load(team=team, by=ada, artist=quick) == loaded
    out = StringIO()
    call_command("loadsample", "--team", team.code, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["loaded"] is False
    assert (told["panels"], told["team"]) == (20, team.code)
    assert rows() == before
    assert models.Event.objects.filter(verb="sample.loaded").count() == 1


def test_it_goes_without_a_trace(team, ada, loaded):
    mine = makers.project(team, "My own")
    kept = makers.take(makers.panel(makers.scene(mine)), makers.image(team), picked=True)
    me = makers.subject(team, "Somebody")
    makers.reference(me.reference_sets.get())
    before, on_disk = rows(), files()
    actions.remove(team=team, by=ada)
    left = {"Project": 1, "Scene": 1, "Panel": 1, "Take": 1, "Subject": 1, "Character": 1, "SubjectVersion": 1}
    left |= {"ReferenceSet": 1, "Reference": 1, "Image": 2, "Marker": 0, "Outfit": 0, "Appearance": 0}
    left |= {"Job": 0, "JobEvent": 0, "Batch": 0, "Spend": 0}
    after = rows()
    assert {name: after[name] for name in left} == left
    assert (after["Team"], after["User"], after["Membership"]) == (before["Team"], before["User"], before["Membership"])
    kept.refresh_from_db()
    images = models.Image.objects.prefetch_related("renditions")
    wanted = {storages["default"].path(i.original) for i in images}
    wanted |= {storages["default"].path(r.path) for i in images for r in i.renditions.all()}
    assert on_disk > wanted
    assert models.Project.objects.get() == mine


@pytest.mark.django_db(transaction=True)
def test_it_removes_every_file(team, ada, loaded):
    export = exports.request_export(project=loaded, by=ada, key=uuid.uuid4(), format="zip")
    panel = models.Panel.objects.filter(scene__project=loaded).first()
    makers.take(panel, makers.image(team), picked=True)
    assert exports.run(export.pk).path
    front = models.Reference.objects.filter(reference_set__subject__name="Noor").first()
    makers.cut(front, image=makers.image(team))
    added = makers.panel(panel.scene, label="1Z")
    makers.take(added, makers.image(team), picked=True)
    assert files()
    actions.remove(team=team, by=ada)
    assert files() == set()
    assert not models.Panel.objects.exists()
    assert actions.remove(team=team, by=ada) == []
    again = actions.load(team=team, by=ada, artist=quick)
    assert again.pk != loaded.pk
    assert models.Job.objects.count() == 18


def test_it_leaves_somebody_whom_an_own_project_shows(team, ada, loaded):
    noor, shed = models.Subject.objects.get(name="Noor"), models.Subject.objects.get(name="Boat shed")
    own = makers.scene(makers.project(team, "My own"), location=shed)
    makers.appearance(makers.panel(own), noor, outfit=noor.outfits.get())
    pictures_of_noor = set(
        models.Reference.objects.filter(reference_set__subject=noor).values_list("image_id", flat=True)
    )
    front = noor.default_set.references.first()
    cut = makers.cut(front, image=makers.image(team))
    library.remove_reference(reference=front, by=ada)  # what was made of it still shows it
    assert sorted(actions.remove(team=team, by=ada)) == ["Boat shed", "Noor"]
    assert models.Cut.objects.get() == cut
    left = models.Subject.objects.filter(team=team)
    assert sorted(left.values_list("name", "sample")) == [("Boat shed", False), ("Noor", False)]
    assert set(models.Image.objects.values_list("pk", flat=True)) >= pictures_of_noor
    assert models.Appearance.objects.get().outfit.name == "Service jacket"
    assert models.Project.objects.get().title == "My own"


def test_it_leaves_other_teams_alone(team, ada, loaded, outsider):
    other = outsider.memberships.get().team
    actions.remove(team=other, by=outsider)
    assert models.Project.objects.filter(team=team).count() == 2
    assert not models.Project.objects.filter(team=other).exists()


def test_it_leaves_nothing_after_an_error(team, ada):
    def broken(name):
        if name.startswith("halvard"):
            raise OSError("disk full")
        return quick(name)

    with pytest.raises(OSError, match="disk full"):
        actions.load(team=team, by=ada, artist=broken)
    assert not models.Project.objects.exists()
    assert not models.Subject.objects.exists()
    assert not models.Image.objects.exists()
    assert actions.loaded(team=team) is None


def test_it_is_written_with_known_words():
    from studio.board import vocabulary

    keys = {someone.key for someone in EVERYONE}
    outfits = {(someone.key, clothes.name) for someone in EVERYONE for clothes in someone.outfits}
    for someone in EVERYONE:
        assert someone.kind in Kind.values
        assert all(mark.category in Category.values and len(mark.phrase) <= 120 for mark in someone.marks)
        for name, outfit in actions._shown_by(someone):
            assert pictures.BY_NAME[name].view in ("", *View.values)
            assert not outfit or (someone.key, outfit) in outfits
    assert set(DETAILS) <= set(pictures.BY_NAME)
    for story in STORIES:
        for place in story.places:
            assert {place.location, place.style} <= keys | {""}
            assert vocabulary.known("time_of_day", place.fields["time_of_day"])
            assert vocabulary.known("int_ext", place.fields["int_ext"])
            for frame in place.frames:
                for kind in ("shot_size", "angle", "lens", "framing", "movement"):
                    if frame.fields.get(kind):
                        assert vocabulary.known(kind, frame.fields[kind]), frame.fields
                for member in frame.cast:
                    assert member.key in keys
                    assert not member.outfit or (member.key, member.outfit) in outfits


def test_it_refuses_a_team_that_is_none(db):
    with pytest.raises(CommandError) as refused:
        call_command("loadsample", "--team", "nothing")
    assert refused.value.returncode == 2
