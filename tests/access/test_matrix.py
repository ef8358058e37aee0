"""Every address × every role × every method, built from the URL resolver. A route without a row fails."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from studio.accounts.rights import Right, allows
from studio.models import Membership, User
from tests.access.guards import unguarded
from tests.access.matrix import OBJECT, OPEN, OWN, ROWS
from tests.access.world import OURS, THEIRS

ROLES = {"owner": "ada", "producer": "pavel", "artist": "mei", "reviewer": "rosa", "viewer": "viktor"}
ANSWERED = {200, 204, 286, 302, 303, 304, 409, 422}


def routes(patterns=None):
    """Every name in the resolver; an unnamed route shows as its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            yield entry.name or f"unnamed {entry.pattern}"


@pytest.fixture
def world(houses):
    return houses.ours


class Visitor:
    """Asks each address anew, as somebody who is signed in or not, and undoes whatever the answer changed."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        self.session = 0
        if user:
            self.client.force_login(user)
            User.objects.filter(pk=user.pk).update(last_seen=timezone.now())  # or each answer would note it anew
            key = self.client.session.session_key
            self.session = UserSession.objects.create(user=user, ip="127.0.0.1", session_key=key).pk
        self.cookies = self.client.cookies.output()

    def ask(self, row, world, method, headers=None, *, data=None, query=None, look=lambda: None):
        """`look` is called before what the request changed is undone."""
        client = self.client  # one for all: each would load the middleware anew
        client.cookies = SimpleCookie(self.cookies.replace("Set-Cookie: ", ""))
        world.session = self.session
        path = reverse(row.name, kwargs=row.kwargs(world))
        cache.clear()
        with transaction.atomic():
            if method == "POST":
                answer = client.post(path, row.data(world) if data is None else data, headers=headers)
            else:
                answer = client.get(path, row.query(world) if query is None else query, headers=headers)
            answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            look()
            transaction.set_rollback(True)
        return answer


def calls(row):
    return [(method, right) for method, right in (("GET", row.get), ("POST", row.post)) if right]


def why(row, method, answer, wanted):
    reason = f" {answer.exc_info[1]!r}" if getattr(answer, "exc_info", None) else ""
    where = f" to {answer['Location']}" if answer.has_header("Location") else ""
    return f"{method} {row.name}: {answer.status_code}{where}, wanted {wanted}{reason}"


def test_it_has_a_row_for_every_route():
    named = set(routes())
    rows = [row.name for row in ROWS]
    assert len(rows) == len(set(rows))
    assert named - set(rows) == set(), "routes without a row in tests/access/matrix.py"
    assert set(rows) - named == set(), "rows without a route"


@pytest.mark.parametrize("role", ROLES)
def test_it_asks_members_for_the_right(houses, world, role):
    """Whoever may gets an answer, the others 403; no answer names another team, and each has what stands around every answer."""
    visitor, wrong = Visitor(getattr(houses, ROLES[role])), []
    for row in ROWS:
        for method, right in calls(row):
            answer = visitor.ask(row, world, method)
            free = (row.door in {OPEN, OWN} or allows(role, right)) and role == (row.only or role)
            if (answer.status_code not in ANSWERED) if free else (answer.status_code != 403):
                wrong.append(why(row, method, answer, "an answer" if free else 403))
            if THEIRS.lower().encode() in answer.body.lower():
                wrong.append(f"{method} {row.name} names another team")
            wrong += unguarded(row, method, answer, signed=True)
    assert not wrong, "\n".join(wrong)


def test_it_answers_no_method_without_a_row(houses, world):
    visitors, wrong = {True: Visitor(houses.ada), False: Visitor()}, []
    for row in ROWS:
        for method in {"GET", "POST"} - {method for method, _ in calls(row)}:
            for signed, visitor in visitors.items():
                answer = visitor.ask(row, world, method)
                if answer.status_code != 405:
                    wrong.append(why(row, method, answer, 405))
                wrong += unguarded(row, method, answer, signed=signed)
    assert not wrong, "\n".join(wrong)


def test_it_sends_visitors_to_the_door(world):
    visitor, wrong = Visitor(), []
    for row in ROWS:
        for method, _ in calls(row):
            answer = visitor.ask(row, world, method)
            if row.door == OPEN:
                if answer.status_code not in ANSWERED:
                    wrong.append(why(row, method, answer, "an answer"))
            elif answer.status_code != 302 or not answer["Location"].startswith("/sign-in/?next="):
                wrong.append(why(row, method, answer, "the sign-in page"))
            wrong += unguarded(row, method, answer, signed=False)
    assert not wrong, "\n".join(wrong)


def test_it_hides_everything_from_strangers(houses, world):
    """An owner of another team: 404 for every object of ours; on their own team they work as they like."""
    visitor, wrong = Visitor(houses.outsider), []
    for row in ROWS:
        for method, _ in calls(row):
            answer = visitor.ask(row, world, method)
            if (answer.status_code != 404) if row.door == OBJECT else (answer.status_code not in ANSWERED):
                wrong.append(why(row, method, answer, 404 if row.door == OBJECT else "an answer"))
            if OURS in answer.body.decode(errors="replace") and row.door != OPEN:
                wrong.append(f"{method} {row.name} tells a stranger our names")
    assert not wrong, "\n".join(wrong)


def test_it_forgets_a_member_who_was_removed(houses, world):
    visitor, wrong = Visitor(houses.mei), []
    Membership.objects.filter(user=houses.mei, team=houses.team).delete()
    for row in ROWS:
        if row.door != OBJECT:
            continue
        for method, _ in calls(row):
            answer = visitor.ask(row, world, method)
            if answer.status_code != 404:
                wrong.append(why(row, method, answer, 404))
    assert not wrong, "\n".join(wrong)


def test_it_never_mixes_teams(houses, world):
    """Names of another team stand in no part of a page of ours, nor in a page (above); asked by their owner, they are findable."""
    ours, other, leaks, seen = Visitor(houses.ada), Visitor(houses.outsider), [], 0
    for row in ROWS:
        if not row.get or row.door == OPEN:
            continue
        if THEIRS.lower().encode() in ours.ask(row, world, "GET", {"HX-Request": "true"}).body.lower():
            leaks.append(row.name)
        seen += THEIRS.encode() in other.ask(row, houses.theirs, "GET").body
    assert not leaks
    assert seen > 30


@pytest.mark.parametrize("right", Right)
def test_it_knows_who_may(right):
    """The table the matrix rests on, said once more by hand."""
    holders = {
        Right.SEE: {"owner", "producer", "artist", "reviewer", "viewer"},
        Right.NOTE: {"owner", "producer", "artist", "reviewer"},
        Right.DRAW: {"owner", "producer", "artist"},
        Right.PRODUCE: {"owner", "producer"},
        Right.DELETE: {"owner", "producer"},
        Right.ADMIN: {"owner"},
    }
    assert {role for role in ROLES if allows(role, right)} == holders[right]
