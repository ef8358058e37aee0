"""The price that a service named itself holds for sides, passes and restyled picks, as for any picture of the same sort."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.generation import quotes, tiers
from studio.generation.models import Quote, Spend
from studio.making import actions, sides, upon
from tests import makers
from tests.making.test_draw_sides import BACK

SAID = Decimal("0.2")


@pytest.fixture
def choice(team, account):
    return tiers.choice(team, "production")


def say(row):
    account, shape = quotes.sort(row.choice, row.request)
    Quote.objects.create(account_id=account, shape=shape, model=row.choice.model, amount=SAID, answered=timezone.now())


def held(batch):
    row = Spend.objects.get(job__batch=batch)
    return row.amount, row.source


def test_a_side(mira, choice, mei):
    (row,) = sides.ready(mira.default_set, [BACK], choice)
    assert 0 < row.price != SAID
    say(row)
    (again,) = sides.ready(mira.default_set, [BACK], choice)
    assert (again.price, again.table, again.quoted) == (SAID, row.price, True)
    made = actions.draw_sides(reference_set=mira.default_set, sides=[BACK], choice=choice, by=mei, key=uuid.uuid4())
    assert held(made) == (SAID, "service")


def test_the_estimate_of_sides_says_whose_price_it_is(mira, choice, mei, signed_in):
    (row,) = sides.ready(mira.default_set, [BACK], choice)
    address = reverse("set_sides", args=[mira.default_set.code])
    asked = {"asked": "1", "views": "back"}
    assert "own price" not in signed_in(mei).get(address, asked).content.decode()
    say(row)
    page = signed_in(mei).get(address, asked).content.decode()
    assert "The service’s own price; our price table has $" in page
    assert f'name="amount" value="{SAID:.6f}"' in page


def test_a_pass(mira, team, choice, mei):
    panel = makers.panel(makers.scene(makers.project(team)))
    makers.appearance(panel, mira)
    added = {one.member.key for one in upon.elements(panel, None)}
    row = upon.pass_ready(panel, None, added, choice)
    say(row)
    assert (upon.pass_ready(panel, None, added, choice).price, row.quoted) == (SAID, False)
    made = actions.draw_pass(panel=panel, base=None, added=added, choice=choice, by=mei, key=uuid.uuid4())
    assert held(made) == (SAID, "service")


def test_a_restyled_pick(mira, team, choice):
    panel = makers.panel(makers.scene(makers.project(team)))
    makers.appearance(panel, mira)
    take, style = makers.take(panel), makers.subject(team, "Ink", kind="style", locked=True)
    (row,) = upon.restyle_ready([take], style, choice)
    say(row)
    (again,) = upon.restyle_ready([take], style, choice)
    assert (again.price, again.table) == (SAID, row.price)
