"""The pages of webhooks: for owners, with secrets shown once."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import Delivery, Hook
from tests import makers

FORM = {
    "name": "Boards",
    "address": "https://hooks.example.test/T0-canary",
    "shape": "standard",
    "kinds": ["decided", "round.sent"],
}


def test_it_shows_the_secret_once_and_the_address_never(signed_in, ada):
    client = signed_in(ada)
    answer = client.post("/team/webhooks/new/", FORM)
    hook = Hook.objects.get()
    assert b"whsec_" in answer.content
    assert answer["Cache-Control"] == "no-store"
    for page in ("/team/webhooks/", f"/team/webhooks/{hook.code}/", "/notices/", "/activity/"):
        content = client.get(page).content
        assert b"whsec_" not in content
        assert b"canary" not in content
    assert b"hooks.example.test" in client.get("/team/webhooks/").content


def test_it_makes_one_of_two_presses(signed_in, ada):
    form = {**FORM, "key": str(uuid.uuid4())}
    for _ in range(2):
        assert signed_in(ada).post("/team/webhooks/new/", form).status_code == 200
    assert Hook.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "https://127.0.0.1/"}, "inside a network"),
        ({"address": ""}, "https://"),
        ({"kinds": []}, "at least one"),
        ({"shape": "fax"}, "Select a valid choice"),
        ({"name": "x" * 10_000}, "at most 80"),
        ({"address": "https://e.test/" + "x" * 10_000}, "at most 500"),
        ({"name": "a\0b", "address": "https://a\0b.test/"}, "Null characters"),
    ],
)
def test_it_says_what_is_wrong(signed_in, ada, wrong, said):
    answer = signed_in(ada).post("/team/webhooks/new/", {**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Hook.objects.exists()


def test_it_changes_keeps_both_and_never_the_address_by_accident(signed_in, ada, team):
    hook = makers.hook(team, ada)
    sealed = hook.address_sealed
    client = signed_in(ada)
    form = {"name": "Renamed", "shape": "slack", "kinds": ["note.written"], "revision": 1}
    assert client.post(f"/team/webhooks/{hook.code}/", form).status_code == 302
    hook.refresh_from_db()
    assert (hook.name, hook.shape, hook.kinds, hook.address_sealed) == ("Renamed", "slack", ["note.written"], sealed)
    answer = client.post(f"/team/webhooks/{hook.code}/", {**form, "name": "Mine"})
    assert answer.status_code == 409
    assert b'value="Mine"' in answer.content


def test_it_tries_switches_and_removes(signed_in, ada, team):
    hook = makers.hook(team, ada)
    client = signed_in(ada)
    client.post(f"/team/webhooks/{hook.code}/try/")
    assert Delivery.objects.get().kind == "ping"
    client.post(f"/team/webhooks/{hook.code}/switch/")
    hook.refresh_from_db()
    assert not hook.on
    client.post(f"/team/webhooks/{hook.code}/try/")
    assert Delivery.objects.count() == 1
    client.post(f"/team/webhooks/{hook.code}/switch/", {"on": "1"})
    assert client.post(f"/team/webhooks/{hook.code}/remove/").status_code == 302
    assert client.get(f"/team/webhooks/{hook.code}/").status_code == 404


def test_it_sends_again_by_a_button(signed_in, ada, team):
    row = makers.delivery(makers.hook(team, ada), state="failed", tries=9)
    row.history.create(status=500, said="<script>alert(1)</script>")
    client = signed_in(ada)
    page = client.get(f"/team/webhooks/{row.hook.code}/").content.decode()
    assert "&lt;script&gt;" in page
    assert client.post(f"/deliveries/{row.code}/again/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 0)


def test_it_is_for_owners(signed_in, team, ada, pavel, outsider):
    hook = makers.hook(team, ada)
    assert signed_in(pavel).get("/team/webhooks/").status_code == 403
    assert signed_in(pavel).get(f"/team/webhooks/{hook.code}/").status_code == 403
    assert signed_in(outsider).get(f"/team/webhooks/{hook.code}/").status_code == 404
    assert signed_in(outsider).post(f"/team/webhooks/{hook.code}/secret/").status_code == 404


def test_it_asks_the_database_no_more_for_many_deliveries(signed_in, team, ada):
    hook, client = makers.hook(team, ada), signed_in(ada)
    makers.delivery(hook).history.create(status=500)
    client.get(f"/team/webhooks/{hook.code}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/team/webhooks/{hook.code}/")
    for _ in range(12):
        makers.delivery(hook).history.create(status=500)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/team/webhooks/{hook.code}/")
    assert len(many) == len(few)
