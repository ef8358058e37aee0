"""A request as our middleware leaves it, for annotations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """`htmx` is from django-htmx, `user` one of ours (views/access.py has turned visitors away), `membership` from access."""

    htmx: HtmxDetails
    user: Any
    membership: Any
