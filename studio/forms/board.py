"""What the board takes from a form: cleaned, limited, refused in plain sentences. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from studio.accounts.models import Team
from studio.board import vocabulary
from studio.board.models import Appearance, Panel, Project, Scene
from studio.forms.fields import Line
from studio.generation.tiers import QUALITIES
from studio.lib import text
from studio.library.models import Kind, Outfit, Subject, View

TEXT = {"action": 5000, "dialogue": 5000, "sound": 500, "notes": 5000, "label": 12}
WORDS = ("shot_size", "angle", "framing", "lens", "movement")
FIELDS = (*TEXT, *WORDS, "seconds", "tier")
SHORTEST, LONGEST = Decimal("0.1"), Decimal("600")


def clean_seconds(value: str) -> Decimal:
    """0.1 to 600, with a point or a comma; rounded to a tenth. Raises ValidationError."""
    given = value.strip().removesuffix("s").strip().replace(",", ".")
    if not re.fullmatch(r"-?(\d{1,4}(\.\d{1,6})?|\.\d{1,6})", given, re.ASCII):
        raise ValidationError("Seconds are a number such as 2.5.")
    seconds = Decimal(given).quantize(Decimal("0.1"))
    if not SHORTEST <= seconds <= LONGEST:
        raise ValidationError("Seconds go from 0.1 to 600.")
    return seconds


def clean_field(project: Project, panel: Panel, field: str, value: str) -> Any:
    """The value to store for one field of a panel. Raises ValidationError with a sentence."""
    if field == "seconds":
        return clean_seconds(value)
    if field in TEXT:
        given = text.line(value) if field in ("label", "sound") else text.plain(value)
        limit = TEXT[field]
        if len(given) > limit:
            raise ValidationError(f"{len(given):,} characters; {limit:,} is the most. Nothing was saved yet.")
        if field == "label" and not given:
            raise ValidationError("A panel needs a label, such as 2B.")
        return given
    if field == "tier":
        return clean_tier(value)
    if field in WORDS:
        return _word(project, field, value, getattr(panel, field))
    raise ValidationError("A panel has no such field.")


def clean_tier(value: str) -> str:
    """A quality, or nothing for the project's. Raises ValidationError."""
    if value and value not in QUALITIES:
        raise ValidationError("Choose one of the qualities on the list.")
    return value


def as_shown(panel: Panel, field: str) -> str:
    """How a field's value stands in its control, to compare with what was there when it was opened."""
    return str(getattr(panel, field))


def _word(project: Project, kind: str, value: str, current: str = "") -> str:
    if value and value not in {word.code for word in vocabulary.choices(kind, project, current)}:
        raise ValidationError("Choose one of the list, or add your own word to the project.")
    return value


class OwnWordForm(forms.Form):
    """A word that the project adds to one of its lists."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in sorted(vocabulary.OWN_WORDS)])
    word = Line(max_length=40, error_messages={"required": "Type the word to add."})


class SceneForm(forms.ModelForm):
    """A scene's heading, light, location set and style set."""

    number = Line(max_length=8, error_messages={"required": "A scene needs a number, such as 2."})
    place = Line(max_length=120, required=False)
    light = Line(max_length=200, required=False, label="Light and weather")
    own_time = Line(max_length=40, required=False)  # a time of day that joins the project's list

    class Meta:
        model = Scene
        fields = ("number", "int_ext", "place", "time_of_day", "light", "location", "style")

    def __init__(self, data: Any = None, *, project: Project, instance: Scene | None = None, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.project = project
        self.fields["int_ext"] = _choice("int_ext", project, instance.int_ext if instance else "")
        self.fields["time_of_day"] = _choice("time_of_day", project, instance.time_of_day if instance else "")
        for name, kind, none in (("location", Kind.LOCATION, "No location set"), ("style", Kind.STYLE, "No style set")):
            sets = Subject.objects.for_team(project.team).of_kind(kind).order_by("name")
            self.fields[name] = forms.ModelChoiceField(sets, required=False, empty_label=none)
            if instance:
                self.initial[name] = getattr(instance, f"{name}_id")

    def clean_number(self) -> str:
        number = self.cleaned_data["number"]
        same = Scene.objects.filter(project=self.project, deleted=None, number__iexact=number)
        if same.exclude(pk=self.instance.pk or 0).exists():
            raise ValidationError(f"There is already a scene {number}. Choose another number.")
        return number


def clean_scene_field(project: Project, scene: Scene, field: str, value: str) -> Any:
    """The value to store for one field of a scene; for `own_time` the word. Raises ValidationError with a sentence."""
    fields = SceneForm(project=project, instance=scene).fields
    if field not in fields:
        raise ValidationError("A scene has no such field.")
    cleaned = fields[field].clean(value)
    if field == "own_time" and not cleaned:
        raise ValidationError("Type the word to add.")
    return cleaned


class CastForm(forms.Form):
    """Where somebody is, in which outfit, doing what, held by whom, seen from which side."""

    outfit = forms.ModelChoiceField(Outfit.objects.none(), required=False, empty_label="As in the references")
    where = Line(max_length=60, required=False)
    doing = Line(max_length=200, required=False)
    held_by = forms.ModelChoiceField(Appearance.objects.none(), required=False, empty_label="Nobody holds it")
    view = forms.ChoiceField(required=False, choices=[("", "As the shot shows it"), *View.choices])

    def __init__(self, data: Any = None, *, appearance: Appearance, **kwargs: Any) -> None:
        names = ("outfit", "where", "doing", "held_by", "view")
        super().__init__(data, initial={name: getattr(appearance, name) for name in names}, **kwargs)
        self.fields["outfit"].queryset = appearance.subject.outfits.filter(deleted=None)  # type: ignore[attr-defined]
        holders = Appearance.objects.filter(panel=appearance.panel_id, subject__kind=Kind.CHARACTER)
        self.fields["held_by"].queryset = holders.exclude(pk=appearance.pk).select_related("subject")  # type: ignore[attr-defined]
        self.fields["held_by"].label_from_instance = lambda row: row.subject.name  # type: ignore[attr-defined]
        if appearance.subject.kind != Kind.CHARACTER:
            del self.fields["outfit"]
        if appearance.subject.kind != Kind.PRODUCT:
            del self.fields["held_by"]


class BulkForm(forms.Form):
    """The same for many panels. What is left empty stays as it is in each."""

    seconds = forms.CharField(required=False, max_length=12)
    scene = forms.ModelChoiceField(Scene.objects.none(), required=False, empty_label="Leave where they are")
    add = forms.ModelChoiceField(Subject.objects.none(), required=False, empty_label="Nobody")
    remove = forms.ModelChoiceField(Subject.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, data: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for kind in WORDS:
            self.fields[kind] = _choice(kind, project, empty="Leave as it is")
        self.fields["tier"] = forms.ChoiceField(
            label="Quality", required=False, choices=[("", "Leave as it is"), *QUALITIES.items()]
        )
        self.order_fields([*WORDS, "seconds", "tier", "scene", "add", "remove"])
        self.fields["scene"].queryset = project.scenes.filter(deleted=None)  # type: ignore[attr-defined]
        self.fields["add"].queryset = people_and_products(project.team)  # type: ignore[attr-defined]
        self.fields["remove"].queryset = Subject.objects.filter(  # type: ignore[attr-defined]
            appearances__panel__scene__project=project
        ).distinct()

    def clean_seconds(self) -> Decimal | None:
        value = self.cleaned_data["seconds"]
        return clean_seconds(value) if value.strip() else None

    def changes(self) -> dict[str, Any]:
        """The fields to write: only those that were chosen."""
        chosen = {name: self.cleaned_data[name] for name in (*WORDS, "seconds", "tier")}
        return {name: value for name, value in chosen.items() if value not in ("", None)}


def people_and_products(team: Team) -> Any:
    """Who and what can be in a panel: characters first."""
    return Subject.objects.for_team(team).filter(kind__in=(Kind.CHARACTER, Kind.PRODUCT)).order_by("kind", "name")


def _choice(kind: str, project: Project, current: str = "", empty: str = "Not said") -> forms.ChoiceField:
    words = [(word.code, word.label) for word in vocabulary.choices(kind, project, current)]
    return forms.ChoiceField(choices=[("", empty), *words], required=False)


def given(data: Mapping[str, str]) -> str:
    """The one field of a panel that an autosave brings: named by `field`, or the only one there is. "" for none or several."""
    if data.get("field"):
        return data["field"] if data["field"] in FIELDS else ""
    names = [name for name in FIELDS if name in data]
    return names[0] if len(names) == 1 else ""
