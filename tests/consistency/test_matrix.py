"""Locked markers by panels: what stands in it, its totals, its filters, and how much it asks of the database."""

import re
import time

import pytest

from studio.consistency import actions, queries
from studio.consistency.models import Verdict
from studio.library import actions as library
from studio.library.models import Kind
from studio.models import Panel, Take
from tests import makers


def states(matrix):
    """Row by row: phrase and the results of its cells, "-" where there is none."""
    return {row.marker.phrase: [cell.result if cell else "-" for cell in row.cells] for row in matrix.rows}


def cells(html):
    return re.findall(r'id="cell-[^"]+".*?data-result="(\w*)"', html)


def test_it_fills_in_only_what_the_shot_hides(project):
    matrix = queries.matrix(project)
    assert [column.panel.label for column in matrix.columns] == ["1A", "1B"]
    assert states(matrix) == {
        "narrow oval face": ["", "hidden"],
        "a mole under the left eye": ["", "hidden"],
        "rust-orange cap": ["", ""],
    }
    assert matrix.rows[0].cells[1].prefilled
    assert matrix.bare == 1


def test_it_counts_what_could_be_seen(project, takes, marks, mei):
    for take, marker, result in (
        (takes[0], marks[0], "same"), (takes[0], marks[1], "missing"), (takes[0], marks[2], "drifted"), (takes[1], marks[2], "same"),
    ):  # fmt: skip
        actions.judge(take=take, marker=marker, result=result, by=mei, revision=0)
    matrix = queries.matrix(project)
    assert [row.tally.held for row in matrix.rows] == ["1 of 1", "0 of 1", "1 of 2"]
    assert [column.tally.held for column in matrix.columns] == ["1 of 3", "1 of 1"]
    assert matrix.columns[0].tally.sentence == "1 of 3 same, 1 drifted, 1 missing"
    assert matrix.tally.open == 0
    for row, marker in zip(matrix.rows, marks, strict=True):
        one = queries.marker_tally(project, marker)
        assert one[:4] == row.tally[:4]
    assert queries.take_tally(takes[0])[:4] == matrix.columns[0].tally[:4]


def test_it_lets_a_person_overrule_what_is_filled_in(project, takes, marks, mei):
    actions.judge(take=takes[1], marker=marks[1], result="wrong", by=mei, revision=0)
    cell = queries.matrix(project).rows[1].cells[1]
    assert (cell.result, cell.prefilled, cell.by) == ("wrong", False, "Mei Tan")


def test_it_judges_each_take_by_its_own_version(project, noor, takes, marks, mei):
    newer = library.next_version(subject=noor, by=mei)
    library.remove_marker(marker=newer.markers.get(key=marks[2].key), by=mei)
    library.add_marker(version=newer, by=mei, phrase="green scarf", category="wardrobe")
    library.lock_version(version=newer, by=mei)
    takes[1].versions = {noor.code: 2}
    takes[1].save()
    matrix = queries.matrix(project)
    assert states(matrix) == {
        "narrow oval face": ["", "hidden"],
        "a mole under the left eye": ["", "hidden"],
        "green scarf": ["-", ""],
        "rust-orange cap": ["", "-"],
    }
    assert matrix.rows[0].cells[0].marker == marks[0].pk != matrix.rows[0].cells[1].marker


def test_it_leaves_out_what_was_drawn_from_drafts(project, noor, takes):
    takes[0].versions = {noor.code: 0}
    takes[0].save()
    matrix = queries.matrix(project)
    assert matrix.loose == 1
    assert all(row.cells[0] is None for row in matrix.rows)


def test_it_hides_nothing_of_a_place_by_itself(project, team, takes):
    quay = makers.subject(team, "Quay", Kind.LOCATION, locked=True, markers=[("wet iron floor", "material", "")])
    Panel.objects.update(shot_size="EWS")
    takes[0].versions = {**takes[0].versions, quay.code: 1}
    takes[0].save()
    matrix = queries.matrix(project)
    assert states(matrix)["wet iron floor"] == ["", "-"]
    assert [subject.name for subject in matrix.subjects] == ["Noor", "Quay"]


def test_it_counts_a_product_by_the_product_rules(project, team, takes):
    flask = makers.subject(team, "Flask", Kind.PRODUCT, locked=True, markers=[("dented body", "body", "")])
    makers.appearance(takes[0].panel, flask)
    Panel.objects.update(shot_size="CU")
    takes[0].versions = {**takes[0].versions, flask.code: 1}
    takes[0].save()
    assert states(queries.matrix(project))["dented body"] == ["", "-"]  # of a person a close-up would hide it


@pytest.mark.parametrize(
    ("asked", "panels", "rows"),
    [
        ({}, 2, 3),
        ({"state": "failed"}, 1, 1),
        ({"state": "missing"}, 1, 1),
        ({"state": "wrong"}, 0, 0),
        ({"state": "hidden"}, 1, 2),
        ({"state": "open"}, 2, 2),
        ({"state": "nonsense"}, 2, 3),
        ({"subject": "nobody"}, 0, 0),
        ({"marker": "nothing"}, 0, 0),
    ],
)
def test_it_is_filtered(signed_in, rosa, project, takes, marks, mei, asked, panels, rows):
    actions.judge(take=takes[0], marker=marks[1], result="missing", by=mei, revision=0)
    answer = signed_in(rosa).get(f"/projects/{project.code}/consistency/", asked)
    assert answer.status_code == 200
    shown = answer.context["matrix"]
    assert (len(shown.columns), len(shown.rows)) == (panels, rows)


def test_it_finds_all_panels_where_one_marker_failed(signed_in, rosa, project, takes, marks, mei):
    actions.judge(take=takes[1], marker=marks[2], result="wrong", by=mei, revision=0)
    actions.judge(take=takes[0], marker=marks[0], result="drifted", by=mei, revision=0)
    page = f"/projects/{project.code}/consistency/"
    html = signed_in(rosa).get(page).content.decode()
    link = f"{page}?marker={marks[2].key}&amp;state=failed"
    assert link in html
    shown = signed_in(rosa).get(link.replace("&amp;", "&")).context["matrix"]
    assert [column.panel.label for column in shown.columns] == ["1B"]
    assert [row.key for row in shown.rows] == [marks[2].key]


def test_it_tells_what_is_missing_where_it_is_empty(signed_in, mei, team, project, takes):
    bare = makers.project(team, "Bare")
    client = signed_in(mei)
    assert "This board has no panels." in client.get(f"/projects/{bare.code}/consistency/").content.decode()
    makers.panel(makers.scene(bare))
    assert "Draw a panel whose cast" in client.get(f"/projects/{bare.code}/consistency/").content.decode()
    Take.objects.update(versions={})
    assert "Nothing is locked yet." in client.get(f"/projects/{project.code}/consistency/").content.decode()


def test_it_escapes_what_people_wrote(signed_in, mei, team):
    nasty = '"><script>alert(1)</script>'
    subject = makers.subject(team, nasty[:80], locked=True, markers=[(nasty, "face", "")])
    panel = makers.panel(makers.scene(makers.project(team)), label='"><b>')
    makers.appearance(panel, subject)
    makers.take(panel, picked=True, versions={subject.code: 1})
    html = signed_in(mei).get(f"/projects/{panel.scene.project.code}/consistency/").content.decode()
    assert "<script>alert" not in html
    assert '"><b>' not in html
    assert len(cells(html)) == 1


def test_it_is_for_the_team_alone(signed_in, viktor, outsider, project):
    page = f"/projects/{project.code}/consistency/"
    html = signed_in(viktor).get(page).content.decode()
    assert "data-judge" not in html
    assert len(cells(html)) == 6
    assert signed_in(outsider).get(page).status_code == 404


def big(team, mei, subjects, each, panels):
    """A board of that many markers and panels; every other cell judged."""
    cast = [
        makers.subject(team, f"Noor {n}", locked=True, markers=[(f"mark {n} {m}", "face", "") for m in range(each)])
        for n in range(subjects)
    ]
    scene = makers.scene(makers.project(team))
    verdicts = []
    for _ in range(panels):
        panel = makers.panel(scene)
        for one in cast:
            makers.appearance(panel, one)
        take = makers.take(panel, picked=True, versions={one.code: 1 for one in cast})
        markers = [marker for one in cast for marker in one.versions.get().markers.all()]
        verdicts += [Verdict(take=take, marker=marker, result="same", by=mei) for marker in markers[::2]]
    Verdict.objects.bulk_create(verdicts)
    return scene.project


def test_it_asks_as_often_for_thirty_by_two_hundred_as_for_two_by_two(team, mei, signed_in, count):
    client = signed_in(mei)
    small, large = big(team, mei, 1, 2, 2), big(team, mei, 3, 10, 200)
    pages = [f"/projects/{one.code}/consistency/" for one in (small, large)]
    client.get(pages[0])
    few = count(lambda: client.get(pages[0]))
    started = time.perf_counter()
    answer = None

    def ask():
        nonlocal answer
        answer = client.get(pages[1])

    assert count(ask) == few
    assert few <= 16
    assert len(cells(answer.content.decode())) == 6000
    assert time.perf_counter() - started < 20  # about a second; a wait of a minute would be another kind of code


def test_it_sums_a_panels_takes_in_as_many_queries_for_nine_as_for_one(project, noor, takes, marks, mei, count):
    panel = Panel.objects.select_related("scene__project").get(pk=takes[0].panel_id)
    one = count(lambda: queries.of_takes(panel, [takes[0]]))
    many = [takes[0], *(makers.take(panel, versions={noor.code: 1}) for _ in range(8))]
    assert count(lambda: queries.of_takes(panel, many)) == one == 5
