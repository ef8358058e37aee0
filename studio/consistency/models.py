"""What people saw: how a marker came out in a take, and why a take was turned down. Rows are replaced, never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.board import reasons
from studio.board.models import Take
from studio.library.models import Marker, Subject
from studio.media.colour import Lab, code_of
from studio.media.models import Image
from studio.media.region import Box


class Result(models.TextChoices):
    """How a marker came out. The empty one takes a judgement back."""

    SAME = "same", "Same"
    DRIFTED = "drifted", "Drifted"
    WRONG = "wrong", "Wrong"
    MISSING = "missing", "Missing"
    HIDDEN = "hidden", "Hidden"
    NONE = "", "Not judged"


FAILED = (Result.DRIFTED, Result.WRONG, Result.MISSING)
SEEN = (Result.SAME, *FAILED)  # what counts in "7 of 9": a hidden marker neither held nor failed
GIVEN = (*SEEN, Result.HIDDEN)  # what a person may say


class Verdict(models.Model):
    """One judgement of one marker in one take. The newest stands (`replaced` is empty); the ones before it are its history."""

    take = models.ForeignKey(Take, models.CASCADE, related_name="verdicts")
    marker = models.ForeignKey(
        Marker, models.CASCADE, related_name="verdicts"
    )  # of the version the take was drawn from
    result = models.CharField(max_length=8, choices=Result, blank=True)
    revision = models.PositiveIntegerField(default=1)  # counts the judgements of this marker in this take
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    judged = models.DateTimeField(default=timezone.now)
    replaced = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["take", "marker", "revision"], name="one_verdict_a_revision"),
            models.UniqueConstraint(
                fields=["take", "marker"], condition=models.Q(replaced=None), name="one_standing_verdict"
            ),
        ]
        indexes = [
            models.Index(fields=["marker", "take"], condition=models.Q(replaced=None), name="standing_by_marker")
        ]

    def __str__(self) -> str:
        return self.get_result_display()


class Rejection(models.Model):
    """Why a take was turned down. The newest stands until it is withdrawn or replaced; both keep the row."""

    Reason = reasons.Reason

    take = models.ForeignKey(Take, models.CASCADE, related_name="rejections")
    reason = models.CharField(max_length=12, choices=reasons.Reason)
    marker = models.ForeignKey(Marker, models.CASCADE, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    withdrawn = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["take"], condition=models.Q(withdrawn=None), name="one_standing_rejection")
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class ColourPatch(models.Model):
    """The colour of a marker, measured in a box of one picture: of a take, or of a reference where `take` is empty.

    The newest stands (`replaced` is empty). A reference's counts for markers of the same key and swatch.
    """

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="+")
    marker_key = models.CharField(max_length=16)
    swatch = models.CharField(max_length=7)  # of the marker, when it was measured
    image = models.ForeignKey(Image, models.CASCADE, related_name="+")
    take = models.ForeignKey(Take, models.CASCADE, null=True, blank=True, related_name="patches")
    left = models.PositiveSmallIntegerField()  # this and the next three: thousandths of the picture
    top = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    lightness = models.FloatField()  # CIE L*a*b*, D65
    a = models.FloatField()
    b = models.FloatField()
    spread = models.FloatField()  # how far its samples are from that, on average
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    measured = models.DateTimeField(default=timezone.now)
    replaced = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["take", "subject", "marker_key"],
                condition=models.Q(replaced=None, take__isnull=False),
                name="one_standing_patch_a_take",
            ),
            models.UniqueConstraint(
                fields=["subject", "marker_key", "swatch"],
                condition=models.Q(replaced=None, take=None),
                name="one_standing_patch_a_marker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marker_key} {self.box}"

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.width, self.height)

    @property
    def lab(self) -> Lab:
        return Lab(self.lightness, self.a, self.b)

    @property
    def code(self) -> str:
        return code_of(self.lab)
