"""Mira, locked, with two pictures; and the worker's end of a job, without a worker."""

from __future__ import annotations

import pytest

from studio.generation import actions as generation
from studio.generation import states
from studio.generation.models import JobState, Tier, TierEntry
from studio.models import Take
from tests import makers

MARKS = [
    ("a small mole on the right cheek", "mark", ""), ("rust-orange beanie", "item", "#b4542b"),
    ("a tattoo on the nape", "mark", ""), ("navy boiler suit", "wardrobe", "#1d2a44"),
]  # fmt: skip


@pytest.fixture
def mira(team):
    found = makers.subject(
        team, "Mira", bible="A woman of 28 with a narrow face, photographed on film.", locked=True, markers=MARKS
    )
    makers.reference(found.default_set, "front")
    makers.reference(found.default_set, "profile_right")
    return found


@pytest.fixture
def account(team, ada):
    """Production quality at a service with prices."""
    made = generation.add_account(team=team, by=ada, engine="runware", label="Runware", key="a-key-of-the-tests")
    TierEntry.objects.filter(team=team, tier=Tier.PRODUCTION).update(model="google:4@3", size="1K")
    return made


@pytest.fixture
def arrive():
    """`arrive(job)` is what the worker does at the end."""

    def arrived(job):
        frozen = job.request
        kept = {name: frozen[name] for name in ("options", "side", "base", "pass", "restyled_from") if name in frozen}
        take = makers.take(
            job.panel, makers.image(job.batch.team), prompt=frozen["prompt"], plan=frozen["plan"], size=frozen["size"],
            aspect=frozen["aspect"], template_version=job.template_version, versions=frozen["versions"], parameters=kept,
        )  # fmt: skip
        Take.objects.filter(pk=take.pk).update(cost=job.estimate, engine=job.engine)
        for after in (JobState.STARTING, JobState.WAITING, JobState.SAVING):
            states.move(job, after)
        states.move(job, JobState.DONE, take=take, charged=True)
        states.settle(job, True)
        take.refresh_from_db()
        return take

    return arrived
