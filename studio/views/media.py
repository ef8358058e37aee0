"""Pictures, behind the same check as the pages that show them."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from studio.media.actions import ENDINGS
from studio.media.renditions import SPECS
from studio.views import access

# A picture is never a page: it runs nothing, is not sniffed for something else, and stays on this site.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_GOOD = "private, max-age=31536000, immutable"


@require_safe
def rendition(request: HttpRequest, key: str, spec: str) -> HttpResponse:
    """A re-encoded picture. What lies under a key and spec never changes, so the tag is the name."""
    image = access.image_for(request, key)
    found = image.renditions.filter(spec=spec).first() if spec in SPECS else None
    if found is None:
        raise Http404
    return _served(request, found.path, found.mime, etag=f'"{key}-{spec}"', caching=FOR_GOOD)


@require_safe
def original(request: HttpRequest, key: str) -> HttpResponse:
    """The bytes as they came, metadata and all: to take away, for whoever brought them."""
    image = access.image_for(request, key)
    if image.uploaded_by_id is None or image.uploaded_by_id != request.user.pk:
        raise PermissionDenied("The original is kept for whoever uploaded it.")
    stem = PurePath(image.original_name).stem or image.key[:8]
    name = f"{stem}.{ENDINGS[image.original_mime]}"
    return _served(
        request, image.original, image.original_mime, etag=f'"{key}"', caching="private, no-store", name=name
    )


def _served(
    request: HttpRequest, path: str, mime: str, *, etag: str, caching: str, name: str | None = None
) -> HttpResponse:
    """As an attachment if it has a name. A row whose file is gone is a 404, as is a file without a row."""
    answer: HttpResponse | FileResponse | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            file = storages["default"].open(path)
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(file, content_type=mime, as_attachment=name is not None, filename=name or "")
    for header, value in {**HEADERS, "Cache-Control": caching, "ETag": etag}.items():
        answer.headers[header] = value
    return answer  # type: ignore[return-value]
