"""Wrong combinations of settings, refused before the first request. Ids: studio.E001 …"""

from __future__ import annotations

from typing import Any

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
