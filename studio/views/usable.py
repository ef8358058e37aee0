"""How many takes were usable, what a usable one cost, what fails where, and what to do about it; as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from studio.accounts.models import Team
from studio.accounts.rights import Right
from studio.board.models import Project, Take
from studio.generation import usable_rates as rates
from studio.lib import tables
from studio.lib.typing import Request
from studio.views import access, htmx, steps

HEAD = ("by", "name", "of", "drawn", "usable", "turned_down", "spent", "a_usable_picture", "markers_seen", "markers_failed", "fails_most_on")  # fmt: skip
NO_MONEY = ("spent", "a_usable_picture")


@require_GET
def project_usable(request: Request, code: str) -> HttpResponse:
    """Of one board."""
    project = access.project_for(request, code)
    return _page(request, project.team, project)


@require_GET
def team_usable(request: Request) -> HttpResponse:
    """Of all boards of the team."""
    return _page(request, access.team(request, Right.PRODUCE), None)


def _page(request: Request, team: Team, project: Project | None) -> HttpResponse:
    found, names = rates.drawn(team, project), rates.names_of(team)
    choices = rates.choices(found, names)
    wanted = {name: request.GET.get(name, "") for name in choices}
    wanted = {name: value for name, value in wanted.items() if value in {key for key, _ in choices[name]}}
    rows = [one for one in found if rates.Wanted(**wanted).takes(one)]
    by = request.GET.get("by", "")
    by = by if by in rates.BY else "subject"
    said = rates.sentences(rows)
    context: dict[str, Any] = {
        "project": project, "team": team, "here": "team", "by": by, "bys": list(rates.BY.items()), "wanted": wanted, "drawn": len(found),
        "lines": rates.rates(rows, by, names), "all": rates.rates(rows, "template", names), "sentences": _with_steps(team, said),
        "filters": [(name, rates.BY[name], pairs, wanted.get(name, "")) for name, pairs in choices.items() if len(pairs) > 1],
        "query": urlencode(wanted), "money": _money(request, project), "usable": sum(one.usable for one in rows),
        "counted": len(rows), "turned_down": sum(one.turned_down for one in rows),
    }  # fmt: skip
    return htmx.page(request, "usable/project.html" if project else "usable/team.html", context)


def _money(request: Request, project: Project | None) -> bool:
    """Whether amounts are shown: to those who may see the ledger; nobody else gets to the page of the whole team."""
    return project is None or request.membership.may(Right.PRODUCE)


def _with_steps(team: Team, said: list[rates.Sentence]) -> list[dict[str, Any]]:
    """Each sentence with the newest take where it failed, and what to do next. A constant number of queries."""
    takes = {take.code: take for take in Take.objects.filter(code__in=[one.take for one in said]).select_related("panel__scene__project")}  # fmt: skip
    pairs = [(takes[one.take], one.marker) for one in said]
    found = steps.for_failures(team, pairs)
    return [{"one": one, "take": takes[one.take], "steps": found.get((one.take, one.marker), [])} for one in said]


@require_GET
def project_usable_csv(request: Request, code: str) -> StreamingHttpResponse:
    """Every grouping below the other. Amounts only for those who may see the ledger."""
    project = access.project_for(request, code)
    return _file(request, project.team, project, f"usable-{project.code}.csv")


@require_GET
def team_usable_csv(request: Request) -> StreamingHttpResponse:
    team = access.team(request, Right.PRODUCE)
    return _file(request, team, None, "usable.csv")


def _file(request: Request, team: Team, project: Project | None, name: str) -> StreamingHttpResponse:
    found, names = rates.drawn(team, project), rates.names_of(team)
    money = _money(request, project)

    def rows() -> Iterator[tuple[Any, ...]]:
        yield tuple(one for one in HEAD if money or one not in NO_MONEY)
        for by, words in rates.BY.items():
            for line in rates.rates(found, by, names):
                each = None if line.each is None else round(line.each, 4)
                amounts = (line.spent, each) if money else ()
                yield words, line.name, line.note, line.drawn, line.usable, line.turned_down, *amounts, line.seen, line.failed, line.worst  # fmt: skip

    answer = StreamingHttpResponse(tables.lines(rows()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
