"""What every answer gets: sign-in redirects, `HX-Redirect`, `Vary`, toasts out of band, last seen."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from urllib.parse import SplitResult, urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from studio.accounts.models import User
from studio.lib import disk
from studio.views import errors
from studio.views.access import SecondStepFirst, SignInFirst
from studio.views.access_review import NotInside, TooMany

log = logging.getLogger(__name__)
SEEN_EVERY = dt.timedelta(minutes=5)
SHARED = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
UTF_8 = {"utf-8", "utf8", "us-ascii"}


class SharedOrigin:
    """Forms of shared reviews: their pages say no-referrer, so browsers send them with `Origin: null`, which Django refuses.

    `Sec-Fetch-Site`, which no page can forge, says where they come from; an old browser, or one on plain http, sends none, and
    the form's token alone decides, as it does for a request without an origin. Stands before Django's check.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/r/") and request.META.get("HTTP_ORIGIN") == "null":
            site = request.META.get("HTTP_SEC_FETCH_SITE")
            if site == "same-origin":
                request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
            elif site is None:
                del request.META["HTTP_ORIGIN"]
        return self.get_response(request)


class StudioMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in UTF_8:
            raise BadRequest("Forms come as UTF-8.")  # Django would decode by any codec of Python's, "rot13" too
        if "%00" in (asked := request.META.get("QUERY_STRING", "")):  # PostgreSQL takes no NUL, not even to compare
            request.META["QUERY_STRING"] = asked.replace("%00", "")
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            allow, response = response.headers["Allow"], errors.not_this_way(request)
            response.headers["Allow"] = allow
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            _note_seen(request.user, request.session.session_key)
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.path.startswith("/r/"):  # what a link opens is kept nowhere, and its address told to nobody
            for name, value in SHARED.items():
                response.headers[name] = value
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "text/html" in response.headers.get("Content-Type", ""):
            patch_vary_headers(response, ["HX-Request"])
        if not getattr(request, "htmx", False):
            return response
        if response.status_code in (301, 302, 303) and "Location" in response.headers:
            return _as_location(request, response)
        return _with_toasts(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError) or disk.cannot_write(exception):
            log.error("cannot save: %s", exception, exc_info=exception)
            return errors.cannot_save(request)
        if isinstance(exception, TooMany):
            return errors.too_many_links(request)
        if isinstance(exception, NotInside):
            asked = {"came": "1"} if "came" in request.GET else {"next": request.path}
            return HttpResponseRedirect(f"{exception.door}?{urlencode(asked)}")
        if isinstance(exception, SecondStepFirst):
            return HttpResponseRedirect(reverse("security"))
        if not isinstance(exception, SignInFirst):
            return None
        here = request.get_full_path()
        if getattr(request, "htmx", False) and (current := _current(request)).path:
            here = current.path + (f"?{current.query}" if current.query else "")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': here})}")


def _note_seen(user: User, session: str | None) -> None:
    now = timezone.now()
    if user.last_seen is None or now - user.last_seen > SEEN_EVERY:
        with contextlib.suppress(OperationalError):  # a full disk or a busy database: whoever reads may go on reading
            User.objects.filter(pk=user.pk).update(last_seen=now)
            UserSession.objects.filter(session_key=session).update(last_seen_at=now)


def _current(request: HttpRequest) -> SplitResult:
    """The page that htmx says it is on, taken apart; nothing where that is no address."""
    try:
        return urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    except ValueError:
        return urlsplit("")


def _as_location(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """htmx would follow a redirect inside the swap; this has the browser go there as a page, with the page's own files.

    An address that differs only in its fragment would not be loaded anew, so that one is a refresh.
    """
    target = urlsplit(response.headers["Location"])
    current = _current(request)
    same = target.fragment and (target.path, target.query) == (current.path, current.query)
    answer = HttpResponse(status=204)
    answer.headers["HX-Refresh" if same else "HX-Redirect"] = "true" if same else response.headers["Location"]
    answer.cookies = response.cookies
    return answer


def _with_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Messages that nothing has shown yet ride along, out of band."""
    shown = 200 <= response.status_code < 300 or response.status_code in (409, 422)  # what the page swaps in
    if response.streaming or not shown or response.status_code == 204:
        return response
    if "text/html" not in response.headers.get("Content-Type", ""):
        return response
    pending = list(get_messages(request))
    if pending:
        context = {"messages": pending, "out_of_band": True}
        response.content += render_to_string("_toasts.html", context, request=request).encode()
    return response
