"""Hostile values in every field of every form and every query string: a plain answer, never a fault, never an echo.

Usually each field gets some of the values in turn; with STUDIO_THOROUGH=1 each gets them all, which takes minutes.
"""

from __future__ import annotations

import os
import uuid
from itertools import cycle, islice

import pytest
from django.urls import reverse

from tests.access.matrix import OPEN, ROWS
from tests.access.test_matrix import Visitor
from tests.access.world import build
from tests.robust.hostile import RAW, TEXTS, fields_read, harm, log_lines

THOROUGH = bool(os.environ.get("STUDIO_THOROUGH"))
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
LATER = {"undo", "page", "batch", "view", "add", "detail", "kind", "sort", "take", "takes", "q", "next", "order", "version",
         "panel", "panels", "scene", "show", "since", "chosen", "outfit", "a", "b", "surround", "key", "missing", "size"}  # fmt: skip
POSTS = [row for row in ROWS if row.post]
GETS = [row for row in ROWS if row.get]


@pytest.fixture
def world(team, ada, mei):
    return build(team, ada, "Wombat")


@pytest.fixture
def visitor(ada):
    return Visitor(ada)


def who(row, signed, nobody):
    return nobody if row.door == OPEN and row.name != "theme" else signed


def ask(visitor, row, world, method, **more):
    with_htmx = more.pop("with_htmx", False)
    return visitor.ask(row, world, method, HTMX if with_htmx else None, **more)


def names_of(visitor, row, world, method):
    """The fields a route reads: those of its valid form, and all it was seen to ask for, twice over where it asked for more."""
    start = dict(row.data(world) if method == "POST" else row.query(world))
    with fields_read() as seen:
        ask(visitor, row, world, method)
        if more := dict.fromkeys(seen - set(start) - UNASKED, "x"):
            ask(visitor, row, world, method, **{"data" if method == "POST" else "query": more | start})
    return sorted((seen | set(start)) - UNASKED)


UNASKED = {"csrfmiddlewaretoken", "file", ""}
VALUES = cycle(TEXTS)


def plans(names, least):
    """(field, value name): each field with the values whose turn it is; thoroughly each value in each field."""
    if THOROUGH:
        return [(name, kind) for name in names for kind in TEXTS]
    fields = cycle(names)
    return [(next(fields), next(VALUES)) for _ in range(max(len(names), least))] if names else []


@pytest.mark.django_db
def test_it_answers_every_form_whatever_stands_in_it(world, visitor):
    wrong, nobody, asked = [], Visitor(), 0
    with log_lines() as lines:
        for row in POSTS:
            one = who(row, visitor, nobody)
            names = names_of(one, row, world, "POST")
            for turn, (name, kind) in enumerate(plans(names, 4)):
                data = dict(row.data(world)) | {name: TEXTS[kind]}
                answer = ask(one, row, world, "POST", data=data, with_htmx=bool(turn % 2))
                asked += 1
                if found := harm(answer):
                    wrong.append(f"{row.name} {name}={kind}: {found}")
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong)
    assert asked > 250
    assert [line for line in lines if len(line.splitlines()) > 1] == []


@pytest.mark.django_db
def test_it_answers_forms_that_are_no_forms(world, visitor):
    """Other content types, broken bodies, bytes that are no text, fields twice, none at all."""
    wrong, nobody = [], Visitor()
    world.session = visitor.session
    for at, row in enumerate(POSTS):
        one = who(row, visitor, nobody)
        path = reverse(row.name, kwargs=row.kwargs(world))
        given = {name: str(value) for name, value in row.data(world).items() if isinstance(value, str | int)}
        first = next(iter(given), "x")
        bodies = [
            (b"", "application/x-www-form-urlencoded"),
            (b"{not json", "application/json"),
            (b'{"a": 1}', "application/json"),
            (b"x", "multipart/form-data"),
            (b"--a\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=a"),
            (b"x", "multipart/form-data; boundary=" + "b" * 300),
            (f"{first}=x".encode(), "application/x-www-form-urlencoded; charset=utf-7"),
            (f'--a\r\nContent-Disposition: form-data; name="{first}"\r\n\r\nx\r\n--a--\r\n'.encode(),
             "multipart/form-data; boundary=a; charset=rot13"),
            (f'--a\r\nContent-Disposition: form-data; name="{first}"\r\n\r\nx\r\n--a--\r\n'.encode(),
             "multipart/form-data; boundary=a; charset=idna"),
            (b"&".join(b"%s=%s" % (first.encode(), str(n).encode()) for n in range(3)), "application/x-www-form-urlencoded"),
            (b"&".join(b"f%d=" % n for n in range(2_100)), "application/x-www-form-urlencoded"),
            *((b"%s=%s" % (first.encode(), raw), "application/x-www-form-urlencoded") for raw in RAW.values()),
        ]  # fmt: skip
        for body, kind in bodies if THOROUGH else [bodies[(at + turn) % len(bodies)] for turn in range(6)]:
            answer = raw(one, path, body, kind)
            if found := harm(answer):
                wrong.append(f"{row.name} {kind} {body[:40]!r}: {found}")
    assert not wrong, "\n".join(wrong)


def raw(visitor, path, body, content_type):
    from django.core.cache import cache
    from django.db import transaction

    cache.clear()
    with transaction.atomic():
        answer = visitor.client.generic("POST", path, body, content_type)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db
def test_it_answers_every_address_whatever_is_asked_of_it(world, visitor):
    wrong, nobody, asked = [], Visitor(), 0
    for row in GETS:
        one = who(row, visitor, nobody)
        names = sorted(set(names_of(one, row, world, "GET")) | (LATER if THOROUGH else set()))
        for turn, (name, kind) in enumerate(plans(names, 4)):
            query = dict(row.query(world)) | {name: TEXTS[kind]}
            answer = ask(one, row, world, "GET", query=query, with_htmx=bool(turn % 2))
            asked += 1
            if found := harm(answer):
                wrong.append(f"{row.name} ?{name}={kind}: {found}")
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong)
    assert asked > 80


@pytest.mark.django_db
def test_it_answers_addresses_that_name_nothing(world, visitor):
    """Codes that cannot be: 404 each time, no fault on either database, and one line in the log."""
    wrong, world.session = [], visitor.session
    with log_lines() as lines:
        for path, row in nowhere(world):
            for method in ("get", "post") if THOROUGH or "%00" in path else ("get",):
                answer = raw_get(visitor, path, method)
                if (answer.status_code not in {404, 405} and row.door != OPEN) or harm(answer):
                    wrong.append(f"{method} {path[:80]}: {answer.status_code} {harm(answer)}")
    assert not wrong, "\n".join(wrong)
    assert len(lines) > 100
    assert [line for line in lines if len(line.splitlines()) > 1] == []


def nowhere(world):
    """(path, row): every address with its code or number replaced by what can be none; three of the codes in turn."""
    codes = cycle(["%FF", "..%2F..", "a" * 3_000, "%E2%80%AE", "'", "%0D%0AX: y"])
    for row in ROWS:
        kwargs = row.kwargs(world)
        for key in kwargs:
            some = ["%00", *islice(codes, 6 if THOROUGH else 2)]
            stand_in, bad = (987654321, [2**63, 10**40]) if key == "pk" else ("zqzq", some)
            stand_in = uuid.UUID(int=7) if isinstance(kwargs[key], uuid.UUID) else stand_in
            path = reverse(row.name, kwargs=kwargs | {key: stand_in})
            for value in bad:
                yield path.replace(str(stand_in), str(value)), row


def raw_get(visitor, path, method):
    answer = getattr(visitor.client, method)(path)
    answer.body = answer.content
    return answer
