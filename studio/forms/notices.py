"""Forms of being told: the ways, and webhooks."""

from __future__ import annotations

import uuid

from django import forms
from django.http import QueryDict

from studio.forms.fields import Line
from studio.notices.kinds import ASKABLE, Kind, Mail
from studio.notices.models import Hook


def ways(data: QueryDict) -> dict[str, tuple[bool, str]]:
    """What the form of ways says, kind by kind: (here, mail). Kinds whose mail makes no sense are left out."""
    return {
        kind: (f"here-{kind}" in data, str(data[f"mail-{kind}"]))
        for kind in Kind.values
        if data.get(f"mail-{kind}") in Mail.values
    }


class HookForm(forms.Form):
    name = Line(max_length=80, required=False, widget=forms.TextInput({"class": "input", "autocomplete": "off"}))
    address = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )
    shape = forms.ChoiceField(
        label="Form", choices=Hook.Shape.choices, initial=Hook.Shape.STANDARD, widget=forms.Select({"class": "input"})
    )
    kinds = forms.MultipleChoiceField(
        label="What is sent",
        choices=[(str(kind), kind.label) for kind in ASKABLE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
