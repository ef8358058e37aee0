"""How many takes were usable, what a usable one cost, what fails where: the sums, the pages, the files."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.consistency import actions
from studio.generation import usable_rates as rates
from studio.models import Project
from tests import makers

pytestmark = pytest.mark.django_db
MARKS = [("narrow oval face", "face", ""), ("a mole under the left eye", "mark", "")]


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS, bible="Noor, forty.")
    makers.reference(noor.default_set, "front", makers.bare_image(team))
    return noor


@pytest.fixture
def project(team, noor, mei):
    """Three wides by a dear model, where the mole fails twice, and a close-up by the sketch that was turned down."""
    project = makers.project(team)
    scene = makers.scene(project)
    face, mole = noor.versions.get().markers.all()
    for at, result in enumerate(("missing", "drifted", "same")):
        panel = makers.panel(scene, shot_size="WS")
        makers.appearance(panel, noor)
        take = makers.take(panel, picked=at > 0, versions={noor.code: 1}, template_version="v2")
        type(take).objects.filter(pk=take.pk).update(engine="runware", model="google:4@3", cost=Decimal("0.10"))
        take.refresh_from_db()
        actions.judge(take=take, marker=mole, result=result, by=mei, revision=0)
        actions.judge(take=take, marker=face, result="same", by=mei, revision=0)
    close = makers.panel(scene, shot_size="MS")
    shot = {"shot_size": "CU", "cast": []}
    take = makers.take(close, picked=True, versions={noor.code: 1}, template_version="v1", parameters={"shot": shot})
    actions.reject(take=take, reason="light", by=mei)
    return project


def lines(project, by, **wanted):
    rows = [one for one in rates.drawn(project.team, project) if rates.Wanted(**wanted).takes(one)]
    return {line.name: line for line in rates.rates(rows, by, rates.names_of(project.team))}


def test_it_counts_by_character(project):
    noor = lines(project, "subject")["Noor"]
    assert (noor.drawn, noor.usable, noor.turned_down) == (4, 2, 1)
    assert (noor.spent, noor.each) == (Decimal("0.30"), Decimal("0.15"))
    assert noor.worst == "a mole under the left eye, 2 of 3"


def test_it_counts_by_marker(project):
    found = lines(project, "marker")
    assert [(name, line.failed, line.seen, line.usable) for name, line in found.items()] == [
        ("a mole under the left eye", 2, 3, 2), ("narrow oval face", 0, 3, 2),
    ]  # fmt: skip


def test_it_counts_by_engine_template_and_quality(project):
    assert {name: line.drawn for name, line in lines(project, "model").items()} == {"Nano Banana 2": 3, "the sketch": 1}
    assert {name: line.drawn for name, line in lines(project, "template").items()} == {
        "Template v2": 3,
        "Template v1": 1,
    }
    assert list(lines(project, "tier")) == ["Drawn on this machine, or by name"]


def test_a_take_counts_for_the_shot_it_was_drawn_as(project):
    assert {name: line.drawn for name, line in lines(project, "size").items()} == {"Wide": 3, "Close-up": 1}


def test_it_can_be_narrowed(project, noor):
    assert lines(project, "subject", size="CU")["Noor"].drawn == 1
    assert lines(project, "subject", model="runware/google:4@3")["Noor"].usable == 2
    assert lines(project, "subject", subject="nobody") == {}


def test_it_says_what_fails_where(project):
    (one,) = rates.sentences(rates.drawn(project.team, project))
    assert one.said == "A mole under the left eye fails in 2 of 3 wides drawn by Nano Banana 2."


def test_a_verdict_that_was_replaced_does_not_count(project, mei, noor):
    take = project.scenes.get().panels.first().takes.get()
    mole = noor.versions.get().markers.last()
    actions.judge(take=take, marker=mole, result="same", by=mei, revision=1)
    assert lines(project, "subject")["Noor"].worst == "a mole under the left eye, 1 of 3"


def test_the_page_offers_the_next_step_and_hides_money_from_artists(signed_in, project, noor, mei, pavel, outsider):
    address = f"/projects/{project.code}/usable/"
    page = signed_in(mei).get(address).content.decode()
    assert "fails in 2 of 3 wides drawn by Nano Banana 2." in page
    assert "Name the detail in the bible" in page
    assert f'href="/subjects/{noor.code}/#bible"' in page
    assert "A usable one" not in page
    assert "$0.30" not in page
    assert "$0.30" in signed_in(pavel).get(address).content.decode()
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(mei).get("/team/usable/").status_code == 403
    assert "$0.30" in signed_in(pavel).get("/team/usable/").content.decode()


@pytest.mark.parametrize("by", [*rates.BY, "nonsense"])
def test_every_grouping_and_filter_has_a_page(signed_in, pavel, project, by):
    query = {"by": by, "subject": "x\0", "model": "nobody", "size": "WS"}
    assert signed_in(pavel).get(f"/projects/{project.code}/usable/", query).status_code == 200


def test_the_file_has_every_grouping_and_amounts_for_producers_only(signed_in, project, mei, pavel):
    def read(user):
        answer = signed_in(user).get(f"/projects/{project.code}/usable.csv")
        return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    rows = read(pavel)
    assert {row["by"] for row in rows} == set(rates.BY.values())
    assert next(row for row in rows if row["name"] == "Noor")["spent"] == "0.3"
    assert "spent" not in read(mei)[0]


def test_what_is_drawn_for_references_is_no_boards_take(project, team):
    Project.objects.filter(pk=project.pk).update(workshop=True)
    assert rates.drawn(team) == []


def test_it_asks_no_more_for_many_takes_than_for_four(signed_in, pavel, project, noor, mei, team):
    client, address = signed_in(pavel), f"/projects/{project.code}/usable/"

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    asked()
    few = asked()
    mole = noor.versions.get().markers.last()
    for size in ("EWS", "MS", "FS"):
        panel = makers.panel(project.scenes.get(), shot_size=size)
        for _ in range(4):
            take = makers.take(panel, versions={noor.code: 1})
            actions.judge(take=take, marker=mole, result="missing", by=mei, revision=0)
    assert asked() == few


class TestWhereItFails:
    def test_judging_offers_the_next_step(self, signed_in, mei, project, noor):
        take = project.scenes.get().panels.first().takes.get()
        face, mole = noor.versions.get().markers.all()
        page = signed_in(mei).get(f"/takes/{take.code}/markers/{mole.pk}/").content.decode()
        assert "What to do next" in page
        assert "Name the detail in the bible" in page
        assert "What to do next" not in signed_in(mei).get(f"/takes/{take.code}/markers/{face.pk}/").content.decode()

    def test_comparing_offers_it_and_the_answer_of_a_verdict_too(self, signed_in, mei, project, noor):
        panel = project.scenes.get().panels.first()
        page = signed_in(mei).get(f"/panels/{panel.code}/compare/").content.decode()
        assert page.count("Name the detail in the bible") == 1
        face, take = noor.versions.get().markers.first(), panel.takes.get()
        answer = signed_in(mei).post(
            f"/takes/{take.code}/markers/{face.pk}/", {"result": "wrong", "revision": "1"},
            headers={"HX-Request": "true", "HX-Target": "marks"},
        )  # fmt: skip
        assert answer.content.decode().count("Name the detail in the bible") == 2
