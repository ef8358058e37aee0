"""Forms of second steps: a code, a passkey's answer, proving once more who one is."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django import forms

from studio.accounts import limits, second_step
from studio.accounts.actions import Refused
from studio.accounts.events import record
from studio.accounts.models import User
from studio.forms.fields import Line

CODE_SECONDS = 90  # as long as a code of an app may be taken
LIMIT = "second_step"


class CodeForm(forms.Form):
    """A code of the app or a recovery code. Counted by person in the database; each code of the app works once."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput({"class": "input figures", "autocomplete": "one-time-code", "maxlength": 40}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.authenticator: Authenticator | None = None

    def clean_code(self) -> str:
        request, key, code = context.request, f"user:{self.user.pk}", self.cleaned_data["code"]
        if not limits.allowed(request, LIMIT, key):
            raise forms.ValidationError(f"Too many tries. {limits.left(request, LIMIT, key)}", "too_many")
        self.authenticator = second_step.whose_code(self.user, code)
        if self.authenticator is None or not limits.once(f"code:{self.user.pk}:{code.strip()}", CODE_SECONDS):
            self.authenticator = None
            record(verb="user.refused", team=None, actor=self.user, about="user", code=str(self.user.pk), how="code")
            raise forms.ValidationError("This code does not fit, or it has been used. Wait for the next one.")
        limits.forget(request, LIMIT, key)
        return str(code)

    def save(self) -> None:
        post_authentication(context.request, self.authenticator)


class Answer(forms.JSONField):
    """What a browser says for a passkey: JSON, and not so deep that reading it fails."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None


class PasskeyStepForm(forms.Form):
    """A passkey as the second step."""

    credential = Answer(widget=forms.HiddenInput, error_messages={"required": "No passkey has answered."})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Authenticator:
        try:
            return second_step.whose_passkey(self.cleaned_data["credential"], self.user)
        except Refused as refusal:
            record(verb="user.refused", team=None, actor=self.user, about="user", code=str(self.user.pk), how="passkey")
            raise forms.ValidationError(str(refusal)) from refusal

    def save(self) -> None:
        post_authentication(context.request, self.cleaned_data["credential"])


class PasskeyForm(forms.Form):
    """A new passkey with its name."""

    name = Line(
        max_length=60,
        label="Name",
        error_messages={"required": "Give it a name, to know it by later."},
        widget=forms.TextInput({"class": "input", "maxlength": 60, "autocomplete": "off"}),
    )
    credential = Answer(
        widget=forms.HiddenInput,
        error_messages={"required": "The browser made no passkey.", "invalid": "The passkey could not be read."},
    )


class PasskeyNameForm(forms.Form):
    name = Line(max_length=60, error_messages={"required": "A passkey needs a name."})


class ProveForm(forms.Form):
    """Who one is, once more: the password, else a code of the app."""

    proof = forms.CharField(max_length=200, strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        with_password = user.has_usable_password()
        self.fields["proof"].label = "Password" if with_password else "Code"
        self.fields["proof"].widget = (
            forms.PasswordInput({"class": "input", "autocomplete": "current-password", "maxlength": 200})
            if with_password
            else forms.TextInput({"class": "input figures", "autocomplete": "one-time-code", "maxlength": 40})
        )

    def clean_proof(self) -> str:
        proof, user = self.cleaned_data["proof"], self.user
        fits = user.check_password(proof) if user.has_usable_password() else second_step.whose_code(user, proof)
        if not fits:
            record(verb="user.refused", team=None, actor=user, about="user", code=str(user.pk), how="proving")
            raise forms.ValidationError("This is not right.")
        return ""
