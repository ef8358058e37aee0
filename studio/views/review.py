"""The page of one panel of a round, and writing about it: one set of views for the team and for guests.

`code` is the round's, for the team; `token` a link's, for a guest. Answers to htmx are the parts that changed, out of band.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from studio.accounts import limits
from studio.board.errors import Conflict
from studio.lib.typing import Request
from studio.review import marks
from studio.review.actions import notes
from studio.review.errors import Refused
from studio.review.models import Note, RoundPanel
from studio.review.reviewers import Reviewer
from studio.views import access_review as access
from studio.views import htmx, review_page


@require_GET
def panel(request: Request, panel: str, token: str = "", code: str = "") -> HttpResponse:
    """The whole page; by htmx only what may have changed: notes, pins, film, verdict."""
    who = review_page.who(request, token, code)
    row = access.panel_of(who.round, panel)
    review_page.looked(who)
    context = review_page.context(request, who, row)
    return htmx.page(request, "review/page.html", context, partial="review/_changed.html")


@require_POST
def note_new(request: Request, panel: str, token: str = "", code: str = "") -> HttpResponse:
    """A note about the panel, with what was drawn on the picture. The same form twice is one note."""
    who = _writer(request, token, code)
    row = access.panel_of(who.round, panel)
    try:
        note = write(request, who, row)
    except (Refused, marks.Malformed) as refused:
        return changed(request, who, row, composer=True, **typed(request), trouble=str(refused), status=422)
    answer = changed(request, who, row, composer=True, current=note.code, to=f"#note-{note.code}")
    return htmx.announce(answer, f"Note {note.number} on {row.label} is sent.")


def write(request: Request, who: Reviewer, row: RoundPanel | None) -> Note:
    """The note that the composer's form holds, on the whole where there is no panel. Raises Refused, Malformed."""
    _not_too_many(request, who)
    return notes.write_note(
        round=who.round, on=row, by=who, text=request.POST.get("text", ""), key=_key(request),
        marks=marks.read(request.POST.get("marks", "")), internal="internal" in request.POST,
    )  # fmt: skip


def typed(request: Request) -> dict[str, Any]:
    """What stands in the composer again when it could not be sent."""
    return {
        "typed": request.POST.get("text", "")[:20_000].replace("\0", ""), "key": _key(request),
        "drawn": request.POST.get("marks", "")[: marks.LONGEST].replace("\0", ""), "inside": "internal" in request.POST,
    }  # fmt: skip


@require_POST
def note_act(request: Request, note: str, act: str, token: str = "", code: str = "") -> HttpResponse:
    """Answer, edit, delete, restore, resolve, reopen, waive or hold a note."""
    if act not in ACTS:
        raise Http404
    who = _writer(request, token, code)
    row = access.note_of(who, note, deleted=act == "restore")
    on = row.on or _in_sight(request, who)
    try:
        words = ACTS[act](request, who, row)
    except Refused as refused:
        return changed(request, who, on, at=row.code, act=act, **typed(request), trouble=str(refused), status=422)
    except Conflict:
        said = "This note was changed in another window. Yours is kept here; save it again to replace it."
        return changed(request, who, on, at=row.code, act=act, **typed(request), trouble=said, status=409)
    if act == "delete":
        htmx.offer_undo(request, "Note deleted.", f"{who.base}notes/{row.code}/restore/")
    sent = f"{act}-{row.code}" if act in ("reply", "edit") else ""
    return htmx.announce(changed(request, who, on, current=row.code, to=f"#note-{row.code}", sent=sent), words)


def _in_sight(request: Request, who: Reviewer) -> RoundPanel:
    """The panel on whose page somebody is: notes on the whole stand on each of them."""
    address = request.htmx.current_url_abs_path or "" if request.htmx else ""
    code = address.partition("/panels/")[2].partition("/")[0]
    found = who.round.panels.select_related("image", "panel", "carried__round").filter(code=code[:16]).first()
    return found or access.first_panel(who.round)


def _not_too_many(request: Request, who: Reviewer) -> None:
    """Guests write as fast as people do. Raises Refused."""
    if who.link and not limits.allowed(request, "guest_note", key=f"link:{who.link.pk}"):
        raise Refused("That is a lot of notes in one hour. What you wrote is kept here; send it a little later.")


def _reply(request: Request, who: Reviewer, note: Note) -> str:
    _not_too_many(request, who)
    notes.write_note(
        round=who.round, on=note.on, by=who, text=request.POST.get("text", ""), key=_key(request), parent=note,
        internal="internal" in request.POST,
    )  # fmt: skip
    return "Answer sent."


def _edit(request: Request, who: Reviewer, note: Note) -> str:
    notes.edit_note(note=note, by=who, text=request.POST.get("text", ""), was=request.POST.get("was", ""))
    return "Saved."


def _delete(request: Request, who: Reviewer, note: Note) -> str:
    notes.delete_note(note=note, by=who)
    return "Deleted."


def _restore(request: Request, who: Reviewer, note: Note) -> str:
    notes.restore_note(note=note, by=who)
    return "The note is back."


def _resolve(request: Request, who: Reviewer, note: Note) -> str:
    notes.resolve_note(note=note, by=who)
    return f"Note {note.number} is done."


def _reopen(request: Request, who: Reviewer, note: Note) -> str:
    notes.reopen_note(note=note, by=who)
    return f"Note {note.number} is open again."


def _waive(request: Request, who: Reviewer, note: Note) -> str:
    return _let(who, note, True, f"Note {note.number} no longer holds up approval.")


def _hold(request: Request, who: Reviewer, note: Note) -> str:
    return _let(who, note, False, f"Note {note.number} holds up approval again.")


def _let(who: Reviewer, note: Note, waived: bool, words: str) -> str:
    if not who.may_produce:
        raise PermissionDenied("Producers let a note pass.")
    notes.waive_note(note=note, by=who, waived=waived)
    return words


ACTS: dict[str, Callable[[Request, Reviewer, Note], str]] = {
    "reply": _reply, "edit": _edit, "delete": _delete, "restore": _restore, "resolve": _resolve, "reopen": _reopen,
    "waive": _waive, "hold": _hold,
}  # fmt: skip


def _writer(request: Request, token: str, code: str) -> Reviewer:
    """Who may write notes here. A guest without a name is refused by the verb's door, in words."""
    who = review_page.who(request, token, code)
    if not who.may_comment:
        raise PermissionDenied(
            "This link lets you look, not write." if who.link else "Viewers look, they do not write."
        )
    return who


def _key(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def changed(
    request: Request, who: Reviewer, row: RoundPanel, *, to: str = "", sent: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """By htmx the parts that changed; without scripts the panel's page, at the note. `sent`: the draft that is one no more."""
    if status == 200 and not request.htmx:
        then = request.POST.get("then", "")
        return redirect(f"{then if _ours(then, who) else f'{who.base}panels/{row.code}/'}{to}")
    row = access.panel_of(who.round, row.code)
    who.round.refresh_from_db(fields=["revision", "changed", "state"])
    context = review_page.context(request, who, row, **more)
    if not request.htmx:
        return render(request, "review/page.html", context, status=status)
    if more.get("composer") and status == 200:
        sent = f"note-{row.code}"
    answer = render(request, "review/_changed.html", context, status=status)
    return trigger_client_event(
        answer,
        "review-changed",
        {"sent": sent, "current": more.get("current", ""), "key": str(uuid.uuid4())},
        after="settle",
    )


def _ours(address: str, who: Reviewer) -> bool:
    """A page of the team's that a note is also answered from: a later version of its panel, or the panel on the board."""
    parts = address.split("/")[1:-1]
    known = all(part.isascii() and part.isalnum() for part in parts) and address == f"/{'/'.join(parts)}/"
    return who.is_team and known and parts[:1] in (["rounds"], ["panels"])
