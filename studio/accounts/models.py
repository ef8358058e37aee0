"""People: users, teams, memberships, invitations, one-time links, and what happened when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from studio.accounts.rights import Right, Role, allows
from studio.lib.codes import code


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with a normalised address; without a password only links sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "", "As the system"
        DARK = "dark", "Dark"
        LIGHT = "light", "Light"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM, blank=True)
    letter_keys = models.BooleanField(default=True)  # single-letter shortcuts, WCAG 2.1.4
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(null=True, blank=True)

    objects = UserManager()
    EMAIL_FIELD: ClassVar[str] = "email"
    USERNAME_FIELD: ClassVar[str] = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email.split("@")[0]

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = str(self).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Team(models.Model):
    """Who works together; owns every other object."""

    name = models.CharField(max_length=80)
    code = models.CharField(max_length=16, unique=True, default=code)
    monthly_cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # US dollars
    fail_over = models.BooleanField(default=False)  # another account of the tier may take over before acceptance
    second_step_since = models.DateTimeField(null=True, blank=True)  # since when everyone needs a second factor
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def for_user(self, user: Any) -> MembershipQuerySet:
        return self.filter(user=user).select_related("team").order_by("created")

    def with_people(self, team: Team) -> MembershipQuerySet:
        """Everybody of the team, in the order they came."""
        return self.filter(team=team).select_related("user").order_by("created", "pk")


class Membership(models.Model):
    """A person's role in a team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    created = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership_a_team")]

    def may(self, right: Right) -> bool:
        return allows(self.role, right)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Not withdrawn, not run out, not used up."""
        return self.filter(withdrawn=None, expires__gt=timezone.now(), uses__lt=models.F("uses_allowed"))

    def of(self, team: Team) -> InvitationQuerySet:
        return self.filter(team=team).select_related("team").order_by("-created", "-pk")


class Invitation(models.Model):
    """A link into a team with a role. The token is shown once and stored as a hash."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=16, unique=True, default=code)
    role = models.CharField(max_length=12, choices=Role)
    email = models.EmailField(blank=True)  # empty: anyone with the link
    token_hash = models.CharField(max_length=64, unique=True)
    uses_allowed = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def open(self) -> SignInLinkQuerySet:
        """Not used, not run out, for somebody who may sign in."""
        return self.filter(used=None, expires__gt=timezone.now(), user__is_active=True)


class SignInLink(models.Model):
    """A link that signs one person in, once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)

    objects = SignInLinkQuerySet.as_manager()


class Event(models.Model):
    """Who did what, when: append-only. `about` and `code` name the object, `data` holds what changed."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="events")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)  # take.picked, subject.locked, member.role …
    about = models.CharField(max_length=20, blank=True)  # panel, subject, project …
    code = models.CharField(max_length=16, blank=True)
    project = models.CharField(max_length=16, blank=True)  # the project's code, for its activity
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["about", "code", "at"]), models.Index(fields=["team", "at"])]
        ordering = ["-at", "-pk"]


class Tally(models.Model):
    """How often something was tried since its window opened. See `limits`."""

    name = models.CharField(max_length=64, primary_key=True)  # a hash of action, rate and whose
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, team: Team) -> AuditEntryQuerySet:
        return self.filter(team_id=team.pk).order_by("-at", "-pk")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The audit log is only added to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit log is only added to.")


class AuditEntry(models.Model):
    """One line of a team's audit log. Only added: the database itself refuses to change or delete one (0006_people).

    Numbers and words instead of foreign keys: a line outlives whom and what it speaks of.
    """

    team_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=12)  # audit.Kind
    verb = models.CharField(max_length=40)
    who = models.CharField(max_length=254, blank=True)  # the e-mail address at that time
    who_id = models.BigIntegerField(null=True)
    address = models.CharField(
        max_length=45, blank=True
    )  # where the request came from; empty for the studio's own work
    about = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team_id", "at"]), models.Index(fields=["team_id", "kind", "at"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("The audit log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit log is only added to.")
