"""What the review page shows, for the team and for guests: the same templates, each with what this person may see."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import QueryDict

from studio.board.queries import css_ratio
from studio.board.reasons import Reason
from studio.lib.typing import Request
from studio.media import renditions
from studio.media.models import Image
from studio.presenting.actions import now_showing
from studio.review import actions, mentions, queries, queries_page, standing
from studio.review.actions.rounds import over
from studio.review.models import Round, RoundPanel
from studio.review.reviewers import Reviewer
from studio.views import access_review as access
from studio.views import working

TOOLS = [
    ("pin", "Pin", "map-pin"), ("pencil", "Pencil", "pencil"), ("arrow", "Arrow", "mark-arrow"), ("box", "Box", "mark-box"),
    ("ellipse", "Ellipse", "mark-ellipse"),
]  # fmt: skip
ASKING = [(reason.value, reason.label) for reason in Reason if reason != Reason.MARKER]


def who(request: Request, token: str = "", code: str = "") -> Reviewer:
    """Who looks at which round: a guest by a link's token, or somebody of the team by the round's code."""
    return access.shared_for(request, token).reviewer if token else access.reviewer_for(request, code)


def picture(reviewer: Reviewer, row: RoundPanel, width: int) -> renditions.Picture | None:
    """For an <img> about `width` px wide. A guest's goes through their link, so that it ends with it."""
    if row.image is None:
        return None
    found = renditions.picture(row.image, width)
    return found if reviewer.is_team else _through_the_link(reviewer, row, row.image, found)


def _through_the_link(
    reviewer: Reviewer, row: RoundPanel, image: Image, found: renditions.Picture
) -> renditions.Picture:
    """The same sizes at the link's own addresses, which name the panel of the round and never the picture."""

    def moved(address: str) -> str:
        return f"{reviewer.base}pictures/{row.code}/{address.rstrip('/').rsplit('/', 1)[-1]}/"

    sizes = [part.rsplit(" ", 1) for part in found["srcset"].split(", ")]
    return {**found, "src": moved(found["src"]), "srcset": ", ".join(f"{moved(src)} {wide}" for src, wide in sizes)}


def context(request: Request, reviewer: Reviewer, row: RoundPanel, **more: Any) -> dict[str, Any]:
    """Everything on the page of one panel, in a constant number of queries."""
    round_ = reviewer.round
    film = queries_page.film(round_, reviewer)
    for frame in film:
        frame.picture = picture(reviewer, frame.row, 320)
    at = next(n for n, frame in enumerate(film) if frame.row.pk == row.pk)
    before = reviewer.earlier()
    drawn = asked(request, "marks")
    talk = queries_page.talk(round_, row, reviewer, before, drawn=int(drawn) if drawn in _numbers(before) else 0)
    found = {
        "who": reviewer, "base": reviewer.base, "round": round_, "project": round_.project, "row": row, "film": film,
        "place": at + 1, "at": "", "previous": film[at - 1] if at else None, "next": film[at + 1] if at + 1 < len(film) else None,
        "talk": talk, "about": queries_page.talk(round_, None, reviewer), "only_open": asked(request, "notes") == "open", "marks_of": drawn, "picture": picture(reviewer, row, 1280),
        "ratio": ratio(row), "high": _high(row), "key": uuid.uuid4(), **verdict(reviewer, row),
        "before": before[0] if before else None, "versions": _versions(reviewer, row), "typed": "", "trouble": "", "whole_key": uuid.uuid4(), "whole_typed": "", "tools": TOOLS, "initials": queries_page.initials(reviewer.name),
        "compare": bool(before), "play": f"{reviewer.at('present')}?panel={row.code}", "showing": now_showing(round_), "may": working.may(request) if reviewer.is_team else {}, "names": partial(mentions.callable_names, round_, reviewer), **more,
    }  # fmt: skip
    return found | _troubles(found)


def asked(request: Request, name: str) -> str:
    """How the page is looked at (`notes`, `marks`), by its address; of an answer by htmx, by that of the page it goes to."""
    if request.htmx and request.method == "POST":
        query = (request.htmx.current_url_abs_path or "").partition("?")[2].partition("#")[0]
        return QueryDict(query[:400]).get(name) or ""
    return request.GET.get(name, "")


def _numbers(rounds: list[Round]) -> set[str]:
    return {str(one.number) for one in rounds}


def verdict(reviewer: Reviewer, row: RoundPanel) -> dict[str, Any]:
    """What was decided of a panel, as far as this person sees it, and why nothing can be any more."""
    round_ = reviewer.round
    decided = queries_page.decisions(round_, row)
    return {
        "decisions": decided if reviewer.is_team else [], "reasons": ASKING,
        "mine": next((one for one in decided if reviewer.by and one.by == reviewer.by), None),
        "whole": queries_page.whole_of(round_, reviewer),
        "over": "" if round_.state == Round.State.OPEN else over(round_), "after": queries_page.after(round_, reviewer),
        "markers": queries.markers_of(row) if reviewer.is_team and reviewer.may_decide else [],
        "team_first": not reviewer.is_team and standing.team_looks_first(round_, row),
    }  # fmt: skip


def _troubles(found: dict[str, Any]) -> dict[str, str]:
    """Beside which control the trouble stands: at a note (`at`), at the composer, or, from a decision, at the verdict."""
    words, of = found["trouble"], found.get("trouble_field")
    if not words or found["at"]:
        return {"composer_trouble": "", "verdict_trouble": ""}
    here = of is None or of == "note"
    return {"composer_trouble": words if here else "", "verdict_trouble": "" if here or of == "whole" else words}


def _versions(reviewer: Reviewer, row: RoundPanel) -> list[dict[str, Any]]:
    """The same panel in each version, for the team: [{"number", "href", "current"}]. Empty where there is only one."""
    if not reviewer.is_team:
        return []
    rows = RoundPanel.objects.filter(panel=row.panel_id, round__project=reviewer.round.project_id)
    rows = rows.exclude(round__state=Round.State.WITHDRAWN).order_by("round__number")
    found = [
        {"number": number, "href": f"/rounds/{round_code}/panels/{code}/", "current": code == row.code}
        for number, round_code, code in rows.values_list("round__number", "round__code", "code")
    ]
    return found if len(found) > 1 else []


def ratio(row: RoundPanel) -> str:
    """Of the frame that holds the picture, for CSS: "1376 / 768"."""
    if row.image is not None:
        return f"{row.image.width} / {row.image.height}"
    return css_ratio(row.round.project.aspect)


def _high(row: RoundPanel) -> str:
    """Of the drawing over the picture, 1,000 units wide."""
    return f"{1000 * row.image.height / row.image.width:.1f}" if row.image is not None else "562.5"


def looked(reviewer: Reviewer) -> None:
    """Somebody of the team has seen the round as it is now."""
    if reviewer.is_team:
        actions.seen(round=reviewer.round, by=reviewer.user)
