"""The cast: one team with a person in each role, and an outsider with a team of their own."""

from __future__ import annotations

import contextlib
import copy
import gc
import importlib
import itertools
import os
import shutil
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase, override_settings

from tests import database, makers

_folders = itertools.count(1)


def pytest_unconfigure(config):
    shutil.rmtree(os.environ["STUDIO_DATA"], ignore_errors=True)  # made by settings for this run


def pytest_collection(session):
    """Processes side by side begin with different files, so that each finds compiled what the others began with."""
    at, of = (
        int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]),
        int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")),
    )
    if at == 0 or sys.dont_write_bytecode or session.config.args != session.config.getini("testpaths"):
        return
    files = sorted(Path(__file__).parent.glob("*/test_*.py"))
    for path in files[len(files) * at // of :]:
        with contextlib.suppress(Exception):  # what cannot be loaded is told when its turn comes
            importlib.import_module(f"tests.{path.parent.name}.{path.stem}")


def pytest_collection_finish(session):
    """What is loaded by now stays to the end: no need to look through it again and again for what could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A migrated database, made once for all processes of a run, and again only when what it is made of has changed."""
    from django.db import connection

    def migrate():
        request.getfixturevalue("django_db_setup")  # pytest-django's own

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            database.stand_in(connection, migrate)
            with connection.cursor() as cursor:  # tests with transactions of their own are cleared by DELETE
                cursor.execute("DROP TRIGGER studio_auditentry_no_delete")
        else:
            migrate()
    TransactionTestCase._fixture_teardown = database.emptied


@pytest.fixture
def team(db):
    return makers.team("Harbour Pictures")


@pytest.fixture
def ada(team):
    """The owner."""
    return makers.member(team, *makers.PEOPLE["ada"])


@pytest.fixture
def pavel(team):
    """A producer."""
    return makers.member(team, *makers.PEOPLE["pavel"])


@pytest.fixture
def mei(team):
    """An artist."""
    return makers.member(team, *makers.PEOPLE["mei"])


@pytest.fixture
def rosa(team):
    """A reviewer."""
    return makers.member(team, *makers.PEOPLE["rosa"])


@pytest.fixture
def viktor(team):
    """A viewer."""
    return makers.member(team, *makers.PEOPLE["viktor"])


@pytest.fixture
def outsider(db):
    """The owner of another team: sees nothing of ours."""
    return makers.member(makers.team("Other House"), *makers.OUTSIDER)


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
    for name, value in _media(home / "media").items():
        setattr(settings, name, value)


def _media(folder):
    from django.conf import settings

    options = {"location": str(folder), "base_url": None}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return {"MEDIA_ROOT": str(folder), "STORAGES": {**settings.STORAGES, "default": files}}


@pytest.fixture(scope="module")
def _houses(django_db_setup, django_db_blocker, tmp_path_factory):
    from tests.access import world

    folder = tmp_path_factory.mktemp("houses") / "media"
    with django_db_blocker.unblock(), database.kept():
        with override_settings(**_media(folder)):
            built = world.houses()
        yield SimpleNamespace(**vars(built), folder=folder)


@pytest.fixture
def houses(_houses, db, settings):
    """Two teams with one of everything, made once for a module; what a test does to their rows and files is undone after it.

    Not for tests with transactions of their own, nor beside them in one file.
    """
    shutil.copytree(_houses.folder, settings.MEDIA_ROOT)
    return copy.deepcopy(_houses)
