"""`manage.py draw` in a quality: money only where somebody said yes."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command

from studio.generation import actions, tiers
from studio.generation.models import EngineAccount, Job
from studio.management.commands.draw import USAGE


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "3 pictures by Nano Banana 1K: $0.12. Nothing was drawn."),
        ({"tier": "hero"}, "3 pictures by Nano Banana Pro 4K: $0.73. Nothing was drawn."),
        ({"tier": "hero", "takes": 2, "panel": "1B"}, "2 pictures by Nano Banana Pro 4K: $0.49. Nothing was drawn."),
    ],
)
def test_it_spends_nothing_unasked(board, account, given, words):
    project, *_ = board
    with pytest.raises(CommandError) as refused:
        call_command("draw", project.code, **given)
    assert words in str(refused.value)
    assert "--yes" in str(refused.value)
    assert refused.value.returncode == USAGE
    assert not Job.objects.exists()


def test_it_says_why_an_engine_draws_nothing(board, account):
    project, *_ = board
    EngineAccount.objects.update(health="key")
    with pytest.raises(CommandError) as refused:
        call_command("draw", project.code, tier="hero", yes=True)
    assert "did not accept our key" in str(refused.value)
    assert not Job.objects.exists()


def test_it_knows_the_qualities(board):
    project, *_ = board
    with pytest.raises(CommandError):
        call_command("draw", project.code, "--tier", "splendid")
    assert not Job.objects.exists()


def test_it_says_what_exists_already(board, account, mei, arrive):
    """The same seed, words and model: the picture would be the same."""
    project, _, (panel, *_) = board
    choices = [tiers.choice(project.team, "draft")]
    job = actions.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), choices=choices, seed=7).jobs.get()
    arrive(job)
    for seed, known in ((7, True), (8, False)):
        with pytest.raises(CommandError) as refused:
            call_command("draw", project.code, panel="1A", seed=seed)
        assert ("Panel 1A: this exact picture exists, take 1 of 1A." in str(refused.value)) is known
