"""Identity markers of a draft: added, edited in their row, moved, removed and brought back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.forms.library import MarkerForm, categories_for, first_error
from studio.lib.typing import Request
from studio.library import actions, kinds
from studio.library.models import Marker, Subject, SubjectVersion
from studio.views import access, autosave, htmx, subjects, undo


def _list(
    request: Request, subject: Subject, *, error: str = "", gone: undo.Undo | None = None, words: str = ""
) -> HttpResponse:
    """The whole list, by htmx; else back to the page."""
    version = _open(subject)
    context: dict[str, Any] = {
        "subject": subject,
        "version": version,
        "markers": list(version.markers.all()) if version else [],
        "categories": categories_for(subject.kind),
        "icons": kinds.CATEGORY_ICONS,
        "words": kinds.BY_KIND[subject.kind],
        "marker_error": error,
        "typed": request.POST if error else {},
        "gone": gone,
    }
    response = render(request, "library/_markers.html", context, status=422 if error else 200)
    return htmx.announce(response, words) if words else response


def _open(subject: Subject) -> SubjectVersion | None:
    return subject.versions.filter(locked_at=None).first() or subject.locked


def _back(subject: Subject) -> str:
    return reverse("subject", args=[subject.code])


@require_POST
def marker_add(request: Request, code: str) -> HttpResponse:
    """A new marker; with an undo token one that was removed comes back."""
    subject = access.subject_for(request, code, Right.DRAW)
    draft = subject.draft
    form = MarkerForm(request.POST)
    bringing_back = "token" in request.POST
    values = undo.kept(request) if bringing_back else form.cleaned_data if form.is_valid() else None
    error = "" if values else first_error(form)
    if draft is None:
        error = "This version is locked. Make a new one to change its markers."
    elif values:
        try:
            actions.add_marker(version=draft, by=request.user, **values)
        except actions.Locked:
            error = "This version was locked meanwhile. The marker was not added."
        except actions.Refused as refused:
            error = str(refused)
    if request.htmx:
        return _list(request, subject, error=error, words="" if error else "Marker added")
    if error:
        trouble = autosave.Trouble("marker", 0, error, 422, request.path, _back(subject), list(_typed(request)))
        return subjects.whole(request, subject, trouble)
    return redirect(_back(subject) + "#markers")


@require_POST
def marker_edit(request: Request, pk: int) -> HttpResponse:
    marker = access.marker_for(request, pk, Right.DRAW)
    subject = marker.version.subject

    def save(**values: Any) -> Marker:
        return actions.edit_marker(marker=marker, by=request.user, **values)

    return autosave.answer(
        request,
        MarkerForm(request.POST),
        save,
        key=f"marker-{pk}",
        back=_back(subject),
        whole=lambda trouble: subjects.whole(request, subject, trouble),
        shown=["phrase", "category", "colour"],
        code=subject.code,
    )


@require_POST
def marker_delete(request: Request, pk: int) -> HttpResponse:
    marker = access.marker_for(request, pk, Right.DRAW)
    subject = marker.version.subject
    try:
        kept = actions.remove_marker(marker=marker, by=request.user)
    except actions.Locked:
        return _refuse(request, subject)
    words = f"“{marker.phrase}” is removed."
    post = reverse("marker_add", args=[subject.code])
    if request.htmx:
        return _list(request, subject, gone=undo.make(words, post, **kept), words=words)
    return redirect(undo.offer(_back(subject), words, post, **kept))


@require_POST
def marker_move(request: Request, pk: int) -> HttpResponse:
    """`after=` the neighbour's id (empty: first), or `step=earlier|later`."""
    marker = access.marker_for(request, pk, Right.DRAW)
    subject = marker.version.subject
    ids = list(Marker.objects.filter(version=marker.version_id).values_list("pk", flat=True))
    try:
        place = actions.move_marker(marker=marker, by=request.user, after=neighbour(request, ids, pk))
    except actions.Locked:
        return _refuse(request, subject)
    if request.htmx:
        return _list(request, subject, words=f"{marker.phrase} moved to {place} of {len(ids)}")
    return redirect(_back(subject) + "#markers")


def neighbour(request: Request, ids: list[int], pk: int) -> int | None:
    """The id that a row shall stand behind; None: at the start."""
    step = request.POST.get("step", "")
    others = [other for other in ids if other != pk]
    at = ids.index(pk) if pk in ids else len(others)
    if step in ("earlier", "later"):
        to = max(0, at - 1) if step == "earlier" else min(len(others), at + 1)
        return others[to - 1] if to else None
    after = request.POST.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 19 else None


def _refuse(request: Request, subject: Subject) -> HttpResponse:
    error = "This version is locked. Make a new one to change its markers."
    if request.htmx:
        return _list(request, subject, error=error)
    return subjects.whole(request, subject, autosave.Trouble("marker", 0, error, 409, request.path, _back(subject)))


def _typed(request: Request) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
