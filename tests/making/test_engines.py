"""A side drawn for real: by the embedded engine, and through each kind of service over the wire. One picture, one payment, one proposal."""

from __future__ import annotations

import pytest

from studio.generation.models import Tier, TierEntry
from studio.making import actions, queries
from studio.models import Spend
from tests import makers
from tests.generation import services
from tests.generation.conftest import service  # noqa: F401
from tests.making.test_draw_sides import BACK, draw

pytestmark = pytest.mark.django_db(transaction=True)


def bring(job):
    from studio.generation import runner

    services.run(runner.run(job.pk))
    job.refresh_from_db()
    return job


def test_it_comes_from_the_embedded_engine_and_is_accepted(mira, mei):
    job = bring(draw(mira.default_set, [BACK], mei).jobs.get())
    assert job.state == "done", job.error
    assert (job.take.image.width, job.take.image.height) == (job.request["width"], job.request["height"])
    assert job.take.parameters["side"]["view"] == "back"
    made = actions.accept(take=job.take, by=mei)
    assert made.image.source == "drawn"
    assert not queries.of(mira.default_set).open
    after = draw(mira.default_set, [BACK], mei).jobs.get()
    assert "back" in [slot["view"] for slot in after.request["plan"]["slots"]]


@pytest.mark.parametrize("name", ["runware", "hiapi", "gemini"])
def test_it_comes_from_a_service_and_is_charged_once(mira, team, mei, service, settings, name):  # noqa: F811
    settings.PUBLIC = True
    emulator = service(name)
    account = services.account(team, emulator)
    model, size = services.MODELS[name]
    TierEntry.objects.filter(team=team, tier=Tier.PRODUCTION).delete()
    TierEntry.objects.create(team=team, tier=Tier.PRODUCTION, account=account, model=model, size=size)
    job = bring(draw(mira.default_set, [BACK], mei).jobs.get())
    assert job.state == "done", job.error
    bring(job)
    assert [p.take for p in queries.of(mira.default_set).open] == [job.take]
    assert [row.kind for row in Spend.objects.filter(job=job)] == ["reserved", "charged"]
    assert Spend.objects.get(kind="charged").amount > 0
    assert makers.models.Take.objects.count() == 1
