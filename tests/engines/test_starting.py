"""What would be found out by the first who draws or enters a key is said at the start."""

import pytest
from cryptography.fernet import Fernet

from studio import checks
from studio.providers import catalog

GOOD = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _catalogue_read_anew():
    catalog.forget()
    yield
    catalog.forget()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[", "cannot be read"),
        ('date = 2026-12-01\n[[model]]\nengine = "hiapi"\nid = "New"\n', "hiapi New is not complete"),
        ('date = 2026-12-01\n[[model]]\nengine = "hiapi"\nid = "Nano-Banana"\nprices = "free"\n', "prices is 'free'"),
        (None, "cannot be read"),
    ],
)
def test_it_says_that_the_catalogue_cannot_be_read(tmp_path, monkeypatch, text, words):
    path = tmp_path / "prices.toml"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("STUDIO_CATALOG", str(path))
    (error,) = checks.catalogue_reads()
    assert error.id == "studio.E005"
    assert words in error.msg


def test_it_is_well_with_ours(monkeypatch):
    monkeypatch.delenv("STUDIO_CATALOG", raising=False)
    assert checks.catalogue_reads() == []


@pytest.mark.parametrize(
    ("keys", "words"), [([], "no encryption key"), (["short"], "key 1 is none"), ([GOOD, "x"], "key 2 is none")]
)
def test_it_says_that_a_key_is_none(settings, keys, words):
    settings.ENCRYPTION_KEYS = keys
    (error,) = checks.encryption_keys_fit()
    assert error.id == "studio.E004"
    assert words in error.msg
    assert not any(key in error.msg for key in keys if key != "x")


def test_it_is_well_with_keys_that_fit(settings):
    settings.ENCRYPTION_KEYS = [GOOD, Fernet.generate_key().decode()]
    assert checks.encryption_keys_fit() == []
