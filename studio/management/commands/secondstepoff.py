"""For somebody who has lost phone, keys and recovery codes: forget their second steps, so that a password or a link lets them in."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.accounts import second_step
from studio.accounts.models import User


class Command(BaseCommand):
    help = "Forget the passkeys, codes and recovery codes of one person. Be sure that it is they who ask."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody here has that address.", returncode=1)
        gone = second_step.forget_all(user=user)
        self.stdout.write(
            "Forgotten. A password or a one-time link signs them in." if gone else "There was nothing to forget."
        )
