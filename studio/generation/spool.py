"""Pictures that an engine gave at once, kept until they are takes: it cannot be asked for them a second time.

Written before any row says that they came, in the studio's own storage, so that another machine finds them too. A file is a line
of JSON and the picture's bytes.
"""

from __future__ import annotations

import json
import logging
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from studio.providers.base import ImageResult, Picture

logger = logging.getLogger("studio.spool")


def put(key: str, result: ImageResult) -> None:
    """Keep the first picture of a result under the attempt's key. Raises OSError where the disk does not take it."""
    if not result.pictures:
        return
    first = result.pictures[0]
    head = {
        "mime": first.mime,
        "seed": first.seed,
        "cost": None if result.cost is None else str(result.cost),
        "request_id": result.request_id,
        "size": len(first.data),
    }
    drop(key)
    storages["default"].save(_path(key), ContentFile(json.dumps(head).encode() + b"\n" + first.data))


def get(key: str) -> ImageResult | None:
    """What was kept, or None: nothing there, or not whole."""
    storage = storages["default"]
    try:
        with storage.open(_path(key)) as file:
            line, _, data = file.read().partition(b"\n")
        head = json.loads(line)
    except (OSError, ValueError):
        return None
    if not data or len(data) != head.get("size"):
        return None
    cost = None if head["cost"] is None else Decimal(head["cost"])
    return ImageResult((Picture(data, head["mime"], head["seed"]),), cost=cost, request_id=head["request_id"])


def drop(key: str) -> None:
    """Forget it: the take is there."""
    try:
        storages["default"].delete(_path(key))
    except OSError as error:
        logger.warning("A spooled picture stays behind: %s", error)


def _path(key: str) -> str:
    return f"spool/{key}"
