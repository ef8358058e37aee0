"""`manage.py rotatekeys`: a new encryption key, everything sealed with it, the old one forgotten. Safe to repeat."""

import io
import json
import os
import stat

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from studio.generation.models import EngineAccount
from studio.generation.resealing import fields
from studio.lib import signing
from studio.management.commands import rotatekeys
from tests import makers
from tests.engines.conftest import KEY

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    """A data folder with one encryption key in its file."""
    monkeypatch.delenv("STUDIO_ENCRYPTION_KEYS", raising=False)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "encryption.key").write_text(OLD + "\n")
    settings.DATA, settings.ENCRYPTION_KEYS = tmp_path, [OLD]
    return tmp_path


@pytest.fixture
def account(folder, team):
    made = makers.account(team, key=KEY)
    EngineAccount.objects.update(callback_sealed=signing.seal("callback secret"))
    made.refresh_from_db()
    return made


def run(*args):
    out = io.StringIO()
    try:
        call_command("rotatekeys", *args, stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def kept(folder):
    return (folder / "keys" / "encryption.key").read_text().split()


def test_it_goes_all_the_way(folder, account, settings):
    assert run("--new")[0] == 0
    assert kept(folder)[1:] == [OLD]
    assert stat.S_IMODE(os.stat(folder / "keys" / "encryption.key").st_mode) == 0o600
    settings.ENCRYPTION_KEYS = kept(folder)  # the restart
    assert run() == (0, "2 sealed anew with the newest key, 0 were already.\n")
    assert run() == (0, "0 sealed anew with the newest key, 2 were already.\n")
    assert run("--forget")[0] == 0
    assert len(kept(folder)) == 1
    settings.ENCRYPTION_KEYS = kept(folder)
    account.refresh_from_db()
    assert signing.unseal(account.key_sealed) == KEY
    assert signing.unseal(account.callback_sealed) == "callback secret"
    assert account.revision == 1  # the key is the same: no client is made anew
    settings.ENCRYPTION_KEYS = [OLD]
    with pytest.raises(InvalidToken):
        signing.unseal(account.key_sealed)


def test_it_forgets_no_key_that_is_needed(folder, account, settings):
    run("--new")
    settings.ENCRYPTION_KEYS = kept(folder)
    assert run("--forget")[0] == 1
    assert run("--new")[0] == 1
    assert len(kept(folder)) == 2


def test_it_says_what_no_key_opens(folder, account, settings):
    settings.ENCRYPTION_KEYS = [NEW]
    code, text = run()
    assert code == 1
    assert text.count("No key opens") == 2
    assert KEY not in text
    assert NEW not in text
    account.refresh_from_db()
    settings.ENCRYPTION_KEYS = [OLD]
    assert signing.unseal(account.key_sealed) == KEY  # left as it was


def test_it_works_with_keys_of_the_environment(folder, account, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    monkeypatch.setenv("STUDIO_ENCRYPTION_KEYS", f"{NEW} {OLD}")
    code, text = run("--json")
    assert code == 0
    assert json.loads(text) == {"moved": 2, "already": 0, "lost": []}
    for step in ("--new", "--forget"):
        code, text = run(step)
        assert code == 1
        assert "STUDIO_ENCRYPTION_KEYS" in text
        assert OLD not in text
    assert kept(folder) == [OLD]


def test_it_waits_for_the_restart(folder, account, settings, monkeypatch):
    """A worker that began before the new key could open nothing that is sealed with it, and would pause every account."""
    monkeypatch.setattr(rotatekeys.engine, "running_worker", os.getpid)
    run("--new")
    settings.ENCRYPTION_KEYS = kept(folder)
    assert run()[0] == rotatekeys.STALE
    os.utime(folder / "keys" / "encryption.key", (1, 1))  # as if this process had begun after it
    assert run()[0] == 0


def test_it_leaves_what_changed_meanwhile(folder, account, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    unseal = signing.unseal

    def slowly(sealed):
        text = unseal(sealed)
        EngineAccount.objects.update(key_sealed=signing.seal("a-key-of-just-now"))
        return text

    monkeypatch.setattr(signing, "unseal", slowly)
    run()
    monkeypatch.undo()
    account.refresh_from_db()
    settings.ENCRYPTION_KEYS = [NEW]
    assert signing.unseal(account.key_sealed) == "a-key-of-just-now"


def test_it_knows_every_sealed_field(db):
    assert {name for _, name in fields()} >= {"key_sealed", "callback_sealed"}
