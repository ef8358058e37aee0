"""The team's engines: accounts with their keys, limits and health, and the list of models and prices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.models import Membership
from studio.accounts.rights import Right
from studio.forms.engines import AccountForm, CallbacksForm, KeyForm, LimitForm, NewAccountForm
from studio.generation import actions, caps, queries_engines, shelf, tiers
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Tier
from studio.lib.typing import Request
from studio.providers import registry
from studio.views import access, htmx

JUST_NOW = dt.timedelta(seconds=10)


@require_GET
def engines(request: Request) -> HttpResponse:
    """With `part=accounts`, the accounts alone: what the page asks for while one is being checked."""
    mine = access.membership(request, Right.DRAW)
    part = "team/_accounts.html" if request.GET.get("part") == "accounts" else "team/_engines.html"
    context = page_of(mine)
    answer = htmx.page(request, "team/engines.html", {**context, "polled": True}, partial=part)
    told = [line for line in context["lines"] if line.check and line.check.answered]
    news = [f"{line.row}: {line.check.said}" for line in told if timezone.now() - line.check.answered < JUST_NOW]
    return htmx.announce(answer, " ".join(news)) if request.htmx and news and not context["checking"] else answer


def page_of(mine: Membership, **more: Any) -> dict[str, Any]:
    """What the engines' page shows, whole or in part."""
    order = tiers.entries(mine.team)
    lines, cards = queries_engines.accounts(mine.team, order), queries_engines.cards(order)
    return {
        "here": "team",
        "tab": "engines",
        "team": mine.team,
        "lines": lines,
        "cards": cards,
        "sketch": {"slots": registry.slots("sketch"), "places": queries_engines.sketch_places(cards)},
        "month": caps.month_start(),
        "dated": shelf.dated(),
        "checking": any(line.checking for line in lines),
        "public": settings.PUBLIC,
        **more,
    }


@require_GET
def engine_models(request: Request) -> HttpResponse:
    team = access.team(request, Right.DRAW)
    context = {"here": "team", "tab": "engines", "team": team, "shelves": shelf.shelves(), "public": settings.PUBLIC}
    return htmx.page(request, "team/models.html", context)


@require_http_methods(["GET", "POST"])
def account_new(request: Request) -> HttpResponse:
    mine = access.membership(request, Right.ADMIN)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_account(team=mine.team, by=access.me(request), **form.cleaned_data)
            actions.ask_check(account=made, by=access.me(request))
            messages.success(request, f"{_added(made)} It is being checked.")
            return redirect("engines")
        except Refused as refusal:
            form.add_error("key", str(refusal))
    return htmx.dialog(request, "team/account_new_dialog.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account(request: Request, code: str) -> HttpResponse:
    """Its name, address and limits."""
    row = access.account_for(request, code)
    environment = actions.in_environment(row)
    form = AccountForm(request.POST or None, account=row, environment=environment)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_account(account=row, by=access.me(request), **form.cleaned_data)
            if {"base_url", "key"} & set(form.changed_data):
                actions.ask_check(account=row, by=access.me(request))
                messages.success(request, f"{row} is changed, and is being checked.")
            return redirect("engines")
        except Refused as refusal:
            form.add_error("key" if "key" in form.fields else "label", str(refusal))
    context = {"form": form, "account": row, "environment": environment}
    return htmx.dialog(request, "team/account_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account_key(request: Request, code: str) -> HttpResponse:
    """Another key. What is kept is never shown."""
    row = access.account_for(request, code)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rotate_key(account=row, by=access.me(request), key=form.cleaned_data["key"])
            actions.ask_check(account=row, by=access.me(request))
            messages.success(request, f"{row} has its new key, and is being checked.")
            return redirect("engines")
        except Refused as refusal:
            form.add_error("key", str(refusal))
    context = {"form": form, "account": row, "environment": actions.in_environment(row)}
    return htmx.dialog(request, "team/account_key_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account_limit(request: Request, code: str) -> HttpResponse:
    """What it may spend in a month: for whoever may raise limits."""
    row = access.account_for(request, code, Right.DELETE)
    form = LimitForm(request.POST or None, initial={"cap": row.monthly_cap})
    if request.method == "POST" and form.is_valid():
        actions.limit_account(account=row, by=access.me(request), cap=form.cleaned_data["cap"])
        return redirect("engines")
    context = {"form": form, "account": row}
    return htmx.dialog(request, "team/account_limit_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account_callbacks(request: Request, code: str) -> HttpResponse:
    """What the service signs its callbacks with, where it signs them."""
    row = access.account_for(request, code)
    form = CallbacksForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = form.cleaned_data["secret"]
            if actions.sign_callbacks(account=row, by=access.me(request), secret=secret):
                messages.success(
                    request, f"{row}: {'only signed callbacks are heard' if secret else 'callbacks need no signature'}."
                )
            return redirect("engines")
        except Refused as refusal:
            form.add_error("secret", str(refusal))
    context = {"form": form, "account": row, "signed": bool(row.callback_sealed), "public": settings.PUBLIC}
    return htmx.dialog(request, "team/account_callbacks_dialog.html", context, status=422 if form.errors else 200)


@require_POST
def account_switch(request: Request, code: str) -> HttpResponse:
    row = access.account_for(request, code)
    actions.switch_account(account=row, by=access.me(request), on=request.POST.get("on") == "1")
    return changed(request)


@require_POST
def account_check(request: Request, code: str) -> HttpResponse:
    """The worker asks the service; the page asks the worker's row."""
    actions.ask_check(account=access.account_for(request, code), by=access.me(request))
    return changed(request)


@require_POST
def accounts_check(request: Request) -> HttpResponse:
    """All that are switched on."""
    mine = access.membership(request, Right.ADMIN)
    for row in EngineAccount.objects.of(mine.team).filter(on=True):
        actions.ask_check(account=row, by=access.me(request))
    return changed(request, mine)


@require_http_methods(["GET", "POST"])
def account_remove(request: Request, code: str) -> HttpResponse:
    row, refused = access.account_for(request, code), ""
    if request.method == "POST":
        try:
            stopped = actions.remove_account(account=row, by=access.me(request))
            waited = f" {stopped} waiting picture{'s were' if stopped > 1 else ' was'} stopped." if stopped else ""
            messages.success(request, f"{row} is removed and its key forgotten.{waited}")
            return redirect("engines")
        except Refused as refusal:
            refused = str(refusal)
    context = {
        "account": row,
        "refused": refused,
        "environment": actions.in_environment(row),
        **queries_engines.ties(row),
    }
    return htmx.dialog(request, "team/account_remove_dialog.html", context, status=422 if refused else 200)


def _added(account: EngineAccount) -> str:
    """That it is added and which tiers had room for it."""
    joined = set(account.tier_entries.values_list("tier", flat=True))
    full = [tier.label.lower() for tier in Tier if tier not in joined]
    if not full:
        return f"{account} is added and takes the last place of each tier."
    where = (
        f"There was no place in {', '.join(full)}."
        if joined
        else "No tier has a place for it, so it draws nothing yet."
    )
    return f"{account} is added. {where}"


def changed(request: Request, mine: Membership | None = None, *, error: str = "", at: Any = "") -> HttpResponse:
    """What a small act answers: the page's middle by htmx, else the page anew. `error` stands beside the place or tier `at`."""
    mine = mine or request.membership  # set by whoever fetched the object
    if not request.htmx:
        if error:
            messages.error(request, error)
        return redirect("engines")
    context = page_of(mine, error=error, error_at=at)
    return htmx.page(request, "team/engines.html", context, partial="team/_engines.html", status=422 if error else 200)
