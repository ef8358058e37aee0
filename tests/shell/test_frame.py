"""What every answer gets, and the table of keys."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.urls import reverse

from studio.views import keys
from studio.views.middleware import StudioMiddleware
from tests import makers


def test_it_sends_a_page_after_a_redirect_by_htmx(team, pavel, signed_in):
    project = makers.project(team)
    answer = signed_in(pavel, HX_Request="true").post(reverse("project_delete", args=[project.code]))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("projects"))


def test_it_refreshes_where_only_the_fragment_differs(rf):
    request = rf.post("/x/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/projects/a/"})
    request.htmx = type("Htmx", (), {"current_url": "http://testserver/projects/a/", "__bool__": lambda self: True})()
    answer = StudioMiddleware(lambda r: HttpResponse(status=302, headers={"Location": "/projects/a/#panel-b"}))(request)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize(
    ("status", "shown"), [(200, True), (422, True), (409, True), (404, False), (500, False), (204, False)]
)
def test_it_keeps_toasts_until_something_is_shown(rf, status, shown):
    request = rf.get("/x/")
    request.htmx, request.session = True, {}
    request._messages = FallbackStorage(request)
    messages.success(request, "Panel 1A deleted.", extra_tags="undo=/panels/a/restore/")
    answer = StudioMiddleware(lambda r: HttpResponse("<p>part</p>", status=status))(request)
    body = answer.content.decode()
    assert ('hx-swap-oob="beforeend:#toasts"' in body) is shown
    assert ('action="/panels/a/restore/"' in body) is shown
    assert (len(request._messages) == 0 or request._messages.used) is shown


def test_it_says_that_pages_differ_by_who_asks(ada, signed_in):
    answer = signed_in(ada).get(reverse("profile"))
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_it_says_what_went_wrong_on_a_page_of_its_own(ada, signed_in, client):
    assert "There is nothing here." in signed_in(ada).get("/nothing/").content.decode()
    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(reverse("theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "This form was open too long." in answer.content.decode()


def test_it_lists_exactly_the_keys_that_do_something():
    """What the scripts register and what the table says are the same, page by page."""
    scripts = {
        "board": ("board*.js", "drawing.js"),
        "compare": ("compare.js", "marks.js"),
        "consistency": ("consistency.js",),
        "library": ("library.js",),
    }
    table = keys.table(None)
    for page, patterns in scripts.items():
        text = "".join(
            path.read_text() for glob in patterns for path in Path(settings.BASE_DIR, "static/js").glob(glob)
        )
        found = set(re.findall(r'keys\.on\("([^"]+)"', text))
        if "keys.on(String(n)" in text:
            found |= set(keys.DIGITS)
        found |= set(re.findall(r'\["([\w+]+)", -?1\]', text)) if "of [[" in text else set()
        if page in ("board", "library"):
            found.add("/")  # keys.js, where a page has a field to find by
        assert found - {"?"} == set(table["pages"][page]) - {"?"}, page
    fields = [path for path in Path(settings.BASE_DIR, "templates").rglob("*.html") if " data-find" in path.read_text()]
    assert {path.parent.name for path in fields} == {"board", "library"}


def test_it_prints_the_keys_of_the_page(ada, signed_in):
    client = signed_in(ada)
    board = client.get(reverse("keys") + "?page=board").content.decode()
    assert "Keys on the board" in board
    assert "Draw this panel" in board
    assert "Draw this panel" not in client.get(reverse("keys") + "?page=nonsense").content.decode()
