"""Pages for what went wrong: what happened, what it means, what to do."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int, title: str, meaning: str) -> HttpResponse:
    return render(request, "error.html", {"status": status, "title": title, "meaning": meaning}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        400,
        "The studio could not read that request.",
        "Nothing was changed. Go back, load the page anew and try again.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "This form was open too long.",
        "Nothing was changed. Go back, load the page anew and send it again.",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    meaning = str(exception or "") or "Your role does not allow this."
    return _page(request, 403, "You may not do this.", f"{meaning} An owner of the team can change your role.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith("/r/"):
        return gone(request)
    return _page(request, 404, "There is nothing here.", "It may have been deleted, or the link is not for you.")


def gone(request: HttpRequest) -> HttpResponse:
    """The one answer to every review link that does not open."""
    context = {
        "title": "This link does not open anything.",
        "meaning": "It may have run out, been taken back, or been cut short on its way. Ask whoever sent it for another.",
    }
    return render(request, "review/share_gone.html", context, status=404)


def not_this_way(request: HttpRequest) -> HttpResponse:
    """405, for who opens by hand an address that only takes a form."""
    return _page(request, 405, "This address only takes a form.", "Nothing was changed. Go back and use its button.")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Rendered once: whoever guesses gets many of them, and each should cost little."""
    return HttpResponse(_too_many(), status=429, headers={"Retry-After": "60"})


@cache
def _too_many() -> str:
    meaning = "Nothing was changed. Wait a few minutes, then try again."
    return render_to_string("error_bare.html", {"title": "Too many tries.", "meaning": meaning})


def too_many_links(request: HttpRequest) -> HttpResponse:
    """429 at the door of a review. Rendered once: whoever guesses gets many of them."""
    return HttpResponse(_too_many_links(), status=429, headers={"Retry-After": "300"})


@cache
def _too_many_links() -> str:
    context = {
        "title": "Too many tries.",
        "meaning": "Nothing was changed. Wait ten minutes, then open the link again.",
    }
    return render_to_string("review/share_paused.html", context)


def cannot_save(request: HttpRequest) -> HttpResponse:
    """The disk is full or the database too busy: 503, and the form that was sent still stands in the browser."""
    context = {
        "title": "The studio cannot save just now.",
        "meaning": "Its disk is full or its database is busy. Nothing was changed. Go back, wait a moment and send it again; "
        "if it stays, tell whoever runs this studio.",
    }
    return HttpResponse(render_to_string("error_bare.html", context), status=503, headers={"Retry-After": "10"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request's context: what broke may be what that needs."""
    context = {
        "title": "Something broke on our side.",
        "meaning": "What you saved is safe. Try again; if it stays, tell whoever runs this studio.",
    }
    return HttpResponse(render_to_string("error_bare.html", context), status=500)
