"""Fields that every form may use."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.lib import text


class Line(forms.CharField):
    """A name, a title: text on one line, without control characters or what makes it read as other text."""

    def to_python(self, value: Any) -> str:
        return text.line(super().to_python(value) or "")
