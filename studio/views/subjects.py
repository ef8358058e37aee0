"""The library: lists by kind, the page of one subject, making, naming, deleting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.board.queries import where_used
from studio.board.usage import Usage, usage
from studio.consistency.queries import scores
from studio.forms.library import BibleForm, NewSubjectForm, SubjectForm, categories_for, first_error
from studio.lib.typing import Request
from studio.library import actions, differences, kinds, sets
from studio.library.models import Kind, Subject, View
from studio.views import access, autosave, htmx, lint, offers, undo

SHOWN = 200  # cards a list shows before it asks for a search


def words_for(kind: str) -> kinds.Words:
    if kind not in kinds.BY_SLUG:
        raise Http404
    return kinds.BY_SLUG[kind]


@require_GET
def subjects(request: Request, kind: str) -> HttpResponse:
    words = words_for(kind)
    team = access.team(request)
    wanted = request.GET.get("q", "").strip()[:80]
    rows = Subject.objects.for_team(team).of_kind(words.kind)
    total = rows.count()
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    found = list(rows.with_portrait().order_by("name", "pk")[:SHOWN])
    counts = usage(found)
    cards = [
        {
            "subject": subject,
            "portrait": sets.portrait(subject.default_set.references.all()),
            "coverage": sets.card_coverage(subject),
            "locked": subject.locked,
            "usage": counts.get(subject.pk, Usage()),
        }
        for subject in found
    ]
    more = len(found) == SHOWN and total > SHOWN
    context = {"words": words, "cards": cards, "total": total, "wanted": wanted, "more": more, "here": words.slug}
    return htmx.page(
        request, "library/subjects.html", {**context, "undo": undo.asked(request)}, partial="library/_cards.html"
    )


@require_http_methods(["GET", "POST"])
def subject_new(request: Request, kind: str) -> HttpResponse:
    words = words_for(kind)
    team = access.team(request, Right.DRAW)
    form = NewSubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_subject(team=team, by=request.user, kind=words.kind, **form.cleaned_data)
        return redirect("subject", made.code)
    error = first_error(form) if form.is_bound else ""
    context = {"words": words, "error": error, "typed": request.POST, "kinds": Kind, "species": Subject.Species}
    return htmx.dialog(request, "library/new_dialog.html", context, status=422 if error else 200)


@require_GET
def subject(request: Request, code: str) -> HttpResponse:
    found = access.subject_for(request, code)
    return whole(request, found)


def whole(request: Request, found: Subject, trouble: autosave.Trouble | None = None) -> HttpResponse:
    """The subject's page; with a trouble it carries what was typed and the trouble's status."""
    versions = list(found.versions.select_related("locked_by").prefetch_related("markers"))
    draft = next((v for v in versions if not v.locked_at), None)
    locked = max((v for v in versions if v.locked_at), key=lambda v: v.number, default=None)
    version = draft or locked
    assert version is not None, "a subject is made with a version"
    default = found.reference_sets.select_related("subject", "outfit").filter(outfit=None)[0]
    page = sets.page(default, request.GET.get("order", ""))
    context: dict[str, Any] = {
        "subject": found,
        "words": kinds.BY_KIND[found.kind],
        "version": version,
        "draft": draft,
        "locked": locked,
        "next_number": version.number + 1,
        "markers": list(version.markers.all()),
        "scores": scores(version) if version.locked_at else {},
        "marked": differences.marked(version.bible, [m.phrase for m in version.markers.all()])
        if version.locked_at
        else (),
        "categories": categories_for(found.kind),
        "icons": kinds.CATEGORY_ICONS,
        "page": page,
        "portrait": sets.portrait(t.reference for t in sorted(page.tiles, key=lambda tile: tile.number)),
        "wardrobe": sets.wardrobe(found) if found.kind == Kind.CHARACTER else None,
        "usage": usage([found]).get(found.pk, Usage()),
        "views": View.choices,
        "transfers": transfers(found, default.pk),
        "preset": request.GET.get("add", ""),
        "preset_detail": request.GET.get("detail", "")[:60],
        "species": Subject.Species,
        "trouble": trouble,
        "undo": undo.asked(request),
        **offers.of(request, page),
        **(lint.of(found, draft) if draft else {}),
    }
    return render(request, "library/subject.html", context, status=trouble.status if trouble else 200)


def transfers(found: Subject, here: int) -> list[tuple[str, str]]:
    """The other sets of the subject, as (code, name): where a picture may go."""
    rows = found.reference_sets.filter(outfit__deleted=None).select_related("outfit").order_by("outfit__position", "pk")
    return [(s.code, s.outfit.name if s.outfit else found.name) for s in rows if s.pk != here]


@require_POST
def subject_field(request: Request, code: str) -> HttpResponse:
    """The bible of the draft, or name and species."""
    found = access.subject_for(request, code, Right.DRAW)
    back = reverse("subject", args=[code])
    common: dict[str, Any] = {"back": back, "code": code, "whole": lambda trouble: whole(request, found, trouble)}
    if "bible" not in request.POST:

        def rename(**values: Any) -> Subject:
            return actions.rename_subject(subject=found, by=request.user, **values)

        return autosave.answer(request, SubjectForm(request.POST), rename, key="name", shown=["name"], **common)
    version = found.draft or found.locked
    assert version is not None, "a subject is made with a version"

    def save(**values: Any) -> Any:
        return actions.save_bible(version=version, by=request.user, **values)

    return autosave.answer(request, BibleForm(request.POST), save, key="bible", shown=["bible"], **common)


@require_POST
def subject_delete(request: Request, code: str) -> HttpResponse:
    """Where it is still seen is said; those panels keep it."""
    found = access.subject_for(request, code, Right.DRAW)
    panels = where_used(found)
    actions.delete_subject(subject=found, by=request.user)
    words = f"{found.name} is out of the library."
    if panels:
        words += f" {_places(panels)} still show{'s' if len(panels) == 1 else ''} {found.name}, and keep it."
    list_page = reverse("subjects", args=[kinds.BY_KIND[found.kind].slug])
    return redirect(undo.offer(list_page, words, reverse("subject_restore", args=[code])))


@require_POST
def subject_restore(request: Request, code: str) -> HttpResponse:
    found = access.subject_for(request, code, Right.DRAW, deleted=True)
    actions.restore_subject(subject=found, by=request.user)
    messages.success(request, f"{found.name} is back.")
    return redirect("subject", code)


def _places(panels: list[Any]) -> str:
    """ "Night ferry 1A, 1B and 4 more panels": the first few by name."""
    shown = panels[:6]
    by_project: dict[str, list[str]] = {}
    for panel in shown:
        by_project.setdefault(panel.scene.project.title, []).append(panel.label)
    named = "; ".join(f"{title} {', '.join(labels)}" for title, labels in by_project.items())
    more = len(panels) - len(shown)
    return f"{named} and {more} more panel{'' if more == 1 else 's'}" if more else named
