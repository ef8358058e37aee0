"""Saving one object's fields as they are typed: saved, refused with the text kept, or a conflict with both texts.

By htmx only the field's state is answered, never the field: whoever types goes on typing. Without scripts the whole
page comes back, with what was typed in a form of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from studio.accounts.models import Event
from studio.forms.library import first_error
from studio.lib.typing import Request
from studio.library import actions


@dataclass
class Trouble:
    """What kept a field from being saved. `typed` is what was sent, `theirs` what stands there instead."""

    key: str
    revision: int
    sentence: str
    status: int
    post: str
    back: str
    typed: list[tuple[str, str]] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    who: Any = None
    over: int = 0

    @property
    def conflict(self) -> bool:
        return bool(self.over)


@dataclass
class Change:
    """The state of a row that keeps no note of who changed it: its revision, and by whom and when it became so."""

    revision: int
    changed_by: Any
    updated: dt.datetime


def last_change(about: str, row: Any) -> Change:
    last = Event.objects.filter(about=about, code=row.code).select_related("actor").order_by("-at", "-pk").first()
    return Change(row.revision, last.actor if last else None, last.at if last else timezone.now())


Whole = Callable[[Trouble], HttpResponse]


def revision_of(request: Request) -> int:
    """The revision the form was shown with, or the one a person chose to write over. 0 for nonsense: always stale."""
    given = request.POST.get("over") or request.POST.get("revision") or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def answer(
    request: Request,
    form: forms.Form,
    save: Callable[..., Any],
    *,
    key: str,
    back: str,
    whole: Whole,
    shown: Sequence[str],
    code: str,
    done: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    """Validates, saves, answers. `shown` names the fields of a conflict's other text; `code` is the subject's.

    `done` makes the answer to htmx where more than the state has changed.
    """
    trouble = Trouble(key, revision_of(request), "", 422, request.get_full_path(), back, _typed(request))
    if not form.is_valid():
        trouble.sentence = first_error(form)
        return _refused(request, trouble, whole)
    try:
        row = save(revision=trouble.revision, **form.cleaned_data)
    except actions.Stale as stale:
        return _conflict(request, trouble, stale.row, shown, code, whole)
    except actions.Locked:
        trouble.status, trouble.sentence = 409, "This version was locked meanwhile. What you typed was not saved."
        return _refused(request, trouble, whole)
    except actions.Refused as refused:
        trouble.sentence = str(refused)
        return _refused(request, trouble, whole)
    if not request.htmx:
        return redirect(back)
    return done(row) if done else state(request, key=key, revision=row.revision, saved=True)


def state(request: Request, *, key: str, revision: int, saved: bool = False) -> HttpResponse:
    return render(request, "library/_state.html", {"key": key, "revision": revision, "saved": saved})


def _refused(request: Request, trouble: Trouble, whole: Whole) -> HttpResponse:
    if not request.htmx:
        return whole(trouble)
    context = {"key": trouble.key, "revision": trouble.revision, "trouble": trouble}
    response = render(request, "library/_state.html", context, status=trouble.status)
    response["HX-Retarget"], response["HX-Reswap"] = f"#state-{trouble.key}", "morph:outerHTML"
    return response


def _conflict(
    request: Request, trouble: Trouble, row: Any, shown: Sequence[str], code: str, whole: Whole
) -> HttpResponse:
    last = Event.objects.filter(about="subject", code=code).select_related("actor").first()
    mine = last is not None and last.actor_id == request.user.pk
    who = "You" if mine else str(last.actor) if last and last.actor else "Somebody"
    trouble.status, trouble.over = 409, row.revision
    trouble.sentence = f"{who} changed this {'in another tab' if mine else 'meanwhile'}. Yours is kept."
    for name in shown:
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        text = ", ".join(value) if isinstance(value, list) else str(value)
        if text:
            trouble.theirs.append(text)
    return _refused(request, trouble, whole)


def _typed(request: Request) -> list[tuple[str, str]]:
    hidden = {"csrfmiddlewaretoken", "revision", "over"}
    return [(name, str(value)) for name, value in request.POST.items() if name not in hidden]
