"""Hostile words that were saved: shown as words on every page that shows them, in the files that leave, in headers."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from email.message import Message

import pikepdf
import pytest
from django.core.files.storage import storages

from studio.exports import actions as exports
from studio.lib import text
from studio.models import Appearance, Job, Panel, Project, Scene, Take
from tests import makers
from tests.access.matrix import OPEN, ROWS
from tests.access.test_matrix import Visitor
from tests.access.world import build
from tests.exports.conftest import needs_pdf, needs_poppler, text_of
from tests.robust.hostile import CANARY, TAG, harm

WORD = f"\"'><b id={TAG}>{{{{ 7|add:42 }}}}</b>"  # short enough for every field


@pytest.fixture
def world(team, ada):
    """A team whose every word is hostile: written as rows, so that no form has cleaned it."""
    team.name = WORD
    team.save()
    ada.name = WORD
    ada.save()
    world = build(team, ada, WORD)
    Project.objects.update(client=WORD, words={"shot_size": [WORD[:40]], "lens": [WORD[:40]]})
    Scene.objects.update(number=WORD[:8], light=WORD, time_of_day=WORD[:20])
    long = CANARY * 3
    Panel.objects.update(
        action=long, dialogue=long, sound=long, notes=long, shot_size=WORD[:40], lens=WORD[:40], angle=WORD[:40]
    )
    Panel.objects.filter(pk=world.panel.pk).update(label=WORD[:12])
    Appearance.objects.update(doing=WORD, where=WORD[:20])
    Take.objects.update(prompt=long)
    Job.objects.update(error=WORD, remedy=WORD, details=long)
    makers.reference(world.locked.reference_sets.get(outfit=None), note=WORD, view="detail", detail=WORD[:60])
    world.image.original_name = f"../{WORD}\r\nX: y.png"
    world.image.save()
    return world


@pytest.mark.django_db
def test_it_shows_saved_words_as_words(world, ada):
    visitor, wrong, shown = Visitor(ada), [], 0
    for row in ROWS:
        if not row.get or row.door == OPEN:
            continue
        for headers in ({}, {"HX-Request": "true"}):
            answer = visitor.ask(row, world, "GET", headers)
            if found := harm(answer):
                wrong.append(f"{row.name} {headers}: {found}")
            shown += TAG.encode() in answer.body
    for name in ("subject", "subject_history"):
        for subject in (world.locked, world.location, world.style):
            answer = visitor.client.get(f"/subjects/{subject.code}/" + ("history/" if "history" in name else ""))
            answer.body = answer.content
            if found := harm(answer):
                wrong.append(f"{name}: {found}")
    assert not wrong, "\n".join(wrong)
    assert shown > 40  # the words are really there to be escaped


@pytest.mark.django_db
def test_it_previews_every_file_with_saved_words_as_words(world, ada, signed_in):
    client = signed_in(ada)
    for format in ("pdf", "zip"):
        query = {"format": format, "key": str(uuid.uuid4()), "which": "all", "grid": "6", "paper": "a4",
                 "fields_shown": ["action", "dialogue", "sound", "notes", "lens"]}  # fmt: skip
        answer = client.get(f"/projects/{world.project.code}/export/", query)
        answer.body = answer.content
        assert answer.status_code == 200
        assert harm(answer) == ""
        assert TAG in answer.content.decode()


def made(world, format):
    asked = exports.request_export(project=world.project, by=world.owner, key=uuid.uuid4(), format=format)
    done = exports.run(asked.pk)
    assert done.state == "done", (done.error, done.remedy)
    return done


@pytest.mark.django_db
def test_it_packs_saved_words_as_words(world, ada, signed_in):
    done = made(world, "zip")
    answer = signed_in(ada).get(f"/exports/{done.code}/download/")
    assert attached(answer) == done.filename
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        for name in packed.namelist():
            assert not name.startswith(("/", ".")), name
            assert ".." not in name.split("/"), name
            assert not set(name) & set('<>:"\\|?*\r\n\0'), name
        manifest = json.loads(packed.read(next(name for name in packed.namelist() if name.endswith("manifest.json"))))
    assert CANARY in json.dumps(manifest, ensure_ascii=False).replace('\\"', '"')


@pytest.mark.django_db
@needs_pdf
@needs_poppler
def test_it_prints_saved_words_as_words(world):
    done = made(world, "pdf")
    with storages["default"].open(done.path) as file:
        data = file.read()
    printed = "".join(text_of(data).split())
    assert f"<bid={TAG}>{{{{7|add:42}}}}" in printed
    with pikepdf.open(io.BytesIO(data)) as read:
        assert not {"/OpenAction", "/AA", "/Names"} & set(read.Root.keys()) - {"/Names"}
        assert "/JavaScript" not in str(read.Root.get("/Names"))


@pytest.mark.django_db
def test_it_names_downloads_without_breaking_the_header(world, ada, signed_in):
    for path in (f"/exports/{world.export.code}/download/", f"/media/{world.image.key}/original/"):
        answer = signed_in(ada).get(path)
        assert answer.status_code == 200
        name = attached(answer)
        assert "/" not in name
        assert "X" not in answer.headers
        b"".join(answer.streaming_content)


def attached(answer):
    """The file's name as a browser reads it; the header is one line and an attachment."""
    said = answer["Content-Disposition"]
    assert not set(said) & set("\r\n\0")
    header = Message()
    header["Content-Disposition"] = said
    assert header.get_content_disposition() == "attachment"
    return header.get_filename()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["a\x01\x08b\x1b[31m", "\u202egnp.exe", "tab\tand\r\nline", "e\u0301 漢字 مرحبا 👩🏽‍🚀", CANARY]
)
def test_it_keeps_typed_words_without_what_disguises_them(world, mei, signed_in, typed):
    """Typed into the inspector and read back: all that a reader sees is there, nothing that they cannot."""
    client, panel = signed_in(mei), world.panel
    panel.refresh_from_db()
    sent = {"field": "action", "action": typed, "revision": panel.revision}
    answer = client.post(f"/panels/{panel.code}/field/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content
    panel.refresh_from_db()
    assert panel.action == text.plain(typed)
    shown = client.get(f"/panels/{panel.code}/")
    shown.body = shown.content
    assert harm(shown) == ""
