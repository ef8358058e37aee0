"""One of everything that an address can name, belonging to one team; `word` is in every name, to be found again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from studio.accounts import actions
from studio.generation.models import JobState
from studio.library.models import Kind
from studio.models import Batch, Export, Job, Membership
from tests import makers

FACE = ("scar over the brow", "face", "")


def build(team, owner, word):
    gone = timezone.now()
    makers.project(team, f"{word} sample", sample=True)
    project = makers.project(team, f"{word} ferry", client=f"{word} client", created_by=owner)
    scene = makers.scene(project, place=f"{word} shed")
    panel = makers.panel(scene, action=f"{word} lifts the flask.", dialogue=f"{word}!")
    image = makers.image(team, name=f"{word}.png", by=owner)
    take = makers.take(panel, image, picked=True, prompt=f"A frame of {word}.")
    second = makers.take(panel, prompt=f"Another of {word}.")

    subject = makers.subject(team, f"{word} Noor", bible=f"{word}, in one paragraph.", markers=[FACE, FACE])
    locked = makers.subject(team, f"{word} Imre", locked=True)
    outfit = makers.outfit(subject, f"{word} jacket")
    reference_set = subject.reference_sets.get(outfit=None)
    reference = makers.reference(reference_set, img=image, note=f"{word} at noon")
    appearance = makers.appearance(panel, subject, outfit=outfit)
    location = makers.subject(team, f"{word} quay", Kind.LOCATION)
    makers.subject(team, f"{word} flask", Kind.PRODUCT)
    style = makers.subject(team, f"{word} ink", Kind.STYLE)

    batch = Batch.objects.create(team=team, project=project, key=uuid.uuid4(), title=f"{word} batch", created_by=owner)
    request = {"size": "1K", "prompt": f"A frame of {word}.", "aspect": "16:9", "width": 1376, "height": 768}
    drawn = {"batch": batch, "panel": panel, "engine": "sketch", "model": "sketch", "request": request}
    Job.objects.create(**drawn, state=JobState.DONE, take=take)
    failed = Job.objects.create(**drawn, state=JobState.FAILED, error=f"{word} failed", charged=False)
    queued = Job.objects.create(**drawn)

    path = default_storage.save(f"exports/{uuid.uuid4().hex}", ContentFile(word.encode()))
    files = {"team": team, "project": project, "created_by": owner, "format": "zip"}
    export = Export.objects.create(
        **files, key=uuid.uuid4(), state="done", path=path, filename=f"{word}.zip", size=len(word),
        expires=gone + timedelta(days=1), finished=gone,
    )  # fmt: skip
    making = Export.objects.create(**files, key=uuid.uuid4(), total=3)

    lost_scene = makers.scene(project, "2", place=f"{word} attic", deleted=gone)
    lost_panel = makers.panel(scene, "1Z", action=f"{word} leaves.", deleted=gone)
    invitation, token = actions.invite(team=team, by=owner, role="artist", uses=5)
    return SimpleNamespace(
        team=team, owner=owner, project=project, scene=scene, panel=panel, image=image, take=take, second=second,
        location=location, style=style, subject=subject, locked=locked, marker=subject.versions.get().markers.first(), outfit=outfit,
        reference_set=reference_set, reference=reference, appearance=appearance, batch=batch, failed=failed, queued=queued,
        export=export, making=making, lost_scene=lost_scene, lost_panel=lost_panel,
        lost_project=makers.project(team, f"{word} gone", deleted=gone),
        lost_subject=_deleted(makers.subject(team, f"{word} Ghost"), gone),
        lost_outfit=_deleted(makers.outfit(subject, f"{word} rags"), gone),
        member=Membership.objects.get(team=team, user=makers.member(team, f"{word} Spare", "viewer")),
        invitation=invitation, join_token=token, enter_token=actions.make_sign_in_link(user=owner),
    )  # fmt: skip


def _deleted(row, moment):
    row.deleted = moment
    row.save()
    return row
