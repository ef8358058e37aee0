"""What somebody asks for when they ask for pictures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from studio.generation.tiers import QUALITIES

TAKES = (1, 2, 4)
NAMED = "named"  # a model was asked for by name


class DrawForm(forms.Form):
    """Takes of one panel, the price the button had, and the key that makes a double click one batch."""

    key = forms.UUIDField()
    takes = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in (1, 2, 3, 4)], coerce=int, empty_value="", required=False
    )
    price = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)
    again = forms.BooleanField(required=False)  # it exists already, and another one is wanted

    def clean_takes(self) -> int:
        return self.cleaned_data["takes"] or 1

    def clean_price(self) -> Decimal:
        return self.cleaned_data["price"] or Decimal(0)


class AgainForm(forms.Form):
    """The price that a button had which asks for a lost picture once more."""

    price = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)

    def shown(self) -> Decimal | None:
        """None where it had none, or none that can be."""
        return self.cleaned_data.get("price") if self.is_valid() else None


class EstimateForm(forms.Form):
    """Which panels: a scene, a selection, or all that have no picture; in which quality, or by which model; how many takes."""

    scene = forms.SlugField(required=False)
    panels = forms.CharField(required=False, max_length=20_000)
    missing = forms.BooleanField(required=False)
    only_missing = forms.BooleanField(required=False)
    takes = forms.TypedChoiceField(
        choices=[(n, str(n)) for n in (1, 2, 3, 4)], coerce=int, empty_value="", required=False
    )
    quality = forms.ChoiceField(
        choices=[*QUALITIES.items(), (NAMED, "By name")], required=False
    )  # empty: each panel's own
    model = forms.CharField(required=False, max_length=120)
    size = forms.CharField(required=False, max_length=8)
    reuse = forms.BooleanField(required=False)

    def clean_takes(self) -> int:
        return self.cleaned_data["takes"] or 1

    def codes(self) -> list[str]:
        return [code for code in self.cleaned_data["panels"].split(",") if code]

    def asked(self) -> dict[str, Any]:
        """What goes back into the form's hidden fields and the links."""
        data = self.cleaned_data
        return {"scene": data["scene"], "panels": data["panels"], "missing": data["missing"]}


class StartForm(EstimateForm):
    """The estimate that was agreed to: what it said, and how many of its pictures."""

    key = forms.UUIDField()
    amount = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)
    most = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean_amount(self) -> Decimal:
        return self.cleaned_data["amount"] or Decimal(0)


class PromoteForm(forms.Form):
    """Which picks: a selection, or those of the whole board, approved ones only or all; and the price that was shown."""

    panels = forms.CharField(required=False, max_length=20_000)
    take = forms.SlugField(required=False)
    approved = forms.BooleanField(required=False)
    reuse = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False)
    amount = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)
    most = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean_amount(self) -> Decimal:
        return self.cleaned_data["amount"] or Decimal(0)

    def codes(self) -> list[str]:
        return [code for code in self.cleaned_data["panels"].split(",") if code]
