"""What the picture services ask of us, without signing in: a reference on its way to them, and the bell when a task is over.

Both addresses are signed. A bell is never believed: the worker asks the service itself, only sooner.
"""

from __future__ import annotations

import uuid

from allauth.core.ratelimit import respond_429
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from studio.accounts import limits
from studio.lib import engine, signing
from studio.lib.typing import Request
from studio.providers import callbacks
from studio.views import access
from studio.views.media import HEADERS


@require_safe
def handed(request: Request, key: uuid.UUID, sha256: str, mark: str) -> HttpResponse:
    """One reference picture of an attempt that is under way, as it is sent to services."""
    try:
        found = access.handed_for(key, sha256, mark)
    except Http404:
        return _wrong(request, 404)
    try:
        file = storages["default"].open(found.path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type=found.mime)
    for header, value in {**HEADERS, "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}.items():
        answer.headers[header] = value
    return answer  # type: ignore[return-value]


@csrf_exempt
@require_POST
def callback(request: Request, code: str, secret: str) -> HttpResponse:
    """A service says that tasks of this account are over. Answered with 204 whatever it names, so that it does not repeat itself."""
    try:
        account = access.account_called(code, secret)
    except Http404:
        return _wrong(request, 404)
    raw = request.read(callbacks.LARGEST + 1)
    if account.callback_sealed:
        signing_secret = signing.unseal(account.callback_sealed)
        stamp, signature = (request.headers.get(f"X-HiAPI-{name}") for name in ("Timestamp", "Signature"))
        if not callbacks.signed(signing_secret, stamp, signature, raw, timezone.now().timestamp()):
            return _wrong(request, 403)
    if called := access.jobs_named(account, callbacks.tasks_named(raw)):
        engine.called("job", *called)
    return HttpResponse(status=204)


def _wrong(request: Request, status: int) -> HttpResponse:
    """For whoever knows no address of ours, or signs with another secret; counted by where it comes from."""
    if not limits.allowed(request, "wrong_service"):
        return respond_429(request)
    if status == 404:
        raise Http404
    return HttpResponse("The signature does not fit.", status=status, content_type="text/plain")
