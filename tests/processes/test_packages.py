"""What PDF needs of the system: said in one sentence, installed where we may, tried once a day."""

from __future__ import annotations

import datetime as dt
import os
import stat

import pytest

from studio.lib import packages

ABSENT = [("nothing", "libthere-is-no-such.so.9", "libthere-is-no-such.9.dylib")]


def test_it_is_content_with_what_it_finds():
    assert packages.missing([("the C library", "libc.so.6", "libSystem.dylib")]) == ""


def test_it_names_what_is_missing_and_the_remedy():
    words = packages.missing(ABSENT)
    assert words.startswith("PDF needs nothing on this machine: ")
    assert "pango" in words
    assert "\n" not in words


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """An apt-get of our own, first on PATH, that writes down how it was called and ends as told."""
    if packages.MAC:
        pytest.skip("apt-get is Debian's")
    calls = tmp_path / "calls"
    for name in ("apt-get", "sudo"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        last = 'exec "$@"' if name == "sudo" else 'exit "${APT_ENDS:-0}"'
        shift = 'shift; [ "$1" = true ] && exit 0;' if name == "sudo" else ""
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\n{shift}\n{last}\n')
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return lambda: (
        [line for line in calls.read_text().splitlines() if line.startswith("apt-get")] if calls.exists() else []
    )


def test_it_installs_once_and_says_so(manager, tmp_path):
    said = []
    packages.provide(note=tmp_path / "note", say=said.append, libraries=ABSENT)
    assert [call.split()[2] for call in manager()] == ["update", "install"]
    assert "libpango-1.0-0" in manager()[1]
    assert said[0].startswith("Installing text layout and fonts for PDF")
    assert said[1].startswith("PDF needs"), "the library is still not there, and that is said"


def test_it_does_not_repeat_a_failed_try_that_day(manager, tmp_path, monkeypatch):
    monkeypatch.setenv("APT_ENDS", "100")
    note, said = tmp_path / "note", []
    packages.provide(note=note, say=said.append, libraries=ABSENT)
    packages.provide(note=note, say=said.append, libraries=ABSENT)
    assert len(manager()) == 1
    assert said[-1].startswith("PDF needs")
    note.write_text((dt.date.today() - dt.timedelta(days=1)).isoformat())
    packages.provide(note=note, say=said.append, libraries=ABSENT)
    assert len(manager()) == 2


def test_it_leaves_the_system_alone_when_told(manager, tmp_path):
    said = []
    packages.provide(note=tmp_path / "note", say=said.append, libraries=ABSENT, install=False)
    assert not manager()
    assert len(said) == 1
