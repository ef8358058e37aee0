"""The engine room's page: who draws, what waits and why, with what may be done about each picture."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.forms.drawing import AgainForm
from studio.generation import actions, room
from studio.generation.errors import Refused
from studio.lib.typing import Request
from studio.views import access

SHOWS = {"all": "All", "drawing": "Drawing", "waiting": "Waiting", "needs": "Needs someone"}
ACTS = {"cancel", "front", "retry"}


@require_GET
def queue(request: Request) -> HttpResponse:
    """The page, and what it asks for every two seconds of itself."""
    member = access.membership(request, Right.DRAW)
    show = request.GET.get("show", "all")
    found = room.room(member.team, show if show in SHOWS else "all")
    return render(request, "team/queue.html", {"team": member.team, "here": "team", "room": found, "shows": SHOWS})


@require_POST
def queue_act(request: Request, code: str, act: str) -> HttpResponse:
    """Cancel, bring to the front, or ask again for one picture; back to the page as it was filtered."""
    job = access.job_for(request, code, Right.DRAW)
    if act not in ACTS:
        raise Http404
    try:
        if act == "cancel" and not actions.cancel_job(job=job, by=request.user):
            messages.info(request, f"Panel {job.panel.label} has begun; it finishes and is kept.")
        elif act == "front" and not actions.hurry_job(job=job, by=request.user):
            messages.info(request, f"Panel {job.panel.label} waits no more.")
        elif act == "retry":
            actions.retry_job(job=job, by=request.user, shown=AgainForm(request.POST).shown())
    except Refused as refusal:
        messages.error(request, str(refusal))
    show = request.POST.get("show", "")
    return redirect(f"{reverse('queue')}?{urlencode({'show': show})}" if show in SHOWS else reverse("queue"))
