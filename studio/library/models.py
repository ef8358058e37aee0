"""What has to stay the same: characters, products, locations and styles, their bibles, markers, outfits and reference sets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from studio.accounts.models import Team
from studio.lib.codes import code
from studio.media.models import Image

hex_colour = RegexValidator(r"^#[0-9a-f]{6}$", "A colour looks like #b4542b.")


class Kind(models.TextChoices):
    CHARACTER = "character", "Character"
    PRODUCT = "product", "Product"
    LOCATION = "location", "Location"
    STYLE = "style", "Style"


class View(models.TextChoices):
    """The side a reference picture shows."""

    FRONT = "front", "Front"
    THREE_QUARTER_LEFT = "three_quarter_left", "Three-quarter left"
    THREE_QUARTER_RIGHT = "three_quarter_right", "Three-quarter right"
    PROFILE_LEFT = "profile_left", "Left profile"
    PROFILE_RIGHT = "profile_right", "Right profile"
    BACK = "back", "Back"
    FULL_BODY = "full_body", "Full body"
    TOP = "top", "Top"
    BASE = "base", "Base"
    DETAIL = "detail", "Detail"


class Category(models.TextChoices):
    """What a marker belongs to."""

    FACE = "face", "Face"
    HAIR = "hair", "Hair"
    BODY = "body", "Body"
    MARK = "mark", "Mark"
    ITEM = "item", "Signature item"
    WARDROBE = "wardrobe", "Wardrobe"
    MATERIAL = "material", "Material"
    LOGO = "logo", "Logo"
    POSTURE = "posture", "Posture, expression"
    CAMERA = "camera", "Camera, grade"


class SubjectQuerySet(models.QuerySet["Subject"]):
    def for_team(self, team: Team) -> SubjectQuerySet:
        return self.filter(team=team, deleted=None)

    def of_kind(self, kind: str) -> SubjectQuerySet:
        return self.filter(kind=kind)

    def with_portrait(self) -> SubjectQuerySet:
        """Each with `versions` and its default set's pictures prefetched, renditions too: three queries, whatever the count."""
        references = (
            Reference.objects.filter(reference_set__outfit=None)
            .select_related("image")
            .prefetch_related("image__renditions")
        )
        return self.prefetch_related(
            "versions", models.Prefetch("reference_sets__references", references.order_by("position", "pk"))
        )


class Subject(models.Model):
    """Somebody or something that has to stay itself from panel to panel."""

    class Species(models.TextChoices):
        PERSON = "person", "Person"
        ANIMAL = "animal", "Animal"

    team = models.ForeignKey(Team, models.CASCADE, related_name="subjects")
    code = models.CharField(max_length=16, unique=True, default=code)
    kind = models.CharField(max_length=12, choices=Kind)
    species = models.CharField(max_length=8, choices=Species, blank=True, default="")  # characters only
    name = models.CharField(max_length=80)
    sample = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)
    deleted = models.DateTimeField(null=True, blank=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "kind", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def locked(self) -> SubjectVersion | None:
        """The newest locked version: what panels are drawn from. Uses a prefetch of `versions` where there is one."""
        return max((v for v in self.versions.all() if v.locked_at), key=lambda v: v.number, default=None)

    @property
    def draft(self) -> SubjectVersion | None:
        """The version being written, if any."""
        return next((v for v in self.versions.all() if not v.locked_at), None)

    @property
    def default_set(self) -> ReferenceSet:
        return next(s for s in self.reference_sets.all() if s.outfit_id is None)


class CharacterManager(models.Manager["Character"]):
    def get_queryset(self) -> models.QuerySet[Character]:
        return super().get_queryset().filter(kind=Kind.CHARACTER)


class Character(Subject):
    """A subject that is somebody: a person or an animal."""

    objects = CharacterManager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Kind.CHARACTER
        super().save(*args, **kwargs)


class Locked(Exception):
    """A locked version was about to be edited."""


class SubjectVersionQuerySet(models.QuerySet["SubjectVersion"]):
    def update(self, **values: Any) -> int:
        """Raises Locked where a locked version is among the rows."""
        if self.exclude(locked_at=None).exists():
            raise Locked
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(locked_at=None).exists():
            raise Locked
        return super().delete()


class MarkerQuerySet(models.QuerySet["Marker"]):
    def update(self, **values: Any) -> int:
        """Raises Locked where a marker of a locked version is among the rows."""
        if self.exclude(version__locked_at=None).exists():
            raise Locked
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(version__locked_at=None).exists():
            raise Locked
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        versions = {row.version_id for row in rows}
        if SubjectVersion.objects.filter(pk__in=versions).exclude(locked_at=None).exists():
            raise Locked
        return super().bulk_create(rows, *args, **kwargs)


class SubjectVersion(models.Model):
    """Bible and markers together. Once locked it is never edited; "Make v2" copies it."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    bible = models.TextField(blank=True, max_length=6000)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)
    pictures = models.JSONField(
        null=True, blank=True, default=None
    )  # its reference sets as they were locked, see library.pictures

    objects = SubjectVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["subject"], condition=models.Q(locked_at=None), name="one_draft_a_subject"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_locked(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_locked(self.pk)
        return super().delete(*args, **kwargs)


class Marker(models.Model):
    """One thing that identifies the subject and gets checked. `key` stays the same from version to version."""

    version = models.ForeignKey(SubjectVersion, models.CASCADE, related_name="markers")
    key = models.CharField(max_length=16, default=code)
    phrase = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category, default=Category.FACE)
    colour = models.CharField(max_length=7, blank=True, validators=[hex_colour])
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    objects = MarkerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_marker_a_key")]

    def __str__(self) -> str:
        return self.phrase

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_locked(self.version_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_locked(self.version_id)
        return super().delete(*args, **kwargs)


def _refuse_locked(version: int | None) -> None:
    if version and SubjectVersion.objects.filter(pk=version).exclude(locked_at=None).exists():
        raise Locked


class Outfit(models.Model):
    """Clothes of a character, kept apart from who they are."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="outfits")
    code = models.CharField(max_length=16, unique=True, default=code)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True, max_length=1000)  # what is worn, in words
    colours = models.JSONField(default=list, blank=True)  # "#rrggbb", outermost first
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    deleted = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ReferenceSet(models.Model):
    """Pictures that show one thing from its sides. A subject has a default set, and one for each outfit."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="reference_sets")
    outfit = models.OneToOneField(Outfit, models.CASCADE, null=True, blank=True, related_name="reference_set")
    code = models.CharField(max_length=16, unique=True, default=code)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_as = models.CharField(max_length=64, blank=True)  # fingerprint of the pictures that were approved
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=models.Q(outfit=None), name="one_default_set")
        ]


class Reference(models.Model):
    """One picture of a reference set, with the view it shows."""

    reference_set = models.ForeignKey(ReferenceSet, models.CASCADE, related_name="references")
    image = models.ForeignKey(Image, models.PROTECT, related_name="references")
    code = models.CharField(max_length=16, unique=True, default=code)
    sha256 = models.CharField(max_length=64)  # of the uploaded bytes: the same file twice is skipped
    view = models.CharField(max_length=20, choices=View, blank=True, default="")  # empty: nobody said yet
    detail = models.CharField(max_length=60, blank=True)  # what a detail shows
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["reference_set", "sha256"], name="one_reference_a_file")]


class Cut(models.Model):
    """A picture made from a reference, which stays as it is: a part of it, or itself before a plain background.

    Proposed until somebody takes it into the set or lays it aside; both keep the row, so that a picture's origin stays known.
    """

    class Way(models.TextChoices):
        CROP = "crop", "Cropped"
        PLAIN = "plain", "Plain background"

    code = models.CharField(max_length=16, unique=True, default=code)
    key = models.UUIDField(unique=True)  # of the form that asked: a double click makes one
    reference_set = models.ForeignKey(ReferenceSet, models.CASCADE, related_name="cuts")
    reference = models.ForeignKey(Reference, models.SET_NULL, null=True, related_name="cuts")
    source = models.ForeignKey(Image, models.PROTECT, related_name="+")
    image = models.ForeignKey(Image, models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    box = models.JSONField(default=list, blank=True)  # of a crop: left, top, width, height in thousandths of the source
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    accepted = models.DateTimeField(null=True, blank=True)
    discarded = models.DateTimeField(null=True, blank=True)
    made = models.ForeignKey(Reference, models.SET_NULL, null=True, blank=True, related_name="cut_from")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=None) | models.Q(discarded=None), name="a_cut_is_taken_or_laid_aside"
            )
        ]

    def __str__(self) -> str:
        return self.get_way_display()
