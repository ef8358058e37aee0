"""`manage.py run`: everything the studio needs on one machine, in one terminal. `make run` calls it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import hashlib
import logging
import os
import pwd
import shlex
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from studio.accounts import actions
from studio.accounts.models import Team, User
from studio.generation.actions import seed_from_environment
from studio.lib import env, packages
from studio.lib.supervisor import Child, Supervisor

HOST = "127.0.0.1"
SETTLING = 6.0  # seconds for the children of a killed run to let go of the port
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs the studio: web and worker, on this machine. Ctrl-C stops it."
    requires_system_checks: list[
        str
    ] = []  # asked for by hand below, once the database is there: those that need no page

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--with",
            dest="others",
            action="append",
            default=[],
            metavar="'NAME PROGRAM …'",
            help="one more program to keep running beside the studio, with its name; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        others = [Child(name, rest) for name, *rest in (shlex.split(one) for one in options["others"])]
        try:
            with only_run(settings.DATA / "run.lock") as unclean:
                self.start(unclean, others)
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def start(self, unclean: bool, others: Sequence[Child]) -> None:
        wait_for_port(settings.PORT, SETTLING if unclean else 0)
        packages.provide(
            note=settings.DATA / "packages.failed", say=self.say, install=not env.flag("STUDIO_SKIP_PACKAGES")
        )
        prepare_database()
        self.check(tags=[Tags.database, Tags.security, Tags.caches], databases=["default"])
        prepare_static(settings.STATIC_ROOT / ".signature")
        link = self.prepare_people()
        self.take_keys()
        connection.close()
        supervisor = Supervisor(
            [Child("web", ["studio.lib.web"]), Child("worker", ["manage.py", "worker"]), *others],
            folder=settings.BASE_DIR,
            environment={"PORT": str(settings.PORT), "STUDIO_DATA": str(settings.DATA), **packages.environment()},
        )
        supervisor.run(ready=lambda: listens(settings.PORT), on_ready=lambda: self.greet(link))

    def prepare_people(self) -> str:
        """The owner's way in: a one-time link, on the first start and for as long as there is no password."""
        if not User.objects.exists():
            owner = actions.found_studio(name=who_runs_this())
            if env.flag("STUDIO_SAMPLE", True):
                self.load_sample(owner)
        else:
            found = User.objects.filter(memberships__role="owner", is_active=True).order_by("pk").first()
            if found is None or found.has_usable_password():
                return ""
            owner = found
        return f"{settings.PUBLIC_URL}/enter/{actions.make_sign_in_link(user=owner)}/"

    def take_keys(self) -> None:
        """Accounts for the keys of services that stand in the environment, in the oldest team."""
        team = Team.objects.order_by("pk").first()
        for account in seed_from_environment(team=team) if team else []:
            self.say(f"{account}: its key is taken from {account.from_environment}.")

    def load_sample(self, owner: User) -> None:
        from studio.sample import (
            actions as sample,  # here, because it brings NumPy: every later start is quicker without
        )

        self.say("Drawing the sample project, once …")
        try:
            sample.load(team=owner.teams.get(), by=owner)
        except Exception:  # the studio is worth starting without its sample, and the log says why it is missing
            log.exception("The sample project could not be made")

    def greet(self, link: str) -> None:
        self.say(f"\nThe studio is at {settings.PUBLIC_URL}/   (Ctrl-C stops it)")
        if link:
            self.say(f"Sign in, once, within {settings.SIGN_IN_LINK_MINUTES} minutes: {link}\n")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextlib.contextmanager
def only_run(path: Path) -> Iterator[bool]:
    """Hold the data folder; yields whether the run before was killed. Raises CommandError while another run holds it."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(
                f"The studio is already running on {settings.DATA}. Stop it first, or set STUDIO_DATA to another folder."
            ) from None
        file.seek(0)
        unclean = bool(file.read().strip())
        _write(file, str(os.getpid()))
        yield unclean
        _write(file, "")


def _write(file: IO[str], text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def wait_for_port(port: int, patience: float) -> None:
    """Raises CommandError when something else listens there."""
    deadline = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return
            except OSError as error:
                if error.errno == errno.EACCES:
                    raise CommandError(f"Port {port} is not for this user. Try PORT=8001 make run.") from None
                if time.monotonic() > deadline:
                    raise CommandError(
                        f"Port {port} is taken by another program. Try PORT={port + 1} make run."
                    ) from None
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((HOST, port)) == 0


def prepare_database() -> None:
    """Migrate, if anything is left to apply. Raises CommandError where the database does not answer."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise CommandError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None


def prepare_static(signature: Path) -> None:
    """Collect the static files, if one of them changed since the last time."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            found = os.stat(storage.path(path))
            digest.update(f"{path}:{found.st_mtime_ns}:{found.st_size}\n".encode())
    if signature.exists() and signature.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    signature.write_text(digest.hexdigest())


def who_runs_this() -> str:
    """A name for the first user: the system's full name or login; root is nobody's name."""
    try:
        full = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
        login = getpass.getuser()
    except (KeyError, OSError):
        return "Owner"
    if os.getuid() == 0 or login == "root":
        return "Owner"
    return (full or login.capitalize())[:80]
