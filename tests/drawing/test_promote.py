"""Promote to hero: the picked take again in hero quality, from the same plan where that goes, and what differs before the money."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.board.models import Panel, Project, Take
from studio.generation import actions, caps, tiers
from studio.generation.models import Batch, EngineAccount, Job, Tier, TierEntry
from tests import makers
from tests.drawing.conftest import PRO

HERO = Decimal("0.244")


@pytest.fixture
def noor(team, board):
    """Somebody in the first panel, with a picture that can be sent."""
    who = makers.subject(team, "Noor", locked=True)
    for view in ("front", "three_quarter_right"):
        makers.reference(who.default_set, view, makers.image(team))
    makers.appearance(board[2][0], who)
    return who


@pytest.fixture
def drawn(board, mei, arrive):
    """`drawn(panel, tier)` is a take of that panel in that quality, arrived and picked."""

    def one(panel, tier="draft", **given):
        panel = Panel.objects.select_related("scene__project__team").get(pk=panel.pk)
        choice = tiers.choice(panel.scene.project.team, tier)
        batch = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), choices=[choice], **given)
        take = arrive(batch.jobs.get())
        Panel.objects.filter(pk=panel.pk).update(picked=take)
        return take

    return one


def dialog(client, take):
    return client.get(reverse("take_promote", args=[take.code])).content.decode()


def promote(client, take, **data):
    given = {"key": uuid.uuid4(), "amount": HERO, **data}
    return client.post(reverse("take_promote", args=[take.code]), given)


def differences(page):
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>([^<]+)</li>", page)]


def test_it_draws_the_same_again_in_hero_quality(board, account, noor, drawn, mei, signed_in, arrive):
    _, _, (panel, *_) = board
    take = drawn(panel)
    client = signed_in(mei)
    page = dialog(client, take)
    assert "Nano Banana Pro, 4K" in page
    assert "$0.24" in page
    assert differences(page) == ["Another model draws it: alike, not the same in every detail."]
    assert promote(client, take).status_code == 302
    job = Job.objects.latest("pk")
    assert (job.tier, job.model, job.request["size"], job.seed) == (Tier.HERO, PRO, "4K", take.seed)
    assert job.request["prompt"] == take.prompt
    assert job.template_version == take.template_version
    assert job.request["plan"]["slots"] == take.plan["slots"]
    assert job.estimate == HERO
    better = arrive(job)
    assert better.parameters["promoted_from"] == take.code
    page = client.get(reverse("compare", args=[panel.code]), {"take": better.number}).content.decode()
    assert "Promoted from" in page
    assert reverse("take", args=[take.code]) in page
    assert Panel.objects.get(pk=panel.pk).picked == take  # nothing is picked for anybody


def test_it_keeps_the_words_though_the_panel_changed_since(board, account, noor, drawn, mei, signed_in):
    _, _, (panel, *_) = board
    take = drawn(panel)
    Panel.objects.filter(pk=panel.pk).update(action="She is gone.")
    promote(signed_in(mei), take)
    assert Job.objects.latest("pk").request["prompt"] == take.prompt


def test_it_plans_anew_where_the_model_takes_more(board, team, account, noor, drawn, mei, signed_in):
    """The draft model took three of six pictures; the hero model holds five of people."""
    _, _, (panel, *_) = board
    for name in ("Imre", "Tal"):
        who = makers.subject(team, name, locked=True)
        for view in ("front", "three_quarter_right"):
            makers.reference(who.default_set, view, makers.image(team))
        makers.appearance(panel, who)
    take = drawn(panel)
    assert len(take.plan["slots"]) == 3
    page = dialog(signed_in(mei), take)
    assert "Planned anew: Nano Banana Pro takes 14 pictures. 2 references are added: Noor, Imre." in differences(page)
    promote(signed_in(mei), take)
    frozen = Job.objects.latest("pk").request
    assert len(frozen["plan"]["slots"]) == 5
    assert frozen["template_version"] == take.template_version


def test_it_plans_anew_where_the_model_takes_none(board, team, account, noor, drawn, mei, signed_in, ada):
    _, _, (panel, *_) = board
    take = drawn(panel)
    flat = actions.add_account(team=team, by=ada, engine="hiapi", label="hiapi", key="a-key-of-the-tests")
    TierEntry.objects.filter(team=team, tier=Tier.HERO).delete()
    TierEntry.objects.create(team=team, tier=Tier.HERO, account=flat, model="Nano-Banana", size="1K")
    said = differences(dialog(signed_in(mei), take))
    assert said[0] == "Planned anew: Nano Banana sees no pictures. 2 references stay out: Noor."
    assert "The words are written anew from the panel as it is now." in said
    assert "Nano Banana has no seed: the layout will differ." in said
    promote(signed_in(mei), take)
    job = Job.objects.latest("pk")
    assert (job.seed, job.request["plan"]["slots"]) == (None, [])


def test_it_plans_anew_where_a_reference_is_gone(board, account, noor, drawn, mei, signed_in):
    _, _, (panel, *_) = board
    take = drawn(panel)
    noor.default_set.references.get(view="front").image.renditions.all().delete()
    noor.default_set.references.get(view="front").delete()
    page = dialog(signed_in(mei), take)
    assert "Planned anew: 1 of its references is gone." in page
    assert "1 reference stays out: Noor." in page


def test_it_says_another_shape(board, team, account, drawn, mei, signed_in):
    """The sketch draws 2.39:1; the hero model has 21:9, and the frame is cut from it."""
    project, _, (panel, *_) = board
    Project.objects.filter(pk=project.pk).update(aspect="2.39:1")
    take = drawn(panel, "sketch")
    page = dialog(signed_in(mei), take)
    assert "It draws 21:9 instead of 2.39:1. The frame is cut from its middle: top and bottom go." in differences(page)
    promote(signed_in(mei), take)
    frozen = Job.objects.latest("pk").request
    assert frozen["aspect"] == "21:9"
    assert frozen["crop"][1] > 0


def test_it_never_spends_more_than_it_showed_nor_twice(board, account, drawn, mei, signed_in):
    _, _, (panel, *_) = board
    take = drawn(panel)
    client, key = signed_in(mei), uuid.uuid4()
    answer = promote(client, take, amount="0.10")
    assert answer.status_code == 422
    assert "The price has changed" in answer.content.decode()
    for _ in range(3):
        assert promote(client, take, key=key).status_code == 302
    assert Job.objects.filter(tier=Tier.HERO).count() == 1


def test_it_offers_the_promoted_picture_that_exists(board, account, drawn, mei, signed_in, arrive):
    """Same seed, same words, same model: nothing would be new."""
    _, _, (panel, *_) = board
    take = drawn(panel)
    client = signed_in(mei)
    promote(client, take)
    better = arrive(Job.objects.latest("pk"))
    page = dialog(client, take)
    assert "This exact picture exists: take 2 of 1A." in page
    client.post(reverse("panel_use", args=[panel.code]), {"take": better.code})
    assert Panel.objects.get(pk=panel.pk).picked == better


def test_it_promotes_the_picks_of_a_selection(board, account, drawn, mei, signed_in):
    project, _, panels = board
    takes = [drawn(panel) for panel in panels]
    Panel.objects.filter(pk=panels[0].pk).update(state="approved")
    client, address = signed_in(mei), reverse("promote", args=[project.code])
    assert "$0.73" in client.get(address).content.decode()
    chosen = {"panels": [panels[1].code, panels[2].code]}
    assert "2 picks" in client.get(address, chosen).content.decode()
    page = client.get(address, {"approved": "1"}).content.decode()
    assert "1 pick" in page
    assert "$0.24" in page
    data = {"panels": f"{panels[0].code},{panels[2].code}", "key": uuid.uuid4(), "amount": "0.488"}
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    jobs = Job.objects.filter(tier=Tier.HERO).order_by("pk")
    assert [job.request["promoted_from"] for job in jobs] == [takes[0].code, takes[2].code]
    assert Batch.objects.filter(title="Hero of 2 picks").count() == 1


def test_it_says_what_differs_of_every_pick(board, account, drawn, mei, signed_in, monkeypatch):
    """Those that have no room for a picture too: nobody pays for what was not said."""
    project, _, panels = board
    for panel in panels:
        drawn(panel)
    monkeypatch.setattr("studio.views.promoting.SHOWN", 1)
    page = signed_in(mei).get(reverse("promote", args=[project.code])).content.decode()
    assert "And 2 more: what differs there" in page
    assert page.count("Another model draws it") == 3
    assert all(f"{panel.label}, take 1" in page for panel in panels)


def test_it_leaves_out_what_is_hero_already(board, account, drawn, mei, signed_in):
    project, _, panels = board
    drawn(panels[0], "hero")
    drawn(panels[1])
    page = signed_in(mei).get(reverse("promote", args=[project.code])).content.decode()
    assert "1 pick<" in page
    assert "1B, take 1" in page
    for address in ("panel", "compare"):
        offered = [
            "Promote to hero"
            in signed_in(mei).get(reverse(address, args=[panel.code])).content.decode().split("<main")[1]
            for panel in panels[:2]
        ]
        assert offered == [False, True], address
    empty = signed_in(mei).get(reverse("promote", args=[project.code]), {"panels": panels[2].code})
    assert "There is nothing to promote." in empty.content.decode()
    answer = signed_in(mei).post(
        reverse("promote", args=[project.code]), {"panels": panels[2].code, "key": uuid.uuid4()}
    )
    assert answer.status_code == 422


def test_it_keeps_to_the_limits(board, account, drawn, cap, mei, signed_in):
    project, _, panels = board
    for panel in panels:
        drawn(panel)
    cap("0.70")
    client, address = signed_in(mei), reverse("promote", args=[project.code])
    page = client.get(address).content.decode()
    assert "Draw 2 instead" in page
    answer = client.post(address, {"key": uuid.uuid4(), "amount": "0.732"})
    assert answer.status_code == 422
    assert "does not reach" in answer.content.decode()
    assert client.post(address, {"key": uuid.uuid4(), "amount": "0.732", "most": "2"}).status_code == 302
    assert Job.objects.filter(tier=Tier.HERO).count() == 2
    (room,) = caps.rooms(team=project.team, project=project)
    assert room.used <= room.cap


def test_it_offers_nothing_where_hero_is_not_set_up(board, mei, signed_in):
    project, _, (panel, *_) = board
    take = makers.take(panel, picked=True)
    client = signed_in(mei)
    for address in ("panel", "compare"):
        assert "Promote to hero" not in client.get(reverse(address, args=[panel.code])).content.decode()
    assert "Promote to hero" not in client.get(reverse("board", args=[project.code])).content.decode()
    page = dialog(client, take)
    assert "No engine is set up for hero quality." in page
    assert promote(client, take, amount="9").status_code == 422
    assert not Job.objects.exists()


def test_it_says_why_where_hero_is_off(board, account, mei, signed_in):
    _, _, (panel, *_) = board
    take = makers.take(panel, picked=True, prompt="A flask.")
    EngineAccount.objects.update(health="balance")
    assert "balance of Runware is used up" in dialog(signed_in(mei), take)
    assert promote(signed_in(mei), take).status_code == 422
    assert not Job.objects.exists()


def test_it_asks_no_more_of_the_database_for_more_picks(board, account, drawn, cap, mei, signed_in):
    project, scene, panels = board
    cap("100")
    for panel in panels:
        drawn(panel)
    client, counts, address = signed_in(mei), [], reverse("promote", args=[project.code])
    client.get(address)
    for more in (0, 12):
        for _ in range(more):
            drawn(makers.panel(scene))
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_it_is_for_those_who_draw(board, account, drawn, rosa, viktor, outsider, signed_in):
    project, _, (panel, *_) = board
    take = drawn(panel)
    for user, status in ((rosa, 403), (viktor, 403), (outsider, 404)):
        client = signed_in(user)
        assert client.get(reverse("take_promote", args=[take.code])).status_code == status
        assert promote(client, take).status_code == status
        assert (
            client.post(reverse("promote", args=[project.code]), {"key": uuid.uuid4(), "amount": 9}).status_code
            == status
        )
    assert Job.objects.count() == 1
    assert Take.objects.count() == 1
