"""Attempts that nobody knows the end of: having the service asked, and settling by hand."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.rights import Right
from studio.forms.spend import SettleForm
from studio.generation import actions
from studio.generation.errors import Refused
from studio.generation.models import Job
from studio.lib.typing import Request
from studio.views import access, bars, htmx, ways
from studio.views.board import cards


@require_POST
def job_check(request: Request, code: str) -> HttpResponse:
    """The worker asks the service what became of this attempt. Never a new payment."""
    job = access.job_for(request, code, Right.DRAW)
    words = f"{'Fetching' if job.paid_for else 'Asking what became of'} panel {job.panel.label}{' again' if job.paid_for else ''}."
    try:
        actions.check_job(job=job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request, job))
    if request.htmx and request.htmx.target == "batch":
        return _on_board(request, job, words)
    messages.info(request, words)
    return redirect(_back(request, job))


def _on_board(request: Request, job: Job, words: str) -> HttpResponse:
    """The bar, which asks from now on, and the card."""
    project = job.panel.scene.project
    body = render_to_string("batches/_bar.html", {**bars.bar_context(job.batch), "project": project}, request=request)
    return htmx.announce(HttpResponse(body + cards(request, project, [job.panel])), words)


@require_http_methods(["GET", "POST"])
def job_settle(request: Request, code: str) -> HttpResponse:
    """What the bill says of this attempt, by whom and why. The first who says so is believed."""
    job = access.job_for(request, code, Right.PRODUCE)
    form = SettleForm(request.POST or None, initial={"amount": f"{job.estimate.normalize():f}"})
    if request.method == "POST" and form.is_valid():
        try:
            settled = actions.settle_job(job=job, by=request.user, amount=Decimal(form.dollars), why=form.cleaned_data["why"])  # fmt: skip
            messages.success(request, "Settled." if settled else "Somebody settled this already. Theirs stands.")
            return redirect(_back(request, job, reverse("spend")))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "job": job, "form": form, "paid": form["paid"].value(), "next": _back(request, job, reverse("spend")), "way": actions.way(job),
    }  # fmt: skip
    return htmx.dialog(request, "spend/settle_dialog.html", context, status=422 if form.errors else 200)


def _back(request: Request, job: Job, otherwise: str = "") -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return ways.ours(request, wanted) or otherwise or reverse("panel", args=[job.panel.code])
