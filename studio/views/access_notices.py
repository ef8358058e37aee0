"""Notices, webhooks and their deliveries, with the permission to see or change them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from studio.accounts.rights import Right
from studio.notices.models import Delivery, Hook, Notice
from studio.views import access


def notice_for(request: HttpRequest, code: str) -> Notice:
    """One of one's own, while one is in its team."""
    found = access._fetch(request, Notice.objects.select_related("team"), Right.SEE, code=code)
    if found.user_id != access.me(request).pk:
        raise PermissionDenied("This was told to somebody else.")
    return found


def hook_for(request: HttpRequest, code: str, right: Right = Right.ADMIN) -> Hook:
    return access._fetch(request, Hook.objects.select_related("team").filter(deleted=None), right, code=code)


def delivery_for(request: HttpRequest, code: str, right: Right = Right.ADMIN) -> Delivery:
    rows = Delivery.objects.select_related("hook__team").filter(hook__deleted=None)
    return access._fetch(request, rows, right, "hook__team_id", code=code)
