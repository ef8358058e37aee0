"""Panels that no longer match: listed with prices, drawn again from what is locked, or called fine."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.generation import actions, cost, impact, tiers
from studio.generation.errors import Refused
from studio.library import actions as library
from studio.models import Batch, Event, Job, Marker, Panel, StillFine, Subject, SubjectVersion
from tests import makers

pytestmark = pytest.mark.django_db
MARKS = [
    ("narrow oval face", "face", ""),
    ("rust-orange cap", "item", "#b4542b"),
    ("heron on the back of the coat", "item", ""),
]


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=MARKS)
    makers.reference(noor.default_set, "front", makers.bare_image(team))
    return noor


def rows(**where):
    return Panel.objects.filter(**where).select_related("scene__project__team", "picked__image")


def drawn(panel):
    """A picked take as the panel would be drawn now."""
    (panel,) = rows(pk=panel.pk)
    (ready,) = cost.ready([panel], [tiers.sketch()])
    frozen = ready.request
    return makers.take(
        panel, picked=True, plan=frozen["plan"], versions=frozen["versions"], parameters={"shot": frozen["shot"]}
    )


@pytest.fixture
def project(team, noor):
    """1A shows her face, 1B her back, 1C somebody else."""
    project = makers.project(team)
    scene = makers.scene(project)
    for action in ("She looks at us.", "Seen from behind, she waits."):
        makers.appearance(makers.panel(scene, action=action), noor)
    makers.panel(scene, action="The ferry leaves.")
    for panel in scene.panels.all():
        drawn(panel)
    return project


@pytest.fixture
def draft(noor, mei):
    """v2, where the cap is green."""
    draft = library.next_version(subject=noor, by=mei)
    Marker.objects.filter(version=draft, phrase="rust-orange cap").update(phrase="moss-green cap", colour="#4b6b3a")
    return SubjectVersion.objects.select_related("subject").get(pk=draft.pk)


def fresh(subject):
    return Subject.objects.select_related("team").get(pk=subject.pk)


def labels(found):
    return [one.panel.label for one in found]


def test_a_board_that_was_just_drawn_matches(project):
    assert impact.of_project(project).open == ()


def test_a_subjects_page_says_that_it_matches_and_not_that_nobody_shows_it(project, noor, team, viktor, signed_in):
    said = signed_in(viktor).get(f"/subjects/{noor.code}/history/").content.decode()
    assert "No panel shows anything of Noor that changed" in said
    other = makers.subject(team, "Ines", locked=True)
    assert "No panel shows Ines." in signed_in(viktor).get(f"/subjects/{other.code}/history/").content.decode()


def test_a_draft_says_what_it_would_touch_before_it_is_locked(project, noor, draft):
    found = impact.of_subject(fresh(noor), draft=draft)
    assert labels(found.open) == ["1A", "1B"]
    assert found.said == "2 panels no longer match"
    assert [one.said for one in found.open[0].changes] == ["“moss-green cap”, was “rust-orange cap”"]
    assert impact.of_project(project).open == ()  # until it is locked


def test_what_is_locked_is_what_they_are_drawn_from(project, noor, draft, pavel, signed_in):
    client = signed_in(pavel)
    page = client.get(f"/subjects/{noor.code}/history/").content.decode()
    assert "2 panels no longer match" in page
    assert "Lock v2, redraw 2 panels" in page
    a = project.scenes.get().panels.get(label="1A")
    form = {
        "key": str(uuid.uuid4()), "number": "2", "revision": str(draft.revision), "panel": [a.code], f"price-{a.code}": "0",
    }  # fmt: skip
    answer = client.post(f"/subjects/{noor.code}/redraw/", form)
    batch = Batch.objects.get()
    assert answer.url == f"/projects/{project.code}/?batch={batch.code}"
    (job,) = batch.jobs.all()
    assert (job.panel, job.request["versions"]) == (a, {noor.code: 2})
    assert fresh(noor).locked.number == 2
    assert client.post(f"/subjects/{noor.code}/redraw/", form).url == answer.url  # the same form again: the same batch
    assert Job.objects.count() == 1
    assert labels(impact.of_project(project).open) == ["1A", "1B"]
    drawn(a)
    assert labels(impact.of_project(project).open) == ["1B"]


def test_nothing_is_locked_where_nothing_can_be_drawn(project, noor, draft, pavel):
    type(project).objects.update(approved_only=True)
    panels = list(rows(label="1A"))
    with pytest.raises(Refused, match="Not approved"):
        actions.lock_and_redraw(version=draft, panels=panels, prices={}, by=pavel, key=uuid.uuid4())
    assert fresh(noor).locked.number == 1
    assert not Job.objects.exists()


def test_a_draft_that_changed_meanwhile_is_shown_first(project, noor, draft, pavel, signed_in):
    a = project.scenes.get().panels.first()
    form = {"key": str(uuid.uuid4()), "number": "2", "revision": "99", "panel": [a.code], f"price-{a.code}": "0"}
    answer = signed_in(pavel).post(f"/subjects/{noor.code}/redraw/", form)
    assert answer.status_code == 409
    assert "not the one you looked at" in answer.content.decode()
    assert fresh(noor).locked.number == 1


def test_a_dearer_price_than_shown_is_refused(project, noor, draft, team, pavel, monkeypatch):
    makers.account(team, "Runware", "runware")
    panels = list(rows(label="1A"))
    type(project).objects.update(tier="hero")
    panels = list(rows(label="1A"))
    with pytest.raises(Refused, match="price has changed"):
        actions.lock_and_redraw(version=draft, panels=panels, prices={panels[0].code: 0}, by=pavel, key=uuid.uuid4())
    assert fresh(noor).locked.number == 1


def test_the_lock_dialog_says_it_and_offers_it(project, noor, draft, pavel, signed_in):
    page = signed_in(pavel).get(f"/subjects/{noor.code}/lock/").content.decode()
    assert "2 panels no longer match" in page
    assert "Lock v2, redraw 2" in page


def test_the_board_page_lists_changes_of_every_kind(project, noor, mei, team, signed_in):
    panels = {row.label: row for row in project.scenes.get().panels.all()}
    Panel.objects.filter(pk=panels["1C"].pk).update(action="The ferry burns.")
    makers.reference(noor.default_set, "back", makers.bare_image(team))
    page = signed_in(mei).get(f"/projects/{project.code}/impact/").content.decode()
    assert "2 panels no longer match" in page
    assert "The action was rewritten" in page
    assert "A picture of Noor is new: back" in page


def test_those_chosen_go_through_the_estimate(project, signed_in, mei):
    a, b = project.scenes.get().panels.all()[:2]
    answer = signed_in(mei).get(f"/projects/{project.code}/impact/", {"redraw": "1", "panel": [a.code, b.code]})
    assert answer.url == f"/projects/{project.code}/estimate/?panels={a.code}%2C{b.code}"
    nothing = signed_in(mei).get(f"/projects/{project.code}/impact/", {"redraw": "1"})
    assert nothing.url == f"/projects/{project.code}/impact/"


def test_by_script_the_estimate_comes_as_a_dialog(project, signed_in, mei, viktor):
    a = project.scenes.get().panels.first()
    address, query = f"/projects/{project.code}/impact/", {"redraw": "1", "panel": [a.code]}
    answer = signed_in(mei).get(address, query, headers={"HX-Request": "true"})
    assert "dialog-open" in answer["HX-Trigger-After-Settle"]
    assert "Draw 1 picture" in answer.content.decode()
    assert signed_in(viktor).get(address, query).status_code == 403


def test_somebody_else_who_locked_it_first_leaves_nothing_drawn(project, noor, draft, pavel, ada):
    library.lock_version(version=draft, by=ada)
    with pytest.raises(Refused, match="locked it a moment ago"):
        actions.lock_and_redraw(version=draft, panels=list(rows(label="1A")), prices={}, by=pavel, key=uuid.uuid4())
    assert not Job.objects.exists()


def test_what_is_called_fine_stays_quiet_until_more_changes(project, noor, draft, mei, pavel, signed_in):
    library.lock_version(version=draft, by=pavel)
    client = signed_in(mei)
    one = impact.of_project(project).open[0]
    for _ in range(2):
        client.post(f"/takes/{one.take.code}/fine/", {"fine": ",".join(one.against)})
    now = impact.of_project(project)
    assert (labels(now.open), labels(now.fine)) == (["1B"], ["1A"])
    assert labels(impact.of_subject(fresh(noor)).fine) == ["1A"]
    assert Event.objects.filter(verb="take.fine").count() == 1
    Panel.objects.filter(pk=one.panel.pk).update(action="She runs.")
    (again,) = [row for row in impact.of_project(project).open if row.panel.pk == one.panel.pk]
    assert [change.said for change in again.changes] == ["The action was rewritten"]


def test_it_takes_no_fingerprint_that_is_none(project, mei, signed_in, outsider):
    take = project.scenes.get().panels.first().picked
    for bad in ("", "x", "\0", "a" * 64 + ",zz", ",".join(["a" * 64] * 100)):
        assert signed_in(mei).post(f"/takes/{take.code}/fine/", {"fine": bad}).status_code == 302
    assert signed_in(outsider).post(f"/takes/{take.code}/fine/", {"fine": "a" * 64}).status_code == 404
    assert not StillFine.objects.exists()


def test_it_asks_no_more_of_the_database_for_many_panels_than_for_two(project, noor, team):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            impact.of_project(project)
            impact.of_subject(fresh(noor))
        return len(seen)

    few = asked()
    scene = makers.scene(project)
    for _ in range(8):
        panel = makers.panel(scene)
        makers.appearance(panel, noor)
        makers.take(panel, picked=True, versions={noor.code: 1})
    assert asked() == few


def test_the_card_says_which_version_it_was_drawn_from(project, noor, draft, pavel, signed_in, viktor):
    page = f"/projects/{project.code}/"
    assert "Drawn from v" not in signed_in(viktor).get(page).content.decode()
    library.lock_version(version=draft, by=pavel)
    assert signed_in(viktor).get(page).content.decode().count("Drawn from v1") == 2
    drawn(project.scenes.get().panels.first())
    assert signed_in(viktor).get(page).content.decode().count("Drawn from v1") == 1


@pytest.mark.parametrize("price", ["NaN", "-Infinity", "x" * 10_000, "\0", ""])
def test_a_form_that_nobody_filled_in_changes_nothing(project, noor, draft, team, pavel, signed_in, price):
    a = project.scenes.get().panels.first()
    client, address = signed_in(pavel), f"/subjects/{noor.code}/redraw/"
    form = {"key": "\0", "number": "2", "revision": str(draft.revision), "panel": ["\0", "x" * 10_000]}
    assert client.post(address, form).status_code == 422
    assert client.post(address, {"panel": [a.code], f"price-{a.code}": price}).status_code == 409
    assert client.get(f"/projects/{project.code}/impact/", {"redraw": "1", "panel": "\0"}).status_code == 404
    htmx = {"HX-Request": "true"}
    assert client.get(f"/subjects/{noor.code}/impact/", {"panel": ["\0", a.code]}, headers=htmx).status_code == 200
    makers.account(team, "Runware", "runware")
    type(project).objects.update(tier="hero")
    dear = {**form, "panel": [a.code], f"price-{a.code}": price}
    assert client.post(address, dear).status_code == 422  # it costs more than a price that is none
    assert fresh(noor).locked.number == 1
    assert not Job.objects.exists()


def test_the_others_are_marked_as_fine_in_one_act(project, noor, draft, mei, pavel, signed_in):
    library.lock_version(version=draft, by=pavel)
    client, address = signed_in(mei), f"/projects/{project.code}/impact/"
    a, b = [one.panel for one in impact.of_project(project).open]
    assert "Redraw 2 panels" in client.get(address).content.decode()
    part = client.get(address, {"count": "", "panel": a.code}, headers={"HX-Request": "true"}).content.decode()
    assert "Redraw 1 panel…" in part
    assert "Mark the other one as fine" in part
    form = {"redraw": "1", "do": "fine", "panel": [a.code], "seen": impact.of_project(project).seen}
    client.post(address, form)
    now = impact.of_project(project)
    assert (labels(now.open), labels(now.fine)) == (["1A"], ["1B"])
    page = client.post(address, form, follow=True).content.decode()  # the list is another one now
    assert "The list changed while you looked" in page
    client.post(f"/takes/{b.picked.code}/fine/", {"do": "again"})
    assert labels(impact.of_project(project).open) == ["1A", "1B"]
    assert Event.objects.filter(verb="take.not_fine").count() == 1


def test_on_the_page_of_the_versions_too_and_by_those_who_may_draw(project, noor, draft, mei, viktor, pavel, signed_in):
    address, seen = f"/subjects/{noor.code}/impact/", impact.of_subject(fresh(noor), draft=draft).seen
    assert "Mark all 2 as fine" in signed_in(mei).get(f"/subjects/{noor.code}/history/").content.decode()
    assert signed_in(viktor).post(address, {"seen": seen}).status_code == 403
    assert signed_in(mei).post(address, {"seen": seen}).url == f"/subjects/{noor.code}/history/"
    found = impact.of_subject(fresh(noor), draft=draft)
    assert (labels(found.open), labels(found.fine)) == ([], ["1A", "1B"])


def test_it_is_redrawn_in_the_quality_that_was_chosen_for_its_price(project, noor, draft, team, pavel, signed_in):
    makers.account(team, "Runware", "runware")
    a = project.scenes.get().panels.first()
    client, own = signed_in(pavel), {"panel": [a.code], "quality": ""}
    assert "Each in its own" in client.get(f"/subjects/{noor.code}/history/").content.decode()
    htmx = {"HX-Request": "true", "HX-Trigger-Name": "quality"}
    mine = client.get(f"/subjects/{noor.code}/impact/", own, headers=htmx).context["redraw_amount"]
    part = client.get(f"/subjects/{noor.code}/impact/", {**own, "quality": "hero"}, headers=htmx)
    price = part.context["impact"].open[0].price
    assert price > mine
    assert f'name="price-{a.code}" value="{price}"' in part.content.decode()
    form = {
        "key": str(uuid.uuid4()),
        "number": "2",
        "revision": str(draft.revision),
        "panel": [a.code],
        "quality": "hero",
    }
    refused = client.post(f"/subjects/{noor.code}/redraw/", {**form, f"price-{a.code}": "0"})
    assert refused.status_code == 422
    assert (refused.context["quality"], refused.context["ticked"]) == ("hero", [a.code])
    assert fresh(noor).locked.number == 1
    client.post(f"/subjects/{noor.code}/redraw/", {**form, f"price-{a.code}": str(price)})
    (job,) = Job.objects.all()
    assert (job.panel, job.tier, job.estimate) == (a, "hero", price)


def test_a_quality_that_is_none_draws_nothing(project, noor, draft, pavel):
    with pytest.raises(Refused, match="no such quality"):
        actions.redraw(
            subject=noor, panels=list(rows(label="1A")), prices={}, by=pavel, key=uuid.uuid4(), quality="silver"
        )
