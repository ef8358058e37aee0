"""References that are drawn: the bench each side is drawn on, and what people decided about what came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from studio.board.models import Panel, Project, Take
from studio.lib.codes import code
from studio.library.models import ReferenceSet, View


class Bench(models.Model):
    """One side of a reference set that is drawn. Its panel belongs to the team's workshop, a project that no list shows, so that
    its pictures are asked for, paid and recovered like any other. Its takes are proposals: none is a reference by itself."""

    reference_set = models.ForeignKey(ReferenceSet, models.CASCADE, related_name="benches")
    view = models.CharField(max_length=20, choices=View)
    detail = models.CharField(max_length=60, blank=True)
    panel = models.OneToOneField(Panel, models.CASCADE, related_name="bench")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reference_set", "view", "detail"], name="one_bench_a_side")]


class Ruling(models.Model):
    """What was decided about a proposal. Rows are only added: the one before gets a time in `replaced`."""

    take = models.ForeignKey(Take, models.CASCADE, related_name="rulings")
    accepted = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    replaced = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["take"], condition=models.Q(replaced=None), name="one_ruling_stands")
        ]


class Origin(models.Model):
    """Where a reference came from: the take whose picture it is. By the reference's code, which outlives removing and undoing."""

    reference = models.CharField(max_length=16, unique=True)  # its code
    reference_set = models.ForeignKey(ReferenceSet, models.CASCADE, related_name="+")
    take = models.ForeignKey(Take, models.CASCADE, related_name="origins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Campaign(models.Model):
    """A grid of panels: places and styles down, subjects in their outfits across. `key` makes a double click one grid."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="campaigns")
    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True)  # from the form
    title = models.CharField(max_length=120)
    columns = models.JSONField(default=list)  # [name]
    rows = models.JSONField(default=list)  # [{name, scene, panels: [codes, one a column]}]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    @property
    def panels(self) -> list[str]:
        """Codes of its panels, those that were deleted since among them."""
        return [code for row in self.rows for code in row["panels"]]
