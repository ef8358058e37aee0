"""Approving a reference set, and a project that demands it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.board import actions as board
from studio.lib.typing import Request
from studio.library import actions
from studio.views import access
from studio.views.references import page_of


@require_POST
def set_approve(request: Request, code: str) -> HttpResponse:
    """`do=withdraw` takes it back; else the pictures are approved that `seen` names."""
    found = access.reference_set_for(request, code, Right.PRODUCE)
    try:
        if request.POST.get("do") == "withdraw":
            actions.withdraw_approval(reference_set=found, by=request.user)
        else:
            actions.approve_set(reference_set=found, by=request.user, seen=request.POST.get("seen", ""))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{page_of(found)}#approval-{found.code}")


@require_POST
def project_approval(request: Request, code: str) -> HttpResponse:
    """`on=1`: only approved references are drawn from."""
    project = access.project_for(request, code, Right.PRODUCE)
    on = request.POST.get("on") == "1"
    if board.demand_approval(project=project, on=on, by=request.user):
        said = "Only approved references are drawn from now." if on else "Approval is not demanded any more."
        messages.success(request, said)
    return redirect(f"{reverse('project_settings', args=[project.code])}#approval")
