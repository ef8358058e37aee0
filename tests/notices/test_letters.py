"""Letters: at once, once a day, not at all; with what they hold, sent once, tried again where the server was away."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import threading

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from studio.models import Letter, LetterEvent, Notice
from studio.notices import actions, letters
from studio.notices.telling import next_digest
from studio.review import actions as review
from tests import makers

HOSTILE = "Ferry\r\nBcc: all@example.test\n\n<script>alert(1)</script> \u202egnp"


def states(letter):
    return list(LetterEvent.objects.filter(letter=letter).values_list("state", flat=True))


def test_it_writes_to_whoever_is_told(sent, tell, post, rosa, settings):
    tell()
    post()
    letter = next(one for one in mail.outbox if one.to == [rosa.email])
    assert letter.subject == "Pavel Novak sent Night ferry v1"
    assert f"{settings.PUBLIC_URL}/rounds/{sent.code}/" in letter.body
    html = letter.alternatives[0].content
    assert f'<a href="{settings.PUBLIC_URL}/rounds/{sent.code}/">Night ferry v1</a>' in html
    assert "img" not in html  # nothing is fetched, and this round's notice has no picture
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].startswith(f"<{settings.PUBLIC_URL}/stop/")
    assert states(Letter.objects.get(user=rosa)) == ["sending", "sent"]


def test_it_puts_a_small_picture_inside(sent, write, tell, post, mei, rosa, team):
    row = sent.panels.get(label="1A")
    row.image = makers.image(team)
    row.save()
    write(rosa, "@Mei the lamp is red.", on=row)
    tell()
    post()
    letter = next(one for one in mail.outbox if one.to == [mei.email])
    picture = letter.attachments[0]
    assert picture["Content-ID"] == "<picture>"
    assert picture.get_payload(decode=True)[:3] == b"\xff\xd8\xff"
    assert 'src="cid:picture"' in letter.alternatives[0].content
    assert letter.message().get_content_type() == "multipart/related"
    assert "http" not in re.sub(r'href="[^"]*"', "", letter.alternatives[0].content)


def test_it_gathers_what_comes_in_a_minute(sent, decide, tell, post, rosa, pavel):
    tell()
    for row in sent.panels.all():
        decide(rosa, "approve", on=row)
    tell()
    post()
    mine = [one for one in mail.outbox if one.to == [pavel.email]]
    assert [one.subject for one in mine] == ["Rosa Lind approved Night ferry 1A, and 1 more"]


def test_it_waits_for_the_morning_where_somebody_wants_it_so(sent, tell, rosa):
    actions.set_wishes(user=rosa, wanted={"round": (True, "daily")})
    tell()
    letter = Letter.objects.get(user=rosa)
    assert letter.sort == "digest"
    assert letter.due == next_digest(timezone.now())
    letters.run(letter.pk)
    assert not mail.outbox  # not before its time
    Letter.objects.filter(pk=letter.pk).update(due=timezone.now())
    letters.run(letter.pk)
    assert mail.outbox[0].subject == "1 thing since yesterday"


def test_it_knows_the_next_morning():
    at = timezone.make_aware(dt.datetime(2026, 11, 21, 7, 59))
    assert next_digest(at) == at.replace(hour=8, minute=0)
    assert next_digest(at.replace(hour=8, minute=0)) == at.replace(day=22, hour=8, minute=0)


def test_it_leaves_out_what_was_read_meanwhile(sent, tell, post, rosa, team):
    tell()
    actions.read_all(user=rosa, team=team)
    post()
    assert [one for one in mail.outbox if one.to == [rosa.email]] == []
    assert Letter.objects.get(user=rosa).state == "dropped"


def test_it_writes_to_nobody_who_has_left(sent, tell, post, rosa):
    tell()
    rosa.memberships.all().delete()
    post()
    assert [one for one in mail.outbox if one.to == [rosa.email]] == []


def test_it_keeps_hostile_names_out_of_headers(project, panels, pavel, rosa, tell, post):
    project.title = HOSTILE
    project.save()
    review.send_round(project=project, by=pavel, people=[rosa])
    tell()
    post()
    letter = next(one for one in mail.outbox if one.to == [rosa.email])
    assert "\n" not in letter.subject
    assert "Bcc" not in letter.message()
    assert "<script>" not in letter.alternatives[0].content


def test_it_tries_again_later_when_the_server_is_away(sent, tell, rosa, monkeypatch):
    tell()
    Letter.objects.exclude(user=rosa).delete()
    letter = Letter.objects.get()

    def away(*_, **__):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
    for n, pause in enumerate(letters.PAUSES, 1):
        Letter.objects.update(due=timezone.now())
        letters.run(letter.pk)
        letter.refresh_from_db()
        assert (letter.state, letter.tries) == ("waiting", n)
        assert abs((letter.due - timezone.now()).total_seconds() - pause) < 5
    Letter.objects.update(due=timezone.now())
    letters.run(letter.pk)
    letter.refresh_from_db()
    assert letter.state == "failed"
    assert letter.history.last().said == "The mail server does not answer."


def test_it_does_not_repeat_what_may_have_gone_out(sent, tell, rosa):
    tell()
    Letter.objects.update(due=timezone.now())
    letter = letters.claim(Letter.objects.get(user=rosa).pk)
    Letter.objects.filter(pk=letter.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert letters.lost() == 1
    letters.run(letter.pk)
    assert not mail.outbox
    assert states(letter) == ["sending", "unknown"]


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_send_one_letter(sent, rosa, tell):
    tell()
    Letter.objects.update(due=timezone.now())
    pk, gate = Letter.objects.get(user=rosa).pk, threading.Barrier(20)

    def work():
        gate.wait()
        try:
            letters.run(pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(mail.outbox) == 1
    assert states(Letter.objects.get(pk=pk)) == ["sending", "sent"]


def test_it_sends_a_client_the_way_in_and_forgets_it(sent, pavel, post, settings):
    link, token = review.make_link(round=sent, by=pavel, name="Dana", email="Dana@Client.test")
    letter = actions.tell_client(link=link, token=token, by=pavel)
    assert token not in letter.content_sealed
    assert actions.tell_client(link=link, token=token, by=pavel) == letter
    post()
    assert mail.outbox[-1].to == ["dana@client.test"]
    assert f"{settings.PUBLIC_URL}/r/{token}/" in mail.outbox[-1].body
    letter.refresh_from_db()
    assert (letter.state, letter.content_sealed) == ("sent", "")
    assert not Notice.objects.filter(user__email="dana@client.test").exists()


def test_it_sends_no_picture_that_the_link_itself_guards(sent, pavel, team):
    sent.panels.update(image=makers.image(team))
    link, token = review.make_link(round=sent, by=pavel, email="dana@client.test", password="open sesame")
    assert actions.tell_client(link=link, token=token, by=pavel).image is None
    link, token = review.make_link(round=sent, by=pavel, email="dana@client.test")
    assert actions.tell_client(link=link, token=token, by=pavel).image is not None


def test_it_writes_nothing_where_the_link_has_no_address(sent, pavel):
    link, token = review.make_link(round=sent, by=pavel)
    assert actions.tell_client(link=link, token=token, by=pavel) is None


def test_it_sends_no_way_in_that_was_closed_meanwhile(sent, pavel, post):
    link, token = review.make_link(round=sent, by=pavel, email="dana@client.test")
    letter = actions.tell_client(link=link, token=token, by=pavel)
    review.revoke_link(link=link, by=pavel)
    post()
    letter.refresh_from_db()
    assert (letter.state, letter.content_sealed, mail.outbox) == ("dropped", "", [])


def test_its_senders_see_what_became_of_it(sent, pavel, post, signed_in, settings):
    link, token = review.make_link(round=sent, by=pavel, email="dana@client.test")
    actions.tell_client(link=link, token=token, by=pavel)
    page = f"/rounds/{sent.code}/"
    assert b"By mail: not sent, no mail server is set." in signed_in(pavel).get(page).content
    settings.EMAIL_HOST = "mail.example.test"
    assert b"By mail: on its way." in signed_in(pavel).get(page).content
    post()
    assert b"By mail: sent." in signed_in(pavel).get(page).content


def test_a_new_address_is_a_new_letter(sent, pavel, post, signed_in):
    link, _ = review.make_link(round=sent, by=pavel, email="dana@client.test")
    for _ in range(2):
        assert signed_in(pavel).post(f"/links/{link.code}/again/").status_code == 200
    post()
    assert len(mail.outbox) == 2
    assert mail.outbox[0].body != mail.outbox[1].body
