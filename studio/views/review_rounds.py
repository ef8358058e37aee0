"""The review tab of a project, and each round as its senders see it: sent, watched, closed, signed off, withdrawn."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from studio.accounts.rights import Right
from studio.forms.review import RulesForm, SendForm
from studio.lib.typing import Request
from studio.notices.queries import letters_of
from studio.review import actions, frozen, queries, queries_news, queries_page
from studio.review.actions.rounds import over, rules_of
from studio.review.actions.rules import Conflict
from studio.review.errors import Refused
from studio.review.models import Round, ShareLink
from studio.views import access as team_access
from studio.views import access_review as access
from studio.views import htmx, review_links


@require_GET
def rounds(request: Request, code: str) -> HttpResponse:
    """Every round of the project, with what waits for this person first."""
    project = team_access.project_for(request, code)
    lines = queries.rounds(project, request.user)
    current = next((line for line in lines if line.round.state == Round.State.OPEN), None)
    view = queries.overview(current.round) if current else None
    context = {
        "project": project,
        "lines": lines,
        "current": current,
        "view": view,
        "sendable": _sendable(project, lines),
    }
    return htmx.page(request, "review/rounds.html", context)


def _sendable(project: Any, lines: list[queries.Line]) -> bool:
    """Without a round, whether there is a picture to send."""
    return bool(lines) or any(panel.picked_id for panel in frozen.board(project))


@require_GET
def round_page(request: Request, code: str) -> HttpResponse:
    """How far the round is: who said what, what is new since one looked, what changed on the board, its links."""
    who = access.reviewer_for(request, code)
    since = actions.seen(round=who.round, by=who.user)
    fresh = queries_news.since(who.round, user=who.user, at=since)
    context = _context(who.round, since=since, fresh=fresh, who=who, may_produce=who.may_produce)
    return htmx.page(request, "review/round.html", context)


def _context(round_: Round, **more: Any) -> dict[str, Any]:
    view = queries.overview(round_)
    return {
        "round": round_, "project": round_.project, "view": view, "rule": queries.rule_words(round_),
        "over": "" if round_.state == Round.State.OPEN else over(round_), "first": _first(view),
        "links": queries.links(round_) if more.get("may_produce") else [], "letters": letters_of(round_.code) if more.get("may_produce") else {}, "key": uuid.uuid4(),
        "pleas": list(round_.pleas.all()), "newer": queries_page.newer(round_), **more,
    }  # fmt: skip


def _first(view: queries.Overview) -> str:
    """Where a look at the panels begins."""
    waiting = next((one for one in view.panels if one.row.state == "review"), view.panels[0])
    return waiting.row.code


@require_http_methods(["GET", "POST"])
def round_send(request: Request, code: str) -> HttpResponse:
    """GET asks what to say and whom to ask; POST freezes the board and shows each link, once."""
    project = team_access.project_for(request, code, Right.PRODUCE)
    rules = rules_of(project)
    form = SendForm(request.POST or None, project=project, rules=rules)
    trouble = ""
    if request.method == "POST" and form.is_valid():
        try:
            sent, made = _send(request, project, form)
            return review_links.shown(request, sent, made, sent=True)
        except Refused as refused:
            trouble = str(refused)
    context = {"project": project, "form": form, "trouble": trouble, "changes": _preview(project)}
    return htmx.dialog(request, "review/send_dialog.html", context, status=422 if trouble or form.errors else 200)


def _send(request: Request, project: Any, form: SendForm) -> tuple[Round, list[tuple[ShareLink, str]]]:
    """The round and its links, all or none."""
    options = form.options()
    password = options.pop("password")
    options["hashed"] = make_password(password) if password else ""  # once, and before anything is held
    with transaction.atomic():
        sent = actions.send_round(project=project, by=request.user, **form.round())
        if sent.state != Round.State.OPEN:
            raise Refused("This form was sent before, and that version is over. Load the page anew to send another.")
        clients = form.cleaned_data["clients"] + ([("", "")] if form.cleaned_data["open_link"] else [])
        made = [
            actions.make_link(
                round=sent, by=request.user, key=uuid.uuid5(sent.key, str(n)), name=name, email=email, **options
            )
            for n, (name, email) in enumerate(clients)
        ]
    return sent, made


def _preview(project: Any) -> dict[str, Any]:
    """What would be sent: how many panels, how many of them stay approved, which have no picture."""
    panels = frozen.board(project)
    drawn = [panel for panel in panels if panel.picked_id]
    before = frozen.approvals(drawn)
    kept = 0
    for n, panel in enumerate(drawn):
        last = before.get(panel.pk)
        kept += bool(last and last.state == "approved" and not frozen.changed(frozen.freeze(panel, n), last))
    last_number = max((row.round.number for row in before.values()), default=0)
    number = Round.objects.of(project).values_list("number", flat=True).first() or last_number
    missing = [panel.label for panel in panels if not panel.picked_id]
    return {
        "number": number + 1, "panels": len(drawn), "kept": kept, "asked": len(drawn) - kept,
        "missing": missing[:12], "more": max(0, len(missing) - 12),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def round_close(request: Request, code: str) -> HttpResponse:
    """GET says what closing freezes; POST closes and leads to the sign-off."""
    round_ = access.round_for(request, code, Right.PRODUCE)
    if request.method == "GET":
        context = {"round": round_, "view": queries.overview(round_), "over": _over(round_)}
        return htmx.dialog(request, "review/close_dialog.html", context)
    try:
        actions.close_round(round=round_, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("round", code)
    return redirect("round_signed", code)


@require_http_methods(["GET", "POST"])
def round_withdraw(request: Request, code: str) -> HttpResponse:
    round_ = access.round_for(request, code, Right.PRODUCE)
    if request.method == "GET":
        return htmx.dialog(request, "review/withdraw_dialog.html", {"round": round_, "over": _over(round_)})
    try:
        actions.withdraw_round(round=round_, by=request.user)
        messages.success(request, f"{round_} is withdrawn. Its links no longer work.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("rounds", round_.project.code)


def _over(round_: Round) -> str:
    return "" if round_.state == Round.State.OPEN else over(round_)


@require_GET
def round_signed(request: Request, code: str) -> HttpResponse:
    """The sign-off as it was frozen, to read and to print. 404 for a round that was not closed."""
    round_ = access.round_for(request, code)
    if not round_.signed:
        raise Http404
    return render(request, "review/signed.html", {"round": round_, "project": round_.project, "signed": round_.signed})


@require_http_methods(["GET", "POST"])
def review_rules(request: Request, code: str) -> HttpResponse:
    """How the project decides; rounds that were sent keep the rule they were sent with."""
    project = team_access.project_for(request, code, Right.PRODUCE)
    rules = rules_of(project)
    values = {"rule": rules.rule, "needed": rules.needed, "apart": rules.apart, "revision": rules.revision}
    form, theirs = RulesForm(request.POST or None, initial=values), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_rules(project=project, by=request.user, **form.cleaned_data)
            messages.success(request, "Saved. The next version you send goes by it.")
            return redirect("review_rules", code)
        except Conflict as conflict:
            theirs = conflict.rules
            form.data = {**request.POST.dict(), "revision": str(theirs.revision)}
    status = 409 if theirs else 422 if form.errors else 200
    words = queries.rule_words(theirs) if theirs else ""
    context = {"project": project, "form": form, "theirs": words, "back": reverse("rounds", args=[code])}
    return htmx.page(request, "review/rules.html", context, status=status)
