"""A take of a panel used as a reference: of whom, in which clothes, from which side."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board.models import Appearance, Take
from studio.forms.making import LendForm
from studio.generation.errors import Refused
from studio.lib.typing import Request
from studio.library import actions as library
from studio.library.models import ReferenceSet, View
from studio.making import actions
from studio.views import access, htmx
from studio.views.references import page_of


@require_http_methods(["GET", "POST"])
def take_reference(request: Request, code: str) -> HttpResponse:
    """Whose reference it becomes is asked; those in the panel come first."""
    take = access.take_for(request, code, Right.DRAW)
    error = ""
    form = LendForm(request.POST or None)
    if request.method == "POST":
        error = "Choose whose reference it becomes."
        if form.is_valid():
            to = access.reference_set_for(request, form.cleaned_data["to"], Right.DRAW)
            try:
                actions.lend(
                    take=take,
                    reference_set=to,
                    by=request.user,
                    view=form.cleaned_data["view"],
                    detail=form.cleaned_data["detail"],
                )
                messages.success(
                    request,
                    f"Take {take.number} of {take.panel.label} is a reference now. Crop it here if more is in it.",
                )
                return redirect(page_of(to))
            except (library.Refused, Refused) as refused:
                error = str(refused)
    here, others = _sets(take)
    context = {"take": take, "panel": take.panel, "project": take.panel.scene.project, "here": here, "others": others}
    context |= {"views": View.choices, "error": error, "typed": request.POST}
    return htmx.dialog(request, "making/take_dialog.html", context, status=422 if error else 200)


def _sets(take: Take) -> tuple[list[ReferenceSet], list[ReferenceSet]]:
    """The sets of those who are in the panel, and all others of the team, by name. Two queries."""
    rows = ReferenceSet.objects.select_related("subject", "outfit").filter(
        subject__team=take.panel.scene.project.team_id, subject__deleted=None, outfit__deleted=None
    )
    found = list(rows.order_by("subject__name", "subject_id", "outfit__position", "pk"))
    cast = set(Appearance.objects.filter(panel=take.panel_id).values_list("subject_id", flat=True))
    return [one for one in found if one.subject_id in cast], [one for one in found if one.subject_id not in cast]
