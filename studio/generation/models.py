"""Making pictures: batches, jobs, their history, and the ledger. The rows are the only truth; the engine decides when."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team
from studio.board.models import Panel, Project, Take
from studio.lib.codes import code


class EngineAccountQuerySet(models.QuerySet["EngineAccount"]):
    def of(self, team: Team) -> EngineAccountQuerySet:
        """The team's accounts that were not removed, in the order they came."""
        return self.filter(team=team, deleted=None).order_by("created", "pk")


class EngineAccount(models.Model):
    """A team's account at a picture service. The key is sealed; nothing but its last four characters is ever shown."""

    class Engine(models.TextChoices):
        RUNWARE = "runware", "Runware"
        HIAPI = "hiapi", "hiapi"
        GEMINI = "gemini", "Gemini-compatible"

    class Health(models.TextChoices):
        """As last seen. KEY and BALANCE pause drawing until somebody mends the account or checks it with success."""

        UNCHECKED = "unchecked", "Never checked"
        READY = "ready", "Ready"
        KEY = "key", "Key not accepted"
        BALANCE = "balance", "Balance used up"
        QUOTA = "quota", "Quota used up"
        UNREACHABLE = "unreachable", "Not reached"

    team = models.ForeignKey(Team, models.CASCADE, related_name="engine_accounts")
    code = models.CharField(max_length=16, unique=True, default=code)
    engine = models.CharField(max_length=12, choices=Engine)
    label = models.CharField(max_length=60)
    key_sealed = models.TextField(blank=True)
    key_tail = models.CharField(max_length=4, blank=True)
    callback_sealed = models.TextField(blank=True)  # hiapi signs its callbacks with it
    base_url = models.CharField(max_length=200)
    result_hosts = models.CharField(max_length=300, blank=True)  # more hosts that results may lie at, comma between
    concurrency = models.PositiveSmallIntegerField()  # pictures under way at once, over all workers
    per_minute = models.PositiveSmallIntegerField(null=True, blank=True)  # calls, over all workers; None: no limit
    monthly_cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # US dollars
    on = models.BooleanField(default=True)
    health = models.CharField(max_length=12, choices=Health, default=Health.UNCHECKED)
    said = models.CharField(max_length=300, blank=True)  # what the last check or failure said
    seen = models.DateTimeField(null=True, blank=True)  # when it last answered or failed
    rests_until = models.DateTimeField(null=True, blank=True)  # told to wait by the service
    paced_until = models.DateTimeField(null=True, blank=True)  # the calls handed out so far reach to here (see pace)
    from_environment = models.CharField(max_length=30, blank=True)  # the variable its key came from
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)  # rises with the key, the address and the limits
    deleted = models.DateTimeField(null=True, blank=True)

    objects = EngineAccountQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label

    @property
    def paused(self) -> bool:
        """Nothing is sent: switched off, removed, or it needs somebody to mend it."""
        return not self.on or self.deleted is not None or self.health in PAUSING


PAUSING = {EngineAccount.Health.KEY, EngineAccount.Health.BALANCE}


class Upload(models.Model):
    """A reference that lies at a service already: sent once, named from then on. The service forgets it some time after its last use."""

    account = models.ForeignKey(EngineAccount, models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)  # of the bytes that were sent
    name = models.CharField(max_length=64)  # the service's own
    used = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="uploaded_once")]


class Check(models.Model):
    """Somebody asked whether an account answers; the worker finds out. One row an account: the newest question."""

    account = models.OneToOneField(EngineAccount, models.CASCADE, related_name="check_row")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)  # a worker is at it
    answered = models.DateTimeField(null=True, blank=True)
    good = models.BooleanField(default=False)
    said = models.CharField(max_length=300, blank=True)


class Quote(models.Model):
    """What a service says one picture costs: somebody asked, the worker finds out. One row a sort of picture (see `quotes.shape`):
    the newest question, and the last answer until it is old."""

    account = models.ForeignKey(EngineAccount, models.CASCADE, related_name="quotes")
    shape = models.CharField(max_length=64)
    model = models.CharField(max_length=60)
    request = models.JSONField(default=dict)  # of the picture that was asked with, frozen as a job's
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)  # a worker is at it
    answered = models.DateTimeField(null=True, blank=True)
    amount = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True
    )  # US dollars; None: it said none
    said = models.CharField(max_length=300, blank=True)  # why there is no price

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "shape"], name="one_quote_a_shape")]


class Tier(models.TextChoices):
    DRAFT = "draft", "Draft"
    PRODUCTION = "production", "Production"
    HERO = "hero", "Hero"


class TierEntry(models.Model):
    """One place in a tier's order: the first is used, the next are for fail-over. No account: the embedded engine."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="tier_entries")
    tier = models.CharField(max_length=12, choices=Tier)
    position = models.PositiveSmallIntegerField(default=0)
    account = models.ForeignKey(EngineAccount, models.CASCADE, null=True, blank=True, related_name="tier_entries")
    model = models.CharField(max_length=60)
    size = models.CharField(max_length=8, default="1K")

    class Meta:
        ordering = ["tier", "position", "pk"]


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
    PASSED = "passed", "Passed on"  # another account of the tier took over, as a new attempt


APPEND_ONLY = "The ledger is append-only: write another row."
ACTIVE = {JobState.QUEUED, JobState.STARTING, JobState.WAITING, JobState.SAVING}
UNDER_WAY = ACTIVE - {JobState.QUEUED}
AT_SERVICE = {JobState.STARTING, JobState.WAITING}  # they take a place there; what is being saved does not
OVER = set(JobState) - ACTIVE
LOST = {JobState.FAILED, JobState.REFUSED, JobState.UNKNOWN}


UNCERTAIN = models.Q(state__in=LOST, charged=None, counted__gt=0)  # possibly charged; it counts until somebody knows


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> JobQuerySet:
        return self.filter(state__in=ACTIVE)

    def uncertain(self) -> JobQuerySet:
        """Over, and nobody knows whether they were charged."""
        return self.filter(UNCERTAIN)


class Job(models.Model):
    """One picture asked for. Everything it will be drawn from is frozen in `request` before anything is sent."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="jobs")
    panel = models.ForeignKey(Panel, models.CASCADE, related_name="jobs")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the attempt's id, sent to the engine
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    engine = models.CharField(max_length=20)
    account = models.ForeignKey(EngineAccount, models.RESTRICT, null=True, blank=True, related_name="jobs")
    model = models.CharField(max_length=60)
    tier = models.CharField(max_length=12, choices=Tier, blank=True)  # empty: a model was asked for by name
    follows = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)  # of everything the picture is made from
    priority = models.SmallIntegerField(default=0)  # higher goes first: one panel by hand before a batch
    seed = models.BigIntegerField(null=True, blank=True)
    request = models.JSONField(default=dict)  # prompt, plan, layout, aspect, size, width, height, options, versions
    template_version = models.CharField(max_length=8, blank=True)
    estimate = models.DecimalField(max_digits=12, decimal_places=6, default=0)  # US dollars
    quoted = models.BooleanField(default=False)  # the estimate is the service's own price, not our table's
    counted = models.DecimalField(max_digits=12, decimal_places=6, default=0)  # US dollars against the caps, see states
    ticket = models.JSONField(null=True, blank=True)
    doubtful = models.BooleanField(default=False)  # a call with this key was sent, and nobody knows what became of it
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
        indexes = [
            models.Index(fields=["state", "-priority", "created"]),
            models.Index(fields=["panel", "-created"]),
            models.Index(fields=["panel", "batch"]),  # a panel's newest batch, however many attempts it has had
            models.Index(fields=["account", "state"]),
            models.Index(fields=["account", "created"]),
        ]

    @property
    def uncertain(self) -> bool:
        """Over, and nobody knows whether it was charged. As UNCERTAIN."""
        return self.state in LOST and self.charged is None and self.counted > 0

    @property
    def paid_for(self) -> bool:
        """Charged, and its picture never came: it may lie at the service still."""
        return self.state in LOST - {JobState.REFUSED} and self.charged is True and self.take_id is None


class Worker(models.Model):
    """A process that draws, as last heard of. Taken away when it stops by itself; one that was lost stays for a day."""

    name = models.CharField(max_length=40, unique=True)  # as it stands in leases
    host = models.CharField(max_length=80)
    started = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)


class JobEvent(models.Model):
    """One change of a job's state."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="events")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


class SpendQuerySet(models.QuerySet["Spend"]):
    def update(self, **fields: Any) -> int:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY)


class Spend(models.Model):
    """The ledger, append-only: what was held, charged, given back or left uncertain for an attempt. A row is never changed; it goes
    only with the whole project or team."""

    class Kind(models.TextChoices):
        RESERVED = "reserved", "Held"
        CHARGED = "charged", "Charged"
        RELEASED = "released", "Given back"
        UNCERTAIN = "uncertain", "Possibly charged"

    class Source(models.TextChoices):
        SERVICE = "service", "The service's figure"
        TABLE = "table", "Our price table"
        HAND = "hand", "Settled by hand"

    team = models.ForeignKey(Team, models.CASCADE, related_name="spends")
    project = models.ForeignKey(Project, models.CASCADE, related_name="spends")
    job = models.ForeignKey(Job, models.CASCADE, related_name="spends")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=6)  # US dollars
    source = models.CharField(max_length=8, choices=Source, default=Source.TABLE)
    dated = models.DateField(null=True, blank=True)  # of the price table, where the figure is ours
    account = models.ForeignKey(EngineAccount, models.RESTRICT, null=True, blank=True, related_name="spends")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = SpendQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "kind"], name="once_a_kind")]
        ordering = ["pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(APPEND_ONLY)
