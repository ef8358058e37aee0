"""The engines' page: what each role sees of accounts, what stands in words, and that its queries do not grow."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.generation import actions
from studio.generation.models import EngineAccount, Job, JobState
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db
PAGE = "/team/engines/"


def read(signed_in, user):
    return signed_in(user).get(PAGE).content.decode()


@pytest.fixture
def asked(team, ada, account):
    panel = makers.panel(makers.scene(makers.project(team)))
    made = actions.request_takes(panels=[panel], by=ada, key=uuid.uuid4(), account=account, model="google:4@3", takes=3)
    return made.jobs.order_by("pk")


def test_it_shows_an_owner_everything(signed_in, ada, account, asked):
    EngineAccount.objects.update(monthly_cap=50, per_minute=120)
    Job.objects.filter(pk=asked[0].pk).update(state=JobState.DONE, counted=Decimal("12.5"))
    Job.objects.filter(pk=asked[1].pk).update(state=JobState.WAITING, counted=0)
    Job.objects.filter(pk=asked[2].pk).update(counted=0)
    page = read(signed_in, ada)
    for words in ("Runware, Lisbon", "…7f3a", "http://127.0.0.1:9/v1", "$12.50", "of $50", "120", "Never checked"):
        assert words in page
    assert "1 under way · 1 waits" in page
    assert "First for draft, production and hero" in page


def test_it_counts_this_month_only(signed_in, ada, account, asked):
    Job.objects.update(created=timezone.now() - dt.timedelta(days=40), counted=9)
    assert "$27.00" not in read(signed_in, ada)
    assert "$0.00" in read(signed_in, ada)


def test_it_shows_a_producer_the_money_and_no_keys(signed_in, pavel, account):
    page = read(signed_in, pavel)
    assert f"{timezone.localtime():%B}" in page
    assert "$0.00" in page
    for secret in ("7f3a", "127.0.0.1:9", "/key/", "/switch/", "/check/", "/team/tiers/"):
        assert secret not in page.replace('action="/team/tiers/fail-over/" hx-post="/team/tiers/fail-over/"', "")


def test_it_shows_an_artist_neither(signed_in, mei, account):
    page = read(signed_in, mei)
    assert "Runware, Lisbon" in page
    assert "$0.0466" in page  # prices are on their buttons too
    assert "$0.00<" not in page
    for secret in ("7f3a", "127.0.0.1:9", "Add account"):
        assert secret not in page


def test_it_is_not_for_reviewers(signed_in, rosa, viktor, account):
    for user in (rosa, viktor):
        client = signed_in(user)
        assert client.get(PAGE).status_code == 403
        assert client.get("/team/engines/models/").status_code == 403
        assert "Engines" not in client.get("/team/").content.decode().split("What each role may do")[0]


def test_it_shows_a_stranger_their_own(signed_in, outsider, account):
    page = read(signed_in, outsider)
    assert "Runware, Lisbon" not in page
    assert "No account yet" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"health": "key"}, ["did not accept our key.", "3 pictures wait, nothing is lost.", "Replace the key"]),
        (
            {"health": "balance"},
            ["The balance of Runware, Lisbon is used up.", "Top it up at the service, then check it."],
        ),
        ({"health": "quota"}, ["The quota of Runware, Lisbon is used up.", "It rests until"]),
        ({"health": "unreachable"}, ["Runware, Lisbon was not reached.", "Look at its address", "3 pictures wait."]),
        ({"health": "ready", "said": "Answers in 0.4 s"}, ["Answers in 0.4 s"]),
        ({"health": "key", "on": False}, ["Off"]),
    ],
)
def test_it_says_how_an_account_is(signed_in, ada, account, asked, fields, words):
    rest = {"rests_until": timezone.now() + dt.timedelta(hours=1)} if fields["health"] == "quota" else {}
    EngineAccount.objects.update(seen=timezone.now(), **rest, **fields)
    page = read(signed_in, ada)
    for word in words:
        assert word in page, word
    assert ("Replace the key" in page) == ("Replace the key" in words)


def test_it_says_where_a_key_comes_from(signed_in, ada, account, monkeypatch):
    EngineAccount.objects.update(from_environment="RUNWARE_API_KEY", health="key", seen=timezone.now())
    monkeypatch.setenv("RUNWARE_API_KEY", "something")
    page = read(signed_in, ada)
    assert "Its key stands in the environment as RUNWARE_API_KEY" in page
    assert "Replace the key" not in page
    form = signed_in(ada).get(f"/team/engines/{account.code}/").content.decode()
    assert "Its key stands in the environment" in form
    assert "/key/" not in form


def test_it_escapes_what_people_and_services_say(signed_in, team, ada):
    bad = "<script>alert(1)</script>"
    makers.account(team, bad, health="key", said=bad, seen=timezone.now(), base="http://127.0.0.1:9/<b>")
    page = read(signed_in, ada)
    assert bad not in page
    assert "&lt;script&gt;" in page


def test_it_gives_htmx_the_part_that_was_asked_for(signed_in, ada, account):
    client = signed_in(ada)
    part = client.get(f"{PAGE}?part=accounts", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<section class="box" id="accounts"')
    assert "<html" in client.get(f"{PAGE}?part=accounts").content.decode()


def test_it_asks_the_same_for_one_account_and_for_many(signed_in, team, ada):
    client = signed_in(ada)

    def queries(path=PAGE):
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    makers.account(team, "One", health="key", seen=timezone.now())
    actions.ask_check(account=EngineAccount.objects.get(), by=ada)
    few, models = queries(), queries("/team/engines/models/")
    assert few <= 14
    panels = [makers.panel(makers.scene(makers.project(team)))]
    for n in range(11):
        row = makers.account(team, f"Account {n}", health="key", seen=timezone.now(), monthly_cap=10)
        actions.ask_check(account=row, by=ada)
        actions.request_takes(panels=panels, by=ada, key=uuid.uuid4(), account=row, model="google:4@3")
    assert queries() == few
    assert queries("/team/engines/models/") == models
