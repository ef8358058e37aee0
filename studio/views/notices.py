"""What I was told, how I want to be told, and the way out of letters."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts import limits
from studio.accounts.models import Membership
from studio.accounts.rights import Right
from studio.forms import notices as forms
from studio.lib.typing import Request
from studio.notices import actions, feed, stopping, wishes
from studio.notices.kinds import Kind, Mail
from studio.notices.models import Hook
from studio.views import access, access_notices, htmx, ways
from studio.views.activity import number

OWNERS = {Kind.ENGINE, Kind.HOOK}  # only owners are told of these


@require_GET
def notices(request: Request) -> HttpResponse:
    mine = access.membership(request)
    found = feed.for_me(member=mine, before=number(request.GET.get("before", "")))
    context = {
        "feed": found, "here": "notices", "unread": feed.unread(mine.user, mine.team), "told": True, **aside(mine),
    }  # fmt: skip
    return htmx.page(request, "activity/notices.html", context, partial="activity/_older.html")


def aside(mine: Membership) -> dict[str, Any]:
    """The boxes beside the feed: how one is told, and the team's webhooks for its owners."""
    chosen = wishes.of(mine.user)
    kinds = [
        {"kind": kind, "label": Kind(kind).label, "way": chosen[kind]}
        for kind in Kind.values
        if kind not in OWNERS or mine.may(Right.ADMIN)
    ]
    hooks = Hook.objects.of(mine.team) if mine.may(Right.ADMIN) else None
    return {"kinds": kinds, "mails": Mail.choices, "hooks": hooks}


@require_GET
def notice(request: Request, code: str) -> HttpResponse:
    """To the page that it is about; it counts as read from then on."""
    found = access_notices.notice_for(request, code)
    actions.read_notice(notice=found)
    return redirect(ways.ours(request, found.path) or "notices")


@require_POST
def notices_read(request: Request) -> HttpResponse:
    mine = access.membership(request)
    actions.read_all(user=mine.user, team=mine.team)
    return redirect(ways.ours(request, request.POST.get("next", "")) or "notices")


@require_POST
def notice_ways(request: Request) -> HttpResponse:
    """How one wants to be told; saved as it is changed, or by the button where no script runs."""
    wanted = forms.ways(request.POST)
    actions.set_wishes(user=access.me(request), wanted=wanted)
    if request.htmx:
        return htmx.announce(HttpResponse(status=204), "Saved.")
    messages.success(request, "Saved.")
    return redirect("notices")


@csrf_exempt  # mail programs post here by themselves, with nothing but the signed address (RFC 8058)
@require_http_methods(["GET", "POST"])
def stop(request: Request, token: str) -> HttpResponse:
    """One press ends letters of a kind. GET only asks: programs that look at links must end nothing."""
    found = stopping.read(token)
    if found is None:
        if not limits.allowed(request, "wrong_link"):
            return respond_429(request)
        raise Http404
    if request.method == "POST":
        actions.stop_letters(stop=found)
    context = {"stop": found, "labels": [Kind(kind).label for kind in found.kinds], "done": request.method == "POST"}
    response = render(request, "notices/stop.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
