"""Comparing: two pictures in one frame, the reference laid over, the markers of all takes at the foot."""

import pytest

from studio.consistency import actions
from tests import makers

MARKS = [("narrow oval face", "face", ""), ("rust-orange cap", "item", "#b4542b")]
HTMX = {"HX-Request": "true", "HX-Target": "marks"}


@pytest.fixture
def noor(team):
    return makers.subject(team, "Noor", locked=True, markers=MARKS)


@pytest.fixture
def panel(team, noor):
    """Two takes, drawn from one reference."""
    panel = makers.panel(makers.scene(makers.project(team)))
    image = makers.bare_image(team)
    slot = {"n": 1, "image_key": image.key, "sha256": image.sha256, "name": "Noor", "view": "front", "why": "identity"}
    for _ in range(2):
        makers.take(panel, picked=True, versions={noor.code: 1}, plan={"slots": [slot], "out": [], "limit": 14})
    return panel


def compare(client, panel, query=""):
    return client.get(f"/panels/{panel.code}/compare/{query}").content.decode()


@pytest.mark.parametrize("view", ["wipe", "flicker", "overlay"])
def test_it_lays_two_takes_in_one_frame(signed_in, rosa, panel, view):
    html = compare(signed_in(rosa), panel, f"?view={view}&take=1&over=2")
    assert f'data-layers="{view}"' in html
    assert '<option value="1" selected>Take 1' in html
    assert '<option value="2" selected>Take 2' in html
    assert "sheet-of-four" not in html


def test_an_overlay_begins_with_the_reference(signed_in, rosa, panel):
    client = signed_in(rosa)
    assert '<option value="r1" selected>Reference 1, Noor, front' in compare(client, panel, "?view=overlay")
    assert '<option value="1" selected>Take 1' in compare(client, panel, "?view=wipe&take=2")


@pytest.mark.parametrize("over", ["r9", "99999999999", "\x00", "²", "x" * 10_000])
def test_it_stands_odd_choices(signed_in, rosa, panel, over):
    answer = signed_in(rosa).get(f"/panels/{panel.code}/compare/", {"view": "wipe", "over": over, "take": over})
    assert answer.status_code == 200


def test_it_says_where_there_is_nothing_to_lay_over(signed_in, rosa, team):
    alone = makers.panel(makers.scene(makers.project(team)))
    makers.take(alone, picked=True)
    assert "no other take and no reference" in compare(signed_in(rosa), alone, "?view=wipe")
    empty = makers.panel(alone.scene)
    assert "No take yet." in compare(signed_in(rosa), empty, "?view=wipe")


def test_it_offers_the_reference_over_the_takes(signed_in, rosa, panel):
    html = compare(signed_in(rosa), panel)
    assert html.count('class="take-over"') == 2
    assert "Noor, front over the takes" in html


def test_the_foot_shows_every_marker_in_every_take(signed_in, mei, rosa, panel, noor):
    cap = noor.versions.get().markers.last()
    one = panel.takes.first()
    actions.judge(take=one, marker=cap, result="missing", by=mei, revision=0)
    html = compare(signed_in(rosa), panel)
    assert "2 markers, 2 takes" in html
    assert 'aria-label="rust-orange cap in take 1: missing"' in html
    assert 'aria-label="rust-orange cap in take 2: not judged"' in html


def test_a_verdict_on_the_page_changes_the_foot(signed_in, mei, panel, noor):
    face = noor.versions.get().markers.first()
    take = panel.takes.first()
    answer = signed_in(mei).post(
        f"/takes/{take.code}/markers/{face.pk}/", {"result": "same", "revision": 0}, headers=HTMX
    )
    html = answer.content.decode()
    assert f'id="cell-{take.code}-{face.pk}" hx-swap-oob="true"' in html
    assert 'aria-label="narrow oval face in take 1: same"' in html


def test_the_foot_of_takes_from_two_versions(signed_in, mei, panel, noor):
    from studio.library import actions as library

    newer = library.next_version(subject=noor, by=mei)
    face = newer.markers.first()
    library.edit_marker(
        marker=face, by=mei, revision=face.revision, phrase="long oval face", category="face", colour=""
    )
    library.lock_version(version=newer, by=mei)
    makers.take(panel, versions={noor.code: 2})
    html = compare(signed_in(mei), panel)
    assert "2 markers, 3 takes" in html
    assert 'aria-label="long oval face in take 1: not judged"' in html


def test_it_asks_the_same_queries_for_any_number_of_takes(signed_in, mei, panel, noor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(mei)
    counts = []
    for _ in range(2):
        compare(client, panel, "?view=wipe")
        with CaptureQueriesContext(connection) as seen:
            compare(client, panel, "?view=wipe")
        counts.append(len(seen))
        for _ in range(6):
            makers.take(panel, versions={noor.code: 1}, plan=panel.takes.first().plan)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["?view=side&left=1&right=2", "?view=wipe&take=1&over=2"])
def test_it_says_first_what_differs_between_two_recipes(signed_in, rosa, panel, query):
    client = signed_in(rosa)
    assert "Take 1 and take 2 have the same recipe." in compare(client, panel, query)
    panel.takes.filter(number=2).update(seed=7)
    assert "Take 1 and take 2 differ by: seed only." in compare(client, panel, query)
    assert "Take 1 and" not in compare(client, panel, "?view=overlay&take=1")  # a reference has no recipe
