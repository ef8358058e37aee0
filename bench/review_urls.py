"""The studio's addresses, and one whose view does nothing: the floor of bench/review.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from studio import urls

handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=304)


urlpatterns = [path("r/bare/now/", bare), *urls.urlpatterns]
