"""A box of a picture, typed or dragged: in percent of its width and height."""

from __future__ import annotations

from django import forms

from studio.media.region import Box


class Percent(forms.DecimalField):
    """0 to 100, to a tenth; kept as thousandths."""

    def __init__(self) -> None:
        wrong = "Numbers from 0 to 100."
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value", "max_digits"), wrong)
        super().__init__(min_value=0, max_value=100, max_digits=12, error_messages=messages)


class BoxForm(forms.Form):
    left = Percent()
    top = Percent()
    width = Percent()
    height = Percent()
    revision = forms.IntegerField(min_value=0, max_value=10**9, required=False)

    def box(self) -> Box:
        """Of a form that is valid. It may still reach beyond the picture: `Box.fits`."""
        return Box(*(round(self.cleaned_data[name] * 10) for name in ("left", "top", "width", "height")))
