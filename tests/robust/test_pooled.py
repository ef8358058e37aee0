"""Behind a pooler: what it refuses or breaks is left out, and the worker's engine gets the server itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ASKED = """
import json
from studio import settings
from studio.lib import books
made = settings.DATABASES["default"]
print(json.dumps([made.get("OPTIONS", {}), made["DISABLE_SERVER_SIDE_CURSORS"], books.address()]))
"""
POOLER, SERVER = "postgresql://studio@pooler:6432/studio", "postgresql://studio@server:5432/studio"


def settings_with(tmp_path, **given):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "DATABASE_"))}
    environment = {**kept, "STUDIO_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "studio.settings", **given}
    made = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, check=True)
    return json.loads(made.stdout)


@pytest.mark.parametrize(
    ("given", "options", "without_cursors", "address"),
    [
        ({}, ["options"], False, POOLER),
        ({"DATABASE_POOLED": "yes", "DATABASE_DIRECT_URL": SERVER}, [], True, SERVER),
    ],
)
def test_it_connects_as_the_pooler_bears(tmp_path, given, options, without_cursors, address):
    found = settings_with(tmp_path, DATABASE_URL=POOLER, **given)
    assert [list(found[0]), *found[1:]] == [options, without_cursors, address]
