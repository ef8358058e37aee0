"""The whole site as a table of contents."""

from __future__ import annotations

from django.urls import path

from studio.views import errors, exports, keys, profile, projects, signing_in, subjects, team
from studio.views import home as first
from studio.views import media as media_views

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error

home = [
    path("", first.home, name="home"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<str:code>/settings/", projects.project_settings, name="project_settings"),
    path("projects/<str:code>/delete/", projects.project_delete, name="project_delete"),
    path("projects/<str:code>/restore/", projects.project_restore, name="project_restore"),
    path("me/", profile.profile, name="profile"),
    path("me/theme/", profile.theme, name="theme"),
    path("team/switch/", profile.team_switch, name="team_switch"),
    path("keys/", keys.keys, name="keys"),
]
people = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/link/", signing_in.sign_in_link, name="sign_in_link"),
    path("enter/<str:token>/", signing_in.enter, name="enter"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("join/<str:token>/", signing_in.join, name="join"),
    path("me/password/", signing_in.password, name="password"),
    path("me/sessions/end/", team.sessions_end, name="sessions_end"),
    path("me/sessions/<int:pk>/end/", team.session_end, name="session_end"),
    path("team/", team.team, name="team"),
    path("team/members/<int:pk>/", team.member_role, name="member_role"),
    path("team/members/<int:pk>/remove/", team.member_remove, name="member_remove"),
    path("team/invitations/", team.invitation_new, name="invitation_new"),
    path("team/invitations/<str:code>/again/", team.invitation_again, name="invitation_again"),
    path("team/invitations/<str:code>/withdraw/", team.invitation_withdraw, name="invitation_withdraw"),
]
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
media = [
    path("media/<slug:key>/original/", media_views.original, name="original"),
    path("media/<slug:key>/<slug:spec>/", media_views.rendition, name="rendition"),
]

urlpatterns = [*home, *people, *library, *board, *drawing, *out, *media]
_ = path
