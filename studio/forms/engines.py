"""Forms of accounts at engines and of what the tiers draw with."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.forms.fields import Line
from studio.generation.actions.accounts import LONGEST_KEY, MOST_A_MINUTE, MOST_AT_ONCE
from studio.generation.engines import USUAL
from studio.generation.models import EngineAccount, Tier
from studio.providers import addresses

MOST_A_MONTH = 1_000_000
NUMBER = ("required", "invalid", "min_value", "max_value")
OFF = {"class": "input", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class Key(forms.CharField):
    """A service's key: typed, never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput({**OFF, "autocomplete": "new-password", "maxlength": LONGEST_KEY})
        kwargs.setdefault("error_messages", {"required": "Enter the key that the service gave you."})
        super().__init__(max_length=LONGEST_KEY, widget=widget, **kwargs)


class Address(forms.CharField):
    """A base URL. What may stand in it is judged by `providers.addresses`, in the verb too."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({**OFF, "inputmode": "url", "maxlength": addresses.LONGEST})
        super().__init__(label="Base URL", max_length=addresses.LONGEST, widget=widget, **kwargs)


class Cap(forms.DecimalField):
    """US dollars a month; empty is no limit."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput({"class": "input figures", "inputmode": "decimal", "step": "0.01"})
        said = f"Write US dollars from 0 to {MOST_A_MONTH:,}, with two decimals at most, or nothing for no limit."
        codes = ("invalid", "min_value", "max_value", "max_decimal_places")
        super().__init__(
            required=False, min_value=0, max_value=MOST_A_MONTH, decimal_places=2, widget=widget,
            error_messages=dict.fromkeys(codes, said), **kwargs,
        )  # fmt: skip


class NewAccountForm(forms.Form):
    """An account to add. Without a base URL it is the service's own."""

    engine = forms.ChoiceField(
        choices=EngineAccount.Engine.choices,
        initial=EngineAccount.Engine.RUNWARE,
        widget=forms.Select({"class": "input"}),
        error_messages={"invalid_choice": "Choose one of the engines.", "required": "Choose one of the engines."},
    )
    label = Line(
        label="Name",
        max_length=60,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    key = Key()
    base_url = Address(required=False)

    def clean(self) -> dict[str, Any]:
        typed, engine = self.cleaned_data.get("base_url"), self.cleaned_data.get("engine", "")
        if typed:
            _checked(self, "base_url", lambda: addresses.base_url(typed, engine))
        return self.cleaned_data

    def usual(self) -> list[tuple[str, str]]:
        """What each engine's address is where none is typed: (name, address)."""
        return [(usual.name, usual.base) for usual in USUAL.values()]


class AccountForm(forms.Form):
    """What can be changed of an account. `key` is only asked for where another host would get it."""

    label = Line(
        label="Name",
        max_length=60,
        error_messages={"required": "An account needs a name."},
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    base_url = Address(error_messages={"required": "An account needs an address."})
    key = Key(required=False, label="Key, again")
    result_hosts = forms.CharField(
        label="Result hosts", required=False, max_length=addresses.HOSTS_LONGEST, widget=forms.TextInput(OFF)
    )
    concurrency = forms.IntegerField(
        label="At once",
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages=dict.fromkeys(NUMBER, f"Between 1 and {MOST_AT_ONCE} pictures go at once."),
        widget=forms.NumberInput({"class": "input figures", "inputmode": "numeric"}),
    )
    per_minute = forms.IntegerField(
        label="A minute",
        required=False,
        min_value=1,
        max_value=MOST_A_MINUTE,
        error_messages=dict.fromkeys(
            NUMBER, f"Between 1 and {MOST_A_MINUTE:,} calls a minute, or nothing for no limit."
        ),
        widget=forms.NumberInput({"class": "input figures", "inputmode": "numeric"}),
    )
    monthly_cap = Cap(label="A month, $")

    def __init__(self, *args: Any, account: EngineAccount, environment: bool, **kwargs: Any) -> None:
        names = ("label", "base_url", "result_hosts", "concurrency", "per_minute", "monthly_cap")
        kwargs["initial"] = {name: getattr(account, name) for name in names}
        super().__init__(*args, **kwargs)
        self.account = account
        if environment:
            self.fields["base_url"].disabled = True  # what is posted for it is ignored
            del self.fields["key"]

    def clean(self) -> dict[str, Any]:
        typed, hosts = self.cleaned_data.get("base_url"), self.cleaned_data.get("result_hosts", "")
        if typed:
            _checked(self, "base_url", lambda: addresses.base_url(typed, self.account.engine))
        _checked(self, "result_hosts", lambda: addresses.result_hosts(hosts))
        return self.cleaned_data


class KeyForm(forms.Form):
    key = Key(label="New key", error_messages={"required": "Enter the new key."})


class LimitForm(forms.Form):
    cap = Cap(label="A month, US dollars")


class CallbacksForm(forms.Form):
    """Empty: callbacks are not signed."""

    secret = forms.CharField(
        label="Signing key of callbacks",
        required=False,
        max_length=256,
        widget=forms.PasswordInput({**OFF, "autocomplete": "new-password", "maxlength": 256}),
    )


class TierAddForm(forms.Form):
    """`account` is an account's code, or "sketch" for the embedded engine."""

    tier = forms.ChoiceField(choices=Tier.choices)
    account = forms.CharField(max_length=16)


class PlaceForm(forms.Form):
    model = forms.CharField(max_length=60)
    size = forms.CharField(max_length=8, required=False)


def _checked(form: forms.Form, name: str, ask: Any) -> None:
    try:
        form.cleaned_data[name] = ask()
    except addresses.WrongAddress as wrong:
        form.add_error(name, str(wrong))
