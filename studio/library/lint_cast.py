"""What the bibles of two who appear in one panel say against each other. Pure, as `library.lint` is for one bible alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Protocol

from studio.library import lint_words as known
from studio.library.lint import WORTH, Finding, Marked, content, word

COMPARED = ("taller", "shorter", "bigger", "larger", "smaller")


class Spoken(Protocol):
    """One of a panel's cast, as the linter hears them."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def bible(self) -> str: ...
    @property
    def markers(self) -> Sequence[Marked]: ...


def between(cast: Sequence[Spoken]) -> list[Finding]:
    """What two of one panel's cast say against each other."""
    return [finding for one, other in itertools.combinations(cast, 2) for finding in _pair(one, other)]


def _pair(one: Spoken, other: Spoken) -> list[Finding]:
    names = f"{one.name} and {other.name}"
    found = []
    for first, second in ((one, other), (other, one)):
        drawn, photo = word(known.DRAWN, first.bible), word(known.PHOTO, second.bible)
        if drawn and photo and not word(known.PHOTO, first.bible):
            title = f"{names} are of two media"
            reason = f"{first.name}’s bible says “{drawn}”, {second.name}’s “{photo}”."
            found.append(
                Finding("between", title, reason, "Leave the medium out of both, and say it in the style.", drawn)
            )
    light, other_light = word(known.LIGHT, one.bible), word(known.LIGHT, other.bible)
    if light and other_light and light.lower() != other_light.lower():
        title, reason = f"{names} bring two lights", f"“{light}” and “{other_light}”."
        found.append(
            Finding("between", title, reason, "Leave light to the scene: it is said once for everybody.", light)
        )
    for size in COMPARED:
        if size not in one.bible.lower() or size not in other.bible.lower():
            continue
        claims = [
            re.search(rf"\b{size} than {re.escape(b.name)}\b", a.bible, re.I) for a, b in ((one, other), (other, one))
        ]
        if claims[0] and claims[1]:
            reason = f"Each bible says “{size}” of the other."
            found.append(
                Finding("between", f"{names} cannot both be {size}", reason, "Keep the one that is true.", claims[0][0])
            )
    same = {" ".join(sorted(content(m.phrase))): m for m in one.markers}
    for marker in other.markers:
        twin = same.get(" ".join(sorted(content(marker.phrase))))
        if twin and one.kind == other.kind:
            reason = (
                "In one picture the engine gives it to whom it likes."
                if twin.colour == marker.colour
                else "The swatches differ, the words do not."
            )
            mend = "Say it so that it tells them apart, or leave it out of one."
            found.append(Finding("between", f"{names} share “{twin.phrase}”", reason, mend, twin.phrase, weight=WORTH))
    if one.name.split() and other.name.split() and one.name.split()[0].lower() == other.name.split()[0].lower():
        reason = "The words call both by it, so what is said of one may reach the other."
        found.append(
            Finding("between", f"{names} begin with the same name", reason, "Rename one.", one.name, weight=WORTH)
        )
    return found
