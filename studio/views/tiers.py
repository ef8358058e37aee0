"""What each tier draws with: adding, changing, moving and removing its places, and whether the next one takes over."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.forms.engines import PlaceForm, TierAddForm
from studio.generation import actions
from studio.generation.errors import Refused
from studio.lib.typing import Request
from studio.views import access
from studio.views.engines import changed


@require_POST
def tier_add(request: Request) -> HttpResponse:
    """The account, or the embedded engine, at the end of a tier."""
    mine = access.membership(request, Right.ADMIN)
    form = TierAddForm(request.POST)
    if not form.is_valid():
        return changed(request, mine, error="Choose an account to add.", at=request.POST.get("tier", ""))
    tier, code = form.cleaned_data["tier"], form.cleaned_data["account"]
    account = None if code == "sketch" else access.account_for(request, code)
    try:
        actions.add_entry(team=mine.team, by=access.me(request), tier=tier, account=account)
    except Refused as refusal:
        return changed(request, mine, error=str(refusal), at=tier)
    return changed(request, mine)


@require_POST
def tier_entry(request: Request, pk: int) -> HttpResponse:
    """Another model or size at this place."""
    row = access.tier_entry_for(request, pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return changed(request, error="Choose a model of the list.", at=row.pk)
    size = form.cleaned_data["size"] or row.size
    try:
        actions.change_entry(entry=row, by=access.me(request), model=form.cleaned_data["model"], size=size)
    except Refused as refusal:
        return changed(request, error=str(refusal), at=row.pk)
    return changed(request)


@require_POST
def tier_move(request: Request, pk: int) -> HttpResponse:
    row = access.tier_entry_for(request, pk)
    try:
        actions.move_entry(entry=row, by=access.me(request), up=request.POST.get("to") == "up")
    except Refused as refusal:
        return changed(request, error=str(refusal), at=row.tier)
    return changed(request)


@require_POST
def tier_remove(request: Request, pk: int) -> HttpResponse:
    row = access.tier_entry_for(request, pk)
    actions.remove_entry(entry=row, by=access.me(request))
    return changed(request)


@require_POST
def fail_over(request: Request) -> HttpResponse:
    mine = access.membership(request, Right.ADMIN)
    actions.switch_fail_over(team=mine.team, by=access.me(request), on=request.POST.get("on") == "1")
    return changed(request, mine)
