"""Playing: the board or a round, full screen; and a room that follows whoever presents the round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.board import queries
from studio.lib.typing import Request
from studio.media import renditions
from studio.media.models import Image
from studio.presenting import actions, slides
from studio.presenting.slides import Slide
from studio.review.models import Round
from studio.review.reviewers import Reviewer
from studio.views import access, access_review

WIDE = 1280  # CSS px the picture is about as wide as
Pictured = Callable[[Slide], dict[str, Any] | None]  # where this viewer may fetch a slide's picture


@require_GET
def present(request: Request, code: str) -> HttpResponse:
    """The board as it stands, with its picked takes."""
    project = access.project_for(request, code)
    row = slides.of_board(project)
    context = {
        "title": project.title,
        "back": reverse("board", args=[code]),
        "ratio": queries.css_ratio(project.aspect),
    }
    return _played(request, row, _for_members, context)


@require_GET
def round_present(request: Request, code: str = "", token: str = "") -> HttpResponse:
    """A round as it was sent, for the team and for guests. Whoever leads it leads on; `follow` goes where they are."""
    who = access_review.visit(request, code=code, token=token)
    row, round_ = slides.of_round(who.round), who.round
    showing = actions.now_showing(round_)
    leading = bool(showing and who.is_team and showing.user_id == request.user.pk)
    follow = bool("follow" in request.GET and showing and not leading)
    up = showing.on.code if showing and (leading or follow) else ""
    context = {
        "title": f"{round_.project.title} {round_}", "back": who.base if who.is_team else who.at("panels", row[0].code),
        "ratio": queries.css_ratio(round_.project.aspect), "who": who, "round": round_, "showing": showing, "here": who.at("present"),
        "lead": reverse("round_lead", args=[round_.code]) if leading else "", "may_lead": who.is_team and who.may_comment,
        "follow": who.at("present", "now") if follow else "", "newer": _newer(who),
        "alone": "follow" in request.GET and showing is None,
    }  # fmt: skip
    return _played(request, row, _pictured_for(who), context, up=up)


@require_GET
def round_now(request: Request, code: str = "", token: str = "") -> HttpResponse:
    """Where the presenter is, for a follower's page: 204 while it is where `since` says."""
    who = access_review.visit(request, code=code, token=token)
    showing = actions.now_showing(who.round)
    if showing is None:
        return JsonResponse({"live": False})
    if request.GET.get("since") == str(showing.revision):
        return HttpResponse(status=204)
    return JsonResponse({"live": True, "panel": showing.on.code, "revision": showing.revision})


@require_POST
def round_lead(request: Request, code: str) -> HttpResponse:
    """Begin to present, move on, say that one is still there, or stop."""
    who = access_review.reviewer_for(request, code, Right.NOTE)
    back = redirect("round_present", code)
    if "stop" in request.POST:
        actions.stop(round_=who.round, by=request.user)
        return back
    panel = access_review.panel_of(who.round, request.POST.get("panel", ""))
    try:
        actions.lead(round_=who.round, on=panel, by=request.user, take_over="over" in request.POST)
    except actions.Taken as taken:
        if request.htmx:
            return HttpResponse(str(taken), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, f"{taken} Follow, or take over.")
        return back
    return HttpResponse(status=204) if request.htmx else back


def _played(
    request: Request, row: list[Slide], pictured: Pictured, context: dict[str, Any], *, up: str = ""
) -> HttpResponse:
    """One slide as a page that works without scripts, and all of them as data for the script that plays them.

    `up`: the panel that the presenter shows, else the address says which.
    """
    at = slides.place(row, up or request.GET.get("panel", ""))
    before = slides.length(row[:at])
    told = [_told(slide, pictured) for slide in row]
    return render(request, "present/present.html", {
        "slides": told, "slide": told[at] if told else None, "number": at + 1,
        "previous": told[at - 1] if at else None, "next": told[at + 1] if at + 1 < len(told) else None,
        "clock": slides.clock(before), "total": slides.clock(slides.length(row)), "length": round(slides.length(row), 1),
        "before": round(before, 1), **context,
    })  # fmt: skip


def _told(slide: Slide, pictured: Pictured) -> dict[str, Any]:
    return {
        "code": slide.code, "label": slide.label, "heading": slide.heading, "action": slide.action,
        "dialogue": slide.dialogue, "seconds": slide.seconds, "alt": slide.alt, "picture": pictured(slide),
    }  # fmt: skip


def _for_members(slide: Slide) -> dict[str, Any] | None:
    return dict(renditions.picture(slide.image, WIDE)) if slide.image else None


def _pictured_for(who: Reviewer) -> Pictured:
    """A guest's pictures go through their link, so that they end with it and bear its watermark."""

    def through_the_link(slide: Slide) -> dict[str, Any] | None:
        return _moved(who, slide.code, slide.image) if slide.image else None

    return _for_members if who.is_team else through_the_link


def _moved(who: Reviewer, panel: str, image: Image) -> dict[str, Any]:
    found = renditions.picture(image, WIDE)

    def there(address: str) -> str:
        return who.at("pictures", panel, address.rstrip("/").rsplit("/", 1)[-1])

    sizes = [part.rsplit(" ", 1) for part in found["srcset"].split(", ")]
    return {**found, "src": there(found["src"]), "srcset": ", ".join(f"{there(src)} {wide}" for src, wide in sizes)}


def _newer(who: Reviewer) -> dict[str, str] | None:
    """For the team: the version after this one, if one was sent."""
    if not who.is_team:
        return None
    rows = Round.objects.filter(project=who.round.project_id, number__gt=who.round.number)
    last = rows.exclude(state=Round.State.WITHDRAWN).order_by("-number").first()
    return {"url": reverse("round_present", args=[last.code]), "words": f"Play {last}"} if last else None
