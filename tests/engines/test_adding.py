"""Adding an account: the key is sealed and never shown, the account joins the tiers and is checked."""

import pytest

from studio.generation import actions
from studio.generation.errors import Refused
from studio.generation.models import Check, EngineAccount, Tier, TierEntry
from studio.lib import signing
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX, KEY

pytestmark = pytest.mark.django_db
NEW = "/team/engines/new/"
GOOD = {"engine": "runware", "label": "Runware, Lisbon", "key": KEY}


def test_it_adds_an_account(signed_in, team, ada):
    answer = signed_in(ada).post(NEW, GOOD)
    assert answer["Location"] == "/team/engines/"
    account = EngineAccount.objects.get()
    assert (account.team, account.label, account.base_url) == (team, "Runware, Lisbon", "https://api.runware.ai/v1")
    assert (account.concurrency, account.per_minute, account.key_tail, account.created_by) == (16, None, "7f3a", ada)
    assert KEY not in account.key_sealed
    assert signing.unseal(account.key_sealed) == KEY
    assert list(TierEntry.objects.values_list("tier", "account")) == [
        (tier, account.pk) for tier in ("draft", "hero", "production")
    ]
    assert Check.objects.get().account == account
    event = Event.objects.get(verb="account.added")
    assert (event.actor, event.code) == (ada, account.code)
    assert KEY not in str(event.data)


def test_it_shows_the_key_to_nobody_again(signed_in, ada, account):
    client = signed_in(ada)
    pages = [f"/team/engines/{account.code}/{part}" for part in ("", "key/", "remove/")]
    for page in ("/team/engines/", *pages):
        text = client.get(page).content.decode()
        assert KEY not in text
        assert account.key_sealed not in text
    assert "…7f3a" in client.get("/team/engines/").content.decode()


def test_it_takes_the_last_place_of_each_tier(team, ada, account):
    second = makers.account(team, "hiapi", "hiapi", by=ada, base="https://api.hiapi.ai")
    for tier in ("draft", "production", "hero"):
        rows = TierEntry.objects.filter(tier=tier)
        assert [row.account for row in rows] == [account, second]
        assert [row.position for row in rows] == [0, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": ""}, "Enter the key that the service gave you."),
        ({"key": "two words"}, "This is no key"),
        ({"key": "schlüssel-der-nicht-geht"}, "This is no key"),
        ({"key": "k" * 501}, "at most 500"),
        ({"engine": "dalle"}, "Choose one of the engines."),
        ({"engine": ""}, "Choose one of the engines."),
        ({"base_url": "http://api.runware.ai/v1"}, "Plain http"),
        ({"base_url": "https://a:b@api.runware.ai/v1"}, "name and password"),
        ({"label": "x" * 61}, "at most 60"),
    ],
)
def test_it_says_why_not_and_keeps_what_was_typed(signed_in, ada, change, words):
    typed = {**GOOD, "base_url": "https://gate.example/v1", **change}
    answer = signed_in(ada).post(NEW, typed, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert not EngineAccount.objects.exists()
    assert KEY not in text  # a key is typed anew
    assert "gate.example" in text or "base_url" in change


def test_it_asks_for_the_right(signed_in, ada, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert signed_in(user).post(NEW, GOOD).status_code == 403
    signed_in(outsider).post(NEW, GOOD)
    assert EngineAccount.objects.get().team == outsider.teams.get()


def test_it_has_an_end(team, ada, monkeypatch):
    monkeypatch.setattr("studio.generation.actions.accounts.MOST_ACCOUNTS", 1)
    makers.account(team)
    with pytest.raises(Refused, match="at most 1"):
        actions.add_account(team=team, by=ada, engine="runware", label="", key=KEY)


def test_it_joins_no_tier_that_is_full(signed_in, team, ada):
    for n in range(10):
        makers.account(team, f"Account {n}", base="https://api.runware.ai/v1")
    assert TierEntry.objects.filter(tier="draft").count() == 8
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert page.count("Not in a tier") == 2
    assert "Eighth for draft, production and hero" in page


def test_it_says_which_tiers_have_no_place_for_it(signed_in, team, ada):
    def said(label):
        typed = {"engine": "runware", "label": label, "key": KEY, "base_url": ""}
        return signed_in(ada).post("/team/engines/new/", typed, follow=True).content.decode()

    for _ in range(7):
        actions.add_entry(team=team, by=ada, tier="hero", account=None)
    assert "Eighth is added and takes the last place of each tier." in said("Eighth")
    assert "Ninth is added. There was no place in hero. It is being checked." in said("Ninth")
    TierEntry.objects.all().delete()
    for tier in Tier:
        for _ in range(8):
            actions.add_entry(team=team, by=ada, tier=tier, account=None)
    assert "Tenth is added. No tier has a place for it, so it draws nothing yet." in said("Tenth")


def test_it_reads_an_order_that_is_longer(signed_in, team, ada, account):
    """Rows that stood there before there was an end."""
    for n in range(9):
        TierEntry.objects.create(
            team=team, tier="hero", position=n + 1, account=makers.account(team, f"Account {n}"), model="google:4@2"
        )
    assert signed_in(ada).get("/team/engines/").status_code == 200


def test_it_draws_drafts_by_a_model_that_can_be_reached(team, ada):
    """hiapi fetches references by link: without a public address its flat model is what works."""
    actions.add_account(team=team, by=ada, engine="hiapi", label="", key=KEY)
    assert TierEntry.objects.get(tier="draft").model == "Nano-Banana"


def test_it_draws_drafts_with_references_where_the_studio_is_public(team, ada, public):
    actions.add_account(team=team, by=ada, engine="hiapi", label="", key=KEY)
    assert TierEntry.objects.get(tier="draft").model == "Nano-Banana-2"
