"""What the review page reads: the film, one panel with its notes, what is said of the whole. Constant queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from studio.board.models import Panel
from studio.review import marks, mentions
from studio.review.actions.notes import mine
from studio.review.models import Decision, Note, Plea, Round, RoundPanel
from studio.review.reviewers import Reviewer


@dataclass(slots=True)
class Said:
    """One note or reply, as one person sees it."""

    row: Note
    number: int
    name: str
    initials: str
    text: str
    mine: bool
    internal: bool
    guest: bool
    version: int = 0  # of an earlier round's note; 0: this round's
    done: str = ""  # "Done in v3", "Done"; empty while it is open
    spot: tuple[float, float] | None = None
    where: str = ""
    words: str = ""
    shapes: list[marks.Shape] = field(default_factory=list)
    fits: bool = False  # of an earlier version: whether its marks can stand on the picture now shown
    replies: list[Said] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def key(self) -> uuid.UUID:
        """Of an answer to it that is not written yet."""
        return uuid.uuid4()

    @property
    def pieces(self) -> list[mentions.Piece]:
        """The text, cut at the names it calls."""
        return mentions.pieces(self.row.mentions.all(), self.text)

    @property
    def open(self) -> bool:
        return not self.row.resolved and not self.row.deleted

    @property
    def gone(self) -> bool:
        return self.row.deleted is not None

    @property
    def across(self) -> str:
        """For a style: "81.2%"."""
        return f"{self.spot[0] * 100:.2f}%" if self.spot else ""

    @property
    def down(self) -> str:
        return f"{self.spot[1] * 100:.2f}%" if self.spot else ""


@dataclass(slots=True)
class Talk:
    """The notes of one panel of a round (or of the whole round), and those of earlier rounds about the same panel."""

    notes: list[Said]
    before: list[Said]

    @property
    def marked(self) -> list[int]:
        """Earlier versions whose marks can be drawn on this picture."""
        return sorted({one.version for one in self.before if one.fits})

    @property
    def open(self) -> int:
        return sum(one.open for one in (*self.notes, *self.before))

    @property
    def done(self) -> int:
        return sum(not one.open and not one.gone for one in (*self.notes, *self.before))

    @property
    def sentence(self) -> str:
        """ "2 open, 1 done"; empty without notes."""
        parts = [f"{self.open} open" if self.open else "", f"{self.done} done" if self.done else ""]
        return ", ".join(part for part in parts if part)


@dataclass(slots=True)
class Frame:
    """One panel in the film."""

    row: RoundPanel
    open: int  # notes
    picture: Any = None

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def undecided(self) -> bool:
        """Left open when the round was over."""
        return self.row.state == Panel.State.REVIEW and self.row.round.state != Round.State.OPEN

    @property
    def state(self) -> str:
        return str(Panel.State.DRAFT if self.undecided else self.row.state)

    @property
    def sign(self) -> str:
        """Label, state and notes in words."""
        notes = f", {self.open} open note{'' if self.open == 1 else 's'}" if self.open else ""
        return f"{'Not decided' if self.undecided else self.row.get_state_display()}{notes}"


def film(round: Round, who: Reviewer) -> list[Frame]:
    """Every panel of the round in its order, with its picture's row: two queries."""
    rows = list(round.panels.select_related("image").order_by("position"))
    seen = seen_by(who).filter(round=round, resolved=None, deleted=None, parent=None)
    counts = dict(seen.values_list("on").order_by().annotate(Count("pk")))
    return [Frame(row, counts.get(row.pk, 0)) for row in rows]


def seen_by(who: Reviewer) -> QuerySet[Note]:
    """The notes that this person may read: a guest none of the team's own."""
    rows = Note.objects.all()
    return rows if who.is_team else rows.filter(internal=False).exclude(parent__internal=True)


def talk(round: Round, on: RoundPanel | None, who: Reviewer, earlier: Iterable[Round] = (), *, drawn: int = 0) -> Talk:
    """The threads about one panel, oldest first. `earlier`: rounds in scope whose notes on the same panel are shown too.

    Of those only what is still open, or was answered by the picture now shown. `drawn`: the number of an earlier version
    whose pins and marks are drawn on this picture.
    """
    rounds = {one.pk: one for one in (round, *earlier)}
    here = Q(round=round, on=on)
    if on is not None and len(rounds) > 1:
        here |= Q(round__in=[pk for pk in rounds if pk != round.pk], on__panel=on.panel_id)
    found = seen_by(who).filter(here).select_related("user", "guest", "resolved_in", "on__image", "round")
    rows = list(found.prefetch_related("mentions").order_by("pk"))
    versions = _versions(rows, round)
    threads: dict[int, Said] = {}
    replies: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        said = _said(row, who, round, rounds[row.round_id], versions, on, drawn)
        if row.parent_id:
            if not row.deleted:
                replies[row.parent_id].append(said)
        else:
            threads[row.pk] = said
    for pk, said in threads.items():
        said.replies = replies.get(pk, [])
    every = [said for said in threads.values() if not said.gone or said.replies]
    now = [said for said in every if not said.version]
    return Talk(now, [said for said in every if said.version and _matters(said, on)])


def _matters(said: Said, on: RoundPanel | None) -> bool:
    """Whether a note of an earlier round is worth showing beside this version."""
    if said.gone:
        return False
    return said.open or bool(on and said.row.resolved_in_id and said.row.resolved_in_id == on.take_id)


def _versions(rows: list[Note], round: Round) -> dict[int, int]:
    """Take -> the first version, up to this one, in which it was sent."""
    takes = {row.resolved_in_id for row in rows if row.resolved_in_id}
    if not takes:
        return {}
    sent = RoundPanel.objects.filter(take__in=takes, round__project=round.project_id, round__number__lte=round.number)
    return dict(sent.values_list("take").order_by().annotate(Min("round__number")))


def _said(
    row: Note, who: Reviewer, round: Round, its: Round, versions: dict[int, int], on: RoundPanel | None, drawn: int
) -> Said:
    done = ""
    if row.resolved:
        version = versions.get(row.resolved_in_id or 0, 0)
        done = f"Done in v{version}" if version > its.number else "Done"
        if done == "Done" and row.resolved_in and who.is_team:
            done = f"Done in take {row.resolved_in.number}"
    image = on.image if on else None
    ratio = image.width / image.height if image else 16 / 9
    fits = its.pk != round.pk and _fits(row, on)
    here = (its.pk == round.pk or (fits and its.number == drawn)) and not row.deleted
    return Said(
        row=row, number=row.number, name=row.name, initials=initials(row.name), text="" if row.deleted else row.text,
        mine=mine(row, who), internal=row.internal, guest=row.guest_id is not None,
        version=its.number if its.pk != round.pk else 0, done=done,
        spot=marks.spot(row.marks) if here else None, where=marks.where(row.marks), words=marks.words(row.marks),
        shapes=marks.shapes(row.marks, ratio) if here else [], fits=fits,
    )  # fmt: skip


def _fits(row: Note, on: RoundPanel | None) -> bool:
    """Whether marks on an earlier picture stand where they stood: this one has the same shape."""
    was, now = row.on.image if row.on else None, on.image if on else None
    if not row.marks or was is None or now is None:
        return False
    return abs(was.width / was.height - now.width / now.height) < 0.02


def initials(name: str) -> str:
    """One or two letters for the avatar."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def decisions(round: Round, on: RoundPanel | None) -> list[Decision]:
    """What stands, newest first: one row a person."""
    rows = Decision.objects.filter(round=round, on=on, replaced=None).exclude(verdict="")
    return list(rows.select_related("marker").order_by("-pk"))


@dataclass(frozen=True, slots=True)
class After:
    """What somebody can do where a round is closed: ask for it to be taken up again, once. For the team: what came after."""

    mine: Plea | None
    newer: Round | None


def after(round: Round, who: Reviewer) -> After | None:
    """None while the round is not closed. A guest learns of no other round."""
    if round.state != Round.State.CLOSED:
        return None
    mine = Plea.objects.filter(round=round, by=who.by).first() if who.by else None
    return After(mine, newer(round) if who.is_team else None)


def newer(round: Round) -> Round | None:
    """The newest version that was sent after this one and not withdrawn."""
    rows = Round.objects.filter(project=round.project_id, number__gt=round.number)
    return rows.exclude(state=Round.State.WITHDRAWN).order_by("-number").first()


def whole_of(round: Round, who: Reviewer) -> Decision | None:
    """What this person said of the whole round, if that stands."""
    rows = Decision.objects.filter(round=round, on=None, by=who.by, replaced=None).exclude(verdict="")
    return rows.first() if who.by else None


def open_notes(panel_ids: Iterable[int]) -> dict[int, int]:
    """Open notes of panels of the board, of every round that was sent: panel -> how many. One query."""
    rows = Note.objects.filter(on__panel__in=list(panel_ids), parent=None, resolved=None, deleted=None)
    return dict(rows.order_by().values_list("on__panel").annotate(Count("pk")))


def of_panel(panel: Any, most: int = 20) -> list[Note]:
    """The open notes on a panel of the board, newest round first, with round and version: one query."""
    rows = Note.objects.filter(on__panel=panel, parent=None, resolved=None, deleted=None)
    return list(rows.select_related("round", "on", "user").order_by("-round__number", "pk")[:most])


__all__ = [
    "After", "Frame", "Said", "Talk", "after", "decisions", "film", "initials", "newer", "of_panel", "open_notes", "seen_by", "talk", "whole_of",
]  # fmt: skip
