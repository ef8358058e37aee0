"""Pictures of a reference set: uploaded one by one, tagged, ordered, moved to another set, removed, brought back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.rights import Right
from studio.forms.library import ReferenceForm
from studio.lib.typing import Request
from studio.library import actions, sets
from studio.library.models import Reference, ReferenceSet, View
from studio.media import intake
from studio.views import access, autosave, htmx, offers, outfits, subjects, undo
from studio.views.markers import neighbour


def page_of(reference_set: ReferenceSet, order: str = "") -> str:
    """The address of the page a set stands on."""
    if reference_set.outfit:
        address = reverse("outfit", args=[reference_set.outfit.code])
    else:
        address = reverse("subject", args=[reference_set.subject.code])
    return f"{address}?order={order}" if order == sets.SENT else address


def _context(request: Request, reference_set: ReferenceSet, order: str = "") -> dict[str, Any]:
    page = sets.page(reference_set, order or request.GET.get("order", ""))
    return {
        **offers.of(request, page),
        "page": page,
        "subject": reference_set.subject,
        "views": View.choices,
        "transfers": subjects.transfers(reference_set.subject, reference_set.pk),
    }


def _tiles(
    request: Request, reference_set: ReferenceSet, *, gone: undo.Undo | None = None, words: str = ""
) -> HttpResponse:
    """All tiles, with the dial and the missing views out of band; without scripts back to the page."""
    if not request.htmx:
        return redirect(page_of(reference_set, request.GET.get("order", "")))
    response = render(request, "library/_tiles_answer.html", {**_context(request, reference_set), "gone": gone})
    return htmx.announce(response, words) if words else response


@require_POST
def references_upload(request: Request, code: str) -> HttpResponse:
    """One file by script: its tile, or a sentence. Several by a plain form: a page that says what became of each."""
    reference_set = access.reference_set_for(request, code, Right.DRAW)
    form = ReferenceForm(request.POST)
    view = form.cleaned_data["view"] if form.is_valid() else ""
    detail = form.cleaned_data.get("detail", "") if form.is_valid() else ""
    files = request.FILES.getlist("file")
    outcomes = [_take_in(request, reference_set, file, view, detail) for file in files]
    if request.htmx:
        if len(outcomes) != 1:
            return _sentence("Send one file at a time.", 400)
        made, sentence, status = outcomes[0]
        if made is None:
            return _sentence(sentence, status)
        context = _context(request, reference_set)
        context["tile"] = next(tile for tile in context["page"].tiles if tile.reference.pk == made.pk)
        return render(request, "library/_uploaded.html", context)
    back = page_of(reference_set)
    if not files:
        messages.error(request, "No file was chosen.")
        return redirect(back)
    if all(made for made, _, _ in outcomes):
        messages.success(request, f"{len(files)} picture{'' if len(files) == 1 else 's'} added.")
        return redirect(back)
    rows = [
        {"name": intake.display_name(file.name or ""), "made": made, "sentence": sentence}
        for file, (made, sentence, _) in zip(files, outcomes, strict=True)
    ]
    context = {
        "rows": rows,
        "back": back,
        "added": sum(1 for row in rows if row["made"]),
        "subject": reference_set.subject,
    }
    return render(request, "library/uploaded.html", context, status=422)


def _take_in(
    request: Request, reference_set: ReferenceSet, file: UploadedFile, view: str, detail: str
) -> tuple[Reference | None, str, int]:
    """The reference, or the sentence and status of its refusal: 409 for the same bytes again, 422 for a bad file."""
    name = file.name or ""
    if (file.size or 0) > settings.UPLOAD_BYTES:
        return None, f"{intake.display_name(name)} is larger than 25 MB. {intake.WANTED}", 422
    try:
        made = actions.add_reference(
            reference_set=reference_set, by=request.user, name=name, data=file.read(), view=view, detail=detail
        )
    except actions.Duplicate as twice:
        return None, str(twice), 409
    except (actions.Refused, intake.Refused) as refused:
        return None, str(refused), 422
    return made, "", 200


def _sentence(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@require_POST
def reference_field(request: Request, code: str) -> HttpResponse:
    """The view, a detail's name, the note. The answer is all tiles, since their order and the dial follow from it."""
    reference = access.reference_for(request, code, Right.DRAW)
    reference_set = reference.reference_set

    def save(*, note: str, **values: Any) -> Reference:
        return actions.edit_reference(reference=reference, by=request.user, note_text=note, **values)

    return autosave.answer(
        request,
        ReferenceForm(request.POST),
        save,
        key=f"ref-{code}",
        back=page_of(reference_set, request.GET.get("order", "")),
        whole=lambda trouble: _whole(request, reference_set, trouble),
        shown=["view", "detail", "note"],
        code=reference_set.subject.code,
        done=lambda row: _tiles(request, reference_set),
    )


def _whole(request: Request, reference_set: ReferenceSet, trouble: autosave.Trouble) -> HttpResponse:
    if reference_set.outfit:
        return outfits.whole(request, reference_set.outfit, trouble)
    return subjects.whole(request, reference_set.subject, trouble)


@require_POST
def reference_move(request: Request, code: str) -> HttpResponse:
    """`after=` the neighbour's id (empty: first), or `step=earlier|later`, in the order sent."""
    reference = access.reference_for(request, code, Right.DRAW)
    ids = list(Reference.objects.filter(reference_set=reference.reference_set_id).values_list("pk", flat=True))
    place = actions.move_reference(reference=reference, by=request.user, after=neighbour(request, ids, reference.pk))
    words = f"{sets.label(reference)} moved to {place} of {len(ids)}"
    return _tiles(request, reference.reference_set, words=words)


@require_POST
def reference_delete(request: Request, code: str) -> HttpResponse:
    reference = access.reference_for(request, code, Right.DRAW)
    reference_set = reference.reference_set
    words = f"{sets.label(reference)} is removed."
    post = reverse("reference_restore", args=[reference_set.code])
    kept = actions.remove_reference(reference=reference, by=request.user)
    if request.htmx:
        return _tiles(request, reference_set, gone=undo.make(words, post, **kept), words=words)
    return redirect(undo.offer(page_of(reference_set), words, post, **kept))


@require_POST
def reference_restore(request: Request, code: str) -> HttpResponse:
    reference_set = access.reference_set_for(request, code, Right.DRAW)
    try:
        actions.restore_reference(reference_set=reference_set, by=request.user, kept=undo.kept(request))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return _tiles(request, reference_set, words="The picture is back")


@require_POST
def reference_transfer(request: Request, code: str) -> HttpResponse:
    """Into another set of the same subject: `to=` its code."""
    reference = access.reference_for(request, code, Right.DRAW)
    was = reference.reference_set
    to = access.reference_set_for(request, request.POST.get("to", ""), Right.DRAW)
    try:
        actions.transfer_reference(reference=reference, by=request.user, to=to)
        words = f"The picture is now with {to.outfit.name if to.outfit else to.subject.name}."
        messages.success(request, words)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return _tiles(request, was)
