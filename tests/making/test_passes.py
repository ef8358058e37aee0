"""A panel drawn in passes: each picture is what the next one is drawn upon."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.generation import actions as generation
from studio.generation import tiers
from studio.generation.errors import Refused
from studio.making import actions, queries, upon
from studio.models import Job
from tests import makers


@pytest.fixture
def cast(mira, team):
    noor = makers.subject(
        team, "Noor", bible="A man in a grey coat.", locked=True, markers=[("a scar over the brow", "mark", "")]
    )
    makers.reference(noor.default_set, "front")
    flask = makers.subject(team, "Flask", "product", bible="A steel flask.", locked=True)
    makers.reference(flask.default_set, "front")
    return mira, noor, flask


@pytest.fixture
def panel(cast, team):
    found = makers.panel(makers.scene(makers.project(team)), shot_size="MS", action="They wait for the ferry.")
    for who, where in zip(cast, ("left", "right", "on the bench"), strict=True):
        makers.appearance(found, who, where=where)
    return found


def keys(*subjects):
    return {f"{one.kind}-{one.code}" for one in subjects}


def draw(panel, base, added, by, **more):
    given = {"choice": tiers.sketch(), "key": uuid.uuid4(), **more}
    return actions.draw_pass(panel=panel, base=base, added=added, by=by, **given).jobs.get()


def test_it_begins_with_some_of_the_cast(panel, cast, mei):
    mira, noor, _flask = cast
    job = draw(panel, None, keys(mira, noor), mei)
    assert {member["name"] for member in job.request["layout"]["cast"]} == {"Mira", "Noor"}
    assert set(job.request["pass"]["cast"]) == keys(mira, noor)
    assert "Flask" not in job.request["prompt"]
    assert "base" not in job.request


def test_it_keeps_everything_of_the_picture_before_and_adds(panel, cast, mei, arrive):
    mira, noor, flask = cast
    first = arrive(draw(panel, None, keys(mira, noor), mei))
    job = draw(panel, first, keys(flask), mei)
    slots = job.request["plan"]["slots"]
    assert [(slot["n"], slot["role"]) for slot in slots] == [(1, "base"), (2, "product")]
    assert slots[0]["image_key"] == first.image.key
    words = job.request["prompt"]
    assert words.startswith("Keep everything of the first image exactly as it is")
    assert "Mira and Noor" in words
    assert "Add the Flask from the second image: on the bench." in words
    assert "mole" not in words  # what is in the picture already is kept as a whole
    assert job.request["base"] == first.code
    assert set(job.request["pass"]["cast"]) == keys(*cast)
    assert job.request["versions"] == {one.code: 1 for one in cast}


def test_it_draws_upon_a_take_that_was_drawn_whole(panel, cast, mei):
    mira, noor, flask = cast
    whole = makers.take(panel, makers.image(panel.scene.project.team), versions={mira.code: 1, flask.code: 1})
    job = draw(panel, whole, keys(noor), mei)
    assert job.request["pass"]["added"] == [f"character-{noor.code}"]
    assert "Add the man in the second image (Noor): right." in job.request["prompt"]
    assert "scar over the brow identical to the second image" in job.request["prompt"]


def test_it_refuses_nobody_too_many_and_other_panels(panel, cast, mei, team):
    with pytest.raises(Refused, match="Choose who"):
        draw(panel, None, set(), mei)
    for n in range(2):
        makers.appearance(panel, makers.subject(team, f"Extra {n}", locked=True))
    panel = type(panel).objects.get(pk=panel.pk)
    every = keys(*(row.subject for row in panel.appearances.select_related("subject")))
    with pytest.raises(Refused, match="Up to 3"):
        draw(panel, None, every, mei)
    elsewhere = makers.take(makers.panel(panel.scene), versions={})
    with pytest.raises(Refused, match="another panel"):
        draw(panel, elsewhere, keys(cast[0]), mei)
    assert not Job.objects.exists()


def test_it_tells_the_tree_with_the_cost_of_each_pass(panel, cast, mei, arrive):
    mira, noor, flask = cast
    first = arrive(draw(panel, None, keys(mira), mei))
    second = arrive(draw(panel, first, keys(noor), mei))
    other = arrive(draw(panel, first, keys(flask), mei))
    third = arrive(draw(panel, second, keys(flask), mei))
    for take, cost in ((first, "0.10"), (second, "0.20"), (third, "0.40")):
        type(take).objects.filter(pk=take.pk).update(cost=cost)
    (root,) = queries.tree(panel)
    assert root.take == first
    assert root.added == ("Mira",)
    assert [node.take for node in root.upon] == [second, other]
    (last,) = root.upon[0].upon
    assert (last.take, last.added) == (third, ("Flask",))
    assert float(last.so_far) == pytest.approx(0.7)


def test_it_shows_the_price_draws_once_and_can_be_stopped_at_any(panel, cast, mei, arrive, signed_in, account):
    client, here = signed_in(mei), reverse("passes", args=[panel.code])
    key = f"character-{cast[0].code}"
    page = client.get(here, {"asked": 1, "add": key, "quality": "production"})
    price = page.context["row"].price
    assert price > 0
    form = {"asked": 1, "add": key, "quality": "production", "key": uuid.uuid4(), "price": "0.001"}
    assert client.post(here, form).status_code == 422
    for _ in range(2):
        assert client.post(here, {**form, "price": price}).status_code == 302
    take = arrive(Job.objects.get())
    words = client.get(here, {"base": take.number}).content.decode()
    assert f"This pass ${price:.2f}, so far ${price:.2f}" in words
    assert "Next pass, upon take 1" in words
    assert "in the picture already" in words
    client.post(reverse("take_pick", args=[take.code]), {"next": here})
    panel.refresh_from_db()
    assert panel.picked == take


def test_it_can_be_promoted_or_drawn_again_like_any_take(panel, cast, mei, arrive, account):
    first = arrive(draw(panel, None, keys(cast[0]), mei))
    second = arrive(draw(panel, first, keys(cast[1]), mei))
    choice = tiers.choice(panel.scene.project.team, "production")
    (promotion,) = generation.promotions(takes=[second], choice=choice)
    assert promotion.row.request["prompt"] == second.prompt


def test_it_is_not_for_strangers_and_only_to_be_read_by_viewers(panel, outsider, viktor, signed_in):
    here = reverse("passes", args=[panel.code])
    assert signed_in(outsider).get(here).status_code == 404
    assert signed_in(viktor).get(here).status_code == 200
    assert signed_in(viktor).post(here, {"key": uuid.uuid4()}).status_code == 403


def test_it_asks_the_database_the_same_for_many_passes(panel, cast, mei, signed_in):
    client, here = signed_in(mei), reverse("passes", args=[panel.code])

    def grow(times):
        base = None
        for _ in range(times):
            made = {"pass": {"cast": list(keys(cast[0])), "added": list(keys(cast[0])), "names": {}}}
            base = makers.take(panel, parameters=made | ({"base": base.code} if base else {}))

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(here).status_code == 200
        return len(found)

    grow(2)
    client.get(here)
    few = asked()
    grow(9)
    assert asked() == few


def test_it_takes_hostile_words_calmly(panel, mei, signed_in):
    client, here = signed_in(mei), reverse("passes", args=[panel.code])
    for text in ("\0", "x" * 10_000, "‮<b>{{ 7 }}</b>"):
        assert client.get(here, {"add": text, "base": text, "asked": 1, "quality": text}).status_code == 200
        assert client.post(here, {"add": text, "key": text}).status_code == 422


def test_it_counts_the_base_as_one_of_what_the_engine_takes(panel, cast, mei):
    from studio.prompting import brief as briefs
    from studio.prompting import upon as words
    from studio.providers.base import Limits

    (brief,) = briefs.for_panels([panel])
    base = words.Pic("t", "k", "0" * 64, "")
    for most in range(4):
        plan, _prompt = words.next_pass(brief, base, "Take 1", keys(cast[1], cast[2]), Limits(references=most))
        assert len(plan.slots) <= most
        assert [slot.n for slot in plan.slots] == list(range(1, len(plan.slots) + 1))
        assert len(plan.slots) + len(plan.out) >= 3
        if most:
            assert plan.slots[0].role == "base"
    assert upon.MOST_NEW == 3
