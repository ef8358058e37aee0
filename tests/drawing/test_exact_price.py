"""The exact price: asked on the estimate, answered by the service's dry run, kept for the reservation. It costs nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import actions, cost, engines, quotes, states, tiers
from studio.generation.errors import Refused
from studio.generation.models import EngineAccount, Job, Quote, Spend, Tier, TierEntry
from studio.lib import threads
from tests import makers
from tests.emulators import runware
from tests.emulators.runware import RunwareEmulator

pytestmark = pytest.mark.django_db(transaction=True)
HX = {"hx-request": "true"}
TWO = "google:4@3"


@pytest.fixture
def service():
    with RunwareEmulator(key="a-key-of-the-tests") as played:
        yield played


@pytest.fixture
def account(team, ada, service):
    made = actions.add_account(
        team=team, by=ada, engine="runware", label="Runware", key=service.key, base_url=service.base
    )
    TierEntry.objects.filter(team=team, tier=Tier.DRAFT).update(model=TWO, size="1K")
    return made


@pytest.fixture
def answered():
    """The worker's part: every question that waits."""

    def run():
        waiting = quotes.due(50)

        async def all_of_them():
            try:
                for pk, _ in waiting:
                    await quotes.run(pk)
            finally:
                await engines.close()

        asyncio.run(all_of_them())

    yield run
    threads.let_go()


@pytest.fixture
def dearer(monkeypatch):
    """The service's price is not the one in our table."""
    monkeypatch.setattr(runware, "price", lambda asked: 0.08)


def page_of(client, project, **query):
    return " ".join(client.get(reverse("estimate", args=[project.code]), query).content.decode().split())


def ask(client, project, **data):
    return client.post(reverse("estimate_price", args=[project.code]), {"missing": "1", **data})


def amount(page):
    return Decimal(re.search(r'name="amount" value="([^"]+)"', page)[1])


def test_it_asks_nobody_in_the_request_and_shows_the_answer(board, account, service, dearer, answered, mei, signed_in):
    project, *_ = board
    client = signed_in(mei)
    assert "Ask for the exact price" in page_of(client, project, missing=1)
    answer = ask(client, project, quality="draft")
    assert (answer.status_code, service.calls) == (302, [])
    page = " ".join(client.get(answer.url).content.decode().split())
    assert "Asking Runware for the exact price" in page
    assert "Look again" in page  # without scripts
    assert amount(page) == Decimal("0.20685")
    answered()
    page = page_of(client, project, missing=1, quality="draft")
    assert amount(page) == Decimal("0.24")
    assert "Runware says so; our price table has $0.207." in page
    assert "Ask for the exact price" not in page
    assert service.ledger == []
    assert service.tasks == {}
    assert Quote.objects.count() == 1  # three panels of one sort
    dry = [call for call in service.calls if call.headers.get("x-runware-dry-run")]
    assert len(dry) == len(service.calls) == 1


def test_it_holds_what_the_service_said(board, account, dearer, answered, mei, signed_in):
    project, *_ = board
    client = signed_in(mei)
    ask(client, project)
    answered()
    start = {"missing": "1", "key": uuid.uuid4()}
    refused = client.post(reverse("batch_start", args=[project.code]), {**start, "amount": "0.20685"})
    assert refused.status_code == 422  # the table's total was shown, the service's is dearer
    assert client.post(reverse("batch_start", args=[project.code]), {**start, "amount": "0.24"}).status_code == 302
    job = Job.objects.order_by("pk").first()
    assert (job.estimate, job.counted, job.quoted) == (Decimal("0.08"), Decimal("0.08"), True)
    held = Spend.objects.get(job=job)
    assert (held.kind, held.amount, held.source, held.dated) == ("reserved", Decimal("0.08"), "service", None)
    states.lose(job, "unknown", error="The line broke.", charged=None)
    assert Spend.objects.get(job=job, kind="uncertain").source == "service"


def test_what_is_promoted_costs_the_same(board, account, dearer, answered, mei, signed_in):
    project, _, panels = board
    ask(signed_in(mei), project, quality="hero")
    answered()
    take = makers.take(panels[0])
    (one,) = actions.promotions(takes=[take], choice=tiers.choice(project.team, "hero"))
    assert (one.row.price, one.row.quoted) == (Decimal("0.08"), True)


def test_it_is_told_where_it_is_the_same(board, account, answered, mei, signed_in):
    project, *_ = board
    ask(signed_in(mei), project)
    answered()
    assert "Runware says the same as our price table." in page_of(signed_in(mei), project, missing=1)


def test_it_sends_the_references_that_the_picture_would_have(board, team, account, service, answered, mei, signed_in):
    project, _, panels = board
    noor = makers.subject(team, "Noor", locked=True)
    makers.reference(noor.default_set)
    makers.appearance(panels[0], noor)
    ask(signed_in(mei), project)
    assert Quote.objects.count() == 2
    answered()
    assert sorted(Quote.objects.values_list("amount", flat=True)) == [Decimal("0.06895"), Decimal("0.06923")]
    assert amount(page_of(signed_in(mei), project, missing=1)) == Decimal("0.20713")


def test_it_asks_once_however_often_it_is_pressed(board, account, service, answered, mei, signed_in):
    project, *_ = board
    for _ in range(3):
        ask(signed_in(mei), project)
    answered()
    ask(signed_in(mei), project)
    assert quotes.due(10) == []
    assert len(service.calls) == 1


def test_an_old_answer_is_not_a_price(board, account, dearer, answered, mei, signed_in):
    project, *_ = board
    ask(signed_in(mei), project)
    answered()
    Quote.objects.update(answered=timezone.now() - quotes.FRESH - dt.timedelta(minutes=1))
    page = page_of(signed_in(mei), project, missing=1)
    assert amount(page) == Decimal("0.20685")
    assert "Ask for the exact price" in page


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (("status", (401, {})), "did not accept our key"),
        (("status", (503, {})), "engine is busy"),
        (("drop_before", None), "Nothing was charged"),
        (("broken_json", None), "named no price"),
    ],
)
def test_it_says_why_there_is_none(board, account, service, answered, mei, signed_in, fault, words):
    project, *_ = board
    service.break_at("price", *fault, times=50)
    ask(signed_in(mei), project)
    answered()
    quote = Quote.objects.get()
    assert quote.amount is None
    assert words in quote.said
    account.refresh_from_db()
    page = page_of(signed_in(mei), project, missing=1)
    assert amount(page) == Decimal("0.20685")
    if not account.paused:
        assert "price table’s stands" in page
        assert "Ask for the exact price" in page


def test_a_worker_that_died_over_it_leaves_it_to_the_next(board, account, answered, mei, signed_in):
    project, *_ = board
    ask(signed_in(mei), project)
    assert quotes._claim(Quote.objects.get().pk, timezone.now())
    assert quotes.due(10) == []
    quotes.forsake("any", "other")
    answered()
    assert Quote.objects.get().amount


def test_it_is_not_offered_where_nobody_can_say(board, team, ada, mei, signed_in):
    project, *_ = board
    assert "exact price" not in page_of(signed_in(mei), project, missing=1)
    makers.account(team, "Wisdom Gate", "gemini", by=ada)
    assert "exact price" not in page_of(signed_in(mei), project, missing=1)
    answer = ask(signed_in(mei), project)
    assert answer.status_code == 422
    assert "says its price beforehand" in answer.content.decode()
    assert not Quote.objects.exists()


def test_a_removed_account_takes_its_answers_along(board, account, answered, ada, mei, signed_in):
    project, *_ = board
    ask(signed_in(mei), project)
    answered()
    actions.remove_account(account=account, by=ada)
    assert not Quote.objects.exists()


def test_a_paused_account_is_not_asked(board, account, service, answered, mei, signed_in):
    project, _, panels = board
    ask(signed_in(mei), project)
    EngineAccount.objects.update(on=False)
    answered()
    assert service.calls == []
    assert "paused" in Quote.objects.get().said
    with pytest.raises(Refused):
        actions.ask_prices(panels=panels, choices=[tiers.choice(project.team, "draft")] * 3, by=mei)


def test_the_part_that_is_swapped_in_asks_until_it_is_answered(
    board, account, answered, mei, viktor, outsider, signed_in
):
    project, _, panels = board
    address = reverse("estimate_price", args=[project.code])
    for user, status in ((viktor, 403), (outsider, 404)):
        assert signed_in(user).post(address, {"missing": "1"}).status_code == status
    page = signed_in(mei).post(address, {"missing": "1", "quality": "draft"}, headers=HX).content.decode()
    assert 'hx-trigger="load delay:1s"' in page
    answered()
    assert "load delay" not in page_of(signed_in(mei), project, missing=1, quality="draft")
    (row,) = cost.ready([panels[0]], [tiers.choice(project.team, "draft")])
    assert (row.quoted, row.table) == (True, Decimal("0.06895"))
