"""Which quality draws: the panel's own, the project's, or one that is asked for; each with its limits and its price."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from studio.board.models import Panel, Project
from studio.generation import tiers
from studio.generation.models import EngineAccount, Job, TierEntry
from tests import makers
from tests.drawing.conftest import TWO

HX = {"hx-request": "true", "hx-target": "batch"}


def inspector(client, panel):
    return client.get(reverse("panel", args=[panel.code])).content.decode()


def draw(client, panel, **data):
    return client.post(reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4(), **data}, headers=HX)


def test_it_says_the_price_of_the_projects_quality(board, account, mei, signed_in):
    project, _, (panel, *_) = board
    client = signed_in(mei)
    page = inspector(client, panel)
    assert 'New take <span class="cost">$0.04</span>' in page
    assert "Nano Banana, 1K, price of 20 Nov 2026" in page
    Project.objects.filter(pk=project.pk).update(tier="hero")
    assert 'New take <span class="cost">$0.24</span>' in inspector(client, panel)


def test_it_draws_in_the_panels_own_quality_for_the_price_it_said(board, account, mei, signed_in):
    _, _, (panel, *_) = board
    Panel.objects.filter(pk=panel.pk).update(tier="production")
    client = signed_in(mei)
    assert 'name="price" value="0.10255"' in inspector(client, panel)
    assert draw(client, panel, price="0.10255").status_code == 200
    job = Job.objects.get()
    assert (job.tier, job.model, job.request["size"], job.account) == ("production", TWO, "2K", account)
    assert job.estimate == job.counted == Decimal("0.10255")


def test_it_never_draws_for_more_than_its_button_said(board, account, mei, signed_in):
    """A page from before the account was there says free: its button shows the estimate instead of spending."""
    _, _, (panel, *_) = board
    for data in ({}, {"price": "0"}, {"price": "0.01"}):
        answer = draw(signed_in(mei), panel, **data)
        assert answer["HX-Retarget"] == "#dialog-host"
        assert "$0.04" in answer.content.decode()
    assert not Job.objects.exists()
    plain = signed_in(mei).post(reverse("panel_draw", args=[panel.code]), {"key": uuid.uuid4()})
    assert "/estimate/" in plain["Location"]


def test_it_sketches_for_nothing_where_that_is_asked(board, account, mei, signed_in):
    _, _, (panel, *_) = board
    Panel.objects.filter(pk=panel.pk).update(tier="sketch")
    assert draw(signed_in(mei), panel).status_code == 200
    job = Job.objects.get()
    assert (job.engine, job.tier, job.estimate) == ("sketch", "", 0)


def test_it_saves_the_quality_of_a_panel_and_shows_its_price_at_once(board, account, mei, signed_in):
    _, _, (panel, *_) = board
    address = reverse("panel_field", args=[panel.code])
    data = {"field": "tier", "tier": "hero", "was-tier": "", "revision": panel.revision}
    answer = signed_in(mei).post(address, data, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert 'id="draw-offer" hx-swap-oob="true"' in answer.content.decode()
    assert "$0.24" in answer.content.decode()
    assert Panel.objects.get(pk=panel.pk).tier == "hero"
    wrong = signed_in(mei).post(address, {**data, "tier": "google:4@2"}, headers={"hx-request": "true"})
    assert wrong.status_code == 422
    assert "Choose one of the qualities" in wrong.content.decode()


def test_it_saves_the_quality_without_scripts_and_of_many_at_once(board, account, mei, signed_in):
    project, _, panels = board
    client = signed_in(mei)
    page = {"tier": "hero", "was-tier": "", "revision": panels[0].revision}
    assert client.post(reverse("panel", args=[panels[0].code]), page).status_code == 302
    data = {"act": "edit", "panels": [panel.code for panel in panels[1:]], "tier": "production"}
    assert client.post(reverse("panels_bulk", args=[project.code]), data).status_code == 302
    assert list(Panel.objects.order_by("pk").values_list("tier", flat=True)) == ["hero", "production", "production"]
    client.post(reverse("panel_duplicate", args=[panels[0].code]))
    assert Panel.objects.latest("pk").tier == "hero"


def test_it_saves_the_quality_of_a_project(board, account, mei, rosa, signed_in):
    project, *_ = board
    address = reverse("project_field", args=[project.code])
    data = {"field": "tier", "tier": "production", "was-tier": "draft", "revision": project.revision}
    assert signed_in(rosa).post(address, data).status_code == 403
    assert signed_in(mei).post(address, data, headers={"hx-request": "true"}).status_code == 200
    project.refresh_from_db()
    assert project.tier == "production"


def test_it_plans_and_words_by_what_the_chosen_model_takes(board, team, account, mei, signed_in):
    project, _, (panel, *_) = board
    Project.objects.filter(pk=project.pk).update(aspect="2.39:1")
    for name in ("Noor", "Imre", "Tal"):
        who = makers.subject(team, name, locked=True)
        for view in ("front", "three_quarter_right"):
            makers.reference(who.default_set, view, makers.bare_image(team))
        makers.appearance(panel, who)
    client = signed_in(mei)
    page = client.get(reverse("prompt", args=[panel.code])).content.decode()
    assert "of 3</span>" in page
    assert "of 45000 characters" in page
    assert "by Nano Banana, 1K" in page
    assert "Nano Banana takes 3 pictures" in page
    draw(client, panel, price="0.039")
    draft = Job.objects.get().request
    assert len(draft["plan"]["slots"]) == 3
    assert draft["aspect"] == "21:9"
    assert draft["crop"]
    assert (draft["width"], draft["height"]) == (1536, 672)
    Panel.objects.filter(pk=panel.pk).update(tier="sketch")
    draw(client, panel)
    sketch = Job.objects.latest("pk").request
    assert (len(sketch["plan"]["slots"]), sketch["aspect"], sketch["crop"]) == (6, "2.39:1", None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on": False}, "is switched off"),
        ({"health": "key"}, "did not accept our key"),
        ({"health": "balance"}, "is used up"),
    ],
)
def test_it_says_why_an_engine_draws_nothing(board, account, mei, ada, signed_in, change, words):
    _, _, (panel, *_) = board
    EngineAccount.objects.update(**change)
    page = inspector(signed_in(mei), panel)
    assert words in page
    assert "owner can mend it" in page
    assert 'id="draw-button"' in page
    assert "disabled" in page.split('id="draw-button"')[1].split(">")[0]
    assert reverse("engines") in inspector(signed_in(ada), panel).split('id="draw-trouble"')[1]
    answer = draw(signed_in(mei), panel, price="1")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_it_passes_over_what_cannot_draw(board, team, account):
    """The tier's second entry, where the first is paused: fail-over is for what was asked, this is for what is asked."""
    TierEntry.objects.create(team=team, tier="draft", position=9, account=None, model="sketch", size="1K")
    EngineAccount.objects.update(on=False)
    assert tiers.choice(team, "draft").engine == "sketch"
    assert tiers.choice(team, "hero").why_not


def test_it_greys_models_that_fetch_references_where_the_studio_has_no_address(team, hiapi, settings):
    settings.PUBLIC = False
    offers = {offer.choice.model: offer.why_not for offer in tiers.offers(team)}
    assert offers["Nano-Banana"] == ""
    assert "no public address" in offers["Nano-Banana-2"]
    settings.PUBLIC = True
    assert not any(offer.why_not for offer in tiers.offers(team))


def test_it_shows_no_price_and_no_button_to_those_who_do_not_draw(board, account, viktor, rosa, outsider, signed_in):
    _, _, (panel, *_) = board
    for user in (viktor, rosa):
        client = signed_in(user)
        assert "$0.04" not in inspector(client, panel)
        assert draw(client, panel, price="1").status_code == 403
    assert draw(signed_in(outsider), panel, price="1").status_code == 404
    assert not Job.objects.exists()


def test_it_says_what_is_missing_and_each_scene_would_cost(board, account, mei, signed_in):
    project, _, panels = board
    Panel.objects.filter(pk=panels[0].pk).update(tier="hero")
    page = signed_in(mei).get(reverse("board", args=[project.code])).content.decode()
    assert 'Draw missing <span class="cost">$0.32</span>' in page
    assert 'Draw scene <span class="cost">$0.32</span>' in page
    assert "from $0.04 each" in page
    Project.objects.filter(pk=project.pk).update(tier="production")
    page = signed_in(mei).get(reverse("board", args=[project.code])).content.decode()
    assert 'Draw missing <span class="cost">from $0.45</span>' in page
