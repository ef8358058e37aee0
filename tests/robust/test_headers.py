"""What hostile headers of the visitor do. What stands around every answer is asked with the matrix (tests/access/guards.py)."""

from __future__ import annotations

import re

import pytest

from tests.access.matrix import ROWS
from tests.access.test_matrix import Visitor
from tests.access.world import build
from tests.robust.hostile import TAG, harm

HOSTS = [
    "evil.test",
    "testserver.evil.test",
    "testserver@evil.test",
    "evil.test:80",
    "xn--80ak6aa92e.com",
    "[::1]",
    "0x7f000001",
]
FORMS = ["//{}", "///{}", "////{}/a", "/\\{}", "\\\\{}", "https://{}/", "http:{}", "https:///{}", "//{}/%2e%2e"]
NEXT = [form.format(host) for form in FORMS for host in HOSTS] + [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>", "vbscript:x",
    "\t//evil.test", " //evil.test", "\r\n//evil.test", "/\t/evil.test", "/\n/evil.test", "/%09/evil.test", "/%5cevil.test",
    "//evil.test\\@testserver", "http://testserver@evil.test", "https://testserver:pw@evil.test/", "http://[::1", "//",
    "ftp://testserver/", "blob:https://evil.test", "/" * 3_000, "//％65vil.test", "//evil。test", "file:///etc/passwd",
]  # fmt: skip


@pytest.fixture
def world(team, ada):
    return build(team, ada, "Wombat")


def test_it_keeps_no_page_in_a_shared_cache(settings):
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Lax")


def leads_home(answer):
    """As a browser reads it: the path of a host that is ours. A backslash is a slash, tabs and line ends are nothing."""
    to = re.sub(r"[\t\r\n]", "", answer.get("Location") or answer.get("HX-Redirect") or "/").strip().replace("\\", "/")
    return to.startswith("/") and not to.startswith("//")


@pytest.mark.django_db
def test_it_goes_on_only_within_the_studio(world, ada):
    """Every door that takes `next`, or a Referer, with every way of writing another host."""
    assert len(NEXT) >= 60
    rows = {row.name: row for row in ROWS}
    signed, nobody, wrong = Visitor(ada), Visitor(), []
    entering = {"login": ada.email, "password": "correct horse battery"}
    for turn, target in enumerate(NEXT):
        given = {"next": target}
        drawing = rows["panel_draw"].data(world) | given
        answers = [
            signed.ask(rows["sign_in"], world, "GET", query=given),
            signed.ask(rows["take_pick"], world, "POST", data=given)
            if turn % 2
            else signed.ask(rows["panel_draw"], world, "POST", data=drawing),
        ]
        if not turn % 4:
            answers.append(nobody.ask(rows["sign_in"], world, "POST", data=entering | given))
        if target.isprintable() and target.isascii():
            answers.append(signed.ask(rows["theme"], world, "POST", {"Referer": target}))
        for at, answer in enumerate(answers):
            if answer.status_code != 302 or not leads_home(answer):
                wrong.append(f"{at} {target!r}: {answer.status_code} {answer.get('Location')}")
        shown = nobody.ask(rows["sign_in"], world, "GET", query=given).body.decode()
        carried = re.search(r'name="next" value="([^"]*)"', shown)
        if carried and carried[1] and not re.match(r"/(?![/\\])", carried[1]):
            wrong.append(f"the form carries {target!r}")
    assert not wrong, "\n".join(wrong)


HEADERS = {
    "HX-Current-URL": ["http://[::1", "not an address", "x" * 9_000, "http://testserver/%ff", "javascript:x"],
    "HX-Target": ['"><b id=canary73>', "x" * 9_000, "inspector", "batch", "export", "%00"],
    "HX-Trigger": ['{"a"', "x" * 9_000],
    "HX-Boosted": ["true", "x"],
    "Referer": ["http://[::1", "//evil.test", "x" * 9_000, "http://testserver\\@evil.test/"],
    "User-Agent": ["", "x" * 9_000, '"><b id=canary73>', "Mozilla/5.0 (((((", "\u00ff\u00fe"],
    "Accept": ["", "text/plain;q=x", "*/*" * 3_000],
    "Accept-Language": ["x" * 9_000, "*;q=inf"],
    "If-None-Match": ["*", '"', "x" * 9_000],
    "If-Modified-Since": ["yesterday", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "Range": ["bytes=9-1", "bytes=" + "0-1," * 1_000, "x"],
    "X-Forwarded-For": ["not an address", "::1, 127.0.0.1, " * 200],
    "X-Forwarded-Proto": ["https", "x"],
    "Cookie": ["theme=%22%3E%3Cb%20id=canary73%3E", "folded=" + "a." * 5_000, "messages=x:y:z", "studio_csrf=x", "=;=;=", "studio_session=../../x"],
}  # fmt: skip


@pytest.mark.django_db
def test_it_answers_whatever_the_headers_say(world, ada):
    wrong, signed, nobody = [], Visitor(ada), Visitor()
    rows = {row.name: row for row in ROWS}
    asked = [("board", "GET", signed), ("team", "GET", signed), ("panel_field", "POST", signed), ("rendition", "GET", signed),
             ("theme", "POST", signed), ("sign_in", "GET", nobody), ("board", "GET", nobody), ("sign_in", "POST", nobody)]  # fmt: skip
    for header, values in HEADERS.items():
        for value in values:
            for name, method, visitor in asked:
                headers = {header: value} | ({"HX-Request": "true"} if header.startswith("HX-") else {})
                if header == "Cookie" and visitor is signed:
                    key = visitor.client.cookies.get("studio_session")
                    headers[header] = f"{value}; studio_session={key.value if key else ''}"
                answer = visitor.ask(rows[name], world, method, headers)
                if found := harm(answer):
                    wrong.append(f"{method} {name} {header}: {value[:60]!r}: {found}")
                if TAG in answer.get("Location", "") and "next" not in answer["Location"]:
                    wrong.append(f"{name} {header} leads to {answer['Location']}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_it_keeps_the_sign_in_of_any_browser(world, ada, client):
    """Signing in for real writes down the browser's name and address: however long or odd they are."""
    for agent in ("x" * 9_000, "\u00ff", '"><b id=canary73>'):
        client.logout()
        answer = client.post(
            "/sign-in/", {"login": ada.email, "password": "correct horse battery"}, headers={"User-Agent": agent}
        )
        assert answer.status_code == 302
        page = client.get("/team/", headers={"User-Agent": agent})
        assert page.status_code == 200
        assert b"<b id=canary73" not in page.content
