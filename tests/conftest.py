"""The cast: one team with a person in each role, and an outsider with a team of their own."""

from __future__ import annotations

import itertools
import os
import shutil
import threading

import pytest
from django.db import connections
from django.test import Client

from tests import makers

_folders = itertools.count(1)


def pytest_unconfigure(config):
    shutil.rmtree(os.environ["STUDIO_DATA"], ignore_errors=True)  # made by settings for this run


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On SQLite tests with transactions of their own are cleared by DELETE, which the audit log refuses."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER studio_auditentry_no_delete")


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


@pytest.fixture
def tabs():
    """`tabs(user, **headers)` gives `at_once(path, forms)`: all forms posted at the same moment; the statuses, sorted."""

    def opened(user, **headers):
        owner = Client()
        owner.force_login(user)

        def at_once(path, forms):
            gate, answers = threading.Barrier(len(forms)), []

            def one(form):
                client = Client(headers=headers, raise_request_exception=False)
                client.cookies = owner.cookies
                gate.wait()
                try:
                    answers.append(client.post(path, form).status_code)
                finally:
                    connections.close_all()

            threads = [threading.Thread(target=one, args=(form,)) for form in forms]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return sorted(answers)

        return at_once

    return opened


@pytest.fixture(autouse=True)
def _cheap_clients(settings):
    """Each client loads the middleware, and WhiteNoise would read the whole static folder each time."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _pictures_from_the_start():
    """The same drawings in every test, so that each is opened once a run."""
    makers.start_over()


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_its_own(settings, request):
    """In the test's own folder where it has one. Made when the first file is written; most tests write none."""
    own = "tmp_path" in request.fixturenames
    home = request.getfixturevalue("tmp_path") if own else settings.DATA / f"test-{next(_folders)}"
    folder = str(home / "media")
    settings.MEDIA_ROOT = folder
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        },
    }
