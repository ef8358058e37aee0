"""Asking for takes: one transaction, frozen, once per key."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from studio.accounts.models import Event
from studio.generation import actions, estimates, tiers
from studio.generation.actions import asking
from studio.generation.errors import Refused
from studio.generation.models import Batch, Job, JobEvent, JobState, Spend
from studio.providers import registry
from tests import makers


def test_it_writes_a_row_for_every_picture(ask, panels, mei):
    batch = ask(takes=2)
    jobs = list(batch.jobs.order_by("pk"))
    assert [job.panel_id for job in jobs] == [panel.pk for panel in panels] * 2  # first takes before second ones
    assert {job.state for job in jobs} == {JobState.QUEUED}
    assert len({job.key for job in jobs}) == 6
    assert len({job.seed for job in jobs}) == 6
    assert all(0 <= job.seed < 2**32 for job in jobs)
    assert Spend.objects.filter(job__batch=batch, kind=Spend.Kind.RESERVED, amount=0, by=mei).count() == 6
    assert list(JobEvent.objects.values_list("before", "after").distinct().order_by()) == [("", "queued")]
    assert Event.objects.get(verb="batch.asked").data["pictures"] == 6


def test_it_freezes_the_request(ask, panels, team):
    noor = makers.subject(team, locked=True, markers=[("silver streak", "hair", "#cccccc")])
    front = makers.reference(noor.reference_sets.get())
    makers.appearance(panels[0], noor, doing="lifts the flask")
    job = ask(panels=panels[:1]).jobs.get()
    assert "silver streak" in job.request["prompt"]
    assert job.request["plan"]["slots"][0]["sha256"] == front.sha256
    assert job.request["versions"] == {noor.code: 1}
    assert not job.request["test_shot"]
    assert (job.request["width"], job.request["height"]) == (1376, 768)
    assert job.template_version == job.request["template_version"] == "v1"


def test_it_answers_a_second_click_with_the_same_batch(ask):
    key = uuid.uuid4()
    assert ask(key=key) == ask(key=key)
    assert Batch.objects.count() == 1
    assert Job.objects.count() == 3


def test_it_takes_a_key_for_one_project_only(ask, team):
    key = uuid.uuid4()
    ask(key=key)
    other = makers.panel(makers.scene(makers.project(team, "Other")))
    with pytest.raises(Refused):
        ask(key=key, panels=[other])


def test_it_puts_one_panel_before_a_batch(ask, panels):
    assert ask(panels=panels[:1]).jobs.get().priority > ask().jobs.first().priority


def test_it_counts_up_from_a_given_seed(ask, panels):
    jobs = ask(panels=panels[:1], takes=3, seed=2**32 - 1).jobs.order_by("pk")
    assert [job.seed for job in jobs] == [2**32 - 1, 0, 1]


@pytest.mark.parametrize(
    "wrong", [{"takes": 0}, {"takes": 5}, {"engine": "none"}, {"size": "4K"}, {"panels": []}], ids=str
)
def test_it_refuses_in_words(ask, wrong):
    with pytest.raises(Refused) as refused:
        ask(**wrong)
    assert str(refused.value).endswith(".")
    assert not Batch.objects.exists()


def test_it_refuses_panels_of_two_projects(ask, panels, outsider):
    theirs = makers.panel(makers.scene(makers.project(outsider.memberships.get().team)))
    with pytest.raises(Refused):
        ask(panels=[*panels, theirs])


def test_it_wakes_the_worker_after_the_commit(ask, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(asking.jobs, "submit", lambda kind, *ids: told.append((kind, ids)))
    with django_capture_on_commit_callbacks(execute=True):
        batch = ask()
        assert not told
    assert told == [("job", tuple(batch.jobs.order_by("pk").values_list("pk", flat=True)))]


def test_it_asks_the_database_no_more_for_more_panels(scene, mei, django_assert_max_num_queries):
    panels = [makers.panel(scene) for _ in range(40)]
    with django_assert_max_num_queries(26):
        actions.request_takes(panels=panels, by=mei, key=uuid.uuid4())


def test_it_estimates(panels):
    found = estimates.of(panels=panels, choices=[tiers.sketch()] * 3, takes=2)
    assert (found.pictures, found.amount, found.seconds) == (6, Decimal(0), None)
    for panel in panels:
        makers.take(panel, size="1K", seconds=20)
    many = estimates.of(panels=panels * 10, choices=[tiers.sketch()] * 30, takes=2)
    assert many.seconds == -(-20 * 60 // registry.slots("sketch")) // 10 * 10


def test_it_warns_before_it_draws(panels, team):
    makers.appearance(panels[1], makers.subject(team, "Noor"))
    (warned,) = estimates.of(panels=panels, choices=[tiers.sketch()] * 3).warnings
    assert warned.panel == panels[1]
    assert "Noor is not locked" in {warning.title for warning in warned.warnings}
