"""A link opens one round, as far as it says and as long as it says; every refusal is the same."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import Event, Guest, Round, ShareLink
from studio.review import actions
from studio.review.errors import Refused


def first(round):
    return round.panels.order_by("position").first()


def paths(token, round):
    code = first(round).code
    return [f"/r/{token}/", f"/r/{token}/panels/{code}/", f"/r/{token}/pictures/{code}/320/", f"/r/{token}/news/"]


def statuses(client, token, round):
    return {client.get(path).status_code for path in paths(token, round)}


def test_the_token_is_stored_as_a_hash(round, linked):
    link, token = linked
    assert len(token) == 43  # 256 bits
    link.refresh_from_db()
    assert token not in str(vars(link))
    assert re.fullmatch("[0-9a-f]{64}", link.token_hash)


def test_it_opens_thirty_days_to_the_end_of_the_day(linked):
    link, _ = linked
    last = timezone.localtime(link.expires)
    assert last.date() == timezone.localdate() + dt.timedelta(days=30)
    assert (last.hour, last.minute, last.second) == (23, 59, 59)


def test_a_named_link_is_asked_and_needs_no_name(round, linked, guest):
    link, token = linked
    assert link.asked.get().step == 2
    page = guest(token).get(paths(token, round)[1])
    assert page.status_code == 200
    assert link.guests.get().name == "Dana Okafor"


def test_the_door_counts_an_opening_and_leads_on(round, linked, guest):
    link, token = linked
    client = guest(token)
    link.refresh_from_db()
    assert (link.views, bool(link.last_viewed)) == (1, True)
    assert client.get(f"/r/{token}/").status_code == 302
    assert client.get(paths(token, round)[1]).status_code == 200
    link.refresh_from_db()
    assert link.views == 1
    assert Event.objects.filter(verb="link_opened").count() == 1


def test_a_deep_link_comes_in_by_the_door(round, linked):
    client, path = Client(), f"/r/{linked[1]}/panels/{round.panels.last().code}/"
    there = client.get(path, follow=True)
    assert there.status_code == 200
    assert there.redirect_chain[-1][0] == f"{path}?came=1"


def test_it_leads_nowhere_else(linked):
    _, token = linked
    for wanted in ("https://evil.example/", "//evil.example/", f"/r/{token}/panels/../../../team/", "/team/"):
        there = Client().get(f"/r/{token}/", {"next": wanted}).headers["Location"]
        assert there.startswith(f"/r/{token}/panels/"), there


def test_without_cookies_it_says_so(linked):
    _, token = linked
    page = Client().get(f"/r/{token}/?came=1")
    assert page.status_code == 422
    assert "keeps no cookies" in page.content.decode()


def test_every_answer_is_kept_nowhere(round, linked, guest):
    _, token = linked
    inside, outside = guest(token), Client()
    code = first(round).code
    asked = [*paths(token, round), f"/r/{token}/name/", f"/r/{token}/pictures/{code}/original/", "/r/wrong/"]
    for client in (inside, outside):
        for path in asked:
            for answer in (client.get(path), client.post(path)):
                where = f"{answer.status_code} {path}"
                assert answer.headers["Cache-Control"] == "no-store", where
                assert answer.headers["Referrer-Policy"] == "no-referrer", where
                assert "noindex" in answer.headers["X-Robots-Tag"], where


def bare(answer):
    """A page without its form token, which is another each time."""
    assert "does not open anything" in answer.content.decode()
    return re.sub(rb'"X-CSRFToken": "\w+"', b"", answer.content), sorted(answer.headers.items())


@pytest.mark.parametrize("why", ["unknown", "revoked", "expired", "used up", "withdrawn", "deleted", "cut"])
def test_every_refusal_is_the_same(round, linked, guest, pavel, why):
    link, token = linked
    client = guest(token)
    assert statuses(client, token, round) <= {200, 302}
    unknown = bare(Client().get("/r/" + "x" * 43 + "/"))
    if why == "unknown":
        token = "y" * 43
    elif why == "cut":
        token = token[:-1]
    elif why == "revoked":
        assert actions.revoke_link(link=link, by=pavel)
        assert not actions.revoke_link(link=link, by=pavel)
    elif why == "expired":
        ShareLink.objects.update(expires=timezone.now())
    elif why == "used up":
        ShareLink.objects.update(views_allowed=1)
        client = Client()
    elif why == "withdrawn":
        actions.withdraw_round(round=round, by=pavel)
    elif why == "deleted":
        round.project.deleted = timezone.now()
        round.project.save()
    assert statuses(client, token, round) == {404}
    assert bare(Client().get(f"/r/{token}/")) == unknown
    assert bare(client.get(f"/r/{token}/news/")) == unknown


def test_openings_are_counted_not_pictures(round, pavel):
    link, token = actions.make_link(round=round, by=pavel, name="Dana", views=2)
    for _ in range(2):
        client = Client()
        assert client.get(f"/r/{token}/").status_code == 302
        assert statuses(client, token, round) <= {200, 302}
    assert Client().get(f"/r/{token}/").status_code == 404
    assert client.get(paths(token, round)[1]).status_code == 200  # whoever is inside stays
    link.refresh_from_db()
    assert link.views == 2


def test_a_password(round, pavel):
    link, token = actions.make_link(round=round, by=pavel, name="Dana", password="open sesame")
    assert "open sesame" not in link.password
    client = Client()
    page = client.get(f"/r/{token}/")
    assert page.status_code == 200
    assert 'type="password"' in page.content.decode()
    assert {client.get(path).status_code for path in paths(token, round)[1:]} == {302}
    wrong = client.post(f"/r/{token}/", {"password": "open barley"})
    assert wrong.status_code == 422
    assert "That is not the password" in wrong.content.decode()
    assert "open barley" not in wrong.content.decode()
    assert client.get(f"/r/{token}/", {"password": "open sesame"}).status_code == 200  # never by address
    link.refresh_from_db()
    assert link.views == 0
    assert client.post(f"/r/{token}/", {"password": "open sesame"}).status_code == 302
    assert client.get(paths(token, round)[1]).status_code == 200


def test_a_new_address_ends_the_old_one(round, linked, guest, signed_in, pavel, outsider):
    link, token = linked
    inside = guest(token)
    assert signed_in(outsider).post(f"/links/{link.code}/again/").status_code == 404
    page = signed_in(pavel).post(f"/links/{link.code}/again/")
    assert page.headers["Cache-Control"] == "no-store"
    fresh = re.search(r"/r/([\w-]{43})/", page.content.decode())[1]
    assert fresh != token
    assert inside.get(f"/r/{token}/").status_code == 404
    assert guest(fresh).get(paths(fresh, round)[1]).status_code == 200


def test_an_open_link_asks_for_a_name_once(round, pavel, guest):
    link, token = actions.make_link(round=round, by=pavel)
    client = guest(token)
    assert client.post(f"/r/{token}/name/", {"name": "  "}).status_code == 422
    there = client.post(f"/r/{token}/name/", {"name": "Dana <b>Okafor</b>", "next": paths(token, round)[1]})
    assert there.headers["Location"] == paths(token, round)[1]
    cookie = there.cookies["studio_guest"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/r/{token}/", True, "Lax")
    assert Guest.objects.get(link=link).name == "Dana <b>Okafor</b>"
    client.post(f"/r/{token}/name/", {"name": "Somebody else"})
    assert Guest.objects.count() == 1
    assert guest(token).get(f"/r/{token}/name/").status_code == 200  # another browser is asked


def test_the_same_form_makes_one_link(round, pavel):
    key = uuid.uuid4()
    one, token = actions.make_link(round=round, by=pavel, key=key, name="Dana")
    other, none = actions.make_link(round=round, by=pavel, key=key, name="Dana")
    assert one == other
    assert token
    assert none == ""
    assert ShareLink.objects.count() == 1


def test_it_refuses_odd_days(round, pavel):
    for day in (timezone.localdate() - dt.timedelta(days=1), timezone.localdate() + dt.timedelta(days=400)):
        with pytest.raises(Refused, match="to a year from now"):
            actions.make_link(round=round, by=pavel, until=day)


def test_the_form_makes_a_link_and_the_list_shows_every_living_one(round, signed_in, pavel, mei, outsider):
    client, path = signed_in(pavel), f"/rounds/{round.code}/links/"
    assert signed_in(mei).get(path).status_code == 403
    assert signed_in(outsider).post(path).status_code == 404
    assert client.post(path, {"password": "short"}).status_code == 422
    made = client.post(path, {"name": "Dana", "email": "dana@example.test", "may_comment": "on", "views": "3"})
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    assert len(re.findall(r'value="[^"]*/r/[\w-]{43}/"', made.content.decode())) == 1
    link = ShareLink.objects.get()
    assert (link.may_comment, link.may_decide, link.may_download, link.views_allowed) == (True, False, False, 3)
    assert not link.asked.exists()  # whoever may not decide is not asked to
    client.post(path, {"name": ""})
    page = client.get(f"/rounds/{round.code}/").content.decode()
    for code in ShareLink.objects.values_list("code", flat=True):
        assert f"/links/{code}/revoke/" in page
    assert client.post(f"/links/{link.code}/revoke/").status_code == 302
    assert f"/links/{link.code}/revoke/" not in client.get(f"/rounds/{round.code}/").content.decode()
    assert [event.data["name"] for event in Event.objects.filter(verb="link_revoked")] == ["Dana"]


def test_all_links_revoked_nothing_opens(round, pavel):
    made = [actions.make_link(round=round, by=pavel, name=name) for name in ("Dana", "", "Ines")]
    clients = []
    for _, token in made:
        client = Client()
        client.get(f"/r/{token}/")
        clients.append(client)
    for link, _ in made:
        actions.revoke_link(link=link, by=pavel)
    for client, (_, token) in zip(clients, made, strict=True):
        assert statuses(client, token, round) == {404}


def test_a_closed_round_is_read_not_written(round, linked, guest, pavel, sent):
    _, token = linked
    client = guest(token)
    actions.close_round(round=round, by=pavel)
    assert client.get(paths(token, round)[1]).status_code == 200
    said = client.post(f"/r/{token}/decide/", {"panel": sent[0].code, "verdict": "approve"})
    assert said.status_code == 422
    assert "This review closed on" in said.content.decode()
    assert Round.objects.get().decisions.count() == 0


def test_forms_work_from_pages_that_send_no_referrer(round, linked):
    """Browsers then send `Origin: null`; whether it comes from us is in a header that pages cannot set."""
    _, token = linked
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/r/{token}/", follow=True)
    form = {"csrfmiddlewaretoken": page.context["csrf_token"], "panel": first(round).code, "verdict": "approve"}
    path = f"/r/{token}/decide/"
    null = {"Origin": "null"}
    assert client.post(path, form, headers={**null, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(path, form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(path, {**form, "csrfmiddlewaretoken": "x"}, headers=null).status_code == 403
    assert client.post(path, form, headers={**null, "Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert client.post(path, form, headers=null).status_code == 302
    assert client.post("/sign-in/", form, headers={**null, "Sec-Fetch-Site": "same-origin"}).status_code == 403
