"""How one signs in: passkeys, codes of an app, recovery codes. Changes ask first for a proof that is a few minutes old."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts import agents, limits, second_step
from studio.accounts.actions import Refused
from studio.accounts.models import User
from studio.forms.second_step import PasskeyForm, PasskeyNameForm, ProveForm
from studio.lib.typing import Request
from studio.views import access, ways

FRESH = 15 * 60  # seconds that a proof lasts


def proven(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who it is once more where the last proof is older than a quarter of an hour."""

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_proven(request, access.me(request)):
            return never_cache(view)(request, *args, **kwargs)
        return ask_for_proof(request)

    return asked


def ask_for_proof(request: Request, after_form: str = "security") -> HttpResponse:
    """Off to prove it and back: to the page, or to `after_form` where a form was sent, which is not sent again by itself."""
    then = request.get_full_path() if request.method == "GET" else reverse(after_form)
    return redirect(f"{reverse('prove')}?{urlencode({'next': then})}")


def is_proven(request: Request, user: User) -> bool:
    return any(one["at"] > time.time() - FRESH for one in get_authentication_records(request, user))


@sensitive_post_parameters("proof")
@require_http_methods(["GET", "POST"])
def prove(request: Request) -> HttpResponse:
    """The password once more, or a code. Whoever has neither signs in anew by a link."""
    user = access.me(request)
    then = ways.ours(request, request.POST.get("next") or request.GET.get("next") or "") or reverse("security")
    can = user.has_usable_password() or second_step.steps_of(user).codes
    form = ProveForm(request.POST or None, user=user)
    if request.method == "POST":
        if not limits.allowed(request, "change_password"):
            return respond_429(request)
        if can and form.is_valid():
            record_authentication(request, user, method="password" if user.has_usable_password() else "code")
            return redirect(then)
    context = {"form": form, "next": then, "can": can}
    return render(request, "security/prove.html", context, status=422 if form.errors else 200)


@require_GET
def security(request: Request) -> HttpResponse:
    """Where everybody is led whose team asks for a second factor they have not."""
    steps = second_step.steps_of(access.me(request))
    asking = [mine for mine in access.memberships(request).values() if mine.team.second_step_since]
    context = {
        "here": "profile", "steps": steps, "possible": second_step.passkeys_possible(request),
        "asking": [(mine.team, access.shut_out(request, mine), second_step.grace_until(mine)) for mine in asking],
    }  # fmt: skip
    return render(request, "security/security.html", context)


@require_http_methods(["GET", "POST"])
@proven
def passkey_add(request: Request) -> HttpResponse:
    """The browser makes the key from the options on this page; the POST brings what it made."""
    user = access.me(request)
    if not second_step.passkeys_possible(request):
        messages.error(request, "Browsers make passkeys only for a host name over https, or for localhost.")
        return redirect("security")
    name = agents.describe(request.headers.get("User-Agent", "")).name
    form, error = PasskeyForm(request.POST or None, initial={"name": name}), ""
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, second_step.add_passkey(user=user, **form.cleaned_data), "The passkey is added.")
        except Refused as refusal:
            error = str(refusal)
    error = error or " ".join(map(str, form.errors.get("credential", [])))
    context = {"form": form, "error": error, "options": second_step.begin_passkey(user)}
    return render(request, "security/passkey.html", context, status=422 if error or form.errors else 200)


@require_POST
@proven
def passkey_name(request: Request, pk: int) -> HttpResponse:
    passkey, form = access.passkey_for(request, pk), PasskeyNameForm(request.POST)
    if form.is_valid():
        second_step.rename_passkey(passkey=passkey, name=form.cleaned_data["name"])
    else:
        messages.error(request, " ".join(map(str, form.errors["name"])))
    return redirect("security")


@require_POST
@proven
def passkey_remove(request: Request, pk: int) -> HttpResponse:
    passkey = access.passkey_for(request, pk)
    second_step.remove_passkey(passkey=passkey)
    messages.success(request, "The passkey is removed. It no longer signs in here.")
    return redirect("security")


@require_http_methods(["GET", "POST"])
@proven
def codes_on(request: Request) -> HttpResponse:
    """The secret waits in the session until a code proves that the app has it."""
    user, error = access.me(request), ""
    secret = request.session.get(SECRET_SESSION_KEY)
    if request.method == "GET" or not secret:
        secret = request.session[SECRET_SESSION_KEY] = generate_totp_secret()
    else:
        if not limits.allowed(request, "second_step", f"user:{user.pk}"):
            return respond_429(request)
        try:
            codes = second_step.turn_on_codes(user=user, secret=secret, code=request.POST.get("code", "")[:40])
            del request.session[SECRET_SESSION_KEY]
            return _done(request, codes, "Codes of an app are on.")
        except Refused as refusal:
            error = str(refusal)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"error": error, "secret": spaced, "drawing": _drawing(user, secret)}
    return render(request, "security/codes.html", context, status=422 if error else 200)


def _drawing(user: User, secret: str) -> SafeString:
    """The secret as a square for the app's camera: an SVG of one path, drawn here."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return mark_safe(svg[svg.index("<svg") :])


@require_POST
@proven
def codes_off(request: Request) -> HttpResponse:
    second_step.turn_off_codes(user=access.me(request))
    messages.success(request, "Codes of an app are off.")
    return redirect("security")


@require_POST
@proven
def recovery_codes(request: Request) -> HttpResponse:
    """New ones, shown on this answer and never again."""
    try:
        codes = second_step.new_recovery_codes(user=access.me(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("security")
    return _done(request, codes, "New recovery codes are made. The ones before no longer work.")


def _done(request: Request, codes: list[str], words: str) -> HttpResponse:
    """Back to the page, by way of the recovery codes where some were made."""
    if not codes:
        messages.success(request, words)
        return redirect("security")
    answer = render(request, "security/recovery.html", {"codes": codes, "words": words})
    answer["Cache-Control"] = "no-store"
    return answer
