"""Turning a take down, with the reason, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.board.models import Take
from studio.consistency import actions
from studio.consistency.models import Rejection
from studio.lib.typing import Request
from studio.views import access, consistency


@require_POST
def take_reject(request: Request, code: str) -> HttpResponse:
    """`reason`: a Rejection.Reason, or `marker-` and the id of the marker that failed; `note` in own words."""
    reason, _, pk = request.POST.get("reason", "").partition("-")
    if reason == Rejection.Reason.MARKER and pk.isascii() and pk.isdigit() and len(pk) < 18:
        take, marker = access.judged_for(request, code, int(pk), Right.DRAW)
    else:
        take, marker = access.take_for(request, code, Right.DRAW), None
    trouble = ""
    try:
        actions.reject(take=take, reason=reason, marker=marker, note=request.POST.get("note", ""), by=request.user)
    except actions.Refused as refused:
        trouble = str(refused)
    return _answer(request, take, trouble)


@require_POST
def take_unreject(request: Request, code: str) -> HttpResponse:
    take = access.take_for(request, code, Right.DRAW)
    actions.unreject(take=take, by=request.user)
    return _answer(request, take)


def _answer(request: Request, take: Take, trouble: str = "") -> HttpResponse:
    if request.htmx:
        return consistency.marks_part(request, take, trouble=trouble)
    if trouble:
        messages.error(request, trouble)
    return redirect(f"{reverse('compare', args=[take.panel.code])}?take={take.number}#marks")
