"""Pictures are kept whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, transaction

from studio.media import actions, intake
from studio.media.models import Image, Rendition
from tests import makers


def files(settings) -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


def test_it_stores_the_original_untouched_and_four_renditions(team, ada):
    data = makers.picture(2600, 1300)
    image = actions.store_upload(team=team, by=ada, name="C:\\shoots\\..\\front\u202e.png", data=data)
    assert storages["default"].open(image.original).read() == data
    assert (image.width, image.height, image.original_size) == (2600, 1300, len(data))
    assert (image.original_name, image.original_mime, image.source) == ("front.png", "image/png", "upload")
    assert image.uploaded_by == ada
    sizes = {row.spec: (row.mime, row.width, row.height) for row in image.renditions.all()}
    assert sizes == {
        "provider": ("image/jpeg", 2048, 1024),
        "1280": ("image/webp", 1280, 640),
        "640": ("image/webp", 640, 320),
        "320": ("image/webp", 320, 160),
    }
    for row in image.renditions.all():
        assert storages["default"].size(row.path) == row.size > 0


def test_it_stores_under_random_names_only(team, settings):
    one, two = (actions.store_upload(team=team, by=None, name="aria.png", data=makers.picture()) for _ in range(2))
    assert one.key != two.key
    assert len(one.key) == 32
    assert not [p for p in files(settings) if "aria" in str(p)]


def test_it_takes_an_uploaded_file_and_a_drawn_picture(team, mei):
    upload = SimpleUploadedFile("back.jpg", makers.picture(format="JPEG"), "text/html")
    assert actions.store_upload(team=team, by=mei, name=upload.name, data=upload).original_mime == "image/jpeg"
    drawn = actions.store_drawn(team=team, data=makers.picture(), by=mei)
    assert (drawn.source, drawn.original_name) == ("drawn", "")


def test_it_shares_a_file_between_sizes_that_are_the_same(team, settings):
    image = actions.store_upload(team=team, by=None, name="small.png", data=makers.picture(300, 200))
    assert {(row.width, row.height) for row in image.renditions.all()} == {(300, 200)}
    assert len(files(settings)) == 2  # original, provider
    assert {row.mime for row in image.renditions.all()} == {"image/jpeg"}
    assert all(storages["default"].exists(row.path) for row in image.renditions.all())


def test_it_leaves_no_file_when_the_row_fails(team, settings):
    data = makers.picture()
    intaken = intake.read(data, "a.png")
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.keep(team=team, by=None, name="a.png", data=data, intaken=intaken, source=None)
    assert files(settings) == []
    assert Image.objects.count() == 0


def test_it_writes_files_first_and_their_rows_with_whatever_shows_them(team, settings):
    data = makers.picture()
    written = actions.write(name="a.png", data=data, intaken=intake.read(data, "a.png"))
    assert len(files(settings)) == len(written.files)
    assert Image.objects.count() == 0

    def add_and_fail(error):
        with actions.taken_back_on_failure(written), transaction.atomic():
            actions.add(team=team, by=None, written=written, source="drawn")
            raise error

    with pytest.raises(ZeroDivisionError):
        add_and_fail(ZeroDivisionError())
    assert files(settings) == []
    assert Image.objects.count() == 0


def test_it_leaves_the_files_where_nobody_knows_whether_the_rows_were_written(team, settings):
    data = makers.picture()
    written = actions.write(name="a.png", data=data, intaken=intake.read(data, "a.png"))

    def broken_off():
        with actions.taken_back_on_failure(written):
            raise OperationalError("the server closed the connection")

    with pytest.raises(OperationalError):
        broken_off()
    assert len(files(settings)) == len(written.files)


def test_it_leaves_nothing_of_a_refused_file(team, settings):
    with pytest.raises(intake.Refused):
        actions.store_upload(team=team, by=None, name="a.png", data=b"GIF89a nothing")
    assert files(settings) == []
    assert Image.objects.count() == 0


def test_it_finds_the_same_bytes_in_the_same_team_only(team, outsider):
    data = makers.picture()
    image = actions.store_upload(team=team, by=None, name="a.png", data=data)
    other = outsider.memberships.get().team
    assert actions.find_duplicate(team, image.sha256) == image
    assert actions.find_duplicate(other, image.sha256) is None
    assert actions.find_duplicate(team, "0" * 64) is None


def test_it_discards_files_after_the_commit(team, settings, django_capture_on_commit_callbacks):
    image = makers.image(team)
    kept = makers.image(team)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        actions.discard(image=image)
    assert len(files(settings)) == 2 * 3  # 640 px pictures: provider, 1280 and 640 are one file
    for callback in callbacks:
        callback()
    assert Image.objects.get() == kept
    assert Rendition.objects.exclude(image=kept).count() == 0
    assert {p.parent.name for p in files(settings)} == {kept.key}
    assert not (Path(settings.MEDIA_ROOT) / image.key[:2] / image.key).exists()
