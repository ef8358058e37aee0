"""What was sent to whom, what they said, and what they decided. A round is frozen; notes and decisions are only added.

A decision belongs to a panel of a round (RoundPanel: this picture, these words), never to the panel itself: a new pick goes
into the next round and is asked about again. `Panel.state` only mirrors where the newest round stands.
"""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.board.models import Panel, Project, Take
from studio.board.reasons import Reason
from studio.lib.codes import code
from studio.library.models import Marker
from studio.media.models import Image


class Rule(models.TextChoices):
    """Who has to say yes before a panel, or the whole, counts as approved."""

    ANYONE = "anyone", "Anyone asked"
    ALL = "all", "Everyone named"
    COUNT = "count", "A number of those named"
    ORDER = "order", "The team first, then the client"


class ReviewRules(models.Model):
    """How a project decides; copied onto each round when it is sent. A project without a row has the defaults."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="review_rules")
    rule = models.CharField(max_length=8, choices=Rule, default=Rule.ANYONE)
    needed = models.PositiveSmallIntegerField(default=1)  # with COUNT
    apart = models.BooleanField(default=False)  # who drew a picture may not be its only approver
    revision = models.PositiveIntegerField(default=1)


class RoundQuerySet(models.QuerySet["Round"]):
    def of(self, project: Project) -> RoundQuerySet:
        """The project's rounds, newest first."""
        return self.filter(project=project).select_related("sent_by", "closed_by").order_by("-number")


class Round(models.Model):
    """Board v1, v2, …: the board as it was sent, until it is closed with names and hashes, or withdrawn."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REPLACED = "replaced", "Replaced by a newer version"

    project = models.ForeignKey(Project, models.CASCADE, related_name="rounds")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # from the form: sent twice, made once
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    message = models.TextField(blank=True, max_length=2000)  # what the sender says to the reviewers
    due = models.DateField(null=True, blank=True)
    rule = models.CharField(max_length=8, choices=Rule, default=Rule.ANYONE)
    needed = models.PositiveSmallIntegerField(default=1)
    apart = models.BooleanField(default=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed = models.DateTimeField(null=True, blank=True)
    signed = models.JSONField(default=dict, blank=True)  # at closing: names, times, and the hash of every picture
    changed = models.DateTimeField(default=timezone.now)  # the last note, decision or closing: what a poll compares
    revision = models.PositiveIntegerField(default=1)  # goes up with each of them

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_round_a_number"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="open"), name="one_open_round_a_project"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class RoundPanel(models.Model):
    """One panel as it was sent: its picture, its words, its place. Only `state` changes, and only by decisions."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="panels")
    code = models.CharField(max_length=16, unique=True, default=code)
    panel = models.ForeignKey(Panel, models.CASCADE, related_name="sent")
    take = models.ForeignKey(Take, models.PROTECT, null=True, related_name="+")
    image = models.ForeignKey(Image, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)  # of the picture's original bytes
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    position = models.PositiveIntegerField()
    scene_code = models.CharField(max_length=16)
    scene_number = models.CharField(max_length=8)
    scene_heading = models.CharField(max_length=200, blank=True)  # "EXT. Roof, dawn"
    label = models.CharField(max_length=12)
    shot = models.CharField(max_length=200, blank=True)  # in full words: "Medium shot, low angle"
    action = models.TextField(blank=True)
    dialogue = models.TextField(blank=True)
    sound = models.CharField(max_length=500, blank=True)
    seconds = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal("2.0"))
    alt = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=Panel.State, default=Panel.State.REVIEW)
    carried = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # approved there, unchanged since

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "panel"], name="once_in_a_round")]


class ShareLink(models.Model):
    """A way into one round without an account. The token is shown once; its hash is stored."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="links")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # from the form: sent twice, made once
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80, blank=True)  # whom it is for; empty: whoever has it, who then gives a name
    email = models.EmailField(blank=True)
    may_comment = models.BooleanField(default=True)
    may_decide = models.BooleanField(default=True)
    may_download = models.BooleanField(default=False)
    may_compare = models.BooleanField(default=True)  # with the round before, as far as it was sent too
    watermark = models.BooleanField(default=False)
    password = models.CharField(max_length=128, blank=True)  # hashed
    expires = models.DateTimeField()
    views_allowed = models.PositiveIntegerField(null=True, blank=True)  # openings, not pictures
    views = models.PositiveIntegerField(default=0)
    last_viewed = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    revoked = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Guest(models.Model):
    """Somebody who came by a link. A link with a name has one guest, whoever opens it; at an open link each says who they
    are once, and is known again by a cookie whose hash is stored.
    """

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="guests")
    code = models.CharField(max_length=16, unique=True, default=code)
    key_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    created = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Asked(models.Model):
    """Who is asked to decide a round by name: somebody of the team, or the one a link was made for."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="asked")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    link = models.ForeignKey(ShareLink, models.CASCADE, null=True, blank=True, related_name="asked")
    step = models.PositiveSmallIntegerField(default=1)  # with ORDER: 1 the team, 2 the client

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="asked_once"),
            models.UniqueConstraint(fields=["round", "link"], name="a_link_asked_once"),
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(link=None), name="asked_is_a_person_or_a_link"
            ),
        ]


class Note(models.Model):
    """A note on a panel of a round, or on the whole round (`on` is empty). Deleted ones keep their row, without text shown."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="notes")
    on = models.ForeignKey(RoundPanel, models.CASCADE, null=True, blank=True, related_name="notes")
    code = models.CharField(max_length=16, unique=True, default=code)
    number = models.PositiveIntegerField(default=0)  # counts the notes of its panel, 1 up; replies have 0
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="notes")
    name = models.CharField(max_length=80)  # as it was then
    text = models.TextField(max_length=5000)
    internal = models.BooleanField(default=False)  # for the team only
    marks = models.JSONField(default=list, blank=True)  # see review.marks: shapes in 0–1 of the picture
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # from the form: sent twice, written once
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    created = models.DateTimeField(default=timezone.now)
    edited = models.DateTimeField(null=True, blank=True)
    deleted = models.DateTimeField(null=True, blank=True)
    resolved = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolved_name = models.CharField(max_length=80, blank=True)
    resolved_in = models.ForeignKey(Take, models.SET_NULL, null=True, related_name="+")  # the take that answered it
    waived = models.DateTimeField(null=True, blank=True)  # open, but does not hold up approval

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["round", "on"])]

    def __str__(self) -> str:
        return self.text[:40]


class Decision(models.Model):
    """What one person said of one panel of a round, or of the whole (`on` is empty). The newest of each person stands."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", "Approved"
        CHANGES = "changes", "Asked for changes"
        NONE = "", "Taken back"

    round = models.ForeignKey(Round, models.CASCADE, related_name="decisions")
    on = models.ForeignKey(RoundPanel, models.CASCADE, null=True, blank=True, related_name="decisions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="decisions")
    by = models.CharField(max_length=60)  # "user:12" or "guest:7": whose decision this replaces
    name = models.CharField(max_length=80)  # as it was then
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    marker = models.ForeignKey(Marker, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.ForeignKey(Note, models.SET_NULL, null=True, blank=True, related_name="+")
    decided = models.DateTimeField(default=timezone.now)
    replaced = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["on", "by"],
                condition=models.Q(replaced=None, on__isnull=False),
                name="one_standing_decision_a_panel",
            ),
            models.UniqueConstraint(
                fields=["round", "by"],
                condition=models.Q(replaced=None, on=None),
                name="one_standing_decision_a_round",
            ),
        ]


class Plea(models.Model):
    """Somebody asks to go on with a round that is closed. It stays as it was signed: the answer is the next version."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="pleas")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=60)  # "user:12" or "guest:7"
    name = models.CharField(max_length=80)  # as it was then
    text = models.TextField(max_length=1000, blank=True)
    asked = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "by"], name="one_plea_a_person")]


class Seen(models.Model):
    """When somebody of the team last looked at a round: what is new since then is said."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="one_look_a_person")]
