"""Which entries of the audit log a page shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from studio.accounts.audit import Kind
from studio.accounts.models import AuditEntryQuerySet
from studio.lib import text

DATE = {"type": "date", "class": "input", "autocomplete": "off"}


class LogForm(forms.Form):
    """Whatever cannot be is left out, so that every address shows something. Days are those of the studio's time zone."""

    kind = forms.ChoiceField(required=False, choices=Kind)
    who = forms.CharField(required=False, max_length=254)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(DATE))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(DATE))
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def clean_who(self) -> str:
        return text.line(self.cleaned_data["who"])

    def read(self) -> dict[str, Any]:
        """The values that can be, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name not in self.errors}

    def narrow(self, rows: AuditEntryQuerySet) -> AuditEntryQuerySet:
        given = self.read()
        for name in ("kind", "who"):
            if name in given:
                rows = rows.filter(**{name: given[name]})
        if "since" in given:
            rows = rows.filter(at__gte=_midnight(given["since"]))
        if "until" in given and given["until"] < dt.date.max:
            rows = rows.filter(at__lt=_midnight(given["until"] + dt.timedelta(days=1)))
        return rows


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(max(day, dt.date(1970, 1, 1)), dt.time.min))
