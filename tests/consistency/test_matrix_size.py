"""One key in the matrix of 30 markers by 200 panels asks the database as often as in the smallest one. How long it takes is measured in
`bench/matrix.py`."""

import pytest
from django.test import Client

from studio.models import Verdict
from tests.consistency.test_matrix import big

pytestmark = pytest.mark.django_db
MOST = 16


def press(client: Client, project, result):
    """The key on the first marker that nobody judged in the last panel."""
    take = project.scenes.get().panels.last().picked
    judged = take.verdicts.values_list("marker", flat=True)
    marker = next(m for s in project.team.subjects.all() if s.code in take.versions for m in s.versions.get().markers.all() if m.pk not in judged)  # fmt: skip
    return lambda: client.post(
        f"/takes/{take.code}/markers/{marker.pk}/", {"result": result, "revision": 0},
        headers={"HX-Request": "true", "HX-Target": f"cell-{take.code}-{marker.pk}"},
    )  # fmt: skip


def test_a_key_asks_as_often_in_thirty_by_two_hundred_as_in_two_by_two(team, mei, signed_in, count):
    client = signed_in(mei)
    small, large = big(team, mei, 1, 2, 2), big(team, mei, 3, 10, 200)
    client.get(f"/projects/{small.code}/consistency/")
    few = count(press(client, small, "drifted"))
    before = Verdict.objects.count()
    assert count(press(client, large, "drifted")) == few <= MOST
    assert Verdict.objects.count() == before + 1
