"""Links into a round: made, listed, given another address, revoked. An address is shown once, on the answer that made it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.forms.review import LinkForm
from studio.lib.typing import Request
from studio.notices import actions as notices
from studio.review import actions, watermarks
from studio.review.errors import Refused
from studio.review.models import Round, ShareLink
from studio.views import access_review as access
from studio.views import htmx


@require_http_methods(["GET", "POST"])
def link_new(request: Request, code: str) -> HttpResponse:
    """One more link into the round."""
    round_ = access.round_for(request, code, Right.PRODUCE)
    form, trouble = LinkForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_link(
                round=round_,
                by=request.user,
                key=given["key"],
                name=given["name"],
                email=given["email"],
                **form.options(),
            )
            return shown(request, round_, [made])
        except Refused as refused:
            trouble = str(refused)
    context = {"round": round_, "form": form, "trouble": trouble}
    return htmx.dialog(request, "review/link_dialog.html", context, status=422 if trouble or form.errors else 200)


@require_POST
def link_again(request: Request, code: str) -> HttpResponse:
    """Another address for the link; the old one stops working."""
    link = access.link_for(request, code)
    try:
        token = actions.new_address(link=link, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("round", link.round.code)
    return shown(request, link.round, [(link, token)])


@require_POST
def link_revoke(request: Request, code: str) -> HttpResponse:
    link = access.link_for(request, code)
    actions.revoke_link(link=link, by=request.user)
    watermarks.forget(link)
    messages.success(request, "Revoked. The link opens nothing any more.")
    return redirect(f"{reverse('round', args=[link.round.code])}#links")


def shown(request: Request, round_: Round, made: list[tuple[ShareLink, str]], *, sent: bool = False) -> HttpResponse:
    """Each address with a button that copies it. Kept by nobody: not by the studio, not by the browser."""
    rows = [(link, f"{settings.PUBLIC_URL}{reverse('door', args=[token])}" if token else "") for link, token in made]
    for link, token in made:
        link.letter = notices.tell_client(link=link, token=token, by=request.user)  # type: ignore[attr-defined]
    context = {
        "round": round_,
        "project": round_.project,
        "rows": rows,
        "sent": sent,
        "mails": bool(settings.EMAIL_HOST),
    }
    answer = htmx.dialog(request, "review/links_dialog.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
