"""Choosing takes, comparing them, and what each was made from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.accounts.models import Event
from studio.board.models import Panel
from tests import makers


@pytest.fixture
def panel(team):
    return makers.panel(makers.scene(makers.project(team)))


def test_it_picks_a_take(panel, mei, signed_in):
    makers.take(panel, picked=True)
    second = makers.take(panel)
    target = reverse("compare", args=[panel.code])
    answer = signed_in(mei).post(reverse("take_pick", args=[second.code]), {"next": target})
    assert answer.headers["Location"] == target
    assert Panel.objects.get(pk=panel.pk).picked == second
    assert Event.objects.filter(verb="take.picked", actor=mei).exists()


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_leads_away(panel, mei, signed_in, bad):
    take = makers.take(panel)
    answer = signed_in(mei).post(reverse("take_pick", args=[take.code]), {"next": bad})
    assert answer.headers["Location"] == reverse("panel", args=[panel.code])


def test_it_keeps_strangers_and_reviewers_from_picking(panel, rosa, outsider, signed_in):
    take = makers.take(panel)
    assert signed_in(rosa).post(reverse("take_pick", args=[take.code])).status_code == 403
    assert signed_in(outsider).post(reverse("take_pick", args=[take.code])).status_code == 404
    assert signed_in(outsider).get(reverse("compare", args=[panel.code])).status_code == 404
    assert Panel.objects.get(pk=panel.pk).picked is None


def test_it_tells_what_a_take_was_made_from(panel, team, viktor, signed_in):
    image = makers.bare_image(team)
    line = {"n": 1, "role": "identity", "subject": "character-x", "name": "Noor", "view": "front", "detail": "", "reference": "r",
            "image_key": image.key, "sha256": "0", "why": "who it is: front"}  # fmt: skip
    makers.take(
        panel,
        picked=True,
        seed=41,
        prompt="Words as sent.",
        plan={"slots": [line], "limit": 14},
        versions={"x": 3},
        template_version="v1",
    )
    makers.take(
        panel,
        seed=42,
        prompt="Words as sent.",
        plan={"slots": [line], "limit": 14},
        versions={"x": 3},
        template_version="v1",
    )
    page = signed_in(viktor).get(reverse("compare", args=[panel.code]), {"take": 2}).content.decode()
    for words in ("Words as sent.", "Bible v3, 1 reference", "Seed only", "42", "Noor, front"):
        assert words in page, words
    assert f"/media/{image.key}/320/" in page


def test_it_shows_two_side_by_side_and_a_lone_one_beside_its_reference(panel, viktor, signed_in):
    client = signed_in(viktor)
    address = reverse("compare", args=[panel.code])
    assert "No take yet" in client.get(address, {"view": "side"}).content.decode()
    for _ in range(3):
        makers.take(panel)
    page = client.get(address, {"view": "side", "left": 1, "right": 3}).content.decode()
    assert page.count('<article class="take') == 2
    assert 'data-take="1"' in page
    assert 'data-take="3"' in page


@pytest.mark.parametrize(
    "query", [{"take": "x"}, {"take": "9" * 40}, {"view": "nonsense"}, {"left": "-1", "view": "side"}]
)
def test_it_bears_a_strange_address(panel, viktor, signed_in, query):
    makers.take(panel)
    assert signed_in(viktor).get(reverse("compare", args=[panel.code]), query).status_code == 200


def test_it_lists_all_takes_in_constant_queries(team, viktor, signed_in):
    project = makers.project(team)
    client, counts = signed_in(viktor), []
    scene = makers.scene(project)
    client.get(reverse("project_takes", args=[project.code]))  # the first visit also notes when somebody was last seen
    for more in (2, 20):
        for _ in range(more):
            makers.take(makers.panel(scene), picked=True)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("project_takes", args=[project.code]))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_it_shows_the_prompt_by_source_and_as_sent(panel, team, mei, signed_in):
    noor = makers.subject(team, locked=True, markers=[("small mole left of the chin", "mark", "")])
    makers.reference(noor.reference_sets.get(), "front", makers.bare_image(team))
    makers.appearance(panel, noor, where="left third")
    client = signed_in(mei)
    page = client.get(reverse("prompt", args=[panel.code])).content.decode()
    assert 'href="#ref-1"' in page
    assert "Marker of Noor" in page
    assert "who it is: front" in page
    sent = client.get(reverse("prompt", args=[panel.code]), {"show": "sent"}).content.decode()
    assert "in the first image" in sent


def test_it_keeps_the_prompt_from_strangers(panel, outsider, signed_in):
    assert signed_in(outsider).get(reverse("prompt", args=[panel.code])).status_code == 404
