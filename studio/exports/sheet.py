"""Project → Sheet. The only file of this room that reads the database for content; six queries, whatever the board's size."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from studio.board import vocabulary
from studio.board.models import Panel, Project, Scene, Take
from studio.exports.models import Export
from studio.exports.types import ALL, WITH_PICTURE, File, Options, Picture, Sheet, SheetPanel, SheetScene
from studio.media.models import Image

PRINTED = "provider"  # the 2048 px JPEG, embedded byte for byte
REFERENCE_KEYS = ("n", "role", "subject", "name", "view", "detail", "sha256", "why")


def of(project: Project, options: Options, *, export: Export | None = None) -> Sheet:
    """The panels that `options.which` names, in board order. The version is the count of storyboards asked for so far."""
    scenes: dict[int, SheetScene] = {}
    for panel in _panels(project, options):
        row = panel.scene
        scene = scenes.setdefault(row.pk, SheetScene(row.code, row.number, heading(row)))
        scene.panels.append(_panel(panel, scene))
    day = timezone.localtime(export.created if export else timezone.now()).date()
    return Sheet(
        title=project.title,
        code=project.code,
        kind=project.kind,
        client=project.client,
        author=project.team.name,
        version=_version(project, export),
        date=day,
        aspect=vocabulary.ratio(project.aspect),
        aspect_name=project.aspect,
        scenes=list(scenes.values()),
    )


def scenes_of(project: Project) -> list[Scene]:
    """What "which panels" offers beside all of them."""
    return list(project.scenes.filter(deleted=None).order_by("position", "pk"))


def heading(scene: Scene) -> str:
    """ "Int. boat shed, night", from whatever is filled in."""
    where = " ".join(part for part in (vocabulary.short("int_ext", scene.int_ext), scene.place) if part)
    time = vocabulary.label("time_of_day", scene.time_of_day) if scene.time_of_day else ""
    return ", ".join(part for part in (where, time.lower()) if part)


def _panels(project: Project, options: Options) -> QuerySet[Panel]:
    rows = Panel.objects.on_board().filter(scene__project=project)
    if options.which == WITH_PICTURE:
        rows = rows.exclude(picked=None)
    elif options.which != ALL:
        rows = rows.filter(scene__code=options.which)
    return rows.select_related("scene", "picked__image").prefetch_related("picked__image__renditions")


def _panel(row: Panel, scene: SheetScene) -> SheetPanel:
    words = (
        vocabulary.label("shot_size", row.shot_size),
        vocabulary.label("angle", row.angle).lower(),
        vocabulary.label("lens", row.lens),
        "" if row.movement == "static" else vocabulary.label("movement", row.movement).lower(),
    )
    shot = ", ".join(word for word in words if word)
    return SheetPanel(
        code=row.code,
        label=plain(row.label),
        shot=plain(shot[:1].upper() + shot[1:]),
        action=plain(row.action),
        dialogue=plain(row.dialogue),
        sound=plain(row.sound),
        notes=plain(row.notes),
        seconds=row.seconds,
        picture=_picture(row.picked) if row.picked else None,
        scene=scene,
    )


def _picture(take: Take) -> Picture:
    image = take.image
    original = File(image.original, image.original_mime, image.original_size, image.width, image.height)
    printed = _printed(image) or original
    return Picture(
        key=image.key,
        printed=printed,
        original=printed if image.source == Image.Source.UPLOAD else original,  # an uploaded original stays its owner's
        take=take.number,
        take_code=take.code,
        made=take.created,
        crop=tuple(take.parameters.get("crop") or ()) or None,
        how={
            "engine": take.engine,
            "model": take.model,
            "size": take.size,
            "aspect": take.aspect,
            "seed": take.seed,
            "prompt": take.prompt,
            "template": take.template_version,
            "references": _references(take.plan),
            "subject_versions": take.versions,
            "test_shot": take.test_shot,
            "drawn": take.created.isoformat(),
        },
    )


def _printed(image: Image) -> File | None:
    for row in image.renditions.all():
        if row.spec == PRINTED:
            return File(row.path, row.mime, row.size, row.width, row.height)
    return None


def _references(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures that were sent, in order, with their hashes: enough to say later what a take was made from."""
    return [{key: slot[key] for key in REFERENCE_KEYS if slot.get(key)} for slot in plan.get("slots", [])]


def _version(project: Project, export: Export | None) -> int:
    rows = Export.objects.filter(project=project, format=Export.Format.PDF)
    if export and export.format == Export.Format.PDF:
        return rows.filter(pk__lte=export.pk).count()
    return rows.count() + 1


def plain(text: str) -> str:
    """As typed, without what no page can show: control characters go, three or more empty lines become one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    text = "".join(c for c in text if c == "\n" or (c >= " " and not "\x7f" <= c <= "\x9f" and c not in "\ufffe\uffff"))
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()
