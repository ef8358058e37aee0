"""Accounts from the environment: taken over on the start, changed there, never a reason not to start."""

import logging

import pytest

from studio.generation import actions
from studio.generation.models import EngineAccount
from studio.lib import signing
from tests.engines.conftest import KEY

pytestmark = pytest.mark.django_db
NAMES = [
    f"{name}_{kind}" for name, kind in [(n, k) for n in ("RUNWARE", "HIAPI", "GEMINI") for k in ("API_KEY", "BASE_URL")]
] + ["WISDOM_GATE_KEY", "WISDOM_GATE_BASE_URL"]


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variable", "engine", "base"),
    [
        ("RUNWARE_API_KEY", "runware", "https://api.runware.ai/v1"),
        ("HIAPI_API_KEY", "hiapi", "https://api.hiapi.ai"),
        ("WISDOM_GATE_KEY", "gemini", "https://wisdom-gate.juheapi.com"),
        ("GEMINI_API_KEY", "gemini", "https://generativelanguage.googleapis.com"),
    ],
)
def test_it_takes_a_key_over_once(team, monkeypatch, variable, engine, base):
    monkeypatch.setenv(variable, KEY)
    assert len(actions.seed_from_environment(team=team)) == 1
    assert actions.seed_from_environment(team=team) == []
    account = EngineAccount.objects.get()
    assert (account.engine, account.base_url, account.from_environment) == (engine, base, variable)
    assert signing.unseal(account.key_sealed) == KEY


def test_it_follows_another_key_and_address(team, monkeypatch):
    monkeypatch.setenv("RUNWARE_API_KEY", KEY)
    actions.seed_from_environment(team=team)
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9101/v1/")
    monkeypatch.setenv("RUNWARE_API_KEY", "another-key-0123456789")
    assert len(actions.seed_from_environment(team=team)) == 1
    account = EngineAccount.objects.get()
    assert account.base_url == "http://127.0.0.1:9101/v1"
    assert signing.unseal(account.key_sealed) == "another-key-0123456789"
    assert actions.seed_from_environment(team=team) == []


@pytest.mark.parametrize(
    ("name", "value"), [("RUNWARE_BASE_URL", "http://api.runware.ai"), ("RUNWARE_API_KEY", "two words")]
)
def test_it_starts_without_what_cannot_be_used(team, monkeypatch, caplog, name, value):
    monkeypatch.setenv("RUNWARE_API_KEY", KEY)
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("HIAPI_API_KEY", KEY)
    with caplog.at_level(logging.WARNING):
        made = actions.seed_from_environment(team=team)
    assert [account.engine for account in made] == ["hiapi"]
    assert "RUNWARE_API_KEY or RUNWARE_BASE_URL cannot be used" in caplog.text
    assert KEY not in caplog.text
    assert "two words" not in caplog.text
