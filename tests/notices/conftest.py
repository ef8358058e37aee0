"""A round that was sent, whoever is told of it, and the worker's turns taken by hand."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from studio.models import Delivery, Letter, Untold
from studio.notices import deliveries, letters, outbox
from studio.review import actions as review
from studio.review.actions.notes import write_note
from studio.review.reviewers import Reviewer
from tests import makers
from tests.emulators.hooks import Receiver


@pytest.fixture
def project(team):
    return makers.project(team, "Night ferry")


@pytest.fixture
def panels(project, mei, team):
    """Two panels with pictures that Mei drew."""
    scene = makers.scene(project, "1", place="harbour")
    rows = [makers.panel(scene, "1A", action="She waits."), makers.panel(scene, "1B")]
    for row in rows:
        makers.take(row, makers.bare_image(team), picked=True, drawn_by=mei)
    return rows


@pytest.fixture
def sent(project, panels, pavel, rosa):
    """Pavel sent it, and asks Rosa."""
    return review.send_round(project=project, by=pavel, people=[rosa])


@pytest.fixture
def decide(sent):
    """`decide(user, "approve", on=…)`."""

    def act(user, verdict, on=None):
        by = Reviewer(sent, "", user=user, membership=user.memberships.get())
        return review.decide(by=by, on=on, verdict=verdict)

    return act


@pytest.fixture
def write(sent):
    """`write(user, "words", on=…)` is a note."""

    def act(user, text, on=None, **more):
        by = Reviewer(sent, "", user=user, membership=user.memberships.get())
        return write_note(round=sent, on=on, by=by, text=text, key=uuid.uuid4(), **more)

    return act


@pytest.fixture
def tell():
    """The worker tells of everything that was not told yet."""

    def turn():
        for pk in Untold.objects.order_by("pk").values_list("pk", flat=True):
            outbox.run(pk)

    return turn


@pytest.fixture
def post():
    """The worker sends the letters that wait, as if their time had come."""

    def turn():
        Letter.objects.filter(state="waiting").update(due=timezone.now())
        for pk, _ in letters.due(100):
            letters.run(pk)

    return turn


@pytest.fixture
def receiver(settings):
    found = Receiver()
    settings.HOOK_HOSTS = (f"127.0.0.1:{found.port}",)
    yield found
    found.close()


@pytest.fixture
def deliver():
    """The worker takes one turn at each message that is due; with `soon` at those that wait for later too."""
    import asyncio

    def turn(*, soon=True):
        if soon:
            Delivery.objects.filter(state="waiting").update(due=timezone.now())
        for pk, _ in deliveries.due(100):
            sending = deliveries.claim(pk)
            if sending:
                deliveries.answered(sending.delivery, asyncio.run(deliveries.send(sending)))

    return turn
