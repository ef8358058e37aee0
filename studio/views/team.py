"""The team's page: who is in, what each role may do, invitations; and where one is signed in."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import actions, agents, second_step
from studio.accounts.events import record
from studio.accounts.models import Invitation, Membership
from studio.accounts.rights import RIGHTS, Right, Role
from studio.forms.accounts import HandOverForm, InvitationForm, RoleForm, TeamNameForm
from studio.lib.typing import Request
from studio.views import access, htmx
from studio.views.security import ask_for_proof, is_proven


@require_http_methods(["GET", "POST"])
def team(request: Request) -> HttpResponse:
    """POST renames the team."""
    if request.method == "GET":
        return htmx.page(request, "team/members.html", _members_page(request, access.membership(request)))
    mine = access.membership(request, Right.ADMIN)
    form = TeamNameForm(request.POST)
    if form.is_valid():
        actions.rename_team(team=mine.team, name=form.cleaned_data["name"], by=access.me(request))
        return redirect("team")
    return htmx.page(request, "team/members.html", _members_page(request, mine, name_form=form), status=422)


def _members_page(request: Request, mine: Membership, **more: Any) -> dict[str, Any]:
    people = list(Membership.objects.with_people(mine.team))
    set_up = second_step.kinds([member.user_id for member in people])
    return {
        "here": "team",
        "team": mine.team,
        "members": [(member, *second_step.signs_in_with(member.user, set_up)) for member in people],
        "roles": Role.choices,
        "rights": [(right.label, [right in RIGHTS[role] for role in Role]) for right in Right],
        "invitations": Invitation.objects.open().of(mine.team) if mine.may(Right.ADMIN) else [],
        "sessions": _sessions(request),
        "grace": None if set_up.get(mine.user_id, set()) & {"webauthn", "totp"} else second_step.grace_until(mine),
        "name_form": TeamNameForm(initial={"name": mine.team.name}),
        **more,
    }


def _sessions(request: Request) -> list[dict[str, Any]]:
    mine = UserSession.objects.purge_and_list(access.me(request))
    rows = [{"row": row, "agent": agents.describe(row.user_agent), "here": row.is_current()} for row in mine]
    return sorted(rows, key=lambda row: (row["here"], row["row"].last_seen_at), reverse=True)


@require_POST
def member_role(request: Request, pk: int) -> HttpResponse:
    member = access.member_for(request, pk)
    form, error = RoleForm(request.POST), ""
    if form.is_valid():
        try:
            member = actions.change_role(member=member, role=form.cleaned_data["role"], by=access.me(request))
        except actions.Refused as refusal:
            error = str(refusal)
    else:
        error = "Choose one of the roles."
    if not request.htmx:
        if error:
            messages.error(request, error)
        return redirect("team")
    sign, weak = second_step.signs_in_with(member.user, second_step.kinds([member.user_id]))
    context = {"member": member, "roles": Role.choices, "error": error, "saved": not error, "sign": sign, "weak": weak}
    return htmx.page(request, "team/_member.html", context, partial="team/_member.html", status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def member_remove(request: Request, pk: int) -> HttpResponse:
    """GET asks, because there is no undoing: coming back takes an invitation."""
    member = access.member_for(request, pk)
    if request.method == "GET":
        return htmx.dialog(request, "team/remove_dialog.html", {"member": member})
    try:
        actions.remove_member(member=member, by=access.me(request))
        messages.success(request, f"{member.user} is no longer in {member.team}.")
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("team")


@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: Request) -> HttpResponse:
    """Hand the team over. Asked for only of an owner who has just proved who they are."""
    mine = access.membership(request, Right.ADMIN)
    if not is_proven(request, access.me(request)):
        return ask_for_proof(request, "team_owner")
    form = HandOverForm(request.POST or None, team=mine.team, by=access.me(request))
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            actions.hand_over(team=mine.team, by=access.me(request), to=to)
            messages.success(request, f"{to.user} owns {mine.team} now. You are a producer.")
            return redirect("team")
        except actions.Refused as refusal:
            form.add_error("to", str(refusal))
    context = {"form": form, "team": mine.team}
    return htmx.dialog(request, "team/owner_dialog.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def everyone_second_step(request: Request) -> HttpResponse:
    """Whether everyone needs a second factor. Asked for only of an owner who has just proved who they are."""
    mine = access.membership(request, Right.ADMIN)
    if not is_proven(request, access.me(request)):
        return ask_for_proof(request, "everyone_second_step")
    on = not mine.team.second_step_since
    if request.method == "POST":
        on = request.POST.get("on") == "yes"
        actions.ask_second_step(team=mine.team, on=on, by=access.me(request))
        messages.success(
            request, "Everyone is asked for a second factor now." if on else "A password or a link is enough again."
        )
        return redirect("team")
    context = {"team": mine.team, "on": on, "lacking": second_step.lacking(mine.team), "me": access.me(request)}
    return htmx.dialog(request, "team/everyone_dialog.html", {**context, "days": second_step.GRACE.days})


@require_http_methods(["GET", "POST"])
def invitation_new(request: Request) -> HttpResponse:
    """The link is shown once, on the answer to the POST."""
    mine = access.membership(request, Right.ADMIN)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, token = actions.invite(team=mine.team, by=access.me(request), **form.cleaned_data)
            return _show_link(request, made, token)
        except actions.Refused as refusal:
            form.add_error("email", str(refusal))
    context = {"form": form, "days": settings.INVITATION_DAYS}
    return htmx.dialog(request, "team/invite_dialog.html", context, status=422 if form.errors else 200)


@require_POST
def invitation_again(request: Request, code: str) -> HttpResponse:
    """A new link instead of the old one, which stops working."""
    invitation = access.invitation_for(request, code)
    try:
        return _show_link(request, invitation, actions.invite_again(invitation=invitation, by=access.me(request)))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("team")


def _show_link(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    link = f"{settings.PUBLIC_URL}{reverse('join', args=[token])}"
    context = {"invitation": invitation, "link": link, "invitations": Invitation.objects.open().of(invitation.team)}
    answer = htmx.dialog(request, "team/link_dialog.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def invitation_withdraw(request: Request, code: str) -> HttpResponse:
    invitation = access.invitation_for(request, code)
    actions.withdraw(invitation=invitation, by=access.me(request))
    messages.success(request, "Withdrawn. The link no longer works.")
    return redirect("team")


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    user, session = access.me(request), access.session_for(request, pk)
    end_sessions(request, [session])
    record(
        verb="user.sessions_ended", team=None, actor=user, about="user", code=str(user.pk), which=agents.describe(session.user_agent).name
    )  # fmt: skip
    return redirect("team")


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """All but this one."""
    user = access.me(request)
    end_other_sessions(request, user)
    record(verb="user.sessions_ended", team=None, actor=user, about="user", code=str(user.pk))
    messages.success(request, "Everywhere else you are signed out.")
    return redirect("team")
