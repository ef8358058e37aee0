"""Name, address and limits of an account; another host gets the key only where it is entered again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from studio.generation.models import Check, EngineAccount
from studio.lib import signing
from studio.models import Event
from tests.engines.conftest import HTMX, KEY

pytestmark = pytest.mark.django_db


def form(account, **change):
    kept = {
        "label": account.label, "base_url": account.base_url, "result_hosts": "", "concurrency": 16, "per_minute": "",
        "monthly_cap": "", "key": "",
    }  # fmt: skip
    return {**kept, **change}


def post(signed_in, user, account, headers=None, **change):
    answer = signed_in(user).post(f"/team/engines/{account.code}/", form(account, **change), headers=headers)
    account.refresh_from_db()
    return answer


def test_it_changes_name_and_limits(signed_in, ada, account):
    answer = post(
        signed_in, ada, account, label="Runware 2", concurrency=4, per_minute=90, monthly_cap="50.50",
        result_hosts="cdn.example.com, .pictures.example",
    )  # fmt: skip
    assert answer["Location"] == "/team/engines/"
    assert (account.label, account.concurrency, account.per_minute) == ("Runware 2", 4, 90)
    assert (account.monthly_cap, account.result_hosts) == (Decimal("50.50"), "cdn.example.com,.pictures.example")
    assert account.revision == 2  # the worker makes a new client
    event = Event.objects.get(verb="account.changed")
    assert event.actor == ada
    assert event.data["changed"]["concurrency"] == "4"
    assert "base_url" not in event.data["changed"]


def test_it_writes_nothing_where_nothing_changed(signed_in, ada, account):
    post(signed_in, ada, account)
    assert account.revision == 1
    assert not Event.objects.filter(verb="account.changed").exists()


def test_it_lifts_limits_that_are_left_empty(signed_in, ada, account):
    EngineAccount.objects.update(per_minute=60, monthly_cap=10)
    post(signed_in, ada, account)
    assert (account.per_minute, account.monthly_cap) == (None, None)


def test_it_takes_a_key_that_is_typed_beside_the_same_address(signed_in, ada, account):
    EngineAccount.objects.update(health="key")
    post(signed_in, ada, account, key="the-next-key-0123456789")
    assert signing.unseal(account.key_sealed) == "the-next-key-0123456789"
    assert (account.health, account.base_url) == ("unchecked", "http://127.0.0.1:9/v1")
    assert Check.objects.get(account=account).answered is None
    assert Event.objects.filter(verb="account.key").count() == 1


def test_it_checks_another_address_at_once_and_forgets_what_was_said_of_the_old_one(signed_in, ada, account):
    Check.objects.create(account=account, by=ada, asked=timezone.now(), answered=timezone.now(), said="Nobody there.")
    post(signed_in, ada, account, label="Renamed")
    assert Check.objects.get(account=account).said == "Nobody there."
    post(signed_in, ada, account, base_url="http://127.0.0.1:9/other")
    row = Check.objects.get(account=account)
    assert (row.answered, row.said) == (None, "")


def test_it_moves_on_the_same_host_without_the_key(signed_in, ada, account):
    post(signed_in, ada, account, base_url="http://127.0.0.1:9/other")
    assert account.base_url == "http://127.0.0.1:9/other"
    assert signing.unseal(account.key_sealed) == KEY


@pytest.mark.parametrize("base", ["https://evil.example/v1", "http://127.0.0.1:10/v1", "https://127.0.0.1:9/v1"])
def test_it_gives_the_key_to_no_other_host(signed_in, ada, account, base):
    answer = post(signed_in, ada, account, HTMX, base_url=base)
    assert answer.status_code == 422
    assert "enter it again" in answer.content.decode()
    assert account.base_url == "http://127.0.0.1:9/v1"
    post(signed_in, ada, account, base_url=base, key="another-key-0123456789")
    assert account.base_url == base
    assert signing.unseal(account.key_sealed) == "another-key-0123456789"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"label": ""}, "An account needs a name."),
        ({"base_url": ""}, "An account needs an address."),
        ({"base_url": "https://x.example/?a=1"}, "? or #"),
        ({"concurrency": 0}, "Between 1 and 200 pictures"),
        ({"concurrency": 1000}, "Between 1 and 200 pictures"),
        ({"concurrency": ""}, "Between 1 and 200 pictures"),
        ({"concurrency": "ten"}, "Between 1 and 200 pictures"),
        ({"per_minute": 0}, "Between 1 and 6,000 calls"),
        ({"per_minute": -5}, "Between 1 and 6,000 calls"),
        ({"monthly_cap": "-1"}, "US dollars from 0 to 1,000,000"),
        ({"monthly_cap": "NaN"}, "or nothing for no limit"),
        ({"monthly_cap": "1.005"}, "two decimals at most"),
        ({"monthly_cap": "1e9"}, "US dollars from 0 to 1,000,000"),
        ({"result_hosts": "https://x.example"}, "without https"),
    ],
)
def test_it_says_why_not(signed_in, ada, account, change, words):
    answer = post(signed_in, ada, account, HTMX, **change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert account.revision == 1


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert post(signed_in, user, account, label="Mine").status_code == 403
    assert post(signed_in, outsider, account, label="Mine").status_code == 404
    assert account.label == "Runware, Lisbon"
