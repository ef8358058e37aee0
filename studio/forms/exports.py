"""What leaves, and how: the export dialog's form."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from studio.board.models import Project
from studio.exports import sheet
from studio.exports.models import Export
from studio.exports.types import ALL, FIELDS, GRIDS, PAPERS, USUAL_FIELDS, WITH_PICTURE, Options


class ExportForm(forms.Form):
    """Bound to what the dialog sends. `key` makes a double click one export."""

    key = forms.UUIDField()
    format = forms.ChoiceField(choices=Export.Format)
    which = forms.ChoiceField()
    grid = forms.ChoiceField(choices=list(GRIDS.items()), required=False)
    paper = forms.ChoiceField(choices=list(PAPERS.items()), required=False)
    fields_shown = forms.MultipleChoiceField(choices=list(FIELDS.items()), required=False)
    scene_pages = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        usual = {
            "key": str(uuid.uuid4()),
            "format": Export.Format.PDF,
            "which": ALL,
            "grid": "6",
            "paper": "a4",
            "fields_shown": list(USUAL_FIELDS),
        }
        super().__init__(data if data else usual)
        scenes = [(scene.code, f"Scene {scene.number}") for scene in sheet.scenes_of(project)]
        self.fields["which"].choices = [(ALL, "All"), (WITH_PICTURE, "Those with a picture"), *scenes]  # type: ignore[attr-defined]

    def options(self) -> Options:
        """What was chosen, and the usual for what was not understood."""
        self.is_valid()
        got = self.cleaned_data
        stored = {**got, "fields": got["fields_shown"]} if "fields_shown" in got else got
        return Options.read(stored)

    @property
    def chosen_format(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("format") or Export.Format.PDF)

    @property
    def chosen_key(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("key") or uuid.uuid4())
