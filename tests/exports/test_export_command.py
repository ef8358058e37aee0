"""`manage.py export`: a whole file in its place, or an exit code that says why not."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from studio.exports.models import Export
from studio.management.progress import Progress
from tests import makers
from tests.exports.conftest import needs_pdf


def run(*args, **kwargs):
    out = io.StringIO()
    call_command("export", *args, stdout=out, **kwargs)
    return out.getvalue()


@needs_pdf
def test_it_writes_the_pdf_and_tells_it_as_json(board, tmp_path):
    told = json.loads(run(board.code, "--out", str(tmp_path / "board.pdf"), "--json"))
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")
    assert told["file"] == str(tmp_path / "board.pdf")
    assert told["bytes"] == (tmp_path / "board.pdf").stat().st_size
    assert (told["format"], told["pieces"]) == ("pdf", 2)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["board.pdf"]


def test_it_finds_a_project_by_its_title_and_names_the_file_in_a_folder(board, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    run("LAST LIGHT", "--format", "zip", "--scene", "2", "--out", str(folder))
    (file,) = folder.iterdir()
    assert file.name.startswith("last-light_pictures_")
    assert len(zipfile.ZipFile(file).namelist()) == 4


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["nothing", "--out", "x"], 2, "No project is called nothing"),
        (["{code}", "--scene", "9", "--out", "x"], 2, "has no scene 9"),
        (["{code}", "--format", "zip", "--out", "/no/such/folder/x.zip"], 4, "could not be written"),
    ],
)
def test_it_says_why_not_by_exit_code(board, args, code, words):
    with pytest.raises(CommandError, match=words) as refused:
        run(*[arg.format(code=board.code) for arg in args])
    assert refused.value.returncode == code


def test_it_fails_with_the_remedy(team, tmp_path):
    empty = makers.project(team, "Empty")
    with pytest.raises(CommandError, match=r"No panel has a picture yet\. Draw some") as refused:
        run(empty.code, "--format", "zip", "--out", str(tmp_path / "x.zip"))
    assert refused.value.returncode == 1
    assert not (tmp_path / "x.zip").exists()
    assert Export.objects.get().state == "failed"


def test_it_refuses_two_projects_of_one_name(team, tmp_path):
    makers.project(team, "Twin")
    makers.project(team, "Twin")
    with pytest.raises(CommandError, match="Several projects are called Twin"):
        run("Twin", "--out", str(tmp_path / "x"))


def test_it_rewrites_one_line_on_a_terminal_and_is_silent_in_a_pipe():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen, pipe = Terminal(), io.StringIO()
    for stream in (screen, pipe):
        progress = Progress(OutputWrapper(stream))
        for done in range(4):
            progress("Pages", done, 3)
        progress.end()
    assert pipe.getvalue() == ""
    assert "3 of 3" in screen.getvalue()
    assert "\n" not in screen.getvalue()
    assert screen.getvalue().count("\r") == 6
