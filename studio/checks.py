"""Wrong combinations of settings, refused before the first request. Ids: studio.E001 …"""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.database)
def sqlite_is_durable(app_configs: Any = None, **_: Any) -> list[Error]:
    """With Django's defaults a third of concurrent writes fail and a power cut may lose a committed spend."""
    database = settings.DATABASES["default"]
    if "sqlite3" not in database["ENGINE"]:
        return []
    options = database.get("OPTIONS", {})
    init = options.get("init_command", "").replace(" ", "").lower()
    if options.get("transaction_mode") == "IMMEDIATE" and "journal_mode=wal" in init and "synchronous=full" in init:
        return []
    return [
        Error(
            "SQLite needs transaction_mode IMMEDIATE, WAL and synchronous=FULL.",
            hint="Take studio/settings.py's options.",
            id="studio.E001",
        )
    ]


@register(Tags.security)
def hosts_are_named(app_configs: Any = None, **_: Any) -> list[Error]:
    """A wildcard host lets anybody's name stand in our links."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("STUDIO_HOSTS holds a wildcard.", hint="Name the hosts, comma between them.", id="studio.E002")]


@register(Tags.security)
def debug_stays_home(app_configs: Any = None, **_: Any) -> list[Error]:
    """Debug pages show settings and source to whoever asks."""
    if not (settings.DEBUG and settings.SECURE):
        return []
    return [
        Error("STUDIO_DEBUG is on while STUDIO_PUBLIC_URL is https.", hint="Turn one of them off.", id="studio.E003")
    ]


@register(Tags.security)
def encryption_keys_fit(app_configs: Any = None, **_: Any) -> list[Error]:
    """With a key that is none nothing could be sealed, and the first who enters an engine's key would find out."""
    wrong = [number for number, key in enumerate(settings.ENCRYPTION_KEYS, 1) if not _is_key(key)]
    if settings.ENCRYPTION_KEYS and not wrong:
        return []
    which = f"Encryption key {wrong[0]} is none." if wrong else "There is no encryption key."
    hint = "Keys stand in STUDIO_ENCRYPTION_KEYS, newest first, space between them, or in keys/encryption.key."
    return [Error(which, hint=f"{hint} docs/engines.md says how one is made.", id="studio.E004")]


@register(Tags.security)
def catalogue_reads(app_configs: Any = None, **_: Any) -> list[Error]:
    """A price table that cannot be read would be found out by the first who draws."""
    from studio.providers import catalog

    try:
        catalog.read()
    except (OSError, ValueError) as wrong:
        return [
            Error(
                f"The catalogue cannot be read: {wrong}",
                hint="Mend the file that STUDIO_CATALOG names, or take the variable out: then the studio’s own prices count.",
                id="studio.E005",
            )
        ]
    return []


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
