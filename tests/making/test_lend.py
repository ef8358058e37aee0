"""A take of a panel becomes a reference, and says where it came from."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.library.actions import Refused
from studio.making import actions
from studio.models import Origin, Reference
from tests import makers


@pytest.fixture
def take(mira, team):
    panel = makers.panel(makers.scene(makers.project(team)))
    makers.appearance(panel, mira)
    return makers.take(panel, makers.image(team))


def test_it_joins_the_set_with_its_view_and_its_origin(take, mira, mei, signed_in):
    coat = makers.outfit(mira, "Camel coat")
    client = signed_in(mei)
    dialog = client.get(reverse("take_reference", args=[take.code])).content.decode()
    assert "In this panel" in dialog
    assert "Mira, Camel coat" in dialog
    form = {"to": coat.reference_set.code, "view": "full_body"}
    answer = client.post(reverse("take_reference", args=[take.code]), form, follow=True)
    made = coat.reference_set.references.get()
    assert (made.image, made.view) == (take.image, "full_body")
    assert Origin.objects.get(reference=made.code).take == take
    assert f"Take 1 of {take.panel.label}" in answer.content.decode()


def test_it_is_there_once_however_often_it_is_asked(take, mira, mei):
    first = actions.lend(take=take, reference_set=mira.default_set, by=mei, view="front")
    assert actions.lend(take=take, reference_set=mira.default_set, by=mei, view="back") == first
    assert Origin.objects.count() == 1


def test_it_keeps_its_origin_through_removing_and_undoing(take, mira, mei):
    from studio.library import actions as library
    from studio.making import queries

    made = actions.lend(take=take, reference_set=mira.default_set, by=mei, view="")
    kept = library.remove_reference(reference=made, by=mei)
    back = library.restore_reference(reference_set=mira.default_set, by=mei, kept=kept)
    assert queries.origins([back.code])[back.code].take == take


def test_it_stays_in_the_team(take, outsider, viktor, mei, mira, signed_in):
    theirs = makers.subject(outsider.teams.get(), "Theirs")
    here = reverse("take_reference", args=[take.code])
    assert signed_in(outsider).post(here, {"to": theirs.default_set.code}).status_code == 404
    assert signed_in(viktor).get(here).status_code == 403
    assert signed_in(mei).post(here, {"to": theirs.default_set.code}).status_code == 404
    with pytest.raises(Refused, match="another team"):
        actions.lend(take=take, reference_set=theirs.default_set, by=mei, view="")
    assert not Reference.objects.filter(image=take.image).exists()


@pytest.mark.parametrize("text", ["\0", "x" * 10_000, ""])
def test_it_takes_hostile_words_calmly(take, mei, signed_in, text):
    here = reverse("take_reference", args=[take.code])
    assert signed_in(mei).post(here, {"to": text, "view": text, "detail": text}).status_code in {404, 422}
