"""Webhooks: what is sent where, signed by which secret, again when, and never into a network."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
import time
import uuid

import pytest
from django.db import connections
from django.utils import timezone

from studio.lib.threads import let_go
from studio.models import Delivery, Event, Hook, Notice
from studio.notices import actions, addresses, deliveries
from studio.notices.errors import Changed, Refused
from tests.emulators.hooks import genuine

HTTPS = "https://hooks.example.test/in"
INSIDE = """
http://example.test/ ftp://example.test/ https://localhost/ https://a.localhost/ https://printer.local/ https://db/
https://127.0.0.1/ https://127.1/ https://2130706433/ https://0x7f000001/ https://017700000001/ https://0/ https://0.0.0.0/
https://10.0.0.8/ https://172.16.0.1/ https://192.168.1.1/ https://169.254.169.254/latest/meta-data/ https://100.64.0.1/
https://[::1]/ https://[::]/ https://[::ffff:127.0.0.1]/ https://[::ffff:10.0.0.1]/ https://[fe80::1]/ https://[fd00::1]/
https://[64:ff9b::7f00:1]/ https://[2002:7f00:1::]/ https://192.0.0.1/ https://198.18.0.1/ https://224.0.0.1/
https://240.0.0.1/ https://255.255.255.255/ https://user@example.test/ https://user:word@example.test/
https://example.test@127.0.0.1/ https://127.0.0.1%2eexample.test/ https://example.test:0/ https://example.test:99999/
https:///nowhere https://exa\\mple.test/ https://exämple.test/ javascript:alert(1) file:///etc/passwd //example.test/
https://metadata.google.internal/ https://router.home.arpa/ https://example.test/#part
""".split()


@pytest.fixture
def hook(team, ada, receiver):
    return actions.add_hook(
        team=team, by=ada, name="Boards", address=receiver.url, kinds=["round.sent", "decided"], shape="standard"
    )[0]


def turn(hook):
    return Delivery.objects.get(hook=hook)


def test_it_sends_what_was_asked_for_signed(receiver, team, ada, sent, tell, deliver, hook, project):
    receiver_secret = actions.rotate_secret(hook=hook, by=ada)
    tell()
    deliver()
    ((headers, body),) = receiver.got
    assert genuine(receiver_secret, headers, body)
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == turn(hook).message
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    told = json.loads(body)
    assert told["type"] == "round.sent"
    assert told["data"]["text"] == "Pavel Novak sent Night ferry v1 for review"
    assert told["data"]["project"] == {"code": project.code, "title": "Night ferry"}
    assert told["data"]["round"] == {"code": sent.code, "version": 1, "state": "open"}
    assert turn(hook).state == "delivered"
    assert turn(hook).history.get().status == 204


def test_it_signs_with_both_secrets_for_a_day(receiver, team, ada, deliver, hook):
    hook, first = actions.add_hook(
        team=team, by=ada, name="Two", address=receiver.url, kinds=["decided"], shape="standard"
    )
    second = actions.rotate_secret(hook=hook, by=ada)
    actions.try_hook(hook=hook, by=ada)
    deliver()
    headers, body = receiver.got[-1]
    assert genuine(first, headers, body)
    assert genuine(second, headers, body)
    Hook.objects.filter(pk=hook.pk).update(before_until=timezone.now())
    hook.refresh_from_db()
    actions.try_hook(hook=hook, by=ada)
    deliver()
    headers, body = receiver.got[-1]
    assert not genuine(first, headers, body)
    assert genuine(second, headers, body)


def test_it_sends_nothing_that_is_for_the_team_alone(receiver, team, ada, rosa, sent, write, tell, deliver):
    actions.add_hook(team=team, by=ada, name="Notes", address=receiver.url, kinds=["note.written"], shape="standard")
    write(rosa, "Canary: the client must not hear this.", on=sent.panels.first(), internal=True)
    write(rosa, "A brighter lamp.", on=sent.panels.first())
    tell()
    deliver()
    assert [json.loads(body)["data"]["note"]["excerpt"] for _, body in receiver.got] == ["A brighter lamp."]
    assert not any(b"Canary" in body for _, body in receiver.got)


def test_it_speaks_slack_and_calls_nobody(receiver, team, ada, rosa, project, write, sent, tell, deliver):
    project.title = "Ferry <!channel> & <http://evil.test|x>"
    project.save()
    actions.add_hook(team=team, by=ada, name="Slack", address=receiver.url, kinds=["note.written"], shape="slack")
    write(rosa, "<!here> look", on=sent.panels.first())
    tell()
    deliver()
    told = json.loads(receiver.got[0][1])
    assert list(told) == ["text"]
    assert "<!" not in told["text"]
    assert "&lt;!channel&gt; &amp; &lt;http://evil.test/x&gt;" in told["text"]
    assert told["text"].endswith("\n>&lt;!here&gt; look")


def test_it_tries_again_with_the_same_id(receiver, sent, tell, deliver, hook):
    receiver.answers = [500, 429]
    tell()
    deliver()
    row = turn(hook)
    assert (row.state, row.tries, row.status) == ("waiting", 1, 500)
    assert row.history.get().said == "said <b>so</b>"
    deliver(soon=False)
    assert len(receiver.got) == 1  # not before its time
    deliver()
    deliver()
    assert turn(hook).state == "delivered"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert [one.status for one in row.history.all()] == [500, 429, 204]


def test_it_gives_up_after_nine_tries_and_sends_again_when_asked(receiver, ada, sent, tell, deliver, hook):
    receiver.answers = [503] * 9
    tell()
    for _ in range(11):
        deliver()
    assert (turn(hook).state, len(receiver.got)) == ("failed", 9)
    assert actions.send_again(delivery=turn(hook), by=ada)
    assert not actions.send_again(delivery=turn(hook), by=ada)  # it waits already
    deliver()
    assert turn(hook).state == "delivered"
    assert Hook.objects.get(pk=hook.pk).failures == 0


def test_it_switches_off_what_takes_nothing_and_tells_the_owners(receiver, ada, mei, sent, tell, deliver, hook):
    receiver.answers = [500] * 99
    Hook.objects.update(failures=deliveries.STOPPED_AFTER - 1)
    tell()
    deliver()
    hook.refresh_from_db()
    assert (hook.on, hook.stopped) == (False, "30 tries in a row were not taken.")
    tell()
    notice = Notice.objects.get(user=ada, kind="hook")
    assert (notice.did, notice.what) == ("A webhook was switched off:", "Boards")
    assert not Notice.objects.filter(user=mei, kind="hook").exists()
    deliver()
    assert len(receiver.got) == 1


def test_it_takes_410_as_a_word(receiver, sent, tell, deliver, hook):
    receiver.answers = [410]
    tell()
    deliver()
    hook.refresh_from_db()
    assert not hook.on
    assert turn(hook).state == "failed"


def test_it_follows_no_redirect(receiver, sent, tell, deliver, hook):
    receiver.answers, receiver.location = [302], receiver.url
    tell()
    deliver()
    assert (turn(hook).state, turn(hook).status, len(receiver.got)) == ("waiting", 302, 1)


@pytest.mark.parametrize("address", INSIDE)
def test_it_refuses_addresses_inside(team, ada, address):
    with pytest.raises(Refused):
        actions.add_hook(team=team, by=ada, name="x", address=address, kinds=["decided"], shape="standard")
    assert not Hook.objects.exists()


def test_it_refuses_them_when_it_is_changed_and_when_it_is_sent(
    team, ada, receiver, settings, deliver, sent, tell, hook
):
    with pytest.raises(Refused):
        actions.change_hook(
            hook=hook, by=ada, revision=1, name="x", kinds=["decided"], shape="standard", address="https://127.0.0.1/"
        )
    tell()
    settings.HOOK_HOSTS = ()  # what was allowed when it was written is not any more
    deliver()
    assert receiver.got == []
    assert "https://" in turn(hook).history.get().said


def test_it_judges_where_a_name_leads_at_each_connection(team, ada, receiver, monkeypatch, deliver):
    """A name that was harmless when it was written leads to this machine now: nothing is connected."""
    from studio.providers import egress

    asked = []

    async def rebound(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(egress.Gate, "__init__", _with_resolver(egress.Gate.__init__, rebound))
    hook, _ = actions.add_hook(
        team=team,
        by=ada,
        name="x",
        address=f"https://hooks.example.test:{receiver.port}/",
        kinds=["decided"],
        shape="standard",
    )
    actions.try_hook(hook=hook, by=ada)
    deliver()
    assert asked == ["hooks.example.test"]
    assert receiver.got == []
    assert "inside a network" in turn(hook).history.get().said


def _with_resolver(made, resolver):
    def init(self, base, hosts=(), _=None):
        made(self, base, hosts, resolver)

    return init


def test_it_makes_one_of_a_form_that_was_sent_twice(team, ada):
    key = uuid.uuid4()
    first, secret = actions.add_hook(
        team=team, by=ada, name="x", address=HTTPS, kinds=["decided"], shape="slack", key=key
    )
    again, nothing = actions.add_hook(
        team=team, by=ada, name="x", address=HTTPS, kinds=["decided"], shape="slack", key=key
    )
    assert (first, bool(secret), nothing) == (again, True, "")


def test_it_keeps_address_and_secret_sealed(team, ada):
    hook, secret = actions.add_hook(
        team=team, by=ada, name="x", address=f"{HTTPS}/T0-canary", kinds=["decided"], shape="slack"
    )
    row = Hook.objects.filter(pk=hook.pk).values().get()
    assert "canary" not in str(row)
    assert secret not in str(row)
    assert not Event.objects.filter(data__icontains="canary").exists()


def test_it_says_that_somebody_saved_it_meanwhile(ada, hook):
    values = {"name": "y", "kinds": ["decided"], "shape": "standard"}
    actions.change_hook(hook=hook, by=ada, revision=1, **values)
    with pytest.raises(Changed):
        actions.change_hook(hook=hook, by=ada, revision=1, **values)


def test_it_forgets_what_it_knew_when_it_is_removed(ada, hook, deliver, receiver):
    actions.try_hook(hook=hook, by=ada)
    actions.remove_hook(hook=hook, by=ada)
    deliver()
    assert receiver.got == []
    assert Hook.objects.get(pk=hook.pk).address_sealed == ""


def test_it_sends_again_what_a_dead_worker_was_at(ada, hook, deliver, receiver):
    actions.try_hook(hook=hook, by=ada)
    Delivery.objects.update(due=timezone.now())
    first = deliveries.claim(turn(hook).pk)
    assert deliveries.claim(turn(hook).pk) is None
    Delivery.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    deliver()
    assert turn(hook).state == "delivered"
    deliveries.answered(first.delivery, deliveries.Told(500, "late", 1.0))  # the one that was thought dead
    assert turn(hook).state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_send_one_message(ada, hook):
    actions.try_hook(hook=hook, by=ada)
    pk, gate, got = turn(hook).pk, threading.Barrier(20), []

    def work():
        gate.wait()
        try:
            got.append(deliveries.claim(pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len([one for one in got if one]) == 1


def test_it_lets_through_what_the_operator_named(settings):
    settings.HOOK_HOSTS = ("chat.lan", "10.0.0.8:8080")
    assert addresses.checked("http://chat.lan/x") == "http://chat.lan/x"
    assert addresses.checked("http://10.0.0.8:8080/x")
    with pytest.raises(Refused):
        addresses.checked("http://10.0.0.8/x")


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it(ada, hook, receiver):
    actions.try_hook(hook=hook, by=ada)
    for _ in range(2):
        asyncio.run(deliveries.run(turn(hook).pk))
    let_go()  # the threads that it read and wrote in
    assert turn(hook).state == "delivered"
    assert len(receiver.got) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_presses_make_one_webhook(team, ada):
    key, gate, made = uuid.uuid4(), threading.Barrier(10), []

    def press():
        gate.wait()
        try:
            made.append(
                actions.add_hook(team=team, by=ada, name="x", address=HTTPS, kinds=["decided"], shape="slack", key=key)
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Hook.objects.count() == 1
    assert sorted(bool(secret) for _, secret in made) == [False] * 9 + [True]
