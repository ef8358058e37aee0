"""The library: lists by kind, and the page of one subject."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.library import kinds
from studio.library.models import Subject
from studio.views import access


@require_GET
def subjects(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in kinds.BY_SLUG:
        raise Http404
    team = access.team(request)
    words = kinds.BY_SLUG[kind]
    rows = Subject.objects.for_team(team).of_kind(words.kind).order_by("name")
    return render(request, "library/subjects.html", {"words": words, "subjects": rows})


@require_GET
def subject(request: HttpRequest, code: str) -> HttpResponse:
    found = access.subject_for(request, code)
    return render(request, "library/subject.html", {"subject": found, "words": kinds.BY_KIND[found.kind]})
