"""The order of a tier: adding, changing, moving and removing its places; what may be chosen and what it costs."""

import threading

import pytest
from django.db import connection

from studio.generation import actions, tiers
from studio.generation.errors import Refused
from studio.generation.models import TierEntry
from studio.models import Event, Membership, Team
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db


def places(tier="draft"):
    rows = TierEntry.objects.filter(tier=tier)
    return [(str(row.account or "Sketch"), row.model, row.size) for row in rows]


def first(tier="draft"):
    return TierEntry.objects.filter(tier=tier).first()


def test_it_adds_an_account_at_the_end(signed_in, ada, account):
    answer = signed_in(ada).post("/team/tiers/", {"tier": "hero", "account": account.code}, headers=HTMX)
    assert answer.status_code == 200
    assert places("hero") == [("Runware, Lisbon", "google:4@2", "4K")] * 2
    event = Event.objects.get(verb="tier.added")
    assert (event.actor, event.code, event.data["account"]) == (ada, "hero", "Runware, Lisbon")


def test_it_adds_the_embedded_engine(signed_in, team, ada, account):
    signed_in(ada).post("/team/tiers/", {"tier": "draft", "account": "sketch"})
    assert places()[-1] == ("Sketch", "sketch", "1K")
    assert tiers.choice(team, "draft").account == account
    actions.switch_account(account=account, by=ada, on=False)
    assert tiers.choice(team, "draft").engine == "sketch"


@pytest.mark.parametrize("typed", [{"tier": "best"}, {"tier": ""}, {"account": ""}, {"account": "x" * 20}])
def test_it_adds_nothing_else(signed_in, ada, account, typed):
    answer = signed_in(ada).post("/team/tiers/", {"tier": "draft", "account": account.code, **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert len(places()) == 1


def test_it_adds_no_account_of_another_team(signed_in, ada, team, outsider):
    """Not even for somebody who owns both."""
    theirs = makers.account(outsider.teams.get(), "Theirs")
    Membership.objects.create(user=ada, team=outsider.teams.get(), role="owner")
    answer = signed_in(ada).post("/team/tiers/", {"tier": "draft", "account": theirs.code}, headers=HTMX)
    assert answer.status_code == 422
    assert not TierEntry.objects.filter(team=team).exists()


def test_it_has_an_end(ada, team, account):
    for _ in range(7):
        actions.add_entry(team=team, by=ada, tier="draft", account=None)
    with pytest.raises(Refused, match="at most 8"):
        actions.add_entry(team=team, by=ada, tier="draft", account=None)


def test_it_changes_model_and_size(signed_in, ada, account):
    client, row = signed_in(ada), first()
    assert places() == [("Runware, Lisbon", "google:4@3", "0.5K")]
    answer = client.post(f"/team/tiers/{row.pk}/", {"model": "google:4@3", "size": "2K"}, headers=HTMX)
    assert "$0.1026" in answer.content.decode()
    assert places() == [("Runware, Lisbon", "google:4@3", "2K")]
    event = Event.objects.get(verb="tier.changed")
    assert (event.data["was"], event.data["size"]) == ("google:4@3 0.5K", "2K")


@pytest.mark.parametrize(("asked", "given"), [("0.5K", "1K"), ("2K", "2K"), ("8K", "1K"), ("", "1K")])
def test_it_takes_the_nearest_size_of_another_model(signed_in, ada, account, asked, given):
    signed_in(ada).post(f"/team/tiers/{first().pk}/", {"model": "google:4@2", "size": asked})
    assert places() == [("Runware, Lisbon", "google:4@2", given)]


@pytest.mark.parametrize(
    ("model", "size", "words"),
    [
        ("google:9@9", "1K", "no model google:9@9"),
        ("google:4@3", "8K", "does not draw 8K"),
        ("Nano-Banana-2", "1K", "no model"),
        ("sketch", "1K", "no model"),
        ("", "1K", "Choose a model of the list."),
    ],
)
def test_it_says_what_cannot_be_chosen(signed_in, ada, account, model, size, words):
    answer = signed_in(ada).post(f"/team/tiers/{first().pk}/", {"model": model, "size": size}, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert places() == [("Runware, Lisbon", "google:4@3", "0.5K")]


def test_it_chooses_no_retired_model(signed_in, team, ada):
    makers.account(team, "Gate", "gemini")
    client, row = signed_in(ada), first()
    answer = client.post(f"/team/tiers/{row.pk}/", {"model": "gemini-2.5-flash-image", "size": "1K"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Its successor is gemini-nano-banana-2.1." in answer.content.decode()


def test_it_offers_the_successor_of_a_model_that_retired_since(signed_in, team, ada):
    makers.account(team, "Gate", "gemini")
    TierEntry.objects.filter(tier="draft").update(model="gemini-2.5-flash-image")
    client = signed_in(ada)
    page = client.get("/team/engines/").content.decode()
    assert "was retired on 2 Oct 2026" in page
    assert "Use gemini-nano-banana-2.1" in page
    assert tiers.choice(team, "draft").why_not
    client.post(f"/team/tiers/{first().pk}/", {"model": "gemini-nano-banana-2.1"})
    assert places() == [("Gate", "gemini-nano-banana-2.1", "1K")]
    assert tiers.choice(team, "draft").why_not == ""


def test_it_begins_with_successors_where_a_service_has_taken_models_away(signed_in, team, ada):
    """Google shut the preview ids down; Wisdom Gate may still have them."""
    google = makers.account(team, "Google", "gemini", base="https://generativelanguage.googleapis.com")
    assert [places(tier)[0][1:] for tier in ("draft", "production", "hero")] == [
        ("gemini-nano-banana-2.1", "1K"), ("gemini-nano-banana-2.1", "2K"), ("gemini-3-pro-image", "4K"),
    ]  # fmt: skip
    assert not any(tiers.choice(team, tier).why_not for tier in ("draft", "production", "hero"))
    actions.add_entry(team=team, by=ada, tier="draft", account=google)
    assert places()[1] == ("Google", "gemini-nano-banana-2.1", "1K")
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "gemini-3-pro-image-preview (retired)" in page
    makers.account(team, "Gate", "gemini", base="https://wisdom-gate.juheapi.com")
    assert [place[1] for place in places("hero")] == ["gemini-3-pro-image", "gemini-3-pro-image-preview"]


def test_it_says_that_one_service_has_taken_a_model_away(signed_in, team, ada):
    makers.account(team, "Google", "gemini", base="https://generativelanguage.googleapis.com")
    row = first("hero")
    TierEntry.objects.filter(pk=row.pk).update(model="gemini-3-pro-image-preview")
    assert "retired on 25 Jun 2026" in tiers.choice(team, "hero").why_not
    client = signed_in(ada)
    assert "Use gemini-3-pro-image" in client.get("/team/engines/").content.decode()
    answer = client.post(
        f"/team/tiers/{first().pk}/", {"model": "gemini-3.1-flash-image-preview", "size": "1K"}, headers=HTMX
    )
    assert answer.status_code == 422
    client.post(f"/team/tiers/{row.pk}/", {"model": "gemini-3-pro-image"})
    assert tiers.choice(team, "hero").why_not == ""


def test_it_greys_models_that_fetch_references_from_nowhere(signed_in, team, ada):
    makers.account(team, "hiapi", "hiapi")
    client = signed_in(ada)
    page = client.get("/team/engines/").content.decode()
    assert "Nano-Banana-Pro (needs a public address)" in page
    assert "no public address (STUDIO_PUBLIC_URL)" in page  # production and hero keep theirs, and say why they wait
    answer = client.post(f"/team/tiers/{first().pk}/", {"model": "Nano-Banana-Pro", "size": "1K"}, headers=HTMX)
    assert answer.status_code == 422
    assert "STUDIO_PUBLIC_URL" in answer.content.decode()
    assert places() == [("hiapi", "Nano-Banana", "1K")]


def test_it_lets_them_be_chosen_where_the_studio_is_public(signed_in, team, ada, public):
    makers.account(team, "hiapi", "hiapi")
    client = signed_in(ada)
    client.post(f"/team/tiers/{first().pk}/", {"model": "Nano-Banana-Pro", "size": "1K"})
    assert places() == [("hiapi", "Nano-Banana-Pro", "1K")]
    page = client.get("/team/engines/").content.decode()
    assert "Ours is open at studio.example." in page
    assert "needs a public address)" not in page


def test_it_shows_that_a_larger_size_costs_less(signed_in, team, ada, public):
    makers.account(team, "hiapi", "hiapi")
    TierEntry.objects.filter(tier="draft").update(model="Nano-Banana-2", size="1K")
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "2K costs less than 1K ($0.085): $0.076." in page
    assert "Not confirmed: how many references, longest prompt." in page
    assert "Price of 20 Nov 2026." in page


def test_it_keeps_one_size_where_a_model_has_no_other(signed_in, team, ada):
    makers.account(team, "hiapi", "hiapi")
    page = signed_in(ada).get("/team/engines/").content.decode()
    assert "Set by ratio" in page
    assert "Bible first, always" in page


def test_it_moves_a_place(signed_in, team, ada, account):
    makers.account(team, "Second")
    makers.account(team, "Third")
    client, names = signed_in(ada), lambda: [name for name, *_ in places()]
    third = TierEntry.objects.get(tier="draft", account__label="Third")
    client.post(f"/team/tiers/{third.pk}/move/", {"to": "up"}, headers=HTMX)
    assert names() == ["Runware, Lisbon", "Third", "Second"]
    for _ in range(3):
        client.post(f"/team/tiers/{third.pk}/move/", {"to": "up"})
    assert names() == ["Third", "Runware, Lisbon", "Second"]
    assert tiers.choice(team, "draft").account.label == "Third"
    client.post(f"/team/tiers/{third.pk}/move/", {"to": "down"})
    assert names() == ["Runware, Lisbon", "Third", "Second"]
    assert [row.position for row in TierEntry.objects.filter(tier="draft")] == [0, 1, 2]


def test_it_takes_a_place_out(signed_in, team, ada, account):
    makers.account(team, "Second")
    row = first()
    client = signed_in(ada)
    for _ in range(2):  # a second click finds it gone
        client.post(f"/team/tiers/{row.pk}/remove/")
    assert [name for name, *_ in places()] == ["Second"]
    assert first().position == 0
    assert Event.objects.filter(verb="tier.removed").count() == 1
    client.post(f"/team/tiers/{first().pk}/remove/")
    assert "No place yet: Sketch draws it" in client.get("/team/engines/").content.decode()
    assert tiers.choice(team, "draft").engine == "sketch"


def test_it_says_what_the_switch_does(signed_in, team, ada, account):
    makers.account(team, "Second", base="http://127.0.0.1:10/v1")
    client = signed_in(ada)
    page = client.get("/team/engines/").content.decode()
    assert page.count("Stop and say so") == 3
    assert "nothing is paid twice" in page
    page = client.post("/team/tiers/fail-over/", {"on": "1"}, headers=HTMX).content.decode()
    assert "Stop and say so" not in page
    assert Team.objects.get(pk=team.pk).fail_over
    client.post("/team/tiers/fail-over/", {})
    assert not Team.objects.get(pk=team.pk).fail_over
    assert [event.data["on"] for event in Event.objects.filter(verb="team.fail_over").order_by("pk")] == [True, False]


def test_it_asks_for_the_right(signed_in, account, pavel, mei, rosa, viktor, outsider):
    row = first()
    asks = [
        ("/team/tiers/", {"tier": "hero", "account": "sketch"}),
        (f"/team/tiers/{row.pk}/", {"model": "google:4@1", "size": "1K"}),
        (f"/team/tiers/{row.pk}/move/", {"to": "down"}),
        (f"/team/tiers/{row.pk}/remove/", {}),
        ("/team/tiers/fail-over/", {"on": "1"}),
    ]
    for user in (pavel, mei, rosa, viktor):
        assert {signed_in(user).post(path, data).status_code for path, data in asks} == {403}
    assert {signed_in(outsider).post(path, data).status_code for path, data in asks[1:4]} == {404}
    assert places() == [("Runware, Lisbon", "google:4@3", "0.5K")]


@pytest.mark.django_db(transaction=True)
def test_it_keeps_one_order_under_many_hands(team, ada, account):
    rows = [actions.add_entry(team=team, by=ada, tier="draft", account=None) for _ in range(5)]
    wrong = []

    def move(row):
        try:
            for _ in range(3):
                actions.move_entry(entry=row, by=None, up=True)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    hands = [threading.Thread(target=move, args=(row,)) for row in rows]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert not wrong
    assert sorted(TierEntry.objects.filter(tier="draft").values_list("position", flat=True)) == list(range(6))
