"""What a person sets for themselves: name, address, theme, keys."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from studio.accounts import mail
from studio.accounts.actions import Refused
from studio.accounts.events import record
from studio.accounts.models import User


def save_profile(*, user: User, name: str, email: str, theme: str, letter_keys: bool) -> None:
    """Raises Refused when the address is somebody else's. The caller has asked for the password where the address changes."""
    before = User.objects.values_list("email", flat=True).filter(pk=user.pk).first()
    user.name, user.email, user.theme, user.letter_keys = name, email.lower(), theme, letter_keys
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "email", "theme", "letter_keys"])
            if user.email != before:
                record(verb="user.email", team=None, actor=user, about="user", code=str(user.pk), before=before)
                mail.warn(to=before or "", said=f"Your address was changed to {user.email}")  # to the one before
    except IntegrityError as error:
        user.email = before or user.email
        raise Refused("Somebody here signs in with this address already.") from error


def set_theme(*, user: User, theme: str) -> None:
    User.objects.filter(pk=user.pk).update(theme=theme)


def set_letter_keys(*, user: User, on: bool) -> None:
    User.objects.filter(pk=user.pk).update(letter_keys=on)
