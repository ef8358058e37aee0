"""What to do next about a marker that failed: a table of rules over what is known, each step with its reason. Pure.

The order is that of the guides: first what the engine was never shown, then what it was never told, then what was shown badly,
then what pulls against it, then a better engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.library.models import Category
from studio.prompting.references import SAID, STANDS_FOR

NEAR = {Category.FACE, Category.MARK, Category.LOGO, Category.MATERIAL}  # small: a picture from close by holds them
PULLED = {Category.FACE, Category.HAIR, Category.MARK, Category.BODY, Category.MATERIAL}  # what a style redraws
MOST = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A reference that the subject has now: its view, what a detail shows, what is weak about it in words."""

    view: str
    detail: str = ""
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A marker that failed in a take. `view` is the side the take shows; `sent` are the pictures of the subject it was drawn from
    and `styles` those of a style; `dearer` is the price of the better quality in words, empty where there is none."""

    phrase: str
    category: str
    view: str
    pictures: tuple[Picture, ...]
    sent: int
    styles: int
    bible: str
    prompt: str
    dearer: str = ""
    setting: bool = False  # a place or a style: it has no sides


@dataclass(frozen=True, slots=True)
class Step:
    """`where` says what the control leads to: view, detail, reference, bible, words, plan, promote, again. `view`: of a picture to add."""

    where: str
    said: str
    why: str
    view: str = ""


def steps(facts: Facts) -> list[Step]:
    """The most telling first, three at most; where all is as it should be, another take."""
    found = [step for step in _all(facts) if step is not None][:MOST]
    return found or [Step("again", "Draw another take", "It was shown, named and sent: the next take may hold it.")]


def _all(facts: Facts) -> Iterable[Step | None]:
    yield _view(facts)
    yield _unsent(facts)
    yield _unnamed(facts)
    yield _unclean(facts)
    yield _far(facts)
    yield _style(facts)
    if facts.dearer:
        yield Step(
            "promote",
            f"Promote the take, {facts.dearer}",
            "A better engine holds more detail; the plan stays the same.",
        )


def _covering(facts: Facts) -> list[Picture]:
    wanted = STANDS_FOR.get(facts.view, (facts.view,))
    return [one for one in facts.pictures if facts.setting or one.view in wanted]


def _view(facts: Facts) -> Step | None:
    if _covering(facts):
        return None
    if facts.setting or not facts.pictures:
        return Step("view", "Add a reference", "There is no picture, so the engine invents it.", "front")
    side = SAID.get(facts.view, facts.view)
    return Step("view", f"Add the {side} view", f"The take shows the {side}, and no reference does: the engine guesses.", facts.view)  # fmt: skip


def _unsent(facts: Facts) -> Step | None:
    if facts.sent or not facts.pictures:
        return None
    return Step("plan", "Send its reference", "There are pictures, and none went with this take.")


def _unnamed(facts: Facts) -> Step | None:
    if _says(facts.prompt, facts.phrase):
        return None
    if _says(facts.bible, facts.phrase):
        return Step("words", "Say it in this panel’s words", "The bible names it; what was sent does not.")
    return Step("bible", "Name the detail in the bible", "Neither the bible nor what was sent mentions it.")


def _unclean(facts: Facts) -> Step | None:
    covering = _covering(facts)
    if not covering or not all(one.weak for one in covering):
        return None
    return Step(
        "reference",
        "Use a cleaner reference",
        f"{'. '.join(covering[0].weak).rstrip('.')}.",
        covering[0].view or "front",
    )


def _far(facts: Facts) -> Step | None:
    if facts.category not in NEAR or not facts.pictures or facts.setting:
        return None
    if any(one.view == "detail" for one in facts.pictures):
        return None
    return Step("detail", "Add a closer reference", "It is small, and no picture shows it from close by.", "detail")


def _style(facts: Facts) -> Step | None:
    if not facts.styles or not (facts.styles > 1 or facts.category in PULLED):
        return None
    went = "A style picture" if facts.styles == 1 else f"{facts.styles} style pictures"
    return Step("plan", "Tone the style down", f"{went} went along, and a style redraws what it touches.")


def _says(text: str, phrase: str) -> bool:
    """Whether the words of the phrase that carry it are in the text."""
    words = [word for word in phrase.lower().split() if len(word) > 3] or phrase.lower().split()
    body = text.lower()
    return bool(words) and sum(word in body for word in words) * 3 >= len(words) * 2
