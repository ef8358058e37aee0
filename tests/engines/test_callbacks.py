"""What hiapi signs its callbacks with: kept sealed, taken back by saving nothing, of no use elsewhere."""

import pytest

from studio.generation.models import EngineAccount
from studio.lib import signing
from studio.models import Event
from tests import makers
from tests.engines.conftest import HTMX

pytestmark = pytest.mark.django_db
SECRET = "signing-key-of-the-console"


@pytest.fixture
def hiapi(team, ada):
    return makers.account(team, "hiapi, main", "hiapi", by=ada)


def post(signed_in, user, account, secret, headers=None):
    answer = signed_in(user).post(f"/team/engines/{account.code}/callbacks/", {"secret": secret}, headers=headers)
    account.refresh_from_db()
    return answer


def test_it_keeps_a_signing_key(signed_in, ada, hiapi):
    assert post(signed_in, ada, hiapi, f" {SECRET} ")["Location"] == "/team/engines/"
    assert signing.unseal(hiapi.callback_sealed) == SECRET
    text = signed_in(ada).get(f"/team/engines/{hiapi.code}/callbacks/").content.decode()
    assert "A signing key is kept" in text
    assert SECRET not in text
    assert SECRET not in str(list(Event.objects.values()))
    post(signed_in, ada, hiapi, "")
    assert hiapi.callback_sealed == ""
    post(signed_in, ada, hiapi, "")
    assert [event.data["signed"] for event in Event.objects.filter(verb="account.callbacks").order_by("pk")] == [
        True,
        False,
    ]


@pytest.mark.parametrize("typed", ["too short", "x" * 257, "schlüssel-aus-der-konsole", "sixteen\x00characters"])
def test_it_says_why_not(signed_in, ada, hiapi, typed):
    assert post(signed_in, ada, hiapi, typed, HTMX).status_code == 422
    assert hiapi.callback_sealed == ""


def test_it_is_for_an_engine_that_signs(signed_in, ada, account):
    answer = post(signed_in, ada, account, SECRET, HTMX)
    assert answer.status_code == 422
    assert "Runware does not sign its callbacks." in answer.content.decode()


def test_it_asks_for_the_right(signed_in, hiapi, pavel, mei, rosa, viktor, outsider):
    for user in (pavel, mei, rosa, viktor):
        assert post(signed_in, user, hiapi, SECRET).status_code == 403
    assert post(signed_in, outsider, hiapi, SECRET).status_code == 404
    assert EngineAccount.objects.get().callback_sealed == ""
