"""An export from the click to the file: once, under a lease, stoppable, failing in words."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from studio.accounts.models import Event
from studio.exports import actions
from studio.exports.models import Export
from tests import makers
from tests.exports.conftest import needs_pdf

DONE, FAILED, CANCELLED, RUNNING, QUEUED = (
    Export.State.DONE, Export.State.FAILED, Export.State.CANCELLED, Export.State.RUNNING, Export.State.QUEUED,
)  # fmt: skip


def asked(project, by=None, **kwargs):
    kwargs.setdefault("format", "zip")
    return actions.request_export(project=project, by=by, key=kwargs.pop("key", uuid.uuid4()), **kwargs)


def test_it_makes_one_export_of_a_double_click(board, ada):
    key = uuid.uuid4()
    first, second = asked(board, ada, key=key), asked(board, ada, key=key)
    assert first.pk == second.pk
    assert Export.objects.count() == 1
    assert Event.objects.filter(verb="export.asked").count() == 1


def test_it_refuses_a_format_that_does_not_exist(board):
    with pytest.raises(ValueError, match="no such format"):
        asked(board, format="docx")


def test_it_keeps_the_file_before_it_says_done(board, ada):
    told = []
    export = actions.run(asked(board, ada).pk, progress=lambda done, total: told.append((done, total)))
    assert export.state == DONE
    assert export.filename == f"last-light_pictures_{timezone.localtime(export.created):%Y-%m-%d}.zip"
    assert storages["default"].size(export.path) == export.size > 0
    assert export.done == export.total == 7
    assert told[0] == (0, 7)
    assert told[-1] == (7, 7)
    assert export.expires - export.finished == dt.timedelta(days=7)


@needs_pdf
def test_it_makes_the_pdf_with_the_options_asked_for(board, ada):
    export = actions.run(asked(board, ada, format="pdf", options={"grid": "1", "which": "picture", "nonsense": 3}).pk)
    assert (export.state, export.total) == (DONE, 7)
    assert export.filename == "last-light_storyboard_v1.pdf"
    assert actions.run(asked(board, ada, format="pdf").pk).filename == "last-light_storyboard_v2.pdf"


def test_it_runs_an_export_once(board):
    export = asked(board)
    assert actions.run(export.pk).state == DONE
    assert actions.run(export.pk) is None
    assert Export.objects.get().path


def test_it_leaves_one_that_somebody_is_making(board):
    export = asked(board)
    Export.objects.update(state=RUNNING, worker="other", lease_until=timezone.now() + dt.timedelta(seconds=30))
    assert actions.run(export.pk) is None
    assert actions.unfinished() == []


def test_it_takes_over_when_a_lease_ran_out(board):
    export = asked(board)
    Export.objects.update(state=RUNNING, worker="dead", lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert actions.unfinished() == [export.pk]
    assert actions.run(export.pk).state == DONE


def test_it_stops_between_two_pictures_when_cancelled(board, ada):
    export = asked(board, ada)

    def stop(done, total):
        if done == 2:
            actions.cancel(export=export, by=ada)

    settings_before, actions.WRITE_EVERY = actions.WRITE_EVERY, 0  # look at the row at every picture
    try:
        made = actions.run(export.pk, progress=stop)
    finally:
        actions.WRITE_EVERY = settings_before
    assert made.state == CANCELLED
    assert made.path == ""
    assert made.done <= 2
    assert files() == []
    assert not actions.cancel(export=made, by=ada)


def files():
    """What lies in the exports folder."""
    from pathlib import Path

    return [p for p in Path(storages["default"].path("exports")).rglob("*") if p.is_file()]


def test_it_drops_its_file_when_another_worker_took_over_meanwhile(board):
    export = asked(board)

    def overtaken(done, total):
        if done == total:
            Export.objects.update(worker="faster")

    made = actions.run(export.pk, progress=overtaken)
    assert made.state == RUNNING
    assert made.path == ""
    assert files() == []


def test_it_fails_in_words_with_a_remedy(team):
    empty = makers.project(team, "Empty")
    made = actions.run(asked(empty).pk)
    assert made.state == FAILED
    assert made.error == "No panel has a picture yet."
    assert made.remedy == "Draw some, then export again."


def test_it_names_the_panel_whose_picture_is_gone(board):
    from studio.board.models import Panel

    storages["default"].delete(Panel.objects.get(label="1C").picked.image.original)
    made = actions.run(asked(board).pk)
    assert made.state == FAILED
    assert "panel 1C" in made.error


def test_it_prunes_files_that_ran_out_and_keeps_their_rows(board, ada):
    old, new = actions.run(asked(board, ada).pk), actions.run(asked(board, ada).pk)
    Export.objects.filter(pk=old.pk).update(expires=timezone.now() - dt.timedelta(minutes=1))
    assert actions.prune() == 1
    assert actions.prune() == 0
    assert not storages["default"].exists(old.path)
    assert storages["default"].exists(new.path)
    assert Export.objects.get(pk=old.pk).path == ""
    assert Export.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_gives_one_export_to_one_of_two_workers(team):
    project = makers.project(team)
    export = asked(project)
    claims = []

    def claim(name):
        claims.append(actions._claim(export.pk, name))
        connection.close()

    threads = [threading.Thread(target=claim, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claim is not None for claim in claims) == 1
