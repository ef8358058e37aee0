"""The bar of a batch: what it says while it runs, when it is late, and when somebody stopped it."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from studio.generation import actions, tiers
from studio.generation.models import Batch
from tests import makers

HX = {"hx-request": "true"}


@pytest.fixture
def asked(team, mei):
    """A batch of three that nobody draws, for panels one of which has a picture; pictures took 4 s lately."""
    scene = makers.scene(makers.project(team))
    panels = [makers.panel(scene) for _ in range(3)]
    makers.take(panels[0], picked=True, size="1K", seconds=4)
    return actions.request_takes(panels=panels, by=mei, key=uuid.uuid4(), title="Draw the board")


def bar(client, batch):
    return client.get(reverse("batch", args=[batch.code]), headers=HX).content.decode()


def test_it_says_how_long_and_when_it_is_late(asked, mei, signed_in):
    assert "about 10 s left" in bar(signed_in(mei), asked)
    Batch.objects.filter(pk=asked.pk).update(created=asked.created - dt.timedelta(minutes=2))
    page = bar(signed_in(mei), asked)
    assert "taking longer than usual" in page
    assert "s left" not in page


def test_it_does_not_call_stopped_work_done(asked, mei, signed_in):
    page = signed_in(mei).post(reverse("batch_cancel", args=[asked.code]), headers=HX).content.decode()
    assert "<b>3</b> cancelled" in page
    assert 'data-state="approved"' not in page
    assert "--share:3" in page


def test_a_card_keeps_its_picture_while_another_is_drawn(asked, viktor, signed_in):
    page = signed_in(viktor).get(reverse("board", args=[asked.project.code])).content.decode()
    first, second = page.split('<li class="panel-card"')[1:3]
    assert "<img" in first
    assert "Waiting, 1 in line" in first
    assert "<img" not in second
    assert "Waiting, 2 in line" in second


def test_it_counts_and_prices_the_board_anew_when_all_is_drawn(asked, mei, signed_in, arrive):
    client = signed_in(mei)
    panels = [job.panel for job in asked.jobs.order_by("pk")]
    assert "of 3 drawn" not in bar(client, asked)
    for job in asked.jobs.order_by("pk"):
        arrive(job)
    for panel in panels[1:]:
        makers.take(panel, picked=True)
    answer = client.get(reverse("batch", args=[asked.code]), headers=HX)
    page = answer.content.decode()
    assert answer.status_code == 286
    assert "All drawn" in page.partition('id="outline"')[2]
    assert 'class="cost"' not in page.partition('id="draw-missing"')[2].partition("</a>")[0]
    assert "Draw scene" not in page.partition('id="tools-')[2]


def test_a_panel_that_comes_or_goes_changes_the_price_in_the_bar(team, mei, signed_in):
    scene = makers.scene(makers.project(team))
    client = signed_in(mei)
    page = client.post(reverse("panel_add", args=[scene.code]), headers=HX).content.decode()
    assert "free" in page.partition('id="draw-missing"')[2].partition("</a>")[0]
    panel = scene.panels.get()
    page = client.post(reverse("panel_delete", args=[panel.code]), headers=HX).content.decode()
    assert "free" not in page.partition('id="draw-missing"')[2].partition("</a>")[0]


def test_it_does_not_call_money_that_is_not_spent_yet_free(board, account, mei, signed_in):
    panels = board[2]
    choices = [tiers.choice(board[0].team, "draft")] * len(panels)
    batch = actions.request_takes(panels=panels, by=mei, key=uuid.uuid4(), choices=choices)
    assert "<b>$0.00</b> of about $0." in bar(signed_in(mei), batch)
