"""The bible linter: what in a bible will not hold, why, and how to mend it. Pure: words in, findings out.

The rules come from what picture engines are known to do: they mix a fancy colour name anew each time, they answer "model sheet" with
a cartoon, they lose what the text never says, and they send the light and lens of a bible into every scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from studio.library import lint_words as known
from studio.library.models import Category, Kind

FEWEST = {Kind.CHARACTER: 30, Kind.PRODUCT: 16, Kind.LOCATION: 14, Kind.STYLE: 10}  # words
MOST = 170  # words: three such bibles and a scene fill what the shorter engines read
GRAVE, WORTH = "grave", "worth"


class Marked(Protocol):
    @property
    def phrase(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def colour(self) -> str: ...


class Worn(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that may not hold. `words` are those it is about, `start` and `end` their place in the bible (-1: not in it).

    `weight`: grave (expect drift) or worth (worth a thought; may be meant).
    """

    rule: str
    title: str
    reason: str
    mend: str
    words: str = ""
    start: int = -1
    end: int = -1
    weight: str = GRAVE


def bible(
    text: str,
    *,
    kind: str,
    markers: Iterable[Marked] = (),
    outfits: Iterable[Worn] = (),
) -> list[Finding]:
    """What may not hold in one bible, grave first, then in reading order. An empty bible has no faults yet."""
    if not text.strip():
        return []
    lines, clothes = list(markers), list(outfits)
    found = [
        *_colours(text, lines),
        *_medium(text, kind),
        *_unsaid(text, lines),
        *_opposed(text, lines),
        *_sides(text, lines),
        *_wardrobe(text, clothes),
        *_length(text, kind),
        *_prescriptive(text, kind),
        *_bearing(text, kind, lines),
    ]
    return sorted(found, key=lambda one: (one.weight != GRAVE, one.start < 0, one.start))


def marked(text: str, findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """The bible in stretches, each with the number (from 1) of the finding it belongs to, 0 for none. Overlaps: the first wins."""
    places = sorted((one.start, one.end, number) for number, one in enumerate(findings, 1) if one.start >= 0)
    out: list[tuple[str, int]] = []
    at = 0
    for start, end, number in places:
        if start < at:
            continue
        if start > at:
            out.append((text[at:start], 0))
        out.append((text[start:end], number))
        at = end
    if at < len(text):
        out.append((text[at:], 0))
    return out


def _at(rule: str, hit: re.Match[str], title: str, reason: str, mend: str, weight: str = GRAVE) -> Finding:
    return Finding(rule, title, reason, mend, hit[0], hit.start(), hit.end(), weight)


def _said(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that no "no" or "without" stands before."""
    return next((hit for hit in pattern.finditer(text) if not known.NEGATED.search(text[: hit.start()])), None)


@lru_cache(maxsize=10_000)
def word(pattern: re.Pattern[str], text: str) -> str:
    """The words of that match, empty for none; remembered, because a board asks for the same bibles panel after panel."""
    hit = _said(pattern, text)
    return hit[0] if hit else ""


def _colours(text: str, markers: list[Marked]) -> list[Finding]:
    """Fancy or vague colour names that no marker's swatch pins down."""
    pinned = " ".join(marker.phrase.lower() for marker in markers if marker.colour)
    found, seen = [], set()
    reason = "Every engine mixes such a name its own way, and differently from panel to panel."
    for hit in known.FANCY.finditer(text):
        word = hit[0].lower()
        if word in seen or _has(pinned, word) or known.THINGS.match(text[hit.end() :]):
            continue
        seen.add(word)
        title = f"“{hit[0]}” is not one colour"
        found.append(_at("colour", hit, title, reason, _plainly(word, markers)))
    for marker in markers:
        for hit in known.FANCY.finditer(marker.phrase):
            word = hit[0].lower()
            if not marker.colour and word not in seen and not _has(text.lower(), word):
                seen.add(word)
                mend = _plainly(word, markers)
                found.append(Finding("colour", f"“{hit[0]}” is not one colour", reason, mend, marker.phrase))
    if vague := known.VAGUE.search(text):
        mend = "Name each colour and what has it, and give the ones that must hold a swatch."
        found.append(
            _at("colour", vague, f"“{vague[0]}” leaves the colour open", "The engine chooses anew each time.", mend)
        )
    return found


def _plainly(word: str, markers: list[Marked]) -> str:
    plain = next((said for name, said in known.PLAIN.items() if _has(word.replace("-", " "), name)), "")
    instead = f", or say it plainly: {plain}" if plain else ""
    owner = next((marker for marker in markers if _has(marker.phrase.lower(), word)), None)
    if owner:
        return f"Give the marker “{owner.phrase}” a swatch{instead}."
    return f"Make what has it a marker with a swatch{instead}."


def _has(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _medium(text: str, kind: str) -> list[Finding]:
    """Words that drag photographs toward drawings, and two media at once."""
    found = []
    if sheet := _said(known.SHEET, text):
        reason = (
            "Engines know these words from animation, and draw a cartoon even where the text asks for a photograph."
        )
        mend = (
            "Leave it out. Where several views are wanted, ask for them by name: “seen from the front, side and back”."
        )
        found.append(_at("medium", sheet, f"“{sheet[0]}” pulls towards a cartoon", reason, mend))
    drawn, photo = _said(known.DRAWN, text), _said(known.PHOTO, text)
    if drawn and photo:
        title = f"“{photo[0]}” and “{drawn[0]}” are two media"
        mend = "Keep one of them; better, none here, and the medium in a style."
        found.append(_at("medium", drawn, title, "Panels will come out now as one, now as the other.", mend))
    elif drawn and kind != Kind.STYLE:
        reason = "It goes into every picture, and fights with the style of the scene."
        mend = "Say the medium in a style; leave it out here."
        found.append(_at("medium", drawn, f"“{drawn[0]}” sets the medium", reason, mend, WORTH))
    return found


def content(text: str) -> set[str]:
    """The words that carry meaning, without a plural's s."""
    words = (word for word in re.findall(r"[^\W_]+", text.lower()) if word not in known.STOP)
    return {word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words}


def _unsaid(text: str, markers: list[Marked]) -> list[Finding]:
    said = content(text)
    found = []
    for marker in markers:
        lacking = content(marker.phrase) - said
        if lacking <= {"left", "right"}:  # the other side is a contradiction, told apart
            continue
        all_of_it = lacking == content(marker.phrase)
        title = f"The text never mentions “{marker.phrase}”"
        reason = "It is judged in every take, but where an engine has only the words it cannot know of it."
        if not all_of_it:
            title = f"The text says “{marker.phrase}” in other words"
            reason = "Words that differ are read as two things, or as none."
        mend = f"Put it into the bible word for word: “{marker.phrase}”."
        found.append(Finding("unsaid", title, reason, mend, marker.phrase, weight=GRAVE if all_of_it else WORTH))
    return found


def _opposed(text: str, markers: list[Marked]) -> list[Finding]:
    """Two things that cannot both be true, in the bible or between it and a marker."""
    found = []
    phrases = " . ".join(marker.phrase for marker in markers)
    for pair in known.OPPOSED:
        one, other = (next(iter(_hits(side, text, pair)), None) for side in pair)
        if one and other:
            title = f"“{one[0]}” and “{other[0]}” contradict each other"
            mend = "Keep the one that is true."
            found.append(_at("contradiction", other, title, "The engine follows now one, now the other.", mend))
            continue
        here = one or other
        there = next(iter(_hits(pair[1] if one else pair[0], phrases, pair)), None) if here else None
        if here and there:
            title = f"“{here[0]}” here, “{there[0]}” in a marker"
            mend = "Keep the one that is true, in both places."
            found.append(_at("contradiction", here, title, "The text and what gets checked say opposite things.", mend))
    return found


def _hits(side: re.Pattern[str], text: str, pair: tuple[re.Pattern[str], re.Pattern[str]]) -> list[re.Match[str]]:
    """Matches of one side that are not a part of the other's ("beard" in "no beard"), nor denied."""
    other = pair[1] if side is pair[0] else pair[0]
    taken = [hit.span() for hit in other.finditer(text)]
    free = (hit for hit in side.finditer(text) if not any(a <= hit.start() and hit.end() <= b for a, b in taken))
    return [hit for hit in free if side is pair[0] or not known.NEGATED.search(text[: hit.start()])]


def _sides(text: str, markers: list[Marked]) -> list[Finding]:
    """A marker on the left that the bible has on the right, or the other way round."""
    found = []
    for marker in markers:
        for side, wrong in (("left", "right"), ("right", "left")):
            if side not in content(marker.phrase) or wrong in content(marker.phrase):
                continue
            wanted = content(marker.phrase) - {side}
            for clause in re.finditer(r"[^,.;:]+", text):
                said = content(clause[0])
                if wanted and wanted <= said and wrong in said and side not in said:
                    where = re.search(rf"\b{wrong}\b", clause[0], re.I)
                    at = clause.start() + where.start() if where else clause.start()
                    title = f"{wrong.capitalize()} here, {side} in the marker “{marker.phrase}”"
                    reason = "A mark that changes sides is the first thing people see."
                    mend = (
                        "Look at the reference; left and right are the person’s own. Then say the same in both places."
                    )
                    found.append(Finding("contradiction", title, reason, mend, wrong, at, at + len(wrong)))
    return found


def _wardrobe(text: str, outfits: list[Worn]) -> list[Finding]:
    """Clothes in the bible that an outfit replaces."""
    found = []
    for place, garment in known.GARMENTS.items():
        here = _said(garment, text)
        if not here:
            continue
        other = [(o, hit) for o in outfits if (hit := _said(garment, o.description or o.name))]
        other = [(o, hit) for o, hit in other if not _same(text, here, o.description or o.name, hit)]
        if not other:
            continue
        outfit, there = other[0]
        more = f", and {len(other) - 1} more" if len(other) > 1 else ""
        title = f"“{here[0]}” here, “{there[0]}” in the outfit {outfit.name}{more}"
        reason = f"Both are worn {place}. Where the bible is sent, the engine mixes the two."
        mend = f"Take “{here[0]}” out of the bible and make it an outfit: clothes stay apart from who it is."
        found.append(_at("contradiction", here, title, reason, mend))
    return found


def _same(text: str, here: re.Match[str], other: str, there: re.Match[str]) -> bool:
    """Whether it is one garment, said twice: the same noun, and a word before it that both have, or none."""
    if here[0].lower() != there[0].lower():
        return False
    one, two = (
        content(" ".join(re.split(r"[,.;:]", whole[: hit.start()])[-1].split()[-4:]))
        for whole, hit in ((text, here), (other, there))
    )
    return not one or not two or bool(one & two)


def _length(text: str, kind: str) -> list[Finding]:
    count, fewest = len(text.split()), FEWEST[Kind(kind)]
    if count < fewest:
        reason = f"{count} word{'' if count == 1 else 's'}; below about {fewest} the engine fills the gaps itself, each time differently."
        mend = "Say what would tell it apart from another of its kind: shape, surface, marks, what is always there."
        return [Finding("short", "Too short to hold", reason, mend)]
    if count > MOST:
        reason = f"{count} words; engines lose the middle of a long text, and nothing is left for the scene."
        return [
            Finding(
                "long",
                "Long enough to be lost",
                reason,
                "Keep what makes it recognisable; drop the rest.",
                weight=WORTH,
            )
        ]
    return []


def _prescriptive(text: str, kind: str) -> list[Finding]:
    """Camera, light, place and action, which belong to the shot and the scene. A place has its light, a style its camera."""
    if kind == Kind.STYLE:
        return []
    rules = [
        (known.CAMERA, "camera", "It fixes the camera in every panel, whatever the shot says.", "Leave the lens and framing to the shot, the look to a style."),
        (known.ACTION, "action", "It is repeated in every panel, whatever happens there.", "Say it in the panel that shows it."),
    ]  # fmt: skip
    if kind in (Kind.CHARACTER, Kind.PRODUCT):
        rules += [
            (known.LIGHT, "light", "It lights every panel the same, against the light of the scene.", "Say the light in the scene."),
            (known.BACKDROP, "backdrop", "It puts this behind the subject in every panel.", "Say the place in the scene."),
        ]  # fmt: skip
    found = []
    for pattern, what, reason, mend in rules:
        if hit := _said(pattern, text):
            title = f"“{hit[0].strip()}” leaves the scene no room"
            found.append(_at(what, hit, title, reason, mend, WORTH))
    return found


def _bearing(text: str, kind: str, markers: list[Marked]) -> list[Finding]:
    """Posture and expression: what makes the same face the same person."""
    if kind != Kind.CHARACTER:
        return []
    words = f"{text} . " + " . ".join(m.phrase for m in markers if m.category == Category.POSTURE)
    lacking = [
        what for what, pattern in (("posture", known.POSTURE), ("expression", known.EXPRESSION)) if not pattern.search(words)
    ]  # fmt: skip
    if not lacking:
        return []
    examples = {"posture": "“stands upright, weight on one leg”", "expression": "“calm, watchful expression”"}
    title = f"{' and '.join(lacking).capitalize()} {'are' if len(lacking) > 1 else 'is'} not said"
    reason = "The face alone comes back as somebody’s double: how they stand and look is half of who they are."
    return [Finding("bearing", title, reason, f"Add {' and '.join(examples[what] for what in lacking)}.")]
