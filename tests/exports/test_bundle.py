"""The ZIP: what is in it, what it is called, and that its manifest tells the truth."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from django.core.files.storage import storages

from studio.board.models import Panel, Take
from studio.exports import bundle, sheet
from studio.exports.types import Options
from tests import makers
from tests.exports.conftest import drawn


def opened(project, options=None):
    out = io.BytesIO()
    bundle.write(sheet.of(project, options or Options()), out)
    return zipfile.ZipFile(out)


def test_it_holds_the_picked_pictures_under_readable_names(board):
    archive = opened(board)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "last-light_sc01_p1A_t01.jpg",
        "last-light_sc01_p1B_t01.jpg",
        "last-light_sc01_p1C_t01.jpg",
        "last-light_sc01_p1D_t01.jpg",
        "last-light_sc02_p2A_t01.jpg",
        "last-light_sc02_p2B_t01.jpg",
        "last-light_sc02_p2D_t01.jpg",
        "manifest.json",
    ]
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_it_says_in_the_manifest_how_each_picture_was_made(board):
    plan = {
        "slots": [{"n": 1, "subject": "character-x", "view": "front", "detail": "", "sha256": "ab", "image_key": "k"}]
    }
    Take.objects.filter(panel__label="1A").update(plan=plan, template_version="v1", versions={"x": 2})
    archive = opened(board)
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["project"]["title"] == "Last light"
    assert manifest["without_picture"] == ["2C"]
    for row in manifest["pictures"]:
        data = archive.read(row["file"])
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert len(data) == row["bytes"]
        assert data == storages["default"].open(Panel.objects.get(label=row["panel"]).picked.image.original).read()
    first = manifest["pictures"][0]
    assert (first["engine"], first["seed"], first["prompt"], first["template"]) == ("sketch", 7, "A prompt.", "v1")
    assert first["subject_versions"] == {"x": 2}
    assert first["references"] == [{"n": 1, "subject": "character-x", "view": "front", "sha256": "ab"}]
    assert first["seconds"] == 2.0
    assert "cost" not in first


def test_it_makes_hostile_names_harmless(team):
    project = makers.project(team, "../../etc/passwd\x01 & C:\\Windows")
    scene = makers.scene(project, "../9")
    for label in ("../../x", "1a", "1A", "CON", "\u202egpj", "漢"):
        drawn(makers.panel(scene, label=label))
    names = opened(project).namelist()[:-1]
    assert len({name.casefold() for name in names}) == 6
    for name in names:
        assert not set(name) & set('/\\:*?"<>|\x00\u202e')
        assert ".." not in name
        assert name.endswith(".jpg")


def test_it_keeps_an_uploaded_original_for_its_owner(board):
    """A picked picture that somebody uploaded goes out re-encoded, without what its file said about them."""
    take = Panel.objects.get(label="1A").picked
    type(take.image).objects.filter(pk=take.image_id).update(source="upload")
    archive = opened(board)
    assert archive.read("last-light_sc01_p1A_t01.jpg") != storages["default"].open(take.image.original).read()


def test_it_takes_only_the_scene_asked_for(board):
    scene = board.scenes.get(number="2")
    archive = opened(board, Options(which=scene.code))
    assert len(archive.namelist()) == 4


def test_it_says_where_the_frame_is_in_a_picture_of_another_ratio(board):
    Take.objects.filter(panel__label="1A").update(parameters={"crop": [0.0, 0.1, 1.0, 0.9]})
    rows = json.loads(opened(board).read("manifest.json"))["pictures"]
    assert [row["crop"] for row in rows[:2]] == [[0.0, 0.1, 1.0, 0.9], None]
