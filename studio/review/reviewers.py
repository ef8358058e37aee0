"""Who looks at a round, and what they may do there: somebody of the team, or a guest who came by a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from studio.accounts.models import Membership
from studio.accounts.rights import Right
from studio.review.models import Guest, Round, ShareLink


@dataclass(frozen=True)
class Reviewer:
    """One of the two kinds, never both: `user` with `membership`, or `link` with, once they said who they are, `guest`.

    `base` is where their pages of this round begin: "/rounds/<code>/" or "/r/<token>/".
    """

    round: Round
    base: str
    user: Any = None
    membership: Membership | None = None
    link: ShareLink | None = None
    guest: Guest | None = None

    @property
    def is_team(self) -> bool:
        """Sees internal notes, and everything else of the project besides."""
        return self.user is not None

    @property
    def name(self) -> str:
        """Empty for a guest who has not said it yet."""
        return str(self.user) if self.user else str(self.guest or "")

    @property
    def by(self) -> str:
        """Whose decisions are whose: "user:12", "guest:7"; empty for a guest without a name."""
        if self.user:
            return f"user:{self.user.pk}"
        return f"guest:{self.guest.pk}" if self.guest else ""

    @property
    def needs_name(self) -> bool:
        """A guest of an open link says who they are before the first note or decision."""
        return not self.by

    @property
    def may_comment(self) -> bool:
        return self.link.may_comment if self.link else self._may(Right.NOTE)

    @property
    def may_decide(self) -> bool:
        return self.link.may_decide if self.link else self._may(Right.NOTE)

    @property
    def may_download(self) -> bool:
        return bool(self.link is None or self.link.may_download)

    @property
    def may_compare(self) -> bool:
        """With the round before."""
        return bool(self.link is None or self.link.may_compare)

    @property
    def may_produce(self) -> bool:
        """Waive notes, close and withdraw."""
        return self._may(Right.PRODUCE)

    @property
    def watermark(self) -> str:
        """What is drawn over every picture this person sees; empty for nothing."""
        return (self.name or "Not named") if self.link and self.link.watermark else ""

    def earlier(self) -> list[Round]:
        """Versions this one may be held beside, newest first. A guest's link reaches one back, where it says so, and only to a
        version that they were sent too: by a link to the same name or address, or by an open one."""
        if not self.may_compare:
            return []
        rows = Round.objects.filter(project=self.round.project_id, number__lt=self.round.number)
        rows = rows.exclude(state=Round.State.WITHDRAWN).order_by("-number")
        if self.link is None:
            return list(rows)
        theirs = Q(links__name="")
        if self.link.name:
            theirs |= Q(links__name__iexact=self.link.name)
        if self.link.email:
            theirs |= Q(links__email__iexact=self.link.email)
        before = rows.first()
        return list(rows.filter(theirs, pk=before.pk).distinct()) if before else []

    def at(self, *parts: str) -> str:
        """An address of this round for this person: `at("panels", code)` is "/r/<token>/panels/<code>/"."""
        return self.base + "".join(f"{part}/" for part in parts)

    def _may(self, right: Right) -> bool:
        return bool(self.membership and self.membership.may(right))
