"""What somebody asks for when they ask for pictures."""

from __future__ import annotations

from typing import Any

from django import forms

TAKES = (1, 2, 4)
SIZES = {"1K": "1K", "2K": "2K"}


class DrawForm(forms.Form):
    """Takes of each panel, the size, and the key that makes a double click one batch."""

    key = forms.UUIDField()
    takes = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in (1, 2, 3, 4)], coerce=int, empty_value="", required=False
    )
    size = forms.ChoiceField(choices=list(SIZES.items()), required=False)

    def clean_takes(self) -> int:
        return self.cleaned_data["takes"] or 1

    def clean_size(self) -> str:
        return self.cleaned_data["size"] or "1K"


class EstimateForm(forms.Form):
    """Which panels: a scene, a selection, or all that have no picture; how many takes of each."""

    scene = forms.SlugField(required=False)
    panels = forms.CharField(required=False, max_length=20_000)
    missing = forms.BooleanField(required=False)
    only_missing = forms.BooleanField(required=False)
    takes = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in (1, 2, 3, 4)], coerce=int, empty_value="", required=False
    )
    size = forms.ChoiceField(choices=list(SIZES.items()), required=False)

    def clean_takes(self) -> int:
        return self.cleaned_data["takes"] or 1

    def clean_size(self) -> str:
        return self.cleaned_data["size"] or "1K"

    def codes(self) -> list[str]:
        return [code for code in self.cleaned_data["panels"].split(",") if code]

    def asked(self) -> dict[str, Any]:
        """What goes back into the form's hidden fields and the links."""
        data = self.cleaned_data
        return {"scene": data["scene"], "panels": data["panels"], "missing": data["missing"]}
