"""Forms of the money: which rows of the ledger, a limit, what the bill says."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from studio.forms.fields import Line
from studio.generation.ledger import BY, OUTCOMES, Wanted
from studio.generation.models import Tier

DOLLARS = {"class": "input", "inputmode": "decimal", "autocomplete": "off"}


class SpendForm(forms.Form):
    """What the address asks for. Whatever cannot be is left out, so that every address shows something."""

    month = forms.CharField(required=False, max_length=7)
    by = forms.ChoiceField(required=False, choices=list(BY.items()))
    outcome = forms.ChoiceField(required=False, choices=[(key, words) for key, (words, _) in OUTCOMES.items()])
    project = forms.RegexField(r"^[a-z0-9]+$", required=False, max_length=16)
    account = forms.RegexField(r"^[a-z0-9]+$", required=False, max_length=16)
    tier = forms.ChoiceField(required=False, choices=Tier)
    person = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def read(self) -> dict[str, Any]:
        """The values that can be, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name not in self.errors}

    def wanted(self) -> Wanted:
        given = self.read()
        return Wanted(**{name: given[name] for name in ("outcome", "project", "account", "tier", "person") if name in given})  # fmt: skip


class SettleForm(forms.Form):
    """Whether an attempt was paid, how much, and why somebody says so."""

    paid = forms.ChoiceField(
        choices=[("yes", "Charged"), ("no", "Not charged")],
        error_messages={"required": "Say whether the bill has it.", "invalid_choice": "Say whether the bill has it."},
    )
    amount = forms.DecimalField(
        required=False, min_value=Decimal(0), max_digits=10, decimal_places=6, localize=False, label="Amount in US dollars",
        widget=forms.TextInput(DOLLARS),
        error_messages={"invalid": "A number of dollars, like 0.17.", "max_decimal_places": "At most six decimals."},
    )  # fmt: skip
    why = Line(
        max_length=200, label="Why",
        widget=forms.TextInput({"class": "input", "maxlength": 200, "autocomplete": "off", "aria-describedby": "why-hint"}),
        error_messages={"required": "Say why: what the bill shows, or who said so."},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("paid") == "yes" and "amount" in data and not data["amount"]:
            self.add_error("amount", "How much does the bill say?")
        return data

    @property
    def dollars(self) -> Decimal:
        """What to settle with, once valid: 0 where it was not charged."""
        return self.cleaned_data["amount"] if self.cleaned_data["paid"] == "yes" else Decimal(0)


class LimitsForm(forms.Form):
    """The team's month and each project's limit. Empty is no limit. `asked()` names those that were sent."""

    def __init__(self, *args: Any, team: Any, projects: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = list(projects)
        self.fields["team"] = _limit("The team, each month", team.monthly_cap)
        for project in self.projects:
            self.fields[f"project-{project.code}"] = _limit(project.title, project.cap)

    def asked(self) -> dict[str, Decimal | None]:
        """The limits of this form that came with the request, by field name."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


def _limit(label: str, now: Decimal | None) -> forms.DecimalField:
    return forms.DecimalField(
        required=False, min_value=Decimal(0), max_value=Decimal(1_000_000), max_digits=9, decimal_places=2, localize=False,
        label=label, initial=now, widget=forms.TextInput({**DOLLARS, "placeholder": "no limit"}),
        error_messages={
            "invalid": "A number of dollars, like 150 or 20.50.", "min_value": "A limit is $0 or more.",
            "max_decimal_places": "At most two decimals.",
        },
    )  # fmt: skip
