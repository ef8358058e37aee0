"""The picked pictures as a ZIP, with a manifest that says how each was made. Copied in pieces; nothing is re-encoded."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from typing import IO, Any

from django.core.files.storage import storages
from django.utils import timezone

from studio.exports import names
from studio.exports.types import Failed, Sheet, SheetPanel

MANIFEST = "manifest.json"
PIECE = 1 << 20


def write(
    sheet: Sheet, out: IO[bytes], *, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[dict[str, Any]]:
    """Write the ZIP to `out`, a seekable file, and answer the manifest's pictures.

    Whatever `progress` raises ends the work between two pictures. Raises Failed where no panel has a picture, or a
    picture's file is gone.
    """
    named = names.of_pictures(sheet)
    if not named:
        raise Failed("No panel has a picture yet.", "Draw some, then export again.")
    rows = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for done, (name, panel) in enumerate(named):
            progress(done, len(named))
            rows.append(_row(name, panel) | _copy(archive, name, panel))
        manifest = json.dumps(_manifest(sheet, rows), ensure_ascii=False, indent=2)
        archive.writestr(_info(MANIFEST, timezone.now()), manifest.encode())
    progress(len(named), len(named))
    return rows


def _copy(archive: zipfile.ZipFile, name: str, panel: SheetPanel) -> dict[str, Any]:
    """Copies the original's bytes; the hash is of what was written."""
    assert panel.picture
    original = panel.picture.original
    seen, size = hashlib.sha256(), 0
    info = _info(name, panel.picture.made)
    info.file_size = original.size
    try:
        with storages["default"].open(original.path) as source, archive.open(info, "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                seen.update(piece)
                size += len(piece)
                target.write(piece)
    except FileNotFoundError as error:
        words = f"The picture of panel {panel.label} is missing from the storage."
        raise Failed(words, "Draw that panel anew, or pick another take.") from error
    return {"sha256": seen.hexdigest(), "bytes": size}


def _info(name: str, made: Any) -> zipfile.ZipInfo:
    local = timezone.localtime(made)
    info = zipfile.ZipInfo(name, (max(local.year, 1980), *local.timetuple()[1:6]))
    info.external_attr = 0o644 << 16
    return info


def _row(name: str, panel: SheetPanel) -> dict[str, Any]:
    assert panel.picture
    return {
        "file": name,
        "scene": panel.scene.number,
        "panel": panel.label,
        "panel_code": panel.code,
        "take": panel.picture.take,
        "take_code": panel.picture.take_code,
        "width": panel.picture.original.width,
        "height": panel.picture.original.height,
        "mime": panel.picture.original.mime,
        "crop": panel.picture.crop,  # the frame within the file, which stays as it was drawn
        "shot": panel.shot,
        "action": panel.action,
        "dialogue": panel.dialogue,
        "sound": panel.sound,
        "seconds": float(panel.seconds),
        **panel.picture.how,
    }


def _manifest(sheet: Sheet, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": "studio-pictures/1",
        "project": {
            "title": sheet.title,
            "code": sheet.code,
            "kind": sheet.kind,
            "client": sheet.client,
            "aspect": sheet.aspect_name,
            "date": sheet.date.isoformat(),
        },
        "scenes": [{"number": s.number, "heading": s.heading, "panels": len(s.panels)} for s in sheet.scenes],
        "pictures": rows,
        "without_picture": [panel.label for panel in sheet.missing],
    }
