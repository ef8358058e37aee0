"""The whole site as a table of contents."""

from __future__ import annotations

from django.urls import path

from studio.views import errors, exports, subjects

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

home: list = []  # projects, welcome
people: list = []  # signing in, team, invitations, me
library = [
    path("library/<slug:kind>/", subjects.subjects, name="subjects"),
    path("subjects/<slug:code>/", subjects.subject, name="subject"),
]
board: list = []  # projects, scenes, panels, cast
drawing: list = []  # estimates, takes, batches, prompts
out: list = [  # exports
    path("projects/<str:code>/export/", exports.export_new, name="export_new"),
    path("projects/<str:code>/exports/", exports.exports, name="exports"),
    path("exports/<str:code>/", exports.export, name="export"),
    path("exports/<str:code>/download/", exports.export_download, name="export_download"),
    path("exports/<str:code>/cancel/", exports.export_cancel, name="export_cancel"),
]
media: list = []

urlpatterns = [*home, *people, *library, *board, *drawing, *out, *media]
_ = path
