"""What people do to teams: found one, invite, join, change roles, leave. Every verb refuses in plain words (`Refused`)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts import mail
from studio.accounts.events import record
from studio.accounts.models import Invitation, Membership, SignInLink, Team, User
from studio.accounts.rights import Role
from studio.lib.codes import token as fresh_token
from studio.lib.signing import digest

FIRST_EMAIL = "owner@localhost"


class Refused(Exception):
    """The act was not done; the text says why, for the person who asked."""


class HasAccount(Refused):
    """The address belongs to somebody who can sign in already."""


@transaction.atomic
def found_studio(*, name: str) -> User:
    """The first user, owner of a first team. There is no password yet: a one-time link signs in. Raises Refused."""
    if User.objects.exists():
        raise Refused("This studio has an owner already.")
    owner = User.objects.create_user(FIRST_EMAIL, name=name)
    team = Team.objects.create(name="My studio")
    Membership.objects.create(user=owner, team=team, role=Role.OWNER)
    record(verb="team.founded", team=team, actor=owner, about="team", code=team.code)
    return owner


def make_sign_in_link(*, user: User) -> str:
    """The token of a link that signs this person in once, within half an hour. Only its hash is kept."""
    now = timezone.now()
    SignInLink.objects.filter(user=user, expires__lt=now).delete()
    token = fresh_token()
    SignInLink.objects.create(
        user=user, token_hash=digest(token), expires=now + dt.timedelta(minutes=settings.SIGN_IN_LINK_MINUTES)
    )
    return token


def link_for_address(*, email: str) -> str:
    """A link's token for whoever has this address; empty where nobody has."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return ""
    record(verb="user.link_asked", team=None, actor=user, about="user", code=str(user.pk))
    return make_sign_in_link(user=user)


def use_sign_in_link(*, token: str) -> User:
    """Whom the link signs in. Of any number of simultaneous calls one succeeds. Raises Refused."""
    link = SignInLink.objects.open().select_related("user").filter(token_hash=digest(token)).first()
    # By its own columns alone: what reaches into another table, PostgreSQL judges by how it was before the others came.
    if link is None or not SignInLink.objects.filter(pk=link.pk, used=None).update(used=timezone.now()):
        raise Refused("This link has been used or has run out.")
    return link.user


def set_password(*, user: User, password: str) -> None:
    """Ends every session but those whose view refreshes its hash. Links made before stop working too."""
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        SignInLink.objects.filter(user=user, used=None).delete()
        record(verb="user.password", team=None, actor=user, about="user", code=str(user.pk))
        mail.warn(to=user.email, said="Your password was set")


@transaction.atomic
def invite(*, team: Team, by: User, role: str, email: str = "", uses: int = 1) -> tuple[Invitation, str]:
    """An invitation and the token of its link, which is not shown again. With an address it is for that person only."""
    email = email.strip().lower()
    if email and Membership.objects.filter(team=team, user__email=email).exists():
        raise Refused(f"{email} is in the team already.")
    token = fresh_token()
    invitation = Invitation.objects.create(
        team=team,
        role=Role(role),
        email=email,
        token_hash=digest(token),
        uses_allowed=1 if email else uses,
        created_by=by,
        expires=_in_a_week(),
    )
    _note(invitation, "invitation.made", by)
    return invitation, token


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User) -> str:
    """A new token with a new week; the old link stops working. Raises Refused once it is withdrawn or used up."""
    token = fresh_token()
    invitation.expires = _in_a_week()
    rows = Invitation.objects.filter(pk=invitation.pk, withdrawn=None, uses__lt=F("uses_allowed"))
    if not rows.update(token_hash=digest(token), expires=invitation.expires):
        raise Refused("This invitation has been used or withdrawn.")
    _note(invitation, "invitation.sent_again", by)
    return token


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    if Invitation.objects.filter(pk=invitation.pk, withdrawn=None).update(withdrawn=timezone.now()):
        _note(invitation, "invitation.withdrawn", by)


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> Membership:
    """Join as a signed-in person. A link for one is used once, however many ask at the same moment. Raises Refused."""
    if invitation.email and invitation.email != user.email:
        raise Refused(f"This invitation is for {invitation.email}; you are signed in as {user.email}.")
    mine = Membership.objects.filter(user=user, team=invitation.team).first()
    if mine:
        return mine  # a second visit costs no use and changes no role
    if not Invitation.objects.open().filter(pk=invitation.pk).update(uses=F("uses") + 1):
        raise Refused("This invitation has been used, withdrawn or has run out.")
    try:
        with transaction.atomic():
            mine = Membership.objects.create(user=user, team=invitation.team, role=invitation.role)
    except IntegrityError:  # the same person, twice at once: the use goes back
        Invitation.objects.filter(pk=invitation.pk).update(uses=F("uses") - 1)
        return Membership.objects.get(user=user, team=invitation.team)
    _note(invitation, "member.joined", user, role=invitation.role)
    return mine


@transaction.atomic
def join_as_new(*, invitation: Invitation, email: str, name: str, password: str) -> User:
    """Somebody without an account: the account and the membership exist together or not at all. Raises Refused."""
    email = (invitation.email or email).strip().lower()
    if User.objects.filter(email=email).exists():
        raise HasAccount(f"{email} has an account here. Sign in first, then open the invitation again.")
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise HasAccount(f"{email} has an account here. Sign in first, then open the invitation again.") from None
    accept(invitation=invitation, user=user)
    return user


@transaction.atomic
def change_role(*, member: Membership, role: str, by: User) -> Membership:
    """Works from that person's next request. Raises Refused for one's own role and for the last owner."""
    locked = _locked(member)
    if locked.user_id == by.pk:
        raise Refused("You cannot change your own role. Another owner can.")
    if locked.role == Role.OWNER and role != Role.OWNER:
        _not_the_last_owner(locked)
    if locked.role != role:
        before, locked.role = locked.role, Role(role)
        locked.save(update_fields=["role"])
        record(
            verb="member.role", team=locked.team, actor=by, about="user", code=str(locked.user_id),
            whom=locked.user.email, was=before, now=role,
        )  # fmt: skip
    return locked


@transaction.atomic
def remove_member(*, member: Membership, by: User) -> None:
    """The account stays, the way into this team is closed at once. Raises Refused for oneself and for the last owner."""
    locked = _locked(member)
    if locked.user_id == by.pk:
        raise Refused("You cannot remove yourself. Another owner can.")
    if locked.role == Role.OWNER:
        _not_the_last_owner(locked)
    record(
        verb="member.removed", team=locked.team, actor=by, about="user", code=str(locked.user_id),
        whom=locked.user.email, was=locked.role,
    )  # fmt: skip
    locked.delete()


@transaction.atomic
def hand_over(*, team: Team, by: User, to: Membership) -> None:
    """Somebody else becomes owner, and who was becomes producer: both or neither. Raises Refused.

    Of any number of simultaneous calls one has an effect, and the team has an owner at every moment.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    if to.user_id == by.pk:
        raise Refused("The team is yours already. Choose somebody else.")
    if not Membership.objects.filter(team=team, user=by, role=Role.OWNER).update(role=Role.PRODUCER):
        raise Refused("You are no longer an owner of this team.")
    heirs = Membership.objects.filter(team=team, pk=to.pk, user__is_active=True)
    if not heirs.update(role=Role.OWNER):
        raise Refused(f"{to.user} has left the team. The team is still yours.")
    record(
        verb="team.handed_over", team=team, actor=by, about="user", code=str(to.user_id), to=to.user.email, now=Role.PRODUCER
    )  # fmt: skip


@transaction.atomic
def ask_second_step(*, team: Team, on: bool, by: User) -> None:
    """From now on nobody sees anything of the team without a second factor, or everybody does again. See `second_step.lacking`."""
    if Team.objects.filter(pk=team.pk, second_step_since__isnull=on).update(
        second_step_since=timezone.now() if on else None
    ):
        record(verb="team.second_step", team=team, actor=by, about="team", code=team.code, on=on)


@transaction.atomic
def rename_team(*, team: Team, name: str, by: User) -> Team:
    if name != team.name:
        record(verb="team.renamed", team=team, actor=by, about="team", code=team.code, was=team.name, now=name)
        team.name = name
        team.save(update_fields=["name"])
    return team


def _in_a_week() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=settings.INVITATION_DAYS)


def _note(invitation: Invitation, verb: str, by: User, **data: str) -> None:
    record(verb=verb, team=invitation.team, actor=by, about="invitation", code=invitation.code, **data)


def _locked(member: Membership) -> Membership:
    """The row as it is now, with its team held: two owners who demote each other take turns. Raises Refused."""
    Team.objects.select_for_update().get(pk=member.team_id)
    found = Membership.objects.select_related("team", "user").filter(pk=member.pk).first()
    if found is None:
        raise Refused("This person has left the team already.")
    return found


def _not_the_last_owner(member: Membership) -> None:
    if not Membership.objects.filter(team=member.team, role=Role.OWNER).exclude(pk=member.pk).exists():
        raise Refused("The team needs an owner. Make somebody else an owner first.")
