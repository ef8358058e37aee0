"""What the linter says of a bible, while it is written and before it is locked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.lib.typing import Request
from studio.library import lint
from studio.library.models import Subject, SubjectVersion
from studio.views import access

READ = 6000  # characters: the longest bible that can be saved


@require_POST
def subject_lint(request: Request, code: str) -> HttpResponse:
    """The findings for a text that is not saved yet. Nothing is written."""
    found = access.subject_for(request, code, Right.DRAW)
    version = found.draft or found.locked
    assert version is not None, "a subject is made with a version"
    text = request.POST.get("bible", version.bible)[:READ].replace("\r\n", "\n")
    return render(request, "library/_lint.html", {"subject": found, **of(found, version, text)})


def of(subject: Subject, version: SubjectVersion, text: str | None = None) -> dict[str, Any]:
    """`findings`, how many are grave, and `lint_marked`: the text in stretches with the number of the finding each belongs to."""
    text = version.bible if text is None else text
    findings = lint.bible(
        text, kind=subject.kind, markers=version.markers.all(), outfits=subject.outfits.filter(deleted=None)
    )
    grave = sum(finding.weight == lint.GRAVE for finding in findings)
    return {
        "findings": findings,
        "grave": grave,
        "lint_marked": lint.marked(text, findings),
        "linted": bool(text.strip()),
    }
