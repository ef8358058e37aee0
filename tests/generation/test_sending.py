"""Pictures that are too heavy together: the heaviest go smaller, none is left out."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.storage import default_storage

from studio.generation import actions, sending
from studio.generation.sending import PROVIDER, SMALLER, _lighten
from studio.media.models import Rendition
from tests import makers

SLOTS = [{"image_key": key} for key in ("a", "b", "c", "a")]


def row(size, spec):
    return Rendition(size=size, spec=spec)


@pytest.mark.parametrize(
    ("most", "sent"),
    [(4 * 2200, "a b c"), (4 * 2199, "a c"), (4 * 1400, "a c"), (4 * 1399, "c"), (4 * 10, "c")],
)
def test_the_heaviest_go_smaller_until_all_fit(most, sent):
    """Base64 takes four characters for three bytes; the one that is sent twice weighs twice."""
    files = {"a": row(900, "provider"), "b": row(3600, "provider"), "c": row(1200, "provider")}
    smaller = {"a": row(300, "1280"), "b": row(1200, "1280"), "c": row(1500, "1280")}
    _lighten(files, smaller, SLOTS, most)
    assert set(files) == {"a", "b", "c"}
    assert " ".join(key for key, one in files.items() if one.spec == "provider") == sent


@pytest.mark.django_db
@pytest.mark.parametrize(("engine", "model", "spec"), [("gemini", "gemini-3-pro-image-preview", SMALLER), ("runware", "google:4@3", PROVIDER)])  # fmt: skip
def test_only_where_all_pictures_go_in_one_request(team, mei, panels, engine, model, spec):
    noor = makers.subject(team, "Noor", locked=True)
    makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor)
    account = makers.account(team, engine.title(), engine)
    batch = actions.request_takes(panels=[panels[0]], by=mei, key=uuid.uuid4(), account=account, model=model)
    small = Rendition.objects.get(spec="320")
    Rendition.objects.filter(spec=SMALLER).update(path=small.path, mime=small.mime, size=small.size)
    Rendition.objects.filter(spec=PROVIDER).update(size=20 * 1024 * 1024)
    (sent,) = sending.request_of(batch.jobs.get()).references
    with default_storage.open(Rendition.objects.get(spec=spec).path) as file:
        assert sent.data == file.read()
    assert sent.mime == Rendition.objects.get(spec=spec).mime
