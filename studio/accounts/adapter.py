"""How allauth behaves in this house: nobody signs up by themselves, refusals speak our words."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from studio.accounts.events import record

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail and password do not match.",
        "too_many_login_attempts": "Too many tries.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened where it happened; allauth's own toasts stay silent."""

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        record(
            verb="user.signed_in",
            team=None,
            actor=user,
            about="user",
            code=str(user.pk),
            at=self.get_client_ip(request),
        )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.info("A sign-in failed from %s", self.get_client_ip(request))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, "This account is switched off. An owner of the team can tell you more.")
        return redirect("sign_in")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count per address, whatever host name the request bears."""
        return f"studio:{credentials.get('email', '').lower()}"
