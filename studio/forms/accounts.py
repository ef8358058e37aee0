"""Forms of people: signing in, joining, inviting, a password of one's own, the team's name."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation

from studio.accounts.models import Membership, Team, User
from studio.accounts.rights import Role
from studio.forms.fields import Line

LONG = {"class": "input", "maxlength": 254}


class SignInForm(LoginForm):
    """allauth's form, so that its counts and second factors stay in force, with our words on the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["login"].widget = forms.EmailInput({**LONG, "autocomplete": "username", "required": True})
        self.fields["password"].widget = forms.PasswordInput(
            {"class": "input", "autocomplete": "current-password", "maxlength": 200, "required": True}
        )


class LinkForm(forms.Form):
    email = forms.EmailField(max_length=254, error_messages={"required": "Type your e-mail address first."})


class Password(forms.CharField):
    """A new password, checked against the validators with whoever it is for."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput({"class": "input", "autocomplete": "new-password", "maxlength": 200})
        super().__init__(max_length=200, strip=False, widget=widget, **kwargs)


class JoinForm(forms.Form):
    """Somebody new, by invitation. An invitation for an address fixes the address."""

    name = Line(max_length=80, widget=forms.TextInput({"class": "input", "autocomplete": "name"}))
    email = forms.EmailField(
        max_length=254, label="E-mail", widget=forms.EmailInput({"class": "input", "autocomplete": "username"})
    )
    password = Password()

    def __init__(self, *args: Any, address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if address:
            self.fields["email"].initial = address
            self.fields["email"].disabled = True  # what is posted for it is ignored

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        _check_password(self, User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")))
        return self.cleaned_data


class PasswordForm(forms.Form):
    """A first password, or another: then the present one is asked for, unless `by_link` has just proved who it is."""

    current = forms.CharField(
        label="Present password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"class": "input", "autocomplete": "current-password", "maxlength": 200}),
    )
    password = Password(label="New password")

    def __init__(self, *args: Any, user: User, by_link: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if by_link or not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError("This is not your present password.")
        return ""

    def clean(self) -> dict[str, Any]:
        _check_password(self, self.user)
        return self.cleaned_data


class InvitationForm(forms.Form):
    """With an address it is for that person; without one, for as many as `uses` says."""

    email = forms.EmailField(
        max_length=254,
        required=False,
        label="E-mail",
        widget=forms.EmailInput({"class": "input", "autocomplete": "off", "aria-describedby": "invite-email-hint"}),
    )
    role = forms.ChoiceField(choices=Role, initial=Role.ARTIST, widget=forms.Select({"class": "input"}))
    uses = forms.IntegerField(
        min_value=1,
        max_value=100,
        initial=1,
        label="People",
        widget=forms.NumberInput({"class": "input figures", "inputmode": "numeric"}),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role)


class HandOverForm(forms.Form):
    """To whom the team goes: any of its members but oneself."""

    to = forms.ModelChoiceField(
        Membership.objects.none(),
        label="New owner",
        empty_label=None,
        widget=forms.Select({"class": "input"}),
        error_messages={"required": "Choose somebody.", "invalid_choice": "This person is not in the team."},
    )

    def __init__(self, *args: Any, team: Team, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = Membership.objects.with_people(team).exclude(user=by).filter(user__is_active=True)
        field.label_from_instance = lambda member: (
            f"{member.user}, {member.get_role_display().lower()}, {member.user.email}"
        )


class TeamNameForm(forms.Form):
    name = Line(
        max_length=80, error_messages={"required": "A team needs a name."}, widget=forms.TextInput({"class": "input"})
    )


def _check_password(form: forms.Form, user: User) -> None:
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        password_validation.validate_password(password, user)
    except forms.ValidationError as error:
        form.add_error("password", error)
