"""What killed processes leave behind goes after a day; nothing young, nothing that a row names, nothing that is not ours."""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from studio.exports import actions as exports
from studio.generation import spool
from studio.generation import sweep as spooled
from studio.generation.models import Batch, Job
from studio.management.commands import sweep as command
from studio.media import actions, intake, sweep
from studio.media.models import Image
from studio.providers.base import ImageResult, Picture
from tests import makers

TWO_DAYS, MONTH = 2 * 86400, 40 * 86400


@pytest.fixture
def files(settings):
    """`files()`: all paths in the storage; `files(age)` makes all of them that many seconds older."""

    def found(age=0):
        paths = [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]
        for path in paths if age else ():
            os.utime(path, (time.time() - age,) * 2)
        return sorted(str(p.relative_to(settings.MEDIA_ROOT)) for p in paths)

    return found


def written():
    data = makers.picture()
    return actions.write(name="a.png", data=data, intaken=intake.read(data))


def job(team, mei, state):
    panel = makers.panel(makers.scene(makers.project(team)))
    batch = Batch.objects.create(team=team, project=panel.scene.project, key=uuid.uuid4())
    row = Job.objects.create(batch=batch, panel=panel, engine="sketch", model="sketch", state=state)
    spool.put(str(row.key), ImageResult((Picture(b"picture", "image/png", 1),)))
    return row


def test_it_removes_old_files_that_no_row_names(team, files):
    kept = makers.image(team)
    lost = written()
    files(TWO_DAYS)
    assert sweep.pictures() == len(lost.files)
    assert {path[3:35] for path in files()} == {kept.key}
    assert not Path(storages["default"].path(lost.key[:2]), lost.key).exists()
    assert sweep.pictures() == 0


def test_it_leaves_young_files_alone(team, files):
    lost = written()
    assert sweep.pictures() == 0
    files(TWO_DAYS)
    os.utime(storages["default"].path(lost.original))  # one of them is being written
    assert sweep.pictures() == 0
    assert len(files()) == len(lost.files)


def test_it_leaves_a_picture_whose_row_came_in_the_meantime(team, files):
    late = written()
    files(TWO_DAYS)

    def in_the_meantime():
        actions.add(team=team, by=None, written=late, source=Image.Source.DRAWN)
        return False

    assert sweep.pictures(stop=in_the_meantime) == 0
    assert len(files()) == len(late.files)


def test_it_stops_when_told(team, files):
    written()
    files(TWO_DAYS)
    assert sweep.pictures(stop=lambda: True) == 0


def test_it_touches_nothing_that_is_not_ours(db, files):
    for path in (
        "ab/notes.txt",
        "ab/abc/original.png",
        "backup/original.png",
        "spool/notes.txt",
        "zz/" + "0" * 32 + "/a.png",
    ):
        storages["default"].save(path, ContentFile(b"theirs"))
    before = files(MONTH)
    assert not any(command.everything().values())
    assert files() == before


@pytest.mark.parametrize(
    ("state", "age", "gone"),
    [
        ("done", TWO_DAYS, 1), ("failed", TWO_DAYS, 1), ("done", 60, 0), ("saving", MONTH, 0), ("starting", MONTH, 0),
        ("queued", MONTH, 0), ("unknown", TWO_DAYS, 0), ("unknown", MONTH, 1),
    ],
)  # fmt: skip
def test_it_removes_spooled_pictures_of_attempts_that_are_over(team, mei, files, state, age, gone):
    job(team, mei, state)
    files(age)
    assert spooled.spooled() == gone
    assert len(files()) == 1 - gone


def test_it_removes_spooled_pictures_of_nobody(db, files):
    spool.put(str(uuid.uuid4()), ImageResult((Picture(b"picture", "image/png", 1),)))
    files(TWO_DAYS)
    assert spooled.spooled() == 1


def test_it_removes_exports_that_no_row_names(team, mei, files):
    panel = makers.panel(makers.scene(makers.project(team)))
    row = exports.request_export(project=panel.scene.project, by=mei, key=uuid.uuid4(), format="zip")
    path = storages["default"].save(f"exports/{row.code}/one.zip", ContentFile(b"zip"))
    type(row).objects.filter(pk=row.pk).update(path=path)
    storages["default"].save(f"exports/{row.code}/two.zip", ContentFile(b"zip"))
    assert exports.sweep(older=dt.timedelta(days=1)) == 0
    files(TWO_DAYS)
    assert exports.sweep(older=dt.timedelta(days=1)) == 1
    assert files() == [path]


def test_it_removes_what_is_left_of_broken_uploads(db, settings, tmp_path, capsys):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    for name in ("old.upload", "new.upload"):
        (tmp_path / name).write_bytes(b"half")
    os.utime(tmp_path / "old.upload", (time.time() - TWO_DAYS,) * 2)
    call_command("sweep")
    assert capsys.readouterr().out.strip() == "0 pictures, 0 spooled, 0 exports, 0 watermarked, 1 uploads removed."
    assert [path.name for path in tmp_path.iterdir()] == ["new.upload"]


def test_it_never_goes_below_a_day(team, files):
    written()
    files(3600)
    call_command("sweep", days=0)
    assert files()


def test_the_worker_sweeps_once_a_day(db, settings, tmp_path):
    settings.DATA = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    assert command.due(10) == []
    os.utime(tmp_path / "swept", (time.time() - TWO_DAYS,) * 2)
    [(today, _)] = command.due(10)
    command.run(today)
    assert command.due(10) == []
