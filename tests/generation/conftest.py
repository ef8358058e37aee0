"""A board with a drawn-from character, and the three ways a job may be asked for."""

from __future__ import annotations

import asyncio
import contextlib
import uuid

import pytest

from studio.generation import actions, runner
from studio.lib import threads
from studio.providers import registry
from tests import makers


@pytest.fixture
def project(team):
    return makers.project(team)


@pytest.fixture
def scene(project):
    return makers.scene(project)


@pytest.fixture
def panels(scene):
    return [makers.panel(scene) for _ in range(3)]


@pytest.fixture
def ask(panels, mei):
    """`ask()` asks for one take of each panel; any argument of request_takes may be given."""

    def asked(**given):
        given = {"panels": panels, "by": mei, "key": uuid.uuid4(), **given}
        return actions.request_takes(**given)

    return asked


@pytest.fixture
def engines(monkeypatch):
    """The tests' own engines, beside the embedded one: `engines("once")` is the instance that will be asked."""
    for kind in ("Obedient", "Once", "Polled"):
        entry = ("tests.generation.engines", kind, kind.lower())
        monkeypatch.setitem(registry.ENGINES, kind.lower(), entry)
    registry.get.cache_clear()
    yield registry.get
    registry.get.cache_clear()


@pytest.fixture
def run():
    """Run a job as the worker would, and give it as it is then."""

    def ran(job):
        asyncio.run(runner.run(job.pk))
        job.refresh_from_db()
        return job

    yield ran
    threads.let_go()


@pytest.fixture
def service(monkeypatch):
    """`service("hiapi")` is an emulator without limits; it ends with the test. Pauses last milliseconds."""
    from tests.generation import services
    from tests.providers.conftest import KINDS

    services.hurried(monkeypatch)
    with contextlib.ExitStack() as stack:

        def begun(name, **more):
            made = stack.enter_context(KINDS[name](**more))
            if name == "hiapi" and not more:
                made.per_minute = made.concurrent = 100_000
            return made

        yield begun
