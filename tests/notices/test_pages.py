"""The page of notices, the ways of being told, and the way out of letters."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.models import NoLetters, Notice, Wish
from studio.notices import actions, stopping, wishes
from studio.review import actions as review
from tests import makers


def path(stop):
    return "/" + stop.split("/", 3)[3]


def test_it_shows_what_i_was_told_and_reads_it_by_opening(signed_in, team, ada, pavel):
    row = makers.notice(team, ada, what="Night <ferry>", path="/projects/")
    makers.notice(team, pavel, what="Not for Ada")
    client = signed_in(ada)
    page = client.get("/notices/").content.decode()
    assert "Night &lt;ferry&gt;" in page
    assert "Not for Ada" not in page
    assert "1 unread" in page
    answer = client.get(f"/notices/{row.code}/")
    assert (answer.status_code, answer["Location"]) == (302, "/projects/")
    assert "0 unread" in client.get("/notices/").content.decode()


def test_it_counts_beside_the_name_of_the_page(signed_in, team, ada):
    makers.notice(team, ada)
    project = makers.project(team)
    assert "Notices, 1 unread" in signed_in(ada).get(f"/projects/{project.code}/").content.decode()
    assert (
        '<span class="count">1<span class="visually-hidden"> unread'
        in signed_in(ada).get("/projects/").content.decode()
    )


def test_it_leads_nowhere_else(signed_in, team, ada):
    row = makers.notice(team, ada, path="//evil.test/")
    assert signed_in(ada).get(f"/notices/{row.code}/")["Location"] == "/notices/"


def test_it_is_nobody_elses(signed_in, team, ada, pavel, outsider):
    row = makers.notice(team, ada)
    assert signed_in(pavel).get(f"/notices/{row.code}/").status_code == 403
    assert signed_in(outsider).get(f"/notices/{row.code}/").status_code == 404
    assert Notice.objects.get().read is None


def test_it_hides_the_notices_of_a_team_i_left(signed_in, team, ada, outsider):
    makers.notice(team, outsider, what="Canary")
    assert b"Canary" not in signed_in(outsider).get("/notices/").content


def test_it_keeps_how_i_want_to_be_told(signed_in, rosa):
    client = signed_in(rosa)
    form = {"here-round": "on", "mail-round": "daily", "mail-mention": "off", "mail-due": "never"}
    assert client.post("/notices/ways/", form).status_code == 302
    ways = wishes.of(rosa)
    assert (ways["round"], ways["mention"]) == (wishes.Way(True, "daily"), wishes.Way(False, "off"))
    assert ways["due"] == wishes.default("due")
    assert client.post("/notices/ways/", form, headers={"HX-Request": "true"}).status_code == 204
    assert Wish.objects.count() == 2


def test_it_offers_owners_what_only_they_are_told(signed_in, ada, rosa):
    assert b"An engine pauses" in signed_in(ada).get("/notices/").content
    assert b"An engine pauses" not in signed_in(rosa).get("/notices/").content


def test_a_letter_ends_letters_with_one_press_and_no_account(sent, tell, post, rosa):
    tell()
    post()
    address = next(one for one in mail.outbox if one.to == [rosa.email]).extra_headers["List-Unsubscribe"].strip("<>")
    visitor = Client(enforce_csrf_checks=True)
    assert b"End them" in visitor.get(path(address)).content
    assert wishes.of(rosa)["round"].mail == "now"  # looking at it ends nothing
    assert visitor.post(path(address), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes.of(rosa)["round"] == wishes.Way(True, "off")
    assert wishes.of(rosa)["mention"].mail == "now"


def test_a_client_can_end_letters_too(sent, pavel, post):
    link, token = review.make_link(round=sent, by=pavel, email="dana@client.test")
    actions.tell_client(link=link, token=token, by=pavel)
    post()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    Client().post(path(address))
    assert NoLetters.objects.get().email == "dana@client.test"
    again, token = review.make_link(round=sent, by=pavel, email="dana@client.test")
    letter = actions.tell_client(link=again, token=token, by=pavel)
    assert (letter.state, letter.content_sealed) == ("dropped", "")
    post()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "%00", "x" * 4000])
def test_it_knows_no_address_that_it_did_not_write(db, token):
    assert Client().get(f"/stop/{token}/").status_code == 404
    assert Client().post(f"/stop/{token}/").status_code == 404


def test_an_address_ends_only_what_it_was_written_for(rosa, mei):
    made = stopping.address(user=rosa.pk, kinds=["round", "no such kind"])
    assert stopping.read(made.split("/")[-2]) == stopping.Stop(rosa.pk, ("round",), "")


def test_it_asks_the_database_no_more_for_many_notices(signed_in, team, ada, pavel):
    client = signed_in(ada)
    makers.notice(team, ada, image=makers.bare_image(team))
    client.get("/notices/")
    with CaptureQueriesContext(connection) as few:
        client.get("/notices/")
    for _ in range(15):
        makers.notice(team, ada, image=makers.bare_image(team), actor=pavel)
    with CaptureQueriesContext(connection) as many:
        client.get("/notices/")
    assert len(many) == len(few)


def test_it_says_many_decisions_in_one_line_and_reads_them_together(signed_in, sent, decide, tell, rosa, pavel):
    for row in sent.panels.order_by("position"):
        decide(rosa, "approve", on=row)
    tell()
    client = signed_in(pavel)
    page = client.get("/notices/").content.decode()
    assert "Night ferry 1A, 1B</a>" in page
    assert page.count('href="/notices/') == page.count('href="/notices/"') + 1
    newest = Notice.objects.filter(user=pavel).order_by("-pk").first()
    client.get(f"/notices/{newest.code}/")
    assert not Notice.objects.filter(user=pavel, read=None).exists()


def test_it_reads_no_more_than_what_was_in_the_line(signed_in, team, ada):
    first = makers.notice(team, ada, who="Mei Tan", did="wrote on", quote="A", what="Night ferry 1A")
    makers.notice(team, ada, who="Mei Tan", did="wrote on", quote="B", what="Night ferry 1A")
    signed_in(ada).get(f"/notices/{first.code}/")
    assert [row.read is None for row in Notice.objects.order_by("pk")] == [False, True]
