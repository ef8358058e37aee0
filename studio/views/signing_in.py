"""Coming in and going out: password, one-time link, invitation; a password of one's own."""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.base.internal.flows import post_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import actions, limits, mail, second_step
from studio.accounts.events import record
from studio.accounts.models import Invitation, User
from studio.forms.accounts import JoinForm, LinkForm, PasswordForm, SignInForm
from studio.lib.typing import Request
from studio.views import access, ways

LINK = "link"  # how allauth's record of this session calls a one-time link


def _next(request: Request) -> str:
    """Where to go afterwards: a path of ours, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return ways.ours(request, wanted)


def _sealed(response: HttpResponse) -> HttpResponse:
    """For pages whose address is a secret. Not no-referrer: with it browsers send `Origin: null`, which CSRF refuses."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _spent(request: Request, template: str) -> HttpResponse:
    """One answer for used, run out, withdrawn and never there; whoever guesses is slowed down."""
    if not limits.allowed(request, "wrong_link"):
        return respond_429(request)
    return _sealed(render(request, template, status=404))


def _let_in(request: Request, user: User, method: str, then: str = "") -> HttpResponse:
    """Sign in without a password; a second factor is still asked for where the person set one up."""
    logout(request)
    record_authentication(request, user, method=method)
    return perform_login(request, Login(user=user, redirect_url=then or settings.LOGIN_REDIRECT_URL))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    then = _next(request)
    if request.user.is_authenticated:
        return redirect(then or settings.LOGIN_REDIRECT_URL)
    if request.method == "GET":
        return _sign_in_page(request, SignInForm(request=request), then)
    if not limits.allowed(request, "login"):
        return respond_429(request)
    form = SignInForm(request.POST, request=request)
    if form.is_valid():
        try:
            return form.login(request, redirect_url=then or settings.LOGIN_REDIRECT_URL)
        except ImmediateHttpResponse as answer:
            return answer.response
    refused = any(one.code == "too_many_login_attempts" for one in form.non_field_errors().as_data())
    return _sign_in_page(request, form, then, status=429 if refused else 422)


def _sign_in_page(
    request: Request, form: SignInForm, then: str, *, login_error: str = "", passkey_error: str = "", status: int = 200
) -> HttpResponse:
    """Once a try has failed, with the true number of tries left."""
    errors = form.errors
    error = " ".join(errors.get("password", []))
    if form.non_field_errors():
        tries = limits.tries(request, form.cleaned_data.get("login", ""))
        error = f"{form.non_field_errors()[0]} {tries}"
    context = {
        "form": form,
        "next": then,
        "passkeys": second_step.passkeys_possible(request),
        "passkey_error": passkey_error,
        "typed": request.POST.get("login", "")[:254],
        "login_error": login_error or " ".join(errors.get("login", [])),
        "error": error,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_passkey(request: Request) -> HttpResponse:
    """GET gives the browser a challenge, as JSON; the POST brings what the passkey answered. It needs no second step."""
    then = _next(request)
    if request.user.is_authenticated:
        return redirect(then or settings.LOGIN_REDIRECT_URL)
    if not limits.allowed(request, "passkey"):
        return respond_429(request)
    if request.method == "GET":
        return JsonResponse(second_step.begin_entering())
    try:
        passkey = second_step.whose_passkey(_json(request.POST.get("credential", "")))
    except actions.Refused as refusal:
        record(verb="user.refused", team=None, actor=None, about="user", how="passkey")
        return _sign_in_page(request, SignInForm(request=request), then, passkey_error=str(refusal), status=422)
    post_authentication(request, passkey, passwordless=True)
    return perform_login(request, Login(user=passkey.user, redirect_url=then or settings.LOGIN_REDIRECT_URL))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@never_cache
@require_POST
def sign_in_link(request: Request) -> HttpResponse:
    """The same answer whether the address is known."""
    form = LinkForm({"email": request.POST.get("login", "")})
    if not form.is_valid():
        error = " ".join(map(str, form.errors["email"]))
        return _sign_in_page(request, SignInForm(request=request), _next(request), login_error=error, status=422)
    email = form.cleaned_data["email"].lower()
    if not limits.allowed(request, "request_login_code", email):
        return respond_429(request)
    token = actions.link_for_address(email=email)
    if token:
        link = f"{settings.PUBLIC_URL}{reverse('enter', args=[token])}"
        mail.post(
            to=email,
            subject="Your link to a studio",
            body=f"{link}\n\nIt signs you in once, within {settings.SIGN_IN_LINK_MINUTES} minutes.\n"
            "If you did not ask for it, leave it: without the link nobody comes in.\n",
        )
    context = {"email": email, "minutes": settings.SIGN_IN_LINK_MINUTES, "printed": not settings.EMAIL_HOST}
    return render(request, "accounts/link_sent.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: Request, token: str) -> HttpResponse:
    """GET only shows a button, because mail scanners follow links; the POST uses the link up."""
    link = access.sign_in_link_by(token)
    if link is None:
        return _spent(request, "accounts/link_spent.html")
    if request.method == "GET":
        return _sealed(render(request, "accounts/enter.html", {"person": link.user}))
    try:
        user = actions.use_sign_in_link(token=token)
    except actions.Refused:
        return _spent(request, "accounts/link_spent.html")
    answer = _let_in(request, user, LINK)
    if not user.has_usable_password():
        messages.info(
            request, "You are in. Set your name, e-mail and a password under your name, to come back without a link."
        )
    return _sealed(answer)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        record(verb="user.signed_out", team=None, actor=request.user, about="user", code=str(request.user.pk))
    logout(request)
    return redirect("sign_in")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: Request, token: str) -> HttpResponse:
    """An invitation: one button for who is signed in, a short form for who is new."""
    invitation = access.invitation_by(token)
    if invitation is None:
        return _spent(request, "accounts/invitation_spent.html")
    known = request.user.is_authenticated
    form = JoinForm(request.POST if request.method == "POST" and not known else None, address=invitation.email)
    error, status, code = None, 200, 422
    if request.method == "POST":
        try:
            if known:
                actions.accept(invitation=invitation, user=access.me(request))
                return _joined(request, invitation)
            if form.is_valid():
                user = actions.join_as_new(invitation=invitation, **form.cleaned_data)
                return _joined(request, invitation, _let_in(request, user, "password"))
        except actions.Refused as refusal:
            error, code = refusal, 409
        status = code
    context = {
        "invitation": invitation,
        "form": form,
        "error": error,
        "has_account": isinstance(error, actions.HasAccount),
    }
    return _sealed(render(request, "accounts/join.html", context, status=status))


def _joined(request: Request, invitation: Invitation, answer: HttpResponse | None = None) -> HttpResponse:
    request.session["team"] = invitation.team_id
    messages.success(request, f"You are in {invitation.team.name}.")
    return _sealed(answer or redirect(settings.LOGIN_REDIRECT_URL))


def _came_by_link(request: Request, user: User) -> bool:
    """Within the last half hour: whoever forgot their password asks for a link and sets another."""
    since = time.time() - settings.SIGN_IN_LINK_MINUTES * 60
    records = get_authentication_records(request, user)
    return any(record["method"] == LINK and record["at"] > since for record in records)


@never_cache
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """A first password or another; this session stays, all others end."""
    user = access.me(request)
    form = PasswordForm(request.POST or None, user=user, by_link=_came_by_link(request, user))
    if request.method == "POST":
        if not limits.allowed(request, "change_password"):
            return respond_429(request)
        if form.is_valid():
            actions.set_password(user=user, password=form.cleaned_data["password"])
            update_session_auth_hash(request, user)
            UserSession.objects.create_from_request(request)
            messages.success(
                request, "Your password is set. You stay signed in here; everywhere else it is asked for anew."
            )
            return redirect("profile")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)
