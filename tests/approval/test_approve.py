"""A reference set approved by a producer, what ends the approval, and a project that draws from approved ones only."""

import uuid

import pytest

from studio.accounts.models import Event
from studio.generation import actions as generation
from studio.generation.errors import Refused
from studio.library import actions, approval
from studio.library.models import Kind
from studio.models import Job, Project, ReferenceSet
from tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(team):
    noor = makers.subject(team, "Noor", locked=True, markers=[("narrow oval face", "face", "")])
    makers.reference(noor.default_set, "front", makers.bare_image(team))
    makers.reference(noor.default_set, "back", makers.bare_image(team))
    return noor


@pytest.fixture
def own(noor):
    return ReferenceSet.objects.get(pk=noor.default_set.pk)


def approve(own, by):
    return actions.approve_set(reference_set=own, by=by, seen=approval.fingerprint(own))


def fresh(own):
    return ReferenceSet.objects.get(pk=own.pk)


def test_it_is_approved_by_name_once(own, pavel):
    assert approve(own, pavel)
    assert not approve(own, pavel)
    now = fresh(own)
    assert (now.approved_by, approval.stands(now)) == (pavel, True)
    (event,) = Event.objects.filter(verb="set.approved")
    assert event.data == {"set": own.code, "pictures": 2}


@pytest.mark.parametrize("change", ["add", "remove", "view", "transfer"])
def test_any_change_of_its_pictures_ends_it(own, noor, team, pavel, mei, change):
    approve(own, pavel)
    back = own.references.get(view="back")
    if change == "add":
        makers.reference(own, "detail", makers.bare_image(team))
    elif change == "remove":
        actions.remove_reference(reference=back, by=mei)
    elif change == "view":
        actions.edit_reference(reference=back, by=mei, revision=1, view="profile_left")
    else:
        actions.transfer_reference(reference=back, by=mei, to=makers.outfit(noor).reference_set)
    now = fresh(own)
    assert (approval.stands(now), approval.lapsed(now)) == (False, True)


def test_another_order_of_the_same_pictures_does_not_end_it(own, pavel, mei):
    approve(own, pavel)
    actions.move_reference(reference=own.references.get(view="back"), by=mei, after=None)
    assert approval.stands(fresh(own))


def test_it_refuses_what_changed_while_somebody_looked(own, team, pavel):
    seen = approval.fingerprint(own)
    makers.reference(own, "detail", makers.bare_image(team))
    with pytest.raises(actions.Refused, match="changed while you looked"):
        actions.approve_set(reference_set=fresh(own), by=pavel, seen=seen)
    assert not approval.stands(fresh(own))


def test_it_refuses_an_empty_set(team, pavel):
    empty = makers.subject(team, "Ilse").default_set
    with pytest.raises(actions.Refused, match="no picture"):
        actions.approve_set(reference_set=empty, by=pavel, seen="")


def test_it_is_taken_back_once(own, pavel):
    approve(own, pavel)
    assert actions.withdraw_approval(reference_set=own, by=pavel)
    assert not actions.withdraw_approval(reference_set=own, by=pavel)
    assert fresh(own).approved_as == ""


def test_the_page_says_who_approved_it_and_what_ended_it(signed_in, own, noor, team, pavel, mei, outsider):
    page = f"/subjects/{noor.code}/"
    client = signed_in(pavel)
    assert "Not approved" in client.get(page).content.decode()
    address = f"/sets/{own.code}/approve/"
    assert client.post(address, {"seen": approval.fingerprint(own)}).status_code == 302
    assert "Pavel Novak, now. A change of its pictures ends it." in client.get(page).content.decode()
    makers.reference(own, "detail", makers.bare_image(team))
    assert "Approval ended" in client.get(page).content.decode()
    client.post(address, {"seen": "an old one"})
    assert approval.lapsed(fresh(own))
    client.post(address, {"do": "withdraw"})
    assert fresh(own).approved_as == ""
    assert signed_in(mei).post(address, {"seen": ""}).status_code == 403
    assert signed_in(outsider).post(address, {"seen": ""}).status_code == 404


class TestDemanded:
    @pytest.fixture
    def project(self, team, pavel, noor):
        project = makers.project(team)
        panel = makers.panel(makers.scene(project))
        makers.appearance(panel, noor)
        return project

    @pytest.fixture
    def panel(self, project):
        return project.scenes.get().panels.get()

    @pytest.fixture
    def demanded(self, project, signed_in, pavel):
        client = signed_in(pavel)
        assert client.post(f"/projects/{project.code}/approval/", {"on": "1"}).status_code == 302
        return Project.objects.get(pk=project.pk)

    def ask(self, panel, by):
        panel = type(panel).objects.select_related("scene__project").get(pk=panel.pk)
        return generation.request_takes(panels=[panel], by=by, key=uuid.uuid4())

    def test_it_asks_for_nothing_until_a_project_demands_it(self, panel, mei):
        assert self.ask(panel, mei).jobs.count() == 1

    def test_nothing_is_drawn_before_a_producer_approved_it(self, demanded, panel, own, mei, pavel):
        with pytest.raises(Refused, match="Not approved: the references of Noor"):
            self.ask(panel, mei)
        assert not Job.objects.exists()
        approve(own, pavel)
        assert self.ask(panel, mei).jobs.count() == 1

    def test_what_ended_it_stops_drawing_again(self, demanded, panel, own, team, mei, pavel):
        approve(own, pavel)
        makers.reference(own, "detail", makers.bare_image(team))
        with pytest.raises(Refused, match="Not approved"):
            self.ask(panel, mei)

    def test_outfit_and_place_have_to_be_approved_too(self, demanded, panel, own, noor, team, mei, pavel):
        approve(own, pavel)
        coat = makers.outfit(noor, "Rain coat")
        panel.appearances.update(outfit=coat)
        quay = makers.subject(team, "Quay", Kind.LOCATION)
        type(panel.scene).objects.update(location=quay)
        with pytest.raises(Refused, match="No picture to approve yet: Noor, Rain coat; Quay"):
            self.ask(panel, mei)

    def test_panel_and_estimate_say_which_set_and_lead_there(self, demanded, panel, noor, signed_in, mei):
        client = signed_in(mei)
        link = f'href="/subjects/{noor.code}/">Look at Noor</a>'
        inspector = client.get(f"/panels/{panel.code}/").content.decode()
        assert "Not approved: the references of Noor" in inspector
        assert link in inspector
        estimate = client.get(f"/projects/{demanded.code}/estimate/?missing=1").content.decode()
        assert link in estimate
        answer = client.post(f"/panels/{panel.code}/draw/", {"key": str(uuid.uuid4()), "takes": 1})
        assert answer.status_code == 422
        assert not Job.objects.exists()

    def test_a_copy_of_the_project_demands_it_too(self, demanded, signed_in, mei):
        signed_in(mei).post(f"/projects/{demanded.code}/duplicate/")
        assert Project.objects.latest("pk").approved_only

    def test_only_producers_demand_it(self, project, signed_in, mei, outsider):
        address = f"/projects/{project.code}/approval/"
        assert signed_in(mei).post(address, {"on": "1"}).status_code == 403
        assert signed_in(outsider).post(address, {"on": "1"}).status_code == 404
        assert not Project.objects.get(pk=project.pk).approved_only
