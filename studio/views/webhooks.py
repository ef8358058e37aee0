"""The team's webhooks: added, changed, tried, their secrets, and what was sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.forms.notices import HookForm
from studio.lib.typing import Request
from studio.notices import actions
from studio.notices.errors import Changed, Refused
from studio.notices.kinds import HookKind
from studio.notices.models import Delivery, Hook
from studio.views import access, access_notices, htmx
from studio.views.activity import number

PER_PAGE = 50


@require_GET
def hooks(request: Request) -> HttpResponse:
    mine = access.membership(request, Right.ADMIN)
    rows = [(hook, _labels(hook)) for hook in Hook.objects.of(mine.team)]
    return htmx.page(request, "webhooks/list.html", {"hooks": rows, "here": "team", "tab": "hooks", "team": mine.team})


@require_http_methods(["GET", "POST"])
def hook_new(request: Request) -> HttpResponse:
    """The secret is shown once, on the answer to the POST."""
    mine = access.membership(request, Right.ADMIN)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "address", "shape", "kinds", "key")}
        try:
            made, secret = actions.add_hook(team=mine.team, by=mine.user, **values)
            return _show_secret(request, made, secret)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return htmx.dialog(request, "webhooks/new_dialog.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def hook(request: Request, code: str) -> HttpResponse:
    """GET: what it is and what it was sent. POST changes it."""
    found = access_notices.hook_for(request, code)
    form = HookForm(request.POST or None, initial=_initial(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in ("name", "address", "shape", "kinds")}
            try:
                actions.change_hook(
                    hook=found, by=access.me(request), revision=form.cleaned_data["revision"] or 0, **values
                )
                messages.success(request, "Saved.")
                return redirect("hook", code)
            except Refused as refusal:
                form.add_error(refusal.field or None, str(refusal))
            except Changed:
                status = 409
                form.add_error(
                    None,
                    "Somebody changed this webhook a moment ago. What they saved is on its page; yours is kept here.",
                )
    return htmx.page(request, "webhooks/hook.html", _page(request, found, form), status=status)


def _page(request: Request, found: Hook, form: HookForm) -> dict[str, Any]:
    rows = Delivery.objects.filter(hook=found).prefetch_related("history").order_by("-pk")
    shown = Paginator(rows, PER_PAGE).get_page(number(request.GET.get("page", "")) or 1)
    return {
        "hook": found,
        "form": form,
        "page": shown,
        "labels": dict(HookKind.choices),
        "here": "team",
        "tab": "hooks",
    }


@require_POST
def hook_secret(request: Request, code: str) -> HttpResponse:
    found = access_notices.hook_for(request, code)
    return _show_secret(request, found, actions.rotate_secret(hook=found, by=access.me(request)), again=True)


def _show_secret(request: Request, found: Hook, secret: str, *, again: bool = False) -> HttpResponse:
    answer = htmx.dialog(request, "webhooks/secret_dialog.html", {"hook": found, "secret": secret, "again": again})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def hook_switch(request: Request, code: str) -> HttpResponse:
    found = access_notices.hook_for(request, code)
    on = "on" in request.POST
    actions.switch_hook(hook=found, by=access.me(request), on=on)
    messages.success(request, "It is on." if on else "It is off. Nothing is sent.")
    return redirect("hook", code)


@require_http_methods(["GET", "POST"])
def hook_remove(request: Request, code: str) -> HttpResponse:
    """GET asks, because there is no undoing: address and secret are forgotten."""
    found = access_notices.hook_for(request, code)
    if request.method == "GET":
        return htmx.dialog(request, "webhooks/remove_dialog.html", {"hook": found})
    actions.remove_hook(hook=found, by=access.me(request))
    messages.success(request, f"{found} is removed.")
    return redirect("hooks")


@require_POST
def hook_try(request: Request, code: str) -> HttpResponse:
    found = access_notices.hook_for(request, code)
    try:
        actions.try_hook(hook=found, by=access.me(request))
        messages.success(request, "On its way. What comes of it stands below in a moment.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("hook", code)


@require_POST
def delivery_again(request: Request, code: str) -> HttpResponse:
    found = access_notices.delivery_for(request, code)
    try:
        if actions.send_again(delivery=found, by=access.me(request)):
            messages.success(request, "On its way once more, with the same id.")
        else:
            messages.info(request, "It waits to be sent anyhow.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("hook", found.hook.code)


def _initial(found: Hook) -> dict[str, Any]:
    return {"name": found.name, "shape": found.shape, "kinds": found.kinds, "revision": found.revision}


def _labels(found: Hook) -> str:
    names = dict(HookKind.choices)
    return ", ".join(str(names[kind]) for kind in found.kinds if kind in names)
