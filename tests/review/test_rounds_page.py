"""The review tab and a round's page: what waits, what is late, what is new, what changed on the board since."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from studio.board.actions import edit_field, pick_take
from studio.models import Note, Round, Seen
from studio.review import actions, queries
from tests import makers


@pytest.fixture
def page(signed_in):
    def get(user, path):
        answer = signed_in(user).get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def tab(project):
    return f"/projects/{project.code}/review/"


def test_it_offers_to_send(project, page, pavel, mei):
    assert "Send for review" in page(pavel, tab(project))
    text = page(mei, tab(project))
    assert "Send for review" not in text
    assert "A producer of the team sends it" in text


def test_it_waits_for_a_picture(team, page, pavel):
    assert "Draw at least one panel first" in page(pavel, tab(makers.project(team)))


def test_it_says_what_waits_for_me(project, page, pavel, rosa, mei, reviewer):
    round = actions.send_round(project=project, by=pavel, people=[rosa])
    assert "3 panels wait for you" in page(rosa, tab(project))
    assert "wait for you" not in page(mei, tab(project))
    actions.decide(by=reviewer(rosa, round), on=round.panels.first(), verdict="approve")
    assert "2 panels wait for you" in page(rosa, tab(project))
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    assert "wait for you" not in page(rosa, tab(project))


def test_it_says_what_is_overdue(project, page, pavel, rosa, reviewer):
    round = actions.send_round(project=project, by=pavel, due=timezone.localdate())
    assert "is overdue" not in page(pavel, tab(project))
    Round.objects.update(due=timezone.localdate() - dt.timedelta(days=2))
    assert "It was due 2 days ago" in page(pavel, tab(project))
    actions.decide(by=reviewer(rosa, round), on=None, verdict="approve")
    assert "is overdue" not in page(pavel, tab(project))


def test_it_says_what_is_new_since_i_looked(round, sent, project, page, pavel, mei, dana):
    assert "Not seen" in page(pavel, tab(project))
    page(pavel, f"/rounds/{round.code}/")
    assert "Nothing new" in page(pavel, tab(project))
    actions.decide(by=dana, on=sent[0], verdict="approve")
    Note.objects.create(round=round, on=sent[1], guest=dana.guest, name="Dana", text="Red.")
    assert "2 new" in page(pavel, tab(project))
    assert Seen.objects.count() == 1
    told = page(pavel, f"/rounds/{round.code}/")
    assert "New since you looked" in told
    assert re.search(rf"Dana Okafor</bdi> approved <a[^>]*><bdi>{sent[0].label}<", told)
    assert re.search(rf"Dana</bdi> wrote on <a[^>]*><bdi>{sent[1].label}<.*“<bdi>Red\.</bdi>”", told)
    assert "Nothing new" in page(pavel, tab(project))
    assert "New since" not in page(pavel, f"/rounds/{round.code}/")
    assert "New since" not in page(mei, f"/rounds/{round.code}/")  # to whom all of it is


def test_it_says_what_changed_on_the_board_since(round, project, panels, team, page, pavel, mei):
    path = f"/rounds/{round.code}/"
    assert "moved on" not in page(pavel, path)
    pick_take(take=makers.take(panels[0], makers.image(team), drawn_by=mei), by=mei)
    panels[1].refresh_from_db()
    edit_field(panel=panels[1], field="dialogue", value="Come on.", revision=panels[1].revision, by=mei)
    makers.take(panels[3], makers.image(team), picked=True)
    text = page(pavel, path)
    assert "1A: v1 shows take 1; take 2 is picked since." in text
    assert "1B: its words changed." in text
    assert "1D: not in v1." in text
    assert "Send v2" in text
    assert "Send v2" not in page(mei, path)


def test_progress_of_each_reviewer(project, pavel, rosa, mei, reviewer):
    round = actions.send_round(project=project, by=pavel, people=[rosa])
    actions.make_link(round=round, by=pavel, name="Dana")
    actions.decide(by=reviewer(rosa, round), on=round.panels.first(), verdict="approve")
    actions.decide(by=reviewer(mei, round), on=None, verdict="approve")
    people = queries.people(round, list(round.panels.all()))
    told = [(one.name, one.who, one.asked, one.approved, one.left) for one in people]
    assert told == [
        ("Rosa Lind", "team", True, 1, 2),
        ("Dana", "client", True, 0, 3),
        ("Mei Tan", "team", False, 3, 0),
    ]


def test_links_are_for_those_who_send_them(round, linked, page, pavel, mei):
    path = f"/rounds/{round.code}/"
    assert "Dana Okafor" in page(pavel, path)
    assert "/links/" not in page(mei, path)


def test_the_same_number_of_queries_for_many(project, pavel, rosa, signed_in, count, team):
    def fill(clients):
        round = actions.send_round(project=project, by=pavel, people=[rosa, pavel])
        for n in range(clients):
            made, _ = actions.make_link(round=round, by=pavel, name=f"Client {n}")
            for row in round.panels.all()[: clients * 2]:
                Note.objects.create(round=round, on=row, guest=made.guests.get(), name="Client", text="Red.")
        return round

    def asked(round):
        client = signed_in(pavel)
        for path in (tab(project), f"/rounds/{round.code}/"):
            client.get(path)
        return [count(lambda path=path: client.get(path)) for path in (tab(project), f"/rounds/{round.code}/")]

    asked(fill(1))
    few = asked(fill(1))
    scene = project.scenes.get()
    for _ in range(12):
        makers.take(makers.panel(scene), makers.bare_image(team), picked=True)
    fill(3)
    assert asked(fill(6)) == few


def test_a_rule_for_the_project(project, signed_in, pavel, mei):
    client, path = signed_in(pavel), f"/projects/{project.code}/review/rules/"
    assert signed_in(mei).get(path).status_code == 403
    assert client.post(path, {"rule": "count", "needed": 2, "apart": "on", "revision": 1}).status_code == 302
    assert client.post(path, {"rule": "weather", "revision": 2}).status_code == 422
    late = client.post(path, {"rule": "all", "needed": 1, "revision": 1})
    assert late.status_code == 409
    assert (
        "2 of those who are asked have to approve. Who drew a picture may not be its only approver."
        in late.content.decode()
    )
    assert client.post(path, {"rule": "all", "needed": 1, "revision": 2}).status_code == 302
    project.review_rules.refresh_from_db()
    assert (project.review_rules.rule, project.review_rules.revision) == ("all", 3)


def send(client, project, **form):
    return client.post(f"/projects/{project.code}/review/send/", {"rule": "anyone", **form})


def test_the_form_sends_with_links(project, signed_in, pavel, rosa):
    answer = send(
        signed_in(pavel), project, message="Please look.", due=timezone.localdate().isoformat(), people=[rosa.pk],
        clients="Dana Okafor, dana@example.com\nInes <ines@example.com>\n\nzoe@example.com\nOnly a name", open_link="on",
        may_comment="on", may_decide="on", watermark="on", password="open sesame",
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    round = Round.objects.get()
    links = list(round.links.order_by("pk"))
    assert [(link.name, link.email) for link in links] == [
        ("Dana Okafor", "dana@example.com"), ("Ines", "ines@example.com"), ("zoe", "zoe@example.com"), ("Only a name", ""), ("", ""),
    ]  # fmt: skip
    assert all(link.watermark and link.password and not link.may_download for link in links)
    assert {one.user or one.link for one in round.asked.all()} == {rosa, *links[:4]}
    assert answer.content.decode().count("/r/") == 5
    assert "open sesame" not in answer.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"due": "2020-01-01"}, {"due": "soon"}, {"clients": "Dana, no-address@"}, {"rule": "count", "needed": 3, "clients": "Dana"},
        {"until": "2001-01-01"}, {"password": "short"}, {"people": ["9999"]}, {"views": "0"}, {"message": "x" * 2001},
        {"clients": "\n".join(f"Client {n}" for n in range(21))}, {"rule": "weather"}, {"message": "\0"},
    ],
)  # fmt: skip
def test_the_form_refuses_in_words(project, signed_in, pavel, form):
    answer = send(signed_in(pavel), project, may_decide="on", **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode() or "rule" in form or "people" in form
    assert not Round.objects.exists()


def test_the_form_is_for_producers(project, signed_in, mei, outsider):
    assert send(signed_in(mei), project).status_code == 403
    assert send(signed_in(outsider), project).status_code == 404
    assert not Round.objects.exists()


def test_the_form_sent_again_after_the_end_says_so(project, signed_in, pavel):
    key = "5f0c1c1e-6f0a-4a53-9d5c-3a4ab5d0c001"
    client = signed_in(pavel)
    assert send(client, project, key=key).status_code == 200
    actions.close_round(round=Round.objects.get(), by=pavel)
    again = send(client, project, key=key)
    assert again.status_code == 422
    assert "This form was sent before" in again.content.decode()
    assert Round.objects.count() == 1


def test_decisions_by_form_and_by_htmx(round, sent, signed_in, rosa, viktor, outsider):
    path = f"/rounds/{round.code}/decide/"
    client = signed_in(rosa)
    assert signed_in(viktor).post(path, {"panel": sent[0].code, "verdict": "approve"}).status_code == 403
    assert signed_in(outsider).post(path, {"panel": sent[0].code, "verdict": "approve"}).status_code == 404
    plain = client.post(path, {"panel": sent[0].code, "verdict": "approve"})
    assert plain.headers["Location"] == f"/rounds/{round.code}/panels/{sent[0].code}/"
    swift = client.post(path, {"panel": sent[1].code, "verdict": "approve"}, headers={"HX-Request": "true"})
    assert swift.status_code == 200
    assert "1B approved" in swift.headers["HX-Trigger-After-Settle"]
    none = client.post(path, {"panel": sent[2].code, "verdict": "changes"})
    assert none.status_code == 422
    assert "write one note" in none.content.decode()
    both = client.post(
        path, {"panel": sent[2].code, "verdict": "changes", "text": "The lamp is red.", "reason": "light"}
    )
    assert both.status_code == 302
    assert Note.objects.get().text == "The lamp is red."
    sent[2].refresh_from_db()
    assert sent[2].state == "changes"
    whole = client.post(path, {"panel": "", "verdict": "approve"})
    assert whole.status_code == 422
    assert client.post(path, {"panel": "x", "verdict": "approve"}).status_code == 404
    assert client.post(path, {"panel": sent[0].code, "verdict": "maybe\0"}).status_code == 422


def test_news_is_short(round, sent, linked, guest, dana, signed_in, pavel, count):
    client = guest(linked[1])
    round.refresh_from_db()
    path = f"/r/{linked[1]}/news/"
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["X-Revision"] == str(round.revision)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{path}?since={round.revision}").status_code == 304
    assert (
        count(lambda: client.get(f"{path}?since={round.revision}")) == 3
    )  # is there such a link, the link with its round, the guest
    actions.decide(by=dana, on=sent[0], verdict="approve")
    later = client.get(f"{path}?since={round.revision}")
    assert later.status_code == 200
    assert "review-news" in later.headers["HX-Trigger"]
    assert signed_in(pavel).get(f"/rounds/{round.code}/news/?since={round.revision + 1}").status_code == 304
