"""What changed from one version to the next, and two versions of one panel beside each other."""

from __future__ import annotations

import pytest

from studio.board.actions import move_panels
from studio.models import Panel
from studio.review import actions, changes
from studio.review.models import RoundPanel
from tests import makers
from tests.review import made


def row(panel, position, label="1A", **fields):
    return RoundPanel(panel_id=panel, position=position, label=label, **fields)


def kinds(before, now):
    return [(one.kind, one.row.panel_id) for one in changes.changes(before, now)]


def test_it_finds_pictures_words_and_what_came_and_went():
    before = [row(1, 0, sha256="a", action="She holds it."), row(2, 1, sha256="b"), row(3, 2, sha256="c")]
    now = [row(1, 0, sha256="a2", action="She drops it."), row(2, 1, sha256="b"), row(4, 2, sha256="d")]
    assert kinds(before, now) == [("picture", 1), ("text", 1), ("added", 4), ("gone", 3)]
    assert changes.changes(before, now)[1].text == "“holds” became “drops”"
    assert kinds(now, now) == []


@pytest.mark.parametrize(
    ("order", "moved"),
    [([1, 2, 3, 4], []), ([2, 3, 4, 1], [1]), ([4, 1, 2, 3], [4]), ([2, 1, 4, 3], [1, 3]), ([], [])],
)
def test_it_names_the_fewest_that_moved(order, moved):
    before = [row(n, n) for n in (1, 2, 3, 4)]
    found = changes.changes(before, [row(n, at, label=str(n)) for at, n in enumerate(order)])
    assert sorted(one.row.panel_id for one in found if one.kind == "order") in (
        moved,
        [2, 4] if moved == [1, 3] else moved,
    )
    if order == [4, 1, 2, 3]:
        assert found[0].text == "Moved to the start"
    if order == [2, 3, 4, 1]:
        assert found[0].text == "Moved after 4"


def test_it_marks_words_as_come_and_gone():
    found = changes.words("Mira holds the mast.", "Mira braces and steadies the mast.")
    assert [(one.kind, one.text.strip()) for one in found] == [
        ("same", "Mira"), ("del", "holds"), ("ins", "braces and steadies"), ("same", "the mast."),
    ]  # fmt: skip
    assert changes.words("", "") == []
    assert [one.kind for one in changes.words("a " * 900, "b " * 900)] == ["del", "ins"]


@pytest.fixture
def project(team):
    return made.a_board(team)


@pytest.fixture
def rounds(project, ada):
    """v1, then a new picture on 1A, other words on 1B, 1C gone, a new panel, then v2."""
    first = actions.send_round(project=project, by=ada)
    a, b, c = Panel.objects.on_board().filter(scene__project=project)
    makers.take(a, picked=True)
    Panel.objects.filter(pk=b.pk).update(action="Action two.")
    Panel.objects.filter(pk=c.pk).update(deleted=first.sent)
    makers.take(makers.panel(project.scenes.get(), "1D", action="Something new."), picked=True)
    return first, actions.send_round(project=project, by=ada)


def at(round, n=0):
    return f"/rounds/{round.code}/panels/{list(round.panels.all())[n].code}/compare/"


def test_it_shows_both_versions_and_the_list(signed_in, rosa, rounds):
    first, second = rounds
    client = signed_in(rosa)
    page = client.get(at(second)).content.decode()
    assert "4 changes, 0 panels as they were" in page
    assert "data-wipe" in page
    for way in ("side", "flicker", "nonsense"):
        assert client.get(at(second), {"way": way}).status_code == 200
    page = client.get(at(second, 1)).content.decode()
    assert "<del>2. </del><ins>two. </ins>" in page
    gone = f"/rounds/{second.code}/panels/{first.panels.last().code}/compare/"
    assert gone in page
    assert "Not in v2 any more" in client.get(gone).content.decode()
    assert "New in v2" in client.get(at(second, 2)).content.decode()


def test_it_says_so_when_nothing_changed(signed_in, ada, project):
    actions.send_round(project=project, by=ada)
    second = actions.send_round(project=project, by=ada)
    page = signed_in(ada).get(at(second)).content.decode()
    assert "Nothing changed" in page
    assert "3 panels as they were" in page


def test_it_counts_a_moved_panel_once(signed_in, ada, project):
    actions.send_round(project=project, by=ada)
    a, _, c = Panel.objects.on_board().filter(scene__project=project).select_related("scene__project__team")
    move_panels(panels=[a], scene=a.scene, after=c, by=ada)
    second = actions.send_round(project=project, by=ada)
    page = signed_in(ada).get(at(second)).content.decode()
    assert "1 change, 2 panels as they were" in page
    assert "Moved after" in page


def test_it_is_only_for_whom_both_are_in_scope(client, signed_in, outsider, ada, rounds):
    first, second = rounds
    third = actions.send_round(project=second.project, by=ada)
    assert signed_in(ada).get(at(first)).status_code == 404  # nothing came before
    assert signed_in(outsider).get(at(second)).status_code == 404
    assert signed_in(ada).get(at(third), {"with": "1"}).status_code == 200
    assert signed_in(ada).get(at(third), {"with": "3"}).status_code == 404
    code = third.panels.first().code
    _, stranger = actions.make_link(round=third, by=ada, name="Somebody who never saw v2")
    client.get(f"/r/{stranger}/")
    assert client.get(f"/r/{stranger}/panels/{code}/compare/").status_code == 404
    made.a_link(second, name="Dana")
    for may, status in ((True, 200), (False, 404)):
        _, token = actions.make_link(round=third, by=ada, name="Dana", may_compare=may)
        client.get(f"/r/{token}/")
        answer = client.get(f"/r/{token}/panels/{code}/compare/")
        assert answer.status_code == status
        assert client.get(f"/r/{token}/panels/{code}/compare/", {"with": "1"}).status_code == 404
        if may:
            page = answer.content.decode()
            assert f"/r/{token}/pictures/{second.panels.first().code}/1280/" in page
            assert "/media/" not in page
            assert "from v1" not in page


def test_it_says_which_of_ones_notes_is_answered(signed_in, mei, ada, project):
    first = actions.send_round(project=project, by=ada)
    on = first.panels.first()
    made.a_note(
        on, made.By(user=mei), "A white lamp.", resolved=first.sent, resolved_in=makers.take(on.panel, picked=True)
    )
    second = actions.send_round(project=project, by=ada)
    assert "Your note 1 is done" in signed_in(mei).get(at(second)).content.decode()
    assert "Your note 1 is done" not in signed_in(ada).get(at(second)).content.decode()


def test_it_reads_by_the_same_queries_on_any_board(signed_in, team, ada, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for panels in (2, 12):
        project = made.a_board(team, panels, f"{panels}")
        actions.send_round(project=project, by=ada)
        for panel in Panel.objects.on_board().filter(scene__project=project):
            makers.take(panel, picked=True)
        second = actions.send_round(project=project, by=ada)
        client = signed_in(ada)
        client.get(at(second))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(second)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 20
