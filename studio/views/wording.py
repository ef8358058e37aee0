"""A panel's prompt changed by hand: how it is worded, which words, which pictures and in which order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.board.errors import Refused
from studio.board.models import Panel
from studio.lib import text
from studio.lib.typing import Request
from studio.prompting import actions
from studio.views import access, pricing


@require_POST
def prompt_strategy(request: Request, code: str) -> HttpResponse:
    """`strategy`: reference_first, bible_first, or nothing to let the studio choose."""
    panel = access.panel_for(request, code, Right.DRAW)
    try:
        actions.choose_strategy(panel=panel, strategy=request.POST.get("strategy", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(panel, "compiled")


@require_POST
def prompt_words(request: Request, code: str) -> HttpResponse:
    """`section` and `text` change a row, `text` alone is a sentence; `edit` names one that is there, `do=remove` takes it away.

    What a row says as compiled is read here, not taken from the form: `was` only tells whether it is still what was seen.
    """
    panel = access.panel_for(request, code, Right.DRAW)
    section, edit = request.POST.get("section", ""), request.POST.get("edit", "")[:32]
    try:
        if request.POST.get("do") == "remove":
            actions.remove_words(panel=panel, edit=edit, by=request.user)
        else:
            typed, seen = text.line(request.POST.get("text", "")), text.line(request.POST.get("was", ""))
            now = dict(pricing.of_panel(panel).row.prepared.prompt.plain) if section else {}
            if section and section not in now:
                raise Refused("That part of the prompt is gone. Nothing was saved.")
            was = now.get(section, "")
            if text.line(was) != seen:
                raise Refused(
                    f"{section} was worded anew while you wrote. Nothing was saved. You wrote: “{typed[:300]}”"
                )
            actions.save_words(panel=panel, section=section, was=was, text=typed, by=request.user, edit=edit)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(panel, f"row-{section.lower().replace(' ', '-')}" if section else "compiled")


@require_POST
def prompt_plan(request: Request, code: str) -> HttpResponse:
    """`reference` and `do`: pin, unpin, drop, back, earlier, later; `do=anew` lets the studio plan again."""
    panel = access.panel_for(request, code, Right.DRAW)
    do, reference = request.POST.get("do", ""), request.POST.get("reference", "")
    try:
        if do == "anew":
            actions.plan_anew(panel=panel, by=request.user)
        else:
            plan = pricing.of_panel(panel).row.prepared.plan
            slots, out = ([one.pic.code for one in side] for side in (plan.slots, plan.out))
            actions.steer_plan(panel=panel, reference=reference, do=do, slots=slots, out=out, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(panel, "references")


@require_POST
def prompt_marker(request: Request, code: str) -> HttpResponse:
    """`marker` (key) and `do`: leave_out, put_back, send (though the shot hides it), hide (as the shot has it)."""
    panel = access.panel_for(request, code, Right.DRAW)
    known = {line.key for member in pricing.of_panel(panel).row.prepared.brief.cast for line in member.markers}
    marker, do = request.POST.get("marker", ""), request.POST.get("do", "")
    try:
        actions.steer_marker(panel=panel, marker=marker, do=do, known=known, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(panel, "left-out" if do in ("leave_out", "hide") else "compiled")


def _back(panel: Panel, place: str) -> HttpResponse:
    return redirect(f"{reverse('prompt', args=[panel.code])}#{place}")
