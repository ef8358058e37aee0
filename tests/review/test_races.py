"""Many hands at the same moment: one effect each."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connections
from django.test import Client

from studio.models import Asked, Decision, Event, Guest, Note, Round, RoundPanel, ShareLink
from studio.review import actions
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


@pytest.fixture
def together():
    """`together(acts)` calls all at the same moment; what they answered, or the error they raised."""

    def run(acts):
        gate, answers = threading.Barrier(len(acts)), []

        def one(act):
            gate.wait()
            try:
                answers.append(act())
            except Exception as error:
                answers.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    return run


@pytest.fixture
def posting():
    """`posting(user, path, form)`: an act that posts as that user; its status."""

    def act(user, path, form):
        owner = Client()
        owner.force_login(user)

        def post():
            client = Client(raise_request_exception=False)
            client.cookies = owner.cookies
            return client.post(path, form).status_code

        return post

    return act


def test_one_decision(together, posting, round, sent, rosa):
    form = {"panel": sent[0].code, "verdict": "approve"}
    assert together([posting(rosa, f"/rounds/{round.code}/decide/", form)] * MANY) == [302] * MANY
    assert Decision.objects.count() == 1
    assert Event.objects.filter(verb="decided").count() == 1
    round.refresh_from_db()
    assert round.revision == 2


def test_the_newest_of_many_stands_alone(together, posting, round, sent, rosa):
    Note.objects.create(round=round, on=sent[0], user=rosa, name="Rosa", text="Red.", waived=round.sent)
    path = f"/rounds/{round.code}/decide/"
    forms = [{"panel": sent[0].code, "verdict": ("approve", "changes", "")[n % 3]} for n in range(MANY)]
    assert set(together([posting(rosa, path, form) for form in forms])) == {302}
    standing = Decision.objects.get(replaced=None)
    state = {"approve": "approved", "changes": "changes", "": "review"}[standing.verdict]
    row = RoundPanel.objects.select_related("panel").get(pk=sent[0].pk)
    assert (row.state, row.panel.state) == (state, state)


def test_many_people_each_have_a_say(together, posting, team, round, sent):
    people = [makers.member(team, f"Person{n} X", "reviewer") for n in range(MANY)]
    form = {"panel": sent[0].code, "verdict": "approve"}
    assert together([posting(who, f"/rounds/{round.code}/decide/", form) for who in people]) == [302] * MANY
    assert Decision.objects.filter(replaced=None, verdict="approve").count() == MANY
    round.refresh_from_db()
    assert round.revision == 1 + MANY


def test_one_link_for_one_form(together, posting, round, pavel):
    form = {"name": "Dana", "key": str(uuid.uuid4()), "may_decide": "on"}
    assert together([posting(pavel, f"/rounds/{round.code}/links/", form)] * MANY) == [200] * MANY
    assert (ShareLink.objects.count(), Guest.objects.count(), Asked.objects.count()) == (1, 1, 1)


def test_one_round_for_one_form(together, posting, project, pavel):
    form = {"rule": "anyone", "key": str(uuid.uuid4()), "clients": "Dana, dana@example.com", "may_decide": "on"}
    assert together([posting(pavel, f"/projects/{project.code}/review/send/", form)] * MANY) == [200] * MANY
    assert (Round.objects.count(), ShareLink.objects.count()) == (1, 1)


def test_rounds_sent_at_once_have_a_number_each(together, project, pavel):
    made = together([lambda: actions.send_round(project=project, by=pavel).number] * 6)
    assert sorted(made) == [1, 2, 3, 4, 5, 6]
    assert Round.objects.filter(state="open").count() == 1


def test_one_close(together, posting, round, pavel):
    together([posting(pavel, f"/rounds/{round.code}/close/", {})] * MANY)
    assert Event.objects.filter(verb="round_closed").count() == 1


def test_close_or_withdraw_not_both(together, round, pavel):
    acts = [lambda: actions.close_round(round=round, by=pavel), lambda: actions.withdraw_round(round=round, by=pavel)]
    together(acts * 5)
    verbs = set(Event.objects.filter(verb__startswith="round_").values_list("verb", flat=True)) - {"round_sent"}
    assert len(verbs) == 1


def test_no_decision_after_the_close(together, posting, round, sent, rosa, pavel):
    """Whatever is signed is what stands."""
    form = {"panel": sent[0].code, "verdict": "approve"}
    acts = [posting(rosa, f"/rounds/{round.code}/decide/", form)] * 5 + [
        posting(pavel, f"/rounds/{round.code}/close/", {})
    ]
    together(acts)
    round.refresh_from_db()
    stands = Decision.objects.filter(verdict="approve").exists()
    assert (round.signed["panels"][0]["state"] == "approved") is stands


def test_openings_stop_at_the_limit(together, round, pavel):
    _, token = actions.make_link(round=round, by=pavel, name="Dana", views=3)
    answers = together([lambda: Client().get(f"/r/{token}/").status_code] * 12)
    assert sorted(answers) == [302] * 3 + [404] * 9
    assert ShareLink.objects.get().views == 3


def test_one_revocation(together, posting, linked, pavel):
    together([posting(pavel, f"/links/{linked[0].code}/revoke/", {})] * MANY)
    assert Event.objects.filter(verb="link_revoked").count() == 1
