"""The board: projects, scenes, panels, who appears in them, and the takes that were drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team
from studio.lib.codes import code
from studio.library.models import Outfit, Subject
from studio.media.models import Image


class ProjectQuerySet(models.QuerySet["Project"]):
    def for_team(self, team: Team) -> ProjectQuerySet:
        return self.filter(team=team, deleted=None, workshop=False)


class Project(models.Model):
    """A storyboard or a lookbook."""

    class Kind(models.TextChoices):
        STORYBOARD = "storyboard", "Storyboard"
        LOOKBOOK = "lookbook", "Lookbook"

    team = models.ForeignKey(Team, models.CASCADE, related_name="projects")
    code = models.CharField(max_length=16, unique=True, default=code)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STORYBOARD)
    aspect = models.CharField(max_length=8, default="16:9")
    client = models.CharField(max_length=80, blank=True)
    template_version = models.CharField(max_length=8, default="v1")
    words = models.JSONField(default=dict, blank=True)  # own values beside the vocabulary: {"shot_size": ["Hip shot"]}
    cap = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # US dollars
    tier = models.CharField(max_length=12, default="draft")  # the quality its panels are drawn in, see generation.Tier
    approved_only = models.BooleanField(default=False)  # nothing is drawn from a reference set that nobody approved
    sample = models.BooleanField(default=False)
    workshop = models.BooleanField(default=False)  # where references are drawn, see making: one a team, in no list
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)
    deleted = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-updated"])]
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=models.Q(workshop=True), name="one_workshop_a_team")
        ]

    def __str__(self) -> str:
        return self.title


class Scene(models.Model):
    """A place at a time, with its panels."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="scenes")
    code = models.CharField(max_length=16, unique=True, default=code)
    number = models.CharField(max_length=8)
    int_ext = models.CharField(max_length=12, blank=True, default="INT")
    place = models.CharField(max_length=120, blank=True)
    time_of_day = models.CharField(max_length=40, blank=True)
    light = models.CharField(max_length=200, blank=True)  # light and weather, in words
    location = models.ForeignKey(Subject, models.SET_NULL, null=True, blank=True, related_name="+")
    style = models.ForeignKey(Subject, models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Scene {self.number}"


class PanelQuerySet(models.QuerySet["Panel"]):
    def on_board(self) -> PanelQuerySet:
        """In reading order, without what was deleted."""
        return self.filter(deleted=None, scene__deleted=None).order_by("scene__position", "scene_id", "position", "pk")

    def with_cast(self) -> PanelQuerySet:
        appearances = Appearance.objects.select_related("subject", "outfit").order_by("position", "pk")
        return self.prefetch_related(models.Prefetch("appearances", appearances))

    def with_picture(self) -> PanelQuerySet:
        """The picked take with its image and renditions, and `take_count`."""
        return (
            self.select_related("scene", "picked__image")
            .prefetch_related("picked__image__renditions")
            .annotate(take_count=models.Count("takes"))
        )


class Panel(models.Model):
    """One frame of the board: what is seen, said and heard, and for how long."""

    class State(models.TextChoices):
        """Where it stands with those who decide; drawing and failed come from its jobs."""

        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        CHANGES = "changes", "Changes asked"
        APPROVED = "approved", "Approved"

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="panels")
    code = models.CharField(max_length=16, unique=True, default=code)
    label = models.CharField(max_length=12)  # 1A, 1B … or the user's own
    shot_size = models.CharField(max_length=40, blank=True, default="MS")
    angle = models.CharField(max_length=40, blank=True, default="eye")
    framing = models.CharField(max_length=40, blank=True)
    lens = models.CharField(max_length=40, blank=True, default="35 mm")
    movement = models.CharField(max_length=40, blank=True)
    action = models.TextField(blank=True, max_length=5000)
    dialogue = models.TextField(blank=True, max_length=5000)
    sound = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True, max_length=5000)
    seconds = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal("2.0"))
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    tier = models.CharField(max_length=12, blank=True)  # empty: the project's
    picked = models.ForeignKey("Take", models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(auto_now=True)
    deleted = models.DateTimeField(null=True, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Panel {self.label}"


class Appearance(models.Model):
    """Somebody or something in a panel: who, in which clothes, where in the frame, doing what."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="appearances")
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="appearances")
    outfit = models.ForeignKey(Outfit, models.SET_NULL, null=True, blank=True, related_name="+")
    where = models.CharField(max_length=60, blank=True)  # left, right, foreground … or own words
    doing = models.CharField(max_length=200, blank=True)
    held_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="holds")
    view = models.CharField(max_length=20, blank=True, default="")  # by hand; empty: derived from the shot
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "subject"], name="once_in_a_panel")]


class TakeQuerySet(models.QuerySet["Take"]):
    def with_picture(self) -> TakeQuerySet:
        return self.select_related("image", "drawn_by").prefetch_related("image__renditions")


class Take(models.Model):
    """One drawn picture of a panel, with everything it was made from. How it was made is plain fields: the board knows no jobs."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="takes")
    code = models.CharField(max_length=16, unique=True, default=code)
    number = models.PositiveIntegerField()
    job_key = models.UUIDField(unique=True)  # a job makes one take, however often it is run
    image = models.ForeignKey(Image, models.PROTECT, related_name="takes")
    engine = models.CharField(max_length=20)
    model = models.CharField(max_length=60)
    size = models.CharField(max_length=8, blank=True)
    aspect = models.CharField(max_length=8, blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    prompt = models.TextField(blank=True)
    template_version = models.CharField(max_length=8, blank=True)
    plan = models.JSONField(
        default=dict, blank=True
    )  # references in order with hashes and reasons, and what stayed out
    parameters = models.JSONField(default=dict, blank=True)
    versions = models.JSONField(
        default=dict, blank=True
    )  # subject code -> number of the locked version; 0: an unlocked draft
    test_shot = models.BooleanField(default=False)  # drawn from an unlocked draft
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)  # US dollars; None: not known
    seconds = models.FloatField(default=0)  # from start to picture
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = TakeQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="one_take_a_number")]

    def __str__(self) -> str:
        return f"Take {self.number}"


class StillFine(models.Model):
    """Somebody said that a take may stay, though what it was drawn from is not the same any more.

    `against` is the fingerprint of what has changed: when more changes, it is asked again.
    """

    take = models.ForeignKey(Take, models.CASCADE, related_name="still_fine")
    against = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take", "against"], name="fine_once")]


class MeantSo(models.Model):
    """A break in a scene's continuity that is meant. Withdrawing keeps the row; `key` names the break with both its sides."""

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="meant_so")
    key = models.CharField(max_length=64)
    said = models.CharField(max_length=300)  # the break in words, as it was seen
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scene", "key"], condition=models.Q(withdrawn=None), name="meant_once")
        ]


def appearance_key(appearance: Any) -> str:
    """How a cast member is named in a layout and a reference plan: `character-x2k…`."""
    return f"{appearance.subject.kind}-{appearance.subject.code}"
