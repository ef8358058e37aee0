"""What another template would say of the same panel, row by row. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass

from studio.library.differences import GONE, NEW, SAME, Piece, words
from studio.prompting import compiler, hand, versions
from studio.prompting.freeze import Prepared
from studio.prompting.types import Prompt


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row in both wordings. `pieces` are those of `library.differences`; empty in neither wording."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind in (SAME, GONE)]

    @property
    def after(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind in (SAME, NEW)]


def other_than(pinned: str, wanted: str = "") -> str:
    """The version to set beside the pinned one: the wanted, else the newest, else the one before it."""
    if wanted in versions.BY_NAME and wanted != pinned:
        return wanted
    names = [version.VERSION for version in versions.ALL if pinned != version.VERSION]
    return names[-1]


def against(ready: Prepared, version: str) -> list[RowChange]:
    """The rows that the other version words differently, in its order; those that it drops come last."""
    now = ready.prompt
    then = compiler.compile(ready.brief, ready.plan, version=version)
    texts, others = _texts(now), _texts(then)
    labels = [*others, *(label for label in texts if label not in others)]
    changed = [label for label in labels if texts.get(label, "") != others.get(label, "")]
    return [RowChange(label, tuple(words(texts.get(label, ""), others.get(label, "")))) for label in changed]


def lost(ready: Prepared, version: str) -> int:
    """How many edits by hand fit now and would not fit the other version's words."""
    if not ready.brief.hand.edits:
        return 0
    then = compiler.compile(ready.brief, ready.plan, version=version)
    return len({edit.id for edit in then.conflicts} - {edit.id for edit in ready.prompt.conflicts})


def _texts(prompt: Prompt) -> dict[str, str]:
    return {label: hand.text_of(spans).strip() for label, spans in prompt.rows}
