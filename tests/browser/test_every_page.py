"""Every page, in both themes: nothing for axe to find, nothing on the console, no sideways scroll on a phone.

A route that is neither a page here nor named below as something else fails.
"""

from __future__ import annotations

import uuid

import pytest
from django.urls import get_resolver, reverse

from studio import models
from studio.accounts import actions as accounts
from studio.consistency.actions import judge
from studio.library.models import Kind
from studio.notices import stopping
from studio.review import actions as reviews
from tests import makers
from tests.browser.conftest import COLOURS
from tests.browser.waiting import says

# Pages, with what their address is made of.
PAGES = {
    "home": lambda w: [],
    "projects": lambda w: [],
    "project_new": lambda w: [],
    "project_settings": lambda w: [w.project.code],
    "profile": lambda w: [],
    "keys": lambda w: [],
    "sign_in": None,
    "account_login": None,
    "mfa_authenticate": None,  # leads back to the sign-in
    "enter": lambda w: [accounts.make_sign_in_link(user=w.ada)],
    "join": lambda w: [accounts.invite(team=w.team, by=w.ada, role="artist")[1]],
    "password": lambda w: [],
    "team": lambda w: [],
    "team_log": lambda w: [],
    "security": lambda w: [],
    "prove": lambda w: [],
    "passkey_add": lambda w: [],  # these three lead to the proof first; test_people.py goes on from there
    "codes_on": lambda w: [],
    "team_owner": lambda w: [],
    "everyone_second_step": lambda w: [],
    "invitation_new": lambda w: [],
    "engines": lambda w: [],
    "engine_models": lambda w: [],
    "account_new": lambda w: [],
    "account": lambda w: [w.account.code],
    "account_key": lambda w: [w.account.code],
    "account_limit": lambda w: [w.account.code],
    "account_callbacks": lambda w: [w.account.code],
    "account_remove": lambda w: [w.account.code],
    "spend": lambda w: [],
    "spend_limits": lambda w: [],
    "job_settle": lambda w: [w.unknown.code],
    "member_remove": lambda w: [w.pavel.memberships.get().pk],
    "subjects": lambda w: ["characters"],
    "subject_new": lambda w: ["characters"],
    "subject": lambda w: [w.noor.code],
    "subject_lock": lambda w: [w.draft.code],
    "subject_history": lambda w: [w.noor.code],
    "outfit_new": lambda w: [w.noor.code],
    "outfit": lambda w: [w.outfit.code],
    "set_sides": lambda w: [w.noor.default_set.code],
    "board": lambda w: [w.project.code],
    "panels_bulk": lambda w: [w.project.code],
    "project_cast": lambda w: [w.project.code],
    "scene_add": lambda w: [w.project.code],
    "scene_continuity": lambda w: [w.scene.code],
    "scene_edit": lambda w: [w.scene.code],
    "panel": lambda w: [w.panel.code],
    "panel_look": lambda w: [w.panel.code],
    "panel_menu": lambda w: [w.panel.code],
    "estimate": lambda w: [w.project.code],
    "promote": lambda w: [w.project.code],
    "take_promote": lambda w: [w.take.code],
    "take_reference": lambda w: [w.take.code],
    "passes": lambda w: [w.panel.code],
    "restyle": lambda w: [w.project.code],
    "campaign": lambda w: [w.project.code],
    "project_takes": lambda w: [w.project.code],
    "compare": lambda w: [w.panel.code],
    "project_template": lambda w: [w.project.code],
    "prompt": lambda w: [w.panel.code],
    "take": lambda w: [w.take.code],
    "consistency": lambda w: [w.project.code],
    "project_usable": lambda w: [w.project.code],
    "team_usable": lambda w: [],
    "project_impact": lambda w: [w.project.code],
    "verdict": lambda w: [w.take.code, w.marker.pk],
    "reference_cut": lambda w: [w.cut.reference.code],
    "cut": lambda w: [w.cut.code],
    "colours": lambda w: [w.project.code],
    "colour": lambda w: [w.take.code, w.marker.pk],
    "export_new": lambda w: [w.project.code],
    "exports": lambda w: [w.project.code],
    "queue": lambda w: [],
    "export": lambda w: [w.export.code],
    "present": lambda w: [w.project.code],
    "round_present": lambda w: [w.round.code],
    "shared_present": lambda w: [w.share_token],  # not inside: leads to the door
    "activity": lambda w: [],
    "project_activity": lambda w: [w.project.code],
    "notices": lambda w: [],
    "stop": lambda w: [stopping.address(user=w.ada.pk, kinds=["due"]).split("/")[-2]],
    "hooks": lambda w: [],
    "hook_new": lambda w: [],
    "hook": lambda w: [makers.delivery(makers.hook(w.team, w.ada), state="failed").hook.code],
    "hook_remove": lambda w: [makers.hook(w.team, w.ada).code],
    "rounds": lambda w: [w.project.code],
    "round_send": lambda w: [w.project.code],
    "review_rules": lambda w: [w.project.code],
    "round": lambda w: [w.round.code],
    "round_close": lambda w: [w.round.code],
    "round_withdraw": lambda w: [w.round.code],
    "round_signed": lambda w: [w.signed.code],
    "round_panel": lambda w: [w.round.code, w.round.panels.first().code],
    "round_compare": lambda w: [w.round.code, w.round.panels.first().code],
    "shared_panel": lambda w: [w.share_token, w.round.panels.first().code],  # these two lead to the door
    "shared_compare": lambda w: [w.share_token, w.round.panels.first().code],
    "link_new": lambda w: [w.round.code],
    "door": lambda w: [w.share_token],
    "guest_name": lambda w: [w.share_token],  # not inside: leads to the door
}
# Routes that are no page: files, and pieces that only htmx asks for.
FILES = {
    "shared_original",
    "shared_picture",
    "notice",
    "original",
    "rendition",
    "export_download",
    "handed",
    "project_usable_csv",
    "team_usable_csv",
    "spend_csv",
    "spend_summary_csv",
    "team_log_csv",
    "sign_in_passkey",
}
PIECES = {
    "round_now",
    "shared_now",
    "round_news",
    "shared_news",
    "subject_impact",
    "inspector",
    "card",
    "panel_pictures",
    "batch",
    "set_making",
}


class World:
    """One of everything, so that each page has something to show."""

    def __init__(self, team, ada, pavel):
        self.team, self.ada, self.pavel = team, ada, pavel
        marks = [("black bob, cut at the jaw", "hair", "#1d1a1b"), ("a mole under the left eye", "mark", "")]
        self.noor = makers.subject(team, "Noor", locked=True, markers=marks)
        self.draft = makers.subject(team, "Ilse", markers=marks)
        makers.subject(team, "Flask", Kind.PRODUCT)
        self.outfit = makers.outfit(self.noor)
        picture = makers.image(team)
        front = makers.reference(self.noor.default_set, img=picture)
        self.cut = makers.cut(front, image=makers.image(team))
        makers.reference(self.noor.default_set, "profile_left")
        makers.proposal(self.noor.default_set, img=picture)
        self.project = makers.project(team, client="Harbour")
        self.scene = makers.scene(self.project)
        self.panel = makers.panel(self.scene, dialogue="Come on. Hold.")
        makers.appearance(self.panel, self.noor, outfit=self.outfit, where="left")
        self.take = makers.take(self.panel, picture, picked=True, versions={self.noor.code: 1})
        self.marker = self.noor.versions.get().markers.first()
        judge(take=self.take, marker=self.marker, result="drifted", by=pavel, revision=0)
        makers.take(self.panel, picture)
        self.signed = reviews.close_round(round=reviews.send_round(project=self.project, by=pavel), by=pavel)
        self.round = reviews.send_round(project=self.project, by=pavel, message="Please look.", people=[ada])
        reviews.make_link(round=self.round, by=pavel, name="Dana Okafor")
        self.share_token = reviews.make_link(round=self.round, by=pavel, password="open sesame")[1]
        self.account = makers.account(team, "hiapi, main", "hiapi", health="key", monthly_cap=80)
        makers.account(team, on=False)
        lost = makers.panel(self.scene, state="changes")
        batch = models.Batch.objects.create(team=team, project=self.project, key=uuid.uuid4(), created_by=ada)
        models.Job.objects.create(
            batch=batch, panel=lost, engine="sketch", model="sketch", state="failed",
            error="The engine took too long.", remedy="Usually passes on a second try.", charged=False,
        )  # fmt: skip
        self.unknown = models.Job.objects.create(
            batch=batch, panel=makers.panel(self.scene), engine="hiapi", account=self.account, model="Nano-Banana-Pro", tier="hero",
            state="unknown", error="The line broke after sending.", estimate="0.17", counted="0.17",
        )  # fmt: skip
        models.Job.objects.create(
            batch=batch, panel=self.panel, engine="hiapi", account=self.account, model="Nano-Banana", tier="draft", state="done",
            take=self.take, charged=True, estimate="0.05", counted="0.05",
        )  # fmt: skip
        self.export = models.Export.objects.create(
            team=team, project=self.project, key=uuid.uuid4(), format="pdf", created_by=ada
        )


@pytest.fixture
def world(team, ada, pavel):
    return World(team, ada, pavel)


def test_it_knows_every_route(client, world):
    """What is left over takes nothing but POST."""
    client.force_login(world.ada)
    for pattern in get_resolver().url_patterns:
        if pattern.name in {*PAGES, *FILES, *PIECES}:
            continue
        dummies = {
            name: 1 if converter.regex == "[0-9]+" else "x" for name, converter in pattern.pattern.converters.items()
        }
        assert client.get(reverse(pattern.name, kwargs=dummies)).status_code == 405, f"{pattern.name} has no row here"


@pytest.mark.parametrize("name", PAGES)
def test_it_reads_well(name, page, signed, world, axe, no_sideways):
    address = PAGES[name]
    if address is not None:
        signed(page, world.ada)
    query = f"?panels={world.panel.code}" if name == "panels_bulk" else ""
    answer = page.goto(reverse(name, args=address(world) if address else []) + query)
    assert answer.status == 200
    assert "text/html" in answer.headers["content-type"]
    axe(page, f"{name}, dark")
    page.emulate_media(color_scheme="light")
    axe(page, f"{name}, light", only=COLOURS)
    page.set_viewport_size({"width": 390, "height": 844})
    says(page, "innerWidth < 400 || document.documentElement.scrollWidth", True)
    no_sideways(page, name)
    axe(page, f"{name}, phone")
