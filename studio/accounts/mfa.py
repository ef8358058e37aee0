"""How allauth keeps second steps in this house: secrets sealed with a key outside the database."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from studio.lib import signing


class SecondStepAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return signing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return signing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"a studio, {context.request.get_host()}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "a studio"}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What was changed stands in the audit log; allauth's own letters speak of pages that are not here."""
