"""The dialog, its preview, the list, and the file itself: for those who may, and for nobody else."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.board.models import Panel
from studio.exports import actions, pdf
from studio.exports.models import Export
from tests import makers
from tests.exports.conftest import needs_pdf

HTMX = {"HX-Request": "true"}


def page(name, thing):
    return reverse(name, args=[thing.code])


def post(client, project, **fields):
    fields = {"key": str(uuid.uuid4()), "format": "zip", "which": "all"} | fields
    return client.post(page("export_new", project), fields)


@needs_pdf
def test_it_previews_the_page_that_will_print(board, mei, signed_in):
    client = signed_in(mei)
    first = client.get(page("export_new", board)).content.decode()
    assert "Page 1 of 2" in first
    assert 'aria-label="Page 1 of 2"' in first
    assert "Scene 1. Int. boat shed, night" in first
    assert "1 panel has no picture" in first
    assert "Its" not in first
    second = client.get(
        page("export_new", board), {"page": "2"}, headers=HTMX | {"HX-Target": "export"}
    ).content.decode()
    assert "No picture yet" in second
    assert "<html" not in second
    assert "<dialog" not in second
    dialog = client.get(page("export_new", board), headers=HTMX | {"HX-Target": "dialog-host"}).content.decode()
    assert '<dialog class="dialog dialog--export' in dialog
    assert "<html" not in dialog


@needs_pdf
def test_it_keeps_what_was_chosen(board, mei, signed_in):
    scene = board.scenes.get(number="2")
    query = {
        "key": str(uuid.uuid4()),
        "format": "pdf",
        "which": scene.code,
        "grid": "1",
        "paper": "letter",
        "fields_shown": ["action"],
    }
    text = signed_in(mei).get(page("export_new", board), query).content.decode()
    assert "Page 1 of 4" in text
    assert 'data-paper="letter"' in text
    assert f'<option value="{scene.code}" selected>' in text
    assert f'value="{query["key"]}"' in text
    assert "</bdi></b> <bdi>" not in text
    assert f"which={scene.code}" in text


@pytest.mark.parametrize(
    "query", [{"page": "99"}, {"page": "-1"}, {"page": "٣"}, {"key": "x", "which": "nothing", "format": "exe"}]
)
def test_it_survives_nonsense_in_the_address(board, mei, signed_in, query):
    assert signed_in(mei).get(page("export_new", board), query).status_code == 200


def test_it_lists_the_files_of_a_zip(board, mei, signed_in):
    query = {"key": str(uuid.uuid4()), "format": "zip", "which": "all"}
    text = signed_in(mei).get(page("export_new", board), query).content.decode()
    assert "last-light_sc01_p1A_t01.jpg" in text
    assert "7 pictures, and manifest.json" in text


def test_it_makes_a_file_once_and_hands_it_out(board, mei, viktor, signed_in):
    client, key = signed_in(mei), str(uuid.uuid4())
    assert post(client, board, key=key).url == page("exports", board)
    assert post(client, board, key=key).status_code == 302
    export = Export.objects.get()
    assert "Waiting" in client.get(page("exports", board)).content.decode()
    actions.run(export.pk)
    listed = client.get(page("exports", board)).content.decode()
    assert page("export_download", export) in listed
    answer = signed_in(viktor).get(page("export_download", export))
    assert answer["Content-Disposition"].startswith('attachment; filename="last-light_pictures_')
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None


@needs_pdf
def test_it_hands_out_names_of_any_script(team, mei, signed_in):
    project = makers.project(team, "Последний свет")
    makers.panel(makers.scene(project))
    post(signed_in(mei), project, format="pdf")
    export = actions.run(Export.objects.get().pk)
    answer = signed_in(mei).get(page("export_download", export))
    assert "filename*=utf-8''%D0%BF%D0%BE%D1%81" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_it_polls_until_it_is_over(board, mei, signed_in):
    client = signed_in(mei)
    made = client.post(
        page("export_new", board), {"key": str(uuid.uuid4()), "format": "zip", "which": "all"}, headers=HTMX
    )
    export = Export.objects.get()
    assert 'hx-trigger="every 2s"' in made.content.decode()
    waiting = client.get(page("export", export), headers=HTMX)
    assert waiting.status_code == 200
    assert "Waiting" in waiting.content.decode()
    assert client.get(page("exports", board), headers=HTMX).status_code == 200
    actions.run(export.pk)
    ready = client.get(page("export", export), headers=HTMX)
    assert ready.status_code == 286
    assert "every 2s" not in ready.content.decode()
    assert "Download" in ready.content.decode()
    assert client.get(page("exports", board), headers=HTMX).status_code == 286
    assert client.get(page("export", export)).url == page("exports", board)


def test_it_cancels(board, mei, signed_in):
    client = signed_in(mei)
    post(client, board)
    export = Export.objects.get()
    answer = client.post(page("export_cancel", export), headers=HTMX).content.decode()
    assert "Cancelled" in answer
    assert actions.run(export.pk) is None
    assert client.post(page("export_cancel", export)).status_code == 302


def test_it_says_that_a_file_ran_out(board, mei, signed_in):
    client = signed_in(mei)
    post(client, board)
    export = actions.run(Export.objects.get().pk)
    Export.objects.update(expires=timezone.now() - dt.timedelta(days=1))
    actions.prune()
    answer = client.get(page("export_download", export), follow=True)
    assert "no longer kept" in answer.content.decode()


def test_it_refuses_what_can_not_be_made_and_keeps_the_form(team, mei, signed_in):
    empty = makers.project(team, "Empty")
    answer = post(signed_in(mei), empty, which="all")
    assert answer.status_code == 422
    assert "There is no panel here to export." in answer.content.decode()
    makers.panel(makers.scene(empty))
    answer = post(signed_in(mei), empty)
    assert "No panel has a picture yet." in answer.content.decode()
    assert not Export.objects.exists()


def test_it_greys_pdf_where_its_libraries_are_absent(board, mei, signed_in, monkeypatch):
    from studio.lib import packages

    monkeypatch.setattr(packages, "LIBRARIES", (("pango", "libno-such-thing.so.0", "libno-such-thing.dylib"),))
    sentence = packages.missing(packages.LIBRARIES)
    assert "pango" in sentence
    pdf.unavailable.cache_clear()
    monkeypatch.setattr(packages.missing, "__defaults__", (packages.LIBRARIES,))
    try:
        text = signed_in(mei).get(page("export_new", board)).content.decode()
        assert sentence in text
        assert 'value="pdf" id="export-pdf" checked disabled' in text
        assert post(signed_in(mei), board, format="pdf").status_code == 422
        assert post(signed_in(mei), board, format="zip").status_code == 302
    finally:
        pdf.unavailable.cache_clear()


@pytest.mark.parametrize("name", ["export_new", "exports"])
def test_it_hides_a_project_from_outsiders(board, outsider, signed_in, name):
    assert signed_in(outsider).get(page(name, board)).status_code == 404
    assert post(signed_in(outsider), board).status_code == 404
    assert not Export.objects.exists()


def test_it_hides_a_file_from_outsiders(board, mei, outsider, signed_in, client):
    post(signed_in(mei), board)
    export = actions.run(Export.objects.get().pk)
    for name in ("export", "export_download"):
        assert signed_in(outsider).get(page(name, export)).status_code == 404
        assert client.get(page(name, export)).status_code == 302
    assert signed_in(outsider).post(page("export_cancel", export)).status_code == 404


def test_it_lets_viewers_read_but_not_make(board, viktor, signed_in):
    client = signed_in(viktor)
    assert client.get(page("exports", board)).status_code == 200
    assert client.get(page("export_new", board)).status_code == 403
    assert post(client, board).status_code == 403


def test_it_lists_many_exports_in_a_constant_number_of_queries(board, mei, signed_in, django_assert_max_num_queries):
    client = signed_in(mei)
    Export.objects.bulk_create(
        Export(team=board.team, project=board, key=uuid.uuid4(), format="zip", state="done", created_by=mei)
        for _ in range(40)
    )
    client.get(page("exports", board))
    with django_assert_max_num_queries(8):
        client.get(page("exports", board))


def test_it_shows_a_hostile_title_as_text(team, mei, signed_in):
    project = makers.project(team, "<script>alert(1)</script>", client="{{ 7*7 }}")
    Panel.objects.filter(pk=makers.panel(makers.scene(project)).pk).update(action='"><img src=x onerror=alert(1)>')
    text = signed_in(mei).get(page("export_new", project)).content.decode()
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
    assert "{{ 7*7 }}" in text
