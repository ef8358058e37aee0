"""Approving, asking for changes, taking it back: the same for the team and for guests."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.board.models import Panel
from studio.lib.typing import Request
from studio.library.models import Marker
from studio.review import actions, marks
from studio.review.errors import Refused
from studio.review.models import Decision, RoundPanel
from studio.review.reviewers import Reviewer
from studio.views import access as team_access
from studio.views import access_review as access
from studio.views import htmx, review, review_page

SAID = {"approve": "approved", "changes": "sent back for changes", "": "open again"}


@require_POST
def decide(request: Request, token: str = "", code: str = "") -> HttpResponse:
    """`panel` (empty: the whole, from the page of `seen`), `verdict`, `reason`, and in one go the note (`text`, `key`, `marks`)
    that asks for changes."""
    who = review_page.who(request, token, code)
    if not who.may_decide:
        raise PermissionDenied(
            "This link lets you look, not decide." if who.link else "Viewers look, they do not decide."
        )
    asked, verdict = request.POST.get("panel", ""), request.POST.get("verdict", "")
    row = access.panel_of(who.round, asked) if asked else None
    seen = request.POST.get("seen", "")
    at = row or (access.panel_of(who.round, seen) if seen else access.first_panel(who.round))
    try:
        note = None
        if verdict == Decision.Verdict.CHANGES and request.POST.get("text", "").strip() and who.may_comment:
            note = review.write(request, who, row)
        actions.decide(
            by=who,
            on=row,
            verdict=verdict,
            reason=request.POST.get("reason", "").partition(":")[0],
            marker=_marker(request, who, row),
            note=note,
        )
    except (Refused, marks.Malformed) as refused:
        return _refused(request, who, row, at, refused)
    return _decided(request, who, row, at, verdict)


@require_POST
def ask_again(request: Request, token: str = "", code: str = "") -> HttpResponse:
    """Where the round is closed: whoever sent it hears that this person would like to go on. `seen`: the panel one is at."""
    who = review_page.who(request, token, code)
    if not (who.may_comment or who.may_decide):
        raise PermissionDenied("This link lets you look, not ask." if who.link else "Viewers look, they do not ask.")
    seen = request.POST.get("seen", "")
    at = access.panel_of(who.round, seen) if seen else access.first_panel(who.round)
    try:
        actions.ask_again(by=who, text=request.POST.get("text", ""))
    except Refused as refused:
        more = {"trouble": str(refused), "trouble_field": "again", "again_typed": request.POST.get("text", "")[:20_000]}
        return review.changed(request, who, at, **more, status=422)
    return redirect(f"{who.base}panels/{at.code}/")


def _refused(
    request: Request, who: Reviewer, row: RoundPanel | None, at: RoundPanel, refused: ValueError
) -> HttpResponse:
    """What was typed comes back, with the reason; a guest who has no name yet is asked for it."""
    field = getattr(refused, "field", "")
    if field == "name" and not request.htmx:
        return redirect(f"{who.base}name/?next={who.base}panels/{at.code}/")
    context = {**review.typed(request), "trouble": str(refused), "trouble_field": field}
    if row is None:
        context |= {"typed": "", "trouble_field": "whole", "whole_typed": context["typed"]}
    return review.changed(request, who, at, composer=True, **context, status=422)


def _decided(request: Request, who: Reviewer, row: RoundPanel | None, at: RoundPanel, verdict: str) -> HttpResponse:
    if row is None and who.is_team and not request.htmx and "seen" not in request.POST:
        return redirect(reverse("round", args=[who.round.code]))
    answer = review.changed(request, who, at, composer=bool(request.POST.get("text")))
    what = at.label if row else str(who.round)
    state = Panel.State(RoundPanel.objects.values_list("state", flat=True).get(pk=at.pk)).label.lower()
    words = f"{what} {SAID[verdict]}."
    if row and verdict == Decision.Verdict.APPROVE and state != "approved":
        words = f"You approved {what}. It is {state} until the others have."
    return htmx.announce(answer, words)


def _marker(request: Request, who: Reviewer, row: RoundPanel | None) -> Marker | None:
    """ "marker:12" as the reason: a locked marker that the picture was drawn from. The team's alone: no link shows markers."""
    pk = request.POST.get("reason", "").partition(":")[2]
    if not pk or row is None or row.take is None or not who.is_team:
        return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        raise Http404
    return team_access.judged_for(request, row.take.code, int(pk))[1]
