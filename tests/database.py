"""The test database on SQLite: migrated once, then copied. Migrating took longer than a hundred tests, in each process."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import sqlite3
from pathlib import Path

import django
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.backends.signals import connection_created

PROJECT = Path(__file__).parent.parent
KEPT = (
    PROJECT / ".pytest_cache" / "d" / "database"
)  # `pytest --cache-clear` throws it away; a run without that cache has it too
STAY = {"django_content_type", "auth_permission"}  # say what models there are
MADE_OF = ("migrations", "models", "models.py", "lib", "settings.py", "apps.py")  # and of what stands in requirements/


def stand_in(connection, migrate):
    """Points the connection at a copy of the migrated database. `migrate` makes one where there is none yet."""
    connection_created.connect(_hurry)
    connection.close()
    KEPT.mkdir(parents=True, exist_ok=True)
    mould = KEPT / f"{_fingerprint()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process makes it, the others wait
        if not mould.exists():
            migrate()
            _cast(connection, mould)
            return
        name = connection.creation._get_test_db_name()
        shutil.copyfile(mould, name)
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name


def _cast(connection, mould):
    for old in mould.parent.glob("*.sqlite3"):
        old.unlink()
    fresh = mould.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    fresh.rename(mould)


def _fingerprint():
    found = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    files = [*PROJECT.glob("requirements/*.txt"), *PROJECT.glob("studio/**/*.py")]
    for path in sorted(files):
        if path.suffix == ".txt" or set(path.relative_to(PROJECT).parts) & set(MADE_OF):
            found.update(f"{path.relative_to(PROJECT)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:32]


def _hurry(sender, connection, **kwargs):
    """No test pulls the plug, so none waits for the disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


@contextlib.contextmanager
def kept():
    """Rows that all tests of a module start from: each test is a savepoint within this transaction, which never ends well."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def emptied(case):
    """After a test with transactions of its own: only tables that have rows are emptied.

    Django empties all, and then writes content types and permissions anew, which takes longer than most tests.
    """
    for name in case._databases_names(include_mirrors=False):
        connection = connections[name]
        tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - STAY)
        with connection.cursor() as cursor:
            asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
            cursor.execute(asked)
            written = [table for (table,) in cursor.fetchall()]
        if written:
            cascade = (
                connection.vendor == "postgresql"
            )  # which truncates no table that another, even an empty one, refers to
            connection.ops.execute_sql_flush(
                connection.ops.sql_flush(no_style(), written, reset_sequences=False, allow_cascade=cascade)
            )
