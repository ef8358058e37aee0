"""Every object is fetched here, together with the permission to see or change it. Nothing else fetches one.

A stranger gets 404, whatever exists; a member without the right gets 403; a visitor is asked to sign in.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from studio.accounts import second_step
from studio.accounts.models import Invitation, Membership, SignInLink, Team, User
from studio.accounts.rights import Right
from studio.board.models import Appearance, Panel, Project, Scene, Take
from studio.consistency.actions import drawn_from
from studio.exports.models import Export
from studio.generation import links
from studio.generation.models import ACTIVE, UNDER_WAY, Batch, EngineAccount, Job, TierEntry
from studio.lib.signing import digest
from studio.library.models import Marker, Outfit, Reference, ReferenceSet, Subject
from studio.media.decode import PROVIDER
from studio.media.models import Image, Rendition

HANDED = dt.timedelta(hours=1)  # a service may fetch a reference a little after it has said that it is done
M = TypeVar("M", bound=Model)


class SignInFirst(Exception):
    """Nobody is signed in; the middleware sends the visitor to the sign-in page and back."""


class SecondStepFirst(Exception):
    """The team asks everyone for a second factor and this person has none; the middleware leads to where one is set up."""


def memberships(request: HttpRequest) -> dict[int, Membership]:
    """The signed-in user's memberships by team id, read once a request."""
    if not request.user.is_authenticated:
        raise SignInFirst
    cached = getattr(request, "_memberships", None)
    if cached is None:
        cached = {m.team_id: m for m in Membership.objects.for_user(request.user)}
        request._memberships = cached  # type: ignore[attr-defined]
    return cached


def membership(request: HttpRequest, right: Right = Right.SEE) -> Membership:
    """The membership in the team at hand: the one chosen in this session, else the oldest."""
    mine = memberships(request)
    if not mine:
        raise PermissionDenied("You are in no team.")
    found = mine.get(request.session.get("team", 0)) or next(iter(mine.values()))
    return _checked(request, found, right)


def team(request: HttpRequest, right: Right = Right.SEE) -> Team:
    return membership(request, right).team


def shut_out(request: HttpRequest, found: Membership) -> bool:
    """Whether the team asks for a second factor that this person has not. One question a request, and only where a team asks."""
    if not second_step.asked_of(found):
        return False
    if not hasattr(request, "_second_step"):
        request._second_step = second_step.has_one(me(request))  # type: ignore[attr-defined]
    return not request._second_step  # type: ignore[attr-defined]


def _checked(request: HttpRequest, found: Membership, right: Right) -> Membership:
    if shut_out(request, found):
        raise SecondStepFirst
    if not found.may(right):
        raise PermissionDenied(f"{found.get_role_display()}s may not do this: {right.label.lower()}.")
    return found


def _fetch(request: HttpRequest, rows: QuerySet[M], right: Right, owner: str = "team_id", **where: Any) -> M:
    """The one row, if it belongs to a team of the user's. `owner` is the path to its team's id."""
    mine = memberships(request)
    if any("\0" in str(value) for value in where.values()):  # PostgreSQL takes none, not even to compare
        raise Http404
    found = rows.filter(**where, **{f"{owner}__in": list(mine)}).first()
    if found is None:
        raise Http404
    holder: Any = found
    for step in owner.split("__"):
        holder = getattr(holder, step)
    request.membership = _checked(request, mine[holder], right)  # type: ignore[attr-defined]
    return found


def project_for(request: HttpRequest, code: str, right: Right = Right.SEE, *, deleted: bool = False) -> Project:
    rows = Project.objects.select_related("team").filter(deleted__isnull=not deleted, workshop=False)
    return _fetch(request, rows, right, code=code)


def scene_for(request: HttpRequest, code: str, right: Right = Right.SEE, *, deleted: bool = False) -> Scene:
    rows = Scene.objects.select_related("project__team", "location", "style")
    rows = rows.filter(project__deleted=None, project__workshop=False, deleted__isnull=not deleted)
    return _fetch(request, rows, right, "project__team_id", code=code)


def panel_for(request: HttpRequest, code: str, right: Right = Right.SEE, *, deleted: bool = False) -> Panel:
    rows = Panel.objects.select_related("scene__project__team", "picked__image", "changed_by")
    rows = rows.filter(scene__project__deleted=None, scene__deleted=None, deleted__isnull=not deleted)
    rows = rows.filter(scene__project__workshop=False)
    return _fetch(request, rows, right, "scene__project__team_id", code=code)


def panels_for(request: HttpRequest, project: Project, codes: list[str], *, deleted: bool = False) -> list[Panel]:
    """Panels of a project the caller has already been given, in board order. Raises Http404 if one is missing."""
    rows = Panel.objects.filter(scene__deleted=None, deleted__isnull=not deleted).select_related("scene__project__team")
    rows = rows.order_by("scene__position", "scene_id", "position", "pk")
    if any("\0" in code for code in codes):
        raise Http404
    found = list(rows.filter(scene__project=project, code__in=codes))
    if len(found) != len(set(codes)):
        raise Http404
    return found


def appearance_for(request: HttpRequest, pk: int, right: Right = Right.SEE) -> Appearance:
    rows = Appearance.objects.select_related("panel__scene__project__team", "subject", "outfit")
    rows = rows.filter(panel__deleted=None, panel__scene__deleted=None, panel__scene__project__deleted=None)
    return _fetch(request, rows, right, "panel__scene__project__team_id", pk=pk)


def take_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Take:
    rows = Take.objects.with_picture().select_related("panel__scene__project__team", "image", "drawn_by")
    rows = rows.filter(panel__deleted=None, panel__scene__deleted=None, panel__scene__project__deleted=None)
    rows = rows.filter(panel__scene__project__workshop=False)
    return _fetch(request, rows, right, "panel__scene__project__team_id", code=code)


def judged_for(request: HttpRequest, code: str, pk: int, right: Right = Right.SEE) -> tuple[Take, Marker]:
    """A take, and a marker of the locked version that it was drawn from."""
    take = take_for(request, code, right)
    rows = Marker.objects.select_related("version__subject").filter(
        pk=pk, version__subject__team=take.panel.scene.project.team_id
    )
    found = rows.first()
    if found is None or not drawn_from(take, found):
        raise Http404
    return take, found


def subject_for(request: HttpRequest, code: str, right: Right = Right.SEE, *, deleted: bool = False) -> Subject:
    rows = Subject.objects.select_related("team").filter(deleted__isnull=not deleted)
    return _fetch(request, rows, right, code=code)


def outfit_for(request: HttpRequest, code: str, right: Right = Right.SEE, *, deleted: bool = False) -> Outfit:
    rows = Outfit.objects.select_related("subject__team").filter(subject__deleted=None, deleted__isnull=not deleted)
    return _fetch(request, rows, right, "subject__team_id", code=code)


def marker_for(request: HttpRequest, pk: int, right: Right = Right.SEE) -> Marker:
    rows = Marker.objects.select_related("version__subject__team").filter(version__subject__deleted=None)
    return _fetch(request, rows, right, "version__subject__team_id", pk=pk)


def reference_set_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> ReferenceSet:
    rows = ReferenceSet.objects.select_related("subject__team", "outfit").filter(subject__deleted=None)
    return _fetch(request, rows, right, "subject__team_id", code=code)


def reference_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Reference:
    rows = Reference.objects.select_related("reference_set__subject__team", "reference_set__outfit", "image")
    rows = rows.filter(reference_set__subject__deleted=None)
    return _fetch(request, rows, right, "reference_set__subject__team_id", code=code)


def image_for(request: HttpRequest, key: str, right: Right = Right.SEE) -> Image:
    return _fetch(request, Image.objects.all(), right, key=key)


def batch_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Batch:
    return _fetch(request, Batch.objects.select_related("team", "project__team"), right, code=code)


def job_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Job:
    rows = Job.objects.select_related("batch__team", "panel__scene__project__team")
    return _fetch(request, rows, right, "batch__team_id", code=code)


def account_for(request: HttpRequest, code: str, right: Right = Right.ADMIN) -> EngineAccount:
    rows = EngineAccount.objects.select_related("team", "check_row").filter(deleted=None)
    return _fetch(request, rows, right, code=code)


def tier_entry_for(request: HttpRequest, pk: int, right: Right = Right.ADMIN) -> TierEntry:
    return _fetch(request, TierEntry.objects.select_related("team", "account"), right, pk=pk)


def export_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Export:
    return _fetch(request, Export.objects.select_related("team", "project"), right, code=code)


def member_for(request: HttpRequest, pk: int, right: Right = Right.ADMIN) -> Membership:
    return _fetch(request, Membership.objects.select_related("team", "user"), right, pk=pk)


def me(request: HttpRequest) -> User:
    """Who is signed in: the one object that needs no team."""
    if not request.user.is_authenticated:
        raise SignInFirst
    return request.user


def session_for(request: HttpRequest, pk: int) -> UserSession:
    """One of one's own sign-ins."""
    found = UserSession.objects.filter(user=me(request), pk=pk).first()
    if found is None:
        raise Http404
    return found


def passkey_for(request: HttpRequest, pk: int) -> Authenticator:
    """One of one's own passkeys."""
    rows = Authenticator.objects.filter(user=me(request), pk=pk, type=Authenticator.Type.WEBAUTHN)
    found = rows.select_related("user").first()
    if found is None:
        raise Http404
    return found


def sign_in_link_by(token: str) -> SignInLink | None:
    """The link while it can still be used; whoever holds the token is let in."""
    return SignInLink.objects.open().select_related("user").filter(token_hash=digest(token)).first()


def invitation_by(token: str) -> Invitation | None:
    """The invitation while somebody can still join by it."""
    rows = Invitation.objects.open().select_related("team", "created_by")
    return rows.filter(token_hash=digest(token)).first()


def invitation_for(request: HttpRequest, code: str, right: Right = Right.ADMIN) -> Invitation:
    return _fetch(request, Invitation.objects.select_related("team"), right, code=code)


def handed_for(key: uuid.UUID, sha256: str, mark: str) -> Rendition:
    """A reference of an attempt that is under way or has just ended, for the service that was given this very address."""
    recently = timezone.now() - HANDED
    rows = Job.objects.filter(Q(state__in=ACTIVE) | Q(finished__gt=recently), key=key).select_related("batch")
    job = rows.first() if links.genuine(mark, "handed", str(key), sha256) else None
    slots = job.request["plan"]["slots"] if job else []
    keys = [slot["image_key"] for slot in slots if slot["sha256"] == sha256]
    team = job.batch.team_id if job else None
    found = Rendition.objects.filter(image__team=team, image__key__in=keys, spec=PROVIDER).first()
    if found is None:
        raise Http404
    return found


def account_called(code: str, secret: str) -> EngineAccount:
    """The account whose bell this is, for whoever knows the address."""
    rows = EngineAccount.objects.filter(deleted=None, code=code)
    found = rows.first() if links.genuine(secret, "callback", code) else None
    if found is None:
        raise Http404
    return found


def jobs_named(account: EngineAccount, names: tuple[str, ...]) -> list[int]:
    """The jobs of this account that wait for these tasks, by our key or by the service's own name."""
    keys = [name for name in names if _is_uuid(name)]
    rows = Job.objects.filter(Q(key__in=keys) | Q(ticket__data__task__in=names), account=account, state__in=UNDER_WAY)
    return list(rows.values_list("pk", flat=True))


def _is_uuid(name: str) -> bool:
    try:
        uuid.UUID(name)
    except ValueError:
        return False
    return True
