"""All hostile strings on paper: printed as typed, nowhere run, nothing fetched."""

from __future__ import annotations

import io
import uuid

import pikepdf
import pytest
from django.core.files.storage import storages

from studio import models
from studio.exports import actions
from tests import makers
from tests.exports.conftest import needs_pdf, needs_poppler, text_of
from tests.robust.strings import STRINGS
from tests.robust.test_hostile_strings import batched, marked


def squeezed(text):
    """Without what breaking a line adds."""
    return "".join(text.split()).replace("-", "").replace("\u2010", "").replace("\xad", "")


@pytest.mark.django_db
@needs_pdf
@needs_poppler
def test_it_prints_every_string_as_typed(team, ada):
    project = makers.project(team, STRINGS[0], client=STRINGS[1], created_by=ada)
    scene = makers.scene(project, place=STRINGS[2])
    for number, part in enumerate(batched(marked("paper"), 6)):
        words = ["\n".join(string for _, string in part[at::2]) for at in range(2)]
        models.Panel.objects.create(scene=scene, label=f"{number}", position=number, action=words[0], dialogue=words[1])
    asked = actions.request_export(project=project, by=ada, key=uuid.uuid4(), format="pdf")
    done = actions.run(asked.pk)
    assert done.state == "done", (done.error, done.remedy)
    with storages["default"].open(done.path) as file:
        data = file.read()
    printed = squeezed(text_of(data))
    either_way = [
        (f"paper{number}", f"{number}"[::-1]) for number, _ in marked("paper")
    ]  # brackets mirror in a line from the right
    assert [mark for mark, backwards in either_way if mark not in printed and f"{backwards}repap" not in printed] == []
    ascii_ones = [string for _, string in marked("paper") if all(" " <= c <= "~" or c in "‹›" for c in string)]
    ascii_ones = [string for string in ascii_ones if max(map(len, string.split())) <= 48]  # longer words are broken
    assert len(ascii_ones) > 90
    assert [string for string in ascii_ones if squeezed(string) not in printed] == []
    with pikepdf.open(io.BytesIO(data)) as read:
        assert not {"/OpenAction", "/AA"} & set(read.Root.keys())
        assert "/JavaScript" not in str(read.Root.get("/Names"))
        for page in read.pages:
            for mark in page.get("/Annots", []):
                assert "/A" not in mark or mark.A.get("/S") not in ("/URI", "/JavaScript", "/Launch", "/GoToR")
