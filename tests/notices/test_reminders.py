"""Due dates: who still has to decide hears of it the day before and once it is over."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.utils import timezone

from studio.models import Notice
from studio.notices import reminders


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def due(sent):
    def on(day):
        sent.due = day
        sent.save()

    return on


def told(user):
    return [f"{row.did} {row.what}" for row in Notice.objects.filter(user=user, kind="due").order_by("pk")]


def test_it_reminds_whoever_is_asked_the_day_before_once(due, today, rosa, mei, pavel):
    due(today + dt.timedelta(days=2))
    assert reminders.remind() == 0
    due(today + dt.timedelta(days=1))
    assert [reminders.remind(), reminders.remind()] == [1, 0]
    assert told(rosa) == ["Due tomorrow: Night ferry v1"]
    assert told(mei) == told(pavel) == []


def test_it_says_today_where_it_comes_late(due, today, rosa):
    due(today)
    reminders.remind()
    assert told(rosa) == ["Due today: Night ferry v1"]


def test_it_tells_the_sender_too_when_it_is_over(due, today, rosa, pavel):
    day = today - dt.timedelta(days=1)
    due(day)
    assert reminders.remind() == 2
    assert told(rosa) == told(pavel) == [f"Overdue since {day.day} {day:%b}: Night ferry v1"]


def test_it_leaves_those_in_peace_who_have_decided(due, decide, today, rosa, sent):
    decide(rosa, "approve")
    due(today)
    assert reminders.remind() == 0
    decide(rosa, "")
    assert reminders.remind() == 1


def test_it_says_nothing_of_what_is_over(due, today, sent, rosa):
    due(today)
    sent.state = "closed"
    sent.save()
    assert reminders.remind() == 0


def test_the_worker_looks_once_a_minute(db, settings, tmp_path):
    settings.DATA = tmp_path
    assert reminders.due(9) == []  # the first look only leaves its mark
    os.utime(tmp_path / "reminded", (0, 0))
    ((minute, _),) = reminders.due(9)
    reminders.run(minute)
    assert reminders.due(9) == []
