"""Another key for what is kept sealed: make one, seal everything with it, forget the older ones."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.generation.resealing import Resealed, reseal
from studio.lib import engine, env

STALE = 3
MAKE = "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"


class Command(BaseCommand):
    help = (
        "Seal the keys of all engine accounts with the newest encryption key. First --new and a restart, so that what runs knows the "
        "new key; then without options; then --forget. Safe to repeat."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        step = parser.add_mutually_exclusive_group()
        step.add_argument("--new", action="store_true", help="only put a new key before the others in the key file")
        step.add_argument("--forget", action="store_true", help="drop all but the newest key from the key file")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        step = self.new if options["new"] else self.forget if options["forget"] else self.seal
        told = step()
        lost = told.pop("lost", [])
        words = told.pop("words")
        if options["json"]:
            self.stdout.write(json.dumps({**told, "lost": lost}, indent=2))
        else:
            self.stdout.write(words)
            for one in lost:
                self.stdout.write(f"  No key opens {one}. Enter it anew, or bring the old key back.")
        if lost:
            raise CommandError(f"{len(lost)} could not be opened.", returncode=1)

    def new(self) -> dict[str, Any]:
        path, keys = _file(), list(settings.ENCRYPTION_KEYS)
        found = reseal(only_look=True)
        if found.moved:
            raise CommandError(
                f"{found.moved} {_values(found.moved)} not sealed with the newest key yet. Restart the studio, run rotatekeys, "
                "then make another.",
                returncode=1,
            )
        env.replace_keys(path, [Fernet.generate_key().decode(), *keys])
        return {
            "keys": len(keys) + 1,
            "words": f"A new key stands first in {path}. Restart the studio so that it knows it, then run rotatekeys.",
        }

    def seal(self) -> dict[str, Any]:
        if reseal(only_look=True).moved and _worker_is_older():
            raise CommandError(
                "The studio that runs here was started before the newest key was made and could not open what is sealed with it. "
                "Restart it, then run this again.",
                returncode=STALE,
            )
        done = reseal()
        return {"moved": done.moved, "already": done.already, "lost": done.lost, "words": _words(done)}

    def forget(self) -> dict[str, Any]:
        path, keys = _file(), list(settings.ENCRYPTION_KEYS)
        found = reseal(only_look=True)
        if found.moved or found.lost:
            raise CommandError(
                f"{found.moved + len(found.lost)} {_values(found.moved + len(found.lost))} not sealed with the newest key. "
                "Run rotatekeys first.",
                returncode=1,
            )
        env.replace_keys(path, keys[:1])
        dropped = len(keys) - 1
        return {
            "dropped": dropped,
            "words": f"{dropped} older {'key' if dropped == 1 else 'keys'} dropped from {path}.",
        }


def _file() -> Path:
    """The key file. Raises CommandError where the keys stand in the environment instead."""
    if env.text("STUDIO_ENCRYPTION_KEYS"):
        raise CommandError(
            "The keys stand in STUDIO_ENCRYPTION_KEYS, newest first, and are changed there. A new one is made by: "
            f'python -c "{MAKE}"',
            returncode=1,
        )
    return Path(settings.DATA / "keys" / "encryption.key")


def _worker_is_older() -> bool:
    """Whether a worker runs on this data folder that began before the key file was last written. False where nobody can tell."""
    pid = engine.running_worker()
    try:
        began = Path(f"/proc/{pid}").stat().st_mtime
        written = (settings.DATA / "keys" / "encryption.key").stat().st_mtime
    except OSError:
        return False
    return not env.text("STUDIO_ENCRYPTION_KEYS") and began < written


def _values(count: int) -> str:
    return "value is" if count == 1 else "values are"


def _words(done: Resealed) -> str:
    if not done.moved and not done.already and not done.lost:
        return "Nothing is kept sealed."
    return f"{done.moved} sealed anew with the newest key, {done.already} {'was' if done.already == 1 else 'were'} already."
