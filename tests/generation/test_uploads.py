"""References that lie at a service already are named, not sent again: over restarts, until the service has forgotten them."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.generation.models import Upload
from studio.generation.uploads import LIVES, Uploads
from studio.lib import threads
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)


def ask(act):
    async def asked():
        return await act

    try:
        return asyncio.run(asked())
    finally:
        threads.let_go()


def test_another_process_finds_what_was_sent(team):
    account = makers.account(team)
    ask(Uploads(account.pk).put("a" * 64, "name-1"))
    assert ask(Uploads(account.pk).get("a" * 64)) == "name-1"
    assert ask(Uploads(account.pk).get("b" * 64)) is None
    assert ask(Uploads(makers.account(team, "Second").pk).get("a" * 64)) is None


def test_a_second_sending_names_the_newest(team):
    account = makers.account(team)
    ask(Uploads(account.pk).put("a" * 64, "name-1"))
    ask(Uploads(account.pk).put("a" * 64, "name-2"))
    assert ask(Uploads(account.pk).get("a" * 64)) == "name-2"
    assert Upload.objects.count() == 1


def test_what_was_not_used_for_long_is_sent_again(team):
    account = makers.account(team)
    ask(Uploads(account.pk).put("a" * 64, "name-1"))
    Upload.objects.update(used=timezone.now() - LIVES + timedelta(days=1))
    assert ask(Uploads(account.pk).get("a" * 64)) == "name-1"
    assert timezone.now() - Upload.objects.get().used < timedelta(minutes=1)  # used: its time begins anew
    Upload.objects.update(used=timezone.now() - LIVES)
    assert ask(Uploads(account.pk).get("a" * 64)) is None


def test_what_the_service_lost_is_forgotten(team):
    uploads = Uploads(makers.account(team).pk)
    ask(uploads.put("a" * 64, "name-1"))
    ask(uploads.forget("a" * 64))
    assert ask(uploads.get("a" * 64)) is None
