"""How allauth behaves in this house: nobody signs up by themselves, refusals speak our words."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from studio.accounts import limits
from studio.accounts.events import record
from studio.accounts.models import User

log = logging.getLogger(__name__)
STEPS = {"webauthn": "passkey", "totp": "code", "recovery_codes": "recovery code"}  # in words, for the log


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
            how=_how(request, user),
        )

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is kept only where it is somebody's address: people type passwords into the wrong field."""
        log.info("A sign-in failed from %s", self.get_client_ip(request))
        user = User.objects.filter(email=credentials.get("email", "").strip().lower()).first()
        record(verb="user.refused", team=None, actor=user, about="user", code=str(user.pk) if user else "")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, "This account is switched off. An owner of the team can tell you more.")
        return redirect("sign_in")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counted in the database instead of allauth's cache, which each process has for itself."""
        key = limits.sign_in_key(credentials.get("email", ""))
        if not limits.allowed(request, "login_failed", key):
            raise self.validation_error("too_many_login_attempts")
        self._counted = (request, "login_failed", key)

    def _rollback_login_failed_rl_usage(self) -> None:
        limits.give_back(*self._counted)


def _how(request: HttpRequest, user: Any) -> list[str]:
    """The steps of this sign-in: password, link, passkey, code, recovery code."""
    steps = get_authentication_records(request, user)
    names = [str(step.get("type") if step["method"] == "mfa" else step["method"]) for step in steps]
    return list(dict.fromkeys(STEPS.get(name, name) for name in names))
