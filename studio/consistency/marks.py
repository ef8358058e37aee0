"""Cells, counts and words of the consistency matrix. Pure: no database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from studio.consistency.models import FAILED, SEEN, Result

STATES = {"open": "Not judged", "failed": "Drifted, wrong or missing", **{r.value: r.label for r in Result if r.value}}


class Cell(NamedTuple):
    """One marker in one take. `why` says why it is hidden where nobody has judged it; `revision` 0: never judged."""

    marker: int
    result: str = ""
    why: str = ""
    revision: int = 0
    by: str = ""
    at: dt.datetime | None = None

    @property
    def prefilled(self) -> bool:
        """Filled in from the shot and the view, by nobody."""
        return bool(self.why) and self.result == Result.HIDDEN

    def matches(self, state: str) -> bool:
        """`state`: a key of STATES, or empty for any."""
        if state == "open":
            return not self.result
        return self.result in FAILED if state == "failed" else not state or self.result == state


class Tally(NamedTuple):
    """How many markers (or panels) came out how. Hidden ones count neither for nor against."""

    same: int = 0
    drifted: int = 0
    wrong: int = 0
    missing: int = 0
    hidden: int = 0
    open: int = 0

    @property
    def seen(self) -> int:
        """How many were judged and could be seen."""
        return self.same + self.failed

    @property
    def failed(self) -> int:
        return self.drifted + self.wrong + self.missing

    @property
    def held(self) -> str:
        """7 of 9; empty where nothing that could be seen was judged."""
        return f"{self.same} of {self.seen}" if self.seen else ""

    @property
    def failures(self) -> str:
        """1 drifted, 2 missing."""
        return ", ".join(
            f"{getattr(self, result.value)} {result.value}" for result in FAILED if getattr(self, result.value)
        )

    @property
    def sentence(self) -> str:
        """3 of 5 same, 1 drifted, 1 missing, 2 not judged."""
        parts = [
            f"{self.held} same" if self.held else "",
            self.failures,
            f"{self.open} not judged" if self.open else "",
        ]
        return ", ".join(part for part in parts if part) or ("all hidden" if self.hidden else "")


NOTHING = Tally()


def tally(cells: Iterable[Cell | None]) -> Tally:
    """None is no cell: the subject is not in that panel."""
    return tallied(Counter(cell.result for cell in cells if cell is not None))


def tallied(counts: dict[str, int]) -> Tally:
    """`counts`: how many by result, the empty one for not judged."""
    return Tally(*(counts.get(result.value, 0) for result in (*SEEN, Result.HIDDEN, Result.NONE)))
