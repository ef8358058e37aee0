"""The activity: events in words, repeated ones as one, with pictures and links. The same few queries on any page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils import timezone

from studio.accounts.models import Event, Membership, Team, User
from studio.board.models import Panel, Project, Scene
from studio.lib.text import line
from studio.library.models import Subject
from studio.media.models import Image
from studio.notices.models import Looked, Notice
from studio.notices.sentences import NAMELESS, SENTENCES, verbs
from studio.review.models import Round

PER_PAGE = 100  # events, before repeated ones become one
TOGETHER = dt.timedelta(minutes=30)  # between two of the same that are said as one
PICTURES = 4
NAMED = 7  # panels by their labels, in one line


@dataclass(slots=True)
class Entry:
    """One line of the feed."""

    who: str
    did: str
    what: str
    at: dt.datetime
    path: str = ""
    initials: str = ""
    quote: str = ""
    internal: bool = False
    images: list[Image] = field(default_factory=list)
    new: bool = False
    code: str = ""  # of a notice, which is read by opening it


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Feed:
    days: list[Day]
    older: int  # what to ask for next, 0 at the end
    fresh: int = 0  # entries that are new on this page


def activity(
    *, member: Membership, project: Project | None = None, group: str = "", who: int = 0, before: int = 0
) -> Feed:
    """Of a team, or of one project; `before` is an event's number, for what is older."""
    may = {str(right) for right in SENTENCE_RIGHTS if member.may(right)}
    rows = Event.objects.filter(team=member.team, verb__in=verbs(group=group, may=may))
    if project is not None:
        rows = rows.filter(project=project.code)
    if who:
        rows = rows.filter(actor=who)
    if before:
        rows = rows.filter(pk__lt=before)
    events = list(rows.select_related("actor").order_by("-pk")[: PER_PAGE + 1])
    older = events[PER_PAGE - 1].pk if len(events) > PER_PAGE else 0
    return _feed(_grouped(events[:PER_PAGE]), since(member.user, member.team), member, older)


def since(user: User, team: Team) -> dt.datetime:
    """From when on things are new to somebody: since they last said that they had seen all, else since they came."""
    looked = Looked.objects.filter(user=user, team=team).values_list("at", flat=True).first()
    return looked or Membership.objects.filter(user=user, team=team).values_list("created", flat=True).get()


def for_me(*, member: Membership, before: int = 0) -> Feed:
    """What this person was told in this team, the newest first."""
    rows = Notice.objects.shown_to(member.user, member.team)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PER_PAGE + 1])
    older = found[PER_PAGE - 1].pk if len(found) > PER_PAGE else 0
    entries = [_told(rows) for rows in told_together(found[:PER_PAGE])]
    return Feed(_days(entries), older, sum(entry.new for entry in entries))


def told_together(rows: Iterable[Notice]) -> list[list[Notice]]:
    """Neighbours that say the same of panels of one round: "approved Night ferry 1A, 1B"."""
    groups: list[list[Notice]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if (
            last
            and _sort(last) == _sort(row)
            and last.created - row.created < TOGETHER
            and not (last.quote or row.quote)
        ):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _sort(row: Notice) -> tuple[Any, ...]:
    return row.kind, row.who, row.did, row.what.rpartition(" ")[0], row.path.partition("panels/")[0], row.read is None


def _told(rows: list[Notice]) -> Entry:
    """The newest first; what it is about is named in the order it happened."""
    row, labels = rows[0], list(dict.fromkeys(one.what.rpartition(" ")[2] for one in reversed(rows[:-1])))
    named = ", ".join([rows[-1].what, *labels[:NAMED]])
    if len(labels) > NAMED:
        named += f" and {len(labels) - NAMED} more"
    images = {one.image_id: one.image for one in rows if one.image}
    return Entry(
        row.who, row.did, named, row.created, row.path, _initials(row.who), row.quote,
        images=list(images.values())[:PICTURES], new=row.read is None, code=row.code,
    )  # fmt: skip


def unread(user: User, team: Team) -> int:
    return Notice.objects.filter(user=user, team=team, here=True, read=None).count()


SENTENCE_RIGHTS = {words.right for words in SENTENCES.values()}


def _grouped(events: Iterable[Event]) -> list[list[Event]]:
    """Neighbours that say the same of things of one project, each group the newest first."""
    groups: list[list[Event]] = []
    for event in events:
        last = groups[-1] if groups else None
        if last and _same(last[0], event) and last[-1].at - event.at < TOGETHER and SENTENCES[_name(event)].many:
            last.append(event)
        else:
            groups.append([event])
    return groups


def _same(one: Event, other: Event) -> bool:
    def keys(event: Event) -> tuple[Any, ...]:
        day = timezone.localtime(event.at).date()
        return _name(event), event.actor_id, event.data.get("name") if not event.actor_id else "", event.project, day

    return keys(one) == keys(other)


def _name(event: Event) -> str:
    full = f"{event.verb} {event.data.get('verdict', '')}".strip() if event.verb == "decided" else event.verb
    return full if full in SENTENCES else event.verb


@dataclass(frozen=True, slots=True)
class _Known:
    """What the events of a page name, fetched at once."""

    projects: dict[str, Project]
    panels: dict[str, Panel]
    scenes: dict[str, Scene]
    rounds: dict[str, Round]
    subjects: dict[str, Subject]
    people: dict[int, str]


def _known(groups: list[list[Event]], team: Team) -> _Known:
    events = [event for group in groups for event in group]
    codes: dict[str, set[str]] = {"panel": set(), "scene": set(), "round": set(), "subject": set()}
    people: set[int] = set()
    for event in events:
        if event.about in codes:
            codes[event.about].add(event.code)
        if event.data.get("panel"):
            codes["panel"].add(str(event.data["panel"]))
        if event.data.get("round"):
            codes["round"].add(str(event.data["round"]))
        if event.about == "user" and event.code.isdigit():
            people.add(int(event.code))
    projects = Project.objects.filter(team=team, code__in={event.project for event in events if event.project})
    panels = Panel.objects.filter(scene__project__team=team, code__in=codes["panel"]).select_related(
        "picked__image", "scene"
    )
    scenes = Scene.objects.filter(project__team=team, code__in=codes["scene"])
    rounds = Round.objects.filter(project__team=team, code__in=codes["round"])
    subjects = Subject.objects.filter(team=team, code__in=codes["subject"])
    return _Known(
        projects={row.code: row for row in projects},
        panels={row.code: row for row in panels},
        scenes={row.code: row for row in scenes},
        rounds={row.code: row for row in rounds},
        subjects={row.code: row for row in subjects},
        people={user.pk: str(user) for user in User.objects.filter(pk__in=people)},
    )


def _feed(groups: list[list[Event]], new_since: dt.datetime, member: Membership, older: int) -> Feed:
    known = _known(groups, member.team)
    entries = [_entry(group, known, new_since, member.user) for group in groups]
    return Feed(_days(entries), older, sum(entry.new for entry in entries))


def _entry(group: list[Event], known: _Known, new_since: dt.datetime, user: User) -> Entry:
    event, words = group[0], SENTENCES[_name(group[0])]
    things = {one.data.get("panel") or one.code for one in group}
    project = known.projects.get(event.project)
    title = project.title if project else ""
    if len(things) > 1:
        did, what, path = (
            words.many.replace("{n}", str(len(things))),
            title,
            f"/projects/{event.project}/" if project else "",
        )
    else:
        did, (what, path) = _filled(words.one, event, known), _object(event, known, title)
    name = "" if event.verb in NAMELESS else str(event.actor or event.data.get("name") or "Somebody")
    mine = event.actor_id == user.pk
    quotes = [one.data.get("excerpt") or one.data.get("said") for one in group] if len(things) == 1 else []
    return Entry(
        "You" if mine else line(name), did, line(what), event.at, path, _initials(str(user) if mine else name),
        line(str(next(filter(None, quotes), "")))[:200], bool(event.data.get("internal")), _images(group, known),
        new=not mine and event.at > new_since,
    )  # fmt: skip


def _filled(words: str, event: Event, known: _Known) -> str:
    if "{" not in words:
        return words
    person = known.people.get(int(event.code)) if event.about == "user" and event.code.isdigit() else None
    values = {
        "take": event.data.get("take"),
        "version": event.data.get("version"),
        "person": person or "somebody",
        "now": event.data.get("now"),
    }
    for name, value in values.items():
        words = words.replace(f"{{{name}}}", line(str(value if value is not None else "")))
    return words


def _object(event: Event, known: _Known, title: str) -> tuple[str, str]:
    """What it was done to, and where that is now; no address once it is gone."""
    data, about, project = event.data, event.about, known.projects.get(event.project)
    here = project is not None and not project.deleted
    if about == "panel" or data.get("panel"):
        panel = known.panels.get(str(data.get("panel") or event.code))
        there = here and panel is not None and not panel.deleted and not panel.scene.deleted
        return f"{title} {data.get('label') or ''}", f"/panels/{panel.code}/" if there and panel else ""
    if about == "round":
        round_ = known.rounds.get(event.code)
        return f"{title} {round_ or ''}", f"/rounds/{event.code}/" if here and round_ else ""
    if about == "scene":
        scene = known.scenes.get(event.code)
        return (
            f"scene {data.get('number', '')} of {title}",
            f"/scenes/{event.code}/" if here and scene and not scene.deleted else "",
        )
    if about == "subject":
        subject = known.subjects.get(event.code)
        return str(
            subject or data.get("name") or ""
        ), f"/subjects/{event.code}/" if subject and not subject.deleted else ""
    if about in {"account", "hook"}:
        return str(data.get("label") or ""), "/team/engines/" if about == "account" else "/team/webhooks/"
    return title, f"/projects/{event.project}/" if here else ""


def _images(group: list[Event], known: _Known) -> list[Image]:
    found: dict[int, Image] = {}
    for event in group:
        panel = known.panels.get(str(event.data.get("panel") or event.code))
        if panel and panel.picked and not panel.deleted:
            found.setdefault(panel.picked.image_id, panel.picked.image)
    return list(found.values())[:PICTURES]


def _days(entries: list[Entry]) -> list[Day]:
    today = timezone.localdate()

    def name(day: dt.date) -> str:
        past = (today - day).days
        if past in (0, 1):
            return ("Today", "Yesterday")[past]
        if 0 < past < 7:
            return f"{day:%A}"
        return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")

    return [Day(name(day), list(rows)) for day, rows in groupby(entries, lambda e: timezone.localtime(e.at).date())]


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


def people(team: Team) -> list[tuple[int, str]]:
    """Who can be asked for in the filter: everybody of the team."""
    return [(row.user_id, str(row.user)) for row in Membership.objects.with_people(team)]
