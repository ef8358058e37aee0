"""`manage.py checkproviders`: a table or JSON, the health written down, and an exit code that tells."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests import makers
from tests.engines.conftest import KEY

pytestmark = pytest.mark.django_db(transaction=True)


def run(*args):
    """(exit code, what it printed)"""
    out = io.StringIO()
    try:
        call_command("checkproviders", *args, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_it_is_well_without_accounts(db):
    assert run() == (0, "No accounts. Sketch draws here, free.\n")


def test_it_checks_each_account(emulator, at, outsider):
    account = at(emulator)
    makers.account(outsider.teams.get(), "Theirs", emulator.name, base=emulator.base, key=KEY)
    code, text = run()
    assert code == 0
    assert len(text.splitlines()) == 3
    assert text.count("Checking was free.") == 2
    assert KEY not in text
    account.refresh_from_db()
    assert account.health == "ready"
    assert len(emulator.calls) == 2
    assert emulator.ledger == []


def test_it_fails_where_one_fails(emulator, at):
    good, bad, off = at(emulator), at(emulator, key="a-wrong-key-0123456789"), at(emulator, on=False)
    code, text = run("--json")
    assert code == 1
    told = json.loads(text)
    assert [line["result"] for line in told] == ["ok", "failed", "off"]
    assert told[1]["kind"] == "key"
    assert "a-wrong-key" not in text
    bad.refresh_from_db()
    assert bad.health == "key"
    assert good.pk != off.pk


def test_it_checks_one_team(emulator, at, team, outsider):
    at(emulator)
    makers.account(outsider.teams.get(), "Theirs", emulator.name, base=emulator.base, key="a-wrong-key-0123456789")
    assert run("--team", team.name)[0] == 0
    assert run("--team", outsider.teams.get().code)[0] == 1
    assert run("--team", "Nobody")[0] == 2
