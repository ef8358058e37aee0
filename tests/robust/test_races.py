"""The same form from several tabs in the same moment: one effect, or clearly separate ones; never a fault."""

from __future__ import annotations

import threading
import uuid
from collections import Counter

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from studio.accounts import actions as accounts
from studio.library.models import Kind
from studio.models import (
    Batch,
    Event,
    Export,
    Job,
    Marker,
    Membership,
    Panel,
    Project,
    Reference,
    Scene,
    SubjectVersion,
)
from tests import makers

TABS = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd():
    """`crowd(user, calls)` sends all at the same moment, each from a browser of its own; the answers, in order."""

    def at_once(user, calls):
        clients = [Client(raise_request_exception=False) for _ in calls]
        if user is not None:
            clients[0].force_login(user)
            for client in clients[1:]:
                client.cookies = clients[0].cookies
        gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

        def send(at):
            path, data = calls[at]
            gate.wait()
            try:
                answers[at] = clients[at].post(path, data)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=(at,)) for at in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        broken = [f"{a.status_code} {getattr(a, 'exc_info', (0, ''))[1]!r}" for a in answers if a.status_code >= 500]
        assert not broken, broken
        return answers

    return at_once


def same(name, *args, **data):
    return [(reverse(name, args=args), data)] * TABS


def events(verb):
    return Event.objects.filter(verb=verb).count()


@pytest.fixture
def board(team):
    project = makers.project(team)
    scene = makers.scene(project)
    return project, scene, [makers.panel(scene) for _ in range(3)]


def assert_in_order(project):
    """No two panels on one place, no two with one label."""
    rows = list(Panel.objects.filter(scene__project=project, deleted=None).values_list("scene", "position", "label"))
    assert len({(scene, position) for scene, position, _ in rows}) == len(rows), rows
    assert len({label for _, _, label in rows}) == len(rows), rows


def test_it_adds_panels_side_by_side(crowd, board, mei):
    project, scene, panels = board
    crowd(mei, [(reverse("panel_add", args=[scene.code]), {"after": panels[n % 2].code}) for n in range(TABS)])
    assert Panel.objects.filter(scene=scene).count() == 3 + TABS
    assert_in_order(project)


def test_it_moves_copies_and_deletes_at_once(crowd, board, mei):
    project, _, panels = board
    other = makers.scene(project, "2")
    a, b, c = (panel.code for panel in panels)
    crowd(mei, [
        (reverse("panel_move", args=[a]), {"after": c}),
        (reverse("panel_move", args=[c]), {"after": ""}),
        (reverse("panel_duplicate", args=[b]), {}),
        (reverse("panel_delete", args=[b]), {}),
        (reverse("panel_delete", args=[b]), {}),
        (reverse("panel_move", args=[a]), {"scene": other.code}),
        (reverse("panels_bulk", args=[project.code]), {"panels": [a, c], "act": "edit", "scene": other.pk}),
        (reverse("scene_move", args=[other.code]), {"after": ""}),
    ])  # fmt: skip
    assert Panel.objects.filter(deleted=None, scene__project=project).count() in (2, 3)
    assert_in_order(project)
    assert len(set(Scene.objects.filter(project=project).values_list("position", flat=True))) == 2


def test_it_restores_a_panel_once(crowd, board, mei):
    project, scene, panels = board
    Client().force_login(mei)
    crowd(mei, [(reverse("panel_delete", args=[panels[0].code]), {})])
    crowd(mei, same("panel_restore", panels[0].code))
    assert Panel.objects.filter(scene=scene, deleted=None).count() == 3
    assert_in_order(project)


def test_it_keeps_the_last_of_two_texts_and_tells_the_other(crowd, board, mei):
    panel = board[2][0]
    calls = [
        (
            reverse("panel_field", args=[panel.code]),
            {"field": "action", "action": f"Tab {n}.", "revision": panel.revision},
        )
        for n in range(TABS)
    ]
    answers = Counter(answer.status_code for answer in crowd(mei, calls))
    assert answers == {302: 1, 409: TABS - 1}


def test_it_adds_scenes_with_numbers_of_their_own(crowd, board, mei):
    project = board[0]
    crowd(mei, same("scene_add", project.code, number="7", int_ext="INT", place="attic"))
    numbers = list(Scene.objects.filter(project=project, deleted=None).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)), numbers
    positions = Scene.objects.filter(project=project, deleted=None).values_list("position", flat=True)
    assert len(positions) == len(set(positions))


def test_it_puts_somebody_into_a_panel_once(crowd, board, mei, team):
    noor, panel = makers.subject(team, locked=True), board[2][0]
    crowd(mei, same("cast_add", panel.code, subject=noor.code))
    row = panel.appearances.get()
    crowd(
        mei, [(reverse("cast_remove", args=[row.pk]), {}), (reverse("cast_edit", args=[row.pk]), {"where": "left"})] * 4
    )
    assert panel.appearances.count() == 0


def test_it_locks_a_version_once_and_makes_one_draft(crowd, ada, team):
    subject = makers.subject(team, markers=[("scar", "face", "")])
    crowd(ada, same("subject_lock", subject.code, number=1, revision=subject.versions.get().revision))
    assert (events("subject.locked"), subject.versions.count()) == (1, 1)
    crowd(ada, same("subject_next_version", subject.code))
    assert subject.versions.count() == 2
    assert SubjectVersion.objects.filter(subject=subject, locked_at=None).count() == 1
    assert Marker.objects.filter(version__subject=subject, version__number=2).count() == 1


def test_it_never_changes_a_version_while_it_is_being_locked(crowd, ada, team):
    subject = makers.subject(team, markers=[("scar", "face", "")])
    marker, draft = Marker.objects.get(), subject.versions.get()
    lock = (reverse("subject_lock", args=[subject.code]), {"number": 1, "revision": draft.revision})
    crowd(ada, [
        lock,
        (reverse("marker_add", args=[subject.code]), {"phrase": "grey coat", "category": "wardrobe"}),
        (reverse("marker_edit", args=[marker.pk]), {"phrase": "thin scar", "category": "face", "revision": 1}),
        (reverse("marker_delete", args=[marker.pk]), {}),
        (reverse("subject_field", args=[subject.code]), {"bible": "Another.", "revision": draft.revision}),
        (reverse("marker_move", args=[marker.pk]), {"after": ""}),
        lock,
    ])  # fmt: skip
    draft.refresh_from_db()
    if draft.locked_at:
        late = Event.objects.filter(at__gt=Event.objects.get(verb="subject.locked").at, verb__startswith="marker.")
        assert not late.exists()


def test_it_adds_markers_each_in_a_place_of_its_own(crowd, mei, team):
    subject = makers.subject(team)
    crowd(mei, same("marker_add", subject.code, phrase="grey coat", category="wardrobe"))
    places = list(Marker.objects.values_list("position", flat=True))
    assert sorted(places) == list(range(TABS))
    one = Marker.objects.first()
    crowd(mei, same("marker_delete", one.pk))
    assert Marker.objects.count() == TABS - 1


def test_it_lets_one_person_in_once_and_one_use_in_one_person(crowd, ada, team):
    invitation, token = accounts.invite(team=team, by=ada, role="artist", uses=5)
    guest = makers.member(makers.team("Elsewhere"), "Gil", "owner")
    crowd(guest, same("join", token))
    assert Membership.objects.filter(team=team, user=guest).count() == 1
    invitation.refresh_from_db()
    assert invitation.uses == 1

    _, token = accounts.invite(team=team, by=ada, role="artist", uses=1)
    path = reverse("join", args=[token])
    crowd(
        None, [(path, {"name": f"N{n}", "email": f"n{n}@example.test", "password": "correct horse"}) for n in range(4)]
    )
    assert Membership.objects.filter(team=team, user__email__startswith="n").count() == 1
    assert accounts.User.objects.filter(email__regex=r"^n\d@").count() == 1, "an account without a team is left over"


def test_it_lets_a_link_in_once(crowd, mei):
    path = reverse("enter", args=[accounts.make_sign_in_link(user=mei)])
    answers = Counter(answer.status_code for answer in crowd(None, [(path, {})] * TABS))
    assert answers == {302: 1, 404: TABS - 1}


def test_it_keeps_an_owner(crowd, ada, team):
    second = makers.member(team, "Olu", "owner")
    mine, theirs = (Membership.objects.get(team=team, user=user) for user in (ada, second))
    crowd(ada, [(reverse("member_role", args=[theirs.pk]), {"role": "viewer"}),
                (reverse("member_remove", args=[theirs.pk]), {})] * 2)  # fmt: skip
    assert Membership.objects.filter(team=team, role="owner").count() == 1
    assert mine.pk


def test_it_asks_for_pictures_once(crowd, board, mei):
    project, _, panels = board
    key = uuid.uuid4()
    calls = same("batch_start", project.code, missing="1", takes=2, key=key, engine="sketch")
    where = {answer["Location"] for answer in crowd(mei, calls)}
    assert len(where) == 1
    assert (Batch.objects.count(), Job.objects.count()) == (1, 6)
    crowd(mei, same("panel_draw", panels[0].code, takes=1, key=uuid.uuid4(), engine="sketch"))
    assert (Batch.objects.count(), Job.objects.count()) == (2, 7)
    crowd(mei, same("batch_cancel", Batch.objects.order_by("pk").first().code))
    assert Job.objects.filter(state="cancelled").count() == 6
    assert events("batch.cancelled") == 1


def test_it_makes_one_export_of_one_form(crowd, board, mei, team):
    project, _, panels = board
    makers.take(panels[0], makers.image(team), picked=True)
    crowd(mei, same("export_new", project.code, format="zip", which="all", key=uuid.uuid4()))
    assert Export.objects.count() == 1
    crowd(mei, same("export_cancel", Export.objects.get().code))
    assert events("export.cancelled") == 1


def test_it_picks_one_of_many(crowd, board, mei):
    panel = board[2][0]
    takes = [makers.take(panel) for _ in range(TABS)]
    crowd(mei, [(reverse("take_pick", args=[take.code]), {}) for take in takes])
    panel.refresh_from_db()
    assert panel.picked in takes


def test_it_makes_projects_that_stand_apart(crowd, mei, team):
    crowd(mei, same("project_new", title="Twice", kind="storyboard", aspect="16:9"))
    assert len(set(Project.objects.filter(team=team).values_list("code", flat=True))) == TABS


def test_it_takes_a_picture_in_once(crowd, mei, team):
    from django.core.files.uploadedfile import SimpleUploadedFile

    into = makers.subject(team, kind=Kind.CHARACTER).reference_sets.get()
    data, path = makers.picture(), reverse("references_upload", args=[into.code])
    crowd(mei, [(path, {"file": SimpleUploadedFile("front.png", data, "image/png")}) for _ in range(4)])
    assert Reference.objects.filter(reference_set=into).count() == 1
    more = [makers.picture(mark=f"#0000{n:02x}") for n in range(4)]
    crowd(mei, [(path, {"file": SimpleUploadedFile(f"{n}.png", more[n], "image/png")}) for n in range(4)])
    places = list(Reference.objects.filter(reference_set=into).values_list("position", flat=True))
    assert sorted(places) == list(range(5))


def test_it_brings_a_removed_picture_back_once(crowd, mei, team):
    from studio.library import actions as library
    from studio.views import undo

    subject = makers.subject(team)
    outfit, into = makers.outfit(subject), subject.reference_sets.get(outfit=None)
    gone = makers.reference(into, img=makers.image(team))
    path = reverse("reference_restore", args=[into.code])
    token = undo.make("Gone.", path, **library.remove_reference(reference=gone, by=mei)).token
    crowd(mei, [(path, {"token": token})] * TABS)
    back = Reference.objects.get()
    library.transfer_reference(reference=back, by=mei, to=outfit.reference_set)
    crowd(mei, [(path, {"token": token})] * 2)  # pressed again in a tab that stayed open, after it went elsewhere
    assert Reference.objects.filter(image=gone.image).count() in (1, 2)


def test_it_loads_and_removes_the_sample_once(crowd, ada, team):
    from studio.sample import actions as sample

    projects, fresh = sample._claim(team, ada)
    assert fresh
    crowd(ada, same("sample_load"))
    assert Project.objects.filter(team=team, sample=True).count() == len(projects)
    crowd(ada, same("sample_remove"))
    assert not Project.objects.filter(team=team).exists()
    assert events("sample.removed") == 1


def test_it_speaks_of_the_database_at_hand():
    assert connection.vendor in {"sqlite", "postgresql"}
    assert connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])
