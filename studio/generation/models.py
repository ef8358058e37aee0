"""Making pictures: batches, jobs, their history, and the ledger. The rows are the only truth; the engine decides when."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team
from studio.board.models import Panel, Project, Take
from studio.lib.codes import code


class Batch(models.Model):
    """What one person asked for at once: one panel or a hundred. `key` makes a double click one batch."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="batches")
    project = models.ForeignKey(Project, models.CASCADE, related_name="batches")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True)  # from the form
    title = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    cancelled = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created"])]


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    STARTING = "starting", "Starting"
    WAITING = "waiting", "Drawing"
    SAVING = "saving", "Saving"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    REFUSED = "refused", "Declined"
    UNKNOWN = "unknown", "Unknown"
    CANCELLED = "cancelled", "Cancelled"


ACTIVE = {JobState.QUEUED, JobState.STARTING, JobState.WAITING, JobState.SAVING}
UNDER_WAY = ACTIVE - {JobState.QUEUED}
OVER = set(JobState) - ACTIVE
LOST = {JobState.FAILED, JobState.REFUSED, JobState.UNKNOWN}


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> JobQuerySet:
        return self.filter(state__in=ACTIVE)


class Job(models.Model):
    """One picture asked for. Everything it will be drawn from is frozen in `request` before anything is sent."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="jobs")
    panel = models.ForeignKey(Panel, models.CASCADE, related_name="jobs")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the attempt's id, sent to the engine
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    engine = models.CharField(max_length=20)
    model = models.CharField(max_length=60)
    priority = models.SmallIntegerField(default=0)  # higher goes first: one panel by hand before a batch
    seed = models.BigIntegerField(null=True, blank=True)
    request = models.JSONField(default=dict)  # prompt, plan, layout, aspect, size, width, height, options, versions
    template_version = models.CharField(max_length=8, blank=True)
    estimate = models.DecimalField(max_digits=10, decimal_places=4, default=0)  # US dollars
    ticket = models.JSONField(null=True, blank=True)
    take = models.OneToOneField(Take, models.SET_NULL, null=True, blank=True, related_name="job")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    remedy = models.CharField(max_length=300, blank=True)
    details = models.TextField(blank=True)
    charged = models.BooleanField(null=True, blank=True)  # None: it cannot be known
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)  # waits as told by the engine
    created = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    changed = models.DateTimeField(default=timezone.now, db_index=True)  # for the poll: cards that changed since

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "-priority", "created"]), models.Index(fields=["panel", "-created"])]


class JobEvent(models.Model):
    """One change of a job's state."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="events")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


class Spend(models.Model):
    """The ledger, append-only: what was held, charged, given back or left uncertain for an attempt."""

    class Kind(models.TextChoices):
        RESERVED = "reserved", "Held"
        CHARGED = "charged", "Charged"
        RELEASED = "released", "Given back"
        UNCERTAIN = "uncertain", "Possibly charged"

    class Source(models.TextChoices):
        SERVICE = "service", "The service's figure"
        TABLE = "table", "Our price table"

    team = models.ForeignKey(Team, models.CASCADE, related_name="spends")
    project = models.ForeignKey(Project, models.CASCADE, related_name="spends")
    job = models.ForeignKey(Job, models.CASCADE, related_name="spends")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=10, decimal_places=4)  # US dollars
    source = models.CharField(max_length=8, choices=Source, default=Source.TABLE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind"], name="once_a_kind")]
        ordering = ["pk"]
