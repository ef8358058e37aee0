"""Every fault at every engine, through the runner: a named state, a ledger as true as the service's, the next step on the card.

`-s` prints the table; `STUDIO_WRITE=1` writes it into docs/faults.md, which is compared otherwise.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse

from studio.generation import links, retrying
from studio.generation.models import Job, JobState
from studio.generation.queries import states_for
from studio.lib import signing
from tests import makers
from tests.generation import services
from tests.generation.faults import FAULTS
from tests.providers.conftest import KINDS

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
CLOCK = re.compile(r"\b\d\d:\d\d\b")


@pytest.fixture
def scene(team):
    return makers.scene(makers.project(team))


@pytest.fixture(params=list(KINDS))
def emulator(request, settings, live_server):
    """Bells ring at our own address, but only those that a row is about."""
    settings.PUBLIC = False
    with KINDS[request.param]() as made:
        made.ours = live_server.url
        made.per_minute, made.concurrent, made.secret = 100_000, 100_000, "a-secret-of-twenty-letters"
        yield made


def broken(emulator, account, fault):
    if fault.fault == "refused":
        account.base_url = account.base_url.replace(f":{emulator.port}", ":9")
        account.save()
    elif fault.fault == "two":
        for value in fault.value:
            emulator.break_at(fault.at, "status", value, key=account.key)
    else:
        emulator.break_at(fault.at, fault.fault, fault.value, times=fault.times, key=account.key)


def judged(emulator, fault, job, account):
    """One line of the table; raises AssertionError where the books do not agree."""
    state, kind, bought = fault.ends[emulator.name]
    (says, amount), (count, theirs) = services.ours(job), services.theirs(emulator, account)
    waits = " …" if job.state not in ("done", "failed", "refused", "unknown") else ""
    assert (f"{job.state}{waits}", says, count) == (state, kind, bought), f"{job.error} {job.details}"
    if says == "charged":
        assert amount == theirs
    if says == "released":
        assert count == 0
        assert job.charged is False
    if says == "uncertain":
        assert job.charged is None
        assert amount == job.estimate
    services.counted_right([job])
    work = states_for([job.panel]).get(job.panel_id)
    step = "" if work is None else f"{work.error} {work.remedy}".strip()
    assert (job.state == JobState.DONE) == (step == ""), step
    if work is not None:
        assert work.error
        assert work.remedy
        assert work.charged is job.charged or work.state != "failed"
    money = {
        "charged": f"charged {amount:.5f}",
        "held": f"held {amount:.5f}",
        "uncertain": f"possibly {amount:.5f}",
        "released": "given back",
    }
    said = CLOCK.sub("00:00", step) or "the take is on the card"
    return f"| {emulator.name} | {fault.name} | {state} | {money[says]} | {f'charged {theirs:.5f}' if count else 'nothing'} | {said} |"


def all_faults(monkeypatch, emulator, team, scene, *, impatient):
    chosen = [one for one in FAULTS if emulator.name in one.ends and one.impatient == impatient]
    made = []
    for fault in chosen:
        signs = fault.at == "callback" and emulator.name == "hiapi"
        account = services.account(team, emulator, callback_sealed=signing.seal(emulator.secret) if signs else "")
        options = dict(fault.options or {})
        if fault.at == "callback":
            address = reverse("callback", args=[account.code, links.callback_secret(account.code)])
            options["callback"] = f"{emulator.ours}{address}"
        job = services.ask(makers.panel(scene), account, options=options)
        broken(emulator, account, fault)
        made.append((fault, account, job))
    services.hurried(monkeypatch, patience=0.4 if impatient else None)
    monkeypatch.setattr(retrying, "TURNS", 5)

    async def one(fault, account, job):
        if fault.deadline:
            with services.impatient(account, fault.deadline):
                return await services.worked(job.pk)
        return await services.worked(job.pk)

    made.sort(
        key=lambda row: row[0].deadline
    )  # those with a deadline by themselves: a crowd would make the others late, too
    done = [
        job for some in (0, 1) for job in services.run(*(one(*row) for row in made if bool(row[0].deadline) == some))
    ]
    wrong, lines = [], []
    for (fault, account, _), job in zip(made, done, strict=True):
        try:
            lines.append((fault, judged(emulator, fault, job, account)))
        except AssertionError as error:
            wrong.append(f"{emulator.name}, {fault.name}: {str(error).splitlines()[0]} {error}")
    assert not wrong, "\n".join(wrong)
    return lines, [(account, job) for (fault, account, _), job in zip(made, done, strict=True) if job.state not in ("done", "failed", "refused", "unknown")]  # fmt: skip


def test_it_names_each_fault_keeps_true_books_and_says_what_to_do(monkeypatch, emulator, team, scene):
    lines, waiting = all_faults(monkeypatch, emulator, team, scene, impatient=False)
    with monkeypatch.context() as short:
        more, _ = all_faults(short, emulator, team, scene, impatient=True)
    order = {fault.name: at for at, fault in enumerate(FAULTS)}
    table = [line for fault, line in sorted([*lines, *more], key=lambda row: order[row[0].name])]
    services.counted_right()
    assert emulator.name != "hiapi" or emulator.replays > 5  # the same key found its first task
    for account, _ in waiting:
        services.mend(account)
    for (account, _), job in zip(waiting, services.run(*(services.worked(job.pk) for _, job in waiting)), strict=True):
        assert (job.state, services.ours(job)[0]) == ("done", "charged"), job.error
        assert services.theirs(emulator, account)[0] == 1
    assert Job.objects.filter(state=JobState.DONE).count() == Job.objects.exclude(take=None).count()
    services.counted_right()
    print("\n" + "\n".join(table))
    compare(emulator.name, table)


def compare(engine, table):
    """With what the page shows of this engine."""
    rows = [] if not PAGE.exists() else [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:]
    if os.environ.get("STUDIO_WRITE"):
        kept = {name: [row for row in rows if row.startswith(f"| {name} |")] for name in KINDS} | {engine: table}
        PAGE.write_text(HEAD + "\n".join(row for name in KINDS for row in kept[name]) + "\n")
        return
    assert table == [row for row in rows if row.startswith(f"| {engine} |")], (
        "run with STUDIO_WRITE=1 to renew docs/faults.md"
    )


HEAD = """# What becomes of a picture when a service fails

Each fault, made at the emulators, through the runner: the state the picture ends in, what our ledger says, what the service charged,
and what the card says. A state with “…” waits until somebody mends the account; then it is drawn, and paid once.
“possibly” counts against every limit until it is checked or settled. Made by `tests/generation/test_accounts_faults.py`.

| engine | fault | state | our ledger | the service's | next step on the card |
|---|---|---|---|---|---|
"""
