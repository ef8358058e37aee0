"""Oneself: name, address, theme, keys; and the team at hand."""

from __future__ import annotations

from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import limits
from studio.accounts import profile as verbs
from studio.accounts.actions import Refused
from studio.accounts.models import User
from studio.forms.projects import ProfileForm
from studio.lib.typing import Request
from studio.views import access, ways


def _back(request: Request, otherwise: str = "home") -> HttpResponse:
    """To the page it was pressed on, if it is one of ours."""
    there = request.headers.get("Referer", "").removeprefix(f"{request.scheme}://{request.get_host()}")
    return redirect(ways.ours(request, there) or otherwise)


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    user = access.me(request)
    if request.POST.get("current") and not limits.allowed(request, "change_password"):
        return respond_429(request)
    form = ProfileForm(
        request.POST or None,
        user=user,
        initial={"name": user.name, "email": user.email, "theme": user.theme, "letter_keys": user.letter_keys},
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "email", "theme", "letter_keys")}
        try:
            verbs.save_profile(user=user, **values)
            messages.success(request, "Saved.")
            return _with_theme(redirect("profile"), user.theme)
        except Refused as refusal:
            form.add_error("email", str(refusal))
    return render(
        request, "profile/profile.html", {"form": form, "here": "profile"}, status=422 if form.errors else 200
    )


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    response.set_cookie("theme", theme, max_age=60 * 60 * 24 * 365, samesite="Lax", secure=settings.SECURE)
    return response


@require_POST
def theme(request: Request) -> HttpResponse:
    """Kept with the user, and as a cookie for pages seen before signing in."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        chosen = User.Theme.SYSTEM
    if request.user.is_authenticated:
        verbs.set_theme(user=access.me(request), theme=chosen)
    answer = HttpResponse(status=204) if request.htmx else _back(request)
    return _with_theme(answer, chosen)


@require_POST
def team_switch(request: Request) -> HttpResponse:
    wanted = request.POST.get("team", "")
    mine = access.memberships(request)
    if wanted not in map(str, mine):
        raise Http404
    request.session["team"] = int(wanted)
    return redirect("home")
