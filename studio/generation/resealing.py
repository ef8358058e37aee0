"""Encrypting again what is kept sealed, with the newest of the encryption keys. Nothing is shown, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from studio.lib import signing

ENDING = "_sealed"  # every field that keeps something sealed is called so


@dataclass
class Resealed:
    """Counts of values: `moved` now, `already` with the newest key, and in words the ones that no key opens."""

    moved: int = 0
    already: int = 0
    lost: list[str] = field(default_factory=list)


def fields() -> Iterator[tuple[type[Model], str]]:
    """Every sealed field of every model."""
    for model in apps.get_app_config("studio").get_models():
        for one in model._meta.concrete_fields:
            if one.name.endswith(ENDING):
                yield model, one.name


def reseal(*, only_look: bool = False) -> Resealed:
    """Seal everything with the newest key; safe to repeat and to break off. A value that changes meanwhile is left as it became.

    With `only_look` nothing is written, and `moved` is what would be.
    """
    done = Resealed()
    for model, name in fields():
        rows: Any = model._default_manager.exclude(**{name: ""})
        for pk, sealed in rows.values_list("pk", name).iterator():
            if signing.is_newest(sealed):
                done.already += 1
                continue
            try:
                text = signing.unseal(sealed)
            except InvalidToken:
                done.lost.append(f"{model._meta.verbose_name} {pk}, {name.removesuffix(ENDING)}")
                continue
            if only_look or rows.filter(**{"pk": pk, name: sealed}).update(**{name: signing.seal(text)}):
                done.moved += 1
    _second_steps(done, only_look=only_look)
    return done


def _second_steps(done: Resealed, *, only_look: bool) -> None:
    """The secrets of apps and of recovery codes, which allauth keeps inside a JSON field."""
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        for name in {"secret", "seed"} & set(row.data):
            if signing.is_newest(row.data[name]):
                done.already += 1
                continue
            try:
                text = signing.unseal(row.data[name])
            except InvalidToken:
                done.lost.append(f"second step {row.pk} of user {row.user_id}")
                continue
            if not only_look:
                with transaction.atomic():
                    held = Authenticator.objects.select_for_update().get(pk=row.pk)
                    held.data[name] = signing.seal(text)
                    held.save(update_fields=["data"])
            done.moved += 1
