"""What people type into the library: cleaned, counted, refused with a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from studio.lib import text
from studio.library import kinds
from studio.library.models import Category, Subject, View, hex_colour

SWATCHES = 4  # colours an outfit page offers


class PlainField(forms.CharField):
    """Text without control characters. `lines` keeps line breaks. Says how much is too much."""

    def __init__(self, *, most: int, lines: bool = False, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.most = most
        self.lines = lines

    def to_python(self, value: Any) -> str:
        given = super().to_python(value) or ""
        return text.plain(given) if self.lines else text.line(given)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(f"{len(value):,} characters; {self.most:,} are the most. Nothing was saved.")


class ColourField(forms.CharField):
    """A colour as #rrggbb, or empty: from a colour control and the box that switches it on (`<name>_on`)."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            hex_colour(value)


class SubjectForm(forms.Form):
    name = PlainField(most=80, error_messages={"required": "Give it a name."})
    species = forms.ChoiceField(choices=Subject.Species.choices, required=False)


class NewSubjectForm(SubjectForm):
    bible = PlainField(most=6000, lines=True, required=False)


class BibleForm(forms.Form):
    bible = PlainField(most=6000, lines=True, required=False)


class MarkerForm(forms.Form):
    phrase = PlainField(most=120, error_messages={"required": "Say it in a few words."})
    category = forms.ChoiceField(choices=Category.choices, error_messages={"invalid_choice": "Choose a category."})
    colour = ColourField(required=False)
    colour_on = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.pop("colour_on", False):
            cleaned["colour"] = ""
        return cleaned


class OutfitForm(forms.Form):
    name = PlainField(most=80, error_messages={"required": "Give it a name."})
    description = PlainField(most=1000, lines=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, SWATCHES + 1):
            self.fields[f"colour{number}"] = ColourField(required=False)
            self.fields[f"colour{number}_on"] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        slots = [(cleaned.pop(f"colour{n}_on", False), cleaned.pop(f"colour{n}", "")) for n in range(1, SWATCHES + 1)]
        cleaned["colours"] = [colour for on, colour in slots if on and colour]
        return cleaned


class ReferenceForm(forms.Form):
    view = forms.ChoiceField(
        choices=[("", "Not said yet"), *View.choices],
        required=False,
        error_messages={"invalid_choice": "No such view."},
    )
    detail = PlainField(most=60, required=False)
    note = PlainField(most=200, required=False)


def first_error(form: forms.Form) -> str:
    """The first sentence that is wrong, for beside the control."""
    return str(next(iter(form.errors.values()))[0])


def categories_for(kind: str) -> list[tuple[str, str]]:
    """A kind's own categories first, then the others."""
    own = kinds.BY_KIND[kind].categories
    return sorted(Category.choices, key=lambda choice: own.index(choice[0]) if choice[0] in own else len(own))
