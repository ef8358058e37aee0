"""The keys of each page: one table for the handlers and for the dialog that lists them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from studio.views import access, htmx


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    access.me(request)
    return htmx.dialog(request, "keys/keys_dialog.html", {})
