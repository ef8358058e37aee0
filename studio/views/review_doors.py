"""Where a guest comes in: the address of a link, its password, and saying who one is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from studio.accounts import limits
from studio.lib.typing import Request
from studio.review import actions
from studio.review.errors import Refused
from studio.views import access_review as access
from studio.views import htmx


@require_http_methods(["GET", "POST"])
def door(request: Request, token: str) -> HttpResponse:
    """GET counts the opening, unless a password is asked first; POST brings that. Then on to the panels."""
    shared = access.shared_for(request, token, door=True)
    if shared.inside:
        return redirect(_onward(request, shared))
    if "came" in request.GET:  # sent on from here a moment ago, and here again: the browser keeps no cookie
        return render(request, "review/share_cookies.html", {"shared": shared}, status=422)
    if shared.link.password:
        given = request.POST.get("password", "")
        wrong = request.method == "POST" and not access.right_password(request, shared.link, given)
        if wrong or request.method == "GET":
            context = {"shared": shared, "wrong": wrong, "next": _onward(request, shared)}
            return render(request, "review/share_door.html", context, status=422 if wrong else 200)
    if not actions.opened(link=shared.link, guest=shared.guest):
        access.refuse(request)
    return access.let_in(redirect(f"{_onward(request, shared)}?came=1"), request, shared)


def _onward(request: Request, shared: access.Shared) -> str:
    """Where they wanted to go, if that is a page of this link; else the first panel that waits."""
    base = shared.reviewer.base
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith(f"{base}panels/") and url_has_allowed_host_and_scheme(wanted, None):
        return wanted
    return f"{base}panels/{access.first_panel(shared.round).code}/"


@require_http_methods(["GET", "POST"])
def guest_name(request: Request, token: str) -> HttpResponse:
    """A guest of an open link says who they are, once, and goes back to where they were."""
    shared = access.shared_for(request, token, door=True)
    trouble = ""
    if not shared.inside:
        raise access.NotInside(shared.reviewer.base)
    if shared.guest is not None:
        return redirect(_onward(request, shared))
    if request.method == "POST":
        if not limits.allowed(request, "guest_name"):
            raise access.TooMany
        try:
            _, key = actions.name_guest(link=shared.link, name=request.POST.get("name", ""))
            return access.know_again(redirect(_onward(request, shared)), request, shared, key)
        except Refused as refused:
            trouble = str(refused)
    context = {"shared": shared, "next": _onward(request, shared), "trouble": trouble}
    partial = "review/_share_name.html"
    return htmx.page(request, "review/share_name.html", context, partial=partial, status=422 if trouble else 200)
