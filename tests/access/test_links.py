"""Link roles: what somebody may who comes by a link, at every address under /r/, by every method; and what no byte may say."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from studio.board.actions import pick_take
from studio.models import Guest, Membership, Note, ShareLink, Take
from studio.review import actions
from tests import makers
from tests.access.test_matrix import routes

# Of every address under /r/: the methods it answers, and what it then asks of the link ("" for looking).
SHARED = {
    "door": {"GET": "", "POST": ""},
    "guest_name": {"GET": "", "POST": ""},
    "shared_panel": {"GET": ""},
    "shared_note_new": {"POST": "may_comment"},
    "shared_note_act": {"POST": "may_comment"},
    "shared_decide": {"POST": "may_decide"},
    "shared_again": {"POST": "may_comment"},
    "shared_news": {"GET": ""},
    "shared_picture": {"GET": ""},
    "shared_original": {"GET": "may_download"},
    "shared_compare": {"GET": "may_compare"},
    "shared_present": {"GET": ""},
    "shared_now": {"GET": ""},
}
NOTHING = dict.fromkeys(("may_comment", "may_decide", "may_download", "may_compare"), False)
ROLES = {
    "view": NOTHING,
    "comment": {**NOTHING, "may_comment": True},
    "decide": {**NOTHING, "may_comment": True, "may_decide": True},
    "all": dict.fromkeys(NOTHING, True),
}
SHUT = ["expired", "revoked", "used up", "withdrawn", "unknown", "wrong password", "no password"]
ANSWERED = {200, 204, 286, 302, 303, 304, 409, 422}
CANARY = "Kookaburra"


def shared():
    """Names of the routes that begin with r/."""
    return {entry.name: entry for entry in get_resolver().url_patterns if str(entry.pattern).startswith("r/")}


@pytest.fixture
def board(team, mei):
    """Two sent versions. Whatever a guest must not see bears the canary's name: prompts, notes for the team, costs, scenes' notes."""
    project = makers.project(team, "Night ferry")
    scene = makers.scene(project)
    panel = makers.panel(scene, action="She lifts the flask.", notes=f"{CANARY} notes of the board")
    makers.take(panel, makers.image(team, name=f"{CANARY}.png"), picked=True, drawn_by=mei, prompt=f"{CANARY} prompt")
    return project


@pytest.fixture
def world(board, pavel, mei, rosa, team):
    """v1, v2 and v3; links lead to v2."""
    panel = board.scenes.get().panels.get()
    rounds = []
    for n in range(3):
        rounds.append(
            actions.send_round(project=board, by=pavel, message="Please look." if n == 1 else f"{CANARY} of v{n + 1}")
        )
        pick_take(take=makers.take(panel, makers.image(team), drawn_by=mei, prompt=f"{CANARY} {n}"), by=mei)
    Take.objects.update(cost="0.4321")
    for round in rounds:  # all stay open, so that each could be written
        round.panels.update(state="review")
    type(rounds[0]).objects.filter(pk=rounds[2].pk).update(state="closed")
    type(rounds[0]).objects.filter(pk=rounds[1].pk).update(state="open")
    row = rounds[1].panels.get()
    Note.objects.create(round=rounds[1], on=row, user=rosa, name="Rosa", text=f"{CANARY} inside", internal=True)
    for other in (rounds[0], rounds[2]):
        inside = other == rounds[0]  # what was said of v1 before clients, and of v3, which nobody of them has seen
        on = other.panels.get()
        Note.objects.create(round=other, on=on, user=rosa, name="Rosa", text=f"{CANARY} elsewhere", internal=inside)
    return rounds


def link(round, by, **options):
    """Somebody's link, the row of a note of theirs, and a browser that is inside."""
    made, token = actions.make_link(round=round, by=by, name="Dana", **options)
    dana = made.guests.get()
    on = round.panels.get()
    note = Note.objects.create(round=round, on=on, guest=dana, name="Dana", text="The lamp is red.")
    browser = Client(raise_request_exception=False)
    browser.post(f"/r/{token}/", {"password": options.get("password", "")})
    return made, token, note, browser


def kwargs(entry, token, panel, note):
    values = {
        "token": token, "panel": panel.code, "note": note.code, "act": "resolve", "spec": "320", "code": panel.code,
    }  # fmt: skip
    return {name: values[name] for name in entry.pattern.converters}


def ask(browser, method, path, note):
    cache.clear()
    form = {"text": "A word.", "key": uuid.uuid4(), "panel": "", "verdict": "approve", "name": "Dana"}
    with transaction.atomic():
        answer = browser.post(path, form) if method == "POST" else browser.generic(method, path)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def test_it_knows_every_address_of_links():
    assert set(shared()) <= set(SHARED), "addresses under /r/ without a row here"
    assert set(shared()) <= set(routes())


@pytest.mark.parametrize("role", ROLES)
def test_a_link_lets_in_as_far_as_it_says(world, pavel, role):
    made, token, note, browser = link(world[1], pavel, **ROLES[role])
    ShareLink.objects.create(round=world[0], name="Dana", token_hash="1", expires=timezone.now())  # v1 went to her too
    wrong = []
    for name, entry in shared().items():
        path = reverse(name, kwargs=kwargs(entry, token, world[1].panels.get(), note))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            asked = SHARED[name].get(method)
            answer = ask(browser, method, path, note)
            if asked is None:
                fine = answer.status_code == 405
            elif asked and not getattr(made, asked):
                fine = answer.status_code in {403, 404}
            else:
                fine = answer.status_code in ANSWERED
            if not fine:
                wrong.append(f"{method} {name}: {answer.status_code}")
            if answer.headers["Cache-Control"] != "no-store" or answer.headers["Referrer-Policy"] != "no-referrer":
                wrong.append(f"{method} {name}: kept or told")
            if CANARY.encode() in answer.body or b"0.43" in answer.body:
                wrong.append(f"{method} {name} says too much")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("why", SHUT)
def test_a_link_that_is_shut_opens_nothing(world, pavel, why, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "wrong_review_link": "9999/m/ip"}
    secret = {"password": "open sesame"} if "password" in why else {}
    made, token, note, browser = link(world[1], pavel, **secret)
    if why == "expired":
        ShareLink.objects.filter(pk=made.pk).update(expires=timezone.now())
    elif why == "revoked":
        actions.revoke_link(link=made, by=pavel)
    elif why == "used up":
        ShareLink.objects.filter(pk=made.pk).update(views_allowed=1)
        browser = Client()
    elif why == "withdrawn":
        actions.withdraw_round(round=world[1], by=pavel)
    elif why == "unknown":
        token = "x" * 43
    elif why == "wrong password":
        browser = Client()
        browser.post(f"/r/{token}/", {"password": "open barley"})
    elif why == "no password":
        browser = Client()
    closed, wrong = {200, 302, 422} if secret else {404}, []
    for name, entry in shared().items():
        path = reverse(name, kwargs=kwargs(entry, token, world[1].panels.get(), note))
        for method in SHARED[name]:
            answer = ask(browser, method, path, note)
            if answer.status_code not in closed:
                wrong.append(f"{method} {name}: {answer.status_code}")
            if answer.status_code == 302 and not answer.headers["Location"].startswith(f"/r/{token}/?"):
                wrong.append(f"{method} {name} leads to {answer.headers['Location']}")
            if b"flask" in answer.body or b"lamp" in answer.body or "image" in answer.headers.get("Content-Type", ""):
                wrong.append(f"{method} {name} shows what is behind the door")
    assert not wrong, "\n".join(wrong)


def test_compare_reaches_what_was_sent_to_the_same_person(world, pavel):
    """v1 went to the team alone: a link into v2 shows nothing of it, though it may compare. Then it went to Dana too."""
    _, token, _, browser = link(world[1], pavel)
    before = world[0].panels.get()
    assert browser.get(f"/r/{token}/pictures/{before.code}/320/").status_code == 404
    ShareLink.objects.create(round=world[0], name="Ines", token_hash="1", expires=timezone.now())
    assert browser.get(f"/r/{token}/pictures/{before.code}/320/").status_code == 404
    ShareLink.objects.create(round=world[0], name="dana", token_hash="2", expires=timezone.now())
    assert browser.get(f"/r/{token}/pictures/{before.code}/320/").status_code == 200


def test_a_link_of_another_round_opens_nothing_of_this_one(world, pavel):
    """Every panel, note and picture of v2 through a link of v3 that may not compare, and through one of v1."""
    for other in (world[0], world[2]):
        type(other).objects.filter(state="open").update(state="replaced")
        type(other).objects.filter(pk=other.pk).update(state="open")
        other.refresh_from_db()
        _, token, _, browser = link(other, pavel, may_compare=False)
        row = world[1].panels.get()
        note = Note.objects.filter(round=world[1]).first()
        wrong = []
        for name, entry in shared().items():
            if not {"panel", "note"} & set(entry.pattern.converters):
                continue
            path = reverse(name, kwargs=kwargs(entry, token, row, note))
            for method in SHARED[name]:
                answer = ask(browser, method, path, note)
                if answer.status_code != 404:
                    wrong.append(f"{method} {name}: {answer.status_code}")
        assert not wrong, "\n".join(wrong)
        type(other).objects.filter(pk=other.pk).update(state="replaced")


def test_a_decision_names_no_panel_of_another_round(world, pavel):
    _, token, _, browser = link(world[1], pavel)
    for other in (world[0], world[2]):
        answer = browser.post(f"/r/{token}/decide/", {"panel": other.panels.get().code, "verdict": "approve"})
        assert answer.status_code == 404


def test_a_guest_touches_no_note_of_somebody_else(world, pavel, rosa):
    _, token, _, browser = link(world[1], pavel)
    theirs = Note.objects.create(round=world[1], on=world[1].panels.get(), user=rosa, name="Rosa", text="Mine.")
    inside = Note.objects.get(round=world[1], internal=True)
    for act in ("edit", "delete", "waive", "hold"):
        assert browser.post(f"/r/{token}/notes/{theirs.code}/{act}/", {"text": "Not mine."}).status_code in {403, 422}
        assert browser.post(f"/r/{token}/notes/{inside.code}/{act}/", {"text": "Not mine."}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.text, theirs.deleted, theirs.waived) == ("Mine.", None, None)


def test_pages_name_no_code_of_the_team(world, pavel):
    """Neither takes nor panels nor pictures nor people by the names that the team's addresses use."""
    _, token, note, browser = link(world[1], pavel)
    row = world[1].panels.get()
    secret = [row.panel.code, row.image.key, world[1].project.code, world[1].code, pavel.email]
    secret += list(Take.objects.values_list("code", flat=True))
    for name, entry in shared().items():
        if "GET" not in SHARED[name]:
            continue
        body = ask(browser, "GET", reverse(name, kwargs=kwargs(entry, token, row, note)), note).body.decode(
            errors="replace"
        )
        assert not [word for word in secret if word in body], name


def test_an_ex_member_has_what_a_link_gives_and_no_more(world, pavel, mei):
    Membership.objects.filter(user=mei).delete()
    _, token, _, browser = link(world[1], pavel)
    browser.force_login(mei)
    row = world[1].panels.get()
    assert browser.get(f"/r/{token}/panels/{row.code}/").status_code == 200
    assert CANARY.encode() not in browser.get(f"/r/{token}/panels/{row.code}/").content
    for path in (
        f"/rounds/{world[1].code}/",
        f"/rounds/{world[1].code}/panels/{row.code}/",
        f"/media/{row.image.key}/320/",
    ):
        assert browser.get(path).status_code == 404


def test_the_canary_sings(world, signed_in, rosa):
    """The control: what guests must not see is there to be found by the team."""
    row = world[1].panels.get()
    assert CANARY in signed_in(rosa).get(f"/rounds/{world[1].code}/panels/{row.code}/").content.decode()
    assert Guest.objects.count() == 0
