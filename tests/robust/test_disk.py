"""No room left, a folder that may not be written, a database that somebody holds: a sentence, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from contextlib import closing

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction

from studio.exports import actions as exports
from studio.generation import actions as generation
from studio.generation import runner
from studio.models import Export, Image, Job, Panel, Reference, Rendition, Subject, Take
from tests import makers
from tests.robust.disks import FullDisk


@pytest.fixture
def full(settings, tmp_path):
    """`full(room)`: from now on that many more files fit."""

    def fill(room=0):
        FullDisk.room = room
        options = {"location": str(tmp_path / "media"), "base_url": None}
        default = {"BACKEND": "tests.robust.disks.FullDisk", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": default}
        assert isinstance(storages["default"], FullDisk)

    return fill


def files(tmp_path):
    return sorted(str(path) for path in (tmp_path / "media").rglob("*") if path.is_file())


def upload():
    return SimpleUploadedFile("front.png", makers.picture(), "image/png")


@pytest.mark.django_db
@pytest.mark.parametrize("room", [0, 1, 2])
def test_it_says_that_an_upload_found_no_room(team, mei, signed_in, full, tmp_path, room):
    into = makers.subject(team).default_set
    full(room)
    answer = signed_in(mei, HX_Request="true").post(f"/sets/{into.code}/upload/", {"file": upload()})
    assert answer.status_code == 422
    assert answer.content.decode() == "front.png was not kept. The studio's disk is full or cannot be written."
    assert (Image.objects.count(), Reference.objects.count(), files(tmp_path)) == (0, 0, [])
    page = signed_in(mei).post("/start/pictures/", {"file": upload()}, follow=True).content.decode()
    assert "disk is full" in page
    assert not Subject.objects.filter(deleted=None, name="Untitled character").exists()


@pytest.mark.django_db
def test_it_says_that_a_folder_may_not_be_written(team, mei, signed_in, settings, tmp_path):
    """Where root may write anywhere, a file stands in the folder's place."""
    into = makers.subject(team).default_set
    place = tmp_path / "media"
    place.write_text("not a folder")
    answer = signed_in(mei, HX_Request="true").post(f"/sets/{into.code}/upload/", {"file": upload()})
    assert (answer.status_code, b"disk is full or cannot be written" in answer.content) == (422, True)
    assert not Image.objects.exists()


@pytest.mark.django_db
def test_it_says_that_a_large_body_finds_no_room(team, mei, signed_in, settings, tmp_path):
    """Bodies over 2 MB go to a file first, before any view is asked."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.write_text("not a folder")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    into = makers.subject(team).default_set
    client = signed_in(mei, HX_Request="true")
    answer = client.post(f"/sets/{into.code}/upload/", {"file": upload()})
    assert answer.status_code == 503
    assert "cannot save just now" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_fails_a_drawing_in_words_and_draws_it_when_there_is_room(team, mei, full, settings, tmp_path):
    panel = makers.panel(makers.scene(makers.project(team)))
    generation.request_takes(panels=[panel], by=mei, key=uuid.uuid4())
    roomy = settings.STORAGES
    full(2)
    job = Job.objects.get()
    drawn(job)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The studio's disk is full or cannot be written.")
    assert "Make room" in job.remedy
    assert (Take.objects.count(), Image.objects.count(), files(tmp_path)) == (0, 0, [])
    settings.STORAGES = roomy
    again = generation.retry_job(job=job, by=mei).jobs.get()
    drawn(again)
    assert Take.objects.get().panel == panel
    assert {storages["default"].exists(row.path) for row in Rendition.objects.all()} == {True}


def drawn(job):
    """As the worker runs it, with threads of rows of its own."""
    import asyncio

    from studio.lib import threads

    asyncio.run(runner.run(job.pk))
    threads.let_go()


@pytest.mark.django_db
def test_it_fails_an_export_in_words(team, mei, full, tmp_path):
    panel = makers.panel(makers.scene(makers.project(team)))
    makers.take(panel, makers.image(team), picked=True)
    before = files(tmp_path)
    asked = exports.request_export(project=panel.scene.project, by=mei, key=uuid.uuid4(), format="zip")
    full()
    made = exports.run(asked.pk)
    assert (made.state, made.error) == (Export.State.FAILED, "The studio's disk is full or cannot be written.")
    assert files(tmp_path) == before or not made.path


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds rows, not files")
def test_it_waits_for_a_database_that_somebody_holds(team, mei, signed_in):
    """Another program writes for two seconds: whoever saves waits, and it is saved. Reading goes on meanwhile."""
    panel = makers.panel(makers.scene(makers.project(team)))
    client, held, free = signed_in(mei), threading.Event(), threading.Event()
    client.get("/")  # when somebody was seen is written every few minutes

    def hold():
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            free.wait(2)
            other.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    began = time.monotonic()
    assert client.get(f"/panels/{panel.code}/").status_code == 200
    read = time.monotonic() - began
    sent = {"field": "action", "action": "She waits.", "revision": panel.revision}
    answer = client.post(f"/panels/{panel.code}/field/", sent)
    waited = time.monotonic() - began
    holder.join()
    assert answer.status_code == 302
    assert read < 1.5 < waited
    panel.refresh_from_db()
    assert panel.action == "She waits."


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds rows, not files")
def test_it_says_when_the_database_stays_held(team, mei, signed_in):
    panel = makers.panel(makers.scene(makers.project(team)))
    client = signed_in(mei)
    client.raise_request_exception = False
    client.get("/")
    connection.cursor().execute("PRAGMA busy_timeout = 200")
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sent = {"field": "action", "action": "She waits.", "revision": panel.revision}
            answer = client.post(f"/panels/{panel.code}/field/", sent, headers={"HX-Request": "true"})
            other.execute("ROLLBACK")
    finally:
        connections["default"].close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The studio cannot save just now." in answer.content.decode()
    assert Panel.objects.get(pk=panel.pk).action == "She lifts the flask."
    assert client.post(f"/panels/{panel.code}/field/", sent).status_code == 302


@pytest.mark.django_db
def test_it_leaves_no_file_where_the_row_is_refused(tmp_path):
    with pytest.raises(IntegrityError), transaction.atomic():
        makers.image(None)
    assert files(tmp_path) == []
    assert not Image.objects.exists()
