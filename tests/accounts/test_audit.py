"""The audit log: written with the act, kept for ever, read by owners, one line of JSON each."""

from __future__ import annotations

import csv
import io
import json
import logging
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.events import record
from studio.generation import actions as generation
from studio.generation import states
from studio.models import AuditEntry, Membership
from tests import makers

PASSWORD = "correct horse battery"


@pytest.fixture
def lines():
    """The lines that other programs read."""
    kept = []

    class Keeper(logging.Handler):
        def emit(self, record):
            kept.append(self.format(record))

    logger, keeper = logging.getLogger("studio.audit"), Keeper()
    keeper.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(keeper)
    yield kept
    logger.removeHandler(keeper)


def sign_in(user, password=PASSWORD, **client):
    client = Client(**client)
    client.post("/sign-in/", {"login": user.email, "password": password})
    return client


def verbs(team):
    return list(AuditEntry.objects.of(team).values_list("verb", flat=True))


def test_it_keeps_sign_ins_good_and_bad(team, ada, outsider):
    sign_in(ada, "a wrong guess", REMOTE_ADDR="198.51.100.9")
    client = sign_in(ada, REMOTE_ADDR="2001:db8::7")
    client.post("/sign-out/")
    assert verbs(team) == ["user.signed_out", "user.signed_in", "user.refused"]
    good, bad = AuditEntry.objects.of(team)[1:]
    assert (bad.kind, bad.who, bad.address) == ("sign-in", ada.email, "198.51.100.9")
    assert (good.address, good.data["how"]) == ("2001:db8::7", ["password"])
    assert verbs(outsider.teams.get()) == [], "another team's log says nothing of it"


def test_it_keeps_no_password_and_no_unknown_address(db, lines, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/sign-in/", {"login": "my-secret-phrase@example.test", "password": "another secret"})
    [entry] = AuditEntry.objects.all()
    [line] = lines
    for text in (str(entry.data), entry.who, line):
        assert "secret" not in text
    assert json.loads(line)["verb"] == "user.refused"
    assert entry.team_id is None


def test_it_keeps_what_people_did(signed_in, team, ada, mei):
    client = signed_in(ada)
    row = Membership.objects.get(user=mei)
    client.post("/team/invitations/", {"role": "artist", "uses": 1})
    client.post(f"/team/members/{row.pk}/", {"role": "viewer"})
    client.post(f"/team/members/{row.pk}/remove/")
    project = makers.project(team)
    client.post(f"/projects/{project.code}/delete/")
    client.post("/me/password/", {"current": PASSWORD, "password": "quite another phrase"})
    assert verbs(team) == ["user.password", "project.deleted", "member.removed", "member.role", "invitation.made"]
    role = AuditEntry.objects.get(verb="member.role")
    assert (role.who, role.kind, role.data) == (
        ada.email,
        "people",
        {"whom": mei.email, "was": "artist", "now": "viewer"},
    )


def test_it_outlives_whom_it_speaks_of(team, ada, mei):
    record(verb="link_made", team=team, actor=mei, about="round", code="abc")
    mei.delete()
    assert AuditEntry.objects.get().who == mei.email


@pytest.mark.parametrize(
    "change",
    ["UPDATE studio_auditentry SET who = 'somebody else'", "UPDATE studio_auditentry SET at = at", "DELETE FROM studio_auditentry"],
)  # fmt: skip
def test_it_is_kept_by_the_database_itself(team, ada, change):
    if connection.vendor == "sqlite":  # taken away for the tests that clear tables by DELETE
        from importlib import import_module

        with connection.cursor() as cursor:
            cursor.execute(import_module("studio.migrations.0006_people").SEALS["sqlite"][1])
    record(verb="team.renamed", team=team, actor=ada)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert AuditEntry.objects.get().who == ada.email


def test_it_refuses_changes_in_python_too(team, ada):
    record(verb="team.renamed", team=team, actor=ada)
    entry = AuditEntry.objects.get()
    for act in (entry.save, entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(who="x")):
        with pytest.raises(TypeError, match="only added to"):
            act()


def test_it_goes_with_the_act_and_not_without_it(team, ada, lines):
    with transaction.atomic():
        record(verb="team.renamed", team=team, actor=ada)
        transaction.set_rollback(True)
    assert verbs(team) == []
    assert lines == []


HOSTILE = 'x\r\n{"verb": "forged"}\n\u2028\u2029\x85\x00\x1b[31m\u202e"\'</script>\ud800' + "y" * 999


def test_it_writes_one_line_whatever_stands_in_it(team, ada, lines, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        audit.note(
            verb="team.renamed", team=team, actor=ada, was="fine", now=HOSTILE.replace("\x00", "").replace("\ud800", "")
        )
    said = audit.line({"now": HOSTILE})
    for line in (*lines, said):
        assert len(line.splitlines()) == 1
        assert line.isascii()
        assert line.isprintable()
    assert json.loads(lines[0])["data"]["now"].startswith('x\r\n{"verb": "forged"}')
    assert len(json.loads(lines[0])["data"]["now"]) <= 201
    assert json.loads(lines[0])["team"] == team.pk


def test_it_names_guests_as_such(team, ada):
    audit.note(verb="link_opened", team=team, actor=None, name="Dana Reyes")
    audit.note(verb="link_opened", team=team, actor=None)
    audit.note(verb="account.paused", team=team, actor=None, label="Main")
    who = list(AuditEntry.objects.order_by("pk").values_list("who", flat=True))
    assert who == ["guest Dana Reyes", "guest without a name", ""]


def test_it_masks_secrets(team, ada):
    audit.note(
        verb="account.key",
        team=team,
        actor=ada,
        key_token="abcd",
        changed={"password": "p", "label": "Main"},
        signed=True,
    )
    assert AuditEntry.objects.get().data == {
        "key_token": "•••", "changed": {"password": "•••", "label": "Main"}, "signed": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("user.signed_in", "sign-in"), ("user.password", "security"), ("link_made", "links"), ("link_revoked", "links"), ("round_closed", "links"),
        ("account.key", "keys"), ("hook.secret", "keys"), ("link_opened", "links"), ("batch.asked", "money"), ("export.made", "files"), ("panel.deleted", "deletes"), ("note_deleted", "deletes"),
        ("member.removed", "people"), ("panel.moved", None), ("take.picked", None), ("note_written", None),
    ],
)  # fmt: skip
def test_it_knows_what_belongs_in_it(verb, kind):
    assert audit.kind_of(verb) == kind


def test_it_keeps_that_a_link_was_asked_for(team, ada):
    for login in (ada.email, "nobody@example.test"):
        Client().post("/sign-in/link/", {"login": login})
    [entry] = AuditEntry.objects.filter(verb="user.link_asked")
    assert (entry.who, entry.kind, entry.team_id) == (ada.email, "sign-in", team.pk)


def test_it_keeps_what_was_paid_and_for_whom(team, mei):
    """Each amount, once, under whoever asked; what was free says nothing."""
    panel = makers.panel(makers.scene(makers.project(team)))
    account = makers.account(team)
    batch = generation.request_takes(panels=[panel], by=mei, key=uuid.uuid4(), account=account, model="google:4@3")
    free = generation.request_takes(panels=[panel], by=mei, key=uuid.uuid4())
    job = batch.jobs.get()
    for _ in range(2):
        states.settle(job, True, told=Decimal("0.21"))
    states.settle(free.jobs.get(), True)
    asked = AuditEntry.objects.filter(verb="batch.asked")
    assert {entry.who for entry in asked} == {mei.email}
    [paid] = AuditEntry.objects.filter(verb="attempt.charged")
    assert (paid.who, paid.kind, paid.data["dollars"], paid.data["batch"]) == (mei.email, "money", "0.21", batch.code)


def test_it_keeps_what_may_have_been_paid_and_what_was_stopped(team, mei, ada):
    panel = makers.panel(makers.scene(makers.project(team)))
    account = makers.account(team)
    ask = {"panels": [panel], "by": mei, "account": account, "model": "google:4@3"}
    states.settle(generation.request_takes(key=uuid.uuid4(), **ask).jobs.get(), None)
    [entry] = AuditEntry.objects.filter(verb="attempt.uncertain")
    assert (entry.who, entry.kind) == (mei.email, "money")
    generation.cancel_job(job=generation.request_takes(key=uuid.uuid4(), **ask).jobs.get(), by=ada)
    assert AuditEntry.objects.get(verb="job.cancelled").who == ada.email
    assert AuditEntry.objects.filter(verb="attempt.charged").count() == 0


def test_it_keeps_files_that_leave(signed_in, team, ada):
    client = signed_in(ada)
    client.get("/team/log.csv")
    client.get("/team/spend/ledger.csv")
    kept = AuditEntry.objects.filter(kind="files").order_by("pk").values_list("verb", "who")
    assert list(kept) == [("download.log", ada.email), ("download.ledger", ada.email)]


def test_it_is_read_by_owners_only(signed_in, team, ada, pavel, outsider):
    record(verb="team.renamed", team=team, actor=ada, now="A name of ours")
    assert "A name of ours" in signed_in(ada).get("/team/log/").content.decode()
    for path in ("/team/log/", "/team/log.csv"):
        assert signed_in(pavel).get(path).status_code == 403
        theirs = signed_in(outsider).get(path)
        assert "A name of ours" not in b"".join(theirs).decode()
    assert "Audit log" not in signed_in(pavel).get("/team/").content.decode()


def test_it_is_narrowed(signed_in, team, ada, mei):
    record(verb="team.renamed", team=team, actor=ada)
    record(verb="project.deleted", team=team, actor=mei, about="project", code="p1")
    client = signed_in(ada)

    def shown(**query):
        return [entry.verb for entry, *_ in client.get("/team/log/", query).context["rows"]]

    assert shown() == ["project.deleted", "team.renamed"]
    assert shown(kind="deletes") == ["project.deleted"]
    assert shown(who=mei.email) == ["project.deleted"]
    today = timezone.localdate()
    assert len(shown(since=today, until=today)) == 2
    assert shown(until=today - timedelta(days=1)) == []
    assert shown(since=today + timedelta(days=1)) == []
    assert len(shown(kind="nonsense", since="9999-99-99", until="9999-12-31", page="x")) == 2
    assert "Nothing in the log is like that." in client.get("/team/log/", {"who": "nobody"}).content.decode()


def test_it_leaves_as_a_file(signed_in, team, ada):
    record(verb="team.renamed", team=team, actor=ada, now="=1+1")
    record(verb="project.deleted", team=team, actor=ada, about="=cmd", code="p1")
    answer = signed_in(ada).get("/team/log.csv", {"kind": "deletes"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [(row["verb"], row["who"], row["about"]) for row in rows] == [("project.deleted", ada.email, "'=cmd")]
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-log-')


def test_it_asks_as_often_for_many(signed_in, team, ada):
    client = signed_in(ada)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/team/log/").status_code == 200
        return len(queries)

    record(verb="team.renamed", team=team, actor=ada)
    count()
    few = count()
    for n in range(40):
        record(verb="team.renamed", team=team, actor=ada, now=f"Name {n}")
    assert count() == few


def test_it_writes_its_file_for_its_owner_only(tmp_path):
    from studio.lib.audit_file import AuditFile

    handler = AuditFile(str(tmp_path / "audit.log"))
    for n in (1, 2):
        handler.emit(logging.makeLogRecord({"msg": f'{{"n": {n}}}'}))
    handler.close()
    assert (tmp_path / "audit.log").read_text() == '{"n": 1}\n{"n": 2}\n'
    assert (tmp_path / "audit.log").stat().st_mode & 0o777 == 0o600
    AuditFile(str(tmp_path / "no such folder" / "audit.log")).emit(logging.makeLogRecord({"msg": "lost"}))
