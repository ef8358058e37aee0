"""Who was told what, and how it went: notices on the page, letters, and what other programs are sent."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Event, Team
from studio.lib.codes import code
from studio.media.models import Image
from studio.notices.kinds import Kind, Mail


class Untold(models.Model):
    """An event that somebody may have to be told of, written with it. The worker takes the row away as it writes the notices."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+")


class Wish(models.Model):
    """How one person wants to be told of one kind of thing. Without a row the defaults hold."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=12, choices=Kind)
    here = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.NOW)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_wish_a_kind")]


class Looked(models.Model):
    """When somebody last said that they had seen a team's activity."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_look_a_team")]


class NoLetters(models.Model):
    """An address without an account whose owner asked not to be written to any more."""

    email = models.EmailField(unique=True)
    since = models.DateTimeField(default=timezone.now)


class Letter(models.Model):
    """An e-mail: to somebody of the studio about their notices, or to a client with the way into a round.

    Sent at most once: whoever changes WAITING into SENDING sends it. What a dead worker left in SENDING is UNKNOWN.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        UNKNOWN = "unknown", "May have been sent"
        DROPPED = "dropped", "Not needed"

    class Sort(models.TextChoices):
        NOTICES = "notices", "Notices"
        DIGEST = "digest", "Digest"
        CLIENT = "client", "To a client"

    key = models.CharField(max_length=120, unique=True)  # what it is about: written once
    code = models.CharField(max_length=16, unique=True, default=code)
    sort = models.CharField(max_length=8, choices=Sort)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="letters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    email = models.EmailField(blank=True)  # a client's; a user's is read when it is sent
    about = models.CharField(max_length=16, blank=True)  # the round's code
    content_sealed = models.TextField(blank=True)  # a client's link is a secret: sealed, and gone once it is sent
    image = models.ForeignKey(Image, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["state", "due"])]


class LetterEvent(models.Model):
    """What became of a letter, when. Rows are only added."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="history")
    state = models.CharField(max_length=8, choices=Letter.State)
    said = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown_to(self, user: object, team: Team) -> NoticeQuerySet:
        return self.filter(user=user, team=team, here=True).select_related("actor", "image").order_by("-pk")

    def unread(self) -> NoticeQuerySet:
        return self.filter(read=None)


class Notice(models.Model):
    """One thing that one person is told: here, by mail, or both. `key` says what it is about, so that it is told once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    team = models.ForeignKey(Team, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=16, unique=True, default=code)
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=80)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=80, blank=True)  # as it was then; a guest's name too
    did = models.CharField(max_length=120)  # "asked for changes on"
    what = models.CharField(max_length=160)  # "Night ferry 2B"
    quote = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True)  # of the page that it is about
    image = models.ForeignKey(Image, models.SET_NULL, null=True, related_name="+")
    here = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.OFF)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="notices")
    created = models.DateTimeField(default=timezone.now)
    read = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]
        indexes = [models.Index(fields=["user", "team", "read"])]


class HookQuerySet(models.QuerySet["Hook"]):
    def of(self, team: Team) -> HookQuerySet:
        return self.filter(team=team, deleted=None).order_by("made", "pk")


class Hook(models.Model):
    """A webhook of a team. Address and secret are sealed: an address may be a secret by itself (Slack's is)."""

    class Shape(models.TextChoices):
        STANDARD = "standard", "Signed JSON"
        SLACK = "slack", "Slack message"

    team = models.ForeignKey(Team, models.CASCADE, related_name="hooks")
    code = models.CharField(max_length=16, unique=True, default=code)
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=255)  # of the address, to be shown
    address_sealed = models.TextField()
    secret_sealed = models.TextField()
    before_sealed = models.TextField(blank=True)  # the secret before this one, valid until `before_until`
    before_until = models.DateTimeField(null=True, blank=True)
    shape = models.CharField(max_length=8, choices=Shape, default=Shape.STANDARD)
    kinds = models.JSONField(default=list)  # values of HookKind
    on = models.BooleanField(default=True)
    stopped = models.CharField(max_length=200, blank=True)  # why the studio switched it off
    failures = models.PositiveIntegerField(default=0)  # tries in a row that were not taken
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # from the form: sent twice, made once
    revision = models.PositiveIntegerField(default=1)
    deleted = models.DateTimeField(null=True, blank=True)

    objects = HookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


def message_id() -> str:
    """`webhook-id`: stays the same however often it is sent, so that the receiver can leave out what it has."""
    return f"msg_{secrets.token_hex(12)}"


class Delivery(models.Model):
    """One message to one webhook. It may arrive twice (that is what its id is for), and is never forgotten."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.CharField(max_length=80)  # the event: sent to each webhook once
    message = models.CharField(max_length=32, unique=True, default=message_id)
    kind = models.CharField(max_length=20)
    body = models.TextField()  # as it is signed and sent
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "key"], name="delivered_once_a_webhook")]
        indexes = [models.Index(fields=["state", "due"])]


class DeliveryTry(models.Model):
    """One try: what was answered, or why nobody did. Rows are only added."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="history")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
