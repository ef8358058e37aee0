"""A card is kept as long as it says the same."""

import pytest

from studio.board import queries
from studio.templatetags import board_tags
from tests import makers

pytestmark = pytest.mark.django_db


def card(project):
    return queries.board(project).cards[0]


def test_it_is_rendered_once(project, shed):
    board_tags.card_html.cache_clear()
    first = board_tags.card_html(card(project), True)
    assert board_tags.card_html(card(project), True) is first
    assert board_tags.card_html.cache_info().misses == 1


def test_it_is_rendered_again_when_anything_on_it_changes(project, shed):
    panel = shed.panels.first()
    seen = {board_tags.card_html(card(project))}
    panel.action = "Another."
    panel.save()
    seen.add(board_tags.card_html(card(project)))
    take = makers.take(panel, picked=True)
    seen.add(board_tags.card_html(card(project)))
    makers.take(panel)
    seen.add(board_tags.card_html(card(project)))
    seen.add(board_tags.card_html(card(project), True))
    seen.add(board_tags.card_html(card(project)._replace(state="queued", place=3)))
    seen.add(board_tags.card_html(card(project), False, True))
    assert len(seen) == 7
    assert any(f"/media/{take.image.key}/320/" in html and 'width="320"' in html for html in seen)


def test_it_escapes_what_people_type(project, shed):
    panel = shed.panels.first()
    panel.action, panel.shot_size = '<script>alert(1)</script>"', '"><b>'
    panel.save()
    html = board_tags.card_html(card(project))
    assert "<script>" not in html
    assert "<b>" not in html.replace('<b dir="auto">', "")


def test_it_says_what_failed_and_what_it_cost(project, shed):
    failed = card(project)._replace(state="failed", error="The engine took too long.", remedy="Try again.", job="abc")
    html = board_tags.card_html(failed, True)
    assert "Not charged" in html
    assert 'hx-post="/jobs/abc/retry/"' in html
    assert "Possibly charged" in board_tags.card_html(failed._replace(charged=None), True)
    assert "retry" not in board_tags.card_html(failed, False)


def test_it_says_that_a_picture_is_a_test_shot(signed_in, viktor, project, shed):
    panel = shed.panels.first()
    makers.take(panel, picked=True, test_shot=True)
    assert "Test shot" in board_tags.card_html(card(project))
    client = signed_in(viktor)
    for page in (f"/panels/{panel.code}/", f"/panels/{panel.code}/compare/", f"/projects/{project.code}/takes/"):
        assert "Test shot" in client.get(page).content.decode()
    panel.picked = makers.take(panel)
    panel.save()
    assert "Test shot" not in board_tags.card_html(card(project))
