"""A closed round stays as it was signed; whoever was asked can ask the sender, once, to go on with it."""

from __future__ import annotations

import pytest

from studio.accounts.models import Event
from studio.models import Notice, Plea
from studio.notices import telling
from studio.review import actions
from studio.review.errors import Refused


@pytest.fixture
def closed(round, linked, pavel):
    return actions.close_round(round=round, by=pavel)


def page(closed, base=""):
    return f"{base or f'/rounds/{closed.code}/'}panels/{closed.panels.first().code}/"


def test_a_guest_asks_once_and_the_sender_hears(closed, linked, guest, pavel, mei):
    base = f"/r/{linked[1]}/"
    client, signed = guest(linked[1]), closed.signed
    assert "Ask to go on" in client.get(page(closed, base)).content.decode()
    for _ in range(2):
        answer = client.post(f"{base}again/", {"text": "The <i>lamp</i>.", "seen": closed.panels.first().code})
        assert answer.url == page(closed, base)
    shown = client.get(answer.url).content.decode()
    assert "You asked to go on" in shown
    assert "Ask to go on" not in shown
    plea = Plea.objects.get()
    assert (plea.name, plea.text, plea.by) == ("Dana Okafor", "The <i>lamp</i>.", f"guest:{linked[0].guests.get().pk}")
    closed.refresh_from_db()
    assert (closed.state, closed.signed) == ("closed", signed)
    telling.tell(Event.objects.get(verb="reopen_asked"))
    notice = Notice.objects.get()  # mei drew the pictures and hears nothing: she could do nothing about it
    assert (notice.user, notice.who, notice.did, notice.quote) == (
        pavel, "Dana Okafor", "asks to go on with", "The <i>lamp</i>.",
    )  # fmt: skip
    assert notice.path == f"/rounds/{closed.code}/"


def test_the_team_sees_who_asks_and_what_answers(signed_in, closed, rosa, pavel, project):
    client = signed_in(rosa)
    assert "Ask to go on" in client.get(page(closed)).content.decode()
    client.post(f"/rounds/{closed.code}/again/", {"text": "<b>2B</b>"})
    shown = signed_in(pavel).get(f"/rounds/{closed.code}/").content.decode()
    assert "1 person asks to go on with v1" in shown
    assert "&lt;b&gt;2B&lt;/b&gt;" in shown
    assert "Send the next version" in shown
    assert "Ask to go on" not in signed_in(pavel).get(page(closed)).content.decode()  # a producer sends it
    actions.send_round(project=project, by=pavel)
    assert "v2 was sent since" in signed_in(pavel).get(f"/rounds/{closed.code}/").content.decode()
    assert "v2 was sent since" in signed_in(rosa).get(page(closed)).content.decode()


def test_a_guest_learns_of_no_newer_version(closed, linked, guest, project, pavel):
    client = guest(linked[1])
    actions.send_round(project=project, by=pavel)
    shown = client.get(page(closed, f"/r/{linked[1]}/")).content.decode()
    assert "v2" not in shown
    assert "Ask to go on" in shown


def test_nobody_asks_who_may_only_look_or_has_no_name_or_where_it_is_open(
    round, link_to, pavel, guest, signed_in, rosa
):
    assert signed_in(rosa).post(f"/rounds/{round.code}/again/").status_code == 422
    _, looks = link_to(round, pavel, name="Ines", may_comment=False, may_decide=False)
    _, nameless = link_to(round, pavel)
    browsers = [(guest(looks), looks), (guest(nameless), nameless)]
    actions.close_round(round=round, by=pavel)
    for client, token in browsers:
        assert "Ask to go on" not in client.get(page(round, f"/r/{token}/")).content.decode()
    assert [client.post(f"/r/{token}/again/").status_code for client, token in browsers] == [403, 422]
    assert not Plea.objects.exists()


def test_what_was_typed_comes_back_where_it_is_too_long(closed, linked, guest):
    client = guest(linked[1])
    answer = client.post(f"/r/{linked[1]}/again/", {"text": "long " * 300})
    assert answer.status_code == 422
    assert "A reason holds 1,000 characters" in answer.content.decode()
    assert "long long" in answer.content.decode()


def test_a_withdrawn_round_is_not_asked_about(round, pavel, reviewer, rosa):
    gone = actions.withdraw_round(round=round, by=pavel)
    with pytest.raises(Refused, match="withdrawn"):
        actions.ask_again(by=reviewer(rosa, gone))
