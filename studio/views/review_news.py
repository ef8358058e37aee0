"""Has anything happened in this round since? Asked every few seconds by every open page, so it is three slim queries and often 304."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from studio.lib.typing import Request
from studio.review.models import Round
from studio.views import access_review as access


@require_safe
def shared_news(request: Request, token: str) -> HttpResponse:
    return _news(request, access.shared_for(request, token).round)


@require_safe
def round_news(request: Request, code: str) -> HttpResponse:
    return _news(request, access.round_for(request, code))


def _news(request: Request, round_: Round) -> HttpResponse:
    """304 where the page (`since`, or the ETag it was given) is as new as the round; else 200, and an event to fetch by.

    `since` is there for browsers: what may not be stored (no-store), they never ask about with an ETag.
    """
    etag = f'"{round_}-{round_.revision}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None and request.GET.get("since", "") == str(round_.revision):
        answer = HttpResponse(status=304)
    if answer is None:
        answer = HttpResponse(headers={"X-Revision": str(round_.revision)})
        trigger_client_event(answer, "review-news", {"revision": round_.revision})
    answer.headers["ETag"] = etag
    return answer  # type: ignore[return-value]
