"""Pictures of a shared round, behind the same door as its pages. Never the address of a stored picture: that is the team's."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from studio.lib.typing import Request
from studio.media import intake
from studio.media.actions import ENDINGS
from studio.media.models import Rendition
from studio.media.renditions import PROVIDER, STEPS
from studio.review import actions, watermarks
from studio.review.models import RoundPanel
from studio.review.reviewers import Reviewer
from studio.views import access_review as access
from studio.views.media import HEADERS


@require_safe
def picture(request: Request, token: str, panel: str, spec: str) -> HttpResponse:
    """One of the fixed sizes; with the viewer's name across it where the link says so."""
    who = access.shared_for(request, token).reviewer
    row = access.pictured(who, panel)
    if spec not in STEPS:
        raise Http404
    return _served(who, _rendition(row, spec))


@require_safe
def download(request: Request, token: str, panel: str) -> HttpResponse:
    """The picture to keep: as it was drawn, or, where the link marks its pictures, its largest size with the name."""
    who = access.shared_for(request, token).reviewer
    row = access.pictured(who, panel)
    if not who.may_download:
        raise PermissionDenied("This link lets you look, not download.")
    if request.method == "GET" and who.link is not None:
        actions.downloaded(link=who.link, guest=who.guest, panel=row.label)
    name = f"{slugify(who.round.project.title) or 'board'}-{row.round}-{slugify(row.label) or row.position + 1}"
    if who.watermark:
        return _served(who, _rendition(row, PROVIDER), name=f"{name}.jpg")
    image = row.image
    assert image is not None
    return _file(image.original, image.original_mime, f"{name}.{ENDINGS[image.original_mime]}")


def _rendition(row: RoundPanel, spec: str) -> Rendition:
    found = Rendition.objects.select_related("image").filter(image=row.image_id, spec=spec).first()
    if found is None:
        raise Http404
    return found


def _served(who: Reviewer, rendition: Rendition, *, name: str = "") -> HttpResponse:
    if not who.watermark or who.link is None:
        return _file(rendition.path, rendition.mime, name)
    try:
        data = watermarks.marked(rendition, name=who.watermark, link=who.link)
    except FileNotFoundError:
        raise Http404 from None
    except intake.Refused:  # every child is busy
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    answer = HttpResponse(data, content_type=rendition.mime, headers=HEADERS)
    if name:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(path: str, mime: str, name: str = "") -> HttpResponse:
    try:
        file = storages["default"].open(path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type=mime, as_attachment=bool(name), filename=name)
    for header, value in HEADERS.items():
        answer.headers[header] = value
    return answer  # type: ignore[return-value]
