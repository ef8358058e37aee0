"""Files that leave the studio, made as jobs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team
from studio.board.models import Project
from studio.lib.codes import code


class Export(models.Model):
    """One file asked for: what, by whom, how far it is, where it lies, until when."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF storyboard"
        ZIP = "zip", "Pictures, ZIP"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Preparing"
        DONE = "done", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = {State.QUEUED, State.RUNNING}

    team = models.ForeignKey(Team, models.CASCADE, related_name="exports")
    project = models.ForeignKey(Project, models.CASCADE, related_name="exports")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True)  # from the form: a double click is one export
    format = models.CharField(max_length=8, choices=Format)
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)  # in the default storage
    filename = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    remedy = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True, blank=True)
    expires = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created"])]

    @property
    def remaining(self) -> int:
        """Pages or pictures still to make."""
        return max(self.total - self.done, 0)
