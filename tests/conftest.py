"""The cast: one team with a person in each role, and an outsider with a team of their own."""

from __future__ import annotations

import os
import tempfile

# Before settings are read: tests keep their state in a folder of their own.
os.environ["STUDIO_DATA"] = tempfile.mkdtemp(prefix="studio-tests-")
for name in ("STUDIO_PUBLIC_URL", "STUDIO_DEBUG", "STUDIO_HOSTS", "STUDIO_SECRET_KEY", "EMAIL_HOST"):
    os.environ.pop(name, None)

import pytest
from django.test import Client

from tests import makers


@pytest.fixture
def team(db):
    return makers.team("Harbour Pictures")


@pytest.fixture
def ada(team):
    """The owner."""
    return makers.member(team, "Ada Osei", "owner")


@pytest.fixture
def pavel(team):
    """A producer."""
    return makers.member(team, "Pavel Novak", "producer")


@pytest.fixture
def mei(team):
    """An artist."""
    return makers.member(team, "Mei Tan", "artist")


@pytest.fixture
def rosa(team):
    """A reviewer."""
    return makers.member(team, "Rosa Lind", "reviewer")


@pytest.fixture
def viktor(team):
    """A viewer."""
    return makers.member(team, "Viktor Hale", "viewer")


@pytest.fixture
def outsider(db):
    """The owner of another team: sees nothing of ours."""
    return makers.member(makers.team("Other House"), "Otis Vane", "owner")


@pytest.fixture
def signed_in():
    """`signed_in(user)` gives a client."""

    def sign_in(user, **headers):
        client = Client(headers=headers)
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media"), "base_url": None},
        },
    }
