"""Signing in with a password and with a one-time link, and out again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from studio.accounts import actions
from studio.accounts.profile import save_profile
from studio.models import Event, SignInLink, Tally

PASSWORD = "correct horse battery"


def sign_in(client, email, password, **more):
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def test_it_signs_in_with_a_password(client, ada):
    answer = sign_in(client, ada.email, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/team/").status_code == 200
    assert UserSession.objects.filter(user=ada).count() == 1
    assert Event.objects.get(verb="user.signed_in").data == {"at": "127.0.0.1", "how": ["password"]}


def test_it_takes_the_address_in_any_case(client, ada):
    assert sign_in(client, f"  {ada.email.upper()} ", PASSWORD).status_code == 302


def test_it_counts_the_tries_down_and_then_pauses(client, ada):
    for left in (4, 3, 2):
        answer = sign_in(client, ada.email, "wrong")
        assert answer.status_code == 422
        assert (
            f"E-mail and password do not match. {left} tries left, then a pause of 10 minutes."
            in answer.content.decode()
        )
    assert "1 try left, then" in sign_in(client, ada.email, "wrong").content.decode()
    assert (
        "do not match. The next one is possible in 10 minutes." in sign_in(client, ada.email, "wrong").content.decode()
    )
    answer = sign_in(client, ada.email, PASSWORD)
    assert "Too many tries. The next one is possible in 10 minutes." in answer.content.decode()
    assert client.get("/team/").status_code == 302
    elsewhere = sign_in(Client(REMOTE_ADDR="198.51.100.7", headers={"host": "127.0.0.1"}), ada.email, PASSWORD)
    assert elsewhere.status_code == 429, "the pause holds for the account, from wherever and by whatever host name"


def test_it_counts_an_unknown_address_just_the_same(client, db):
    answer = sign_in(client, "nobody@example.test", "wrong")
    assert "E-mail and password do not match. 4 tries left" in answer.content.decode()


def test_it_does_not_trust_a_forged_address(db):
    for n in range(19):
        client = Client(headers={"x-forwarded-for": f"203.0.113.{n}"})
        assert sign_in(client, f"nobody{n}@example.test", "wrong").status_code == 422
    answer = sign_in(Client(headers={"x-forwarded-for": "203.0.113.99"}), "nobody99@example.test", "wrong")
    assert "Too many tries." in answer.content.decode()


def test_it_counts_a_whole_ipv6_network_as_one(db):
    for n in range(19):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}"), f"nobody{n}@example.test", "wrong")
    answer = sign_in(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), "another@example.test", "wrong")
    assert "Too many tries." in answer.content.decode()


def test_it_keeps_the_address_but_never_the_password(client, ada):
    page = sign_in(client, ada.email, "a secret guess").content.decode()
    assert ada.email in page
    assert "a secret guess" not in page


def test_it_refuses_somebody_switched_off(client, ada):
    ada.is_active = False
    ada.save()
    sign_in(client, ada.email, PASSWORD)
    assert client.get("/team/").status_code == 302


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.test/", "//evil.test/", "///evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)",
        "http:///evil.test", "https:evil.test", "/\t/evil.test", "\x00//evil.test", "data:text/html,x", "evil.test", " //evil.test",
    ],
)  # fmt: skip
def test_it_leads_nowhere_else(ada, there):
    for answer in (
        sign_in(Client(), ada.email, PASSWORD, next=there),
        Client().post("/sign-in/", {"login": ada.email, "password": PASSWORD}, query_params={"next": there}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_it_leads_back_to_where_one_was_going(client, ada):
    asked = client.get("/team/?x=1")
    assert asked["Location"] == "/sign-in/?next=%2Fteam%2F%3Fx%3D1"
    assert 'name="next" value="/team/?x=1"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, ada.email, PASSWORD, next="/team/?x=1")["Location"] == "/team/?x=1"


def test_it_shows_no_form_to_who_is_signed_in(signed_in, ada):
    assert signed_in(ada).get("/sign-in/")["Location"] == "/"


def test_it_signs_out_by_post_only(signed_in, ada):
    client = signed_in(ada)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/team/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/team/").status_code == 302


def ask_for_link(client, email):
    return client.post("/sign-in/link/", {"login": email})


def test_it_sends_a_link_that_works_once(client, ada):
    answer = ask_for_link(client, ada.email.upper())
    assert answer.status_code == 200
    [letter] = mail.outbox
    assert letter.to == [ada.email]
    path = re.search(r"http://localhost:\d+(/enter/\S+)", letter.body)[1]
    page = client.get(path)
    assert page.status_code == 200
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "strict-origin")
    assert client.get("/team/").status_code == 302, "looking does not sign in"
    assert client.post(path)["Location"] == "/"
    assert client.get("/team/").status_code == 200
    assert Client().post(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_it_keeps_only_a_hash_of_the_link(ada):
    token = actions.make_sign_in_link(user=ada)
    assert token not in str(list(SignInLink.objects.values()))


def test_it_answers_the_same_for_an_unknown_address(client, ada):
    pages = []
    for email in (ada.email, "nobody@example.test"):
        page = ask_for_link(client, email).content.decode().replace(email, "X")
        pages.append(re.sub(r'"X-CSRFToken": "\w+"', "", page))
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1


def test_it_asks_for_an_address_first(client, db):
    answer = ask_for_link(client, "")
    assert answer.status_code == 422
    assert "Type your e-mail address first." in answer.content.decode()


def test_it_sends_three_links_a_minute_and_no_more(client, ada):
    assert [ask_for_link(client, ada.email).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert len(mail.outbox) == 3


def test_it_lets_a_link_run_out(client, ada):
    token = actions.make_sign_in_link(user=ada)
    SignInLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert client.post(f"/enter/{token}/").status_code == 404
    assert client.get("/team/").status_code == 302


def test_it_slows_down_who_guesses_links(client, db):
    for path in ("/enter/{}/", "/join/{}/"):
        Tally.objects.all().delete()
        answers = [client.get(path.format(f"guess-{n}")).status_code for n in range(22)]
        assert answers == [404] * 19 + [429] * 3


def test_it_signs_the_right_person_in_over_another(signed_in, ada, mei):
    client = signed_in(mei)
    client.post(f"/enter/{actions.make_sign_in_link(user=ada)}/")
    assert client.get("/me/").context["user"] == ada


def test_it_sets_a_first_password_and_changes_it(client, ada):
    ada.set_unusable_password()
    ada.save()
    old_link = actions.make_sign_in_link(user=ada)
    client.force_login(ada)
    elsewhere = Client()
    elsewhere.force_login(ada)
    page = client.get("/me/password/").content.decode()
    assert 'name="current"' not in page
    assert client.post("/me/password/", {"password": "short"}).status_code == 422
    assert client.post("/me/password/", {"password": "a long enough phrase"})["Location"] == "/me/"
    assert client.get("/team/").status_code == 200, "this session stays"
    assert elsewhere.get("/team/").status_code == 302, "all others end"
    assert Client().post(f"/enter/{old_link}/").status_code == 404, "and links sent before"

    wrong = client.post("/me/password/", {"current": "not it", "password": "another phrase entirely"})
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.content.decode()
    client.post("/me/password/", {"current": "a long enough phrase", "password": "another phrase entirely"})
    ada.refresh_from_db()
    assert ada.check_password("another phrase entirely")


def test_it_limits_guesses_of_the_present_password(signed_in, ada):
    client = signed_in(ada)
    answers = [client.post("/me/password/", {"current": f"{n}", "password": "x"}).status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    answer = client.post("/me/", {"name": "Ada", "email": "new@example.test", "current": "guess"})
    assert answer.status_code == 429, "the page of oneself counts with it"


def test_it_lets_who_forgot_set_another_by_link(client, ada):
    client.post(f"/enter/{actions.make_sign_in_link(user=ada)}/")
    assert 'name="current"' not in client.get("/me/password/").content.decode()
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 31 * 60
    session.save()
    assert 'name="current"' in client.get("/me/password/").content.decode(), "half an hour later it is asked for"

    again = Client()
    again.post(f"/enter/{actions.make_sign_in_link(user=ada)}/")
    assert again.post("/me/password/", {"password": "something else again"})["Location"] == "/me/"
    ada.refresh_from_db()
    assert ada.check_password("something else again")


def test_it_tells_by_mail_that_password_or_address_changed(ada, django_capture_on_commit_callbacks):
    """To the address that was there before: it may have been somebody else."""
    before = ada.email
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_password(user=ada, password="quite another phrase")
        save_profile(user=ada, name="Ada", email="ada@elsewhere.test", theme="", letter_keys=True)
        save_profile(user=ada, name="Ada O.", email="ada@elsewhere.test", theme="", letter_keys=True)
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([before], "Your password was set: how you sign in to a studio"),
        ([before], "Your address was changed to ada@elsewhere.test: how you sign in to a studio"),
    ]
    assert "end all other sessions" in mail.outbox[0].body


def test_it_writes_to_no_address_that_was_never_said(db, django_capture_on_commit_callbacks):
    owner = actions.found_studio(name="Owner")
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_password(user=owner, password="quite another phrase")
    assert mail.outbox == []
