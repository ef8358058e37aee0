"""The frozen request of a job → what its engine gets. The one place where reference pictures are read for sending."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.files.storage import storages

from studio.generation import links
from studio.generation.models import EngineAccount, Job
from studio.media.decode import PROVIDER, SIDES
from studio.media.models import Rendition
from studio.providers.base import ImageRequest, ProviderError, SentReference

SMALLER = str(max(SIDES))  # what a picture is sent as where it would be too heavy beside the others


def request_of(job: Job) -> ImageRequest:
    """The request with its pictures' bytes, in the order of the plan. Raises ProviderError where one is gone."""
    most = None
    if job.engine == EngineAccount.Engine.GEMINI:
        from studio.providers.gemini import INLINE_BYTES  # only those who send load the client

        most = INLINE_BYTES
    request = built(job.model, job.request, job.batch.team_id, most)
    options = dict(request.options)
    if job.account is not None and (bell := links.callback(job.account)):
        options["callback"] = bell
    return replace(request, seed=job.seed, options=options)


def built(model: str, frozen: dict[str, Any], team_id: int, most: int | None = None) -> ImageRequest:
    """A frozen request of this team with its pictures' bytes, without a seed. Raises ProviderError where one is gone.

    `most` is base64 characters of all pictures together.
    """
    return replace(outline(model, frozen), references=_references(team_id, frozen["plan"]["slots"], most))


def outline(model: str, frozen: dict[str, Any]) -> ImageRequest:
    """A frozen request as an engine would get it, with empty references: enough to check it against a catalogue."""
    empty = SentReference(b"", "", "", "", "", "")
    return ImageRequest(
        model=model,
        prompt=frozen["prompt"],
        aspect=frozen["aspect"],
        size=frozen["size"],
        width=frozen["width"],
        height=frozen["height"],
        seed=None,
        references=(empty,) * len(frozen["plan"]["slots"]),
        layout=frozen["layout"],
        options=frozen["options"],
    )


def _references(team_id: int, slots: list[dict[str, Any]], most: int | None) -> tuple[SentReference, ...]:
    if not slots:
        return ()
    keys = {slot["image_key"] for slot in slots}
    stored = Rendition.objects.filter(image__team=team_id, image__key__in=keys, spec__in=(PROVIDER, SMALLER))
    found = {(row.image.key, row.spec): row for row in stored.select_related("image")}
    files = {key: row for (key, spec), row in found.items() if spec == PROVIDER}
    if most is not None:
        _lighten(files, {key: row for (key, spec), row in found.items() if spec == SMALLER}, slots, most)
    return tuple(
        SentReference(
            data=_bytes(files.get(slot["image_key"]), slot),
            mime=files[slot["image_key"]].mime,
            role=slot["role"],
            subject=slot["subject"],
            view=slot["view"],
            sha256=slot["sha256"],
        )
        for slot in sorted(slots, key=lambda slot: slot["n"])
    )


def _lighten(
    files: dict[str, Rendition], smaller: dict[str, Rendition], slots: list[dict[str, Any]], most: int
) -> None:
    """Of pictures too heavy together the heaviest go smaller, one after the other, until all fit: none is left out."""
    for key in sorted(files, key=lambda key: -files[key].size):
        if sum(4 * -(-files[slot["image_key"]].size // 3) for slot in slots if slot["image_key"] in files) <= most:
            return
        if key in smaller and smaller[key].size < files[key].size:
            files[key] = smaller[key]


def _bytes(row: Rendition | None, slot: dict[str, Any]) -> bytes:
    try:
        if row is not None:
            with storages["default"].open(row.path) as file:
                return file.read()
    except OSError:
        pass
    raise ProviderError(
        f"Reference picture {slot['n']} ({slot['name']}) is gone.",
        kind="invalid",
        remedy="Look at the references, then draw the panel again.",
        permanent=True,
        charged=False,
    )
