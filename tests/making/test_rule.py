"""Proposals are accepted or discarded; nothing becomes a reference by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.library.actions import Refused
from studio.making import actions, queries
from studio.models import Event, Origin, Reference, Ruling
from tests import makers


def test_it_waits_for_somebody_to_decide(mira, mei, arrive):
    from tests.making.test_draw_sides import BACK, draw

    take = arrive(draw(mira.default_set, [BACK], mei).jobs.get())
    assert mira.default_set.references.count() == 2
    (proposal,) = queries.of(mira.default_set).open
    assert proposal.take == take
    assert proposal.label == "Back"
    assert proposal.made_from == 2


def test_it_is_not_drawn_again_while_one_waits(mira, mei, signed_in):
    take = makers.proposal(mira.default_set, "back")
    client = signed_in(mei)
    page = client.get(reverse("subject", args=[mira.code])).content.decode()
    assert "Draw the missing 5" in page
    assert f'href="#proposal-{take.code}"' in page
    dialog = client.get(reverse("set_sides", args=[mira.default_set.code]))
    assert dialog.context["estimate"].pictures == 5


def test_it_becomes_a_reference_with_its_view_marked_as_drawn(mira, mei, signed_in):
    take = makers.proposal(mira.default_set, "back", makers.image(mira.team))
    answer = signed_in(mei).post(reverse("proposal_accept", args=[take.code]), {"view": "back"}, follow=True)
    made = mira.default_set.references.get(view="back")
    assert made.image == take.image
    assert made.position == 2
    assert Origin.objects.get(reference=made.code).take == take
    assert Ruling.objects.get(take=take).accepted
    assert Event.objects.filter(verb="proposal.accepted", code=mira.code).count() == 1
    words = answer.content.decode()
    assert "Back is a reference now." in words
    assert "Drawn by the studio" in words


def test_it_is_accepted_once_and_with_another_view_if_somebody_says_so(mira, mei, ada):
    take = makers.proposal(mira.default_set, "back", makers.image(mira.team))
    first = actions.accept(take=take, by=mei, view="three_quarter_left")
    second = actions.accept(take=take, by=ada)
    assert first == second
    assert first.view == "three_quarter_left"
    assert Ruling.objects.count() == 1
    assert Reference.objects.filter(image=take.image).count() == 1
    with pytest.raises(Refused, match="reference already"):
        actions.discard(take=take, by=mei)


def test_it_goes_into_the_outfit_s_own_set(mira, mei):
    coat = makers.outfit(mira, "Camel coat")
    take = makers.proposal(coat.reference_set, "full_body", makers.image(mira.team))
    assert actions.accept(take=take, by=mei).reference_set == coat.reference_set


def test_it_is_kept_in_the_history_when_discarded_and_may_come_back(mira, mei, signed_in):
    take = makers.proposal(mira.default_set, "back", makers.image(mira.team))
    client = signed_in(mei)
    for _ in range(2):
        client.post(reverse("proposal_discard", args=[take.code]))
    found = queries.of(mira.default_set)
    assert not found.open
    assert [one.take for one in found.decided] == [take]
    assert not mira.default_set.references.filter(view="back").exists()
    actions.accept(take=take, by=mei)
    assert [(row.accepted, row.replaced is None) for row in Ruling.objects.order_by("pk")] == [
        (False, False),
        (True, True),
    ]


def test_it_is_not_for_strangers_viewers_or_other_takes(mira, outsider, viktor, mei, signed_in):
    take = makers.proposal(mira.default_set, "back")
    other = makers.take(makers.panel(makers.scene(makers.project(mira.team))))
    for name in ("proposal_accept", "proposal_discard"):
        assert signed_in(outsider).post(reverse(name, args=[take.code])).status_code == 404
        assert signed_in(viktor).post(reverse(name, args=[take.code])).status_code == 403
        assert signed_in(mei).post(reverse(name, args=[other.code])).status_code == 404
    assert not Ruling.objects.exists()


def test_it_asks_the_database_the_same_for_many_as_for_few(mira, mei, signed_in):
    client = signed_in(mei)
    here = reverse("subject", args=[mira.code])

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(here).status_code == 200
        return len(found)

    for view in ("back", "profile_left"):
        makers.proposal(mira.default_set, view)
        actions.discard(take=makers.proposal(mira.default_set, view), by=mei)
    client.get(here)
    few = asked()
    for view in ("full_body", "detail", "three_quarter_left", "back"):
        for _ in range(3):
            makers.proposal(mira.default_set, view)
            actions.discard(take=makers.proposal(mira.default_set, view), by=mei)
    assert asked() == few
