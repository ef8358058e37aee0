"""Who presents a round to the room, and which panel is up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.review.models import Round, RoundPanel


class Showing(models.Model):
    """One presenter of a round at a time. Over when they stop, or when nothing was heard of them for a while."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="showing")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    on = models.ForeignKey(RoundPanel, models.CASCADE, related_name="+")
    began = models.DateTimeField(default=timezone.now)
    heard = models.DateTimeField(default=timezone.now)  # the last sign of the presenter's page
    ended = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
