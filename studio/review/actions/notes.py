"""Notes, verb by verb. `by` is the Reviewer: a `user` or a `guest`, the other is None, and a `name`.

Text is written only while the round is open; what was said is not unsaid: a deleted note keeps its row.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from studio.accounts.events import record
from studio.accounts.models import User
from studio.board.errors import Conflict
from studio.lib.text import plain
from studio.review import mentions, standing
from studio.review.actions.rounds import touch
from studio.review.errors import Refused
from studio.review.marks import Mark
from studio.review.models import Note, Round, RoundPanel

LONGEST = 5000
EXCERPT = 200


def write_note(
    *,
    round: Round,
    on: RoundPanel | None,
    by: Any,
    text: str,
    key: uuid.UUID,
    marks: list[Mark] | None = None,
    internal: bool = False,
    parent: Note | None = None,
) -> Note:
    """A note on a panel, on the whole round (`on` is None), or a reply. The same `key` twice is one note.

    A reply stands on its parent's panel and is for the team only where the parent is. Guests write nothing internal.
    Raises Refused.
    """
    if not (by.user or by.guest):
        raise Refused("Say who you are first.", field="name")
    said = _said(text)
    if parent is not None and (parent.parent_id or parent.round_id != round.pk or parent.deleted):
        raise Refused("That note is gone. Write a new one.")
    try:
        with transaction.atomic():
            if found := Note.objects.filter(key=key).first():
                return _same(found, by)
            _touch(round)  # its row is locked from here on, so numbers are given one after the other
            place = parent.on if parent else on
            number = 0 if parent else _next(round, place)
            note = Note.objects.create(
                round=round, on=place, number=number, parent=parent, user=by.user, guest=by.guest, name=by.name[:80],
                text=said, internal=bool(by.user) and (internal or bool(parent and parent.internal)),
                marks=marks or [], key=key,
            )  # fmt: skip
            mentioned = _mention(note, by)
            _follow(note)
            _record("note_written", note, by, reply=bool(parent), to=parent.code if parent else "")
            for person in mentioned:
                _record("mentioned", note, by, user=person.pk)
    except IntegrityError:  # the same form at the same moment
        found = Note.objects.filter(key=key).first()
        if found is None:
            raise
        return _same(found, by)
    return note


def edit_note(*, note: Note, by: Any, text: str, was: str) -> Note:
    """Change one's own words. `was`: the text that the person saw. Raises Refused, Conflict where it is another by now."""
    said = _said(text)
    _own(note, by)
    with transaction.atomic():
        _touch(note.round)
        rows = Note.objects.filter(pk=note.pk, deleted=None, text=plain(was))
        if not rows.update(text=said, edited=timezone.now()):
            note.refresh_from_db()
            if note.deleted or note.text != said:
                raise Conflict(note)
            return note
        before = set(note.mentions.values_list("pk", flat=True))
        note.refresh_from_db()
        _record("note_edited", note, by)
        for person in _mention(note, by):
            if person.pk not in before:
                _record("mentioned", note, by, user=person.pk)
    return note


def delete_note(*, note: Note, by: Any) -> bool:
    """Take one's own note away; its replies stay. False where it was gone already. Raises Refused."""
    _own(note, by)
    with transaction.atomic():
        _touch(note.round)
        gone = Note.objects.filter(pk=note.pk, deleted=None).update(deleted=timezone.now())
        if gone:
            _follow(note)
            _record("note_deleted", note, by)
    return bool(gone)


def restore_note(*, note: Note, by: Any) -> bool:
    """Undo a deletion. Raises Refused."""
    _own(note, by)
    with transaction.atomic():
        _touch(note.round)
        back = Note.objects.filter(pk=note.pk).exclude(deleted=None).update(deleted=None)
        if back:
            _follow(note)
            _record("note_restored", note, by)
    return bool(back)


def resolve_note(*, note: Note, by: Any) -> bool:
    """Say that a note is answered, by the take picked now if that is another than the one sent. One effect, however often.

    The team may also do so after the round has closed: that changes nothing that was signed. Raises Refused.
    """
    if note.parent_id or note.deleted:
        raise Refused("That note is gone.")
    if not by.user:
        _own(note, by)
    take = _answer(note)
    with transaction.atomic():
        _touch(note.round, closed_too=bool(by.user))
        done = Note.objects.filter(pk=note.pk, resolved=None, deleted=None).update(
            resolved=timezone.now(), resolved_by=by.user, resolved_name=by.name[:80], resolved_in=take
        )
        if done:
            _follow(note)
            _record("note_resolved", note, by, take=take.number if take else None)
    return bool(done)


def reopen_note(*, note: Note, by: Any) -> bool:
    """A note that was called done is not. Raises Refused."""
    if not by.user:
        _own(note, by)
    with transaction.atomic():
        _touch(note.round, closed_too=bool(by.user))
        again = (
            Note.objects.filter(pk=note.pk)
            .exclude(resolved=None)
            .update(resolved=None, resolved_by=None, resolved_name="", resolved_in=None)
        )
        if again:
            _follow(note)
            _record("note_reopened", note, by)
    return bool(again)


def waive_note(*, note: Note, by: Any, waived: bool = True) -> bool:
    """Let an open note stand without holding up approval, or have it hold it up again. Raises Refused."""
    with transaction.atomic():
        _touch(note.round)
        rows = Note.objects.filter(pk=note.pk, parent=None, deleted=None, waived__isnull=waived)
        changed = rows.update(waived=timezone.now() if waived else None)
        if changed:
            _follow(note)
            _record("note_waived" if waived else "note_held", note, by)
    return bool(changed)


def mine(note: Note, by: Any) -> bool:
    """Whether they wrote it."""
    if by.user:
        return bool(note.user_id == by.user.pk)
    return bool(by.guest and note.guest_id == by.guest.pk)


def _said(text: str) -> str:
    said = plain(text)
    if not said:
        raise Refused("Write what you see, in a word or two.")
    if len(said) > LONGEST:
        raise Refused(f"A note holds {LONGEST:,} characters; this one has {len(said):,}. Write it in two.")
    return said


def _own(note: Note, by: Any) -> None:
    if not mine(note, by):
        raise Refused("Only who wrote a note may change it.")


def _same(found: Note, by: Any) -> Note:
    if not mine(found, by):
        raise Refused("This form was sent before. Load the page anew and write it again.")
    return found


def _touch(round: Round, *, closed_too: bool = False) -> None:
    """As `touch`; what the team tidies up after a round (`closed_too`) is counted there too."""
    rows = Round.objects.filter(pk=round.pk).exclude(state=Round.State.OPEN)
    if not (closed_too and rows.update(changed=timezone.now(), revision=F("revision") + 1)):
        touch(round)


def _follow(note: Note) -> None:
    """Open notes hold up an approval: bring the panel's state to what is said now."""
    if note.parent_id or note.internal:
        return
    held = Round.objects.select_related("project__team").get(pk=note.round_id)
    if held.state == Round.State.OPEN:
        standing.follow(held, None if note.on_id is None else held.panels.filter(pk=note.on_id))


def _next(round: Round, on: RoundPanel | None) -> int:
    last = Note.objects.filter(round=round, on=on, parent=None).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _answer(note: Note) -> Any:
    """The take that answers a note: the panel's pick, where that is another than the one that was sent."""
    if note.on is None:
        return None
    picked = note.on.panel.picked
    return picked if picked and picked.pk != note.on.take_id else None


def _mention(note: Note, by: Any) -> list[User]:
    """Whom the note calls with an @, of those whom its writer may call; a guest's names are those the link shows."""
    if "@" not in note.text:
        note.mentions.clear()
        return []
    people = mentions.named(mentions.reach(note.round, guest=not by.user), note.text)
    note.mentions.set(people)
    return people


def _record(verb: str, note: Note, by: Any, **data: Any) -> None:
    project = note.round.project
    record(
        verb=verb, team=project.team, actor=by.user, about="round", code=note.round.code, project=project.code,
        number=note.round.number, round=note.round.code, label=note.on.label if note.on else "", panel=note.on.panel.code if note.on else "",
        note=note.code, excerpt=note.text[:EXCERPT], internal=note.internal, name=by.name, guest=by.guest is not None,
        **data,
    )  # fmt: skip
