"""Twins: the number of queries does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers

MARKS = [("narrow face", "face", ""), ("wool cap", "item", "#c9962c")]


def queries(client, url):
    client.get(url)  # sessions and last seen are written once
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def _cast(team, count):
    scene = makers.scene(makers.project(team))
    for n in range(count):
        subject = makers.subject(team, f"Noor {n}", locked=n % 2 == 0, markers=MARKS)
        for view in ("front", "back"):
            makers.reference(subject.default_set, view, makers.bare_image(team))
        makers.outfit(subject)
        panel = makers.panel(scene)
        makers.appearance(panel, subject)
        makers.take(panel, picked=True)


def test_the_list_asks_as_often_for_thirty_as_for_three(team, mei, signed_in):
    client = signed_in(mei)
    _cast(team, 3)
    few = queries(client, "/library/characters/")
    _cast(team, 27)
    assert queries(client, "/library/characters/") == few
    assert few <= 20


@pytest.mark.parametrize("order", ["", "?order=sent"])
def test_a_subject_asks_as_often_for_thirty_pictures_as_for_three(team, mei, signed_in, order):
    client = signed_in(mei)
    few, many = (makers.subject(team, name, markers=MARKS) for name in ("Few", "Many"))
    for subject, count in ((few, 3), (many, 30)):
        for n in range(count):
            makers.reference(subject.default_set, "front" if n else "back", makers.bare_image(team))
        for n in range(count // 3):
            worn = makers.outfit(subject, f"Outfit {n}")
            makers.reference(worn.reference_set, "front", makers.bare_image(team))
    count = queries(client, f"/subjects/{few.code}/{order}")
    assert queries(client, f"/subjects/{many.code}/{order}") == count
    assert count <= 26


def test_history_asks_as_often_for_nine_versions_as_for_two(team, ada, signed_in):
    from studio.library import actions

    client = signed_in(ada)
    few, many = (makers.subject(team, name, locked=True, markers=MARKS) for name in ("Few", "Many"))
    for subject, count in ((few, 1), (many, 8)):
        for _ in range(count):
            made = actions.next_version(subject=subject, by=ada)
            actions.lock_version(version=made, by=ada)
    assert queries(client, f"/subjects/{many.code}/history/") == queries(client, f"/subjects/{few.code}/history/")
