"""The first page: a welcome while the team has nothing, its projects after that; the sample; starting from pictures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.rights import Right
from studio.board.models import Project
from studio.library import actions as library
from studio.library.models import Kind, Subject
from studio.media import intake
from studio.sample import actions as sample
from studio.views import access

UNNAMED = "Untitled character"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    team = access.team(request)
    if Project.objects.for_team(team).exists() or Subject.objects.for_team(team).exists():
        return redirect("projects")
    return render(request, "home/welcome.html", {"here": "projects"})


@require_POST
def start_with_pictures(request: HttpRequest) -> HttpResponse:
    """The pictures become the references of a new character, still without a name. What was no good is said."""
    team, by = access.team(request, Right.DRAW), access.me(request)
    files = request.FILES.getlist("file")
    if not files:
        messages.error(request, "No file was chosen.")
        return redirect("home")
    subject = library.create_subject(team=team, by=by, kind=Kind.CHARACTER, name=UNNAMED)
    in_set, added = subject.default_set, 0
    for file in files:
        try:
            library.add_reference(reference_set=in_set, by=by, name=file.name or "", data=file.read())
            added += 1
        except (intake.Refused, library.Refused) as refusal:
            messages.error(request, str(refusal))
    if not added:
        library.delete_subject(subject=subject, by=by)
        return redirect("home")
    messages.success(request, f"{added} picture{'' if added == 1 else 's'} added. Give the character a name.")
    return redirect("subject", subject.code)


@require_POST
def sample_load(request: HttpRequest) -> HttpResponse:
    """Pressed twice it leads to the one that is there. Its takes are drawn while one looks around."""
    team = access.team(request, Right.PRODUCE)
    project = sample.load(team=team, by=access.me(request))
    return redirect("board", project.code)


@require_POST
def sample_remove(request: HttpRequest) -> HttpResponse:
    team = access.team(request, Right.DELETE)
    kept = sample.remove(team=team, by=access.me(request))
    stay = f" Your own panels show {', '.join(kept)}, so that stays." if kept else ""
    messages.success(request, f"The sample is gone.{stay}")
    return redirect("home")
