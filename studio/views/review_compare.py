"""Two versions of one panel beside or over each other, and the list of everything that changed between them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.lib.typing import Request
from studio.media import renditions
from studio.review import changes as differences
from studio.review import queries_page
from studio.review.changes import Change
from studio.review.models import Round, RoundPanel
from studio.review.reviewers import Reviewer
from studio.views import review_page

WAYS = (("side", "Side by side", "columns-2"), ("wipe", "Wipe", "blend"), ("flicker", "Flicker", "layers"))


@require_GET
def compare(request: Request, panel: str, token: str = "", code: str = "") -> HttpResponse:
    """A panel in this round and in one before it (`with`: its number; the last before by default)."""
    who = review_page.who(request, token, code)
    before = _before(who, request.GET.get("with", ""))
    now, old = _rows(who.round), _rows(before)
    row, was = _pair(panel, now, old)
    listed = differences.changes(old, now)
    way = request.GET.get("way", "")
    context = {
        **_places(listed, row or was), "who": who, "base": who.base, "round": who.round, "project": who.round.project,
        "before": before, "row": row, "was": was, "shown": row or was, "changes": _linked(who, listed, before, way),
        "same": len(now) - len({one.now.pk for one in listed if one.now}), "ways": WAYS, "ratio": _ratio(row or was),
        "way": _way(way, row, was), "now_picture": _picture(who, row), "old_picture": _picture(who, was),
        "fields": _fields(was, row), "film": _film(who, now), "changed": {one.now.pk for one in listed if one.now},
        "answered": _answered(who, row, before), "query": _query(who, before, way), "versions": who.earlier(),
        "initials": queries_page.initials(who.name), **(review_page.verdict(who, row) if row else {}),
    }  # fmt: skip
    return render(request, "review/wipe.html", context)


def _before(who: Reviewer, asked: str) -> Round:
    """The round to compare with. Raises Http404 where none is in this person's scope."""
    rows = who.earlier()
    found = next((one for one in rows if str(one.number) == asked), None) if asked else (rows[0] if rows else None)
    if found is None:
        raise Http404
    return found


def _rows(round_: Round) -> list[RoundPanel]:
    return list(RoundPanel.objects.filter(round=round_).select_related("image", "round__project").order_by("position"))


def _pair(code: str, now: list[RoundPanel], old: list[RoundPanel]) -> tuple[RoundPanel | None, RoundPanel | None]:
    """The panel in both; one of them is None where it was added or is gone. Raises Http404."""
    named = next((one for one in (*now, *old) if one.code == code), None)
    if named is None:
        raise Http404
    row = next((one for one in now if one.panel_id == named.panel_id), None)
    return row, next((one for one in old if one.panel_id == named.panel_id), None)


def _places(listed: list[Change], shown: RoundPanel | None) -> dict[str, Any]:
    """Where this panel stands among what changed, and the changed panels before and after it."""
    panels = list(dict.fromkeys(one.row.panel_id for one in listed))
    first = {one.row.panel_id: one.row.code for one in reversed(listed)}
    if shown is None or shown.panel_id not in panels:
        return {"place": 0, "many": len(panels), "previous": None, "next": first[panels[0]] if panels else None}
    at = panels.index(shown.panel_id)
    return {
        "place": at + 1, "many": len(panels), "previous": first[panels[at - 1]] if at else None,
        "next": first[panels[at + 1]] if at + 1 < len(panels) else None,
    }  # fmt: skip


def _way(asked: str, row: RoundPanel | None, was: RoundPanel | None) -> str:
    """One over the other only where both have a picture of the same shape."""
    both = row is not None and was is not None and row.image is not None and was.image is not None
    if not both or row is None or was is None or row.image is None or was.image is None:
        return "side"
    same = abs(row.image.width / row.image.height - was.image.width / was.image.height) < 0.02
    return asked if same and asked in {"side", "wipe", "flicker"} else ("wipe" if same else "side")


def _picture(who: Reviewer, row: RoundPanel | None) -> renditions.Picture | None:
    return review_page.picture(who, row, 1280) if row is not None else None


def _ratio(row: RoundPanel | None) -> str:
    assert row is not None
    return review_page.ratio(row)


def _fields(was: RoundPanel | None, now: RoundPanel | None) -> list[tuple[str, list[differences.Word], bool]]:
    """(label, words, whether it changed) of what is said about the panel."""
    found = []
    for name, label in differences.FIELDS:
        old, new = (str(getattr(row, name)) if row is not None else "" for row in (was, now))
        if was is None:
            old = new
        elif now is None:
            new = old
        if (old or new) and (name in ("action", "dialogue") or old != new):
            found.append((label, differences.spaced(differences.words(old, new)), old != new))
    return found


def _film(who: Reviewer, rows: list[RoundPanel]) -> list[queries_page.Frame]:
    film = [queries_page.Frame(row, 0) for row in rows]
    for frame in film:
        frame.picture = review_page.picture(who, frame.row, 320)
    return film


def _linked(who: Reviewer, listed: list[Change], before: Round, way: str) -> list[dict[str, Any]]:
    query = _query(who, before, way)
    return [
        {
            "change": one, "href": f"{who.at('panels', one.row.code, 'compare')}{query}",
            "picture": review_page.picture(who, one.row, 320) if one.kind not in ("added", "gone") else None,
        }
        for one in listed
    ]  # fmt: skip


def _query(who: Reviewer, before: Round, way: str) -> str:
    """What stays as it was chosen when one goes on to another panel."""
    kept = {"with": str(before.number)} if who.is_team else {}
    if way:
        kept["way"] = way
    return f"?{urlencode(kept)}" if kept else ""


def _answered(who: Reviewer, row: RoundPanel | None, before: Round) -> list[queries_page.Said]:
    """One's own notes on the older version that this picture answers."""
    if row is None:
        return []
    found = queries_page.talk(who.round, row, who, [before]).before
    return [said for said in found if said.done and (said.mine or _same_person(said, who))]


def _same_person(said: queries_page.Said, who: Reviewer) -> bool:
    """A link for somebody by name is another in each version; the name stays."""
    return bool(said.guest and who.link and who.link.name and said.name == who.link.name)
