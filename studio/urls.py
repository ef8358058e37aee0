"""The whole site as a table of contents."""

from __future__ import annotations

from allauth.mfa.base.views import authenticate as second_step
from django.urls import path

from studio.views import board as boards
from studio.views import (
    cast,
    drawing,
    errors,
    exports,
    keys,
    markers,
    outfits,
    panels,
    profile,
    projects,
    prompts,
    references,
    scenes,
    signing_in,
    subjects,
    takes,
    team,
    versions,
)
from studio.views import home as first
from studio.views import media as media_views

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error

home = [
    path("", first.home, name="home"),
    path("start/pictures/", first.start_with_pictures, name="start_with_pictures"),
    path("sample/", first.sample_load, name="sample_load"),
    path("sample/remove/", first.sample_remove, name="sample_remove"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<str:code>/field/", projects.project_field, name="project_field"),
    path("projects/<str:code>/settings/", projects.project_settings, name="project_settings"),
    path("projects/<str:code>/duplicate/", projects.project_duplicate, name="project_duplicate"),
    path("projects/<str:code>/delete/", projects.project_delete, name="project_delete"),
    path("projects/<str:code>/restore/", projects.project_restore, name="project_restore"),
    path("me/", profile.profile, name="profile"),
    path("me/theme/", profile.theme, name="theme"),
    path("team/switch/", profile.team_switch, name="team_switch"),
    path("me/keys/", keys.letter_keys, name="letter_keys"),
    path("keys/", keys.keys, name="keys"),
]
people = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/link/", signing_in.sign_in_link, name="sign_in_link"),
    path("sign-in/", signing_in.sign_in, name="account_login"),  # as allauth calls it
    path("sign-in/code/", second_step, name="mfa_authenticate"),
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
    path("library/<slug:kind>/new/", subjects.subject_new, name="subject_new"),
    path("subjects/<slug:code>/", subjects.subject, name="subject"),
    path("subjects/<slug:code>/field/", subjects.subject_field, name="subject_field"),
    path("subjects/<slug:code>/delete/", subjects.subject_delete, name="subject_delete"),
    path("subjects/<slug:code>/restore/", subjects.subject_restore, name="subject_restore"),
    path("subjects/<slug:code>/lock/", versions.subject_lock, name="subject_lock"),
    path("subjects/<slug:code>/next/", versions.subject_next_version, name="subject_next_version"),
    path("subjects/<slug:code>/history/", versions.subject_history, name="subject_history"),
    path("subjects/<slug:code>/markers/", markers.marker_add, name="marker_add"),
    path("markers/<int:pk>/", markers.marker_edit, name="marker_edit"),
    path("markers/<int:pk>/delete/", markers.marker_delete, name="marker_delete"),
    path("markers/<int:pk>/move/", markers.marker_move, name="marker_move"),
    path("subjects/<slug:code>/outfits/", outfits.outfit_new, name="outfit_new"),
    path("outfits/<slug:code>/", outfits.outfit, name="outfit"),
    path("outfits/<slug:code>/field/", outfits.outfit_field, name="outfit_field"),
    path("outfits/<slug:code>/delete/", outfits.outfit_delete, name="outfit_delete"),
    path("outfits/<slug:code>/restore/", outfits.outfit_restore, name="outfit_restore"),
    path("sets/<slug:code>/upload/", references.references_upload, name="references_upload"),
    path("sets/<slug:code>/restore/", references.reference_restore, name="reference_restore"),
    path("references/<slug:code>/", references.reference_field, name="reference_field"),
    path("references/<slug:code>/move/", references.reference_move, name="reference_move"),
    path("references/<slug:code>/delete/", references.reference_delete, name="reference_delete"),
    path("references/<slug:code>/transfer/", references.reference_transfer, name="reference_transfer"),
]
board = [
    path("projects/<str:code>/", boards.board, name="board"),
    path("projects/<str:code>/bulk/", boards.panels_bulk, name="panels_bulk"),
    path("projects/<str:code>/words/", boards.project_words, name="project_words"),
    path("projects/<str:code>/cast/", cast.project_cast, name="project_cast"),
    path("projects/<str:code>/scenes/", scenes.scene_add, name="scene_add"),
    path("scenes/<str:code>/", scenes.scene_edit, name="scene_edit"),
    path("scenes/<str:code>/field/", scenes.scene_field, name="scene_field"),
    path("scenes/<str:code>/move/", scenes.scene_move, name="scene_move"),
    path("scenes/<str:code>/duplicate/", scenes.scene_duplicate, name="scene_duplicate"),
    path("scenes/<str:code>/delete/", scenes.scene_delete, name="scene_delete"),
    path("scenes/<str:code>/restore/", scenes.scene_restore, name="scene_restore"),
    path("scenes/<str:code>/panels/", panels.panel_add, name="panel_add"),
    path("panels/<str:code>/", panels.panel, name="panel"),
    path("panels/<str:code>/inspector/", panels.inspector, name="inspector"),
    path("panels/<str:code>/card/", panels.card, name="card"),
    path("panels/<str:code>/look/", panels.look, name="panel_look"),
    path("panels/<str:code>/menu/", panels.panel_menu, name="panel_menu"),
    path("panels/<str:code>/field/", panels.panel_field, name="panel_field"),
    path("panels/<str:code>/move/", panels.panel_move, name="panel_move"),
    path("panels/<str:code>/duplicate/", panels.panel_duplicate, name="panel_duplicate"),
    path("panels/<str:code>/delete/", panels.panel_delete, name="panel_delete"),
    path("panels/<str:code>/restore/", panels.panel_restore, name="panel_restore"),
    path("panels/<str:code>/cast/", cast.cast_add, name="cast_add"),
    path("cast/<int:pk>/", cast.cast_edit, name="cast_edit"),
    path("cast/<int:pk>/remove/", cast.cast_remove, name="cast_remove"),
]
pictures = [  # estimates, takes, batches, prompts
    path("projects/<str:code>/estimate/", drawing.estimate, name="estimate"),
    path("projects/<str:code>/batches/", drawing.batch_start, name="batch_start"),
    path("projects/<str:code>/takes/", takes.project_takes, name="project_takes"),
    path("panels/<str:code>/draw/", drawing.panel_draw, name="panel_draw"),
    path("panels/<str:code>/pictures/", takes.panel_pictures, name="panel_pictures"),
    path("panels/<str:code>/compare/", takes.compare, name="compare"),
    path("panels/<str:code>/prompt/", prompts.prompt, name="prompt"),
    path("takes/<str:code>/", takes.take, name="take"),
    path("takes/<str:code>/pick/", takes.take_pick, name="take_pick"),
    path("batches/<str:code>/", drawing.batch, name="batch"),
    path("batches/<str:code>/cancel/", drawing.batch_cancel, name="batch_cancel"),
    path("jobs/<str:code>/retry/", drawing.job_retry, name="job_retry"),
    path("jobs/<str:code>/cancel/", drawing.job_cancel, name="job_cancel"),
]
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

urlpatterns = [*home, *people, *library, *board, *pictures, *out, *media]
_ = path
