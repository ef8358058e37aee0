"""The plumbing between views and htmx, written once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

STOP_POLLING = 286  # htmx ends a poll on this status


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, partial: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or only its partial for a request made by htmx (a boosted or restored one gets the page)."""
    part = bool(partial and request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request)  # type: ignore[attr-defined]
    return render(request, partial if part else template, context or {}, status=status)


def dialog(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A dialog: by htmx it lands in `#dialog` and opens; without scripts the same template stands as a page of its own.

    The template extends `_dialog.html`, which extends the bare or the full layout by `request.htmx`.
    """
    response = render(request, template, context or {}, status=status)
    return trigger_client_event(response, "dialog-open", {}, after="settle") if request.htmx else response  # type: ignore[attr-defined]


def offer_undo(request: HttpRequest, words: str, url: str) -> None:
    """A toast with `words` and, for ten seconds, a button that POSTs to `url`. It rides on whatever is answered next."""
    messages.success(request, words, extra_tags=f"undo={url}")


def announce(response: HttpResponse, words: str) -> HttpResponse:
    """Have the polite live region say `words` once the answer is in the page."""
    return trigger_client_event(response, "announce", {"words": words}, after="settle")
