"""Whoever has set up a second factor is asked for it, by whichever door they come; and how it is set up."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from studio.accounts import actions, second_step
from studio.generation.resealing import reseal
from studio.models import AuditEntry, Tally

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"
CODE, PROVE, KEYS = "/me/security/codes/", "/me/security/prove/", "/me/security/passkeys/"


@pytest.fixture(autouse=True)
def _no_used_codes():
    cache.clear()  # allauth keeps them there as well


@pytest.fixture
def guarded(ada):
    TOTP.activate(ada, SECRET)
    return ada


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def by_password(client, user):
    return client.post("/sign-in/", {"login": user.email, "password": PASSWORD, "next": "/team/"})


def by_link(client, user):
    return client.post(f"/enter/{actions.make_sign_in_link(user=user)}/")


@pytest.fixture
def fresh(client):
    """`fresh(user)`: somebody who has just signed in by password."""

    def sign_in(user):
        by_password(client, user)
        return client

    return sign_in


@pytest.mark.parametrize("door", [by_password, by_link])
def test_it_asks_for_the_second_step(client, guarded, door):
    assert door(client, guarded)["Location"].startswith("/sign-in/code/")
    assert client.get("/team/").status_code == 302
    assert client.get("/sign-in/code/").status_code == 200
    refused = client.post("/sign-in/code/", {"code": "000000"})
    assert refused.status_code == 422
    assert 'id="code-error" role="alert"' in refused.content.decode()
    assert client.get("/team/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 302
    assert client.get("/team/").status_code == 200


def test_it_has_no_second_step_without_a_first(client, guarded):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_it_takes_a_code_once(guarded):
    first, second = Client(), Client()
    for client in (first, second):
        by_password(client, guarded)
    now = code()
    assert first.post("/sign-in/code/", {"code": now}).status_code == 302
    cache.clear()  # as another process would have it
    assert second.post("/sign-in/code/", {"code": now}).status_code == 422
    assert second.get("/team/").status_code == 302


def test_it_pauses_after_five_wrong_codes(client, guarded):
    by_password(client, guarded)
    pages = [client.post("/sign-in/code/", {"code": f"{n:06}"}).content.decode() for n in range(6)]
    assert "does not fit" in pages[4]
    assert "Too many tries. The next one is possible in 10 minutes." in pages[5]
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 429, "not even the right one"
    assert AuditEntry.objects.filter(verb="user.refused", data__how="code").count() == 5


@pytest.mark.parametrize("typed", ["²²²²²²", "٣٣٣٣٣٣", "\x00", "🙂", "-1", "0" * 40, "a\nb"])
def test_it_takes_what_is_no_code_for_none(client, guarded, typed):
    by_password(client, guarded)
    assert client.post("/sign-in/code/", {"code": typed}).status_code == 422
    assert client.get("/team/").status_code == 302


def test_it_turns_codes_on(fresh, ada):
    client = fresh(ada)
    page = client.get(CODE).content.decode()
    assert re.search(r'<div class="qr"[^>]*><svg[^>]*>.*<path', page, re.S)
    assert "<?xml" not in page
    secret = re.search(r'id="id_secret" value="([A-Z2-7 ]+)"', page)[1].replace(" ", "")
    wrong = client.post(CODE, {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code does not fit." in wrong.content.decode()
    done = client.post(CODE, {"code": code(secret)})
    codes = re.search(r'id="codes">(.*?)</pre>', done.content.decode(), re.S)[1].split()
    assert len(set(codes)) == 10
    assert "no-store" in done["Cache-Control"]
    assert AuditEntry.objects.get(verb="user.codes_on").who == ada.email

    elsewhere = Client()
    assert by_password(elsewhere, ada)["Location"].startswith("/sign-in/code/")
    assert elsewhere.post("/sign-in/code/", {"code": codes[3]}).status_code == 302, "a recovery code will do"
    again = Client()
    by_password(again, ada)
    assert again.post("/sign-in/code/", {"code": codes[3]}).status_code == 422, "but once"
    assert "9 left" in client.get("/me/security/").content.decode()


def test_it_keeps_the_secrets_sealed(fresh, ada, settings):
    client = fresh(ada)
    secret = re.search(r'value="([A-Z2-7 ]+)"', client.get(CODE).content.decode())[1].replace(" ", "")
    client.post(CODE, {"code": code(secret)})
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    from cryptography.fernet import Fernet

    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert reseal().moved == 2
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert reseal().already == 2
    assert second_step.whose_code(ada, code(secret)), "and still opens"


def test_it_makes_new_recovery_codes(fresh, guarded, client):
    by_password(client, guarded)
    client.post("/sign-in/code/", {"code": code()})
    first, second = (
        re.search(r'id="codes">(.*?)</pre>', client.post("/me/security/recovery/").content.decode(), re.S)[1].split()
        for _ in range(2)
    )
    assert not set(first) & set(second)
    assert second_step.whose_code(guarded, first[0]) is None
    assert second_step.whose_code(guarded, second[0])
    assert first[0] not in client.get("/me/security/").content.decode()


def test_it_makes_no_recovery_codes_for_nothing(fresh, ada):
    client = fresh(ada)
    assert client.post("/me/security/recovery/")["Location"] == "/me/security/"
    assert not Authenticator.objects.exists()


def test_it_turns_codes_off(client, guarded):
    by_password(client, guarded)
    client.post("/sign-in/code/", {"code": code()})
    client.post("/me/security/recovery/")
    client.post("/me/security/codes/off/")
    assert not Authenticator.objects.exists(), "recovery codes alone are no second step"
    assert by_password(Client(), guarded)["Location"] == "/team/"


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", CODE), ("post", CODE), ("get", KEYS), ("post", KEYS), ("post", "/me/security/codes/off/"), ("post", "/me/security/recovery/"),
     ("post", f"{KEYS}1/"), ("post", f"{KEYS}1/remove/"), ("get", "/team/owner/"), ("post", "/team/owner/")],
)  # fmt: skip
def test_it_asks_who_it_is_before_a_change(fresh, ada, method, path):
    client = fresh(ada)
    assert client.get(CODE).status_code == 200, "who has just signed in has proved it"
    _grow_old(client)
    asked = getattr(client, method)(path)
    assert asked["Location"].startswith(PROVE)
    there = client.get(asked["Location"])
    assert there.status_code == 200
    wrong = client.post(PROVE, {"proof": "not it", "next": path})
    assert wrong.status_code == 422
    assert client.get(CODE).status_code == 302
    assert client.post(PROVE, {"proof": PASSWORD, "next": "//evil.test/"})["Location"] == "/me/security/"
    assert client.get(CODE).status_code == 200


def _grow_old(client):
    session = client.session
    for one in session["account_authentication_methods"]:
        one["at"] -= 16 * 60
    session.save()


def test_it_sends_who_has_no_password_to_a_link(client, ada):
    ada.set_unusable_password()
    ada.save()
    by_link(client, ada)
    assert client.get(CODE).status_code == 200
    _grow_old(client)
    page = client.get(client.get(CODE)["Location"]).content.decode()
    assert "come in by a fresh link" in page
    assert client.post(PROVE, {"proof": "anything"}).status_code != 302


def test_it_limits_guesses_at_the_proof(fresh, ada):
    client = fresh(ada)
    _grow_old(client)
    assert [client.post(PROVE, {"proof": "x"}).status_code for _ in range(7)] == [422] * 5 + [429] * 2


@pytest.mark.parametrize(
    ("host", "secure", "possible"),
    [
        ("localhost:8000", False, True), ("studio.localhost", False, True), ("studio.example", True, True), ("studio.example", False, False),
        ("127.0.0.1:8000", False, False), ("127.0.0.1", True, False), ("[::1]:8000", False, False), ("[::1]", True, False), ("192.168.0.7:80", True, False),
    ],
)  # fmt: skip
def test_it_offers_passkeys_where_a_browser_takes_them(rf, settings, host, secure, possible):
    settings.ALLOWED_HOSTS = ["*"]
    request = rf.get("/", secure=secure, headers={"host": host})
    assert second_step.passkeys_possible(request) is possible


def test_it_shows_the_button_only_there(db, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert "Use a passkey" in Client(headers={"host": "localhost"}).get("/sign-in/").content.decode()
    assert "passkey" not in Client(headers={"host": "127.0.0.1"}).get("/sign-in/").content.decode()


MADE_UP = [
    "", "null", "1", "[]", "{}", "{", '"x"', '{"response": 1}', '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    '{"id": "é", "rawId": "é", "response": {"userHandle": "////", "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": ""}}',
    '{"id": null, "rawId": [], "type": {}, "response": {"userHandle": {}, "clientDataJSON": [], "authenticatorData": 1, "signature": null}}',
    "[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("answer", MADE_UP)
def test_it_believes_no_made_up_passkey(client, fresh, ada, guarded, answer):
    outside = Client(headers={"host": "localhost"})
    options = outside.get("/sign-in/passkey/").json()["publicKey"]
    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"
    assert len(options["challenge"]) >= 43
    refused = outside.post("/sign-in/passkey/", {"credential": answer})
    assert refused.status_code == 422
    assert outside.get("/team/").status_code == 302
    by_password(outside, ada)
    assert outside.post("/sign-in/code/", {"credential": answer}).status_code == 422, "the second step asks on"
    assert outside.get("/team/").status_code == 302
    outside.post("/sign-in/code/", {"code": code()})
    outside.get(KEYS)
    assert outside.post(KEYS, {"name": "Mine", "credential": answer}).status_code == 422
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_it_limits_who_asks_for_challenges(db):
    client = Client(headers={"host": "localhost"})
    answers = [client.get("/sign-in/passkey/").status_code for _ in range(32)]
    assert answers == [200] * 19 + [429] * 13


def key_of(user, name="Laptop"):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


BROKEN = [{}, {"id": "AA"}, None, [], "x", {"response": {"attestationObject": "oA", "clientDataJSON": "e30"}}]


@pytest.mark.parametrize("stored", BROKEN)
def test_it_outlives_a_stored_passkey_that_cannot_be_read(client, ada, stored):
    """Another way in is named and works; what is broken can be removed and added anew."""
    recovery = second_step.turn_on_codes(user=ada, secret=SECRET, code=code())
    broken = Authenticator.objects.create(user=ada, type="webauthn", data={"name": "Old", "credential": stored})
    home = Client(headers={"host": "localhost"})
    assert by_password(home, ada)["Location"].startswith("/sign-in/code/")
    page = home.get("/sign-in/code/")
    assert page.status_code == 200
    assert "Your passkey cannot be used here." in page.content.decode()
    assert "recovery code" in page.content.decode()
    assert "data-passkey=" not in page.content.decode(), "no button that does nothing"
    assert home.post("/sign-in/code/", {"credential": MADE_UP[9]}).status_code == 422
    assert home.post("/sign-in/code/", {"code": recovery[0]}).status_code == 302
    assert home.get("/me/security/").status_code == 200
    assert home.get(KEYS).status_code == 200
    assert home.post(f"{KEYS}{broken.pk}/remove/").status_code == 302
    assert second_step.steps_of(ada).passkeys == []


def test_it_outlives_codes_whose_key_is_gone(client, ada, settings):
    from cryptography.fernet import Fernet

    second_step.turn_on_codes(user=ada, secret=SECRET, code=code())
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    by_password(client, ada)
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 422
    assert second_step.steps_of(ada).recovery_left == 0


def test_it_limits_guesses_by_passkey(client, guarded):
    by_password(client, guarded)
    answers = [client.post("/sign-in/code/", {"credential": "{}"}).status_code for _ in range(22)]
    assert answers == [422] * 19 + [429] * 3


def test_it_names_and_removes_ones_own_passkeys(fresh, ada, mei):
    client, mine, theirs = fresh(ada), key_of(ada), key_of(mei, "Hers")
    assert client.post(f"{KEYS}{theirs.pk}/", {"name": "Stolen"}).status_code == 404
    assert client.post(f"{KEYS}{theirs.pk}/remove/").status_code == 404
    client.post(f"{KEYS}{mine.pk}/", {"name": "Studio <b>"})
    page = client.get("/me/security/").content.decode()
    assert "Studio &lt;b&gt;" in page
    assert "Hers" not in page
    client.post(f"{KEYS}{mine.pk}/", {"name": ""})
    mine.refresh_from_db()
    assert mine.data["name"] == "Studio <b>"
    client.post(f"{KEYS}{mine.pk}/remove/")
    assert list(Authenticator.objects.all()) == [theirs]
    kept = AuditEntry.objects.filter(kind="security").order_by("pk").values_list("verb", flat=True)
    assert list(kept) == ["user.passkey_renamed", "user.passkey_removed"]


def test_it_writes_to_whom_it_happened(fresh, ada, django_capture_on_commit_callbacks):
    client, mine = fresh(ada), key_of(ada)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{KEYS}{mine.pk}/remove/")
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([ada.email], "Removed a passkey: how you sign in to a studio")
    assert "Laptop" not in letter.subject


def test_it_tells_the_team_who_signs_in_how(signed_in, ada, mei, pavel):
    key_of(ada)
    TOTP.activate(mei, SECRET)
    pavel.set_unusable_password()
    pavel.save()
    page = signed_in(ada).get("/team/")
    told = {member.user: (sign, weak) for member, sign, weak in page.context["members"]}
    assert told == {ada: ("Passkey", False), mei: ("Password and code", False), pavel: ("One-time link", True)}


def test_it_can_be_forgotten_by_whoever_runs_the_studio(client, guarded, capsys):
    call_command("secondstepoff", guarded.email)
    assert by_password(client, guarded)["Location"] == "/team/"
    assert AuditEntry.objects.filter(verb="user.second_step_forgotten", who=guarded.email).exists()


@pytest.mark.django_db(transaction=True)
def test_it_takes_a_recovery_code_once_of_twenty(ada):
    TOTP.activate(ada, SECRET)
    codes = second_step.new_recovery_codes(user=ada)

    def one(_):
        try:
            return second_step.whose_code(ada, codes[0]) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(one, range(20))) == 1
    assert Tally.objects.count() == 0
