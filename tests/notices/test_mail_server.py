"""Letters through a real mail server on this machine: STARTTLS, a name and password; and what happens when it is away."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from studio.accounts import mail as own
from studio.models import Letter
from studio.notices import actions, letters
from studio.notices.queries import letters_of
from studio.review import actions as review
from tests.emulators.postbox import Postbox, certificate, free_port


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("postbox"))


@pytest.fixture
def mailed(settings, pem, monkeypatch):
    """`mailed(box, trusted=True)`: the studio's settings for this server, as .env would make them."""

    def point(port, *, trusted=True, password="s3cret-mail", tls=True):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = ("studio", password) if tls else ("", "")
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = tls, 5
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", pem)

    return point


@pytest.fixture
def letter(sent, tell, rosa):
    """One that waits for its time."""
    tell()
    Letter.objects.exclude(user=rosa).delete()
    return Letter.objects.get()


def turn(letter):
    Letter.objects.filter(pk=letter.pk, state="waiting").update(due=timezone.now())
    letters.run(letter.pk)
    letter.refresh_from_db()
    return letter


def test_it_sends_over_a_safe_line(letter, mailed, pem, rosa, settings):
    with Postbox(certificate=pem) as box:
        mailed(box.port)
        assert turn(letter).state == "sent"
    [got] = box.got
    assert (got.safe, got.login, got.to) == (True, ("studio", "s3cret-mail"), [rosa.email])
    assert ("AUTH", False) not in box.heard, "the password goes over a safe line only"
    read = email.message_from_bytes(got.data, policy=email.policy.default)
    assert read["Subject"] == "Pavel Novak sent Night ferry v1"
    assert read["Message-ID"].startswith(f"<{letter.code}@")
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert settings.PUBLIC_URL in read.get_body(("plain",)).get_content()


@pytest.mark.parametrize("offers", [True, False], ids=["a certificate nobody knows", "no STARTTLS at all"])
def test_it_sends_nothing_over_a_line_that_is_not_safe(letter, mailed, pem, offers):
    with Postbox(certificate=pem if offers else "") as box:
        mailed(box.port, trusted=False)
        assert turn(letter).state == "waiting"
    assert box.got == []
    assert "AUTH" not in {command for command, _ in box.heard}
    assert letter.history.last().said == "The line to the mail server is not safe, so nothing was sent over it."


def test_it_sends_in_the_open_where_it_is_told_to(letter, mailed):
    with Postbox() as box:
        mailed(box.port, tls=False)
        assert turn(letter).state == "sent"
    assert box.got[0].safe is False


def test_it_loses_nothing_while_the_server_is_down(letter, mailed, pem):
    port = free_port()
    mailed(port)
    assert (turn(letter).state, letter.tries) == ("waiting", 1)
    assert letter.due > timezone.now()
    assert letter.history.last().said == "The mail server does not answer."
    with Postbox(port=port, certificate=pem) as box:
        assert turn(letter).state == "sent"
        turn(letter)
    assert len(box.got) == 1


@pytest.mark.parametrize(
    ("command", "answer", "state", "said"),
    [
        ("AUTH", "535 no", "waiting", "The mail server did not take the studio’s name and password."),
        ("RCPT", "450 later", "waiting", "The mail server does not take letters for this address."),
        ("RCPT", "550 nobody here", "failed", "The mail server does not take letters for this address."),
        ("DATA", "451 later", "waiting", "The mail server refused the letter for now (code 451)."),
        ("MAIL", "421 too busy", "waiting", "The mail server refused the letter for now (code 421)."),
    ],
)  # fmt: skip
def test_it_says_plainly_what_the_server_did(letter, mailed, pem, command, answer, state, said):
    with Postbox(certificate=pem, refuse={command: [answer]}) as box:
        mailed(box.port)
        assert turn(letter).state == state
        assert letter.history.last().said == said
        if state == "waiting":
            assert turn(letter).state == "sent"
        assert len(box.got) == (state == "waiting")


def test_it_tells_the_team_what_became_of_a_clients_letter(sent, pavel, mailed, pem):
    link, token = review.make_link(round=sent, by=pavel, name="Dana", email="dana@client.test")
    letter = actions.tell_client(link=link, token=token, by=pavel)
    port = free_port()
    mailed(port)
    assert letters_of(sent.code) == {link.code: "on its way"}
    turn(letter)
    away = "not sent yet. The mail server does not answer. It is tried again by itself"
    assert letters_of(sent.code) == {link.code: away}
    with Postbox(port=port, certificate=pem, refuse={"RCPT": ["550 nobody here"]}):
        turn(letter)
    refused = "not sent. The mail server does not take letters for this address. A new address is sent again"
    assert letters_of(sent.code) == {link.code: refused}


def test_a_one_time_link_outlives_a_server_that_is_away(mailed, pem, ada, monkeypatch, caplog):
    """The page answers as always; the letter is tried again, and the link in it signs in."""
    port, box = free_port(), None
    mailed(port)
    monkeypatch.setattr(own, "threading", SimpleNamespace(Thread=Now))
    pauses = []

    def wait(seconds):
        nonlocal box
        pauses.append(seconds)
        if len(pauses) == 2:
            box = Postbox(port=port, certificate=pem).__enter__()

    monkeypatch.setattr(own, "time", SimpleNamespace(sleep=wait))
    answer = Client().post("/sign-in/link/", {"login": ada.email})
    assert answer.status_code == 200
    assert "Look for the link" in answer.content.decode()
    box.__exit__()
    assert pauses == [5, 30]
    assert "The mail server does not answer." in caplog.text
    text = email.message_from_bytes(box.got[0].data, policy=email.policy.default).get_content()
    assert "/enter/" not in caplog.text
    path = "/enter/" + text.partition("/enter/")[2].split()[0]
    assert Client().post(path).status_code == 302


def test_a_server_that_stays_away_breaks_no_page(mailed, ada, monkeypatch, caplog):
    mailed(free_port())
    monkeypatch.setattr(own, "threading", SimpleNamespace(Thread=Now))
    monkeypatch.setattr(own, "time", SimpleNamespace(sleep=lambda seconds: None))
    assert Client().post("/sign-in/link/", {"login": ada.email}).status_code == 200
    assert caplog.text.count("The mail server does not answer.") == 4
    assert "It is given up." in caplog.text


class Now:
    """A thread that is over before it begins."""

    def __init__(self, target, args, daemon):
        self.run = lambda: target(*args)

    def start(self):
        self.run()


ASKED = "from studio import settings as s; print(s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"


@pytest.mark.parametrize(
    ("env", "read"),
    [
        ({}, "console 587 True False"),
        ({"EMAIL_HOST": "mail.example.test"}, "smtp 587 True False"),
        ({"EMAIL_HOST": "mail.example.test", "EMAIL_PORT": "465"}, "smtp 465 False True"),
        ({"EMAIL_HOST": "localhost", "EMAIL_PORT": "25", "EMAIL_TLS": "no"}, "smtp 25 False False"),
    ],
)
def test_it_reads_where_the_server_is(env, read, tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMAIL_")}
    run = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**clean, "STUDIO_DATA": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == read
