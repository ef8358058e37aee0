"""Sides that no reference shows are asked for: benches, jobs and money in one transaction."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from studio.generation.errors import OverCap, Refused
from studio.making import actions, sides
from studio.models import Batch, Bench, Job, Project, Spend
from studio.prompting.sheet import Side
from tests import makers

BACK, LEFT = Side("back"), Side("profile_left")
SHEETS = ("sheet", "turnaround", "model")


def draw(of, wanted, by, **more):
    given = {"choice": sides.usual(of.subject.team), "key": uuid.uuid4(), **more}
    return actions.draw_sides(reference_set=of, sides=wanted, by=by, **given)


def test_it_draws_from_the_locked_bible_and_the_pictures_there_are(mira, mei):
    job = draw(mira.default_set, [BACK], mei).jobs.get()
    assert job.panel.bench.view == "back"
    assert job.panel.scene.project.workshop
    assert [slot["view"] for slot in job.request["plan"]["slots"]] == ["front", "profile_right"]
    assert job.request["versions"] == {mira.code: 1}
    assert not job.request["test_shot"]
    words = job.request["prompt"]
    assert "The same woman as in the first and second images (Mira), seen straight from behind" in words
    assert "a photograph stays a photograph" in words
    assert "nape" in words
    assert "mole" not in words
    assert not any(word in words.lower() for word in SHEETS)
    assert job.request["crop"] is None
    assert job.request["side"] == {
        "set": mira.default_set.code,
        "view": "back",
        "detail": "",
    }


def test_it_holds_the_money_and_pays_once_for_a_double_click(mira, mei, account):
    key = uuid.uuid4()
    first = draw(mira.default_set, [BACK, LEFT], mei, key=key)
    second = draw(mira.default_set, [BACK, LEFT], mei, key=key)
    assert first == second
    assert Job.objects.count() == 2
    assert Bench.objects.count() == 2
    held = Spend.objects.filter(kind="reserved")
    assert len(held) == 2
    assert all(row.amount > 0 and row.account == account for row in held)
    assert {row.project.title for row in held} == {"References"}


def test_it_draws_a_side_again_on_the_same_bench(mira, mei):
    draw(mira.default_set, [BACK], mei)
    draw(mira.default_set, [BACK], mei, takes=2)
    assert Bench.objects.count() == 1
    assert Job.objects.count() == 3
    assert Project.objects.filter(workshop=True).count() == 1


def test_it_keeps_who_it_is_and_changes_the_clothes(mira, mei):
    coat = makers.outfit(
        mira, "Camel coat", description="a camel wool overcoat over a black turtleneck", colours=["#c19a6b"]
    )
    makers.reference(coat.reference_set, "detail", detail="Cloth")
    job = draw(coat.reference_set, [Side("full_body"), BACK], mei).jobs.order_by("pk").first()
    assert [slot["role"] for slot in job.request["plan"]["slots"]] == ["identity", "identity", "outfit"]
    words = job.request["prompt"]
    assert "now wears a camel wool overcoat over a black turtleneck (#c19a6b), as in the third image" in words
    assert "Mira stays the same, even though the clothes are different" in words
    assert "boiler suit" not in words
    assert "crown of the head to the soles" in words
    assert job.panel.bench.reference_set == coat.reference_set


def test_it_says_the_bible_where_there_is_no_picture(team, mei):
    flask = makers.subject(team, "Flask", "product", bible="A squat steel flask with a cork lid.", locked=True)
    job = draw(flask.default_set, [Side("front")], mei).jobs.get()
    assert job.request["strategy"] == "bible_first"
    assert job.request["prompt"].startswith(
        "A squat steel flask with a cork lid. | Scene: The Flask, seen straight from the front."
    )
    assert job.request["aspect"] == "1:1"


def test_it_refuses_what_is_not_locked_and_what_has_no_sides(team, mei):
    draft = makers.subject(team, "Ilse")
    with pytest.raises(Refused, match="Lock the bible"):
        draw(draft.default_set, [BACK], mei)
    quay = makers.subject(team, "Quay", "location", locked=True)
    with pytest.raises(Refused, match="Places and styles"):
        draw(quay.default_set, [BACK], mei)
    with pytest.raises(Refused, match="Choose a view"):
        draw(draft.default_set, [], mei)
    assert not Batch.objects.exists()
    assert not Bench.objects.exists()


def test_it_stops_at_the_team_s_limit(mira, team, mei, account):
    team.monthly_cap = "0.01"
    team.save()
    with pytest.raises(OverCap):
        draw(mira.default_set, [BACK], mei)
    assert not Job.objects.exists()
    assert not Bench.objects.exists()


def test_it_draws_one_at_its_price_and_shows_a_dearer_one_first(mira, mei, account, signed_in):
    client, code = signed_in(mei), mira.default_set.code
    (row,) = sides.ready(mira.default_set, [BACK], sides.usual(mira.team))
    data = {"view": "back", "key": uuid.uuid4(), "price": row.price}
    shown = client.post(reverse("set_draw", args=[code]), {**data, "price": "0.0001"})
    assert shown["Location"].startswith(reverse("set_sides", args=[code]))
    assert not Job.objects.exists()
    for _ in range(2):
        answer = client.post(reverse("set_draw", args=[code]), data)
        assert answer["Location"] == f"{reverse('subject', args=[mira.code])}#making-{code}"
    assert Job.objects.get().estimate == row.price


def test_it_shows_the_estimate_before_several(mira, mei, account, signed_in):
    client, here = signed_in(mei), reverse("set_sides", args=[mira.default_set.code])
    page = client.get(here)
    found = page.context["estimate"]
    assert found.pictures == 6
    assert found.amount > 0
    key = uuid.uuid4()
    form = {"asked": 1, "views": ["back", "profile_left"], "detail": "hands", "key": key, "amount": "0.01"}
    dearer = client.post(here, form)
    assert dearer.status_code == 422
    assert b"price has changed" in dearer.content
    assert not Job.objects.exists()
    for _ in range(2):
        assert client.post(here, {**form, "amount": "5"}).status_code == 302
    assert sorted(job.panel.bench.view for job in Job.objects.all()) == ["back", "detail", "profile_left"]
    assert Bench.objects.get(view="detail").detail == "hands"


def test_it_is_not_for_strangers_or_viewers(mira, outsider, viktor, signed_in):
    for client, status in ((signed_in(outsider), 404), (signed_in(viktor), 403)):
        data = {"view": "back", "key": uuid.uuid4()}
        assert client.post(reverse("set_draw", args=[mira.default_set.code]), data).status_code == status
        assert client.get(reverse("set_sides", args=[mira.default_set.code])).status_code == status
    assert not Job.objects.exists()


def test_it_keeps_the_workshop_out_of_lists_and_leads_its_links_to_the_set(mira, mei, signed_in):
    job = draw(mira.default_set, [BACK], mei).jobs.get()
    client = signed_in(mei)
    assert "References" not in client.get(reverse("projects")).content.decode()
    assert client.get(reverse("board", args=[job.batch.project.code])).status_code == 404
    assert client.get(reverse("compare", args=[job.panel.code])).status_code == 404
    answer = client.get(reverse("panel", args=[job.panel.code]))
    assert answer["Location"] == reverse("subject", args=[mira.code])
    answer = client.post(reverse("job_cancel", args=[job.code]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("subject", args=[mira.code])
    job.refresh_from_db()
    assert job.state == "cancelled"


@pytest.mark.parametrize("text", ["\0", "x" * 10_000, "‮<b>{{ 7 }}</b>"])
def test_it_takes_hostile_words_calmly(mira, mei, signed_in, text):
    client, code = signed_in(mei), mira.default_set.code
    for name, data in (
        ("set_draw", {"view": text, "detail": text, "key": text}),
        ("set_sides", {"detail": text, "views": [text], "asked": 1}),
    ):
        assert client.post(reverse(name, args=[code]), data).status_code in {302, 422}
    assert client.get(reverse("set_sides", args=[code]), {"detail": text}).status_code == 200


def test_the_set_says_what_its_drawing_has_cost(mira, mei, pavel, team, account, signed_in):
    here = f"/subjects/{mira.code}/"
    assert "Drawn for this set so far" not in signed_in(mei).get(here).content.decode()
    draw(mira.default_set, [BACK], mei)
    Job.objects.update(counted="0.25")
    page = signed_in(mei).get(here).content.decode()
    assert "Drawn for this set so far: 0 pictures, $0.25." in " ".join(page.split())
    workshop = Project.objects.get(team=team, workshop=True)
    assert f"/team/spend/?by=scene&amp;project={workshop.code}" in signed_in(pavel).get(here).content.decode()
