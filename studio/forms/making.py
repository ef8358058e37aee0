"""What somebody asks for when they ask for references to be drawn, or decide about what came."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from studio.board import vocabulary
from studio.generation.tiers import QUALITIES
from studio.library.models import View


class SideForm(forms.Form):
    """One side, the price its button had, and the key that makes a double click one picture."""

    key = forms.UUIDField()
    view = forms.ChoiceField(choices=View.choices)
    detail = forms.CharField(required=False, max_length=60)
    price = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)

    def clean_price(self) -> Decimal:
        return self.cleaned_data["price"] or Decimal(0)


class SidesForm(forms.Form):
    """Several sides: which, in which quality, how many pictures of each; and once it is sent, what the estimate said."""

    asked = forms.BooleanField(required=False)  # the form was shown: no view ticked means none
    views = forms.MultipleChoiceField(choices=View.choices, required=False)
    detail = forms.CharField(required=False, max_length=60)  # one more detail, by name
    quality = forms.ChoiceField(choices=[*QUALITIES.items()], required=False)
    takes = forms.TypedChoiceField(choices=[(n, str(n)) for n in (1, 2, 4)], coerce=int, empty_value="", required=False)
    key = forms.UUIDField(required=False)
    amount = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)
    most = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def clean_takes(self) -> int:
        return self.cleaned_data["takes"] or 1

    def clean_amount(self) -> Decimal:
        return self.cleaned_data["amount"] or Decimal(0)


class RulingForm(forms.Form):
    """The view that a proposal shows, where somebody says another one than was asked for."""

    view = forms.ChoiceField(choices=[("", ""), *View.choices], required=False)
    detail = forms.CharField(required=False, max_length=60)


class LendForm(forms.Form):
    """A set of the team, by its code, and what the take shows of it."""

    to = forms.SlugField(max_length=20)
    view = forms.ChoiceField(choices=[("", ""), *View.choices], required=False)
    detail = forms.CharField(required=False, max_length=60)


class PassForm(forms.Form):
    """The take that the pass is drawn upon (by number; none: the first pass), who comes in, and once sent, the price that was shown."""

    asked = forms.BooleanField(required=False)
    base = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    add = forms.CharField(required=False, max_length=2000)
    quality = forms.ChoiceField(choices=[*QUALITIES.items()], required=False)
    key = forms.UUIDField(required=False)
    price = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)

    def clean_price(self) -> Decimal:
        return self.cleaned_data["price"] or Decimal(0)


class RestyleForm(forms.Form):
    """A style, the panels (a scene, a selection, else all), a quality; and once sent, what the estimate said."""

    style = forms.SlugField(required=False, max_length=20)
    scene = forms.SlugField(required=False)
    panels = forms.CharField(required=False, max_length=20_000)
    quality = forms.ChoiceField(choices=[*QUALITIES.items()], required=False)
    key = forms.UUIDField(required=False)
    amount = forms.DecimalField(required=False, min_value=0, max_digits=20, decimal_places=10)
    most = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def clean_amount(self) -> Decimal:
        return self.cleaned_data["amount"] or Decimal(0)

    def codes(self) -> list[str]:
        return [code for code in self.cleaned_data["panels"].split(",") if code]


class CampaignForm(forms.Form):
    """Places, styles, subjects and outfits are read beside it: lists of codes. What each panel says is the same for all."""

    key = forms.UUIDField()
    title = forms.CharField(required=False, max_length=120)
    shot_size = forms.ChoiceField(
        choices=[(one.code, one.label) for one in vocabulary.choices("shot_size")], required=False
    )
    action = forms.CharField(required=False, max_length=500)
