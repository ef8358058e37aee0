"""One of everything that an address can name, belonging to one team; `word` is in every name, to be found again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from studio.accounts import actions
from studio.generation.models import JobState
from studio.library.models import Kind
from studio.models import Batch, Export, Job, Membership, Note
from studio.review import actions as reviews
from tests import makers

OURS, THEIRS = "Wombat", "Quagga"
FACE = ("scar over the brow", "face", "#b4542b")


def houses():
    """Ours with somebody in each role, and an outsider's, each with one of everything."""
    team, other = makers.team("Harbour Pictures"), makers.team("Other House")
    cast = makers.cast(team)
    outsider = makers.member(other, *makers.OUTSIDER)
    ours, theirs = build(team, cast["ada"], OURS), build(other, outsider, THEIRS)
    return SimpleNamespace(**cast, team=team, outsider=outsider, ours=ours, theirs=theirs)


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
    locked = makers.subject(team, f"{word} Imre", locked=True, markers=[FACE])
    take.versions = {locked.code: 1}
    take.save()
    outfit = makers.outfit(subject, f"{word} jacket")
    reference_set = subject.reference_sets.get(outfit=None)
    reference = makers.reference(reference_set, img=image, note=f"{word} at noon")
    appearance = makers.appearance(panel, subject, outfit=outfit)
    location = makers.subject(team, f"{word} quay", Kind.LOCATION)
    makers.subject(team, f"{word} flask", Kind.PRODUCT)
    style = makers.subject(team, f"{word} ink", Kind.STYLE)

    batch = Batch.objects.create(team=team, project=project, key=uuid.uuid4(), title=f"{word} batch", created_by=owner)
    request = {"size": "1K", "prompt": f"A frame of {word}.", "aspect": "16:9", "width": 1376, "height": 768}
    request |= {"plan": {"slots": [], "out": [], "warnings": []}, "layout": {}, "options": {}}
    drawn = {"batch": batch, "panel": panel, "engine": "sketch", "model": "sketch", "request": request}
    Job.objects.create(**drawn, state=JobState.DONE, take=take)
    failed = Job.objects.create(**drawn, state=JobState.FAILED, error=f"{word} failed", charged=False)
    queued = Job.objects.create(**drawn)

    account = makers.account(team, f"{word} account", by=owner)
    plan = {
        "slots": [{"n": 1, "image_key": image.key, "sha256": image.sha256, "name": word}],
        "out": [],
        "warnings": [],
    }
    handed = Job.objects.create(
        **{**drawn, "engine": "runware", "model": "google:4@3", "request": {**request, "plan": plan}},
        account=account, state=JobState.UNKNOWN, error=f"{word} is not known", charged=None, finished=gone,
        estimate=Decimal("0.1"), counted=Decimal("0.1"),
    )  # fmt: skip

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
    signed, round_, note, link, share_token = _review(project, owner, word)
    return SimpleNamespace(
        signed=signed, round=round_, sent=round_.panels.first(), note=note, link=link, share_token=share_token,
        team=team, owner=owner, project=project, scene=scene, panel=panel, image=image, take=take, second=second,
        location=location, style=style, subject=subject, locked=locked, marker=subject.versions.get().markers.first(), outfit=outfit, cut=makers.cut(reference),
        reference_set=reference_set, held=locked.versions.get().markers.get(), reference=reference, appearance=appearance, batch=batch, failed=failed, queued=queued, account=account, handed=handed,
        export=export, entry=account.tier_entries.order_by("pk").first(), making=making, lost_scene=lost_scene, lost_panel=lost_panel,
        lost_project=makers.project(team, f"{word} gone", deleted=gone),
        lost_subject=_deleted(makers.subject(team, f"{word} Ghost"), gone),
        lost_outfit=_deleted(makers.outfit(subject, f"{word} rags"), gone),
        proposal=makers.proposal(reference_set, prompt=f"{word} from the side."),
        member=Membership.objects.get(team=team, user=makers.member(team, f"{word} Spare", "viewer")),
        invitation=invitation, join_token=token, enter_token=actions.make_sign_in_link(user=owner),
    )  # fmt: skip


def _review(project, owner, word):
    """A round that is signed off, one that is open, with a note on its first panel, and a link into it by name."""
    signed = reviews.close_round(round=reviews.send_round(project=project, by=owner, message=f"{word}, v1"), by=owner)
    round_ = reviews.send_round(project=project, by=owner, message=f"{word}, v2")
    note = Note.objects.create(
        round=round_, on=round_.panels.first(), number=1, user=owner, name=f"{word} owner", text=f"{word} is late."
    )
    link, token = reviews.make_link(round=round_, by=owner, name=f"{word} Dana", email="dana@example.test")
    return signed, round_, note, link, token


def _deleted(row, moment):
    row.deleted = moment
    row.save()
    return row
