"""The estimate with engines that cost: qualities, a model by name, what is left of the limits, what is refused and why."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.board.models import Panel
from studio.generation import caps, estimates, tiers
from studio.generation.models import Batch, EngineAccount, Job
from tests import makers
from tests.drawing.conftest import TWO

HX = {"hx-request": "true"}


def estimate(client, project, **query):
    return client.get(reverse("estimate", args=[project.code]), query).content.decode()


def start(client, project, **data):
    return client.post(reverse("batch_start", args=[project.code]), {"key": uuid.uuid4(), "missing": "1", **data})


def button(page):
    return re.search(r'<button class="button button--primary"[^>]*>', page)[0]


def total(page):
    return " ".join(re.search(r"<output.*?</output>", page, re.S)[0].split())


def test_it_offers_the_qualities_with_their_prices(board, account, mei, signed_in):
    project, *_ = board
    page = estimate(signed_in(mei), project, missing=1)
    for words in (
        "Sketch",
        "Draft, 1K",
        "Production, 2K",
        "Hero, 4K",
        "$0.039",
        "from $0.103",
        "$0.244",
        "sees 3 references",
    ):
        assert words in page, words
    assert 'value="draft" checked' in page
    assert "Draw 3 pictures" in page
    assert "$0.12" in total(page)
    assert "Prices of 20 Nov 2026" in total(page)
    assert "references not confirmed" in total(page)
    assert "$0.73" in total(estimate(signed_in(mei), project, missing=1, quality="hero"))


def test_it_says_what_each_panel_says_where_they_differ(board, account, mei, signed_in):
    project, _, panels = board
    Panel.objects.filter(pk=panels[0].pk).update(tier="hero")
    page = estimate(signed_in(mei), project, missing=1)
    assert "As each panel says" in page
    assert "$0.32" in total(page)
    assert start(signed_in(mei), project, amount="0.322").status_code == 302
    assert list(Job.objects.order_by("pk").values_list("tier", flat=True)) == ["hero", "draft", "draft"]
    assert Batch.objects.count() == 1


def test_it_draws_with_a_model_by_name_in_the_sizes_it_has(board, account, mei, signed_in):
    project, *_ = board
    client, key = signed_in(mei), f"{account.code}:{TWO}"
    page = estimate(client, project, missing=1, quality="named", model=key, size="2K")
    assert re.findall(r'name="size"[^>]*value="(\w+|[\d.]+K)"', page) == ["0.5K", "1K", "2K", "4K"]
    assert "$0.31" in total(page)
    assert re.findall(
        r'name="size"[^>]*value="([\d.]+K)"', estimate(client, project, quality="named", model="sketch")
    ) == ["1K", "2K"]
    data = {"quality": "named", "model": key, "size": "2K", "amount": "0.30765"}
    assert start(client, project, **data).status_code == 302
    job = Job.objects.first()
    assert (job.model, job.request["size"], job.tier) == (TWO, "2K", "")


@pytest.mark.parametrize(
    "query",
    [
        {"quality": "named", "model": "nobody:nothing"},
        {"quality": "splendid"},
        {"quality": "named", "size": "9K"},
        {"takes": "99"},
    ],
)
def test_it_bears_a_strange_form(board, account, mei, signed_in, query):
    project, *_ = board
    client = signed_in(mei)
    assert client.get(reverse("estimate", args=[project.code]), query).status_code == 200
    answer = start(client, project, **query)
    assert answer.status_code in {302, 422}
    assert not Job.objects.exclude(engine="sketch").exists()


def test_it_never_spends_more_than_it_showed(board, account, mei, signed_in):
    """Without scripts somebody changes the quality and presses Draw: the new total is shown first."""
    project, *_ = board
    client = signed_in(mei)
    for amount in ("", "0", "0.117"):
        answer = start(client, project, quality="hero", amount=amount)
        assert answer.status_code == 422
        assert "The price has changed" in answer.content.decode()
        assert "$0.73" in total(answer.content.decode())
    assert not Job.objects.exists()
    assert start(client, project, quality="hero", amount="0.732").status_code == 302
    assert Job.objects.count() == 3


def test_it_is_one_batch_however_often_it_is_sent(board, account, mei, signed_in):
    project, *_ = board
    client, key = signed_in(mei), uuid.uuid4()
    for _ in range(3):
        assert start(client, project, key=key, amount="0.117").status_code == 302
    assert (Batch.objects.count(), Job.objects.count()) == (1, 3)


def test_it_says_what_is_left_and_what_goes_beyond(board, account, cap, mei, pavel, signed_in):
    project, *_ = board
    cap("1.00")
    page = estimate(signed_in(mei), project, missing=1)
    assert "Leaves $0.88 of the" in total(page)
    cap("0.10")
    page = estimate(signed_in(mei), project, missing=1)
    assert "does not reach" in total(page)
    assert "$0.10 left, this needs $0.117" in total(page)
    assert "Ask" in total(page)
    assert "Pavel Novak" in total(page)
    assert "disabled" in button(page)
    assert "Draw 2 instead" in page
    assert reverse("spend") in total(estimate(signed_in(pavel), project, missing=1))


def test_it_draws_as_many_as_the_limit_bears(board, account, cap, mei, signed_in):
    project, _, panels = board
    cap("0.10")
    client = signed_in(mei)
    refused = start(client, project, amount="0.117")
    assert refused.status_code == 422
    assert "does not reach" in total(refused.content.decode())
    assert not Job.objects.exists()
    assert start(client, project, amount="0.117", most=2).status_code == 302
    assert list(Job.objects.order_by("pk").values_list("panel", flat=True)) == [panels[0].pk, panels[1].pk]
    (room,) = caps.rooms(team=project.team, project=project)
    assert room.used == Decimal("0.078")


def test_it_keeps_to_the_limit_of_the_account_and_of_the_project(board, account, mei):
    project, _, panels = board
    choices = [tiers.choice(project.team, "draft")] * 3
    project.cap = Decimal("0.08")
    project.save()
    panels = list(Panel.objects.select_related("scene__project__team").order_by("pk"))
    found = estimates.of(panels=panels, choices=choices, takes=2)
    assert (found.short.room.kind, found.short.affordable) == ("project", 2)
    EngineAccount.objects.update(monthly_cap=Decimal("0.04"))
    choices = [tiers.choice(project.team, "draft")] * 3
    found = estimates.of(panels=panels, choices=choices)
    assert (found.short.room.kind, found.short.affordable) == ("account", 1)


def test_it_tells_a_refusal_beside_the_button(board, account, cap, mei, ada, signed_in):
    _, _, (panel, *_) = board
    cap("0.01")
    data = {"key": uuid.uuid4(), "price": "0.039"}
    answer = signed_in(mei).post(reverse("panel_draw", args=[panel.code]), data, headers={**HX, "hx-target": "batch"})
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#draw-trouble"
    words = answer.content.decode()
    assert "is used up. $0.01 left, this needs $0.039." in words
    assert "Ask Ada Osei to raise it" in words
    page = signed_in(ada).post(reverse("panel_draw", args=[panel.code]), data)
    assert page.status_code == 422
    assert "is used up" in page.content.decode()
    assert reverse("spend") in page.content.decode().split('id="draw-trouble"')[1]
    assert not Job.objects.exists()


def test_it_leaves_out_what_the_engine_cannot_draw_and_says_why(board, hiapi, mei, signed_in, settings):
    project, _, panels = board
    Panel.objects.filter(pk=panels[1].pk).update(action="Much happens. " * 350)
    page = estimate(signed_in(mei), project, missing=1, quality="draft")
    assert "Panel 1B cannot be drawn like this" in page
    assert "takes 3 to 5,000" in page
    assert "disabled" in button(page)
    assert f"panels={panels[0].code},{panels[2].code}" in page
    answer = start(signed_in(mei), project, quality="draft", amount="1")
    assert answer.status_code == 422
    assert "Panel 1B" in answer.content.decode()
    assert not Job.objects.exists()


def test_it_warns_of_what_the_engine_never_sees(board, team, hiapi, mei, signed_in):
    project, _, panels = board
    noor = makers.subject(team, "Noor", locked=True)
    makers.reference(noor.default_set, "front", makers.bare_image(team))
    makers.appearance(panels[0], noor)
    page = estimate(signed_in(mei), project, missing=1, quality="draft")
    assert "Nano Banana sees no pictures" in page
    assert "1 reference stays out: Noor." in page
    makers.appearance(panels[2], noor)
    page = estimate(signed_in(mei), project, missing=1, quality="draft")
    assert page.count("Nano Banana sees no pictures") == 1
    assert "2 references stay out: Noor." in page
    assert "In 1A, 1C." in page


def test_it_says_an_engine_is_off_and_who_can_mend_it(board, account, mei, ada, signed_in):
    project, *_ = board
    EngineAccount.objects.update(on=False)
    page = estimate(signed_in(mei), project, missing=1, quality="production")
    assert "Runware is switched off" in total(page)
    assert "owner can mend it" in total(page)
    assert "disabled" in button(page)
    assert reverse("engines") in total(estimate(signed_in(ada), project, missing=1, quality="production"))
    assert start(signed_in(mei), project, quality="production", amount="9").status_code == 422
    assert not Job.objects.exists()


def test_it_knows_how_long_an_account_takes(board, account, mei, signed_in):
    project, _, panels = board
    choices = [tiers.choice(project.team, "draft")] * 3
    makers.take(panels[0], size="1K", seconds=30)
    type(panels[0].takes.first()).objects.update(engine="runware")
    rows = list(Panel.objects.select_related("scene__project__team"))
    assert estimates.of(panels=rows, choices=choices).seconds == 30  # three at once
    EngineAccount.objects.update(concurrency=1)
    choices = [tiers.choice(project.team, "draft")] * 3
    assert estimates.of(panels=rows, choices=choices).seconds == 90
    EngineAccount.objects.update(concurrency=16, per_minute=1)
    choices = [tiers.choice(project.team, "draft")] * 3
    assert estimates.of(panels=rows, choices=choices).seconds == 150


def test_it_asks_no_more_of_the_database_for_more_panels(board, account, cap, mei, signed_in):
    project, scene, panels = board
    Panel.objects.filter(pk=panels[0].pk).update(tier="hero")
    cap("100")
    client, counts = signed_in(mei), []
    for address in (reverse("estimate", args=[project.code]), reverse("board", args=[project.code])):
        client.get(address)
        for more in (0, 20):
            for n in range(more):
                makers.panel(scene, tier="hero" if n % 2 else "")
            with CaptureQueriesContext(connection) as found:
                client.get(address)
            counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]


def test_it_shows_the_estimate_to_those_who_draw_only(board, account, rosa, viktor, outsider, signed_in):
    project, *_ = board
    for user, status in ((rosa, 403), (viktor, 403), (outsider, 404)):
        assert signed_in(user).get(reverse("estimate", args=[project.code])).status_code == status
        assert start(signed_in(user), project, amount="9").status_code == status
    assert not Job.objects.exists()
