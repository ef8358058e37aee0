"""What was spent and for what, what is left of the limits, the ledger; and both as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from studio.accounts import audit
from studio.accounts.models import Team
from studio.accounts.rights import Right
from studio.board.models import Project
from studio.forms.spend import LimitsForm, SpendForm
from studio.generation import actions, attempts, ledger
from studio.generation.errors import Refused
from studio.generation.models import Job, Tier
from studio.lib import tables
from studio.lib.typing import Request
from studio.views import access, chart, htmx

PAGE = 50
NARROW = ("outcome", "project", "account", "tier", "person")
LEDGER = (
    "asked", "finished", "attempt", "project", "scene", "panel", "by", "engine", "account", "model", "size", "quality", "state", "outcome",
    "held", "charged", "possibly_charged", "figure_of", "price_table_dated", "settled_by", "reason",
)  # fmt: skip
SUMMARY = ("by", "name", "of", "attempts", "drawn", "usable", "spent", "held", "possibly_spent", "a_usable_picture")


@require_GET
def spend(request: Request) -> HttpResponse:
    """The month that `month` names, by `by`; the ledger below it narrowed by what the address says, fifty rows a page."""
    team = access.team(request, Right.PRODUCE)
    form = SpendForm(request.GET)
    given = form.read()
    during, by = ledger.month(given.get("month", "")), given.get("by", "day")
    pages = Paginator(attempts.listed(ledger.attempts(team, during, form.wanted())), PAGE)
    page = pages.get_page(given.get("page", 1))
    narrowed = {name: given[name] for name in NARROW if name in given}
    context = {
        "here": "team", "team": team, "month": during, "by": by, "bys": list(ledger.BY.items()), "narrowed": narrowed,
        "figures": ledger.figures(team, during), "usable": ledger.usable(team, during), "limits": [(room, _share(room.used, room.cap) if room.cap else 100.0) for room in ledger.limits(team)],
        "elsewhere": ledger.unsettled_elsewhere(team, during), "choices": ledger.choices(team, during), "tiers": Tier.choices,
        "outcomes": [(key, words) for key, (words, _) in ledger.OUTCOMES.items()],
        "page": page, "rows": attempts.told(list(page.object_list)), **_by(team, during, by),
        "back": f"{reverse('spend')}?{_address(during, by, **narrowed, page=page.number)}#ledger",
        "month_query": urlencode({"month": during.key, **narrowed}), "ledger_query": _address(during, by, **narrowed),
    }  # fmt: skip
    return htmx.page(request, "spend/spend.html", context)


def _by(team: Team, during: ledger.Month, by: str) -> dict[str, Any]:
    """The chart of the days, or lines with a share of the largest each."""
    if by == "day":
        return {"chart": chart.of(during, ledger.by_day_and_tier(team, during))}
    found = ledger.groups(team, during, by)
    most = max((one.figures.spent + one.figures.uncertain for one in found), default=0)
    lines = []
    for one in found:
        spent, uncertain = (_share(amount, most) for amount in (one.figures.spent, one.figures.uncertain))
        address = _address(during, by, **one.query) if one.query else ""
        lines.append((one, spent, uncertain, 100 - spent - uncertain, address))
    return {"lines": lines}


def _share(part: Decimal, of: Decimal | int) -> float:
    """0 to 100. Shares of a bar add up to a hundred: less than one in all would not fill it."""
    return float(min(part / of, Decimal(1))) * 100 if of else 0.0


def _address(during: ledger.Month, by: str, **more: Any) -> str:
    return urlencode({"month": during.key, "by": by, **more})


@require_GET
def spend_csv(request: Request) -> StreamingHttpResponse:
    """The ledger of the month as the page shows it, all pages, one line for an attempt."""
    team = access.team(request, Right.PRODUCE)
    form = SpendForm(request.GET)
    during = ledger.month(form.read().get("month", ""))
    found = attempts.plainly(ledger.attempts(team, during, form.wanted()))
    audit.note(
        verb="download.ledger", team=team, actor=access.me(request), about="team", code=team.code, month=during.key
    )
    return _file(f"ledger-{during.key}.csv", LEDGER, (_line(one) for one in found))


def _line(row: attempts.Attempt) -> tuple[Any, ...]:
    job: Job = row.job
    closing, scene = row.closing, job.panel.scene
    by_hand = closing if closing and row.source == "hand" else None
    return (
        attempts.local(job.created), attempts.local(job.finished), job.code, scene.project.title, scene.number, job.panel.label,
        job.batch.created_by or "", job.engine, job.account or "", job.model, row.size, job.tier, job.get_state_display(), row.outcome,
        row.reserved, row.charged, job.counted if job.uncertain else None, row.says, closing.dated if closing and row.charged else None,
        (by_hand.by or "") if by_hand else None, by_hand.note if by_hand else None,
    )  # fmt: skip


@require_GET
def spend_summary_csv(request: Request) -> StreamingHttpResponse:
    """The month by day, project, scene, engine, model, quality and person, one below the other."""
    team = access.team(request, Right.PRODUCE)
    during = ledger.month(SpendForm(request.GET).read().get("month", ""))

    def rows() -> Iterator[tuple[Any, ...]]:
        for by, words in ledger.BY.items():
            for one in ledger.groups(team, during, by):
                of = one.figures
                each = None if of.usable_each is None else round(of.usable_each, 4)
                yield words, one.day or one.name, one.note, of.attempts, of.drawn, of.usable, of.spent, of.held, of.uncertain, each  # fmt: skip

    return _file(f"spend-{during.key}.csv", SUMMARY, rows())


def _file(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    def all_() -> Iterator[Iterable[Any]]:
        yield head
        yield from rows

    answer = StreamingHttpResponse(tables.lines(all_()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
def spend_limits(request: Request) -> HttpResponse:
    """The limits of the team's month and of its projects. POST changes those that it names."""
    team = access.team(request, Right.DELETE)
    projects = {f"project-{project.code}": project for project in Project.objects.for_team(team).order_by("title", "pk")}  # fmt: skip
    form = LimitsForm(request.POST or None, team=team, projects=projects.values())
    if request.method == "POST" and form.is_valid():
        try:
            changed = 0
            for name, cap in form.asked().items():
                if name == "team":
                    changed += actions.limit_team(team=team, by=request.user, cap=cap)
                else:
                    changed += actions.limit_project(project=projects[name], by=request.user, cap=cap)
            messages.success(request, "The limits are changed." if changed else "The limits stay as they were.")
            return redirect("spend")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    fields = [(form[name], project) for name, project in projects.items()]
    context = {"form": form, "project_fields": fields}
    return htmx.dialog(request, "spend/limits_dialog.html", context, status=422 if form.errors else 200)
