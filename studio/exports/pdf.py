"""Pages → PDF, by WeasyPrint, from the HTML that the preview shows. Nothing is read but our own pictures and our own font."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import storages
from django.template.loader import render_to_string

from studio.exports import pages
from studio.exports.types import Failed, File, Options, Picture, Sheet
from studio.lib import packages

TEMPLATE = "exports/paper/storyboard.html"
CHUNK = 4  # pages laid out between two looks at whether somebody cancelled
FONT = settings.BASE_DIR / "static" / "fonts" / "inter-latin-wght-normal.woff2"
FACE = '@font-face { font-family: "Inter Variable"; src: url("font:inter") format("woff2"); }'


@cache
def unavailable() -> str:
    """Why no PDF can be made on this machine, in one sentence; empty where it can. Cheap: loads no WeasyPrint."""
    return packages.missing()


def write(
    sheet: Sheet, options: Options, out: IO[bytes], *, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Write the storyboard to `out`, answer the number of pages. `progress(done, total)` counts pages.

    Whatever `progress` raises ends the work between two pages. Raises Failed where WeasyPrint can't load, where there is
    no panel, or where a picture's file is gone.
    """
    if unavailable():
        raise Failed(unavailable(), "Everything else works without it.")
    if not sheet.panels:
        raise Failed("There is no panel to print.", "Choose other panels, or add one to the board.")
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    layout = pages.lay_out(sheet, options, source=lambda picture: f"picture:{picture.key}")
    fetch = _fetcher({panel.picture.key: (panel.label, panel.picture) for panel in sheet.panels if panel.picture})
    fonts = FontConfiguration()
    styles = [CSS(string=css, url_fetcher=fetch, font_config=fonts) for css in _styles(layout.geometry)]
    context = {"layout": layout, "author": sheet.author, "created": sheet.date.isoformat()}
    total = len(layout.pages)
    documents: list[Any] = []
    with tempfile.TemporaryDirectory(prefix="studio-pdf-") as folder:
        for start in range(0, len(layout.pages), CHUNK):
            progress(start, total)
            chunk = layout.pages[start : start + CHUNK]
            html = HTML(string=render_to_string(TEMPLATE, context | {"pages": chunk}), url_fetcher=fetch)
            try:
                documents.append(html.render(stylesheets=styles, font_config=fonts, cache=folder, pdf_tags=True))
            except FatalURLFetchingError as error:
                raise Failed(str(error), "Draw that panel anew, or pick another take.") from error
        drawn = [page for document in documents for page in document.pages]
        if len(drawn) != len(layout.pages):
            raise Failed("The pages came out wrong.", "Export with fewer fields, and tell whoever runs this studio.")
        progress(total, total)
        documents[0].copy(drawn).write_pdf(out, cache=folder, pdf_tags=True)
    return len(drawn)


def _styles(shape: pages.Geometry) -> tuple[str, ...]:
    size = f"@page {{ size: {shape.width}mm {shape.height}mm; margin: 0; }}"
    return FACE, size, (settings.BASE_DIR / "static" / "css" / "paper.css").read_text()


def _fetcher(pictures: dict[str, tuple[str, Picture]]) -> Any:
    """Answers for the sheet's pictures and the font; every other address is refused, file: and http: as well."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Ours(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if url == "font:inter":
                return URLFetcherResponse(url, FONT.read_bytes(), {"Content-Type": "font/woff2"})
            if scheme != "picture" or name not in pictures:
                raise ValueError(f"refused: {url[:80]}")
            label, picture = pictures[name]
            try:
                return URLFetcherResponse(url, _read(picture.printed), {"Content-Type": picture.printed.mime})
            except OSError as error:  # must not end as an empty frame
                raise FatalURLFetchingError(f"The picture of panel {label} is missing from the storage.") from error

    return Ours()


def _read(file: File) -> bytes:
    with storages["default"].open(file.path) as handle:
        return bytes(handle.read())
