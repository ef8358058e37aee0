"""Names of files that leave: readable, safe on every system, never two alike."""

from __future__ import annotations

import unicodedata

from django.utils.text import slugify

from studio.exports.types import Sheet, SheetPanel

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def slug(text: str, fallback: str, longest: int = 40) -> str:
    """Letters, digits and hyphens of any script: no dots, slashes or control characters survive."""
    return slugify(unicodedata.normalize("NFC", text), allow_unicode=True)[:longest].strip("-_") or fallback


def of_file(sheet: Sheet, format: str) -> str:
    """ "last-light_storyboard_v3.pdf" """
    name = slug(sheet.title, sheet.code)
    return (
        f"{name}_storyboard_v{sheet.version}.pdf" if format == "pdf" else f"{name}_pictures_{sheet.date:%Y-%m-%d}.zip"
    )


def of_pictures(sheet: Sheet) -> list[tuple[str, SheetPanel]]:
    """`{project}_sc{scene:02}_p{label}_t{take:02}.jpg` for each panel with a picture, unique without regard to case."""
    taken: set[str] = set()
    named: list[tuple[str, SheetPanel]] = []
    project = slug(sheet.title, sheet.code)
    for panel in sheet.pictures:
        assert panel.picture
        number = panel.scene.number
        scene = f"{int(number):02}" if number.isascii() and number.isdigit() else slug(number, "x", 8)
        stem = f"{project}_sc{scene}_p{slug(panel.label, panel.code, 12).upper()}_t{panel.picture.take:02}"
        unique, count = stem, 2
        while unique.casefold() in taken:
            unique, count = f"{stem}_{count}", count + 1
        taken.add(unique.casefold())
        named.append((f"{unique}.{ENDINGS.get(panel.picture.original.mime, 'bin')}", panel))
    return named
