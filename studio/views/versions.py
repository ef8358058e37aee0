"""Locking, the next version, the history of a subject."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board.usage import Usage, usage
from studio.generation import actions as generation
from studio.generation.errors import Refused
from studio.lib.typing import Request
from studio.library import actions, differences, kinds, pictures
from studio.library.models import Subject, SubjectVersion
from studio.media.models import Image
from studio.views import access, htmx, impact, lint


@require_http_methods(["GET", "POST"])
def subject_lock(request: Request, code: str) -> HttpResponse:
    """GET asks, POST locks. The form carries the number that was read: another version is never locked by mistake."""
    found = access.subject_for(request, code, Right.PRODUCE)
    draft = found.draft
    if draft is None:
        return redirect("subject", code)
    markers = list(draft.markers.all())
    context: dict[str, Any] = {
        "subject": found,
        "version": draft,
        "markers": markers,
        "back": reverse("subject", args=[code]),
        **lint.of(found, draft),
        **impact.context(request, found),
    }
    if request.method == "GET":
        return htmx.dialog(request, "library/lock_dialog.html", context)
    if request.POST.get("number") != str(draft.number) or request.POST.get("revision") != str(draft.revision):
        context["error"] = "The bible was changed while you looked. This is how it is now."
        return htmx.dialog(request, "library/lock_dialog.html", context, status=409)
    try:
        if actions.lock_version(version=draft, by=request.user):
            messages.success(request, f"{found.name} is locked, v{draft.number}.")
    except actions.Refused as refused:
        context["error"] = str(refused)
        return htmx.dialog(request, "library/lock_dialog.html", context, status=422)
    return redirect("subject", code)


@require_POST
def subject_next_version(request: Request, code: str) -> HttpResponse:
    found = access.subject_for(request, code, Right.DRAW)
    made = actions.next_version(subject=found, by=request.user)
    messages.success(
        request, f"v{made.number} is open. Panels are drawn from the locked version until you lock this one."
    )
    return redirect("subject", code)


@require_GET
def subject_history(request: Request, code: str) -> HttpResponse:
    """Every version, and what one of them changes against another: `?version=3&against=1`."""
    return _history(request, access.subject_for(request, code))


@require_POST
def subject_redraw(request: Request, code: str) -> HttpResponse:
    """Draw the ticked panels again; where there is a draft it is locked first, and that one is what they are drawn from."""
    found = access.subject_for(request, code, Right.PRODUCE)
    draft = found.draft
    key = impact.key_of(request)
    batches = generation.redrawn(subject=found, key=key)
    if not batches:
        read = (str(draft.number), str(draft.revision)) if draft else ("", "")
        if (request.POST.get("number", ""), request.POST.get("revision", "")) != read:
            said = "The draft is not the one you looked at. Nothing was locked or drawn: look again."
            return _history(request, found, said, 409)
        rows, prices = impact.asked(request, impact.of_subject(found, request.POST.get("quality", "")))
        panels = [row.panel for row in rows]
        if not panels:
            return _history(request, found, "No panel was chosen. Nothing was locked or drawn.", 422)
        act: dict[str, Any] = {"panels": panels, "prices": prices, "by": request.user, "key": key}
        act["quality"] = request.POST.get("quality", "")
        try:
            if draft:
                batches = generation.lock_and_redraw(version=draft, **act)
            else:
                batches = generation.redraw(subject=found, **act)
        except (Refused, actions.Refused) as refused:
            return _history(request, found, str(refused), 422)
    if len(batches) == 1:
        return redirect(f"{reverse('board', args=[batches[0].project.code])}?batch={batches[0].code}")
    messages.success(request, f"Drawing in {len(batches)} projects.")
    return redirect("subject_history", code)


def _history(request: Request, found: Subject, trouble: str = "", status: int = 200) -> HttpResponse:
    versions = list(found.versions.select_related("locked_by").prefetch_related("markers").order_by("-number"))
    chosen = _numbered(versions, request.GET.get("version", "")) or versions[0]
    older = [v for v in versions if v.number < chosen.number]
    against = _numbered(older, request.GET.get("against", "")) or (older[0] if older else None)
    changes = differences.markers(against.markers.all() if against else (), chosen.markers.all())
    shown = [c for c in changes if c.word != "Same"]
    context = {
        "subject": found,
        "words": kinds.BY_KIND[found.kind],
        "rows": [_row(v, versions) for v in versions],
        "chosen": chosen,
        "older": older,
        "against": against,
        "bible": differences.words(against.bible if against else chosen.bible, chosen.bible),
        "changes": shown if against else changes,
        "same": len(changes) - len(shown),
        "icons": kinds.CATEGORY_ICONS,
        **_pictures(found, chosen, against, versions[0]),
        "trouble": trouble,
        "next": reverse("subject_history", args=[found.code]),
        "usage": usage([found]).get(found.pk, Usage()),
        **impact.context(request, found),
    }
    return render(request, "library/history.html", context, status=status)


def _pictures(
    subject: Subject, chosen: SubjectVersion, against: SubjectVersion | None, newest: SubjectVersion
) -> dict[str, Any]:
    """What the sets held in both versions, a draft's being those of now; and what changed since the newest was locked."""
    now = pictures.frozen(subject) if chosen == newest else []
    held = chosen.pictures if chosen.locked_at else now
    before = against.pictures if against else None
    found = pictures.difference(before or [], held or [])
    since = pictures.difference(held, now) if chosen == newest and chosen.locked_at and held is not None else []
    images = (
        Image.objects.for_team(subject.team).filter(key__in=pictures.keys(held, before)).prefetch_related("renditions")
    )
    return {
        "pictures": found, "pictures_kept": held is not None, "pictures_compared": held is not None and before is not None,
        "pictures_since": pictures.said(since), "pictures_images": {image.key: image for image in images},
    }  # fmt: skip


def _numbered(versions: list[SubjectVersion], number: str) -> SubjectVersion | None:
    return next((v for v in versions if str(v.number) == number), None)


def _row(version: SubjectVersion, versions: list[SubjectVersion]) -> dict[str, Any]:
    """One version with a line that says what it did."""
    before = next((v for v in versions if v.number == version.number - 1), None)
    if before is None:
        count = len(version.markers.all())
        return {"version": version, "note": f"{count} marker{'' if count == 1 else 's'}"}
    words = [c.word for c in differences.markers(before.markers.all(), version.markers.all())]
    counts = [(words.count(word), word.lower()) for word in ("Changed", "Added", "Removed")]
    said = [f"{count} marker{'' if count == 1 else 's'} {word}" for count, word in counts if count]
    if before.bible != version.bible:
        said.append("bible changed")
    if before.pictures is not None and version.pictures is not None:
        said.append(pictures.said(pictures.difference(before.pictures, version.pictures)))
        said = [one for one in said if one]
    return {"version": version, "note": ", ".join(said).capitalize() or "Nothing changed yet"}
