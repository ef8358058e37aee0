"""Where a panel of a round stands, from what was said of it and by the round's rule. Pure but for `follow`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from studio.board.models import Panel
from studio.review.models import Asked, Decision, Note, Round, RoundPanel, Rule

APPROVE, CHANGES = Decision.Verdict.APPROVE, Decision.Verdict.CHANGES
TEAM, CLIENT = 1, 2  # the steps of Rule.ORDER


@dataclass(frozen=True, slots=True)
class Called:
    """Who is asked by name. `whose` are the makers of decisions that count for this one: "user:3"; a link's guests."""

    name: str
    whose: frozenset[str]
    step: int
    user_id: int | None = None
    link_id: int | None = None


@dataclass(slots=True)
class Said:
    """Standing decisions of a round: by panel (None: the whole), then by person. Notes that hold up, by panel."""

    panels: dict[int | None, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    open_notes: dict[int | None, int] = field(default_factory=dict)
    called: list[Called] = field(default_factory=list)

    def of(self, on: int) -> dict[str, str]:
        """What each person says of a panel. Who approved the whole approves each panel they said nothing else of."""
        whole = {by: verdict for by, verdict in self.panels[None].items() if verdict == APPROVE}
        return whole | self.panels[on]


def said(round_: Round, *, internal: bool = False) -> Said:
    """Four queries. Notes for the team alone count only where `internal`: a guest must not learn that there are any."""
    found = Said()
    rows = Decision.objects.filter(round=round_, replaced=None).exclude(verdict=Decision.Verdict.NONE)
    for on, by, verdict in rows.values_list("on_id", "by", "verdict"):
        found.panels[on][by] = verdict
    found.open_notes = holding_up(round_, internal=internal)
    found.called = called(round_)
    return found


def holding_up(round_: Round, *, internal: bool = False) -> dict[int | None, int]:
    """How many notes are open, and not waived, on each panel; None for those on the whole."""
    notes = Note.objects.filter(round=round_, parent=None, deleted=None, resolved=None, waived=None)
    if not internal:
        notes = notes.filter(internal=False)
    counts: dict[int | None, int] = defaultdict(int)
    for on in notes.values_list("on_id", flat=True):
        counts[on] += 1
    return counts


def called(round_: Round) -> list[Called]:
    """Everybody who is asked by name, the team first."""
    rows = Asked.objects.filter(round=round_).select_related("user", "link").prefetch_related("link__guests")
    found = []
    for row in rows.order_by("step", "pk"):
        if row.user_id:
            found.append(Called(str(row.user), frozenset({f"user:{row.user_id}"}), row.step, user_id=row.user_id))
        elif row.link and not row.link.revoked:
            whose = frozenset(f"guest:{guest.pk}" for guest in row.link.guests.all())
            found.append(Called(row.link.name, whose, row.step, link_id=row.link_id))
    return found


def state(round_: Round, row: RoundPanel, what: Said) -> str:
    """Changes where one person asks for them; approved where the rule is met and no note is open; else in review."""
    verdicts = what.of(row.pk)
    if CHANGES in verdicts.values():
        return Panel.State.CHANGES
    if what.open_notes.get(row.pk):
        return Panel.State.REVIEW
    yes = {by for by, verdict in verdicts.items() if verdict == APPROVE}
    if row.carried_id and not yes:
        return Panel.State.APPROVED
    return Panel.State.APPROVED if enough(round_, row, yes, what.called) else Panel.State.REVIEW


def enough(round_: Round, row: RoundPanel, yes: set[str], asked: Iterable[Called]) -> bool:
    """Whether these approvals meet the rule. With `apart`, who drew the picture is never enough alone."""
    if not yes or (round_.apart and yes <= {f"user:{row.drawn_by_id}"}):
        return False
    named = list(asked)
    if round_.rule == Rule.ALL:
        return all(one.whose & yes for one in named)
    if round_.rule == Rule.COUNT:
        agreed = sum(bool(one.whose & yes) for one in named) if named else len(yes)
        return agreed >= round_.needed
    if round_.rule == Rule.ORDER:
        return team_agreed(yes, named) and _client_agreed(yes, named)
    return True


def team_agreed(yes: set[str], asked: Iterable[Called]) -> bool:
    """Whether everybody of the team who is asked approves; where nobody is, whether anybody of it does."""
    named = [one for one in asked if one.user_id]
    if named:
        return all(one.whose & yes for one in named)
    return any(by.startswith("user:") for by in yes)


def team_looks_first(round_: Round, row: RoundPanel) -> bool:
    """Whether a client has to wait with deciding on this panel."""
    if round_.rule != Rule.ORDER or row.carried_id:
        return False
    what = said(round_)
    return not team_agreed({by for by, verdict in what.of(row.pk).items() if verdict == APPROVE}, what.called)


def _client_agreed(yes: set[str], asked: Iterable[Called]) -> bool:
    named = [one for one in asked if one.link_id]
    if named:
        return all(one.whose & yes for one in named)
    return any(by.startswith("guest:") for by in yes)


def follow(round_: Round, only: Iterable[RoundPanel] | None = None) -> None:
    """Bring the states of these panels (all, where none are named), and of the board's, to what was said. In a transaction
    that holds the round (`actions.rounds.touch`)."""
    what = said(round_)
    moved: dict[str, list[RoundPanel]] = defaultdict(list)
    for row in round_.panels.all() if only is None else only:
        new = state(round_, row, what)
        if new != row.state:
            row.state = new
            moved[new].append(row)
    for new, rows in moved.items():
        RoundPanel.objects.filter(pk__in=[row.pk for row in rows]).update(state=new)
        # A panel that was picked anew since is a draft again: what is said of the old picture does not move it.
        for row in rows:
            Panel.objects.filter(pk=row.panel_id, picked_id=row.take_id).update(state=new, updated=timezone.now())
