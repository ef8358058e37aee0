"""The second step of signing in: a passkey, a code or a recovery code, after the password or link."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import respond_429
from allauth.mfa.base.views import AuthenticateView
from django.http import HttpResponse
from django.views.generic import TemplateView

from studio.accounts import limits
from studio.accounts import second_step as steps
from studio.lib.typing import Request


class SecondStep(AuthenticateView):
    """allauth's view, which knows the stages of signing in, with our limits, statuses and a page that outlives a broken passkey."""

    request: Request

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if "code" not in request.POST and not limits.allowed(request, "passkey"):  # a code is counted by its form
            return respond_429(request)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        answer.status_code = 429 if form.has_error("code", "too_many") else 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options, unreadable = steps.begin_second(self.stage.login.user)
        page = TemplateView.get_context_data(self, **kwargs)
        forms = {"form": self.auth_form, "webauthn_form": self.webauthn_form}
        return {**page, **forms, "options": options, "unreadable": unreadable}


second_step = SecondStep.as_view()
