"""Why a picture was turned down or sent back: one list for the consistency page and for reviewers."""

from __future__ import annotations

from django.db.models import TextChoices


class Reason(TextChoices):
    MARKER = "marker", "A marker"
    COMPOSITION = "composition", "Composition"
    LIGHT = "light", "Light"
    ANATOMY = "anatomy", "Anatomy"
    TEXT = "text", "Text or lettering"
    OTHER = "other", "Something else"
