"""A character's wardrobe: each outfit has its page, with a reference set of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.forms.library import SWATCHES, OutfitForm, first_error
from studio.lib.typing import Request
from studio.library import actions, sets
from studio.library.models import Outfit, View
from studio.views import access, autosave, htmx, offers, subjects, undo


@require_http_methods(["GET", "POST"])
def outfit_new(request: Request, code: str) -> HttpResponse:
    found = access.subject_for(request, code, Right.DRAW)
    form = OutfitForm(request.POST or None)
    error = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                made = actions.add_outfit(subject=found, by=request.user, **form.cleaned_data)
                return redirect("outfit", made.code)
            except actions.Refused as refused:
                error = str(refused)
        else:
            error = first_error(form)
    context = {"subject": found, "error": error, "typed": request.POST, "slots": _slots([])}
    return htmx.dialog(request, "library/outfit_dialog.html", context, status=422 if error else 200)


@require_GET
def outfit(request: Request, code: str) -> HttpResponse:
    return whole(request, access.outfit_for(request, code))


def whole(request: Request, found: Outfit, trouble: autosave.Trouble | None = None) -> HttpResponse:
    page = sets.page(found.reference_set, request.GET.get("order", ""))
    context: dict[str, Any] = {
        "outfit": found,
        "subject": found.subject,
        "page": page,
        "portrait": sets.portrait(t.reference for t in sorted(page.tiles, key=lambda tile: tile.number)),
        "slots": _slots(found.colours),
        "views": View.choices,
        "transfers": subjects.transfers(found.subject, found.reference_set.pk),
        "preset": request.GET.get("add", ""),
        "preset_detail": request.GET.get("detail", "")[:60],
        "trouble": trouble,
        "undo": undo.asked(request),
        **offers.of(request, page),
    }
    return render(request, "library/outfit.html", context, status=trouble.status if trouble else 200)


@require_POST
def outfit_field(request: Request, code: str) -> HttpResponse:
    found = access.outfit_for(request, code, Right.DRAW)

    def save(**values: Any) -> Outfit:
        return actions.edit_outfit(outfit=found, by=request.user, **values)

    return autosave.answer(
        request,
        OutfitForm(request.POST),
        save,
        key="outfit",
        back=reverse("outfit", args=[code]),
        whole=lambda trouble: whole(request, found, trouble),
        shown=["name", "description", "colours"],
        code=found.subject.code,
    )


@require_POST
def outfit_delete(request: Request, code: str) -> HttpResponse:
    found = access.outfit_for(request, code, Right.DRAW)
    actions.delete_outfit(outfit=found, by=request.user)
    back = reverse("subject", args=[found.subject.code])
    words = f"{found.name} is out of the wardrobe. Panels that name it keep it."
    return redirect(undo.offer(back, words, reverse("outfit_restore", args=[code])))


@require_POST
def outfit_restore(request: Request, code: str) -> HttpResponse:
    found = access.outfit_for(request, code, Right.DRAW, deleted=True)
    actions.restore_outfit(outfit=found, by=request.user)
    messages.success(request, f"{found.name} is back.")
    return redirect("outfit", code)


def _slots(colours: list[str]) -> list[dict[str, Any]]:
    """The colour controls of the form, filled from the front."""
    filled = [*colours, *[""] * SWATCHES][:SWATCHES]
    return [{"name": f"colour{n}", "value": colour, "label": f"Colour {n}"} for n, colour in enumerate(filled, 1)]
