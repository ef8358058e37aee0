"""The continuity of one scene: wardrobe, props, time of day and screen side, panel by panel."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studio.accounts.rights import Right
from studio.board import actions, continuity
from studio.board.errors import Refused
from studio.board.models import Scene
from studio.board.queries import heading
from studio.lib.typing import Request
from studio.views import access, htmx


@require_http_methods(["GET", "POST"])
def scene_continuity(request: Request, code: str) -> HttpResponse:
    """The table. POST with the `key` of a break: it is meant, or (`do=back`) not."""
    scene = access.scene_for(request, code, Right.DRAW if request.method == "POST" else Right.SEE)
    if request.method == "POST":
        act = actions.not_meant if request.POST.get("do") == "back" else actions.mean_so
        key = request.POST.get("key", "")[:64].replace("\0", "")
        try:
            act(scene=scene, key=key, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(f"{reverse('scene_continuity', args=[scene.code])}#breaks")
    context = {
        "scene": scene, "project": scene.project, "title": heading(scene), "found": continuity.of(scene),
        "scenes": Scene.objects.filter(project=scene.project, deleted=None),
    }  # fmt: skip
    return htmx.page(request, "continuity/scene.html", context)
