"""Forms of rounds: sending one, a link into one, the rules of a project."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils import timezone

from studio.accounts.models import Membership
from studio.accounts.rights import RIGHTS, Right
from studio.board.models import Project
from studio.forms.fields import Line
from studio.lib import text
from studio.review.actions.links import MAY, MOST_DAYS, default_day
from studio.review.models import ReviewRules, Rule

INPUT = {"class": "input"}
MOST_CLIENTS = 20
CLIENT = re.compile(r"^(?P<name>[^<>,;]*?)[\s,;<]*(?P<email>[^\s,;<>]+@[^\s,;<>]+)?>?\s*$")


class Options(forms.Form):
    """What a link allows, and for how long."""

    may_comment = forms.BooleanField(required=False, initial=True, label="May write notes")
    may_decide = forms.BooleanField(required=False, initial=True, label="May approve and ask for changes")
    may_compare = forms.BooleanField(required=False, initial=True, label="May compare with the version before")
    may_download = forms.BooleanField(required=False, label="May download the pictures")
    watermark = forms.BooleanField(required=False, label="The viewer's name across every picture")
    until = forms.DateField(
        required=False,
        label="Works until the end of",
        widget=forms.DateInput({**INPUT, "type": "date"}, format="%Y-%m-%d"),
    )
    views = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, label="Openings", widget=forms.NumberInput(INPUT)
    )
    password = forms.CharField(
        required=False, max_length=200, strip=False,
        widget=forms.TextInput({**INPUT, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": default_day(), "key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + dt.timedelta(days=MOST_DAYS)).isoformat(),
        }

    def clean_until(self) -> dt.date:
        day = self.cleaned_data["until"] or default_day()
        today = timezone.localdate()
        if not today <= day <= today + dt.timedelta(days=MOST_DAYS):
            raise forms.ValidationError("From today to a year from now.")
        return day  # type: ignore[no-any-return]

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean_password(self) -> str:
        given = self.cleaned_data["password"]
        if given and len(given) < 6:
            raise forms.ValidationError("At least 6 characters: it is all that keeps others out.")
        return given  # type: ignore[no-any-return]

    def options(self) -> dict[str, Any]:
        """What `make_link` takes, but for whom it is."""
        given = self.cleaned_data
        return {name: given[name] for name in (*MAY, "until", "views", "password")}


class LinkForm(Options):
    """One more link into a round."""

    name = Line(required=False, max_length=80, widget=forms.TextInput({**INPUT, "autocomplete": "off"}))
    email = forms.EmailField(
        required=False, max_length=254, label="E-mail", widget=forms.EmailInput({**INPUT, "autocomplete": "off"})
    )

    field_order = ["name", "email"]


class SendForm(Options):
    """The next version of a board: what to say, whom to ask, by which rule, and what the links allow."""

    message = forms.CharField(required=False, max_length=2000, widget=forms.Textarea({**INPUT, "rows": 3}))
    due = forms.DateField(required=False, widget=forms.DateInput({**INPUT, "type": "date"}, format="%Y-%m-%d"))
    rule = forms.ChoiceField(choices=Rule, widget=forms.Select(INPUT))
    needed = forms.IntegerField(min_value=1, max_value=99, required=False, widget=forms.NumberInput(INPUT))
    apart = forms.BooleanField(required=False, label="Who drew a picture may not be its only approver")
    people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Of the team")
    clients = forms.CharField(required=False, max_length=8000, widget=forms.Textarea({**INPUT, "rows": 3}))
    open_link = forms.BooleanField(required=False, label="Also an open link: whoever has it says their name")

    def __init__(self, *args: Any, project: Project, rules: ReviewRules, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "rule": rules.rule, "needed": rules.needed, "apart": rules.apart, **kwargs.get("initial", {})
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        may = [role for role, rights in RIGHTS.items() if Right.NOTE in rights]
        self.members = list(Membership.objects.with_people(project.team).filter(role__in=may))
        self.fields["people"].choices = [(str(row.user_id), str(row.user)) for row in self.members]  # type: ignore[attr-defined]
        self.fields["due"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due(self) -> dt.date | None:
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError("That day is over. Choose today or later.")
        return due  # type: ignore[no-any-return]

    def clean_clients(self) -> list[tuple[str, str]]:
        """(name, e-mail) of each line; either may be missing, not both."""
        found = []
        for n, said in enumerate(self.cleaned_data["clients"].splitlines(), 1):
            if not (said := text.line(said)):
                continue
            parts = CLIENT.match(said)
            name, email = (text.line(parts["name"]), parts["email"] or "") if parts else ("", "")
            if not name and not email:
                raise forms.ValidationError(
                    f"Line {n}: a name, an e-mail address, or both: Dana Okafor, dana@example.com"
                )
            if email:
                try:
                    validate_email(email)
                except forms.ValidationError:
                    raise forms.ValidationError(f"Line {n}: “{email[:60]}” is not an e-mail address.") from None
            found.append(((name or email.split("@")[0])[:80], email))
        if len(found) > MOST_CLIENTS:
            raise forms.ValidationError(
                f"{len(found)} people; {MOST_CLIENTS} is the most in one go. An open link is for many."
            )
        return list(dict.fromkeys(found))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("rule") == Rule.COUNT and "people" in given and "clients" in given:
            asked = len(given["people"]) + (len(given["clients"]) if given.get("may_decide") else 0)
            needed = given.get("needed") or 1
            if asked and needed > asked:
                self.add_error("needed", f"{needed} approvals are more than the {asked} you ask.")
        return given

    def asked(self) -> list[Any]:
        """The people of the team who were ticked."""
        chosen = set(self.cleaned_data["people"])
        return [row.user for row in self.members if str(row.user_id) in chosen]

    def round(self) -> dict[str, Any]:
        """What `send_round` takes, but for the project and the sender."""
        given = self.cleaned_data
        return {
            "key": given["key"], "message": given["message"], "due": given["due"], "rule": given["rule"],
            "needed": given["needed"] or 1, "apart": given["apart"], "people": self.asked(),
        }  # fmt: skip


class RulesForm(forms.Form):
    """How the project decides, for rounds sent from now on."""

    rule = forms.ChoiceField(choices=Rule, widget=forms.RadioSelect)
    needed = forms.IntegerField(
        min_value=1, max_value=99, required=False, label="How many", widget=forms.NumberInput(INPUT)
    )
    apart = forms.BooleanField(required=False, label="Who drew a picture may not be its only approver")
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)

    def clean_needed(self) -> int:
        return self.cleaned_data["needed"] or 1
