"""What a person proves themselves with besides a password: passkeys, codes of an app, recovery codes.

allauth keeps them and checks them; here stand the verbs. Each leaves an event, so that the audit log has it.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.webauthn import AttestedCredentialData, ResidentKeyRequirement, UserVerificationRequirement

from studio.accounts import audit_words, mail
from studio.accounts.actions import Refused
from studio.accounts.events import record
from studio.accounts.models import Membership, Team, User
from studio.accounts.rights import Role

log = logging.getLogger(__name__)
PASSKEY, CODES, RECOVERY = Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
GRACE = dt.timedelta(days=7)  # for owners, once everyone is asked
MOST = 20  # passkeys of one person
# What reading a credential that somebody made up may raise, besides allauth's own refusal.
MADE_UP = (ValidationError, TypeError, ValueError, LookupError, AttributeError, struct.error, InvalidSignature, OverflowError)  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """What one person has set up."""

    passkeys: list[Authenticator]
    codes: Authenticator | None
    recovery_left: int | None  # None: no recovery codes were made

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.codes)


def steps_of(user: User) -> Steps:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    recovery = next((row for row in rows if row.type == RECOVERY), None)
    left = _unused(recovery) if recovery else None
    return Steps([row for row in rows if row.type == PASSKEY], codes, left)


def kinds(users: Iterable[int]) -> dict[int, set[str]]:
    """By user, which kinds they have set up. One query."""
    found: dict[int, set[str]] = {}
    for user, kind in Authenticator.objects.filter(user__in=users).values_list("user_id", "type"):
        found.setdefault(user, set()).add(kind)
    return found


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=[PASSKEY, CODES]).exists()


def grace_until(member: Membership) -> dt.datetime | None:
    """How long an owner may go on without one: who turned it on must be able to turn it off again."""
    since = member.team.second_step_since
    return since + GRACE if since and member.role == Role.OWNER else None


def asked_of(member: Membership) -> bool:
    """Whether the team asks this person for a second factor now. Without a query."""
    until = grace_until(member)
    return member.team.second_step_since is not None and (until is None or until <= timezone.now())


def lacking(team: Team) -> list[User]:
    """Who of the team has none yet."""
    people = [member.user for member in Membership.objects.with_people(team)]
    set_up = kinds([user.pk for user in people])
    return [user for user in people if not set_up.get(user.pk, set()) & {PASSKEY, CODES}]


def signs_in_with(user: User, set_up: dict[int, set[str]]) -> tuple[str, bool]:
    """In words, and whether that is a password or a link alone."""
    has = set_up.get(user.pk, set())
    first = "password" if user.has_usable_password() else "one-time link"
    if PASSKEY in has:
        return "Passkey", False
    if CODES in has:
        return f"{first.capitalize()} and code", False
    return first.capitalize(), True


def passkeys_possible(request: HttpRequest) -> bool:
    """Browsers make passkeys for a host name and over a safe line only; `localhost` counts as one."""
    host = request.get_host()
    name = host[: host.rfind(":")] if host.rpartition(":")[2].isdigit() else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return request.is_secure() or name == "localhost" or name.endswith(".localhost")
    return False


def readable(rows: Iterable[Authenticator]) -> list[tuple[AttestedCredentialData, Authenticator]]:
    """The passkeys that can be used. One whose stored half cannot be read must not take the others with it."""
    found = []
    for row in rows:
        try:
            data = row.wrap().authenticator_data.credential_data
        except MADE_UP:
            log.error("The stored passkey %s cannot be read", row.pk)
        else:
            if data:
                found.append((data, row))
    return found


def _passkeys(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=PASSKEY).order_by("pk"))


def begin_passkey(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey. The challenge is kept in the session."""
    options, state = webauthn.get_server().register_begin(
        user=webauthn.build_user_payload(user),
        credentials=[data for data, _ in readable(_passkeys(user))],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions=webauthn.EXTENSIONS,
    )
    webauthn.set_state(state)
    return dict(options)


def add_passkey(*, user: User, name: str, credential: Any) -> list[str]:
    """Keep a passkey that the browser has just made. Recovery codes, where they are the first. Raises Refused."""
    try:
        webauthn.parse_registration_response(credential)
        verified = webauthn.complete_registration(credential).is_user_verified()
    except MADE_UP:
        raise Refused("The passkey could not be read. Nothing was added; try once more.") from None
    if not verified:
        raise Refused("This key did not check that it is you: set a PIN or a fingerprint on it, then try again.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=PASSKEY).count() >= MOST:
            raise Refused(f"{MOST} passkeys are the most. Remove one first.")
        row = webauthn.WebAuthn.add(user, name, credential).instance
        _note("user.passkey_added", user, name=name, id=row.pk)
        return _first_recovery_codes(user)


def rename_passkey(*, passkey: Authenticator, name: str) -> None:
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=passkey.pk)
        was = held.data.get("name", "")
        if was != name:
            held.data["name"] = name
            held.save(update_fields=["data"])
            _note("user.passkey_renamed", held.user, was=was, name=name, id=held.pk)


@transaction.atomic
def remove_passkey(*, passkey: Authenticator) -> None:
    user, name = passkey.user, passkey.data.get("name", "")
    if Authenticator.objects.filter(pk=passkey.pk).delete()[0]:
        _note("user.passkey_removed", user, name=name, id=passkey.pk)
        _drop_lonely_codes(user)


def turn_on_codes(*, user: User, secret: str, code: str) -> list[str]:
    """From now on a code of the app is asked for. Recovery codes, where they are the first. Raises Refused."""
    if not validate_totp_code(secret, _plain(code)):
        raise Refused("This code does not fit. Type the one the app shows now.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=CODES).exists():
            raise Refused("Codes of an app are on already.")
        TOTP.activate(user, secret)
        _note("user.codes_on", user)
        return _first_recovery_codes(user)


@transaction.atomic
def turn_off_codes(*, user: User) -> None:
    if Authenticator.objects.filter(user=user, type=CODES).delete()[0]:
        _note("user.codes_off", user)
        _drop_lonely_codes(user)


@transaction.atomic
def new_recovery_codes(*, user: User) -> list[str]:
    """Ten codes that work once each; the ones before stop working. Raises Refused where there is nothing to recover."""
    User.objects.select_for_update().get(pk=user.pk)
    if not Authenticator.objects.filter(user=user, type__in=[PASSKEY, CODES]).exists():
        raise Refused("There is no second step yet that a code could stand in for.")
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    _note("user.recovery_codes", user)
    return list(RecoveryCodes.activate(user).generate_codes())


@transaction.atomic
def forget_all(*, user: User) -> int:
    """For whoever runs the studio, when somebody has lost everything: only the password or a link is asked for again."""
    gone = Authenticator.objects.filter(user=user).delete()[0]
    if gone:
        _note("user.second_step_forgotten", user)
    return int(gone)


def begin_entering() -> dict[str, Any]:
    """What the browser needs to ask for any passkey of this studio. The challenge is kept in the session."""
    return webauthn.begin_authentication(None)


def begin_second(user: User) -> tuple[dict[str, Any] | None, bool]:
    """What the browser needs to ask for one of this person's passkeys, and whether some of them cannot be read."""
    rows = _passkeys(user)
    usable = readable(rows)
    if not usable:
        return None, bool(rows)
    options, state = webauthn.get_server().authenticate_begin(
        credentials=[data for data, _ in usable], user_verification=UserVerificationRequirement.PREFERRED
    )
    webauthn.set_state(state)
    return dict(options), len(usable) < len(rows)


def whose_code(user: User, code: str) -> Authenticator | None:
    """The app or the recovery codes that this code is of. A recovery code is used up by it."""
    for row in Authenticator.objects.filter(user=user, type__in=[CODES, RECOVERY]).order_by("-type"):
        row.user = user
        try:
            if row.wrap().validate_code(_plain(code)):
                return row
        except InvalidToken:
            log.error("Codes %s were sealed with a key that is gone", row.pk)
    return None


def whose_passkey(credential: Any, user: User | None = None) -> Authenticator:
    """The passkey that has just answered; of this person, else of whom it names. Raises Refused."""
    try:
        webauthn.parse_authentication_response(credential)
        known = readable(_passkeys(user or webauthn.extract_user_from_response(credential)))
        state = webauthn.get_state() or {}
        used = webauthn.get_server().authenticate_complete(state, [data for data, _ in known], credential)
    except MADE_UP:
        raise Refused("This passkey does not fit, or it took too long. Try once more.") from None
    webauthn.clear_state()
    return next(row for data, row in known if data.credential_id == used.credential_id)


def _unused(recovery: Authenticator) -> int:
    try:
        return len(recovery.wrap().get_unused_codes())
    except InvalidToken:
        log.error("Codes %s were sealed with a key that is gone", recovery.pk)
        return 0


def _plain(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())


def _first_recovery_codes(user: User) -> list[str]:
    if Authenticator.objects.filter(user=user, type=RECOVERY).exists():
        return []
    return list(RecoveryCodes.activate(user).generate_codes())


def _drop_lonely_codes(user: User) -> None:
    """Recovery codes alone are no second step."""
    if not Authenticator.objects.filter(user=user).exclude(type=RECOVERY).exists():
        Authenticator.objects.filter(user=user).delete()


def _note(verb: str, user: Any, **data: Any) -> None:
    """Written down, and told to the person by mail once it is so: it may have been somebody else."""
    record(verb=verb, team=None, actor=user, about="user", code=str(user.pk), **data)
    mail.warn(to=user.email, said=audit_words.said(verb))
