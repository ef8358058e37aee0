"""A board, and an account at Runware whose tiers are set: nothing is sent in these tests, rows are enough."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studio.generation import actions, states
from studio.generation.models import JobState, Tier, TierEntry
from tests import makers

FLAT, PRO, TWO = "google:4@1", "google:4@2", "google:4@3"


@pytest.fixture
def account(team, ada):
    """Draft by the model without a price for references, production by one with, hero by the best."""
    made = actions.add_account(team=team, by=ada, engine="runware", label="Runware", key="a-key-of-the-tests")
    for tier, model, size in ((Tier.DRAFT, FLAT, "1K"), (Tier.PRODUCTION, TWO, "2K"), (Tier.HERO, PRO, "4K")):
        TierEntry.objects.filter(team=team, tier=tier).update(model=model, size=size)
    return made


@pytest.fixture
def hiapi(team, ada):
    """An account whose draft model takes neither a seed nor references: the same request again is the same."""
    made = actions.add_account(team=team, by=ada, engine="hiapi", label="hiapi", key="a-key-of-the-tests")
    TierEntry.objects.filter(team=team, tier=Tier.DRAFT).update(model="Nano-Banana", size="1K")
    return made


@pytest.fixture
def board(team):
    project = makers.project(team)
    scene = makers.scene(project)
    return project, scene, [makers.panel(scene, action=f"She lifts flask {n}.") for n in range(3)]


@pytest.fixture
def arrive(team):
    """`arrive(job)` is what the worker does at the end: a take from the frozen request, the money settled."""

    def arrived(job, cost=None):
        frozen = job.request
        take = makers.take(
            job.panel, seed=job.seed, prompt=frozen["prompt"], plan=frozen["plan"], size=frozen["size"],
            aspect=frozen["aspect"], template_version=job.template_version, versions=frozen["versions"],
            parameters={name: frozen[name] for name in ("options", "crop", "promoted_from") if name in frozen},
        )  # fmt: skip
        type(take).objects.filter(pk=take.pk).update(engine=job.engine, model=job.model, cost=cost or job.estimate)
        take.refresh_from_db()
        for after in (JobState.STARTING, JobState.WAITING, JobState.SAVING):
            states.move(job, after)
        states.move(job, JobState.DONE, take=take, charged=True)
        states.settle(job, True, told=cost)
        return take

    return arrived


@pytest.fixture
def cap(team):
    """`cap("0.10")` sets the team's month."""

    def capped(amount):
        team.monthly_cap = Decimal(amount)
        team.save(update_fields=["monthly_cap"])

    return capped
