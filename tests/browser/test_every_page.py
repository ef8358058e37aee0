"""Every page, in both themes: nothing for axe to find, nothing on the console, no sideways scroll on a phone.

A route that is neither a page here nor named below as something else fails.
"""

from __future__ import annotations

import uuid

import pytest
from django.urls import get_resolver, reverse

from studio import models
from studio.accounts import actions as accounts
from studio.library.models import Kind
from tests import makers

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
    "invitation_new": lambda w: [],
    "member_remove": lambda w: [w.pavel.memberships.get().pk],
    "subjects": lambda w: ["characters"],
    "subject_new": lambda w: ["characters"],
    "subject": lambda w: [w.noor.code],
    "subject_lock": lambda w: [w.draft.code],
    "subject_history": lambda w: [w.noor.code],
    "outfit_new": lambda w: [w.noor.code],
    "outfit": lambda w: [w.outfit.code],
    "board": lambda w: [w.project.code],
    "panels_bulk": lambda w: [w.project.code],
    "project_cast": lambda w: [w.project.code],
    "scene_add": lambda w: [w.project.code],
    "scene_edit": lambda w: [w.scene.code],
    "panel": lambda w: [w.panel.code],
    "panel_look": lambda w: [w.panel.code],
    "panel_menu": lambda w: [w.panel.code],
    "estimate": lambda w: [w.project.code],
    "project_takes": lambda w: [w.project.code],
    "compare": lambda w: [w.panel.code],
    "prompt": lambda w: [w.panel.code],
    "take": lambda w: [w.take.code],
    "export_new": lambda w: [w.project.code],
    "exports": lambda w: [w.project.code],
    "export": lambda w: [w.export.code],
}
# Routes that are no page: files, and pieces that only htmx asks for.
FILES = {"original", "rendition", "export_download"}
PIECES = {"inspector", "card", "panel_pictures", "batch"}


# Colours cross over in a millisecond; a busy machine may take longer to paint it.
SETTLED = """() => new Promise(requestAnimationFrame).then(() => Promise.all(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)))"""


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
        makers.reference(self.noor.default_set, img=picture)
        makers.reference(self.noor.default_set, "profile_left")
        self.project = makers.project(team, client="Harbour")
        self.scene = makers.scene(self.project)
        self.panel = makers.panel(self.scene, dialogue="Come on. Hold.")
        makers.appearance(self.panel, self.noor, outfit=self.outfit, where="left")
        self.take = makers.take(self.panel, picture, picked=True)
        makers.take(self.panel, picture)
        lost = makers.panel(self.scene, state="changes")
        batch = models.Batch.objects.create(team=team, project=self.project, key=uuid.uuid4(), created_by=ada)
        models.Job.objects.create(
            batch=batch, panel=lost, engine="sketch", model="sketch", state="failed",
            error="The engine took too long.", remedy="Usually passes on a second try.", charged=False,
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
    page.evaluate(SETTLED)
    axe(page, f"{name}, light")
    page.set_viewport_size({"width": 390, "height": 844})
    no_sideways(page, name)
    axe(page, f"{name}, phone")
