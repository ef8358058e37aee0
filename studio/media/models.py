"""Stored pictures and their renditions. An original is never altered; a rendition is made once."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team


def storage_key() -> str:
    """A file's name in the storage: random, never the user's."""
    return secrets.token_hex(16)


class ImageQuerySet(models.QuerySet["Image"]):
    def for_team(self, team: Team) -> ImageQuerySet:
        return self.filter(team=team)

    def with_renditions(self) -> ImageQuerySet:
        return self.prefetch_related("renditions")


class Image(models.Model):
    """A picture as it came in, measured. Width and height are pixels of the upright original."""

    class Source(models.TextChoices):
        UPLOAD = "upload", "Uploaded"
        DRAWN = "drawn", "Drawn"
        SAMPLE = "sample", "Sample"

    team = models.ForeignKey(Team, models.CASCADE, related_name="images")
    key = models.CharField(max_length=32, unique=True, default=storage_key)
    sha256 = models.CharField(max_length=64)  # of the original bytes
    original = models.CharField(max_length=200)  # path in the storage
    original_name = models.CharField(max_length=200, blank=True)
    original_mime = models.CharField(max_length=20)
    original_size = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    colour_mean = models.CharField(max_length=7, blank=True)
    sharpness = models.FloatField(default=0)
    exposure = models.FloatField(default=0)
    busyness = models.FloatField(default=0)
    quality_version = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=8, choices=Source, default=Source.UPLOAD)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = ImageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "sha256"])]


class Rendition(models.Model):
    """A smaller picture of an image, made once from one decode: 320, 640, 1280 (WebP, or the provider's file itself where that is
    hardly larger) and the provider's 2048 px JPEG."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")
    spec = models.CharField(max_length=16)
    path = models.CharField(max_length=200)
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "spec"], name="one_rendition_a_spec")]
