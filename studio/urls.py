"""The whole site as a table of contents."""

from __future__ import annotations

from django.urls import path

from studio.views import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

home: list = []  # projects, welcome
people: list = []  # signing in, team, invitations, me
library: list = []  # subjects, markers, outfits, references
board: list = []  # projects, scenes, panels, cast
drawing: list = []  # estimates, takes, batches, prompts
out: list = []  # exports
media: list = []

urlpatterns = [*home, *people, *library, *board, *drawing, *out, *media]
_ = path
