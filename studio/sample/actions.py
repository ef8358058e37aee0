"""The sample: put into a team in one go, and taken out again without a trace of it and nothing else.

Everything is made with the rooms' own verbs, as a person would make it. `load` is safe to call twice or at once: the
project rows come first, under the team's lock, and who finds them there gets them back.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import Team
from studio.board import actions as board
from studio.board.models import Appearance, Panel, Project, Scene, Take
from studio.exports.models import Export
from studio.generation import actions as generation
from studio.generation.models import Job
from studio.library import actions as library
from studio.library.models import Cut, Outfit, Reference, Subject
from studio.media import actions as media
from studio.media.models import Image
from studio.prompting import versions
from studio.sample.people import DETAILS, EVERYONE
from studio.sample.stories import STORIES
from studio.sample.types import Frame, Place, Someone, Story

Say = Callable[[str, int, int], None]
Artist = Callable[[str], bytes]


def loaded(*, team: Team) -> Project | None:
    """The sample's storyboard, if the team has it."""
    return Project.objects.for_team(team).filter(sample=True).order_by("pk").first()


def load(
    *,
    team: Team,
    by: Any,
    draw: bool = False,
    say: Say = lambda what, done, total: None,
    artist: Artist | None = None,
) -> Project:
    """The sample with everything in it; answers its storyboard. A team that has it gets the one it has.

    The takes are asked for and drawn by the worker; with `draw` they are drawn before this returns. `say(what, done,
    total)` tells how far it is; `artist` draws the reference pictures. After an error nothing of it is left.
    """
    projects, fresh = _claim(team, by)
    if not fresh:
        return projects[0]
    try:
        subjects = _subjects(team, by, say, artist or _pictures().draw_reference)
        wanted = [
            panel for story, made in zip(STORIES, projects, strict=True) for panel in _story(made, by, story, subjects)
        ]
        jobs = [job for made in projects for job in _ask(made, by, wanted)]
    except BaseException:
        remove(team=team, by=by)
        raise
    if draw:
        _draw(jobs, say)
    return projects[0]


def remove(*, team: Team, by: Any) -> list[str]:
    """Takes the sample's projects, subjects, pictures and files out for good, and nothing else; once more changes nothing.

    Panels that were added to the sample's projects go with them; a project that engines were paid for is put away for good instead,
    because the ledger keeps what it cost. A sample subject that a project of the team's own shows
    stays, and is the team's own from then on: the answer names those.
    """
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        projects = Project.objects.filter(team=team, sample=True)
        kept = _in_use(team)
        Subject.objects.filter(pk__in=[s.pk for s in kept]).update(sample=False)
        subjects = Subject.objects.filter(team=team, sample=True)
        if not projects.exists() and not subjects.exists():
            return [subject.name for subject in kept]
        images = set(Take.objects.filter(panel__scene__project__in=projects).values_list("image_id", flat=True))
        images |= set(Reference.objects.filter(reference_set__subject__in=subjects).values_list("image_id", flat=True))
        images |= set(Cut.objects.filter(reference_set__subject__in=subjects).values_list("image_id", flat=True))
        images |= set(Image.objects.filter(team=team, source=Image.Source.SAMPLE).values_list("pk", flat=True))
        files = list(Export.objects.filter(project__in=projects).exclude(path="").values_list("path", flat=True))
        paid = Job.objects.filter(batch__project__in=projects, counted__gt=0) | Job.objects.filter(
            batch__project__in=projects, account__isnull=False
        )
        on_the_books = set(paid.values_list("batch__project", flat=True))
        for project in projects:
            if project.pk in on_the_books:  # what it cost stays in the ledger, so it is only put away
                Project.objects.filter(pk=project.pk).update(deleted=timezone.now(), sample=False)
            else:
                project.delete()
        for subject in subjects:
            subject.delete()
        shown = Q(takes__isnull=False) | Q(references__isnull=False)
        cut = Cut.objects.filter(Q(source__in=images) | Q(image__in=images)).values_list("source_id", "image_id")
        free = Image.objects.filter(pk__in=images.difference(*cut)).exclude(
            pk__in=Image.objects.filter(shown, pk__in=images).values("pk")
        )
        media.discard_all(images=free)
        record(verb="sample.removed", team=team, actor=by, about="team", code=team.code)
        transaction.on_commit(lambda: _drop(files))
    return [subject.name for subject in kept]


def _pictures() -> ModuleType:
    """Loaded when needed: it brings NumPy, and every page knows this file."""
    from studio.sample import pictures

    return pictures


def _draw(jobs: list[int], say: Say) -> None:
    from studio.generation import runner

    for done, job in enumerate(jobs):
        say("Pictures", done, len(jobs))
        asyncio.run(runner.run(job))
    say("Pictures", len(jobs), len(jobs))


def _drop(files: list[str]) -> None:
    for path in files:
        storages["default"].delete(path)


def _claim(team: Team, by: Any) -> tuple[list[Project], bool]:
    """The projects, empty, if this call is the one that makes them."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        if there := loaded(team=team):
            return [there], False
        made = []
        for story in STORIES:
            fields = {"kind": story.kind, "aspect": story.aspect, "client": story.client, "sample": True}
            fields["template_version"] = versions.NEWEST
            made.append(board.create_project(team=team, by=by, title=story.title, **fields))
        record(verb="sample.loaded", team=team, actor=by, about="team", code=team.code)
    return made, True


def _subjects(team: Team, by: Any, say: Say, artist: Artist) -> dict[str, Subject]:
    """Everyone, locked. Pictures are drawn ahead on the other cores while the last ones are taken in."""
    names = dict.fromkeys(name for someone in EVERYONE for name, _outfit in _shown_by(someone))
    made = {}
    with ThreadPoolExecutor(2, thread_name_prefix="sample") as pool:
        drawings = {name: pool.submit(artist, name) for name in names}
        try:
            for done, someone in enumerate(EVERYONE):
                say("Library", done, len(EVERYONE))
                made[someone.key] = _subject(team, by, someone, drawings)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    say("Library", len(EVERYONE), len(EVERYONE))
    return made


def _shown_by(someone: Someone) -> list[tuple[str, str]]:
    """(picture, outfit) pairs in the order of their sets; the empty outfit is the default set."""
    pictures = _pictures()
    shown = [(picture.name, "") for picture in pictures.REFERENCES[someone.key].pictures]
    for clothes in someone.outfits:
        own = (
            [picture.name for picture in pictures.REFERENCES[clothes.key].pictures] if clothes.key else clothes.borrowed
        )
        shown += [(name, clothes.name) for name in own]
    return shown


def _subject(team: Team, by: Any, someone: Someone, drawings: dict[str, Future[bytes]]) -> Subject:
    """Bible and markers, wardrobe, pictures; then locked as version 1."""
    subject = library.create_subject(
        team=team, by=by, kind=someone.kind, name=someone.name, bible=someone.bible, sample=True
    )
    version = subject.versions.get()
    for mark in someone.marks:
        library.add_marker(version=version, by=by, phrase=mark.phrase, category=mark.category, colour=mark.colour)
    for clothes in someone.outfits:
        library.add_outfit(
            subject=subject,
            by=by,
            name=clothes.name,
            description=clothes.description,
            colours=list(clothes.colours),
        )
    sets = {
        s.outfit.name if s.outfit else "": s for s in subject.reference_sets.select_related("outfit", "subject__team")
    }
    for name, outfit in _shown_by(someone):
        reference = _pictures().BY_NAME[name]
        library.add_reference(
            reference_set=sets[outfit],
            by=by,
            name=reference.file,
            data=drawings[name].result(),
            view=reference.view,
            detail=DETAILS.get(name, ""),
            source=Image.Source.SAMPLE,
        )
    library.lock_version(version=version, by=by)
    return subject


def _story(project: Project, by: Any, story: Story, subjects: dict[str, Subject]) -> list[Panel]:
    """Scenes and panels with their cast; answers the panels to draw."""
    wanted = []
    first = project.scenes.get()
    for place in story.places:
        scene = _scene(project, by, place, subjects, first if place is story.places[0] else None)
        for frame in place.frames:
            panel = board.add_panel(scene=scene, by=by, **frame.fields)
            _cast(panel, by, frame, subjects)
            if frame.drawn:
                wanted.append(panel)
    return wanted


def _scene(project: Project, by: Any, place: Place, subjects: dict[str, Subject], first: Scene | None) -> Scene:
    fields = {
        **place.fields,
        "location": subjects[place.location] if place.location else None,
        "style": subjects[place.style] if place.style else None,
    }
    if first is None:
        return board.add_scene(project=project, by=by, **fields)
    return board.edit_scene(scene=first, by=by, revision=first.revision, **fields)


def _cast(panel: Panel, by: Any, frame: Frame, subjects: dict[str, Subject]) -> None:
    made: dict[str, Appearance] = {}
    for member in frame.cast:
        subject = subjects[member.key]
        outfit = Outfit.objects.get(subject=subject, name=member.outfit) if member.outfit else None
        holder = made[member.held_by] if member.held_by else None
        made[member.key] = board.add_to_cast(
            panel=panel,
            subject=subject,
            by=by,
            outfit=outfit,
            where=member.where,
            doing=member.doing,
            view=member.view,
            held_by=holder,
        )


def _ask(project: Project, by: Any, panels: list[Panel]) -> list[int]:
    """Ask for one take of each of the project's panels, in board order."""
    own = [panel for panel in panels if panel.scene.project_id == project.pk]
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"sample:{project.code}")
    batch = generation.request_takes(panels=own, by=by, key=key, engine="sketch", title="The sample")
    return list(Job.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))


def _in_use(team: Team) -> list[Subject]:
    """Sample subjects that a project of the team's own shows, as cast, place or style."""
    own = Q(scene__project__team=team, scene__project__sample=False)
    cast = Appearance.objects.filter(panel__in=Panel.objects.filter(own)).values("subject_id")
    scenes = Scene.objects.filter(project__team=team, project__sample=False)
    rows = Subject.objects.filter(team=team, sample=True)
    return list(
        rows.filter(Q(pk__in=cast) | Q(pk__in=scenes.values("location_id")) | Q(pk__in=scenes.values("style_id")))
    )
