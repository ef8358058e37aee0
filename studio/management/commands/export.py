"""Make a file of a project: the storyboard as PDF, or its pictures as ZIP."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.board.models import Project
from studio.exports import actions
from studio.exports.models import Export
from studio.exports.types import FIELDS, GRIDS, PAPERS
from studio.management.progress import Progress

NOT_FOUND, NOT_MADE, NOT_WRITTEN = 2, 1, 4  # exit codes; 0 is a whole file in its place


class Command(BaseCommand):
    help = "Write a project's storyboard (pdf) or picked pictures (zip) to a file. Exit codes: 0 made, 1 failed, 2 no such project or scene, 4 not written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's code, or its title where only one bears it")
        parser.add_argument("--format", choices=Export.Format.values, default="pdf")
        parser.add_argument("--out", required=True, help="where to write it; a folder gets the file's own name")
        parser.add_argument("--scene", default="", help="only this scene, by number")
        parser.add_argument("--grid", choices=list(GRIDS), default="6", help="panels on a page")
        parser.add_argument("--paper", choices=list(PAPERS), default="a4")
        parser.add_argument("--fields", default="shot,action,dialogue,seconds", help=f"of {','.join(FIELDS)}")
        parser.add_argument("--json", action="store_true", help="say at the end, as JSON, what was made")

    def handle(self, *args: Any, **options: Any) -> None:
        project = _project(options["project"])
        chosen = {
            "which": _scene(project, options["scene"]) if options["scene"] else "all",
            "grid": options["grid"],
            "paper": options["paper"],
            "fields": [name for name in options["fields"].split(",") if name],
        }
        asked = actions.request_export(
            project=project, by=None, key=uuid.uuid4(), format=options["format"], options=chosen
        )
        progress = Progress(self.stderr)
        unit = "Pages" if asked.format == Export.Format.PDF else "Pictures"
        export = actions.run(asked.pk, progress=lambda done, total: progress(unit, done, total))
        progress.end()
        export = export or _finished(asked)
        if export.state != Export.State.DONE:
            words = " ".join(part for part in (export.error, export.remedy) if part) or export.get_state_display()
            raise CommandError(words, returncode=NOT_MADE)
        out = _write(export, Path(options["out"]).expanduser())
        result = {
            "file": str(out),
            "bytes": export.size,
            "format": export.format,
            "export": export.code,
            "pieces": export.total,
        }
        self.stdout.write(json.dumps(result) if options["json"] else f"{out}, {export.size:,} bytes")


def _project(name: str) -> Project:
    rows = Project.objects.filter(deleted=None).select_related("team")
    found = rows.filter(code=name)[:2] or rows.filter(title__iexact=name)[:2]
    if len(found) != 1:
        raise CommandError(
            f"{'Several projects are' if found else 'No project is'} called {name}.", returncode=NOT_FOUND
        )
    return found[0]


def _scene(project: Project, number: str) -> str:
    scene = project.scenes.filter(deleted=None, number=number).first()
    if scene is None:
        raise CommandError(f"{project} has no scene {number}.", returncode=NOT_FOUND)
    return scene.code


def _finished(export: Export) -> Export:
    """A running worker was quicker to take it: wait until it is over."""
    import time

    while export.state in Export.ACTIVE:
        time.sleep(0.2)
        export.refresh_from_db()
    return export


def _write(export: Export, out: Path) -> Path:
    """Copy it beside its place and move it there, so that no half file is ever seen."""
    if out.is_dir():
        out = out / export.filename
    part = out.with_name(f".{out.name}.part")
    try:
        with storages["default"].open(export.path) as source, part.open("wb") as target:
            for piece in source.chunks():
                target.write(piece)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"{out} could not be written: {error.strerror}.", returncode=NOT_WRITTEN) from error
    return out
