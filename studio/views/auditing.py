"""The audit log of the team, for its owners: as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from studio.accounts import audit, audit_words
from studio.accounts.audit import Kind
from studio.accounts.models import AuditEntry
from studio.accounts.rights import Right
from studio.forms.audit import LogForm
from studio.lib import tables
from studio.lib.typing import Request
from studio.views import access, htmx

PAGE = 50
PEOPLE = 200  # in the list to choose from
COLUMNS = ("at", "kind", "what", "verb", "who", "address", "about", "code", "details")


@require_GET
def team_log(request: Request) -> HttpResponse:
    """Newest first, fifty a page, narrowed by what the address says."""
    team = access.team(request, Right.ADMIN)
    form = LogForm(request.GET)
    given = form.read()
    entries = AuditEntry.objects.of(team)
    page = Paginator(form.narrow(entries), PAGE).get_page(given.get("page", 1))
    narrowed: dict[str, Any] = {name: str(given[name]) for name in ("kind", "who", "since", "until") if name in given}
    people = entries.order_by("who").exclude(who="").values_list("who", flat=True).distinct()[:PEOPLE]
    context = {
        "here": "team", "team": team, "page": page, "narrowed": narrowed, "query": urlencode(narrowed), "kinds": Kind.choices, "people": people,
        "rows": [(entry, audit_words.said(entry.verb), list(audit_words.details(entry))) for entry in page],
    }  # fmt: skip
    return htmx.page(request, "team/log.html", context)


@require_GET
def team_log_csv(request: Request) -> StreamingHttpResponse:
    """What the page shows, all pages. Times are UTC."""
    team = access.team(request, Right.ADMIN)
    rows = LogForm(request.GET)
    found = rows.narrow(AuditEntry.objects.of(team))
    audit.note(verb="download.log", team=team, actor=access.me(request), about="team", code=team.code)

    def lines() -> Iterator[Iterable[Any]]:
        yield COLUMNS
        for entry in found.iterator(1000):
            details = "; ".join(f"{name}: {value}" for name, value in audit_words.details(entry))
            yield entry.at, entry.kind, audit_words.said(entry.verb), entry.verb, entry.who, entry.address, entry.about, entry.code, details  # fmt: skip

    answer = StreamingHttpResponse(tables.lines(lines()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.now():%Y-%m-%d}.csv"'
    return answer
