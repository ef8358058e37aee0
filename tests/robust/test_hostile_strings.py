"""More than a hundred hostile strings, stored in every list that people write: each is shown as it was typed, and runs nowhere.

Forms get them in `test_forms.py`, a different one in each field each time.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from html.parser import HTMLParser
from itertools import count, cycle, islice

import pytest
from django.core import mail
from django.test import Client

from studio import models
from studio.accounts import audit
from studio.notices import facts, letters, messages, writing
from studio.review import actions as reviews
from tests import makers
from tests.robust.strings import STRINGS, TAG

pytestmark = pytest.mark.django_db
ASKED = count(1)


def marked(family, room=200):
    """(number, string with a mark behind it): by the mark it is found again."""
    for number, string in enumerate(STRINGS):
        mark = f"‹{family}{number}›"
        yield number, string[: room - len(mark)] + mark


def batched(rows, size):
    rows = iter(rows)
    while part := list(islice(rows, size)):
        yield part


def flat(text):
    return " ".join(text.split())


class Page(HTMLParser):
    """What a browser would make of a page: its words, and what would run."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.words, self.runs, self.inside = [], [], ""
        self.feed(html)
        self.close()
        self.said = flat(" ".join(self.words))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.inside = tag if tag in {"script", "style"} else self.inside
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.runs.append("a script without an address")
        for name, value in attrs:
            value = value or ""
            self.words.append(value)
            if name.startswith("on") or name == "srcdoc" or (name == "id" and TAG in value):
                self.runs.append(f"<{tag} {name}={value[:40]}>")
            if name in {"href", "src", "action", "formaction"} and not value.startswith(
                ("/", "#", "?", "http://localhost", "data:image/", "cid:")
            ):
                self.runs.append(f"<{tag} {name}={value[:60]}>")

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        if self.inside == "script" and data.strip():
            json.loads(data)
        self.words.append(data)


def read(answer):
    assert answer.status_code == 200, answer.status_code
    page = Page(answer.content.decode())
    assert page.runs == []
    return page.said


def missing(said, family, room=200):
    return [text for _, text in marked(family, room) if flat(text) not in said]


@pytest.fixture
def project(team, ada):
    """A board of a panel for each string."""
    project = makers.project(team, "Night ferry", created_by=ada)
    scene = makers.scene(project)
    texts = zip(*(marked(family) for family in ("action", "dialogue", "sound")), strict=True)
    models.Panel.objects.bulk_create(
        models.Panel(scene=scene, label=f"1-{n}", position=n, action=action, dialogue=dialogue, sound=sound)
        for (n, action), (_, dialogue), (_, sound) in texts
    )
    makers.take(scene.panels.order_by("position").first(), picked=True)
    return project


def test_it_knows_more_than_a_hundred():
    assert len(set(STRINGS)) == len(STRINGS) > 100


def test_it_shows_lists_as_they_were_typed(signed_in, team, ada):
    models.Project.objects.bulk_create(models.Project(team=team, title=text) for _, text in marked("title", 120))
    for _, text in marked("subject", 80):
        makers.subject(team, text)
    users = models.User.objects.bulk_create(
        models.User(email=f"p{n}@example.test", name=text) for n, text in marked("person", 80)
    )
    models.Membership.objects.bulk_create(models.Membership(team=team, user=user, role="viewer") for user in users)
    client = signed_in(ada)
    for path, family, room in (
        ("/projects/", "title", 120),
        ("/library/characters/", "subject", 80),
        ("/team/", "person", 80),
    ):
        assert missing(read(client.get(path)), family, room) == [], path


def test_it_shows_a_board_as_it_was_typed(signed_in, ada, project):
    assert missing(read(signed_in(ada).get(f"/projects/{project.code}/")), "action") == []


def test_it_shows_a_bible_as_it_was_typed(signed_in, team, ada):
    subject = makers.subject(team, "Noor", bible="\n".join(text for _, text in marked("bible", 80))[:6000])
    version = subject.versions.get()
    models.Marker.objects.bulk_create(
        models.Marker(version=version, phrase=text, category="face", position=n) for n, text in islice(marked("marker", 120), 60)
    )  # fmt: skip
    said = read(signed_in(ada).get(f"/subjects/{subject.code}/"))
    assert len(missing(said, "bible", 80)) <= len(STRINGS) / 10  # what was beyond the field's length
    assert [text for n, text in marked("marker", 120) if n < 60 and flat(text) not in said] == []


@pytest.fixture
def round_(project, ada):
    """Sent with its words; a note for each string, by a guest of that name."""
    sent = reviews.send_round(project=project, by=ada, message="\n".join(STRINGS)[:2000])
    on = sent.panels.order_by("pk").first()
    notes = zip(marked("note"), marked("guest", 80), strict=True)
    models.Note.objects.bulk_create(
        models.Note(round=sent, on=on, number=n + 1, name=name, text=text, internal=False)
        for (n, text), (_, name) in notes
    )
    return sent


def test_it_shows_a_round_to_both_sides_as_it_was_typed(signed_in, ada, round_):
    on = round_.panels.order_by("pk").first()
    _, token = reviews.make_link(round=round_, by=ada, name="Dana", may_comment=True)
    guest = Client()
    guest.get(f"/r/{token}/")
    for client, start in ((signed_in(ada), f"/rounds/{round_.code}/"), (guest, f"/r/{token}/")):
        said = read(client.get(f"{start}panels/{on.code}/"))
        assert missing(said, "note") == [], start
        assert missing(said, "guest", 80) == [], start
        first = flat(next(text for _, text in marked("action")))
        assert first in said
    for path in (f"/rounds/{round_.code}/", f"/projects/{round_.project.code}/review/"):
        read(signed_in(ada).get(path))


def test_it_shows_links_and_reviewers_as_they_were_typed(signed_in, ada, project):
    sent = reviews.send_round(project=project, by=ada)
    names = list(islice(marked("link", 80), 40))
    for _, name in names:
        models.ShareLink.objects.create(
            round=sent,
            name=name,
            token_hash=uuid.uuid4().hex,
            created_by=ada,
            expires="2099-01-01T00:00Z",
            key=uuid.uuid4(),
        )
    said = read(signed_in(ada).get(f"/rounds/{sent.code}/"))
    assert [name for _, name in names if flat(name) not in said] == []


def test_it_shows_what_happened_as_it_was_typed(signed_in, team, ada):
    for n, text in marked("notice", 150):
        models.Notice.objects.create(team=team, user=ada, kind="round", key=f"k{n}", who=text[:80], did="sent", what=text, quote=text, path="/projects/")  # fmt: skip
        audit.note(verb="team.renamed", team=team, actor=ada, was="-", now=text)
    client = signed_in(ada)
    said = " ".join(read(client.get("/team/log/", {"page": page})) for page in (1, 2, 3, 4))
    assert missing(said, "notice", 150) == []
    told = read(client.get("/notices/"))
    assert sum(flat(text) in told for _, text in marked("notice", 150)) >= 20


def test_it_says_it_in_spreadsheets_without_running_it(signed_in, team, ada):
    for _, text in marked("cell", 150):
        audit.note(verb="team.renamed", team=team, actor=ada, about="team", code=text[:60], now=text)
    rows = list(csv.reader(io.StringIO(b"".join(signed_in(ada).get("/team/log.csv")).decode("utf-8-sig"))))
    assert len(rows) == len(STRINGS) + 2  # the names of the columns, and this download itself
    for row in rows:
        assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]


HEADERS = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding", "list-unsubscribe",
           "list-unsubscribe-post", "auto-submitted"}  # fmt: skip


def test_it_writes_letters_as_it_was_typed(team, ada):
    heard = ""
    for part in batched(marked("letter", 150), writing.MOST):
        n = next(ASKED)
        letter = models.Letter.objects.create(key=f"hostile:{n}", sort="digest", team=team, user=ada, email=ada.email)
        for at, text in part:
            models.Notice.objects.create(
                team=team, user=ada, kind="mention", key=f"m{at}", who=text[:80], did="wrote to you on", what=text, quote=text, path="/projects/", letter=letter
            )  # fmt: skip
        written = writing.write(letter)
        letters.post(written, letter)
        read_html = Page(written.html)
        assert read_html.runs == []
        assert not [text for _, text in part if flat(text) not in read_html.said]
        heard += flat(written.text) + " "
    assert missing(heard, "letter", 150) == [], "plain text is not escaped"
    for sent in mail.outbox:
        assert {name.lower() for name in sent.message().keys()} <= HEADERS  # noqa: SIM118
        assert sent.recipients() == [ada.email]


@pytest.mark.parametrize("string", STRINGS[::5])
def test_it_writes_one_subject(team, ada, string):
    letter = models.Letter.objects.create(key=f"one:{next(ASKED)}", sort="now", team=team, user=ada, email=ada.email)
    models.Notice.objects.create(
        team=team,
        user=ada,
        kind="mention",
        key="m",
        who=string[:80],
        did="wrote on",
        what=string,
        path="/projects/",
        letter=letter,
    )
    written = writing.write(letter)
    letters.post(written, letter)
    sent = mail.outbox[0].message()
    assert {name.lower() for name in sent.keys()} <= HEADERS  # noqa: SIM118
    assert len(written.subject.splitlines()) <= 1


def test_it_tells_webhooks_as_it_was_typed(team, ada, round_):
    on = round_.panels.order_by("pk").first()
    for note, shape in zip(models.Note.objects.order_by("number"), cycle(("standard", "slack")), strict=False):
        event = models.Event.objects.create(
            verb="note_written", team=team, actor=ada, about="round", code=round_.code, project=round_.project.code,
            data={"round": round_.code, "number": round_.number, "label": on.label, "panel": on.panel.code, "note": note.code, "excerpt": note.text[:200], "internal": False},
        )  # fmt: skip
        body = messages.body(facts.of(event), "note", shape)
        assert len(body.splitlines()) == 1
        said = json.loads(body)
        if shape == "slack":
            assert f"<b id={TAG}" not in said["text"]
        else:
            assert f"‹note{note.number - 1}›" in said["data"]["note"]["excerpt"]


def test_it_follows_a_form_all_the_way(signed_in, mei, project):
    """Typed into the inspector as one text, kept, and shown."""
    from studio.lib import text

    client, panel = signed_in(mei), models.Panel.objects.order_by("pk").first()
    for part in batched(marked("typed"), 60):
        panel.refresh_from_db()
        typed = "\n".join(one for _, one in part)
        answer = client.post(
            f"/panels/{panel.code}/field/", {"field": "action", "action": typed, "revision": panel.revision}
        )
        assert answer.status_code in {200, 302}
        panel.refresh_from_db()
        assert panel.action == text.plain(typed)
        said = read(client.get(f"/panels/{panel.code}/"))
        assert [one for _, one in part if flat(text.plain(one)) not in said] == []
